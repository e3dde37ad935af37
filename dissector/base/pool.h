/* pool: blocks of one size that come and go all the time, as the state of connections and exchanges
 * does. The one given back last, which is still in the cache, is given out first; the allocator,
 * which would search and join larger blocks each time, is asked only for more. At most
 * POOL_MAX_FREE wait to be given out, so a pool needs no place in the memory limit. With the
 * address sanitizer none does, so that use after free shows. One owner thread. */
#pragma once

#include <stddef.h>

enum { POOL_MAX_FREE = 64 };

struct pool_block; /* private */

/* Zeroed: empty. */
struct pool {
    /* fields are private */
    struct pool_block *first;
    size_t n_free;
};

/* A zeroed block, aligned for any type; of one pool always of the same size, at least that of a
 * pointer. pool NULL: from the allocator. NULL: no memory. */
void *pool_take(struct pool *pool, size_t size_bytes);

/* Gives a block back to where it was taken from. block NULL is fine. */
void pool_give(struct pool *pool, void *block);

/* Frees those that wait; the others must have been given back. */
void pool_free(struct pool *pool);
