/* roll: the connections that are known, each by its endpoints, in the order of their latest
 * segments: which are over but remembered for late retransmissions, which wait, and what all take.
 * Gives up the least useful. Of what is in them it knows nothing. Private to flows.
 *
 * A connection belongs to the roll and is not to be used behind a call that ends it. One owner
 * thread. */
#pragma once

#include "dissector/connection.h"
#include "dissector/turn.h"

/* Of a limit, so much is left when something is given up: not at every frame again. */
enum { ROLL_KEEP_PER_CENT = 95 };

/* Connections that share a state, the one that came into it first at the front. */
struct connection_list {
    struct connection *first, *last;
    size_t n;
};

struct roll {
    /* fields are private, but held */
    struct decode_shared *shared;
    struct table table;
    struct connection_list held;  /* those that wait for a missing segment, or for secrets */
    struct connection_list ended; /* those over, and still known for late retransmissions */
    size_t connection_bytes;      /* counted of all connections */
    uint64_t turn;                /* of the last segment */
};

/* shared must outlive it. */
void roll_init(struct roll *roll, struct decode_shared *shared);

/* The connection between the endpoints of segment, or NULL. */
struct connection *roll_find(const struct roll *roll, const struct segment *segment,
                             const struct turn *turn);

/* The same, as long as it is remembered and segment can be of it; else it is ended. *is_echo is set
 * where that was over for long, and segment is one of it, captured late, or begins the same anew.
 */
struct connection *roll_find_own(struct roll *roll, const struct segment *segment,
                                 const struct turn *turn, bool *is_echo);

/* A new one, of which segment is the first; others are given up for it while there is no memory.
 * is_echo: unless something is said in it, it will never have been. NULL: there still is none. */
struct connection *roll_begin(struct roll *roll, const struct segment *segment,
                              const struct turn *turn, bool is_echo);

/* Makes it the latest. */
void roll_touch(struct roll *roll, struct connection *connection, const struct turn *turn);

/* Something changed in it: brings what is counted of it, and its list, up to date. */
void roll_recount(struct roll *roll, struct connection *connection, const struct origin *origin);

/* Finishes it, tells its events and forgets it; withdraws what is an echo alone. */
void roll_end(struct roll *roll, struct connection *connection, enum end why,
              const struct origin *origin);

/* The same with END_EVICTED, counted by how much is lost unless it was over. */
void roll_give_up(struct roll *roll, struct connection *connection, const struct origin *origin);

/* Gives up the least useful of the oldest. False: there is none. */
bool roll_give_up_one(struct roll *roll, const struct origin *origin);

/* While there are too many. */
void roll_give_up_excess(struct roll *roll, const struct origin *origin);

/* Forgets one that was of a part of a handshake, or of an end, alone, as if it had never been. */
void roll_withdraw(struct roll *roll, struct connection *connection);

/* Those that are over go by the time of their last segment, and when there are too many. */
void roll_end_lingering(struct roll *roll, int64_t clock_ns, const struct origin *origin);

/* The oldest, if nothing was captured of it for limits.connection_idle_ns; else NULL. */
struct connection *roll_oldest_idle(const struct roll *roll, int64_t time_ns);

/* All of them in the order in which they began, roll_n of them. The caller frees the array. NULL:
 * no memory. */
struct connection **roll_by_beginning(const struct roll *roll);

size_t roll_n(const struct roll *roll);
size_t roll_buffered_bytes(const struct roll *roll);

/* Ends all that are left. */
void roll_free(struct roll *roll);
