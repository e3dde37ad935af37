/* quic_join: one direction of a QUIC stream put in order. RFC 9000 §2.2, §19.8.
 *
 * in:  pieces of the stream, anywhere in it, in any order and number, as STREAM frames carry them.
 * out: its bytes in order, as soon as all before them have come. What came first counts, where
 *      pieces overlap. What is in order already is passed on without a copy.
 *
 * Bounded by limits.max_reorder_bytes and max_stream_holes: beyond them the stream is given up, as
 * nobody tells what would never come. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/base/sink.h"

struct quic_piece {
    uint64_t offset; /* in the stream */
    struct span bytes;
    bool is_end; /* FIN: the stream ends behind these bytes */
};

struct quic_stretch; /* private: bytes that wait for others before them */

struct quic_join {
    /* fields are private */
    const struct limits *limits;
    uint64_t next; /* offset of the first byte that has not come in order */
    uint64_t end;  /* of the stream; UINT64_MAX: not known */
    struct quic_stretch *first;
    size_t n_stretches, held_bytes;
    bool is_given_up;
};

struct quic_join_sink {
    void (*bytes)(void *ctx, struct span bytes);
    void *ctx;
};

void quic_join_init(struct quic_join *join, const struct limits *limits);

/* FEED_STOP: the stream is given up, or was; FEED_NOMEM. */
enum feed quic_join_feed(struct quic_join *join, const struct quic_piece *piece,
                         struct quic_join_sink sink);

/* Whether every byte of the stream came out. */
bool quic_join_has_ended(const struct quic_join *join);

void quic_join_free(struct quic_join *join); /* idempotent; a zeroed one can be freed */
