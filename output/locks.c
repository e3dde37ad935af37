/* A table of paths with their locks, by server and path; the oldest make room. See locks.h. */
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
    const struct locked *locked = (const struct locked *)node;
    const struct key *key = wanted;
    return endpoint_equal(&locked->server, key->server) &&
           span_equal(span_of(locked->path, locked->path_len), key->path);
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

static struct locked *find(const struct locks *locks, const struct key *key)
{
    return (struct locked *)table_find(&locks->table, hash_of(locks, key), has_key, key);
}

static struct span path_of(struct locks *locks, struct span href)
{
    return href_path_form(&locks->form, href, LOCK_PATH_BYTES);
}

/* From a path to that of the folder it is in; false: there is none. */
static bool climb(struct span *path)
{
    if (path->len <= 1)
        return false;
    do
        path->len--;
    while (path->len > 1 && path->ptr[path->len] != '/');
    return true;
}

/* Whether path is that of a folder, or of anything in it. */
static bool is_within(struct span path, struct span folder)
{
    return span_starts(path, folder) &&
           (folder.len <= 1 || path.len == folder.len || path.ptr[folder.len] == '/');
}

/* ---- paths and the locks on them ---- */

/* Of the paths in a folder, and in those that share its place. */
static uint32_t *n_in(struct locks *locks, const struct key *folder)
{
    return &locks->n_in[hash_of(locks, folder) % LOCK_FOLDERS];
}

static void count_in_folders(struct locks *locks, const struct locked *locked, bool is_new)
{
    struct key key = {&locked->server, span_of(locked->path, locked->path_len)};
    for (int level = 0; level < MAX_LEVELS && climb(&key.path); level++) {
        uint32_t *n = n_in(locks, &key);
        *n = is_new ? *n + 1 : *n - 1;
    }
}

static void forget(struct locks *locks, struct locked *locked)
{
    count_in_folders(locks, locked, false);
    table_remove(&locks->table, &locked->node);
    free(locked);
}

/* The one of this path, made when there is none; NULL: no memory. */
static struct locked *provide(struct locks *locks, const struct key *key)
{
    struct locked *locked = find(locks, key);
    if (locked)
        return locked;
    locked = calloc(1, sizeof *locked + key->path.len);
    if (!locked)
        return NULL;
    locked->server = *key->server;
    locked->path_len = key->path.len;
    memcpy(locked->path, key->path.ptr, key->path.len);
    if (!table_insert(&locks->table, &locked->node, hash_of(locks, key), 0)) {
        free(locked);
        return NULL;
    }
    count_in_folders(locks, locked, true);
    for (size_t n = table_n_excess(&locks->table); n > 0; n--)
        forget(locks, (struct locked *)table_oldest(&locks->table));
    return locked;
}

static void drop(struct locked *locked, size_t i)
{
    locked->n--;
    memmove(&locked->held[i], &locked->held[i + 1], (locked->n - i) * sizeof *locked->held);
}

static bool has_ended(const struct lock *lock, int64_t now_ns)
{
    return lock->ends_ns <= now_ns;
}

/* A new lock on it; what has ended makes room, or the oldest. */
static struct lock *hold(struct locked *locked, const struct origin *now)
{
    for (size_t i = locked->n; i > 0; i--)
        if (has_ended(&locked->held[i - 1], now->time_ns))
            drop(locked, i - 1);
    if (locked->n == LOCKS_OF_ONE)
        drop(locked, 0);
    struct lock *lock = &locked->held[locked->n++];
    *lock = (struct lock){.since = *now, .told = *now, .ends_ns = INT64_MAX};
    return lock;
}

/* A lock, and where it is. */
struct found {
    struct locked *locked; /* NULL: none */
    size_t i;
};

static struct lock *lock_at(const struct found *found)
{
    return found->locked ? &found->locked->held[found->i] : NULL;
}

/* On the path, or above it: a lock may be spoken of by any URL it holds for. Of token 0, which is
 * none, nothing is found. */
static struct found find_token(const struct locks *locks, struct key key, uint64_t token)
{
    for (int level = 0; token != 0 && level <= MAX_LEVELS; level++) {
        struct locked *locked = find(locks, &key);
        for (size_t i = 0; locked && i < locked->n; i++)
            if (locked->held[i].token == token)
                return (struct found){locked, i};
        if (!climb(&key.path))
            break;
    }
    return (struct found){NULL, 0};
}

/* ---- what an answer tells of a lock ---- */

/* "Second-600", "Second-3599.6"; 0: not so. RFC 4918 §10.7 has no more than 32 bits of them. */
static int64_t timeout_ns(struct span timeout)
{
    struct span mark = span_str("Second-"), number = span_after(timeout, mark.len);
    uint64_t seconds = 0;
    if (!span_equal_nocase(span_first(timeout, mark.len), mark))
        return 0;
    if (!span_decimal(span_first(number, span_find_byte(number, '.')), UINT32_MAX, &seconds))
        return 0;
    return (int64_t)seconds * SECOND_NS;
}

