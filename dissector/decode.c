/* The exchanges of one connection in, the events of their documents out; see decode.h.
 *
 * Each exchange that may carry a document gets a struct decode, hung on exchange->user: the
 * decoders of its two bodies and what they found. What a body means is dav's affair, how it is
 * coded content's. */
#include "dissector/decode.h"

#include "dissector/dav/gate.h"
#include "dissector/dav/media_type.h"
#include "dissector/dav/request_head.h"
#include "dissector/http/chunk_watch.h"
#include "dissector/http/content.h"

#include <assert.h>
#include <stdlib.h>

/* One body on its way through its content codings. */
struct body {
    bool is_open;
    bool has_gap;
    bool is_cut;            /* a gap made by the snap length */
    bool is_limited;        /* decoding was given up at a limit of ours */
    uint64_t missing_bytes; /* in gaps */
    struct content content;
};

struct decode {
    struct decoder *decoder;
    struct exchange *exchange;
    struct request request;
    struct request_body *request_body;
    struct document *document;
    struct body body[2];            /* by enum dir */
    struct chunk_watch chunk_watch; /* of a response whose framing is not known */
    uint64_t number;                /* of the document, when it has begun */
    bool has_begun;
    size_t counted_bytes; /* of it, in decoder->n_bytes */
};

static struct decode *decode_of(const struct exchange *exchange)
{
    return exchange->user;
}

/* Hands an event to the sink, unless it has asked for no more. */
static enum feed emit(struct decoder *decoder, struct event *event)
{
    struct decode_shared *shared = decoder->shared;
    if (shared->result == FEED_OK)
        shared->result = shared->sink.event(shared->sink.ctx, event);
    return shared->result;
}

static struct event event_of(const struct decode *decode, enum event_kind kind,
                             const struct origin *origin)
{
    return (struct event){
        .kind = kind,
        .origin = *origin,
        .connection = decode->decoder->connection,
        .exchange = decode->exchange,
        .request = &decode->request,
        .document = decode->number,
    };
}

/* ---- what is held ---- */

static size_t held_bytes(const struct decode *decode)
{
    size_t bytes = sizeof *decode + request_bytes(&decode->request);
    for (int dir = 0; dir < 2; dir++)
        if (decode->body[dir].is_open)
            bytes += content_buffered_bytes(&decode->body[dir].content);
    if (decode->request_body)
        bytes += request_body_buffered_bytes(decode->request_body);
    return decode->document ? bytes + document_buffered_bytes(decode->document) : bytes;
}

/* Called behind whatever may have changed what is held for the exchange. */
static void recount(const struct exchange *exchange)
{
    struct decode *decode = decode_of(exchange);
    if (!decode)
        return;
    size_t bytes = held_bytes(decode);
    decode->decoder->n_bytes += bytes - decode->counted_bytes;
    decode->counted_bytes = bytes;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct decode *decode = ctx;
    exchange_note(decode->exchange, decode->decoder->shared->limits, anomaly);
}

/* ---- what dav says ---- */

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    struct decode *decode = ctx;
    (void)root;
    decode->has_begun = true;
    decode->number = ++decode->decoder->shared->n_documents;
    decode->decoder->shared->n_open_documents++;
    decode->decoder->n_open++;
    struct event event = event_of(decode, EVENT_DOCUMENT_BEGIN, origin);
    return emit(decode->decoder, &event);
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    struct decode *decode = ctx;
    struct event event = event_of(decode, EVENT_RESOURCE, origin);
    event.resource = resource;
    struct resource placeless = *resource;
    placeless.offset = placeless.end = 0;
    /* Where its body begins, or goes on, is not known. */
    if (decode->exchange->is_tail || decode->exchange->is_unframed)
        event.resource = &placeless;
    return emit(decode->decoder, &event);
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    struct decode *decode = ctx;
    assert(decode->has_begun);
    decode->decoder->shared->n_open_documents--;
    decode->decoder->n_open--;
    struct event event = event_of(decode, EVENT_DOCUMENT_END, origin);
    struct document_end placeless = *end;
    placeless.decoded_bytes = 0;
    event.end = decode->exchange->is_tail ? &placeless : end;
    event.content_unknown = content_unknown(&decode->body[DIR_SERVER].content);
    emit(decode->decoder, &event);
}

static const struct document_ops document_ops = {on_begin, on_resource, on_note, on_end};

/* ---- what the content codings say ---- */

/* A coding that met a limit has been given up; of a document that met one the rest may be whole. */
static void on_content_note(void *ctx, const struct anomaly *anomaly)
{
    struct decode *decode = ctx;
    if (anomaly->kind == ANOMALY_LIMIT)
        decode->body[DIR_SERVER].is_limited = true;
    on_note(decode, anomaly);
}

/* ---- the request ---- */

