/* The flow table, and what is given up to stay inside the limits; see flows.h. Which stage does
 * what stands in connection.c; this file knows connections only as things that are fed, age and
 * end. */
#include "dissector/flows.h"

#include "dissector/connection.h"
#include "dissector/dav/xml_prepare.h"
#include "dissector/quic.h"
#include "dissector/tls/keylog.h"

#include <stdlib.h>

enum {
    EVICTION_CANDIDATES = 64, /* of the oldest connections, the least useful goes first */
    KEEP_PER_CENT = 95,       /* of a limit, after eviction: not at every frame again */
};

/* Of a tick, what was idle comes behind what waited. */
#define RANK_IDLE (UINT64_C(1) << 63)
#define RANK_QUIC UINT64_MAX /* and QUIC behind all else */

/* Connections that share a state, the one that came into it first at the front. */
struct connection_list {
    struct connection *first, *last;
    size_t n;
};

struct flows {
    const struct limits *limits;
    struct dissector_stats stats;
    struct decode_shared shared;
    struct table table;
    struct secrets secrets;
    struct quic quic;
    struct connection_list held;  /* those that wait for a missing segment, or for secrets */
    struct connection_list ended; /* those over, and still known for late retransmissions */
    size_t connection_bytes;      /* counted of all connections */
    struct frame_sink frames;
    uint64_t rank;
};

/* ---- the flow table ---- */

static bool flow_matches(const struct table_node *node, const void *key)
{
    return segment_is_between(key, ((const struct connection *)node)->endpoint);
}

/* ---- the lists of connections ---- */

static void leave_list(struct connection *connection)
{
    struct connection_list *list = connection->list;
    if (!list)
        return;
    *(connection->previous ? &connection->previous->next : &list->first) = connection->next;
    *(connection->next ? &connection->next->previous : &list->last) = connection->previous;
    list->n--;
    connection->list = NULL;
}

static void join_list(struct connection_list *list, struct connection *connection)
{
    connection->list = list;
    connection->previous = list->last;
    connection->next = NULL;
    *(list->last ? &list->last->next : &list->first) = connection;
    list->last = connection;
    list->n++;
}

/* ---- connections come and go ---- */

static void end_connection(struct flows *f, struct connection *connection, enum end why,
                           const struct origin *origin)
{
    connection_finish(connection, why, origin);
    leave_list(connection);
    table_remove(&f->table, &connection->node);
    f->connection_bytes -= connection->counted_bytes;
    connection_free(connection);
}

static bool has_lingered(const struct flows *f, const struct connection *connection,
                         int64_t clock_ns)
{
    return origin_has_passed(table_touched_ns(&connection->node), clock_ns,
                             f->limits->closed_linger_ns + 1);
}

/* Those that are over go by the time of their last segment, and when there are too many. */
static void end_lingering(struct flows *f, int64_t clock_ns, const struct origin *origin)
{
    struct connection *oldest;
    while ((oldest = f->ended.first) &&
           (has_lingered(f, oldest, clock_ns) || f->ended.n > f->limits->max_lingering))
        end_connection(f, oldest, END_IDLE, origin);
}

/* Brings what is counted of a connection, and its list, up to date. */
static void recount(struct flows *f, struct connection *connection, const struct origin *origin)
{
    size_t bytes = connection_buffered_bytes(connection);
    f->connection_bytes += bytes - connection->counted_bytes;
    connection->counted_bytes = bytes;
    struct connection_list *list = NULL;
    if (connection_is_waiting(connection, origin->time_ns))
        list = &f->held;
    if (connection_is_over(connection))
        list = &f->ended;
    if (list == &f->held && connection->list == list)
        return;
    leave_list(connection);
    if (list)
        join_list(list, connection);
    connection->listed = connection->touched;
}

static struct connection *least_useful(const struct flows *f)
{
    struct connection *chosen = NULL;
    struct table_node *node = table_oldest(&f->table);
    for (int i = 0; node && i < EVICTION_CANDIDATES; i++, node = table_newer(node)) {
        struct connection *candidate = (struct connection *)node;
        if (!chosen || connection_worth(candidate) < connection_worth(chosen))
            chosen = candidate;
    }
    return chosen;
}

