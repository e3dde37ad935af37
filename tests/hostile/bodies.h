/* bodies: 207 bodies that want to cost more than they are worth; n says how much of it. */
#pragma once

#include "tests/bench/script.h"

/* Appends the body to out. */
struct hostile_body {
    const char *name;
    void (*say)(struct buf *out, size_t n);
    size_t n; /* of the full size */
};

extern const struct hostile_body hostile_bodies[];
extern const size_t n_hostile_bodies;
