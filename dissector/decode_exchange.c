/* What is known of one exchange while its bodies are read. What a body means is dav's affair, how
 * it is coded content's. */
#include "dissector/decode_exchange.h"

#include "dissector/dav/request_head.h"

#include <stdlib.h>

struct decode *decode_of(const struct exchange *exchange)
{
    return exchange->user;
}

enum feed decode_emit(struct decoder *decoder, struct event *event)
{
    struct decode_shared *shared = decoder->shared;
    if (shared->result == FEED_OK)
        shared->result = shared->sink.event(shared->sink.ctx, event);
    return shared->result;
}

struct event decode_event(const struct decode *decode, enum event_kind kind,
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

void decode_recount(const struct exchange *exchange)
{
    struct decode *decode = decode_of(exchange);
    if (!decode)
        return;
    size_t bytes = held_bytes(decode);
    decode->decoder->n_bytes += bytes - decode->counted_bytes;
    decode->counted_bytes = bytes;
}

/* ---- its beginning ---- */

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

struct decode *decode_open(struct decoder *decoder, struct exchange *exchange)
{
    struct decode *decode = calloc(1, sizeof *decode);
    if (!decode)
        return NULL;
    decode->decoder = decoder;
    decode->exchange = exchange;
    exchange->user = decode;
    fill_request(decode);
    decode_recount(exchange);
    return decode;
}

void decode_note(void *ctx, const struct anomaly *anomaly)
{
    struct decode *decode = ctx;
    exchange_note(decode->exchange, decode->decoder->shared->limits, anomaly);
}

/* ---- bodies ---- */

/* A coding that met a limit has been given up; of a document that met one the rest may be whole. */
static void on_content_note(void *ctx, const struct anomaly *anomaly)
{
    struct decode *decode = ctx;
    if (anomaly->kind == ANOMALY_LIMIT)
        decode->body[DIR_SERVER].is_limited = true;
    decode_note(decode, anomaly);
}

enum feed decode_body_open(struct decode *decode, enum dir dir,
                           enum feed (*take)(void *, struct span, const struct origin *))
{
    const struct exchange_message *message =
        dir == DIR_CLIENT ? &decode->exchange->request : &decode->exchange->response;
    struct content_sink sink = {take, dir == DIR_SERVER ? on_content_note : decode_note, decode};
    decode->body[dir].is_open = true;
    enum feed result = content_init(&decode->body[dir].content, decode->decoder->shared->limits,
                                    message->fields[HTTP_CONTENT_ENCODING], sink);
    decode_recount(decode->exchange);
    return result;
}

enum feed decode_body_feed(struct exchange *exchange, enum dir dir, struct span bytes,
                           const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    if (!decode || !decode->body[dir].is_open)
        return FEED_STOP;
    enum feed answer = content_feed(&decode->body[dir].content, bytes, origin);
    decode_recount(exchange);
    return answer;
}

void decode_close(struct decode *decode)
{
    decode->decoder->n_bytes -= decode->counted_bytes;
    request_body_close(decode->request_body);
    document_close(decode->document);
    request_free(&decode->request);
    content_free(&decode->body[DIR_CLIENT].content);
    content_free(&decode->body[DIR_SERVER].content);
    free(decode);
}
