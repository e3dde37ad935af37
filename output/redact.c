/* Events arrive, copies without names leave; see redact.h. A copy begins as the original and has
 * every pointer to captured text replaced. */
#include "output/redact.h"

#include "output/date.h"

/* What becomes of a header field or a property's value; those without a row are left out. */
enum treatment { LEAVE_OUT, KEEP, AS_HOST, AS_URL, AS_TEXT, AS_MEDIA_TYPE, AS_TIME };

static const enum treatment of_fields[HTTP_FIELD_N] = {
    [HTTP_HOST] = AS_HOST,
    [HTTP_USER_AGENT] = KEEP,
    [HTTP_SERVER] = KEEP,
    [HTTP_CONTENT_TYPE] = AS_MEDIA_TYPE,
    [HTTP_CONTENT_ENCODING] = KEEP,
    [HTTP_ACCEPT_ENCODING] = KEEP,
    [HTTP_CONTENT_LENGTH] = KEEP,
    [HTTP_CONTENT_LOCATION] = AS_URL,
    [HTTP_TRANSFER_ENCODING] = KEEP,
    [HTTP_CONNECTION] = KEEP,
    [HTTP_UPGRADE] = KEEP,
    [HTTP_EXPECT] = KEEP,
    [HTTP_DATE] = KEEP,
    [HTTP_LOCATION] = AS_URL,
    [HTTP_RETRY_AFTER] = KEEP,
    [HTTP_ETAG] = KEEP,
    [HTTP_OC_ETAG] = KEEP,
    [HTTP_IF_MATCH] = KEEP,
    [HTTP_IF_NONE_MATCH] = KEEP,
    [HTTP_IF_SCHEDULE_TAG_MATCH] = KEEP,
    [HTTP_X_FORWARDED_HOST] = AS_HOST,
    [HTTP_X_FORWARDED_PROTO] = KEEP,
    [HTTP_X_FORWARDED_PREFIX] = AS_URL,
    [HTTP_DAV] = KEEP,
    [HTTP_DEPTH] = KEEP,
    [HTTP_DESTINATION] = AS_URL,
    [HTTP_OVERWRITE] = KEEP,
    [HTTP_PREFER] = KEEP,
    [HTTP_PREFERENCE_APPLIED] = KEEP,
    [HTTP_BRIEF] = KEEP,
    [HTTP_TRANSLATE] = KEEP,
    [HTTP_X_HTTP_METHOD_OVERRIDE] = KEEP,
    [HTTP_X_HTTP_METHOD] = KEEP,
    [HTTP_X_METHOD_OVERRIDE] = KEEP,
};

static const enum treatment of_values[VALUE_N] = {
    [VALUE_ETAG] = KEEP,          [VALUE_LAST_MODIFIED] = AS_TIME, [VALUE_CREATION_DATE] = AS_TIME,
    [VALUE_SYNC_TOKEN] = AS_TEXT, [VALUE_CTAG] = AS_TEXT,          [VALUE_QUOTA_AVAILABLE] = KEEP,
    [VALUE_PERMISSIONS] = KEEP,   [VALUE_RESOURCETYPE] = AS_TEXT,  [VALUE_DISPLAYNAME] = AS_TEXT,
    [VALUE_PRINCIPAL] = AS_URL,
};

/* One event while its copy is made. */
struct copying {
    const struct pseudonyms *p;
    struct arena *arena;
    bool has_failed;
};

static struct span checked(struct copying *c, struct span before, struct span after)
{
    c->has_failed |= before.ptr && !after.ptr;
    return after;
}

static struct span url(struct copying *c, struct span s)
{
    return checked(c, s, pseudonym_url(c->p, s));
}

static struct span host(struct copying *c, struct span s)
{
    return checked(c, s, pseudonym_host(c->p, s));
}

static struct span text(struct copying *c, struct span s)
{
    return checked(c, s, pseudonym_text(c->p, s));
}

