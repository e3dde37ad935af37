/* http1: the two streams of an HTTP/1.0 or 1.1 connection in, messages out. RFC 9112.
 *
 * in:  http1_stream(h, dir) is the sink for the bytes of one direction (base/sink.h).
 * out: struct http_sink. The sink's answer to a head says whether the body is wanted; how long it
 * is, the fields say (RFC 9112 §6.3). Only the sink knows which request a response answers.
 *
 * Tolerates and notes: bare LF, obs-fold, odd white space, several or conflicting lengths
 * (Transfer-Encoding wins, of differing Content-Length the first). After bytes that are no start
 * line, after a gap in a head or chunk-size line, and after a gap longer than the body it fell in,
 * it looks for the next message (detect.h) and says lost(). A gap inside a body of known length or
 * inside a chunk is passed on and framing goes on. Unwanted bodies are declared to TCP by
 * need_none. Does not pair requests with responses and does not undo content codings. One owner
 * thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/http/message.h"

enum http1_state {
    HTTP1_START_LINE, /* between messages */
    HTTP1_FIELDS,
    HTTP1_BODY_LENGTH,
    HTTP1_BODY_CLOSE,
    HTTP1_CHUNK_SIZE,
    HTTP1_CHUNK_DATA,
    HTTP1_CHUNK_END,
    HTTP1_TRAILERS,
    HTTP1_RESYNC, /* looking for the next message */
    HTTP1_TUNNEL, /* no longer HTTP */
};

struct http1_half {
    /* fields are private */
    enum http1_state state;
    struct buf head;     /* a head, chunk-size or trailer line that straddles feeds */
    struct origin first; /* of the message's first byte */
    uint64_t left_bytes; /* of the body or chunk */
    uint64_t body_bytes; /* so far, on the wire */
    bool in_message, is_wanted, is_chunked_noted;
    enum feed settled;
};

struct http1 {
    /* fields are private */
    const struct limits *limits;
    struct http_sink sink;
    struct http1_half half[2];
    struct http1_stream_ctx {
        struct http1 *http1;
        enum dir dir;
    } ctx[2];
};

void http1_init(struct http1 *http1, const struct limits *limits, struct http_sink sink);

/* The sink for the bytes dir sent; valid until http1_free. http1 must not be moved. */
struct stream_sink http1_stream(struct http1 *http1, enum dir dir);

/* Bytes buffered, for the memory limit. */
size_t http1_buffered_bytes(const struct http1 *http1);

void http1_free(struct http1 *http1);