static const enum http_field head_fields[REQUEST_FIELD_N] = {
    [REQUEST_HOST] = HTTP_HOST,
    [REQUEST_DEPTH] = HTTP_DEPTH,
    [REQUEST_DESTINATION] = HTTP_DESTINATION,
    [REQUEST_PREFER] = HTTP_PREFER,
    [REQUEST_BRIEF] = HTTP_BRIEF,
    [REQUEST_VIA] = HTTP_VIA,
    [REQUEST_FORWARDED] = HTTP_FORWARDED,
    [REQUEST_X_FORWARDED_HOST] = HTTP_X_FORWARDED_HOST,
    [REQUEST_X_FORWARDED_PROTO] = HTTP_X_FORWARDED_PROTO,
    [REQUEST_X_FORWARDED_PREFIX] = HTTP_X_FORWARDED_PREFIX,
    [REQUEST_X_HTTP_METHOD_OVERRIDE] = HTTP_X_HTTP_METHOD_OVERRIDE,
    [REQUEST_X_HTTP_METHOD] = HTTP_X_HTTP_METHOD,
    [REQUEST_X_METHOD_OVERRIDE] = HTTP_X_METHOD_OVERRIDE,
};

static void fill_request(struct decode *decode)
{
    const struct exchange *exchange = decode->exchange;
    struct request_head head = {.method = exchange->method, .target = exchange->target};
    for (int i = 0; i < REQUEST_FIELD_N; i++)
        head.fields[i] = exchange->request.fields[head_fields[i]];
    request_set_head(&decode->request, &head);
    /* Without its method (HTTP/2, joined midway) what was asked is to be told from the answer. */
    decode->request.is_seen = exchange->request.is_seen && exchange->method.len > 0;
    decode->request.is_tls = decode->decoder->connection->tls_version != NULL;
}

static struct span request_media_type(const struct exchange *exchange)
{
    return media_type_of(exchange->request.fields[HTTP_CONTENT_TYPE]);
}

static struct decode *decode_open(struct decoder *decoder, struct exchange *exchange)
{
    struct decode *decode = calloc(1, sizeof *decode);
    if (!decode)
        return NULL;
    decode->decoder = decoder;
    decode->exchange = exchange;
    exchange->user = decode;
    fill_request(decode);
    recount(exchange);
    return decode;
}

static enum feed request_content(void *ctx, struct span bytes, const struct origin *origin)
{
    struct decode *decode = ctx;
    (void)origin;
    return request_body_feed(decode->request_body, bytes);
}

static enum feed body_open(struct decode *decode, enum dir dir,
                           enum feed (*take)(void *, struct span, const struct origin *))
{
    const struct exchange_message *message =
        dir == DIR_CLIENT ? &decode->exchange->request : &decode->exchange->response;
    struct content_sink sink = {take, dir == DIR_SERVER ? on_content_note : on_note, decode};
    decode->body[dir].is_open = true;
    enum feed result = content_init(&decode->body[dir].content, decode->decoder->shared->limits,
                                    message->fields[HTTP_CONTENT_ENCODING], sink);
    recount(decode->exchange);
    return result;
}

static enum http_body on_request(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct decoder *decoder = ctx;
    (void)origin;
    if (gate_is_plain(operation_of_method(exchange->method)))
        return HTTP_BODY_UNWANTED;
    struct decode *decode = decode_open(decoder, exchange);
    if (!decode)
        return HTTP_BODY_NOMEM;
    if (exchange->request.framing == HTTP_FRAMING_NONE ||
        !gate_request_body(decode->request.operation, request_media_type(exchange)))
        return HTTP_BODY_UNWANTED;
    if (request_body_open(&decode->request_body, decoder->shared->limits, &decode->request) !=
        FEED_OK)
        return HTTP_BODY_NOMEM;
    if (body_open(decode, DIR_CLIENT, request_content) != FEED_OK)
        return HTTP_BODY_NOMEM;
    return HTTP_BODY_WANTED;
}

static enum feed body_feed(struct exchange *exchange, enum dir dir, struct span bytes,
                           const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    if (!decode || !decode->body[dir].is_open)
        return FEED_STOP;
    enum feed answer = content_feed(&decode->body[dir].content, bytes, origin);
    recount(exchange);
    return answer;
}

static enum feed on_request_body(void *ctx, struct exchange *exchange, struct span bytes,
                                 const struct origin *origin)
{
    (void)ctx;
    return body_feed(exchange, DIR_CLIENT, bytes, origin);
}

/* A request body with a hole has told what it could. */
static enum feed on_request_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                                const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx, (void)n_bytes, (void)is_cut, (void)origin;
    if (decode)
        decode->body[DIR_CLIENT].has_gap = true;
    return FEED_STOP;
}

static void request_body_done(struct decode *decode, enum end why, const struct origin *origin)
{
    struct body *body = &decode->body[DIR_CLIENT];
    if (!body->is_open)
        return;
    content_finish(&body->content, why, origin);
    bool is_whole = why == END_COMPLETE && !body->has_gap && content_is_whole(&body->content);
    request_body_finish(decode->request_body, is_whole);
    request_body_close(decode->request_body);
    decode->request_body = NULL;
    content_free(&body->content);
    body->is_open = false;
    recount(decode->exchange);
}

