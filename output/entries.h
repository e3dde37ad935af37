/* entries: what a report counts by name: entries in a table (base/table.h) that are only ever
 * added, listed in some order, and freed all together. An entry was allocated by malloc and begins
 * with its struct table_node. */
#pragma once

#include "dissector/base/table.h"

/* A copy of n_bytes of like, put in with this hash. NULL: no memory. */
void *entries_add(struct table *table, const void *like, size_t n_bytes, uint64_t hash);

/* An array of pointers to all of them, sorted as qsort compares two of these pointers; the
 * caller's to free. *n: how many. NULL: there are none, or no memory (*n is 0 then too). */
void *entries_sorted(const struct table *table, int (*compare)(const void *, const void *),
                     size_t *n);

void entries_free(struct table *table);
