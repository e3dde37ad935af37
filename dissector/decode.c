/* The exchanges of one connection in, the events of their documents out; see decode.h.
 *
 * Each exchange that may carry a document gets a struct decode (decode_exchange.h); every exchange
 * is counted and told when it has ended. */
#include "dissector/decode.h"

#include "dissector/dav/gate.h"
#include "dissector/decode_exchange.h"
#include "dissector/decode_request.h"
#include "dissector/decode_response.h"

#include <assert.h>

/* A response without its head. */
static enum feed on_stray(void *ctx, const struct stray *stray)
{
    struct decoder *decoder = ctx;
    if (stray->is_new)
        tail_reset(&decoder->tail);
    enum feed found = tail_feed(&decoder->tail, stray->bytes);
    decoder->has_read_tail |= found == FEED_STOP;
    decoder->has_unread = (decoder->has_unread || stray->is_joined) && !decoder->has_read_tail;
    return found;
}

/* A poll of another site that is open when the capture ends hides nothing. */
static bool may_answer_multistatus(const struct exchange *exchange)
{
    return !gate_is_plain(operation_of_method(exchange->method));
}

static void count_exchange(struct dissector_stats *stats, const struct exchange *exchange)
{
    stats->n_exchanges++;
    if (!exchange->response.is_seen) {
        stats->n_requests_without_response++;
        stats->n_missed_answers += may_answer_multistatus(exchange);
    } else if (!exchange->request.is_seen)
        stats->n_responses_without_request++;
}

static void on_ended(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct decoder *decoder = ctx;
    struct decode *decode = decode_of(exchange);
    static const struct request nothing_asked;
    count_exchange(decoder->shared->stats, exchange);
    struct event event = {
        .kind = EVENT_EXCHANGE,
        .origin = *origin,
        .connection = decoder->connection,
        .exchange = exchange,
        .request = decode ? &decode->request : &nothing_asked,
        .document = decode ? decode->number : 0,
    };
    if (decode && decode->document)
        event.page_title = document_page_title(decode->document);
    decode_emit(decoder, &event);
    if (!decode)
        return;
    exchange->user = NULL;
    decode_close(decode);
}

static const struct exchange_ops exchange_ops = {
    decode_request,
    decode_request_body,
    decode_request_gap,
    decode_request_end,
    decode_response,
    decode_response_body,
    decode_response_gap,
    decode_response_end,
    on_ended,
    on_stray,
};

void decoder_init(struct decoder *decoder, struct decode_shared *shared,
                  const struct event_connection *connection)
{
    *decoder = (struct decoder){.shared = shared, .connection = connection};
    tail_init(&decoder->tail);
}

size_t decoder_buffered_bytes(const struct decoder *decoder)
{
    return decoder->n_bytes + decoder->tail.kept.capacity_bytes;
}

void decoder_free(struct decoder *decoder)
{
    assert(decoder->n_bytes == 0);
    tail_free(&decoder->tail);
}

struct exchange_sink decoder_sink(struct decoder *decoder)
{
    return (struct exchange_sink){&exchange_ops, decoder};
}