/* A copy of n items of one size; NULL for none, or without memory. */
static void *items(struct copying *c, const void *from, size_t n, size_t item_bytes)
{
    if (n == 0)
        return NULL;
    struct span copy = arena_copy(c->arena, span_of(from, n * item_bytes));
    c->has_failed |= !copy.ptr;
    return (void *)(uintptr_t)copy.ptr;
}

/* ---- the parts of an event ---- */

static const struct span *urls(struct copying *c, const struct span *from, size_t n)
{
    struct span *copies = items(c, from, n, sizeof *from);
    for (size_t i = 0; copies && i < n; i++)
        copies[i] = url(c, copies[i]);
    return copies;
}

static struct endpoint endpoint(struct copying *c, const struct endpoint *from)
{
    return (struct endpoint){pseudonym_address(c->p, &from->address), from->port};
}

static const struct event_connection *copy_connection(struct copying *c,
                                                      const struct event_connection *from)
{
    struct event_connection *connection = items(c, from, 1, sizeof *from);
    if (!connection)
        return NULL;
    connection->client = endpoint(c, &connection->client);
    connection->server = endpoint(c, &connection->server);
    connection->proxy = endpoint(c, &connection->proxy);
    connection->client_twin = endpoint(c, &connection->client_twin);
    connection->server_twin = endpoint(c, &connection->server_twin);
    return connection;
}

/* Anything else in its place can be a text of people. */
static bool is_time(struct span s)
{
    static const char seconds[] = "Second-";
    int64_t time;
    uint64_t n;
    bool is_timeout = span_equal(s, span_str("Infinite")) ||
                      (span_starts(s, span_str(seconds)) &&
                       span_decimal(span_after(s, sizeof seconds - 1), UINT64_MAX, &n));
    return is_timeout || date_read_http(s, &time) || date_is_mail(s) || date_is_internet(s);
}

static struct span treat(struct copying *c, enum treatment treatment, struct span value)
{
    switch (treatment) {
    case KEEP:
        return value;
    case AS_HOST:
        return host(c, value);
    case AS_URL:
        return url(c, value);
    case AS_TEXT:
        return text(c, value);
    case AS_MEDIA_TYPE: /* a parameter can hold anything: the name of a file, a boundary */
        return span_trim(span_first(value, span_find_byte(value, ';')));
    case AS_TIME:
        return is_time(value) ? value : text(c, value);
    case LEAVE_OUT:
        break;
    }
    return (struct span){NULL, 0};
}

static const struct exchange *copy_exchange(struct copying *c, const struct exchange *from)
{
    struct exchange *exchange = items(c, from, 1, sizeof *from);
    if (!exchange)
        return NULL;
    struct exchange_message *both[] = {&exchange->request, &exchange->response};
    for (int m = 0; m < 2; m++)
        for (int i = 0; i < HTTP_FIELD_N; i++)
            both[m]->fields[i] = treat(c, of_fields[i], both[m]->fields[i]);
    exchange->target = url(c, exchange->target);
    exchange->anomalies =
        items(c, exchange->anomalies, exchange->n_anomalies, sizeof *exchange->anomalies);
    for (size_t i = 0; exchange->anomalies && i < exchange->n_anomalies; i++)
        if (exchange->anomalies[i].kind != ANOMALY_LIMIT) /* its text is a name of ours */
            exchange->anomalies[i].text[0] = '\0';
    exchange->user = NULL;
    return exchange;
}

static const struct request *copy_request(struct copying *c, const struct request *from)
{
    struct request *request = items(c, from, 1, sizeof *from);
    if (!request)
        return NULL;
    request->target = url(c, request->target);
    request->destination = url(c, request->destination);
    request->host = host(c, request->host);
    request->forwarded_host = host(c, request->forwarded_host);
    request->sync_token = text(c, request->sync_token);
    request->lock_owner = text(c, request->lock_owner);
    request->hrefs = (struct request_hrefs){.n = 0};
    request->arena = (struct arena){.last = NULL};
    request->property_list = (struct list){.n = 0};
    request->property_index = (struct href_index){.n = 0};
    return request;
}

