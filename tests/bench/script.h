/* script: the bytes of one exchange, as text makes them: HTTP/1.1 requests and responses.
 *
 * A bench has no use for half a capture, so a program that has no memory ends here. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"

struct script {
    struct buf opening[2]; /* by enum dir: said before the messages; usually nothing */
    struct buf message[2]; /* by enum dir; emptied before it is filled anew */
    struct span filler;    /* response bytes behind message[DIR_SERVER], borrowed */
    uint16_t server_port;
    bool is_last; /* the server closes the connection behind it */
};

void script_init(struct script *s);
void script_clear(struct script *s);
void script_free(struct script *s);

/* Appends formatted text, up to 4,095 bytes a call, or bytes. */
__attribute__((format(printf, 2, 3))) void say(struct buf *out, const char *format, ...);
void say_bytes(struct buf *out, struct span bytes);

struct script_request {
    const char *method, *target;
    const char *fields; /* further header lines, each with its CRLF; may be "" */
    struct span body;   /* XML or JSON, by its first byte; may be empty */
};

void script_request(struct script *s, const struct script_request *request);

struct script_response {
    int status;
    const char *type;
    struct span body;
    struct span filler; /* of the body, behind `body`; not with is_chunked */
    bool is_gzip;       /* body is compressed already */
    bool is_chunked;    /* in chunks of 16 KiB, else with Content-Length */
};

void script_response(struct script *s, const struct script_response *response);

/* The same bytes as one gzip member, appended to out. */
void script_gzip(struct buf *out, struct span bytes);
