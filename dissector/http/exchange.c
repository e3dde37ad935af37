/* Messages of both directions in, exchanges out. Keeps an exchange until both its messages are over
 * or its other half can no longer come. Looks at no body. */
#include "dissector/http/exchange_tail.h"
#include "dissector/http/exchange_upgrade.h"

static bool is_interim(uint16_t status)
{
    return status > 0 && status < 200 && status != 101;
}

/* The entry whose message of dir is open on stream, or NULL. */
static struct exchange_entry *find_open(struct exchanges *exchanges, enum dir dir, uint32_t stream)
{
    struct exchange_entry *entry = exchanges->current[dir];
    if (stream != 0) {
        entry = exchange_entry_find(exchanges, stream);
        return entry && entry->is_open[dir] ? entry : NULL;
    }
    if (entry && entry->exchange.stream == stream && entry->is_open[dir])
        return entry;
    for (entry = exchanges->first; entry; entry = entry->next)
        if (entry->exchange.stream == stream && entry->is_open[dir])
            break;
    exchanges->current[dir] = entry;
    return entry;
}

/* More requests wait than we remember: none of them can be paired any more. */
static void forget_waiting(struct exchanges *exchanges, const struct origin *origin)
{
    struct anomaly limit = anomaly_make(ANOMALY_LIMIT, origin, 0, "max_pipelined");
    for (struct exchange_entry *entry = exchanges->first; entry; entry = entry->next)
        if (!entry->exchange.response.is_seen)
            exchange_note(&entry->exchange, exchanges->limits, &limit);
    exchange_life_end_waiting(exchanges, origin);
    exchange_order_lost(&exchanges->order, DIR_SERVER, false);
}

/* Whether the client that asks again takes the one answer that is open for complete: behind a body
 * without a length no other request could be answered, and one of which nothing came yet, to a
 * request that was not seen, answers HEAD. */
static bool is_taken_for_over(const struct exchanges *exchanges)
{
    const struct exchange_entry *only = exchanges->n_open == 1 ? exchanges->first : NULL;
    if (!only)
        return false;
    bool is_bare = !only->exchange.request.is_seen && !only->has_body;
    return is_bare || only->exchange.response.framing == HTTP_FRAMING_UNTIL_CLOSE;
}

/* HTTP/1: a request begins. Whether its answer can be told by order. */
static bool take_turn(struct exchanges *exchanges, const struct http_head *head,
                      const struct origin *origin)
{
    bool is_over = is_taken_for_over(exchanges);
    bool is_busy = exchanges->n_open > 0 && !is_over;
    if (is_over)
        exchange_order_answered(&exchanges->order, NULL);
    if (exchanges->n_open >= exchanges->limits->max_pipelined)
        forget_waiting(exchanges, origin);
    if (head->is_behind_end) {
        exchange_order_lost(&exchanges->order, DIR_CLIENT, false);
        return false;
    }
    if (exchange_life_waiting(exchanges, 0) && exchange_order_overlap(&exchanges->order))
        exchange_life_end_waiting(exchanges, origin);
    return exchange_order_request(&exchanges->order, &head->first, is_busy);
}

static enum http_body on_request(struct exchanges *exchanges, uint32_t stream,
                                 const struct http_head *head, const struct origin *origin)
{
    if (exchange_tail_end(exchanges, origin) == FEED_NOMEM)
        return HTTP_BODY_NOMEM;
    bool is_in_order = stream != 0 || take_turn(exchanges, head, origin);
    struct exchange_entry *entry = exchange_life_add(exchanges, stream);
    if (!entry || !exchange_entry_open(entry, DIR_CLIENT, head, origin))
        return HTTP_BODY_NOMEM;
    entry->is_in_order = is_in_order;
    entry->is_found = head->is_found;
    exchanges->current[DIR_CLIENT] = entry;
    if (stream == 0)
        exchange_upgrade_request(exchanges, head);
    return exchanges->sink.ops->request(exchanges->sink.ctx, &entry->exchange, origin);
}

