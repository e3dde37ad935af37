/* A record as one JSON object, member by member in the order of the documentation; see
 * json_record.h. Shortens nothing. */
#include "output/json_record.h"

#include "output/json_names.h"
#include "output/json_parts.h"

#include <stdio.h>

enum { N_MEMOS = 2 }; /* what is there, and what is not */

static const char *const depth_names[] = {
    [DEPTH_0] = "0",
    [DEPTH_1] = "1",
    [DEPTH_INFINITY] = "infinity",
};

/* An origin that was never set has ordinal 0. */
static bool is_set(const struct origin *origin)
{
    return origin->ordinal > 0;
}

static const char *outcome_of(const struct document_end *end)
{
    switch (end->verdict) {
    case VERDICT_ALL_OK:
        return "success";
    case VERDICT_EMPTY: /* "suspicious" and "target-absent" say that something is not as usual */
        return end->reason && strcmp(end->reason, "no-match") == 0 ? "success" : "unknown";
    case VERDICT_MIXED:
    case VERDICT_ALL_FAILED:
        return "failure";
    default:
        return "unknown";
    }
}

static void put_event(struct json *json, const struct record *record)
{
    const struct origin *start = &record->exchange->request.first;
    const struct origin *end = &record->exchange->response.last;
    bool has_start = record->exchange->request.is_seen && is_set(start);
    json_put_object(json, "event");
    json_put_text(json, "kind", "event");
    json_put_array(json, "category");
    json_text(json, "network");
    json_text(json, "web");
    json_end(json);
    json_put_text(json, "dataset", "davscope.multistatus");
    json_put_text(json, "outcome", outcome_of(&record->end));
    if (has_start)
        json_put_time(json, "start", start->time_ns);
    if (is_set(end))
        json_put_time(json, "end", end->time_ns);
    if (has_start && is_set(end) && end->time_ns >= start->time_ns)
        json_put_number(json, "duration", (uint64_t)end->time_ns - (uint64_t)start->time_ns);
    json_end(json);
}

static void put_connection(struct json *json, const struct event_connection *connection)
{
    json_put_endpoint(json, "source", &connection->client);
    json_put_endpoint(json, "destination", &connection->server);
    json_put_object(json, "network");
    json_put_text(json, "type", connection->client.address.version == 6 ? "ipv6" : "ipv4");
    json_put_text(json, "transport", "tcp");
    json_put_text(json, "protocol", "http");
    json_end(json);
    if (!connection->tls_version)
        return;
    json_put_object(json, "tls");
    json_put_text(json, "version", connection->tls_version);
    json_end(json);
}

static void put_mime_type(struct json *json, const struct exchange_message *message)
{
    struct span type = message->fields[HTTP_CONTENT_TYPE];
    type = span_trim(span_first(type, span_find_byte(type, ';')));
    if (type.len > 0)
        json_put_string(json, "mime_type", type);
}

static void put_bytes(struct json *json, const char *key, uint64_t n_bytes)
{
    json_put_object(json, key);
    json_put_number(json, "bytes", n_bytes);
    json_end(json);
}

static void put_http_request(struct json *json, const struct record *record)
{
    const struct exchange_message *request = &record->exchange->request;
    json_put_object(json, "request");
    if (record->exchange->method.len > 0)
        json_put_string(json, "method", record->exchange->method);
    put_bytes(json, "body", request->body_bytes);
    put_mime_type(json, request);
    json_end(json);
}

static void put_http(struct json *json, const struct record *record)
{
    const struct exchange_message *response = &record->exchange->response;
    const struct exchange_message *spoken =
        response->is_seen ? response : &record->exchange->request;
    char version[16];
    const char *format = spoken->version_major >= 2 ? "%u" : "%u.%u";
    (void)snprintf(version, sizeof version, format, (unsigned)spoken->version_major,
                   (unsigned)spoken->version_minor);
    json_put_object(json, "http");
    if (spoken->version_major > 0)
        json_put_text(json, "version", version);
    if (record->exchange->request.is_seen)
        put_http_request(json, record);
    json_put_object(json, "response");
    if (record->exchange->status > 0)
        json_put_number(json, "status_code", record->exchange->status);
    put_mime_type(json, response);
    if (!record->exchange->is_tail) {
        put_bytes(json, "body", record->end.decoded_bytes);
        json_put_number(json, "bytes", response->body_bytes);
    }
    json_end(json);
    json_end(json);
}

