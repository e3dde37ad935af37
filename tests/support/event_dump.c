/* Events arrive, lines leave. A line has the kind first, then what a reader looks for, then
 * details; what is absent, zero or as usual is left out, so that lines stay short. */
#include "tests/support/event_dump.h"

#include "dissector/base/buf.h"
#include "output/address.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE_BYTES = 64 << 20 };

static void *grown(void *array, size_t n, size_t item_bytes)
{
    void *larger = realloc(array, (n + 1) * item_bytes);
    if (!larger)
        abort();
    return larger;
}

static void add(struct buf *out, struct span bytes)
{
    if (buf_append(out, bytes) != BUF_OK)
        abort();
}

__attribute__((format(printf, 2, 3))) static void say(struct buf *out, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add(out, span_str(text));
}

/* label"text", with what is no printable ASCII or UTF-8 as \xHH; nothing when text is absent. */
static void say_text(struct buf *out, const char *label, struct span text)
{
    if (!text.ptr)
        return;
    say(out, "%s\"", label);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.ptr[i];
        if (byte < 0x20 || byte == 0x7f || byte == '\\' || byte == '"')
            say(out, "\\x%02x", byte);
        else
            add(out, span_of(&byte, 1));
    }
    say(out, "\"");
}

static void say_names(struct buf *out, const char *label, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        say(out, "%s{", i == 0 ? label : ",");
        add(out, names[i].space);
        say(out, "}");
        add(out, names[i].local);
    }
}

static void say_flags(struct buf *out, uint32_t flags, unsigned n, const char *(*name)(unsigned))
{
    for (unsigned i = 0; i < n; i++)
        if (flags & UINT32_C(1) << i)
            say(out, " +%s", name(i));
}

static void say_conditions(struct buf *out, const struct conditions *conditions)
{
    say_names(out, " error=", conditions->names, conditions->n);
    for (size_t i = 0; i < conditions->n_hrefs; i++)
        say_text(out, " about=", conditions->hrefs[i]);
}

static void say_status(struct buf *out, const struct status_line *status)
{
    if (status->is_present)
        say(out, " %u%s", status->code, status->is_odd ? "?" : "");
}

static void say_propstat(struct buf *out, const struct propstat *propstat)
{
    say(out, " [");
    say_status(out, &propstat->status);
    say(out, " %s", outcome_name(propstat->class));
    say_names(out, " ", propstat->properties, propstat->n_properties);
    if (propstat->n_properties_more)
        say(out, " and %" PRIu64 " more", propstat->n_properties_more);
    say_conditions(out, &propstat->conditions);
    say_text(out, " description=", propstat->description);
    say(out, " ]");
}

static void say_resource(struct buf *out, const struct resource *resource)
{
    say(out, " %s", outcome_name(resource->class));
    for (size_t i = 0; i < resource->n_hrefs; i++)
        say_text(out, " ", resource->hrefs[i]);
    if (resource->relation > RELATION_MEMBER)
        say(out, " %s", relation_name(resource->relation));
    if (resource->is_of_destination)
        say(out, " of-destination");
    say_status(out, &resource->status);
    for (size_t i = 0; i < resource->n_propstats; i++)
        say_propstat(out, &resource->propstats[i]);
    if (resource->retry != RETRY_NONE)
        say(out, " retry=%s", retry_name(resource->retry));
    say_conditions(out, &resource->conditions);
    say_text(out, " description=", resource->description);
    say_text(out, " location=", resource->location);
    say_text(out, " uid=", resource->uid);
    say_flags(out, resource->flags, RESOURCE_FLAG_N, resource_flag_name);
    if (resource->end != resource->offset)
        say(out, " bytes=%" PRIu64 "-%" PRIu64, resource->offset, resource->end);
}

