/* table: a hash table that knows the age of its entries and when it holds too many. The entries
 * belong to the caller: they embed a struct table_node (as first member, so that a node is cast to
 * its entry), and the table allocates nothing but its buckets.
 *
 * Ages: every node has a place between the oldest and the newest; table_touch makes it the newest.
 * All walks go by age, so their order depends on the traffic alone, never on hash or memory.
 * Marks: beyond max_nodes table_n_excess says how many of the oldest to give up so that keep_nodes
 * are left. The table itself refuses and evicts nothing.
 *
 * Find, insert, remove and touch take constant time. Buckets are added one at a time as nodes come
 * (linear hashing), so there is no pause to rehash. Hashes must come from hash.h with a secret key
 * when the keys come from the wire. One owner thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_node {
    /* fields are private */
    struct table_node *chain; /* next in the same bucket */
    struct table_node *older, *newer;
    uint64_t hash;
    int64_t touched_ns;
};

struct table {
    /* fields are private */
    struct table_node **buckets;
    size_t n_buckets, capacity_buckets;
    struct table_node *oldest, *newest;
    size_t n_nodes, max_nodes, keep_nodes;
};

/* Whether the node's entry has this key; asked only for nodes whose hash is equal. */
typedef bool table_match(const struct table_node *node, const void *key);

/* keep_nodes <= max_nodes. A zeroed table can be freed, searched and walked, not inserted into. */
void table_init(struct table *table, size_t max_nodes, size_t keep_nodes);

/* The node with this hash that matches the key, or NULL. Leaves its age as it is. */
struct table_node *table_find(const struct table *table, uint64_t hash, table_match *match,
                              const void *key);

/* Puts a node in as the newest. It must not be in a table, and must stay where it is until
 * table_remove. Equal keys are not looked for. False: no memory, and the node is not in. */
bool table_insert(struct table *table, struct table_node *node, uint64_t hash, int64_t time_ns);

/* Takes a node out. The node is left to the caller. */
void table_remove(struct table *table, struct table_node *node);

/* Makes it the newest, at this time. */
void table_touch(struct table *table, struct table_node *node, int64_t time_ns);

/* The node touched longest ago; NULL when empty. */
static inline struct table_node *table_oldest(const struct table *table)
{
    return table->oldest;
}

/* The node touched next after this one; NULL behind the newest. Ask before removing this one, and
 * a walk survives the removal. */
static inline struct table_node *table_newer(const struct table_node *node)
{
    return node->newer;
}

/* The time of the last touch (or of the insertion). Capture time can jump back, so an older node
 * may carry a later time. */
static inline int64_t table_touched_ns(const struct table_node *node)
{
    return node->touched_ns;
}

static inline size_t table_n_nodes(const struct table *table)
{
    return table->n_nodes;
}

/* How many of the oldest to remove: 0 up to max_nodes, beyond it what is above keep_nodes. */
static inline size_t table_n_excess(const struct table *table)
{
    return table->n_nodes > table->max_nodes ? table->n_nodes - table->keep_nodes : 0;
}

/* Memory of the table itself, for the memory limit. */
static inline size_t table_buffered_bytes(const struct table *table)
{
    return table->capacity_buckets * sizeof *table->buckets;
}

/* Frees the buckets; nodes still in are the caller's. The table is empty then and can be used. */
void table_free(struct table *table);
