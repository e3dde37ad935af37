/* lane: a thread that turns batches into parcels: one flow table and every stage behind it, nothing
 * shared with other lanes but constants and two counters.
 *
 * in:  batches through a queue, each left alone until its last parcel came.
 * out: parcels through a queue, for each batch at least one; the last of a batch is marked. Keys
 *      are the places of the batches' items and the ranks of flows.h; document numbers are unique
 *      among all lanes.
 *
 * A lane without memory says so in a parcel, or by closing its queues. */
#pragma once

#include "app/batch.h"
#include "app/parcel.h"
#include "app/queue.h"

#include <stdatomic.h>

/* Of all lanes. */
struct lane_shared {
    const struct limits *limits;
    struct hash_key key;
    size_t n_lanes;
    atomic_bool is_cancelled; /* nobody wants more: batches are passed over */
    atomic_size_t held_bytes; /* of traffic, by all lanes and by who feeds them */
};

struct lane {
    struct queue batches, parcels;
    atomic_uint_fast64_t n_done; /* batches */
    /* the rest is the thread's, and its owner's while no batch is under way */
    struct flows *flows;
    struct lane_shared *shared;
    size_t index;
    struct parcel *parcel; /* that is filled */
    uint64_t place;
    size_t told_bytes; /* of held_bytes */
    enum feed result;
    pthread_t thread;
    bool has_thread;
};

enum { LANE_BATCHES = 4, LANE_PARCELS = 8 }; /* in the queues */

/* shared must outlive it. False: no memory or no thread; lane_close is still needed. */
bool lane_open(struct lane *lane, struct lane_shared *shared, size_t index);

/* Whether the lane is done with n batches, or waits for room in parcels. */
bool lane_has_done(struct lane *lane, uint64_t n);

/* Ends the thread; what is in the queues is forgotten. A zeroed one is fine. */
void lane_close(struct lane *lane);
