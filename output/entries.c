/* Entries of any kind, known by their node alone; see entries.h. */
#include "output/entries.h"

#include <stdlib.h>
#include <string.h>

void *entries_add(struct table *table, const void *like, size_t n_bytes, uint64_t hash)
{
    void *entry = malloc(n_bytes);
    if (!entry)
        return NULL;
    memcpy(entry, like, n_bytes);
    if (table_insert(table, entry, hash, 0))
        return entry;
    free(entry);
    return NULL;
}

void *entries_sorted(const struct table *table, int (*compare)(const void *, const void *),
                     size_t *n)
{
    size_t n_nodes = table_n_nodes(table);
    const void **entries = n_nodes > 0 ? malloc(n_nodes * sizeof *entries) : NULL;
    *n = 0;
    if (!entries)
        return NULL;
    for (struct table_node *node = table_oldest(table); node; node = table_newer(node))
        entries[(*n)++] = node;
    qsort(entries, *n, sizeof *entries, compare);
    return entries;
}

void entries_free(struct table *table)
{
    struct table_node *node;
    while ((node = table_oldest(table))) {
        table_remove(table, node);
        free(node);
    }
    table_free(table);
}
