/* A request that may be answered by a Multi-Status: its body tells what was asked about. A body
 * with a hole has told what it could. */
#include "dissector/decode_request.h"

#include "dissector/dav/gate.h"
#include "dissector/dav/media_type.h"
#include "dissector/decode_exchange.h"

static enum feed request_content(void *ctx, struct span bytes, const struct origin *origin)
{
    struct decode *decode = ctx;
    (void)origin;
    return request_body_feed(decode->request_body, bytes);
}

/* Where the method was not seen (HTTP/2, joined midway) the body tells it, perhaps. */
static bool wants_head(const struct exchange *exchange)
{
    if (exchange->method.len == 0)
        return exchange->request.framing != HTTP_FRAMING_NONE;
    return !gate_is_plain(operation_of_method(exchange->method));
}

static bool wants_body(const struct decode *decode)
{
    const struct exchange *exchange = decode->exchange;
    struct span media_type = media_type_of(exchange->request.fields[HTTP_CONTENT_TYPE]);
    if (exchange->request.framing == HTTP_FRAMING_NONE)
        return false;
    if (exchange->method.len == 0)
        return media_type.len == 0 || media_type_is_xml(media_type);
    return gate_request_body(decode->request.operation, media_type);
}

enum http_body decode_request(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct decoder *decoder = ctx;
    (void)origin;
    if (!wants_head(exchange))
        return HTTP_BODY_UNWANTED;
    struct decode *decode = decode_open(decoder, exchange);
    if (!decode)
        return HTTP_BODY_NOMEM;
    if (!wants_body(decode))
        return HTTP_BODY_UNWANTED;
    if (request_body_open(&decode->request_body, decoder->shared->limits, &decode->request) !=
        FEED_OK)
        return HTTP_BODY_NOMEM;
    if (decode_body_open(decode, DIR_CLIENT, request_content) != FEED_OK)
        return HTTP_BODY_NOMEM;
    return HTTP_BODY_WANTED;
}

enum feed decode_request_body(void *ctx, struct exchange *exchange, struct span bytes,
                              const struct origin *origin)
{
    (void)ctx;
    return decode_body_feed(exchange, DIR_CLIENT, bytes, origin);
}

enum feed decode_request_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
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
    struct decode_body *body = &decode->body[DIR_CLIENT];
    if (!body->is_open)
        return;
    content_finish(&body->content, why, origin);
    bool is_whole = why == END_COMPLETE && !body->has_gap && content_is_whole(&body->content);
    request_body_finish(decode->request_body, is_whole);
    request_body_close(decode->request_body);
    decode->request_body = NULL;
    content_free(&body->content);
    body->is_open = false;
    decode_recount(decode->exchange);
}

enum feed decode_request_end(void *ctx, struct exchange *exchange, enum end why,
                             const struct origin *origin)
{
    struct decode *decode = decode_of(exchange);
    (void)ctx;
    if (!decode)
        return FEED_OK;
    decode->request.is_bodiless = why == END_COMPLETE && exchange->request.body_bytes == 0;
    request_body_done(decode, why, origin);
    return FEED_OK;
}
