/* A response that may be a Multi-Status: its body goes through its codings to a document, which
 * says what it means. Which bytes of it are missing, and why, is told to it. */
#include "dissector/decode_response.h"

#include "dissector/dav/gate.h"
#include "dissector/dav/media_type.h"
#include "dissector/decode_exchange.h"

#include <assert.h>

/* ---- what dav says ---- */

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    struct decode *decode = ctx;
    (void)root;
    decode->has_begun = true;
    decode->number = ++decode->decoder->shared->n_documents;
    decode->decoder->shared->n_open_documents++;
    decode->decoder->n_open++;
    struct event event = decode_event(decode, EVENT_DOCUMENT_BEGIN, origin);
    return decode_emit(decode->decoder, &event);
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    struct decode *decode = ctx;
    struct event event = decode_event(decode, EVENT_RESOURCE, origin);
    event.resource = resource;
    struct resource placeless = *resource;
    placeless.offset = placeless.end = 0;
    /* Where its body begins, or goes on, is not known. */
    if (decode->exchange->is_tail || decode->exchange->is_unframed)
        event.resource = &placeless;
    return decode_emit(decode->decoder, &event);
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    struct decode *decode = ctx;
    assert(decode->has_begun);
    decode->decoder->shared->n_open_documents--;
    decode->decoder->n_open--;
    struct event event = decode_event(decode, EVENT_DOCUMENT_END, origin);
    struct document_end placeless = *end;
    placeless.decoded_bytes = 0;
    event.end = decode->exchange->is_tail ? &placeless : end;
    event.content_unknown = content_unknown(&decode->body[DIR_SERVER].content);
    decode_emit(decode->decoder, &event);
}

static enum feed on_locks(void *ctx, const struct resource *resource, const struct origin *origin)
{
    struct decode *decode = ctx;
    struct event event = decode_event(decode, EVENT_LOCKS, origin);
    event.resource = resource;
    return resource->has_locks ? decode_emit(decode->decoder, &event) : FEED_OK;
}

static const struct document_ops document_ops = {on_begin, on_resource, decode_note, on_end,
                                                 on_locks};

/* ---- the beginning ---- */

static enum feed response_content(void *ctx, struct span bytes, const struct origin *origin)
{
    struct decode *decode = ctx;
    return document_feed(decode->document, bytes, origin);
}

/* The framing was lost with the head or in a hole: what may be a chunk-size line ends what can be
 * joined. */
static enum feed tail_body_feed(struct decode *decode, struct span bytes,
                                const struct origin *origin)
{
    struct exchange *exchange = decode->exchange;
    enum feed answer = FEED_OK;
    while (bytes.len > 0 && answer == FEED_OK) {
        bool is_break;
        struct span body = chunk_watch_next(&decode->chunk_watch, &bytes, &is_break);
        answer = is_break ? document_gap(decode->document, 0, origin)
                          : decode_body_feed(exchange, DIR_SERVER, body, origin);
        exchange->response.body_bytes += exchange->is_unframed ? body.len : 0;
    }
    return answer;
}

/* The body began before what was kept, and nobody knows where. */
static enum http_body begin_tail(struct decode *decode, const struct origin *origin)
{
    struct tail *tail = &decode->decoder->tail;
    struct decode_body *body = &decode->body[DIR_SERVER];
    body->has_gap = true;
    enum feed answer = content_gap(&body->content, origin);
    if (answer == FEED_OK)
        answer = document_gap(decode->document, 0, origin);
    if (answer == FEED_OK)
        answer = tail_body_feed(decode, buf_span(&tail->kept), origin);
    tail_free(tail);
    if (answer == FEED_NOMEM)
        return HTTP_BODY_NOMEM;
    return answer == FEED_OK ? HTTP_BODY_WANTED : HTTP_BODY_UNWANTED;
}