static void count_evicted(struct flows *f, const struct connection *connection)
{
    int worth = connection_worth(connection);
    f->stats.n_evicted_connections++;
    f->stats.n_evicted_documents += worth == 3;
    f->stats.n_evicted_http += worth == 2;
}

/* False: there is nothing left to give up. */
static bool evict_one(struct flows *f, const struct origin *origin)
{
    struct connection *connection = least_useful(f);
    if (!connection)
        return false;
    if (!connection_is_over(connection))
        count_evicted(f, connection);
    end_connection(f, connection, END_EVICTED, origin);
    return true;
}

void flows_keep_limits(struct flows *f, size_t elsewhere_bytes, size_t fair_bytes,
                       const struct origin *origin)
{
    size_t n_excess = table_n_excess(&f->table);
    size_t max_bytes = f->limits->max_memory_bytes;
    while (n_excess-- > 0 && evict_one(f, origin))
        continue;
    if (flows_buffered_bytes(f) + elsewhere_bytes <= max_bytes)
        return;
    size_t keep_bytes = max_bytes / 100 * KEEP_PER_CENT;
    while (flows_buffered_bytes(f) + elsewhere_bytes > keep_bytes &&
           flows_buffered_bytes(f) > fair_bytes && evict_one(f, origin))
        continue;
}

/* NULL: no memory. */
static struct connection *new_connection(struct flows *f, const struct segment *segment)
{
    struct connection *connection = malloc(sizeof *connection);
    if (connection && connection_init(connection, &f->shared, &f->stats.tcp, segment))
        return connection;
    free(connection);
    return NULL;
}

static struct connection *begin_connection(struct flows *f, const struct segment *segment,
                                           const struct turn *turn)
{
    struct connection *connection = new_connection(f, segment);
    while (!connection && evict_one(f, &segment->origin))
        connection = new_connection(f, segment);
    if (!connection)
        return NULL;
    connection->begun = turn->number;
    if (!table_insert(&f->table, &connection->node, turn->hash, turn->clock_ns)) {
        connection_free(connection);
        return NULL;
    }
    return connection;
}

/* A segment without payload that can neither begin nor change anything: an ACK or RST of a
 * connection that is not known (any more). A FIN may have been captured before the bytes it ends.
 */
static bool is_idle_talk(const struct segment *segment)
{
    return segment->payload.len == 0 && segment->cut_bytes == 0 &&
           !(segment->flags & (SEGMENT_SYN | SEGMENT_FIN));
}

/* The connection segment belongs to, as long as it is remembered and can be. */
static struct connection *find_connection(struct flows *f, const struct segment *segment,
                                          const struct turn *turn)
{
    struct connection *connection =
        (struct connection *)table_find(&f->table, turn->hash, flow_matches, segment);
    if (!connection)
        return NULL;
    enum end why = END_COMPLETE;
    if (connection_is_over(connection) && has_lingered(f, connection, turn->clock_ns))
        why = END_IDLE;
    else if (connection_is_reuse(connection, segment))
        why = END_REPLACED;
    if (why == END_COMPLETE)
        return connection;
    end_connection(f, connection, why, &segment->origin);
    return NULL;
}

static void retry_held(struct flows *f, const struct origin *origin)
{
    struct connection *next;
    f->secrets.has_news = false;
    for (struct connection *connection = f->held.first; connection; connection = next) {
        next = connection->next;
        f->rank = connection->listed;
        if (connection_retry(connection, origin) == FEED_NOMEM)
            end_connection(f, connection, END_EVICTED, origin);
        else
            recount(f, connection, origin);
    }
}

