/* Losses and bytes without a head in, the rest of a response out; see exchange_tail.h. */
#include "dissector/http/exchange_tail.h"

/* "HTTP/1.1 100 Continue" with its empty line has 25; final responses tell a date or a length. */
enum { MAX_CONTINUE_BYTES = 32 };

enum feed exchange_tail_end(struct exchanges *exchanges, const struct origin *origin)
{
    struct exchange_entry *entry = exchanges->tail;
    enum feed answer = FEED_OK;
    exchanges->tail = NULL;
    exchanges->has_stray = false;
    if (!entry)
        return FEED_OK;
    if (entry->is_open[DIR_SERVER])
        answer = exchange_life_end_message(entry, DIR_SERVER,
                                           entry->is_damaged ? END_DAMAGED : END_GAP, origin);
    entry->is_in_order = false;
    exchange_life_end_if_over(entry, origin);
    return answer;
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

/* No request has begun since, and TCP told of lost ones before what acknowledges them, so a final
 * response can be to nothing else, if it is one: a body holds no more than text that looks like
 * its head. What was lost was a 100 (Continue), or nothing of HTTP, such as a ticket of TLS; or it
 * was an answer that came when nobody asked, and then this may be another (400, 408). */
bool exchange_tail_is_due(const struct exchanges *exchanges, const struct http_head *head)
{
    const struct exchange_entry *tail = exchanges->tail;
    if (!tail || tail->exchange.response.is_seen || may_be_replaced(tail) || head->status == 408)
        return false;
    return (exchanges->may_lack_continue && expects_continue(tail)) ||
           (head->is_right_behind_loss && head->status != 400);
}

bool exchange_tail_goes_on(struct exchange_entry *entry, enum end why)
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

/* The one request to which what comes behind a loss of responses belongs, or NULL. In a connection
 * joined midway what comes first belongs to none that was seen. */
static struct exchange_entry *find_tail(struct exchanges *exchanges)
{
    if (!exchanges->has_response && !exchanges->has_gap)
        return NULL;
    struct exchange_entry *waiting = exchange_life_waiting(exchanges, 0);
    return exchanges->n_open == 1 && exchange_order_is_plain(&exchanges->order) ? waiting : NULL;
}

/* How much of the hole was of the body is not known, but of its rest nothing else can have been. */
static void lose_in_tail(struct exchange_entry *tail, const struct http_hole *hole,
                         const struct origin *origin)
{
    const struct exchange_sink *sink = &tail->owner->sink;
    struct exchange_message *response = &tail->exchange.response;
    bool is_cut = hole && hole->is_cut;
    if (tail->exchange.is_unframed && hole && !tail->is_damaged) {
        response->missing_bytes += hole->n_bytes;
        response->is_missing_at_most = response->is_missing_at_most && hole->n_bytes > 0;
    }
    (void)sink->ops->response_gap(sink->ctx, &tail->exchange, 0, is_cut, origin);
}

void exchange_tail_lose(struct exchanges *exchanges, const struct http_hole *hole,
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
    exchange_order_lost(&exchanges->order, DIR_SERVER, false);
    exchange_life_end_waiting(exchanges, origin);
}

/* A response of which no head was seen begins. entry: its request's, or NULL. */
static enum feed open_tail(struct exchanges *exchanges, struct exchange_entry *entry,
                           const struct origin *origin)
{
    struct http_head head = {.is_partial = true, .first = *origin};
    struct anomaly joined = anomaly_make(ANOMALY_JOINED_MIDWAY, origin, 0, NULL);
    exchange_order_response(&exchanges->order, entry);
    if (!entry) {
        entry = exchange_life_add_unpaired(exchanges, 0, origin);
        if (entry)
            entry->exchange.is_joined = !exchanges->has_gap;
        if (entry && entry->exchange.is_joined)
            exchange_note(&entry->exchange, exchanges->limits, &joined);
    }
    if (!entry || !exchange_entry_open(entry, DIR_SERVER, &head, origin))
        return FEED_NOMEM;
    exchanges->tail = entry;
    entry->exchange.is_tail = true;
    return exchange_life_ask(entry, origin) == HTTP_BODY_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* More of the tail's body. */
static enum feed feed_tail(struct exchange_entry *tail, struct span bytes,
                           const struct origin *origin)
{
    const struct exchange_sink *sink = &tail->owner->sink;
    if (tail->is_declined)
        return FEED_OK;
    exchange_message_saw(&tail->exchange.response, origin);
    enum feed answer = sink->ops->response_body(sink->ctx, &tail->exchange, bytes, origin);
    tail->is_declined = answer != FEED_OK;
    return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed exchange_tail_stray(struct exchanges *exchanges, struct span bytes,
                              const struct origin *origin)
{
    const struct exchange_sink *sink = &exchanges->sink;
    struct exchange_entry *tail = exchanges->tail;
    if (tail && tail->is_open[DIR_SERVER])
        return feed_tail(tail, bytes, origin);
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
        if (exchange_tail_end(exchanges, origin) == FEED_NOMEM)
            return FEED_NOMEM;
        tail = NULL;
    }
    return open_tail(exchanges, tail, origin);
}
