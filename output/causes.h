/* causes: how often resources went wrong with which status and condition (DOMAIN.md 2.9). Bounded:
 * the first CAUSES_MAX different pairs have a cell each, the others are counted together. */
#pragma once

#include "output/record.h"

enum {
    CAUSES_MAX = 12, /* an operation on one folder fails in a few ways */
    CAUSE_CONDITION_BYTES = 80,
};

struct cause {
    uint16_t status;                       /* 0 = none readable */
    char condition[CAUSE_CONDITION_BYTES]; /* the first, in Clark notation, printable; may be "" */
    uint64_t n;
};

/* Zeroed: none. */
struct causes {
    struct cause cells[CAUSES_MAX];
    size_t n;
    uint64_t n_others;
};

/* Adds the problem resources of a record; those that are missing have no status. */
void causes_add(struct causes *causes, const struct record *record);

/* The cells of causes, the most frequent first, then by status and condition. */
void causes_sort(const struct causes *causes, struct cause sorted[CAUSES_MAX]);
