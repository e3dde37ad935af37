/* pool: memory for things that live and die together. Nothing is given back before pool_free. */
#pragma once

#include "dissector/base/span.h"

struct pool_chunk; /* private */

struct pool {
    /* fields are private */
    struct pool_chunk *chunks;
    size_t n_bytes;
};

/* A zeroed pool is empty and usable. Memory for any type; NULL: no memory. */
void *pool_take(struct pool *pool, size_t bytes);

/* Bytes taken from the system. */
static inline size_t pool_bytes(const struct pool *pool)
{
    return pool->n_bytes;
}

void pool_free(struct pool *pool);
