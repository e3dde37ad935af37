/* merge: what the lanes made of a round of batches, put into the order in which one lane alone
 * would have said it. Each lane sends its parcels through a queue, in its own order; the last one
 * of a batch is marked. One owner thread, which waits for the lanes. */
#pragma once

#include "app/parcel.h"
#include "app/queue.h"

enum { MERGE_MAX_LANES = 64 };

struct merge {
    /* fields are private */
    struct merge_end {
        struct queue *parcels;
        struct parcel *parcel;           /* that is read, or NULL */
        const struct parcel_event *next; /* in it, or NULL */
    } ends[MERGE_MAX_LANES];
    size_t n;
    enum feed result;
};

/* parcels: of n lanes; must outlive it. */
void merge_init(struct merge *merge, struct queue *const *parcels, size_t n);

/* Takes everything one batch of each lane gave, and hands the events to sink. FEED_OK, what sink
 * said, after which it is given nothing more, or FEED_NOMEM, when a lane said so. */
enum feed merge_round(struct merge *merge, struct event_sink sink);

/* Forgets what has been taken and not handed on. */
void merge_free(struct merge *merge);
