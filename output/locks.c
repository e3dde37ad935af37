/* A table of locks by server and path; the oldest make room. See locks.h. */
#include "output/locks.h"

#include "dissector/base/text.h"

#include <stdlib.h>

/* Folders above that are looked at: trees of people are not so deep. */
enum { MAX_LEVELS = 32 };

/* What a lock is looked up by. */
struct key {
    const struct endpoint *server;
    struct span path;
};

static bool has_key(const struct table_node *node, const void *wanted)
{
    const struct lock *lock = (const struct lock *)node;
    const struct key *key = wanted;
    return endpoint_equal(&lock->server, key->server) &&
           span_equal(span_of(lock->path, lock->path_len), key->path);
}

static uint64_t hash_of(const struct locks *locks, const struct key *key)
{
    uint64_t parts[] = {
        hash_bytes(&locks->hash_key, key->path),
        hash_bytes(&locks->hash_key,
                   span_of(key->server->address.bytes, sizeof key->server->address.bytes)),
        key->server->port,
    };
    return hash_bytes(&locks->hash_key, span_of(parts, sizeof parts));
}

static struct lock *find(const struct locks *locks, const struct key *key)
{
    return (struct lock *)table_find(&locks->table, hash_of(locks, key), has_key, key);
}

static struct span path_of(struct locks *locks, struct span href)
{
    return href_path_form(&locks->form, href, LOCK_PATH_BYTES);
}

static void forget(struct locks *locks, struct lock *lock)
{
    table_remove(&locks->table, &lock->node);
    free(lock);
}

/* NULL: no memory. */
static struct lock *add(struct locks *locks, const struct key *key, const struct event *event)
{
    struct lock *lock = malloc(sizeof *lock + key->path.len);
    if (!lock)
        return NULL;
    *lock = (struct lock){
        .server = *key->server,
        .since = event->exchange->response.first,
        .path_len = key->path.len,
    };
    memcpy(lock->path, key->path.ptr, key->path.len);
    if (!table_insert(&locks->table, &lock->node, hash_of(locks, key), lock->since.time_ns)) {
        free(lock);
        return NULL;
    }
    for (size_t n = table_n_excess(&locks->table); n > 0; n--)
        forget(locks, (struct lock *)table_oldest(&locks->table));
    return lock;
}

/* A refresh has no body (§9.10.2), and changes nothing but when it runs out. */
static void give(struct lock *lock, const struct event *event)
{
    if (lock->is_given && event->exchange->request.body_bytes == 0)
        return;
    lock->is_given = true;
    lock->client = event->connection->client.address;
    lock->since = event->exchange->response.first;
    lock->is_deep = event->request->depth != DEPTH_0;
    lock->timeout[0] = '\0'; /* that of the lock before */
    text_keep(lock->owner, sizeof lock->owner, event->request->lock_owner);
}

void locks_init(struct locks *locks, const struct hash_key *hash_key)
{
    *locks = (struct locks){.hash_key = *hash_key};
    table_init(&locks->table, LOCKS_MAX, LOCKS_MAX);
    buf_init(&locks->form, SIZE_MAX);
}

void locks_note(struct locks *locks, const struct event *event)
{
    enum operation operation = event->request->operation;
    uint16_t status = event->exchange->status;
    bool is_given = operation == OPERATION_LOCK && (status == 200 || status == 201);
    bool is_left = operation == OPERATION_UNLOCK || operation == OPERATION_DELETE ||
                   operation == OPERATION_MOVE; /* which takes no lock along, §7.5 */
    bool is_gone = is_left && (status == 204 || status == 200 || status == 201);
    if (!is_given && !is_gone)
        return;
    struct key key = {&event->connection->server, path_of(locks, event->exchange->target)};
    if (key.path.len == 0)
        return;
    struct lock *lock = find(locks, &key);
    if (is_given && !lock)
        lock = add(locks, &key, event);
    if (is_given && lock)
        give(lock, event);
    else if (is_gone && lock)
        forget(locks, lock);
}

void locks_see(struct locks *locks, const struct event *event, const struct resource *resource)
{
    struct span owner = resource->values[VALUE_LOCK_OWNER];
    struct span timeout = resource->values[VALUE_LOCK_TIMEOUT];
    if (owner.len == 0 && timeout.len == 0)
        return;
    struct key key = {&event->connection->server, path_of(locks, resource->hrefs[0])};
    struct lock *lock = key.path.len > 0 ? find(locks, &key) : NULL;
    if (!lock && key.path.len > 0)
        lock = add(locks, &key, event);
    if (!lock)
        return;
    if (!lock->is_given)
        lock->since = event->exchange->response.first;
    if (owner.len > 0)
        text_keep(lock->owner, sizeof lock->owner, owner);
    if (timeout.len > 0)
        text_keep(lock->timeout, sizeof lock->timeout, timeout);
}

const struct lock *locks_find(struct locks *locks, const struct endpoint *server, struct span href)
{
    struct key key = {server, path_of(locks, href)};
    const struct lock *lock = key.path.len > 0 ? find(locks, &key) : NULL;
    for (int i = 0; i < MAX_LEVELS && !lock && key.path.len > 1; i++) {
        do
            key.path.len--;
        while (key.path.len > 1 && key.path.ptr[key.path.len] != '/');
        const struct lock *above = find(locks, &key);
        lock = above && above->is_deep ? above : NULL;
    }
    return lock;
}

void locks_free(struct locks *locks)
{
    struct table_node *node;
    while ((node = table_oldest(&locks->table)))
        forget(locks, (struct lock *)node);
    table_free(&locks->table);
    buf_free(&locks->form);
}
