/* turn: the place of a segment among all of a capture, whoever takes it: its number, the time, and
 * the hash of its connection. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/net/segment.h"

/* Zeroed before the first. */
struct turn {
    uint64_t number;  /* from 1, rising */
    int64_t clock_ns; /* the latest time of any so far: what is forgotten goes by it */
    uint64_t hash;    /* of the connection: the same for both directions */
};

/* The next segment of all. key: random, against collision floods. */
void turn_next(struct turn *turn, const struct hash_key *key, const struct segment *segment);