static void say_end(struct buf *out, const struct document_end *end)
{
    say(out, " %s", verdict_name(end->verdict));
    if (end->reason)
        say(out, " (%s)", end->reason);
    say(out, " %s%s", operation_name(end->operation), end->is_operation_inferred ? "?" : "");
    say(out, " %s resources=%" PRIu64, format_name(end->format), end->n_resources);
    for (unsigned i = 0; i < OUTCOME_N; i++)
        if (end->by_class[i])
            say(out, " %s=%" PRIu64, outcome_name(i), end->by_class[i]);
    for (unsigned i = 0; i < STATUS_N; i++)
        if (end->by_status[i])
            say(out, " %u=%" PRIu32, i, end->by_status[i]);
    say_flags(out, end->flags, DOCUMENT_FLAG_N, document_flag_name);
    if (end->has_sync_token)
        say_text(out, " sync-token=", end->sync_token);
    say_text(out, " description=", end->description);
    if (end->has_requested)
        say(out, " requested=%" PRIu64, end->n_requested);
    if (end->n_unlisted)
        say(out, " unlisted=%" PRIu64, end->n_unlisted);
    for (size_t i = 0; i < end->n_missing_named; i++)
        say_text(out, " unanswered=", end->missing[i]);
    for (size_t i = 0; i < end->n_left_out; i++) {
        say_text(out, " left-out=", end->left_out[i].property.local);
        say(out, "*%" PRIu64, end->left_out[i].n_resources);
    }
    if (end->missing_bytes)
        say(out, " missing%s%" PRIu64, end->is_missing_at_most ? "<=" : "=", end->missing_bytes);
    /* How much was decoded before it turned out to be undecodable depends on the segments. */
    if (end->verdict != VERDICT_UNDECODABLE)
        say(out, " decoded=%" PRIu64, end->decoded_bytes);
    if (!end->is_complete)
        say(out, " not-complete");
}

static void say_message(struct buf *out, const struct exchange_message *message)
{
    if (!message->is_seen) {
        say(out, " unseen");
        return;
    }
    say(out, " %s %" PRIu64, message->has_ended ? end_name(message->end) : "open",
        message->body_bytes);
    if (message->missing_bytes)
        say(out, " missing%s%" PRIu64, message->is_missing_at_most ? "<=" : "=",
            message->missing_bytes);
    if (!message->is_complete)
        say(out, " not-complete");
}

static void say_anomaly(struct buf *out, const struct anomaly *anomaly)
{
    say(out, " !%s", anomaly_name(anomaly->kind));
    if (anomaly->text[0])
        say(out, "(%s)", anomaly->text);
    if (anomaly->n_bytes)
        say(out, " n=%" PRIu64, anomaly->n_bytes);
    if (anomaly->has_offset)
        say(out, " at=%" PRIu64, anomaly->offset);
}

static void say_exchange(struct buf *out, const struct exchange *exchange)
{
    say(out, ".%" PRIu64 " ", exchange->number);
    add(out, exchange->method.len > 0 ? exchange->method : span_str("?"));
    say_text(out, " ", exchange->target);
    say(out, " %u request", exchange->status);
    say_message(out, &exchange->request);
    say(out, " response");
    say_message(out, &exchange->response);
    for (size_t i = 0; i < exchange->n_anomalies; i++)
        say_anomaly(out, &exchange->anomalies[i]);
    if (exchange->n_anomalies_more)
        say(out, " and %" PRIu64 " more", exchange->n_anomalies_more);
}

/* The place, from 1, of a number among those seen so far. */
static uint64_t place_of(uint64_t number, uint64_t **seen, size_t *n_seen)
{
    for (size_t i = 0; i < *n_seen; i++)
        if ((*seen)[i] == number)
            return i + 1;
    *seen = grown(*seen, *n_seen, sizeof **seen);
    (*seen)[(*n_seen)++] = number;
    return *n_seen;
}