static void tell_frames(const struct flows *f, const struct segment *segment, uint64_t number)
{
    const struct frame_sink *sink = &f->frames;
    uint64_t completed = segment->origin.ordinal;
    if (!sink->frame)
        return;
    for (size_t i = 0; i < segment->n_frames; i++)
        if (segment->frames[i] != completed)
            sink->frame(sink->ctx, segment->frames[i], completed, number);
    sink->frame(sink->ctx, completed, completed, number);
}

/* A connection of a part of a handshake alone. */
static void withdraw(struct flows *f, struct connection *connection)
{
    leave_list(connection);
    table_remove(&f->table, &connection->node);
    f->connection_bytes -= connection->counted_bytes;
    f->stats.n_connections--;
    connection_free(connection);
}

/* Of a connection that is not known, or no more, there is nothing to tell. */
static enum feed take_twin(struct flows *f, const struct segment *notice, const struct turn *turn)
{
    struct connection *connection =
        (struct connection *)table_find(&f->table, turn->hash, flow_matches, notice);
    if (connection && notice->payload.len > 0)
        f->stats.n_translated += connection_set_twin(connection, notice);
    else if (connection && connection_is_silent(connection))
        withdraw(f, connection);
    return f->shared.result;
}

enum feed flows_feed(struct flows *f, const struct segment *segment, const struct turn *turn)
{
    f->rank = 0;
    if (segment->is_datagram)
        return quic_feed(&f->quic, segment, turn->hash);
    if (segment->is_twin)
        return take_twin(f, segment, turn);
    struct connection *connection = find_connection(f, segment, turn);
    if (!connection && is_idle_talk(segment))
        return f->shared.result;
    if (!connection)
        connection = begin_connection(f, segment, turn);
    if (!connection)
        return FEED_NOMEM;
    table_touch(&f->table, &connection->node, turn->clock_ns);
    connection->touched = turn->number;
    tell_frames(f, segment, connection->number);
    /* What waits (it is in a list) may have waited enough. */
    bool is_needed = connection->list || !connection_is_told_nothing(connection, segment);
    if (is_needed && connection_feed(connection, segment) == FEED_NOMEM) {
        count_evicted(f, connection);
        end_connection(f, connection, END_EVICTED, &segment->origin);
    } else if (is_needed) {
        recount(f, connection, &segment->origin);
    }
    if (f->secrets.has_news)
        retry_held(f, &segment->origin);
    end_lingering(f, turn->clock_ns, &segment->origin);
    return f->shared.result;
}

/* ---- time ---- */

static void tick_held(struct flows *f, const struct origin *origin)
{
    struct connection *next;
    for (struct connection *connection = f->held.first; connection; connection = next) {
        next = connection->next;
        f->rank = connection->listed;
        if (connection_tick(connection, origin) == FEED_NOMEM) {
            count_evicted(f, connection);
            end_connection(f, connection, END_EVICTED, origin);
        } else {
            recount(f, connection, origin);
        }
    }
}

static void end_idle(struct flows *f, const struct origin *origin)
{
    struct connection *oldest;
    while ((oldest = (struct connection *)table_oldest(&f->table)) &&
           origin_has_passed(table_touched_ns(&oldest->node), origin->time_ns,
                             f->limits->connection_idle_ns + 1)) {
        f->rank = RANK_IDLE | oldest->touched;
        end_connection(f, oldest, END_IDLE, origin);
    }
}

enum feed flows_tick(struct flows *f, const struct origin *origin)
{
    tick_held(f, origin);
    end_lingering(f, origin->time_ns, origin);
    end_idle(f, origin);
    f->rank = RANK_QUIC;
    quic_tick(&f->quic, origin);
    return f->shared.result;
}

/* ---- secrets ---- */

enum feed flows_secrets(struct flows *f, struct span lines, const struct origin *origin)
{
    struct keylog keylog;
    keylog_init(&keylog, &f->secrets);
    enum feed result = keylog_feed(&keylog, lines);
    if (result == FEED_OK)
        result = keylog_finish(&keylog);
    f->stats.n_secrets += keylog.n_secrets;
    f->stats.n_malformed_secrets += keylog.n_malformed;
    if (keylog.n_secrets > 0)
        retry_held(f, origin);
    keylog_free(&keylog);
    return result;
}

