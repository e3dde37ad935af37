/* Linear hashing: bucket i of the lower half is split into i and i + half as the table grows, one
 * bucket for each insertion. A hash belongs to the bucket of its low bits, or, when that one does
 * not exist yet, to the one it will be split from. Buckets are never given back before table_free.
 */
#include "dissector/base/table.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_BUCKETS = 64 };

static struct table_node **bucket_of(const struct table *table, uint64_t hash)
{
    size_t mask = table->capacity_buckets - 1;
    size_t i = (size_t)hash & mask;
    if (i >= table->n_buckets)
        i &= mask >> 1;
    return &table->buckets[i];
}

/* Room for twice the buckets, n_buckets then being the lower half. */
static bool make_room(struct table *table)
{
    size_t capacity = table->capacity_buckets ? 2 * table->capacity_buckets : FIRST_BUCKETS;
    if (capacity > SIZE_MAX / sizeof(void *))
        return false;
    struct table_node **grown = realloc(table->buckets, capacity * sizeof(void *));
    if (!grown)
        return false;
    table->buckets = grown;
    table->capacity_buckets = capacity;
    return true;
}

/* Adds one bucket and moves into it what now belongs there. */
static void split_one(struct table *table)
{
    size_t half = table->capacity_buckets / 2;
    struct table_node **from = &table->buckets[table->n_buckets - half];
    struct table_node **to = &table->buckets[table->n_buckets];
    *to = NULL;
    table->n_buckets++;
    while (*from) {
        struct table_node *node = *from;
        if (!(node->hash & half)) {
            from = &node->chain;
            continue;
        }
        *from = node->chain;
        node->chain = *to;
        *to = node;
    }
}

/* Without memory for more buckets the chains of those there are grow instead. */
static bool grow(struct table *table)
{
    if (table->n_buckets == 0) {
        if (!make_room(table))
            return false;
        table->n_buckets = FIRST_BUCKETS;
        for (size_t i = 0; i < FIRST_BUCKETS; i++)
            table->buckets[i] = NULL;
        return true;
    }
    if (table->n_nodes < table->n_buckets)
        return true;
    if (table->n_buckets < table->capacity_buckets || make_room(table))
        split_one(table);
    return true;
}

static void age_link(struct table *table, struct table_node *node)
{
    node->older = table->newest;
    node->newer = NULL;
    *(table->newest ? &table->newest->newer : &table->oldest) = node;
    table->newest = node;
}

static void age_unlink(struct table *table, struct table_node *node)
{
    *(node->older ? &node->older->newer : &table->oldest) = node->newer;
    *(node->newer ? &node->newer->older : &table->newest) = node->older;
}

void table_init(struct table *table, size_t max_nodes, size_t keep_nodes)
{
    assert(keep_nodes <= max_nodes);
    *table = (struct table){.max_nodes = max_nodes, .keep_nodes = keep_nodes};
}

struct table_node *table_find(const struct table *table, uint64_t hash, table_match *match,
                              const void *key)
{
    if (table->n_nodes == 0)
        return NULL;
    struct table_node *node = *bucket_of(table, hash);
    while (node && !(node->hash == hash && match(node, key)))
        node = node->chain;
    return node;
}

bool table_insert(struct table *table, struct table_node *node, uint64_t hash, int64_t time_ns)
{
    if (!grow(table))
        return false;
    struct table_node **bucket = bucket_of(table, hash);
    *node = (struct table_node){.chain = *bucket, .hash = hash, .touched_ns = time_ns};
    *bucket = node;
    age_link(table, node);
    table->n_nodes++;
    return true;
}

void table_remove(struct table *table, struct table_node *node)
{
    struct table_node **link = bucket_of(table, node->hash);
    while (*link != node)
        link = &(*link)->chain;
    *link = node->chain;
    age_unlink(table, node);
    table->n_nodes--;
}

void table_touch(struct table *table, struct table_node *node, int64_t time_ns)
{
    node->touched_ns = time_ns;
    if (node == table->newest)
        return;
    age_unlink(table, node);
    age_link(table, node);
}

void table_free(struct table *table)
{
    free(table->buckets);
    table_init(table, table->max_nodes, table->keep_nodes);
}
