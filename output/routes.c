/* A table of routes, never given back before routes_free; see routes.h. */
#include "output/routes.h"

#include "dissector/base/text.h"
#include "output/entries.h"

static bool is_same(const struct table_node *node, const void *key)
{
    const struct route *a = (const struct route *)node, *b = key;
    return memcmp(&a->client, &b->client, sizeof a->client) == 0 &&
           endpoint_equal(&a->server, &b->server) && strcmp(a->collection, b->collection) == 0 &&
           strcmp(a->operation, b->operation) == 0;
}

static uint64_t hash_of(const struct routes *routes, const struct route *route)
{
    const struct hash_key *key = &routes->hash_key;
    uint64_t parts[] = {
        hash_bytes(key, span_of(&route->client, sizeof route->client)),
        hash_bytes(key, span_of(&route->server.address, sizeof route->server.address)),
        route->server.port,
        hash_bytes(key, span_str(route->collection)),
        hash_bytes(key, span_str(route->operation)),
    };
    return hash_bytes(key, span_of(parts, sizeof parts));
}

static bool time_between(const struct origin *from, const struct origin *to, uint64_t *time_ns)
{
    bool is_known = from->ordinal > 0 && to->ordinal > 0 && to->time_ns >= from->time_ns;
    if (is_known)
        *time_ns = (uint64_t)to->time_ns - (uint64_t)from->time_ns;
    return is_known;
}

static void measure(struct figures *figures, const struct record *record)
{
    const struct exchange *exchange = record->exchange;
    const struct exchange_message *response = &exchange->response;
    struct counts counts = counts_of(record);
    uint64_t time_ns;
    counts_add(&figures->counts, &counts);
    causes_add(&figures->causes, record);
    for (unsigned i = 0; i < DRIFT_N; i++)
        figures->by_drift[i] += record->end.flags / DOCUMENT_SLASH_DRIFT >> i & 1;
    figures->n_pages += (record->end.flags & DOCUMENT_TRUNCATED) != 0;
    if (exchange->request.is_seen &&
        time_between(&exchange->request.last, &response->first, &time_ns))
        histogram_add(&figures->measures[MEASURE_FIRST_BYTE_NS], time_ns);
    if (!record->end.is_complete)
        return;
    if (time_between(&response->first, &response->last, &time_ns))
        histogram_add(&figures->measures[MEASURE_BODY_NS], time_ns);
    histogram_add(&figures->measures[MEASURE_BYTES], record->end.decoded_bytes);
    histogram_add(&figures->measures[MEASURE_ITEMS], record->end.n_resources);
}

/* A page that is sent the token of the one before goes on with its synchronisation. Two clients
 * behind one address that take turns count as several. */
static void follow_pages(struct routes *routes, struct route *route, const struct record *record)
{
    const struct request *request = record->request;
    const struct document_end *end = &record->end;
    if (end->operation != OPERATION_REPORT_SYNC_COLLECTION || end->root != ROOT_MULTISTATUS ||
        !end->is_complete || !request->is_body_whole)
        return;
    bool is_sent = request->has_sync_token && route->n_pages > 0 &&
                   hash_bytes(&routes->hash_key, request->sync_token) == route->next_token;
    uint64_t before = is_sent ? route->n_pages : 0;
    histogram_grow(&route->figures.measures[MEASURE_PAGES], before, before + 1);
    histogram_grow(&routes->total.measures[MEASURE_PAGES], before, before + 1);
    bool is_last = !(end->flags & DOCUMENT_TRUNCATED) || !end->has_sync_token;
    route->n_pages = is_last ? 0 : before + 1;
    route->next_token = is_last ? 0 : hash_bytes(&routes->hash_key, end->sync_token);
}

static int compare(const void *left, const void *right)
{
    const struct route *a = *(const struct route *const *)left;
    const struct route *b = *(const struct route *const *)right;
    uint64_t a_causes = figures_n_causes(&a->figures), b_causes = figures_n_causes(&b->figures);
    if (a_causes != b_causes)
        return a_causes > b_causes ? -1 : 1;
    if (a->figures.counts.n_documents != b->figures.counts.n_documents)
        return a->figures.counts.n_documents > b->figures.counts.n_documents ? -1 : 1;
    int order = strcmp(a->collection, b->collection);
    order = order != 0 ? order : strcmp(a->operation, b->operation);
    order = order != 0 ? order : memcmp(&a->client, &b->client, sizeof a->client);
    order = order != 0 ? order
                       : memcmp(&a->server.address, &b->server.address, sizeof a->server.address);
    return order != 0 ? order : (int)a->server.port - (int)b->server.port;
}

void routes_init(struct routes *routes, const struct hash_key *hash_key)
{
    *routes = (struct routes){.hash_key = *hash_key};
    table_init(&routes->table, ROUTES_MAX, ROUTES_MAX);
}

void routes_add(struct routes *routes, const struct record *record)
{
    struct route wanted = {
        .client = record->connection->client.address,
        .server = record->connection->server,
    };
    text_printable(wanted.collection, sizeof wanted.collection,
                   span_to_last(record->url.path, '/'));
    text_printable(wanted.operation, sizeof wanted.operation, record->operation);
    uint64_t hash = hash_of(routes, &wanted);
    struct route *route = (struct route *)table_find(&routes->table, hash, is_same, &wanted);
    if (!route && table_n_nodes(&routes->table) < ROUTES_MAX)
        route = entries_add(&routes->table, &wanted, sizeof wanted, hash);
    struct span product = record->exchange->response.fields[HTTP_SERVER];
    if (route && product.len > 0)
        text_printable(route->product, sizeof route->product, product);
    measure(route ? &route->figures : &routes->others, record);
    measure(&routes->total, record);
    if (route)
        follow_pages(routes, route, record);
}

bool routes_sort(const struct routes *routes, struct routes_sorted *sorted)
{
    sorted->routes = entries_sorted(&routes->table, compare, &sorted->n);
    return sorted->routes || table_n_nodes(&routes->table) == 0;
}

uint64_t figures_n_causes(const struct figures *figures)
{
    return figures->counts.by_class[OUTCOME_FAILED] + figures->counts.by_class[OUTCOME_MISSING];
}

void routes_free(struct routes *routes)
{
    entries_free(&routes->table);
}
