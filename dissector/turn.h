/* turn: the place of a segment among all of a capture, whoever takes it: its number, the time, and
 * the hash of its connection. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/limit.h"
#include "dissector/net/segment.h"

/* Zeroed before the first. */
struct turn {
    uint64_t number;  /* from 1, rising */
    int64_t clock_ns; /* the latest time of any so far: what is forgotten goes by it */
    uint64_t hash;    /* of the connection: the same for both directions */
};

/* Whether a segment of now may have been captured out of order, and be older than then: what is out
 * of order is near in the capture, but need not be near in time. */
bool turn_is_near(const struct turn *then, const struct turn *now, const struct limits *limits);

/* The next segment of all. key: random, against collision floods. */
void turn_next(struct turn *turn, const struct hash_key *key, const struct segment *segment);