static void copy_conditions(struct copying *c, struct conditions *conditions)
{
    conditions->hrefs = urls(c, conditions->hrefs, conditions->n_hrefs);
}

static void copy_propstat(struct copying *c, struct propstat *propstat)
{
    propstat->status.reason = span_str("");
    propstat->description = text(c, propstat->description);
    copy_conditions(c, &propstat->conditions);
}

static const struct active_lock *copy_locks(struct copying *c, const struct resource *from)
{
    struct active_lock *locks = items(c, from->locks, from->n_locks, sizeof *locks);
    for (size_t i = 0; locks && i < from->n_locks; i++) {
        locks[i].root = url(c, locks[i].root);
        locks[i].owner = text(c, locks[i].owner);
        locks[i].timeout = treat(c, AS_TIME, locks[i].timeout);
    }
    return locks;
}

static const struct resource *copy_resource(struct copying *c, const struct resource *from)
{
    struct resource *resource = items(c, from, 1, sizeof *from);
    if (!resource)
        return NULL;
    if (!(resource->flags & RESOURCE_NO_HREF)) /* else it is a number of ours */
        resource->hrefs = urls(c, resource->hrefs, resource->n_hrefs);
    resource->status.reason = span_str("");
    struct propstat *propstats =
        items(c, resource->propstats, resource->n_propstats, sizeof *propstats);
    for (size_t i = 0; propstats && i < resource->n_propstats; i++)
        copy_propstat(c, &propstats[i]);
    resource->propstats = propstats;
    copy_conditions(c, &resource->conditions);
    resource->description = text(c, resource->description);
    resource->location = url(c, resource->location);
    resource->uid = text(c, resource->uid);
    for (int i = 0; i < VALUE_N; i++)
        resource->values[i] = treat(c, of_values[i], resource->values[i]);
    resource->locks = copy_locks(c, from);
    return resource;
}

static const struct document_end *copy_end(struct copying *c, const struct document_end *from)
{
    struct document_end *end = items(c, from, 1, sizeof *from);
    if (!end)
        return NULL;
    end->missing = urls(c, end->missing, end->n_missing_named);
    end->sync_token = text(c, end->sync_token);
    end->description = text(c, end->description);
    end->broken_href = url(c, end->broken_href);
    return end;
}

static const char *copy_server_name(struct copying *c, const char *name)
{
    struct span pseudonym = host(c, span_str(name));
    char *copy = arena_take(c->arena, pseudonym.len + 1);
    c->has_failed |= !copy;
    if (copy && pseudonym.len > 0)
        memcpy(copy, pseudonym.ptr, pseudonym.len);
    return copy;
}

static enum feed take_event(void *ctx, const struct event *event)
{
    struct redact *redact = ctx;
    struct copying c = {.p = &redact->pseudonyms, .arena = &redact->arena};
    struct event copy = *event;
    arena_reset(&redact->arena);
    if (event->connection)
        copy.connection = copy_connection(&c, event->connection);
    if (event->exchange)
        copy.exchange = copy_exchange(&c, event->exchange);
    if (event->request)
        copy.request = copy_request(&c, event->request);
    if (event->resource)
        copy.resource = copy_resource(&c, event->resource);
    if (event->end)
        copy.end = copy_end(&c, event->end);
    copy.page_title = text(&c, event->page_title);
    if (event->server_name)
        copy.server_name = copy_server_name(&c, copy.server_name);
    return c.has_failed ? FEED_NOMEM : redact->next.event(redact->next.ctx, &copy);
}

void redact_init(struct redact *redact, const struct hash_key *key, struct event_sink next)
{
    *redact = (struct redact){.next = next};
    redact->pseudonyms = (struct pseudonyms){*key, &redact->arena};
    arena_init(&redact->arena, SIZE_MAX);
}

struct event_sink redact_sink(struct redact *redact)
{
    return (struct event_sink){take_event, redact};
}

void redact_free(struct redact *redact)
{
    arena_free(&redact->arena);
}