static void put_request_texts(struct json *json, const struct record *record)
{
    const struct record_url *url = &record->url;
    if (url->domain.ptr || url->path.ptr || url->query.ptr) {
        json_put_object(json, "url");
        json_put_string(json, "full", url->full);
        json_put_string(json, "domain", url->domain);
        json_put_string(json, "path", url->path);
        json_put_string(json, "query", url->query);
        json_end(json);
    }
    struct span user_agent = record->exchange->request.fields[HTTP_USER_AGENT];
    if (!user_agent.ptr)
        return;
    json_put_object(json, "user_agent");
    json_put_string(json, "original", user_agent);
    json_end(json);
}

/* The names of the bits set, as an array; nothing when none is. */
static void put_flags(struct json *json, uint32_t flags, const char *(*name)(unsigned i))
{
    if (flags == 0)
        return;
    json_put_array(json, "flags");
    for (unsigned i = 0; i < 32; i++)
        if (flags >> i & 1)
            json_text(json, name(i));
    json_end(json);
}

static void put_conditions(struct json *json, const struct conditions *conditions)
{
    if (conditions->n > 0)
        json_put_names(json, "conditions", conditions->names, conditions->n);
}

static void put_propstat(struct json *json, const struct propstat *propstat,
                         struct json_names_memo *memo)
{
    json_object(json);
    if (propstat->status.code > 0)
        json_put_number(json, "status", propstat->status.code);
    json_put_text(json, "class", outcome_name(propstat->class));
    json_put_names_again(json, "properties", memo, propstat->properties, propstat->n_properties);
    if (propstat->n_properties_more > 0)
        json_put_number(json, "properties_omitted", propstat->n_properties_more);
    put_conditions(json, &propstat->conditions);
    json_put_string(json, "description", propstat->description);
    json_end(json);
}

static void put_hrefs(struct json *json, const struct resource *resource)
{
    json_put_string(json, "href", resource->hrefs[0]);
    if (resource->n_hrefs == 1)
        return;
    json_put_array(json, "hrefs");
    for (size_t i = 0; i < resource->n_hrefs; i++)
        json_string(json, resource->hrefs[i]);
    json_end(json);
}

/* memos: one for each of the first propstats, which those of the resources behind are like. */
static void put_resource(struct json *json, const struct resource *resource,
                         struct json_names_memo memos[N_MEMOS])
{
    json_object(json);
    put_hrefs(json, resource);
    if (resource->status.code > 0)
        json_put_number(json, "status", resource->status.code);
    json_put_text(json, "class", outcome_name(resource->class));
    json_put_text(json, "retry", retry_name(resource->retry));
    if (resource->relation != RELATION_UNKNOWN)
        json_put_text(json, "relation", relation_name(resource->relation));
    if (resource->is_of_destination)
        json_put_text(json, "tree", "destination");
    put_flags(json, resource->flags, resource_flag_name);
    put_conditions(json, &resource->conditions);
    json_put_string(json, "description", resource->description);
    json_put_string(json, "location", resource->location);
    json_put_string(json, "uid", resource->uid);
    if (resource->n_propstats > 0) {
        json_put_array(json, "propstats");
        for (size_t i = 0; i < resource->n_propstats; i++)
            put_propstat(json, &resource->propstats[i], &memos[i % N_MEMOS]);
        json_end(json);
    }
    json_end(json);
}

static void put_counts(struct json *json, const struct document_end *end)
{
    json_put_object(json, "counts");
    json_put_number(json, "resources", end->n_resources);
    json_put_by_class(json, end->by_class);
    uint64_t by_status[STATUS_N];
    for (unsigned code = 0; code < STATUS_N; code++)
        by_status[code] = end->by_status ? end->by_status[code] : 0;
    json_put_by_status(json, by_status);
    json_end(json);
}

/* The hrefs of what is missing, in one array. */
static uint64_t put_missing_hrefs(struct json *json, const struct record_resource *resources)
{
    uint64_t n = 0;
    for (const struct record_resource *r = resources; r; r = r->next) {
        if (!record_is_missing(r->pattern))
            continue;
        if (n++ == 0)
            json_put_array(json, "missing");
        json_string(json, r->hrefs[0]);
    }
    if (n > 0)
        json_end(json);
    return n;
}

/* What was asked for one by one, and what of it has no answer. */
static void put_missing(struct json *json, const struct record *record, enum resources which)
{
    const struct document_end *end = &record->end;
    if (!end->has_requested)
        return;
    json_put_number(json, "requested", end->n_requested);
    uint64_t n_named = which == RESOURCES_NONE ? 0 : put_missing_hrefs(json, record->resources);
    if (end->n_missing > n_named)
        json_put_number(json, "missing_omitted", end->n_missing - n_named);
}