/* The request that a response answers, or NULL. */
static struct exchange_entry *find_answered(struct exchanges *exchanges, uint32_t stream,
                                            const struct http_head *head,
                                            const struct origin *origin)
{
    struct exchange_entry *waiting = exchange_life_waiting(exchanges, stream);
    if (!waiting || stream != 0 ||
        exchange_order_may_answer(&exchanges->order, &head->first,
                                  &waiting->exchange.request.first))
        return waiting;
    exchange_life_end_waiting(exchanges, origin);
    return NULL;
}

static enum http_body on_response(struct exchanges *exchanges, uint32_t stream,
                                  const struct http_head *head, const struct origin *origin)
{
    bool is_due = exchange_tail_is_due(exchanges, head);
    if (is_due && !is_interim(head->status))
        exchanges->tail = NULL;
    if (!is_due && exchange_tail_end(exchanges, origin) == FEED_NOMEM)
        return HTTP_BODY_NOMEM;
    exchanges->has_response = true;
    struct exchange_entry *waiting = find_answered(exchanges, stream, head, origin);
    bool is_upgrade = !waiting || waiting->exchange.request.fields[HTTP_UPGRADE].ptr;
    if (waiting && head->status == 102)
        waiting->exchange.n_processing++;
    if (is_interim(head->status) || (head->status == 101 && !is_upgrade))
        return HTTP_BODY_ABSENT;
    /* No answer: that comes on stream 1. */
    if (stream == 0 && head->status == 101 && exchange_upgrade_is_meant(waiting, head))
        return exchange_upgrade(exchanges, waiting) == FEED_OK ? HTTP_BODY_TUNNEL : HTTP_BODY_NOMEM;
    exchange_upgrade_response(exchanges, waiting, head);
    exchange_order_response(&exchanges->order, waiting);
    struct exchange_entry *entry =
        waiting ? waiting : exchange_life_add_unpaired(exchanges, stream, origin);
    if (!entry || !exchange_entry_open(entry, DIR_SERVER, head, origin))
        return HTTP_BODY_NOMEM;
    exchanges->current[DIR_SERVER] = entry;
    return exchange_life_ask(entry, origin);
}

static enum http_body on_head(void *ctx, enum dir dir, uint32_t stream,
                              const struct http_head *head, const struct origin *origin)
{
    return dir == DIR_CLIENT ? on_request(ctx, stream, head, origin)
                             : on_response(ctx, stream, head, origin);
}

static enum feed on_body(void *ctx, enum dir dir, uint32_t stream, struct span bytes,
                         const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    const struct exchange_sink *sink = &exchanges->sink;
    struct exchange_entry *entry = find_open(exchanges, dir, stream);
    if (!entry)
        return FEED_STOP;
    entry->has_body |= dir == DIR_SERVER;
    if (dir == DIR_SERVER && entry->is_declined)
        return FEED_STOP;
    struct exchange_message *message = exchange_entry_message(entry, dir);
    message->body_bytes += bytes.len;
    entry->is_lost[dir] = false;
    exchange_message_saw(message, origin);
    return dir == DIR_CLIENT ? sink->ops->request_body(sink->ctx, &entry->exchange, bytes, origin)
                             : sink->ops->response_body(sink->ctx, &entry->exchange, bytes, origin);
}

static enum feed on_gap(void *ctx, enum dir dir, uint32_t stream, uint64_t n_bytes, bool is_cut,
                        const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    const struct exchange_sink *sink = &exchanges->sink;
    struct exchange_entry *entry = find_open(exchanges, dir, stream);
    if (!entry || (dir == DIR_SERVER && entry->is_declined))
        return FEED_STOP;
    struct anomaly gap =
        anomaly_make(is_cut ? ANOMALY_SNAPLEN : ANOMALY_CAPTURE_GAP, origin, n_bytes, NULL);
    if (n_bytes > 0) /* otherwise it was noted how many bytes are lost in all */
        exchange_note(&entry->exchange, exchanges->limits, &gap);
    struct exchange_message *message = exchange_entry_message(entry, dir);
    message->body_bytes += n_bytes;
    message->missing_bytes += n_bytes;
    entry->is_lost[dir] = !is_cut;
    return dir == DIR_CLIENT
               ? sink->ops->request_gap(sink->ctx, &entry->exchange, n_bytes, is_cut, origin)
               : sink->ops->response_gap(sink->ctx, &entry->exchange, n_bytes, is_cut, origin);
}

