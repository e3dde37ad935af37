/* Blocks in a chain; the newest is taken from. A resource of usual size fits the first block, so
 * that a listing of any length allocates once. */
#include "dissector/base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 16 * 1024, FIRST_CAPACITY = 4 };

struct arena_block {
    struct arena_block *before;
    size_t size_bytes;
    alignas(max_align_t) uint8_t bytes[];
};

static bool add_block(struct arena *arena, size_t n)
{
    size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        return false;
    block->before = arena->last;
    block->size_bytes = size;
    arena->last = block;
    arena->used_bytes = 0;
    arena->held_bytes += size;
    return true;
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *before = block->before;
        free(block);
        block = before;
    }
}

void arena_init(struct arena *arena, size_t max_bytes)
{
    *arena = (struct arena){.max_bytes = max_bytes};
}

/* As arena_take, but not zeroed. */
static void *take(struct arena *arena, size_t n)
{
    size_t align = alignof(max_align_t);
    arena->is_nomem = false;
    if (n > arena->max_bytes)
        return NULL;
    size_t need = (n + align - 1) / align * align;
    if (need > arena->max_bytes - arena->taken_bytes)
        return NULL;
    if (!arena->last || need > arena->last->size_bytes - arena->used_bytes) {
        if (!add_block(arena, need)) {
            arena->is_nomem = true;
            return NULL;
        }
    }
    void *taken = arena->last->bytes + arena->used_bytes;
    arena->used_bytes += need;
    arena->taken_bytes += need;
    return taken;
}

void *arena_take(struct arena *arena, size_t n)
{
    void *taken = take(arena, n);
    return taken ? memset(taken, 0, n) : NULL;
}

struct span arena_copy(struct arena *arena, struct span s)
{
    uint8_t *copy = take(arena, s.len);
    if (copy && s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return (struct span){copy, copy ? s.len : 0};
}

void arena_reset(struct arena *arena)
{
    if (arena->last) {
        free_blocks(arena->last->before);
        arena->last->before = NULL;
        arena->held_bytes = arena->last->size_bytes;
    }
    arena->used_bytes = 0;
    arena->taken_bytes = 0;
}

void arena_free(struct arena *arena)
{
    free_blocks(arena->last);
    arena_init(arena, arena->max_bytes);
}

void *list_add(struct list *list, struct arena *arena, size_t item_bytes)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
        void *items = arena_take(arena, capacity * item_bytes);
        if (!items)
            return NULL;
        if (list->n > 0)
            memcpy(items, list->items, list->n * item_bytes);
        list->items = items;
        list->capacity = capacity;
    }
    return (uint8_t *)list->items + list->n++ * item_bytes;
}
