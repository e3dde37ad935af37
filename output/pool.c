/* Chunks that double in size, each filled from its start; see pool.h. */
#include "output/pool.h"

#include <stdalign.h>
#include <stdlib.h>

enum { FIRST_CHUNK_BYTES = 2048, MAX_CHUNK_BYTES = 256 * 1024 };

struct pool_chunk {
    struct pool_chunk *older;
    size_t capacity_bytes, used_bytes;
    alignas(max_align_t) uint8_t bytes[];
};

static bool add_chunk(struct pool *pool, size_t need_bytes)
{
    size_t capacity = pool->chunks ? 2 * pool->chunks->capacity_bytes : FIRST_CHUNK_BYTES;
    capacity = capacity > MAX_CHUNK_BYTES ? MAX_CHUNK_BYTES : capacity;
    capacity = capacity < need_bytes ? need_bytes : capacity;
    if (capacity > SIZE_MAX - sizeof(struct pool_chunk))
        return false;
    struct pool_chunk *chunk = malloc(sizeof *chunk + capacity);
    if (!chunk)
        return false;
    *chunk = (struct pool_chunk){.older = pool->chunks, .capacity_bytes = capacity};
    pool->chunks = chunk;
    pool->n_bytes += sizeof *chunk + capacity;
    return true;
}

void *pool_take(struct pool *pool, size_t bytes)
{
    if (bytes > SIZE_MAX - alignof(max_align_t))
        return NULL;
    bytes = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct pool_chunk *chunk = pool->chunks;
    if (!chunk || chunk->capacity_bytes - chunk->used_bytes < bytes) {
        if (!add_chunk(pool, bytes))
            return NULL;
        chunk = pool->chunks;
    }
    void *taken = chunk->bytes + chunk->used_bytes;
    chunk->used_bytes += bytes;
    return taken;
}

void pool_free(struct pool *pool)
{
    while (pool->chunks) {
        struct pool_chunk *older = pool->chunks->older;
        free(pool->chunks);
        pool->chunks = older;
    }
    pool->n_bytes = 0;
}
