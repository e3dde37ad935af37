/* frame_ring: the latest frames of a run, kept in memory of a fixed size, and to which connection
 * each belongs. The oldest go as new ones come. The memory is taken as it is filled. One owner
 * thread.
 *
 * Constant time for each frame; giving out those of a connection takes time in the number of its
 * own, when going on of those behind the latest one given before the wish, and of those that share
 * its place in a table of fixed size. */
#pragma once

#include "capture/capture.h"

/* Less is of no use: one frame can have as much. */
#define FRAME_RING_MIN_BYTES ((size_t)1 << 20)

struct frame_ring;

/* size_bytes is what frames and all that is known of them may take together, at least
 * FRAME_RING_MIN_BYTES. NULL: no memory. */
struct frame_ring *frame_ring_open(size_t size_bytes);

/* Keeps a copy, belonging to no connection. Ordinals only grow. A frame that is larger than the
 * ring is not kept, and none before it. */
void frame_ring_push(struct frame_ring *ring, const struct capture_frame *frame);

/* The frame with this ordinal, if it is there, belongs to this connection (not 0) from now on. The
 * first connection named is the one that counts. completed: the ordinal of the frame with which
 * its content was complete; the same, but for fragments. */
void frame_ring_assign(struct frame_ring *ring, uint64_t ordinal, uint64_t completed,
                       uint64_t connection);

/* All frames from this ordinal on are still there. */
uint64_t frame_ring_oldest(const struct frame_ring *ring);

struct frame_wish {
    uint64_t connection, first, last; /* ordinals of what completed them, both inclusive */
    size_t max_bytes;                 /* of frames; beyond that the oldest are left out */
    bool is_going_on; /* what was given out of such a wish is not given again, and what lies between
                       * the latest of it before first and first goes along */
    uint64_t start; /* going on: where to begin when nothing before first was given; up to first */
};

struct frame_taker {
    void (*frame)(void *ctx, const struct capture_frame *frame); /* borrowed until it returns */
    void *ctx;
};

/* Gives what is there of the wish, the oldest first. Returns how many were left out: beyond
 * max_bytes, or all because there was no memory for the list of them. */
size_t frame_ring_give(struct frame_ring *ring, const struct frame_wish *wish,
                       struct frame_taker taker);

void frame_ring_close(struct frame_ring *ring); /* NULL is fine */