/* Which of the properties named the resources speak of, one and all. */
static void put_spoken(struct json *json, const struct record *record)
{
    const struct document_end *end = &record->end;
    if (!end->has_spoken)
        return;
    json_put_number(json, "answered", record->request->n_properties - end->n_left_out);
    if (end->n_left_out > 0)
        json_put_array(json, "left_out");
    for (size_t i = 0; i < end->n_left_out; i++) {
        json_object(json);
        json_put_name(json, "property", &end->left_out[i].property);
        json_put_number(json, "resources", end->left_out[i].n_resources);
        json_end(json);
    }
    if (end->n_left_out > 0)
        json_end(json);
}

/* What the request asked for beside its target. */
static void put_asked(struct json *json, const struct record *record)
{
    static const char *const choices[] = {
        [PROPERTIES_NAMED] = "named",
        [PROPERTIES_ALL] = "all",
        [PROPERTIES_ONLY_NAMES] = "only-names",
    };
    const struct request *request = record->request;
    bool is_empty = request->choice == PROPERTIES_UNKNOWN && !request->has_sync_token &&
                    !request->has_limit && !request->is_minimal && !request->is_noroot &&
                    !record->destination.ptr;
    if (is_empty)
        return;
    json_put_object(json, "asked");
    json_put_text(json, "choice", choices[request->choice]);
    if (request->n_properties > 0)
        json_put_names(json, "properties", request->properties, request->n_properties);
    if (request->n_properties_more > 0)
        json_put_number(json, "properties_omitted", request->n_properties_more);
    put_spoken(json, record);
    if (request->has_sync_token)
        json_put_string(json, "sync_token", request->sync_token);
    if (request->has_limit)
        json_put_number(json, "limit", request->limit);
    if (request->is_minimal)
        json_put_bool(json, "minimal", true);
    if (request->is_noroot)
        json_put_bool(json, "noroot", true);
    json_put_string(json, "destination", record->destination);
    json_end(json);
}

/* What a document lacks. */
static void put_lack(struct json *json, const struct document_end *end)
{
    if (end->missing_bytes > 0)
        json_put_number(json, "missing_bytes", end->missing_bytes);
    if (end->missing_bytes > 0 && end->is_missing_at_most)
        json_put_bool(json, "missing_bytes_at_most", true);
    if (end->n_unseen > 0)
        json_put_number(json, "unseen_estimate", end->n_unseen);
}

static void put_each(struct json *json, const struct record *record, enum resources which)
{
    struct json_names_memo memos[N_MEMOS];
    for (size_t i = 0; i < N_MEMOS; i++)
        json_names_memo_init(&memos[i]);
    json_put_array(json, "resources");
    for (const struct record_resource *r = record->resources; r; r = r->next) {
        if (!record_shows(which, r->pattern) || record_is_missing(r->pattern))
            continue;
        struct resource resource = record_read(r);
        put_resource(json, &resource, memos);
    }
    json_end(json);
    for (size_t i = 0; i < N_MEMOS; i++)
        json_names_memo_free(&memos[i]);
}

static void put_resources(struct json *json, const struct record *record, enum resources which)
{
    uint64_t n_omitted = record_n_omitted(record, which);
    if (which != RESOURCES_NONE)
        put_each(json, record, which);
    if (n_omitted > 0)
        json_put_number(json, "resources_omitted", n_omitted);
}

static void put_multistatus(struct json *json, const struct record *record, enum resources which)
{
    const struct document_end *end = &record->end;
    json_put_object(json, "multistatus");
    json_put_text(json, "verdict", verdict_name(end->verdict));
    json_put_text(json, "reason", end->reason);
    if (record->operation.len > 0)
        json_put_string(json, "operation", record->operation);
    if (end->is_operation_inferred)
        json_put_bool(json, "inferred", true);
    if (record->request->is_method_overridden)
        json_put_string(json, "method_override", record->request->method);
    json_put_text(json, "format", format_name(end->format));
    json_put_text(json, "depth", depth_names[record->request->depth]);
    put_asked(json, record);
    put_counts(json, end);
    put_flags(json, end->flags, document_flag_name);
    put_lack(json, end);
    put_missing(json, record, which);
    if (end->n_unsolicited > 0)
        json_put_number(json, "unsolicited", end->n_unsolicited);
    if (end->has_sync_token)
        json_put_string(json, "sync_token", end->sync_token);
    json_put_string(json, "description", end->description);
    put_resources(json, record, which);
    json_end(json);
}

static void put_capture(struct json *json, const struct render *render, const struct record *record)
{
    if (record->origin.source >= render->n_sources)
        return;
    const struct source *source = &render->sources[record->origin.source];
    json_put_object(json, "capture");
    json_put_text(json, "file", source->file);
    json_put_text(json, "interface", source->interface);
    json_end(json);
}

