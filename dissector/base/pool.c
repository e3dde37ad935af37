/* A list of free blocks, linked through themselves. */
#include "dissector/base/pool.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#endif

#if defined(HAS_SANITIZER)
static const size_t max_free = 0;
#else
static const size_t max_free = POOL_MAX_FREE;
#endif

struct pool_block {
    struct pool_block *next;
};

void *pool_take(struct pool *pool, size_t size_bytes)
{
    if (!pool || !pool->first)
        return calloc(1, size_bytes);
    struct pool_block *block = pool->first;
    pool->first = block->next;
    pool->n_free--;
    return memset(block, 0, size_bytes);
}

void pool_give(struct pool *pool, void *ptr)
{
    struct pool_block *block = ptr;
    if (!block || !pool || pool->n_free >= max_free) {
        free(block);
        return;
    }
    block->next = pool->first;
    pool->first = block;
    pool->n_free++;
}

void pool_free(struct pool *pool)
{
    while (pool->first) {
        struct pool_block *block = pool->first;
        pool->first = block->next;
        free(block);
    }
    pool->n_free = 0;
}
