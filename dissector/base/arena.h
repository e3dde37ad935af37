/* arena: memory for things that live and die together, as all of one resource do: taken piece by
 * piece, given back all at once. What it gave stays where it is until arena_reset. */
#pragma once

#include "dissector/base/span.h"

struct arena_block; /* private */

struct arena {
    /* fields are private, but for the last */
    struct arena_block *last;
    size_t used_bytes; /* of the last block */
    size_t held_bytes; /* by all blocks */
    size_t taken_bytes, max_bytes;
    bool is_nomem; /* why the last arena_take failed: no memory, or else max_bytes */
};

void arena_init(struct arena *arena, size_t max_bytes);

/* n zeroed bytes, aligned for any type; NULL: no memory, or more than max_bytes were taken. */
void *arena_take(struct arena *arena, size_t n);

/* A copy of s; ptr NULL as above. The copy of an empty span has a ptr. */
struct span arena_copy(struct arena *arena, struct span s);

/* Everything taken is void; one block is kept. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

/* A growable array in an arena. Zeroed: empty. */
struct list {
    void *items;
    size_t n, capacity;
};

/* A new zeroed item at the end, NULL as above. Growing moves the items. */
void *list_add(struct list *list, struct arena *arena, size_t item_bytes);