static void put_frames_of(struct json *json, const char *key,
                          const struct exchange_message *message)
{
    if (!is_set(&message->first) || !is_set(&message->last))
        return;
    json_put_array(json, key);
    json_number(json, message->first.frame);
    json_number(json, message->last.frame);
    json_end(json);
}

static void put_interval(struct json *json, const char *key, const struct origin *from,
                         const struct origin *to)
{
    if (is_set(from) && is_set(to) && to->time_ns >= from->time_ns)
        json_put_number(json, key, (uint64_t)to->time_ns - (uint64_t)from->time_ns);
}

static void put_timing(struct json *json, const struct exchange *exchange)
{
    json_put_object(json, "frames");
    put_frames_of(json, "request", &exchange->request);
    put_frames_of(json, "response", &exchange->response);
    json_end(json);
    json_put_object(json, "latency");
    if (exchange->request.is_seen)
        put_interval(json, "first_byte", &exchange->request.last, &exchange->response.first);
    put_interval(json, "body", &exchange->response.first, &exchange->response.last);
    json_end(json);
}

static void put_codings(struct json *json, struct span list)
{
    json_put_array(json, "content_encoding");
    while (list.len > 0) {
        size_t comma = span_find_byte(list, ',');
        struct span coding = span_trim(span_first(list, comma));
        if (coding.len > 0)
            json_string(json, coding);
        list = span_after(list, comma + 1);
    }
    json_end(json);
}

static void put_response(struct json *json, const struct record *record)
{
    const struct span *fields = record->exchange->response.fields;
    bool has_codings = fields[HTTP_CONTENT_ENCODING].ptr != NULL;
    if (!fields[HTTP_SERVER].ptr && !has_codings && !record->content_unknown)
        return;
    json_put_object(json, "response");
    json_put_string(json, "server", fields[HTTP_SERVER]);
    if (has_codings)
        put_codings(json, fields[HTTP_CONTENT_ENCODING]);
    json_put_text(json, "coding_unknown", record->content_unknown);
    json_end(json);
}

static void put_anomaly(struct json *json, const struct anomaly *anomaly)
{
    json_object(json);
    json_put_text(json, "kind", anomaly_name(anomaly->kind));
    if (anomaly->text[0] != '\0')
        json_put_text(json, "text", anomaly->text);
    if (is_set(&anomaly->origin))
        json_put_number(json, "frame", anomaly->origin.frame);
    if (anomaly->n_bytes > 0)
        json_put_number(json, "bytes", anomaly->n_bytes);
    if (anomaly->has_offset)
        json_put_number(json, "offset", anomaly->offset);
    json_end(json);
}

static void put_anomalies(struct json *json, const struct record *record)
{
    const struct exchange *exchange = record->exchange;
    if (exchange->n_anomalies == 0 && !record->is_limited)
        return;
    json_put_array(json, "anomalies");
    for (size_t i = 0; i < exchange->n_anomalies; i++)
        put_anomaly(json, &exchange->anomalies[i]);
    if (record->is_limited) {
        struct anomaly limit =
            anomaly_make(ANOMALY_LIMIT, &record->origin, 0, "resources kept of one document");
        put_anomaly(json, &limit);
    }
    json_end(json);
    if (exchange->n_anomalies_more > 0)
        json_put_number(json, "anomalies_omitted", exchange->n_anomalies_more);
}

static void put_davscope(struct json *json, const struct render *render,
                         const struct record *record)
{
    const struct exchange *exchange = record->exchange;
    json_put_object(json, "davscope");
    json_put_number(json, "exchange", exchange->number);
    json_put_number(json, "connection", record->connection->number);
    if (record->connection->proxy.address.version != 0)
        json_put_endpoint(json, "proxy", &record->connection->proxy);
    if (exchange->stream > 0)
        json_put_number(json, "stream", exchange->stream);
    put_capture(json, render, record);
    put_timing(json, exchange);
    put_response(json, record);
    json_put_bool(json, "complete", record->end.is_complete);
    put_anomalies(json, record);
    json_end(json);
}

void json_record(const struct render *render, const struct record *record)
{
    const struct origin *first = &record->exchange->response.first;
    struct json json;
    json_begin(&json, render->writer);
    json_object(&json);
    json_put_time(&json, "@timestamp", is_set(first) ? first->time_ns : record->origin.time_ns);
    put_event(&json, record);
    put_connection(&json, record->connection);
    put_http(&json, record);
    put_request_texts(&json, record);
    put_multistatus(&json, record, render->resources);
    put_davscope(&json, render, record);
    json_end(&json);
    (void)json_finish(&json);
}
