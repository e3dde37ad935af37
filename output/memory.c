/* A table of memos by the hash of what they are about; the least recently used make room. See
 * memory.h. */
#include "output/memory.h"

#include <stdlib.h>

static bool has_key(const struct table_node *node, const void *key)
{
    return ((const struct memo *)node)->key == *(const uint64_t *)key;
}

static bool is_personal(enum memo_kind kind)
{
    return kind < MEMO_SYNCS;
}

static uint64_t hash_of_address(const struct memory *memory, const struct address *address)
{
    return hash_bytes(&memory->hash_key, span_of(address->bytes, sizeof address->bytes));
}

static uint64_t hash_of_path(struct memory *memory, struct span path)
{
    uint32_t overlooked = DRIFT_SLASH | DRIFT_ENCODING;
    bool is_made = href_form(&memory->form, href_path(path), span_str("/"), overlooked);
    return hash_bytes(&memory->hash_key, is_made ? buf_span(&memory->form) : path);
}

static uint64_t key_of(struct memory *memory, const struct memo_key *key)
{
    const struct event_connection *connection = key->event->connection;
    struct span user_agent = key->event->exchange->request.fields[HTTP_USER_AGENT];
    bool has_who = is_personal(key->kind);
    uint64_t parts[] = {
        key->kind,
        hash_of_address(memory, &connection->server.address),
        connection->server.port,
        has_who ? hash_of_address(memory, &connection->client.address) : 0,
        has_who ? hash_bytes(&memory->hash_key, user_agent) : 0,
        hash_of_path(memory, key->path),
        hash_bytes(&memory->hash_key, key->more),
    };
    return hash_bytes(&memory->hash_key, span_of(parts, sizeof parts));
}

static void drop(struct memory *memory, struct memo *memo)
{
    table_remove(&memory->table, &memo->node);
    free(memo);
}

static struct memo *add(struct memory *memory, uint64_t key, int64_t time_ns)
{
    struct memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return NULL;
    memo->key = key;
    memo->first_ns = time_ns;
    if (!table_insert(&memory->table, &memo->node, key, time_ns)) {
        free(memo);
        return NULL;
    }
    for (size_t n = table_n_excess(&memory->table); n > 0; n--)
        drop(memory, (struct memo *)table_oldest(&memory->table));
    return memo;
}

void memory_init(struct memory *memory, const struct hash_key *hash_key)
{
    *memory = (struct memory){.hash_key = *hash_key};
    table_init(&memory->table, MEMORY_MAX, MEMORY_MAX);
    buf_init(&memory->form, SIZE_MAX);
}

struct memo *memory_find(struct memory *memory, const struct memo_key *key)
{
    uint64_t hash = key_of(memory, key);
    return (struct memo *)table_find(&memory->table, hash, has_key, &hash);
}

struct memo *memory_note(struct memory *memory, const struct memo_key *key)
{
    uint64_t hash = key_of(memory, key);
    const struct origin *origin = &key->event->origin;
    struct memo *memo = (struct memo *)table_find(&memory->table, hash, has_key, &hash);
    if (!memo)
        memo = add(memory, hash, origin->time_ns);
    if (!memo)
        return NULL;
    table_touch(&memory->table, &memo->node, origin->time_ns);
    memo->n++;
    memo->last_ns = origin->time_ns;
    memo->frame = origin->frame;
    return memo;
}

void memory_forget(struct memory *memory, const struct memo_key *key)
{
    struct memo *memo = memory_find(memory, key);
    if (memo)
        drop(memory, memo);
}

uint64_t memory_hash(const struct memory *memory, struct span text)
{
    return hash_bytes(&memory->hash_key, text);
}

void memory_free(struct memory *memory)
{
    struct table_node *node;
    while ((node = table_oldest(&memory->table)))
        drop(memory, (struct memo *)node);
    table_free(&memory->table);
    buf_free(&memory->form);
}
