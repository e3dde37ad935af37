/* http2_head: the fields of one header block in, struct http_head out. RFC 9113 §8.
 *
 * :method, :path and :status take the place of the start line; :authority that of Host. Of the
 * other fields only the allow-listed ones of message.h are copied. Fields whose names are unknown
 * make the head partial: what is absent may have been among them. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/http/hpack.h"
#include "dissector/http/message.h"

enum http2_pseudo {
    HTTP2_METHOD,
    HTTP2_PATH,
    HTTP2_AUTHORITY,
    HTTP2_SCHEME,
    HTTP2_PROTOCOL, /* RFC 8441 */
    HTTP2_STATUS,
    HTTP2_PSEUDO_N,
};

/* What a header block is, as far as its fields tell. */
enum http2_block_kind {
    HTTP2_BLOCK_UNKNOWN, /* no field says it, and some are unknown */
    HTTP2_BLOCK_REQUEST,
    HTTP2_BLOCK_RESPONSE,
    HTTP2_BLOCK_TRAILERS,
};

enum http2_note {
    HTTP2_NOTE_MAX_FIELDS, /* further fields are passed over */
    HTTP2_NOTE_MAX_FIELD_BYTES,
    HTTP2_NOTE_FORBIDDEN_BYTE,
    HTTP2_NOTE_PSEUDO_BEHIND, /* a pseudo-field behind others; counts all the same */
    HTTP2_NOTE_PSEUDO_TWICE,  /* the first counts */
    HTTP2_NOTE_PSEUDO_UNKNOWN,
    HTTP2_NOTE_METHOD, /* no token: unknown */
    HTTP2_NOTE_STATUS, /* no number of three digits: unknown */
    HTTP2_NOTE_N,
};

struct http2_text {
    size_t at, len; /* in text */
    size_t room;    /* there, from at on */
    bool is_present;
};

struct http2_head {
    struct http_head head; /* its spans are set by http2_head_finish, valid until http2_head_free */
    bool is_noted[HTTP2_NOTE_N];
    bool has_length; /* Content-Length could be read */
    /* Set by the reader of the block; NULL: none. */
    const char *hpack_problem, *frame_problem, *limit;
    const struct anomaly *gap; /* that cut it */
    /* fields below are private */
    const struct limits *limits;
    struct buf text;
    struct http2_text slots[HTTP_FIELD_N + HTTP2_PSEUDO_N];
    size_t n_fields;
    bool has_unknown, has_regular;
    bool is_request, is_response;
};

/* What a note says. */
struct http2_note_text {
    enum anomaly_kind kind;
    const char *text;
};
extern const struct http2_note_text http2_note_texts[HTTP2_NOTE_N];

/* Whether the value of a field is ever looked at: hpack_params.keeps. */
bool http2_head_keeps(struct span name);

void http2_head_init(struct http2_head *head, const struct limits *limits);

/* False: no memory. */
bool http2_head_add(struct http2_head *head, const struct hpack_field *field);

/* The rest of the block is missing. */
void http2_head_cut(struct http2_head *head);

/* No more fields come. Everything of head.head is set then but first, head_bytes and framing. */
void http2_head_finish(struct http2_head *head);

enum http2_block_kind http2_head_kind(const struct http2_head *head);

void http2_head_free(struct http2_head *head);
