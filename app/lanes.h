/* lanes: a dissector (dissector/dissector.h) of several threads, used like one. The caller's thread
 * undoes frames (dissector/front.h), hands each connection's segments to the lane that is its own,
 * and gives the events of all lanes to the sink, in the order in which one lane would have said
 * them: what comes out does not depend on how many lanes there are, under the conditions of
 * dissector/flows.h. When TLS secrets are told before the first frame, connections between the same
 * addresses share a lane, for they may resume each other's sessions.
 *
 *     frames -> front -> batches, one a lane  =>  lane: flows -> parcel  =>  merge -> sink
 *
 * A round is one batch for each lane; it goes off when one of them is full. At most LANE_BATCHES
 * rounds are under way. Beyond that the caller waits for the oldest; is_live: it does not wait, the
 * batches grow, and what finds its own overfull is dropped and counted. is_live also sends at once
 * what no lane is busy with. Memory: the rounds under way, and what limits.max_memory_bytes allows
 * all lanes together: when it is met, those give up connections that hold more than their share. Of
 * max_lingering each lane has its share from the beginning.
 *
 * The sink is called inside these functions alone. One owner thread. */
#pragma once

#include "app/merge.h"
#include "dissector/dissector.h"
#include "output/error.h"

struct lanes_config {
    size_t n; /* 1 to MERGE_MAX_LANES */
    bool is_live;
    const struct limits *limits;
    struct hash_key key;
    struct event_sink sink;
};

struct lanes;

/* config's pointers must outlive it. NULL: error says why. */
struct lanes *lanes_open(const struct lanes_config *config, struct error *error);

/* As the functions of the dissector. The first three: before the first frame. What went
 * wrong in a lane is told by a later call. */
void lanes_read_batches(struct lanes *lanes);
void lanes_expect_secrets(struct lanes *lanes, bool may_come);
enum private_key lanes_private_key(struct lanes *lanes, struct span pem);
enum feed lanes_feed(struct lanes *lanes, uint32_t linktype, struct span frame, uint32_t wire_len,
                     const struct origin *origin);
enum feed lanes_secrets(struct lanes *lanes, struct span lines);
enum feed lanes_tick(struct lanes *lanes, const struct origin *origin);
enum feed lanes_finish(struct lanes *lanes);

/* Waits until everything fed has come out. Needed before the three below. */
enum feed lanes_sync(struct lanes *lanes);

void lanes_stats(const struct lanes *lanes, struct dissector_stats *stats);
size_t lanes_n_connections(const struct lanes *lanes);
size_t lanes_buffered_bytes(const struct lanes *lanes);

/* Segments dropped because their lane did not keep up. */
uint64_t lanes_n_dropped(const struct lanes *lanes);

void lanes_close(struct lanes *lanes); /* NULL is fine */
