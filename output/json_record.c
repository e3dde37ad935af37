/* A record as one JSON object, member by member in the order of the documentation; see
 * json_record.h. Shortens nothing. */
#include "output/json_record.h"

#include "output/json_document.h"
#include "output/json_parts.h"

#include <stdio.h>

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

/* twin: as it is called behind address translation; the same, or of version 0: no other way. */
static void put_end(struct json *json, const char *key, const struct endpoint *end,
                    const struct endpoint *twin)
{
    json_put_object(json, key);
    json_put_address(json, end);
    if (twin->address.version != 0 && !endpoint_equal(end, twin))
        json_put_endpoint(json, "nat", twin);
    json_end(json);
}

static void put_connection(struct json *json, const struct event_connection *connection)
{
    put_end(json, "source", &connection->client, &connection->client_twin);
    put_end(json, "destination", &connection->server, &connection->server_twin);
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

static void put_capture(struct json *json, const struct render *render, const struct record *record)
{
    if (record->origin.source >= render->sources.n)
        return;
    const struct source *source = &render->sources.items[record->origin.source];
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

/* Whether all frames of it that are told are of that source. */
static bool is_within(const struct exchange_message *message, uint32_t source)
{
    bool is_told = is_set(&message->first) && is_set(&message->last);
    return !is_told || (message->first.source == source && message->last.source == source);
}

static void put_captures_of(struct json *json, const char *key,
                            const struct exchange_message *message, const struct sources *sources)
{
    if (!is_set(&message->first) || !is_set(&message->last))
        return;
    json_put_array(json, key);
    json_text(json, source_name(sources, message->first.source));
    json_text(json, source_name(sources, message->last.source));
    json_end(json);
}

/* In which captures the frames are to be looked for, where that is not told otherwise. */
static void put_captures(struct json *json, const struct render *render,
                         const struct record *record)
{
    const struct exchange *exchange = record->exchange;
    uint32_t source = record->origin.source;
    if (is_within(&exchange->request, source) && is_within(&exchange->response, source))
        return;
    json_put_object(json, "captures");
    put_captures_of(json, "request", &exchange->request, &render->sources);
    put_captures_of(json, "response", &exchange->response, &render->sources);
    json_end(json);
}

static void put_frames(struct json *json, const struct render *render, const struct record *record)
{
    json_put_object(json, "frames");
    put_frames_of(json, "request", &record->exchange->request);
    put_frames_of(json, "response", &record->exchange->response);
    put_captures(json, render, record);
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
    put_frames(json, render, record);
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
    json_put_document(&json, record, render->resources);
    put_davscope(&json, render, record);
    json_end(&json);
    (void)json_finish(&json);
}
