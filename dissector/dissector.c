/* The library's door: the flow table, and what is given up to stay inside the limits. Which stage
 * does what stands in connection.c; this file knows connections only as things that are fed, age
 * and end. */
#include "dissector/dissector.h"

#include "dissector/connection.h"
#include "dissector/tls/crypt.h"
#include "dissector/tls/keylog.h"

#include <stdlib.h>

enum {
    EVICTION_CANDIDATES = 64, /* of the oldest connections, the least useful goes first */
    KEEP_PER_CENT = 95,       /* of a limit, after eviction: not at every frame again */
};
static const int64_t tick_ns = 1000000000;

/* Connections that share a state, the one that came into it first at the front. */
struct connection_list {
    struct connection *first, *last;
    size_t n;
};

struct dissector {
    const struct limits *limits;
    struct hash_key key;
    struct net net;
    struct frame_sink frames;
    struct tcp_stats tcp_stats;
    struct dissector_stats stats;
    struct decode_shared shared;
    struct table flows;
    struct secrets secrets;
    struct connection_list held;  /* those that wait for a missing segment, or for secrets */
    struct connection_list ended; /* those over, and still known for late retransmissions */
    size_t connection_bytes;      /* counted of all connections */
    struct origin last;           /* of the last frame */
    int64_t last_tick_ns;
};

/* ---- the flow table ---- */

/* The same for both directions: the smaller endpoint first. */
struct flow_key {
    struct endpoint low, high;
};

static size_t pack_endpoint(uint8_t *out, const struct endpoint *endpoint)
{
    size_t len = endpoint->address.version == 4 ? 4 : 16;
    memcpy(out, endpoint->address.bytes, len);
    out[len] = (uint8_t)(endpoint->port >> 8);
    out[len + 1] = (uint8_t)endpoint->port;
    return len + 2;
}

static int endpoint_order(const struct endpoint *a, const struct endpoint *b)
{
    int order = memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes);
    return order ? order : (a->port > b->port) - (a->port < b->port);
}

static struct flow_key flow_key_of(const struct segment *segment)
{
    if (endpoint_order(&segment->source, &segment->destination) <= 0)
        return (struct flow_key){segment->source, segment->destination};
    return (struct flow_key){segment->destination, segment->source};
}

static uint64_t flow_hash(const struct dissector *d, const struct flow_key *key)
{
    uint8_t packed[2 * 18];
    size_t len = pack_endpoint(packed, &key->low);
    len += pack_endpoint(packed + len, &key->high);
    return hash_bytes(&d->key, span_of(packed, len));
}