static bool is_whole(const struct event *event)
{
    const struct exchange *exchange = event->exchange;
    switch (event->kind) {
    case EVENT_RESOURCE:
        return !(event->resource->flags & RESOURCE_PARTIAL);
    case EVENT_DOCUMENT_END:
        return event->end->verdict != VERDICT_INCOMPLETE;
    case EVENT_EXCHANGE:
        return exchange->request.is_complete && exchange->response.is_complete;
    case EVENT_DOCUMENT_BEGIN:
    case EVENT_LOCKS:
    case EVENT_TLS_OPAQUE:
        break;
    }
    return true;
}

/* Who a PROXY header says the client is. */
static void say_proxied(struct buf *out, const struct event_connection *connection)
{
    char address[ADDRESS_TEXT_BYTES];
    if (connection->proxy.address.version == 0)
        return;
    address_text(&connection->client.address, address);
    say(out, " for %s %u", address, connection->client.port);
}

static void say_locks(struct buf *out, const struct resource *resource)
{
    say_text(out, " ", resource->hrefs[0]);
    for (size_t i = 0; i < resource->n_locks; i++) {
        const struct active_lock *lock = &resource->locks[i];
        say(out, " |%s%s%s", lock->token ? " token" : "", lock->is_shared ? " shared" : "",
            lock->is_deep ? " deep" : "");
        say_text(out, " owner=", lock->owner);
        say_text(out, " timeout=", lock->timeout);
        say_text(out, " root=", lock->root);
    }
}

static void say_event(struct buf *out, const struct event *event, uint64_t document,
                      uint64_t connection)
{
    switch (event->kind) {
    case EVENT_DOCUMENT_BEGIN:
        say(out, "begin %" PRIu64, document);
        break;
    case EVENT_RESOURCE:
        say(out, "resource %" PRIu64 ".%" PRIu64, document, event->resource->ordinal);
        say_resource(out, event->resource);
        break;
    case EVENT_DOCUMENT_END:
        say(out, "end %" PRIu64, document);
        say_end(out, event->end);
        say_text(out, " coding-unknown=", span_str(event->content_unknown));
        break;
    case EVENT_LOCKS:
        say(out, "locks %" PRIu64, connection);
        say_locks(out, event->resource);
        break;
    case EVENT_EXCHANGE:
        say(out, "exchange %" PRIu64, connection);
        say_exchange(out, event->exchange);
        say_text(out, " title=", event->page_title);
        say_proxied(out, event->connection);
        break;
    case EVENT_TLS_OPAQUE:
        say(out, "opaque %" PRIu64, connection);
        say_text(out, " server=", span_str(event->server_name));
        break;
    }
}

static enum feed take_event(void *ctx, const struct event *event)
{
    struct event_dump *dump = ctx;
    struct event_line line = {.kind = event->kind, .is_whole = is_whole(event)};
    if (event->kind != EVENT_EXCHANGE && event->kind != EVENT_TLS_OPAQUE &&
        event->kind != EVENT_LOCKS)
        line.document = place_of(event->document, &dump->documents, &dump->n_documents);
    if (event->kind == EVENT_DOCUMENT_END)
        line.verdict = event->end->verdict;
    uint64_t connection =
        place_of(event->connection->number, &dump->connections, &dump->n_connections);
    struct buf text;
    buf_init(&text, MAX_LINE_BYTES);
    say_event(&text, event, line.document, connection);
    add(&text, span_of("", 1));
    line.text = (char *)text.ptr;
    dump->lines = grown(dump->lines, dump->n_lines, sizeof *dump->lines);
    dump->lines[dump->n_lines++] = line;
    return FEED_OK;
}

struct event_sink event_dump_sink(struct event_dump *dump)
{
    return (struct event_sink){take_event, dump};
}

void event_dump_free(struct event_dump *dump)
{
    for (size_t i = 0; i < dump->n_lines; i++)
        free(dump->lines[i].text);
    free(dump->lines);
    free(dump->connections);
    free(dump->documents);
    *dump = (struct event_dump){0};
}
