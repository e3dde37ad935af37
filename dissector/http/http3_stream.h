/* http3_stream: one direction of a stream of HTTP/3: pieces of it in any order in, its frames out.
 * RFC 9114 §6.2, §7.
 *
 * A stream on which requests are answered (bidirectional) carries HEADERS and DATA; one of those
 * that a side opens for itself begins with its type: the control stream carries SETTINGS, another
 * one the instructions of the QPACK encoder. Everything else is passed over: unknown frames and
 * streams, and pushed answers, which nobody sends.
 *
 * HEADERS and SETTINGS are kept until they are whole, up to limits.max_head_bytes; longer ones are
 * passed over. DATA goes by. */
#pragma once

#include "dissector/http/quic_join.h"

/* Spans are borrowed and valid until the call returns. */
struct http3_ops {
    void (*section)(void *ctx, struct span section); /* a whole HEADERS: head or trailers */
    void (*data)(void *ctx, struct span bytes);
    void (*setting)(void *ctx, uint64_t id, uint64_t value);
    void (*encoder)(void *ctx, struct span bytes);
};

struct http3_sink {
    const struct http3_ops *ops;
    void *ctx;
};

enum { HTTP3_MAX_NUMBERS_BYTES = 16 }; /* two integers: type and length of a frame */

struct http3_stream {
    /* fields are private */
    struct http3_sink sink;
    struct quic_join join;
    enum http3_stream_state {
        HTTP3_STREAM_TYPE,
        HTTP3_STREAM_FRAME, /* before or in type and length of a frame */
        HTTP3_STREAM_PAYLOAD,
        HTTP3_STREAM_ENCODER,
        HTTP3_STREAM_IGNORED,
    } state;
    uint8_t numbers[HTTP3_MAX_NUMBERS_BYTES]; /* the beginning of what is not whole */
    size_t n_numbers;
    uint64_t frame_type, frame_left;
    struct buf kept; /* of a HEADERS or SETTINGS */
    bool is_kept;    /* the frame is one of these */
    bool is_nomem;
};

/* is_bidirectional: see above. The stream must not be moved until http3_stream_free. */
void http3_stream_init(struct http3_stream *stream, const struct limits *limits,
                       bool is_bidirectional, struct http3_sink sink);

/* FEED_STOP: the stream is given up: it lost too much. FEED_NOMEM. */
enum feed http3_stream_feed(struct http3_stream *stream, const struct quic_piece *piece);

/* It brings the instructions of the QPACK encoder. */
bool http3_stream_is_encoder(const struct http3_stream *stream);

/* Every byte of the stream was seen. */
bool http3_stream_has_ended(const struct http3_stream *stream);

/* It ended between two frames. */
bool http3_stream_is_whole(const struct http3_stream *stream);

void http3_stream_free(struct http3_stream *stream); /* idempotent */