void flows_expect_secrets(struct flows *f, bool may_come, const struct origin *origin)
{
    f->secrets.may_grow = may_come;
    if (!may_come)
        retry_held(f, origin);
}

bool flows_lacks_secrets(const struct flows *f)
{
    return f->secrets.is_lacking;
}

enum private_key flows_private_key(struct flows *f, struct span pem)
{
    static const enum private_key answers[] = {
        [CRYPT_RSA_READ] = PRIVATE_KEY_TAKEN,          [CRYPT_RSA_NONE] = PRIVATE_KEY_NONE,
        [CRYPT_RSA_ENCRYPTED] = PRIVATE_KEY_ENCRYPTED, [CRYPT_RSA_OTHER] = PRIVATE_KEY_NOT_RSA,
        [CRYPT_RSA_NOMEM] = PRIVATE_KEY_NOMEM,
    };
    if (f->secrets.n_private_keys == SECRETS_MAX_PRIVATE_KEYS)
        return PRIVATE_KEY_TOO_MANY;
    return answers[secrets_add_private_key(&f->secrets, pem)];
}

/* ---- life ---- */

void flows_prepare(void)
{
    xml_prepare();
}

struct flows *flows_open(const struct limits *limits, const struct hash_key *key,
                         struct event_sink sink)
{
    struct flows *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->limits = limits;
    f->shared = (struct decode_shared){
        .limits = limits, .sink = sink, .stats = &f->stats, .secrets = &f->secrets};
    quic_init(&f->quic, &f->shared);
    secrets_init(&f->secrets, limits->max_tls_sessions, key);
    table_init(&f->table, limits->max_connections, limits->max_connections / 100 * KEEP_PER_CENT);
    return f;
}

void flows_tell_frames(struct flows *f, struct frame_sink sink)
{
    f->frames = sink;
}

void flows_read_batches(struct flows *f)
{
    f->shared.reads_batches = true;
}

static int by_beginning(const void *a, const void *b)
{
    const struct connection *const *left = a, *const *right = b;
    return ((*left)->begun > (*right)->begun) - ((*left)->begun < (*right)->begun);
}

enum feed flows_finish(struct flows *f, const struct origin *origin)
{
    size_t n = table_n_nodes(&f->table), i = 0;
    struct connection **all = malloc((n + 1) * sizeof *all);
    if (!all)
        return FEED_NOMEM;
    for (struct table_node *node = table_oldest(&f->table); node; node = table_newer(node))
        all[i++] = (struct connection *)node;
    qsort(all, n, sizeof *all, by_beginning);
    for (i = 0; i < n; i++) {
        f->rank = all[i]->begun;
        end_connection(f, all[i], END_CAPTURE, origin);
    }
    free(all);
    f->rank = RANK_QUIC;
    quic_finish(&f->quic, origin);
    return f->shared.result;
}

enum feed flows_result(const struct flows *f)
{
    return f->shared.result;
}

uint64_t flows_rank(const struct flows *f)
{
    return f->rank;
}

void flows_add_stats(const struct flows *f, struct dissector_stats *sum)
{
    stats_add(sum, &f->stats);
}

size_t flows_n_connections(const struct flows *f)
{
    return table_n_nodes(&f->table);
}

size_t flows_buffered_bytes(const struct flows *f)
{
    return f->connection_bytes + table_buffered_bytes(&f->table) + quic_buffered_bytes(&f->quic);
}

void flows_close(struct flows *f)
{
    if (!f)
        return;
    const struct origin nowhere = {0};
    f->shared.result = FEED_STOP;
    while (table_oldest(&f->table))
        end_connection(f, (struct connection *)table_oldest(&f->table), END_CAPTURE, &nowhere);
    table_free(&f->table);
    pool_free(&f->shared.http);
    pool_free(&f->shared.exchanges);
    pool_free(&f->shared.connections);
    quic_free(&f->quic);
    secrets_free(&f->secrets);
    free(f);
}
