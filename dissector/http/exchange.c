/* Messages of both directions in, exchanges out. Keeps an exchange until both its messages are over
 * or its other half can no longer come. Looks at no body. */
#include "dissector/http/exchange_upgrade.h"

/* "HTTP/1.1 100 Continue" with its empty line has 25; final responses tell a date or a length. */
enum { MAX_CONTINUE_BYTES = 32 };

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

/* The entry that the next response on stream answers, or NULL. */
static struct exchange_entry *find_waiting(struct exchanges *exchanges, uint32_t stream)
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

static void end_entry(struct exchange_entry *entry, const struct origin *origin)
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

static enum feed end_message(struct exchange_entry *entry, enum dir dir, enum end why,
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

/* Gives up waiting for responses: what can no longer be answered ends. */
static void end_waiting(struct exchanges *exchanges, const struct origin *origin)
{
    struct exchange_entry *next;
    for (struct exchange_entry *entry = exchanges->first; entry; entry = next) {
        next = entry->next;
        if (!entry->exchange.response.is_seen && entry != exchanges->tail)
            entry->is_in_order = false;
        if (is_over(entry) && entry != exchanges->tail)
            end_entry(entry, origin);
    }
}

/* Nothing more belongs to the response whose head was lost. */
static enum feed end_tail(struct exchanges *exchanges, const struct origin *origin)
{
    struct exchange_entry *entry = exchanges->tail;
    enum feed answer = FEED_OK;
    exchanges->tail = NULL;
    exchanges->has_stray = false;
    if (!entry)
        return FEED_OK;
    if (entry->is_open[DIR_SERVER])
        answer = end_message(entry, DIR_SERVER, entry->is_damaged ? END_DAMAGED : END_GAP, origin);
    entry->is_in_order = false;
    if (is_over(entry))
        end_entry(entry, origin);
    return answer;
}

/* More requests wait than we remember: none of them can be paired any more. */
static void forget_waiting(struct exchanges *exchanges, const struct origin *origin)
{
    struct anomaly limit = anomaly_make(ANOMALY_LIMIT, origin, 0, "max_pipelined");
    for (struct exchange_entry *entry = exchanges->first; entry; entry = entry->next)
        if (!entry->exchange.response.is_seen)
            exchange_note(&entry->exchange, exchanges->limits, &limit);
    end_waiting(exchanges, origin);
    exchange_order_lost(&exchanges->order, DIR_SERVER);
}

/* NULL: no memory. */
static struct exchange_entry *add_entry(struct exchanges *exchanges, uint32_t stream)
{
    struct exchange_entry *entry = exchange_entry_add(exchanges, stream);
    if (entry && exchanges->has_early) {
        exchange_note(&entry->exchange, exchanges->limits, &exchanges->early);
        exchanges->has_early = false;
    }
    return entry;
}

static enum http_body on_request(struct exchanges *exchanges, uint32_t stream,
                                 const struct http_head *head, const struct origin *origin)
{
    if (end_tail(exchanges, origin) == FEED_NOMEM)
        return HTTP_BODY_NOMEM;
    bool is_busy = exchanges->n_open > 0;
    if (stream == 0 && exchanges->n_open >= exchanges->limits->max_pipelined)
        forget_waiting(exchanges, origin);
    bool is_in_order = stream != 0 || exchange_order_request(&exchanges->order, is_busy);
    struct exchange_entry *entry = add_entry(exchanges, stream);
    if (!entry || !exchange_entry_open(entry, DIR_CLIENT, head, origin))
        return HTTP_BODY_NOMEM;
    entry->is_in_order = is_in_order;
    exchanges->current[DIR_CLIENT] = entry;
    if (stream == 0)
        exchange_upgrade_request(exchanges, head);
    return exchanges->sink.ops->request(exchanges->sink.ctx, &entry->exchange, origin);
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

static enum http_body ask_response(struct exchange_entry *entry, const struct origin *origin)
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

/* An entry for a response whose request was not seen. NULL: no memory. */
static struct exchange_entry *add_unpaired(struct exchanges *exchanges, uint32_t stream,
                                           const struct origin *origin)
{
    struct anomaly unpaired = anomaly_make(ANOMALY_UNPAIRED, origin, 0, NULL);
    struct exchange_entry *entry = add_entry(exchanges, stream);
    if (entry)
        exchange_note(&entry->exchange, exchanges->limits, &unpaired);
    exchange_order_unpaired(&exchanges->order);
    return entry;
}

static bool expects_continue(const struct exchange_entry *entry)
{
    return entry->exchange.request.fields[HTTP_EXPECT].len > 0;
}

/* Whether another request may have been sent in place of the body that the head announced, as the
 * answer to Expect was another one than 100 (Continue). */
static bool may_be_replaced(const struct exchange_entry *entry)
{
    return entry->is_open[DIR_CLIENT] && expects_continue(entry);
}

/* Whether the one request that waited at a loss of responses is still to be answered, because what
 * was lost was the 100 (Continue) that it waited for. No request has begun since, and TCP told of
 * lost ones before what acknowledges them, so a final response can be to nothing else; but 408 may
 * come when nobody asked. */
static bool is_still_due(const struct exchanges *exchanges, const struct http_head *head)
{
    const struct exchange_entry *tail = exchanges->tail;
    return tail && exchanges->may_lack_continue && !tail->exchange.response.is_seen &&
           expects_continue(tail) && !may_be_replaced(tail) && head->status != 408;
}

static enum http_body on_response(struct exchanges *exchanges, uint32_t stream,
                                  const struct http_head *head, const struct origin *origin)
{
    bool is_due = is_still_due(exchanges, head);
    if (is_due && !is_interim(head->status))
        exchanges->tail = NULL;
    if (!is_due && end_tail(exchanges, origin) == FEED_NOMEM)
        return HTTP_BODY_NOMEM;
    exchanges->has_response = true;
    struct exchange_entry *waiting = find_waiting(exchanges, stream);
    bool is_upgrade = !waiting || waiting->exchange.request.fields[HTTP_UPGRADE].ptr;
    if (waiting && head->status == 102)
        waiting->exchange.n_processing++;
    if (is_interim(head->status) || (head->status == 101 && !is_upgrade))
        return HTTP_BODY_ABSENT;
    /* No answer: that comes on stream 1. */
    if (stream == 0 && head->status == 101 && exchange_upgrade_is_meant(waiting, head))
        return exchange_upgrade(exchanges, waiting) == FEED_OK ? HTTP_BODY_TUNNEL : HTTP_BODY_NOMEM;
    exchange_upgrade_response(exchanges, head);
    struct exchange_entry *entry = waiting ? waiting : add_unpaired(exchanges, stream, origin);
    if (!entry || !exchange_entry_open(entry, DIR_SERVER, head, origin))
        return HTTP_BODY_NOMEM;
    exchanges->current[DIR_SERVER] = entry;
    return ask_response(entry, origin);
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
    if (!entry || (dir == DIR_SERVER && entry->is_declined))
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
        entry = find_waiting(exchanges, stream);
    else if (!entry && !is_loss)
        entry = exchanges->last;
    if (entry) {
        exchange_note(&entry->exchange, exchanges->limits, anomaly);
    } else if (!is_loss && !exchanges->has_early) {
        exchanges->early = *anomaly;
        exchanges->has_early = true;
    }
}

/* Whether the rest of its head was lost, or the place among its chunks, and what follows the hole
 * or the damage can only belong to it. */
static bool goes_on(struct exchange_entry *entry, enum end why)
{
    struct exchange *exchange = &entry->exchange;
    entry->is_damaged = why == END_DAMAGED;
    if (why != END_GAP && why != END_DAMAGED)
        return false;
    if (exchange->stream != 0 || !exchange->request.is_seen || !entry->is_in_order ||
        !exchange_order_is_plain(&entry->owner->order))
        return false;
    exchange->is_tail = exchange->response.is_partial;
    exchange->is_unframed = !exchange->is_tail && !entry->is_declined &&
                            exchange->response.framing == HTTP_FRAMING_CHUNKED;
    exchange->response.is_missing_at_most = exchange->is_unframed && !entry->is_damaged;
    return exchange->is_tail || exchange->is_unframed;
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
        exchange_order_answered(&exchanges->order);
    if (dir == DIR_SERVER && goes_on(entry, why)) {
        exchanges->tail = entry;
        return FEED_OK;
    }
    enum feed answer = end_message(entry, dir, why, origin);
    if (is_over(entry))
        end_entry(entry, origin);
    return answer;
}

/* The one request to which what comes behind a loss of responses belongs, or NULL. In a connection
 * joined midway what comes first belongs to none that was seen. */
static struct exchange_entry *find_tail(struct exchanges *exchanges)
{
    if (!exchanges->has_response && !exchanges->has_gap)
        return NULL;
    struct exchange_entry *waiting = find_waiting(exchanges, 0);
    return exchanges->n_open == 1 && exchange_order_is_plain(&exchanges->order) ? waiting : NULL;
}

/* How much of the hole was of the body is not known, but of its rest nothing else can have been. */
static void lose_in_tail(struct exchange_entry *tail, const struct anomaly *hole,
                         const struct origin *origin)
{
    const struct exchange_sink *sink = &tail->owner->sink;
    struct exchange_message *response = &tail->exchange.response;
    bool is_cut = hole && hole->kind == ANOMALY_SNAPLEN;
    if (tail->exchange.is_unframed && hole && !tail->is_damaged) {
        response->missing_bytes += hole->n_bytes;
        response->is_missing_at_most = response->is_missing_at_most && hole->n_bytes > 0;
    }
    (void)sink->ops->response_gap(sink->ctx, &tail->exchange, 0, is_cut, origin);
}

static void lose_responses(struct exchanges *exchanges, const struct anomaly *hole,
                           const struct origin *origin)
{
    struct exchange_entry *tail = exchanges->tail;
    exchanges->has_stray = false;
    exchanges->may_lack_continue =
        !tail && hole && hole->n_bytes > 0 && hole->n_bytes <= MAX_CONTINUE_BYTES;
    if (!tail)
        exchanges->tail = find_tail(exchanges);
    else if (tail->is_open[DIR_SERVER] && !tail->is_declined)
        lose_in_tail(tail, hole, origin);
    exchange_order_lost(&exchanges->order, DIR_SERVER);
    end_waiting(exchanges, origin);
}

static void on_lost(void *ctx, enum dir dir, const struct anomaly *hole,
                    const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    if (dir == DIR_SERVER) {
        lose_responses(exchanges, hole, origin);
        return;
    }
    /* Requests seen before a loss of requests are still answered in order, before the lost ones. */
    (void)end_tail(exchanges, origin);
    /* But where a connection was joined midway, their answers may have gone by unseen. */
    if (exchanges->is_joined && !exchanges->has_response)
        end_waiting(exchanges, origin);
    exchange_order_lost(&exchanges->order, dir);
}

/* A response of which no head was seen begins. entry: its request's, or NULL. */
static enum feed open_tail(struct exchanges *exchanges, struct exchange_entry *entry,
                           const struct origin *origin)
{
    struct http_head head = {.is_partial = true, .first = *origin};
    struct anomaly joined = anomaly_make(ANOMALY_JOINED_MIDWAY, origin, 0, NULL);
    if (!entry) {
        entry = add_unpaired(exchanges, 0, origin);
        if (entry)
            entry->exchange.is_joined = !exchanges->has_gap;
        if (entry && entry->exchange.is_joined)
            exchange_note(&entry->exchange, exchanges->limits, &joined);
    }
    if (!entry || !exchange_entry_open(entry, DIR_SERVER, &head, origin))
        return FEED_NOMEM;
    exchanges->tail = entry;
    entry->exchange.is_tail = true;
    return ask_response(entry, origin) == HTTP_BODY_NOMEM ? FEED_NOMEM : FEED_OK;
}

static enum feed on_stray(void *ctx, struct span bytes, const struct origin *origin)
{
    struct exchanges *exchanges = ctx;
    const struct exchange_sink *sink = &exchanges->sink;
    struct exchange_entry *tail = exchanges->tail;
    if (tail && tail->is_open[DIR_SERVER]) {
        if (tail->is_declined)
            return FEED_OK;
        exchange_message_saw(&tail->exchange.response, origin);
        enum feed answer = sink->ops->response_body(sink->ctx, &tail->exchange, bytes, origin);
        tail->is_declined = answer != FEED_OK;
        return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
    }
    /* A request that came behind the loss: nothing else can be answered now. */
    if (!tail && exchanges->has_response)
        tail = find_tail(exchanges);
    if (!sink->ops->stray || (!tail && exchanges->has_response))
        return FEED_OK;
    struct stray stray = {
        .bytes = bytes,
        .is_new = !exchanges->has_stray,
        .is_joined = !exchanges->has_response && !exchanges->has_gap,
    };
    enum feed found = sink->ops->stray(sink->ctx, &stray);
    exchanges->has_stray = true;
    if (found != FEED_STOP)
        return found;
    if (tail && may_be_replaced(tail)) {
        if (end_tail(exchanges, origin) == FEED_NOMEM)
            return FEED_NOMEM;
        tail = NULL;
    }
    return open_tail(exchanges, tail, origin);
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
    if (is_over(entry))
        end_entry(entry, origin);
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
    (void)end_tail(exchanges, origin);
    struct exchange_entry *next;
    for (struct exchange_entry *entry = exchanges->first; entry; entry = next) {
        next = entry->next;
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
            if (entry->is_open[dir])
                (void)end_message(entry, dir, why, origin);
        end_entry(entry, origin);
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
