/* Entries begin and end here, and the sink is told so. Takes no messages. */
#include "dissector/http/exchange_life.h"

struct exchange_entry *exchange_life_waiting(struct exchanges *exchanges, uint32_t stream)
{
    struct exchange_entry *entry = exchanges->first;
    if (stream != 0) {
        entry = exchange_entry_find(exchanges, stream);
        return entry && !entry->exchange.response.is_seen ? entry : NULL;
    }
    while (entry && (entry->exchange.stream != stream || !entry->is_in_order ||
                     entry->exchange.response.is_seen))
        entry = entry->next;
    return entry;
}

void exchange_life_end(struct exchange_entry *entry, const struct origin *origin)
{
    struct exchanges *exchanges = entry->owner;
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        if (exchanges->current[dir] == entry)
            exchanges->current[dir] = NULL;
    if (exchanges->tail == entry)
        exchanges->tail = NULL;
    exchanges->sink.ops->ended(exchanges->sink.ctx, &entry->exchange, origin);
    exchange_entry_remove(entry);
}

/* Whether nothing more can come for it. */
static bool is_over(const struct exchange_entry *entry)
{
    if (entry->is_open[DIR_CLIENT] || entry->is_open[DIR_SERVER])
        return false;
    return entry->exchange.response.is_seen || !entry->is_in_order;
}

enum feed exchange_life_end_message(struct exchange_entry *entry, enum dir dir, enum end why,
                                    const struct origin *origin)
{
    const struct exchange_sink *sink = &entry->owner->sink;
    struct exchange_message *message = exchange_entry_message(entry, dir);
    entry->is_open[dir] = false;
    message->has_ended = true;
    message->end = why;
    message->is_complete = why == END_COMPLETE && message->missing_bytes == 0;
    return dir == DIR_CLIENT ? sink->ops->request_end(sink->ctx, &entry->exchange, why, origin)
                             : sink->ops->response_end(sink->ctx, &entry->exchange, why, origin);
}

void exchange_life_end_waiting(struct exchanges *exchanges, const struct origin *origin)
{
    struct exchange_entry *next;
    for (struct exchange_entry *entry = exchanges->first; entry; entry = next) {
        next = entry->next;
        if (!entry->exchange.response.is_seen && entry != exchanges->tail)
            entry->is_in_order = false;
        if (is_over(entry) && entry != exchanges->tail)
            exchange_life_end(entry, origin);
    }
}

struct exchange_entry *exchange_life_add(struct exchanges *exchanges, uint32_t stream)
{
    struct exchange_entry *entry = exchange_entry_add(exchanges, stream);
    if (entry && exchanges->has_early) {
        exchange_note(&entry->exchange, exchanges->limits, &exchanges->early);
        exchanges->has_early = false;
    }
    return entry;
}

/* Whether the response has a body at all, which its request decides (RFC 9112 §6.3): WANTED, if
 * somebody wants it. */
static enum http_body body_presence(const struct exchange *exchange)
{
    if (exchange->status == 101)
        return HTTP_BODY_TUNNEL;
    if (!exchange->request.is_seen || (exchange->method.len == 0 && exchange->stream == 0))
        return HTTP_BODY_UNSURE;
    if (span_equal(exchange->method, span_str("HEAD")))
        return HTTP_BODY_ABSENT;
    bool is_success = exchange->status >= 200 && exchange->status < 300;
    if (is_success && span_equal(exchange->method, span_str("CONNECT")))
        return HTTP_BODY_TUNNEL;
    return HTTP_BODY_WANTED;
}

enum http_body exchange_life_ask(struct exchange_entry *entry, const struct origin *origin)
{
    const struct exchange_sink *sink = &entry->owner->sink;
    enum http_body presence = body_presence(&entry->exchange);
    entry->owner->is_connected = presence == HTTP_BODY_TUNNEL && entry->exchange.status != 101;
    if (presence == HTTP_BODY_ABSENT || presence == HTTP_BODY_TUNNEL)
        entry->exchange.response.framing = HTTP_FRAMING_NONE;
    enum http_body answer = sink->ops->response(sink->ctx, &entry->exchange, origin);
    entry->is_declined = answer != HTTP_BODY_WANTED;
    return presence == HTTP_BODY_WANTED || answer == HTTP_BODY_NOMEM ? answer : presence;
}

struct exchange_entry *exchange_life_add_unpaired(struct exchanges *exchanges, uint32_t stream,
                                                  const struct origin *origin)
{
    struct anomaly unpaired = anomaly_make(ANOMALY_UNPAIRED, origin, 0, NULL);
    struct exchange_entry *entry = exchange_life_add(exchanges, stream);
    if (entry)
        exchange_note(&entry->exchange, exchanges->limits, &unpaired);
    return entry;
}

void exchange_life_end_if_over(struct exchange_entry *entry, const struct origin *origin)
{
    if (is_over(entry))
        exchange_life_end(entry, origin);
}
