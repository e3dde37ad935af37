/* floods: segments and connections that want to cost more than they are worth; n says how many. */
#pragma once

#include "tests/bench/flow.h"

/* flow is open, and a normal exchange follows on it. */
struct hostile_flood {
    const char *name;
    void (*say)(struct flow *flow, size_t n);
    size_t n; /* of the full size */
};

extern const struct hostile_flood hostile_floods[];
extern const size_t n_hostile_floods;