/* Goes to the message it concerns; outside of messages to the exchange that is nearest. But bytes
 * lost there are missing from nothing that is known, except from an answer that is waited for. */
static void on_note(void *ctx, enum dir dir, uint32_t stream, const struct anomaly *anomaly)
{
    struct exchanges *exchanges = ctx;
    bool is_loss = anomaly->kind == ANOMALY_CAPTURE_GAP || anomaly->kind == ANOMALY_SNAPLEN;
    struct exchange_entry *entry = find_open(exchanges, dir, stream);
    exchanges->has_gap |= is_loss && dir == DIR_SERVER;
    if (!entry && dir == DIR_SERVER)
        entry = exchange_life_waiting(exchanges, stream);
    else if (!entry && !is_loss)
        entry = exchanges->last;
    if (entry) {
        exchange_note(&entry->exchange, exchanges->limits, anomaly);
    } else if (!is_loss && !exchanges->has_early) {
        exchanges->early = *anomaly;
        exchanges->has_early = true;
    }
}

static enum feed on_end(void *ctx, enum dir dir, uint32_t stream, enum end why, uint64_t body_bytes,
                        const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    struct exchange_entry *entry = find_open(exchanges, dir, stream);
    if (!entry)
        return FEED_OK; /* of an interim response */
    struct exchange_message *message = exchange_entry_message(entry, dir);
    message->body_bytes = body_bytes;
    bool has_length = message->framing == HTTP_FRAMING_LENGTH;
    /* When what ends by its length ends within a loss, nobody saw when. */
    if (why == END_COMPLETE && !(has_length && entry->is_lost[dir]))
        exchange_message_saw(message, origin);
    if (why != END_COMPLETE && has_length && message->content_length > body_bytes)
        message->missing_bytes += message->content_length - body_bytes;
    if (dir == DIR_SERVER)
        exchange_order_answered(&exchanges->order, why == END_COMPLETE ? &message->last : NULL);
    if (dir == DIR_SERVER && exchange_tail_goes_on(entry, why)) {
        exchanges->tail = entry;
        return FEED_OK;
    }
    enum feed answer = exchange_life_end_message(entry, dir, why, origin);
    exchange_life_end_if_over(entry, origin);
    return answer;
}

/* Behind the last request comes what is none. When that was found by a search, it was text in a
 * body, as what follows is, and the answer is to whose body it is. */
static void disbelieve_last(struct exchanges *exchanges, const struct origin *origin)
{
    struct exchange_entry *last = exchanges->last;
    if (!last || !last->is_found || last->exchange.response.is_seen)
        return;
    last->is_in_order = false;
    exchange_life_end_if_over(last, origin);
}

static void on_lost(void *ctx, enum dir dir, const struct http_hole *hole,
                    const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    if (dir == DIR_SERVER) {
        exchanges->lacks_response = true;
        exchange_tail_lose(exchanges, hole, origin);
        return;
    }
    /* Requests seen before a loss of requests are still answered in order, before the lost ones. */
    (void)exchange_tail_end(exchanges, origin);
    /* But where a connection was joined midway, their answers may have gone by unseen. */
    if (exchanges->is_joined && !exchanges->has_response)
        exchange_life_end_waiting(exchanges, origin);
    if (!hole)
        disbelieve_last(exchanges, origin);
    exchange_order_lost(&exchanges->order, dir, hole && hole->has_begun);
}

static enum feed on_stray(void *ctx, struct span bytes, const struct origin *origin)
{
    return exchange_tail_stray(ctx, bytes, origin);
}

static void note_closing(struct exchange_entry *entry, enum dir dir, enum end why,
                         const struct origin *origin)
{
    struct exchange *exchange = &entry->exchange;
    if (exchange->response.is_seen && !entry->is_open[DIR_SERVER])
        return;
    exchange->is_closed = true;
    exchange->closed_by = dir;
    exchange->closed_why = why;
    exchange->closed_at = *origin;
}

