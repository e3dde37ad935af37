/* http2_stream: the open streams of an HTTP/2 connection by their ids, with the state of the
 * message each side sends on one. RFC 9113 §5.1. Private to http2. */
#pragma once

#include "dissector/base/sink.h"
#include "dissector/base/table.h"

struct http2_message {
    bool is_seen;   /* its head was passed on */
    bool is_open;   /* and its end was not */
    bool is_wanted; /* its body */
    bool has_ended;
    bool has_length;
    uint64_t content_length; /* when has_length */
    uint64_t body_bytes;     /* so far, as far as known */
    uint64_t n_holes;        /* of the half that sends it, that its sink was told of */
    bool has_hole;           /* bytes are missing, it is not known how many */
};

struct http2_stream {
    struct table_node node; /* first: a node is cast to its stream */
    uint32_t id;
    struct http2_message message[2]; /* by enum dir */
};

/* NULL: not open. */
struct http2_stream *http2_stream_find(const struct table *streams, uint32_t id);

/* A new one, which must not be open. NULL: no memory. */
struct http2_stream *http2_stream_add(struct table *streams, uint32_t id, int64_t time_ns);

void http2_stream_remove(struct table *streams, struct http2_stream *stream);
