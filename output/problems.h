/* problems: the resources that did not go well, each once for every outcome it had, with how often,
 * when and in which frames. Bounded: PROBLEMS_MAX different ones in PROBLEMS_MAX_BYTES; what finds
 * no room is counted in n_more. */
#pragma once

#include "output/place.h"
#include "output/roster.h"

enum {
    PROBLEMS_MAX = 10000,   /* more than a person reads; a large tree that is locked fits */
    PROBLEM_MAX_PLACES = 3, /* the first ones; enough to look it up */
    PROBLEM_CONDITIONS_BYTES = 256,
};

/* Of their texts and bookkeeping. */
#define PROBLEMS_MAX_BYTES ((size_t)16 << 20)

struct problem {
    struct table_node node;
    enum outcome class;
    uint16_t status;                      /* 0 = none readable */
    const struct roster_entry *operation; /* NULL: among the others */
    const struct roster_entry *server;    /* the same */
    uint64_t n;                           /* how often */
    int64_t first_ns, last_ns;            /* earliest and latest */
    struct place places[PROBLEM_MAX_PLACES];
    size_t n_places;
    char conditions[PROBLEM_CONDITIONS_BYTES]; /* clark_write_short, as first seen */
    struct span href;                          /* captured bytes, credentials masked */
    struct span uid;                           /* tells failures of a bulk change apart; or empty */
};

struct problems {
    uint64_t n_more; /* problem resources that found no room */
    /* the rest is private */
    struct table table;
    struct hash_key hash_key;
    size_t held_bytes;
};

struct problems_sorted {
    const struct problem **problems; /* the caller's to free; NULL when there are none */
    size_t n;
};

void problems_init(struct problems *problems, const struct hash_key *hash_key);

/* Adds the problem resources that the record kept. */
void problems_add(struct problems *problems, const struct record *record,
                  const struct roster_entry *operation, const struct roster_entry *server);

/* Different problems. */
size_t problems_n(const struct problems *problems);

/* Worst class first, then most often, then earliest, then by href and uid. False: no memory. */
bool problems_sort(const struct problems *problems, struct problems_sorted *sorted);

void problems_free(struct problems *problems);