static void on_reset(void *ctx, enum dir dir, uint32_t stream, const struct origin *origin)
{
    struct exchange_entry *entry = exchange_entry_find(ctx, stream);
    if (entry)
        note_closing(entry, dir, END_RESET, origin);
}

static void on_closed(void *ctx, uint32_t stream, const struct origin *origin)
{
    struct exchange_entry *entry = exchange_entry_find(ctx, stream);
    if (!entry)
        return;
    entry->is_in_order = false;
    exchange_life_end_if_over(entry, origin);
}

static bool on_may_upgrade(void *ctx)
{
    const struct exchanges *exchanges = ctx;
    return exchanges->may_upgrade;
}

/* It was the last thing the client asked for. */
static enum feed on_upgraded(void *ctx)
{
    struct exchanges *exchanges = ctx;
    struct exchange_entry *last = exchanges->last;
    bool is_waiting = last && last->is_in_order && !last->exchange.response.is_seen;
    return exchange_upgrade(exchanges, is_waiting ? last : NULL);
}

static const struct http_ops http_ops = {
    .head = on_head,
    .body = on_body,
    .gap = on_gap,
    .note = on_note,
    .end = on_end,
    .lost = on_lost,
    .reset = on_reset,
    .closed = on_closed,
    .stray = on_stray,
    .may_upgrade = on_may_upgrade,
    .upgraded = on_upgraded,
};

void exchanges_init(struct exchanges *exchanges, const struct limits *limits,
                    struct exchange_sink sink)
{
    *exchanges = (struct exchanges){.limits = limits, .sink = sink};
    table_init(&exchanges->streams, limits->max_streams, limits->max_streams);
}

void exchanges_share(struct exchanges *exchanges, struct pool *entries)
{
    exchanges->entries = entries;
}

void exchanges_number_from(struct exchanges *exchanges, uint64_t n)
{
    exchanges->n_numbered = n;
}

uint64_t exchanges_n_numbered(const struct exchanges *exchanges)
{
    return exchanges->n_numbered;
}

struct http_sink exchanges_sink(struct exchanges *exchanges)
{
    return (struct http_sink){&http_ops, exchanges};
}

void exchanges_join(struct exchanges *exchanges)
{
    exchanges->is_joined = true;
}

void exchanges_lack_requests(struct exchanges *exchanges, bool are_unanswered)
{
    exchange_order_assume(&exchanges->order);
    if (are_unanswered)
        exchange_order_lost(&exchanges->order, DIR_CLIENT, false);
}

bool exchanges_is_upgraded(const struct exchanges *exchanges)
{
    return exchanges->is_upgraded;
}

bool exchanges_is_connected(const struct exchanges *exchanges)
{
    return exchanges->is_connected;
}

void exchanges_closing(struct exchanges *exchanges, enum dir dir, enum end why,
                       const struct origin *origin)
{
    bool is_by_peer = why == END_FIN || why == END_RESET;
    bool is_first = !exchanges->is_closing;
    exchanges->is_closing = true;
    if (!is_first || !is_by_peer)
        return;
    for (struct exchange_entry *entry = exchanges->first; entry; entry = entry->next)
        note_closing(entry, dir, why, origin);
}

void exchanges_finish(struct exchanges *exchanges, enum end why, const struct origin *origin)
{
    (void)exchange_tail_end(exchanges, origin);
    struct exchange_entry *next;
    for (struct exchange_entry *entry = exchanges->first; entry; entry = next) {
        next = entry->next;
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
            if (entry->is_open[dir])
                (void)exchange_life_end_message(entry, dir, why, origin);
        exchange_life_end(entry, origin);
    }
}

size_t exchanges_buffered_bytes(const struct exchanges *exchanges)
{
    return exchanges->kept_bytes + table_buffered_bytes(&exchanges->streams);
}

void exchanges_free(struct exchanges *exchanges)
{
    while (exchanges->first)
        exchange_entry_remove(exchanges->first);
    table_free(&exchanges->streams);
    exchanges->current[DIR_CLIENT] = NULL;
    exchanges->current[DIR_SERVER] = NULL;
}
