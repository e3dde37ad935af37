/* batch: what the reader hands a lane at a time: copies of segments, and the calls that go to every
 * lane, in order. Filled by one thread, then read by another; they meet at a queue. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/flows.h"

enum {
    BATCH_ITEMS = 2048,       /* a batch is full with so many, */
    BATCH_BYTES = 256 * 1024, /* or with so many bytes of payload: the second level of a cache */
    /* While all lanes are busy, or their threads wait for a processor, a live batch may go on to so
     * many times that: a fifth of a second of 10 MB/s. */
    BATCH_PATIENCE = 8,
};

enum batch_kind { BATCH_SEGMENT, BATCH_TICK, BATCH_SECRETS, BATCH_END };

/* Place of a call among those to all lanes, from 1. The same one is the same call. */
struct batch_item {
    enum batch_kind kind;
    uint64_t place;
    struct turn turn;       /* BATCH_SEGMENT */
    struct segment segment; /* of it, payload.ptr is void: ask batch_segment; else origin alone */
    size_t payload_at;
    struct span secrets; /* BATCH_SECRETS: borrowed until the batch is done */
};

/* Zeroed: empty. */
struct batch {
    struct batch_item *items;
    size_t n, capacity;
    struct buf bytes;
};

void batch_init(struct batch *batch);

/* A new item at the end, its kind, place and origin set; NULL: no memory. */
struct batch_item *batch_add(struct batch *batch, enum batch_kind kind, uint64_t place,
                             const struct origin *origin);

/* The same for a segment, which is copied. */
struct batch_item *batch_add_segment(struct batch *batch, uint64_t place,
                                     const struct segment *segment);

/* Of an item that is one: borrowed from the batch. */
struct segment batch_segment(const struct batch *batch, const struct batch_item *item);

bool batch_is_full(const struct batch *batch);

/* Full BATCH_PATIENCE times over. */
bool batch_is_overfull(const struct batch *batch);

/* Empty again; keeps the memory of one that is full. */
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch);