static enum feed on_request_end(void *ctx, struct exchange *exchange, enum end why,
                                const struct origin *origin)
{
    (void)ctx;
    if (decode_of(exchange))
        request_body_done(decode_of(exchange), why, origin);
    return FEED_OK;
}

/* ---- the response ---- */

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
                          : body_feed(exchange, DIR_SERVER, body, origin);
        exchange->response.body_bytes += exchange->is_unframed ? body.len : 0;
    }
    return answer;
}

/* The body began before what was kept, and nobody knows where. */
static enum http_body begin_tail(struct decode *decode, const struct origin *origin)
{
    struct tail *tail = &decode->decoder->tail;
    struct body *body = &decode->body[DIR_SERVER];
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

static enum http_body on_response(void *ctx, struct exchange *exchange, const struct origin *origin)
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
    decode->request.operation =
        gate_post(decode->request.operation, request_media_type(exchange), exchange->status);
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
    if (body_open(decode, DIR_SERVER, response_content) != FEED_OK)
        return HTTP_BODY_NOMEM;
    if (document_open(&decode->document, &params, &document_ops, decode) != FEED_OK)
        return HTTP_BODY_NOMEM;
    enum http_body answer = exchange->is_tail ? begin_tail(decode, origin) : HTTP_BODY_WANTED;
    recount(exchange);
    return answer;
}

static enum feed on_response_body(void *ctx, struct exchange *exchange, struct span bytes,
                                  const struct origin *origin)
{
    (void)ctx;
    bool has_framing = !exchange->is_tail && !exchange->is_unframed;
    if (!has_framing && decode_of(exchange) && decode_of(exchange)->document)
        return tail_body_feed(decode_of(exchange), bytes, origin);
    return body_feed(exchange, DIR_SERVER, bytes, origin);
}

/* Without a coding the document can tell what follows the hole; coded bytes behind one are noise.
 */
static enum feed on_response_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes,
                                 bool is_cut, const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx;
    if (!decode || !decode->body[DIR_SERVER].is_open)
        return FEED_STOP;
    struct body *body = &decode->body[DIR_SERVER];
    body->has_gap = true;
    body->is_cut = is_cut;
    body->missing_bytes += n_bytes;
    decode->chunk_watch = (struct chunk_watch){.n_held = 0};
    enum feed answer = FEED_STOP;
    if (content_gap(&body->content, origin) == FEED_OK)
        answer = document_gap(decode->document, n_bytes, origin);
    recount(exchange);
    return answer;
}

/* Why bytes of the body are missing, in the words of DOMAIN.md 2.2; NULL when none are. */
static const char *cut_reason(const struct body *body, enum end why)
{
    static const char *const reasons[END_N] = {
        [END_FIN] = "wire-truncated",   [END_RESET] = "wire-truncated",
        [END_IDLE] = "stalled",         [END_CAPTURE] = "capture-ended",
        [END_GAP] = "capture-gap",      [END_EVICTED] = "evicted",
        [END_REPLACED] = "capture-gap", [END_DAMAGED] = "framing-damaged",
    };
    if (body->has_gap)
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
static bool is_end_open(const struct exchange *exchange, const struct body *body, enum end why)
{
    return why == END_RESET && exchange->response.framing == HTTP_FRAMING_UNTIL_CLOSE &&
           !exchange->is_joined && !body->has_gap && !body->is_limited;
}

static enum feed on_response_end(void *ctx, struct exchange *exchange, enum end why,
                                 const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx;
    if (!decode || !decode->document)
        return FEED_OK;
    struct body *body = &decode->body[DIR_SERVER];
    content_finish(&body->content, why, origin);
    struct document_finish_params params = {
        .why = why,
        .cut_reason = exchange->is_joined ? "joined-midway" : cut_reason(body, why),
        .is_end_open = is_end_open(exchange, body, why),
        .missing_bytes = exchange->response.missing_bytes,
        .is_missing_at_most = exchange->response.is_missing_at_most,
        .seen_bytes = exchange->response.body_bytes - body->missing_bytes,
    };
    document_finish(decode->document, &params, origin);
    decode->decoder->shared->stats->n_unread_bodies += document_is_undecided(decode->document);
    recount(exchange);
    return decode->decoder->shared->result == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* ---- a response without its head ---- */

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

/* ---- the end of both ---- */

static void decode_close(struct decode *decode)
{
    decode->decoder->n_bytes -= decode->counted_bytes;
    request_body_close(decode->request_body);
    document_close(decode->document);
    request_free(&decode->request);
    content_free(&decode->body[DIR_CLIENT].content);
    content_free(&decode->body[DIR_SERVER].content);
    free(decode);
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
    emit(decoder, &event);
    if (!decode)
        return;
    exchange->user = NULL;
    decode_close(decode);
}

static const struct exchange_ops exchange_ops = {
    on_request,       on_request_body, on_request_gap,  on_request_end, on_response,
    on_response_body, on_response_gap, on_response_end, on_ended,       on_stray,
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