enum http_body decode_response(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct decoder *decoder = ctx;
    (void)origin;
    struct span content_type = exchange->response.fields[HTTP_CONTENT_TYPE];
    struct decode *decode = decode_of(exchange);
    struct gate_response response = {
        .http_status = exchange->status,
        .method = decode ? decode->request.method : exchange->method,
        .target = exchange->target,
        .reads_batches = decoder->shared->reads_batches,
        .media_type = media_type_of(content_type),
    };
    if (!gate_response_body(&response))
        return HTTP_BODY_UNWANTED;
    if (!decode)
        decode = decode_open(decoder, exchange);
    if (!decode)
        return HTTP_BODY_NOMEM;
    struct span asked_media_type = media_type_of(exchange->request.fields[HTTP_CONTENT_TYPE]);
    decode->request.operation =
        gate_post(decode->request.operation, asked_media_type, exchange->status);
    struct document_params params = {
        .limits = decoder->shared->limits,
        .request = &decode->request,
        .http_status = exchange->status,
        .media_type = response.media_type,
        .charset = media_parameter(content_type, span_str("charset")),
        .boundary = media_parameter(content_type, span_str("boundary")),
        .reads_batches = response.reads_batches,
        .expects_batch = gate_expects_batch(&response),
    };
    if (decode_body_open(decode, DIR_SERVER, response_content) != FEED_OK)
        return HTTP_BODY_NOMEM;
    if (document_open(&decode->document, &params, &document_ops, decode) != FEED_OK)
        return HTTP_BODY_NOMEM;
    enum http_body answer = exchange->is_tail ? begin_tail(decode, origin) : HTTP_BODY_WANTED;
    decode_recount(exchange);
    return answer;
}

/* ---- the body ---- */

enum feed decode_response_body(void *ctx, struct exchange *exchange, struct span bytes,
                               const struct origin *origin)
{
    (void)ctx;
    bool has_framing = !exchange->is_tail && !exchange->is_unframed;
    if (!has_framing && decode_of(exchange) && decode_of(exchange)->document)
        return tail_body_feed(decode_of(exchange), bytes, origin);
    return decode_body_feed(exchange, DIR_SERVER, bytes, origin);
}

/* Without a coding the document can tell what follows the hole; coded bytes behind one are noise.
 */
enum feed decode_response_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                              const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx;
    if (!decode || !decode->body[DIR_SERVER].is_open)
        return FEED_STOP;
    struct decode_body *body = &decode->body[DIR_SERVER];
    body->has_gap = true;
    body->is_cut = is_cut;
    body->missing_bytes += n_bytes;
    decode->chunk_watch = (struct chunk_watch){.n_held = 0};
    enum feed answer = FEED_STOP;
    if (content_gap(&body->content, origin) == FEED_OK)
        answer = document_gap(decode->document, n_bytes, origin);
    decode_recount(exchange);
    return answer;
}

/* ---- the end ---- */

/* Why bytes of the body are missing, in the words of DOMAIN.md 2.2; NULL when none are. */
static const char *cut_reason(const struct exchange *exchange, const struct decode_body *body,
                              enum end why)
{
    static const char *const reasons[END_N] = {
        [END_FIN] = "wire-truncated",   [END_RESET] = "wire-truncated",
        [END_IDLE] = "stalled",         [END_CAPTURE] = "capture-ended",
        [END_GAP] = "capture-gap",      [END_EVICTED] = "evicted",
        [END_REPLACED] = "capture-gap", [END_DAMAGED] = "framing-damaged",
    };
    bool is_damage = why == END_DAMAGED && exchange->response.missing_bytes == 0;
    if (body->has_gap && !is_damage)
        return body->is_cut ? "snaplen" : "capture-gap";
    if (why != END_COMPLETE)
        return reasons[why];
    if (content_unknown(&body->content))
        return "coding-unknown";
    if (body->is_limited)
        return "limit";
    return content_is_whole(&body->content) ? NULL : "coding-damaged";
}

/* Servers that say no length may reset the connection behind the last byte. */
static bool is_end_open(const struct exchange *exchange, const struct decode_body *body,
                        enum end why)
{
    return why == END_RESET && exchange->response.framing == HTTP_FRAMING_UNTIL_CLOSE &&
           !exchange->is_joined && !body->has_gap && !body->is_limited;
}

enum feed decode_response_end(void *ctx, struct exchange *exchange, enum end why,
                              const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx;
    if (!decode || !decode->document)
        return FEED_OK;
    struct decode_body *body = &decode->body[DIR_SERVER];
    content_finish(&body->content, why, origin);
    struct document_finish_params params = {
        .why = why,
        .cut_reason = exchange->is_joined ? "joined-midway" : cut_reason(exchange, body, why),
        .is_end_open = is_end_open(exchange, body, why),
        .missing_bytes = exchange->response.missing_bytes,
        .is_missing_at_most = exchange->response.is_missing_at_most,
        .seen_bytes = exchange->response.body_bytes - body->missing_bytes,
    };
    document_finish(decode->document, &params, origin);
    decode->decoder->shared->stats->n_unread_bodies += document_is_undecided(decode->document);
    decode_recount(exchange);
    return decode->decoder->shared->result == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}