static void extend(struct lock *lock, const struct origin *now)
{
    bool is_endless = lock->lasts_ns == 0 || now->time_ns > INT64_MAX - lock->lasts_ns;
    lock->told = *now;
    lock->ends_ns = is_endless ? INT64_MAX : now->time_ns + lock->lasts_ns;
}

static void tell(struct lock *lock, const struct active_lock *active, const struct origin *now)
{
    if (active->token != 0)
        lock->token = active->token;
    if (!lock->is_given)
        lock->since = *now;
    if (active->owner.len > 0)
        text_keep(lock->owner, sizeof lock->owner, active->owner);
    if (active->timeout.len > 0) {
        text_keep(lock->timeout, sizeof lock->timeout, active->timeout);
        lock->lasts_ns = timeout_ns(active->timeout);
    }
    lock->is_shared |= active->is_shared;
    lock->is_deep |= active->is_deep;
    extend(lock, now);
}

/* One that may be the same, for all that is told. */
static struct lock *find_like(struct locked *locked, const struct active_lock *active)
{
    char owner[LOCK_OWNER_BYTES];
    text_keep(owner, sizeof owner, active->owner);
    for (size_t i = 0; i < locked->n; i++) {
        struct lock *lock = &locked->held[i];
        bool is_other = lock->token != 0 && active->token != 0;
        bool is_same = owner[0] == '\0' || lock->owner[0] == '\0' || !strcmp(owner, lock->owner);
        if (!is_other && is_same)
            return lock;
    }
    return NULL;
}

/* The path a lock that is listed for this one is on: the same, or a folder above. */
static struct span root_path(struct locks *locks, struct span path, struct span root)
{
    struct span above = root.len > 0 ? path_of(locks, root) : span_of(NULL, 0);
    return above.len > 0 && is_within(path, above) ? span_first(path, above.len) : path;
}

static void learn(struct locks *locks, const struct key *key, const struct active_lock *active,
                  const struct origin *now)
{
    struct found found = find_token(locks, *key, active->token);
    struct lock *lock = lock_at(&found);
    if (!lock) {
        struct key root = {key->server, root_path(locks, key->path, active->root)};
        found.locked = provide(locks, &root);
        if (!found.locked)
            return;
        lock = find_like(found.locked, active);
    }
    if (!lock)
        lock = hold(found.locked, now);
    tell(lock, active, now);
    table_touch(&locks->table, &found.locked->node, now->time_ns);
}

/* What the listing does not tell of is over, unless it was told of since it was asked for. */
static void forget_unlisted(struct locks *locks, const struct key *key,
                            const struct exchange *exchange)
{
    struct locked *locked = find(locks, key);
    const struct exchange_message *request = &exchange->request, *response = &exchange->response;
    int64_t asked_ns = request->is_seen ? request->first.time_ns : response->first.time_ns;
    for (size_t i = locked ? locked->n : 0; i > 0; i--) {
        const struct origin *told = &locked->held[i - 1].told;
        if (told->ordinal != response->first.ordinal && told->time_ns < asked_ns)
            drop(locked, i - 1);
    }
    if (locked && locked->n == 0)
        forget(locks, locked);
}

void locks_see(struct locks *locks, const struct event *event, const struct resource *resource)
{
    uint8_t path[LOCK_PATH_BYTES];
    bool is_listing = event->kind != EVENT_LOCKS; /* else of others it need not speak */
    bool is_news = resource->n_locks > 0 || (is_listing && table_n_nodes(&locks->table) > 0);
    if (!resource->has_locks || !is_news)
        return;
    struct key key = {&event->connection->server, path_of(locks, resource->hrefs[0])};
    if (key.path.len == 0)
        return;
    memcpy(path, key.path.ptr, key.path.len);
    key.path.ptr = path;
    for (size_t i = 0; i < resource->n_locks; i++)
        learn(locks, &key, &resource->locks[i], &event->exchange->response.first);
    if (is_listing)
        forget_unlisted(locks, &key, event->exchange);
}

/* ---- what a change does ---- */

/* When it, or the exchange, tells no token: the one this very answer told of; of a refresh, the
 * only one there is. */
static struct found find_nameless(const struct locks *locks, const struct key *key,
                                  const struct exchange *exchange, uint64_t token)
{
    struct locked *locked = find(locks, key);
    bool is_refresh = exchange->request.body_bytes == 0;
    for (size_t i = 0; locked && i < locked->n; i++) {
        const struct lock *lock = &locked->held[i];
        bool is_told_now = lock->told.ordinal == exchange->response.first.ordinal;
        bool may_be = token == 0 || lock->token == 0;
        if (may_be && (is_told_now || (is_refresh && locked->n == 1)))
            return (struct found){locked, i};
    }
    return (struct found){NULL, 0};
}

