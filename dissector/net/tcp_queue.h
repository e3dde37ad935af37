/* tcp_queue: the bytes of one stream that wait for their turn, in sequence order and without
 * overlap. Private to net/.
 *
 * Positions are 64-bit offsets (tcp.h). Insertion copies; it costs a binary search and the moving
 * of some pointers, also when segments come in reverse order. */
#pragma once

#include "dissector/base/origin.h"
#include "dissector/base/span.h"

struct tcp_held {
    uint64_t at;        /* position of the first byte */
    struct span bytes;  /* in a queue: a copy owned by it */
    uint32_t cut_bytes; /* behind bytes, cut by the snap length; in a queue only without bytes */
    uint64_t ack;       /* the peer's bytes before this position come first; 0: none */
    struct origin origin;
};

struct tcp_queue {
    /* fields are private */
    struct tcp_held **items; /* items[first .. first + n), sorted */
    size_t first, n, capacity;
    size_t payload_bytes;
    size_t memory_bytes; /* payload and bookkeeping */
};

struct tcp_inserted {
    uint64_t new_bytes;       /* how many of the segment's bytes were not held before */
    uint64_t differing_bytes; /* how many were, with another value; the first copy was kept */
};

static inline uint64_t tcp_held_end(const struct tcp_held *held)
{
    return held->at + held->bytes.len;
}

/* The first in sequence order, or NULL. Valid until the queue changes. */
static inline const struct tcp_held *tcp_queue_first(const struct tcp_queue *queue)
{
    return queue->n > 0 ? queue->items[queue->first] : NULL;
}

/* Adds those bytes of segment that are not held yet. What is held and comes again with a lower ack
 * need not wait for more than that. False: no memory; what was added stays. */
bool tcp_queue_insert(struct tcp_queue *queue, const struct tcp_held *segment,
                      struct tcp_inserted *inserted);

void tcp_queue_drop_first(struct tcp_queue *queue);

/* Drops everything and gives the memory back; the queue can be used again. */
void tcp_queue_free(struct tcp_queue *queue);
