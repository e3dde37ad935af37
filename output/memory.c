/* A table of memos by the hash of what they are about; the least recently used make room. See
 * memory.h. */
#include "output/memory.h"

#include <stdlib.h>

static bool has_key(const struct table_node *node, const void *key)
{
    return ((const struct memo *)node)->key == *(const uint64_t *)key;
}

#define MINUTE_NS (60 * INT64_C(1000000000))
#define WEEK_NS (7 * 24 * 60 * MINUTE_NS)

/* Clients that synchronise once a day are to be seen going in circles; what is a matter of one
 * attempt is over sooner. */
static int64_t lasts_ns(enum memo_kind kind)
{
    switch (kind) {
    case MEMO_REDIRECTED:
        return 5 * MINUTE_NS;
    case MEMO_SLASH:
        return MINUTE_NS;
    case MEMO_FAILING:
        return 2 * MINUTE_NS;
    case MEMO_REWRITTEN:
    case MEMO_UNANSWERED:
        return 10 * MINUTE_NS;
    case MEMO_TURNED_AWAY:
        return 24 * 60 * MINUTE_NS; /* longer than Retry-After asks for */
    default:
        return WEEK_NS;
    }
}

static bool is_over(const struct memo *memo, const struct memo_key *key)
{
    return origin_has_passed(memo->last_ns, key->event->origin.time_ns, lasts_ns(key->kind));
}

static bool is_personal(enum memo_kind kind)
{
    return kind < MEMO_SYNCS;
}

/* Whether it is about one server, and one port of it. */
static bool has_server(enum memo_kind kind)
{
    return kind != MEMO_REWRITTEN;
}

static bool has_port(enum memo_kind kind)
{
    return has_server(kind) && kind != MEMO_REDIRECTED;
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

static void drop(struct memory *memory, struct memo *memo)
{
    table_remove(&memory->table, &memo->node);
    memory->n_of_kind[memo->kind]--;
    free(memo);
}

static void begin(struct memo *memo, int64_t time_ns)
{
    memo->n = memo->value = 0;
    memo->step = 0;
    memo->first_ns = time_ns;
}

static struct memo *add(struct memory *memory, const struct memo_key *key, uint64_t hash)
{
    int64_t time_ns = key->event->origin.time_ns;
    struct memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return NULL;
    memo->key = hash;
    memo->kind = key->kind;
    begin(memo, time_ns);
    if (!table_insert(&memory->table, &memo->node, hash, time_ns)) {
        free(memo);
        return NULL;
    }
    memory->n_of_kind[key->kind]++;
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

uint64_t memory_key(struct memory *memory, const struct memo_key *key)
{
    const struct event_connection *connection = key->event->connection;
    const struct exchange_message *request = &key->event->exchange->request;
    struct span user_agent = request->fields[HTTP_USER_AGENT];
    bool has_who = is_personal(key->kind);
    uint64_t parts[] = {
        key->kind,
        has_server(key->kind) ? hash_of_address(memory, &connection->server.address) : 0,
        has_port(key->kind) ? connection->server.port : 0,
        has_who ? hash_of_address(memory, &connection->client.address) : 0,
        has_who ? hash_bytes(&memory->hash_key, user_agent) : 0,
        has_who ? request->account : 0,
        hash_of_path(memory, key->path),
        hash_bytes(&memory->hash_key, key->more),
    };
    return hash_bytes(&memory->hash_key, span_of(parts, sizeof parts));
}

struct memo *memory_find(struct memory *memory, const struct memo_key *key)
{
    if (memory->n_of_kind[key->kind] == 0)
        return NULL;
    uint64_t hash = memory_key(memory, key);
    struct memo *memo = (struct memo *)table_find(&memory->table, hash, has_key, &hash);
    return memo && !is_over(memo, key) ? memo : NULL;
}

struct memo *memory_note(struct memory *memory, const struct memo_key *key)
{
    uint64_t hash = memory_key(memory, key);
    const struct origin *origin = &key->event->origin;
    struct memo *memo = (struct memo *)table_find(&memory->table, hash, has_key, &hash);
    if (!memo)
        memo = add(memory, key, hash);
    if (!memo)
        return NULL;
    if (memo->n > 0 && is_over(memo, key))
        begin(memo, origin->time_ns);
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
