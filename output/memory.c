/* A table of memos by the hash of what they are about; the least recently used make room. See
 * memory.h. */
#include "output/memory.h"

#include <stdlib.h>
#include <string.h>

static bool has_key(const struct table_node *node, const void *key)
{
    return ((const struct memo *)node)->key == *(const uint64_t *)key;
}

#define MINUTE_NS (60 * SECOND_NS)
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

/* What has no path is what an unseen request asked about: that may be anything. */
static bool is_known(const struct memo_key *key)
{
    return key->path.len > 0;
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

/* Without a text there is nothing to be hashed. */
static uint64_t hash_of_text(const struct memory *memory, struct span text)
{
    return text.len > 0 ? hash_quick(&memory->hash_key, text) : 0;
}

static uint64_t hash_of_path(struct memory *memory, struct span path)
{
    struct span form = href_path_form(&memory->form, path, SIZE_MAX);
    return hash_of_text(memory, form.ptr ? form : path);
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

enum { ADDRESS_WORDS = 2 };

static void put_address(uint64_t words[ADDRESS_WORDS], const struct address *address)
{
    _Static_assert(sizeof address->bytes == ADDRESS_WORDS * sizeof *words, "whole words");
    memcpy(words, address->bytes, sizeof address->bytes);
}

uint64_t memory_key(struct memory *memory, const struct memo_key *key)
{
    enum { KIND, PORT, AGENT, ACCOUNT, PATH, MORE, SERVER, CLIENT = SERVER + ADDRESS_WORDS };
    const struct event_connection *connection = key->event->connection;
    const struct exchange_message *request = &key->event->exchange->request;
    uint64_t words[CLIENT + ADDRESS_WORDS] = {
        [KIND] = key->kind,
        [PATH] = hash_of_path(memory, key->path),
        [MORE] = hash_of_text(memory, key->more),
    };
    if (has_server(key->kind))
        put_address(words + SERVER, &connection->server.address);
    if (has_port(key->kind))
        words[PORT] = connection->server.port;
    if (is_personal(key->kind)) {
        put_address(words + CLIENT, &connection->client.address);
        words[AGENT] = hash_of_text(memory, request->fields[HTTP_USER_AGENT]);
        words[ACCOUNT] = request->account;
    }
    return hash_words(&memory->hash_key, words, CLIENT + ADDRESS_WORDS);
}

struct memo *memory_find(struct memory *memory, const struct memo_key *key)
{
    if (memory->n_of_kind[key->kind] == 0 || !is_known(key))
        return NULL;
    uint64_t hash = memory_key(memory, key);
    struct memo *memo = (struct memo *)table_find(&memory->table, hash, has_key, &hash);
    return memo && !is_over(memo, key) ? memo : NULL;
}

struct memo *memory_note(struct memory *memory, const struct memo_key *key)
{
    if (!is_known(key))
        return NULL;
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
    memo->source = origin->source;
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
    return hash_quick(&memory->hash_key, text);
}

void memory_free(struct memory *memory)
{
    struct table_node *node;
    while ((node = table_oldest(&memory->table)))
        drop(memory, (struct memo *)node);
    table_free(&memory->table);
    buf_free(&memory->form);
}