static bool flow_matches(const struct table_node *node, const void *key)
{
    const struct connection *connection = (const struct connection *)node;
    const struct flow_key *wanted = key;
    const struct endpoint *side = connection->endpoint;
    return (endpoint_equal(&side[0], &wanted->low) && endpoint_equal(&side[1], &wanted->high)) ||
           (endpoint_equal(&side[1], &wanted->low) && endpoint_equal(&side[0], &wanted->high));
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

static void end_connection(struct dissector *d, struct connection *connection, enum end why,
                           const struct origin *origin)
{
    connection_finish(connection, why, origin);
    leave_list(connection);
    table_remove(&d->flows, &connection->node);
    d->connection_bytes -= connection->counted_bytes;
    connection_free(connection);
}

/* Those that are over go by the time of their last segment, and when there are too many. */
static void end_lingering(struct dissector *d, const struct origin *origin)
{
    while (d->ended.first) {
        struct connection *connection = d->ended.first;
        bool is_old = origin_has_passed(table_touched_ns(&connection->node), origin->time_ns,
                                        d->limits->closed_linger_ns + 1);
        if (!is_old && d->ended.n <= d->limits->max_lingering)
            return;
        end_connection(d, connection, END_IDLE, origin);
    }
}

/* Brings what is counted of a connection, and its list, up to date. */
static void recount(struct dissector *d, struct connection *connection, const struct origin *origin)
{
    size_t bytes = connection_buffered_bytes(connection);
    d->connection_bytes += bytes - connection->counted_bytes;
    connection->counted_bytes = bytes;
    struct connection_list *list = NULL;
    if (connection_is_waiting(connection, origin->time_ns))
        list = &d->held;
    if (connection->is_ended)
        list = &d->ended;
    if (list == &d->held && connection->list == list)
        return;
    leave_list(connection);
    if (list)
        join_list(list, connection);
    if (connection->is_ended)
        end_lingering(d, origin);
}

static struct connection *least_useful(const struct dissector *d)
{
    struct connection *chosen = NULL;
    struct table_node *node = table_oldest(&d->flows);
    for (int i = 0; node && i < EVICTION_CANDIDATES; i++, node = table_newer(node)) {
        struct connection *candidate = (struct connection *)node;
        if (!chosen || connection_worth(candidate) < connection_worth(chosen))
            chosen = candidate;
    }
    return chosen;
}

static void count_evicted(struct dissector *d, const struct connection *connection)
{
    int worth = connection_worth(connection);
    d->stats.n_evicted_connections++;
    d->stats.n_evicted_documents += worth == 3;
    d->stats.n_evicted_http += worth == 2;
}

/* False: there is nothing left to give up. */
static bool evict_one(struct dissector *d)
{
    struct connection *connection = least_useful(d);
    if (!connection)
        return false;
    if (!connection->is_ended)
        count_evicted(d, connection);
    end_connection(d, connection, END_EVICTED, &d->last);
    return true;
}

static void keep_limits(struct dissector *d)
{
    size_t n_excess = table_n_excess(&d->flows);
    while (n_excess-- > 0 && evict_one(d))
        continue;
    if (dissector_buffered_bytes(d) <= d->limits->max_memory_bytes)
        return;
    size_t keep_bytes = d->limits->max_memory_bytes / 100 * KEEP_PER_CENT;
    while (dissector_buffered_bytes(d) > keep_bytes && evict_one(d))
        continue;
}

static struct connection *begin_connection(struct dissector *d, uint64_t hash,
                                           const struct segment *segment)
{
    struct connection *connection = malloc(sizeof *connection);
    while (!connection && evict_one(d))
        connection = malloc(sizeof *connection);
    if (!connection)
        return NULL;
    connection_init(connection, &d->shared, &d->tcp_stats, segment);
    if (!table_insert(&d->flows, &connection->node, hash, segment->origin.time_ns)) {
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

static void tell_frames(const struct dissector *d, const struct segment *segment, uint64_t number)
{
    const struct frame_sink *sink = &d->frames;
    uint64_t completed = segment->origin.ordinal;
    if (!sink->frame)
        return;
    for (size_t i = 0; i < segment->n_frames; i++)
        if (segment->frames[i] != completed)
            sink->frame(sink->ctx, segment->frames[i], completed, number);
    sink->frame(sink->ctx, completed, completed, number);
}

static enum feed on_segment(void *ctx, const struct segment *segment)
{
    struct dissector *d = ctx;
    struct flow_key key = flow_key_of(segment);
    uint64_t hash = flow_hash(d, &key);
    struct connection *connection =
        (struct connection *)table_find(&d->flows, hash, flow_matches, &key);
    if (connection && connection_is_reuse(connection, segment)) {
        end_connection(d, connection, END_REPLACED, &segment->origin);
        connection = NULL;
    }
    if (!connection && is_idle_talk(segment))
        return FEED_OK;
    if (!connection)
        connection = begin_connection(d, hash, segment);
    if (!connection)
        return FEED_NOMEM;
    table_touch(&d->flows, &connection->node, segment->origin.time_ns);
    tell_frames(d, segment, connection->number);
    if (connection_feed(connection, segment) == FEED_NOMEM) {
        count_evicted(d, connection);
        end_connection(d, connection, END_EVICTED, &segment->origin);
    } else {
        recount(d, connection, &segment->origin);
    }
    return d->shared.result;
}

/* ---- time ---- */

static void tick_held(struct dissector *d, const struct origin *origin)
{
    struct connection *next;
    for (struct connection *connection = d->held.first; connection; connection = next) {
        next = connection->next;
        if (connection_tick(connection, origin) == FEED_NOMEM) {
            count_evicted(d, connection);
            end_connection(d, connection, END_EVICTED, origin);
        } else {
            recount(d, connection, origin);
        }
    }
}

static void end_idle(struct dissector *d, const struct origin *origin)
{
    struct table_node *oldest;
    while ((oldest = table_oldest(&d->flows)) &&
           origin_has_passed(table_touched_ns(oldest), origin->time_ns,
                             d->limits->connection_idle_ns + 1))
        end_connection(d, (struct connection *)oldest, END_IDLE, origin);
}

enum feed dissector_tick(struct dissector *d, const struct origin *origin)
{
    d->last_tick_ns = origin->time_ns;
    tick_held(d, origin);
    end_lingering(d, origin);
    end_idle(d, origin);
    return d->shared.result;
}

/* ---- secrets ---- */

static void retry_held(struct dissector *d)
{
    struct connection *next;
    for (struct connection *connection = d->held.first; connection; connection = next) {
        next = connection->next;
        if (connection_retry(connection, &d->last) == FEED_NOMEM)
            end_connection(d, connection, END_EVICTED, &d->last);
        else
            recount(d, connection, &d->last);
    }
}

enum feed dissector_secrets(struct dissector *d, struct span lines)
{
    struct keylog keylog;
    keylog_init(&keylog, &d->secrets);
    enum feed result = keylog_feed(&keylog, lines);
    if (result == FEED_OK)
        result = keylog_finish(&keylog);
    d->stats.n_secrets += keylog.n_secrets;
    d->stats.n_malformed_secrets += keylog.n_malformed;
    if (keylog.n_secrets > 0)
        retry_held(d);
    keylog_free(&keylog);
    return result;
}

void dissector_expect_secrets(struct dissector *d, bool may_come)
{
    d->secrets.may_grow = may_come;
}

bool dissector_can_decrypt(void)
{
    return crypt_is_built_in();
}

/* ---- life ---- */

struct dissector *dissector_open(const struct limits *limits, const struct hash_key *key,
                                 struct event_sink sink)
{
    struct dissector *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->limits = limits;
    d->key = *key;
    d->last_tick_ns = INT64_MIN;
    d->shared = (struct decode_shared){
        .limits = limits, .sink = sink, .stats = &d->stats, .secrets = &d->secrets};
    secrets_init(&d->secrets, limits->max_tls_sessions, key);
    table_init(&d->flows, limits->max_connections, limits->max_connections / 100 * KEEP_PER_CENT);
    net_init(&d->net, limits, (struct segment_sink){on_segment, d});
    return d;
}

void dissector_tell_frames(struct dissector *d, struct frame_sink sink)
{
    d->frames = sink;
}

void dissector_read_batches(struct dissector *d)
{
    d->shared.reads_batches = true;
}

enum feed dissector_feed(struct dissector *d, uint32_t linktype, struct span frame,
                         uint32_t wire_len, const struct origin *origin)
{
    d->last = *origin;
    if (origin_has_passed(d->last_tick_ns, origin->time_ns, tick_ns) &&
        dissector_tick(d, origin) != FEED_OK)
        return d->shared.result;
    enum feed result = net_feed(&d->net, linktype, frame, wire_len, origin);
    keep_limits(d);
    return d->shared.result != FEED_OK ? d->shared.result : result;
}

static int by_number(const void *a, const void *b)
{
    const struct connection *const *left = a, *const *right = b;
    return ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

enum feed dissector_finish(struct dissector *d)
{
    size_t n = table_n_nodes(&d->flows), i = 0;
    struct connection **all = malloc((n + 1) * sizeof *all);
    if (!all)
        return FEED_NOMEM;
    for (struct table_node *node = table_oldest(&d->flows); node; node = table_newer(node))
        all[i++] = (struct connection *)node;
    qsort(all, n, sizeof *all, by_number);
    for (i = 0; i < n; i++)
        end_connection(d, all[i], END_CAPTURE, &d->last);
    free(all);
    return d->shared.result;
}

void dissector_stats(const struct dissector *d, struct dissector_stats *stats)
{
    *stats = d->stats;
    stats->net = *net_stats(&d->net);
    stats->tcp = d->tcp_stats;
    stats->cannot_decrypt = !crypt_is_built_in();
}

size_t dissector_n_connections(const struct dissector *d)
{
    return table_n_nodes(&d->flows);
}

size_t dissector_buffered_bytes(const struct dissector *d)
{
    return d->connection_bytes + table_buffered_bytes(&d->flows) + net_buffered_bytes(&d->net);
}

void dissector_close(struct dissector *d)
{
    if (!d)
        return;
    while (table_oldest(&d->flows))
        end_connection(d, (struct connection *)table_oldest(&d->flows), END_CAPTURE, &d->last);
    table_free(&d->flows);
    secrets_free(&d->secrets);
    net_free(&d->net);
    free(d);
}
