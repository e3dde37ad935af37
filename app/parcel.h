/* parcel: events on their way from a lane to the output: deep copies, each with its place in the
 * order of all lanes. Filled by one thread, then read by another; they meet at a queue. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/event.h"

/* Where an event stands among those of all lanes; see flows.h. */
struct parcel_key {
    uint64_t place, rank;
};

struct parcel_event {
    const struct parcel_event *next;
    struct parcel_key key;
    struct event event; /* without exchange->user, request->hrefs, request->arena */
};

/* Zeroed but for the arena: empty. */
struct parcel {
    const struct parcel_event *first;
    bool is_last;     /* of what a batch gave */
    enum feed result; /* FEED_NOMEM: the lane is at its end */
    /* the rest is private */
    struct parcel_event *last;
    struct arena arena;
    /* what was copied last, to be shared by the events of one document */
    struct event_connection connection;
    struct exchange exchange;
    struct request request;
    const struct resource *resource; /* the copy */
};

/* NULL: no memory. */
struct parcel *parcel_open(void);

/* Whether it holds so much that it should be sent. */
bool parcel_is_full(const struct parcel *parcel);

/* Copies event. False: no memory; the parcel is as it was. */
bool parcel_add(struct parcel *parcel, const struct event *event, struct parcel_key key);

/* <0, 0, >0 */
int parcel_order(const struct parcel_key *a, const struct parcel_key *b);

void parcel_close(struct parcel *parcel); /* NULL is fine */