static struct lock *hold_as_asked(struct locked *locked, const struct event *event)
{
    struct lock *lock = hold(locked, &event->exchange->response.first);
    lock->is_shared = event->request->wants_shared_lock;
    lock->is_deep = event->request->depth != DEPTH_0;
    return lock;
}

/* A refresh has no body (§9.10.2), and changes nothing but when it ends. */
static void give(struct locks *locks, const struct event *event, const struct key *key)
{
    const struct exchange *exchange = event->exchange;
    bool is_refresh = exchange->request.body_bytes == 0;
    uint64_t token = exchange->response.lock_token;
    if (token == 0 && is_refresh)
        token = exchange->request.lock_token;
    struct found found = find_token(locks, *key, token);
    if (!found.locked)
        found = find_nameless(locks, key, exchange, token);
    struct lock *lock = lock_at(&found);
    if (!lock)
        found.locked = provide(locks, key);
    if (!found.locked)
        return;
    table_touch(&locks->table, &found.locked->node, exchange->response.first.time_ns);
    if (lock && lock->is_given && is_refresh) {
        extend(lock, &exchange->response.first);
        return;
    }
    if (!lock)
        lock = hold_as_asked(found.locked, event);
    if (token != 0)
        lock->token = token;
    lock->is_given = true;
    lock->client = event->connection->client.address;
    lock->since = exchange->response.first;
    if (lock->owner[0] == '\0')
        text_keep(lock->owner, sizeof lock->owner, event->request->lock_owner);
    if (!lock->is_shared) { /* it would not have been given beside another */
        found.locked->held[0] = *lock;
        found.locked->n = 1;
    }
}

/* By its token; of those that have none known, any may be meant. */
static void give_back(struct locks *locks, const struct key *key, uint64_t token)
{
    struct found found = find_token(locks, *key, token);
    struct locked *locked = found.locked ? found.locked : find(locks, key);
    if (found.locked)
        drop(locked, found.i);
    for (size_t i = locked && !found.locked ? locked->n : 0; i > 0; i--)
        if (token == 0 || locked->held[i - 1].token == 0)
            drop(locked, i - 1);
    if (locked && locked->n == 0)
        forget(locks, locked);
}

/* The locks of what is gone, and of everything in it: mostly there is nothing in it. */
static void forget_within(struct locks *locks, const struct key *key)
{
    struct table_node *next;
    struct locked *own = find(locks, key);
    if (own)
        forget(locks, own);
    if (*n_in(locks, key) == 0)
        return;
    for (struct table_node *node = table_oldest(&locks->table); node; node = next) {
        struct locked *locked = (struct locked *)node;
        struct span path = span_of(locked->path, locked->path_len);
        next = table_newer(node);
        if (is_within(path, key->path) && endpoint_equal(&locked->server, key->server))
            forget(locks, locked);
    }
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
    bool is_lock = operation == OPERATION_LOCK;
    bool is_done = status == 200 || status == 201 || (status == 204 && !is_lock);
    bool is_removal = operation == OPERATION_DELETE || operation == OPERATION_MOVE;
    if (!is_done || (!is_lock && !is_removal && operation != OPERATION_UNLOCK))
        return;
    struct key key = {&event->connection->server, path_of(locks, event->exchange->target)};
    if (key.path.len == 0)
        return;
    if (is_lock)
        give(locks, event, &key);
    else if (is_removal) /* what moves takes no lock along, §7.5 */
        forget_within(locks, &key);
    else
        give_back(locks, &key, event->exchange->request.lock_token);
}

size_t locks_find(struct locks *locks, const struct lock_question *question,
                  const struct lock *found[LOCKS_OF_ONE])
{
    struct key key = {question->server, path_of(locks, question->href)};
    size_t n = 0;
    for (int level = 0; level <= MAX_LEVELS && key.path.len > 0; level++) {
        const struct locked *locked = find(locks, &key);
        for (size_t i = 0; locked && i < locked->n && n < LOCKS_OF_ONE; i++) {
            const struct lock *lock = &locked->held[i];
            if ((level == 0 || lock->is_deep) && !has_ended(lock, question->now_ns))
                found[n++] = lock;
        }
        if (!climb(&key.path))
            break;
    }
    return n;
}

void locks_free(struct locks *locks)
{
    struct table_node *node;
    while ((node = table_oldest(&locks->table)))
        forget(locks, (struct locked *)node);
    table_free(&locks->table);
    buf_free(&locks->form);
}
