/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads and bodies into an exchange; see exchange.h. */
#include "dissector/wireshark/exchange.h"

#include "dissector/dav/gate.h"
#include "dissector/dav/media_type.h"

/* Heads longer than this lose what does not fit; servers commonly stop at 8 to 64 KiB. */
enum { MAX_HEAD_BYTES = 64 * 1024 };

static struct exchange *all;

struct exchange *exchange_new(void)
{
    struct exchange *exchange = g_new0(struct exchange, 1);
    arena_init(&exchange->arena, MAX_HEAD_BYTES);
    exchange->behind = all;
    if (all)
        all->before = exchange;
    all = exchange;
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    if (exchange->before)
        exchange->before->behind = exchange->behind;
    else
        all = exchange->behind;
    if (exchange->behind)
        exchange->behind->before = exchange->before;
    request_free(&exchange->request);
    arena_free(&exchange->arena);
    g_free(exchange);
}

void exchange_free_all(void)
{
    while (all)
        exchange_free(all);
}

static struct span keep(struct exchange *exchange, struct span text)
{
    return text.ptr ? arena_copy(&exchange->arena, text) : text;
}

/* ---- requests ---- */

/* Whole and in order; empty: none was seen. */
static struct span body_of(const struct message *message)
{
    struct message_body body = message->body;
    if (!body.source)
        return message->joined;
    int captured = (int)tvb_captured_length(body.source);
    if (body.start < 0 || body.length <= 0 || body.start > captured - body.length)
        return span_of(NULL, 0);
    return span_of(tvb_get_ptr(body.source, body.start, body.length), (size_t)body.length);
}

static void read_request_body(struct exchange *exchange, const struct message *message)
{
    struct request_body *decoder = NULL;
    struct span bytes = body_of(message);
    if (bytes.len == 0 ||
        request_body_open(&decoder, &limits_default, &exchange->request) != FEED_OK)
        return;
    request_body_feed(decoder, bytes);
    uint64_t wanted = bytes.len;
    span_decimal(message->content_length, UINT64_MAX, &wanted);
    bool is_whole = message->content_encoding.len > 0 || wanted <= bytes.len;
    request_body_finish(decoder, is_whole && !message->cut_reason);
    request_body_close(decoder);
}

void exchange_take_request_head(struct exchange *exchange, const struct message *message,
                                packet_info *pinfo)
{
    if (exchange->request_frame > 0)
        return;
    struct request_head head = {
        .method = keep(exchange, message->head.method),
        .target = keep(exchange, message->head.target),
    };
    for (int i = 0; i < REQUEST_FIELD_N; i++)
        head.fields[i] = keep(exchange, message->head.fields[i]);
    request_set_head(&exchange->request, &head);
    exchange->request.is_tls = proto_is_frame_protocol(pinfo->layers, "tls") ||
                               proto_is_frame_protocol(pinfo->layers, "quic");
    exchange->request_type = media_type_of(keep(exchange, message->content_type));
    exchange->request_frame = pinfo->num;
    exchange->client_port = pinfo->srcport;
}

bool exchange_wants_request_body(const struct exchange *exchange)
{
    return gate_request_body(exchange->request.operation, exchange->request_type);
}

void exchange_take_request_body(struct exchange *exchange, const struct message *message)
{
    uint64_t announced = 0;
    if (exchange->is_request_over)
        return;
    exchange->is_request_over = true;
    (void)span_decimal(message->content_length, UINT64_MAX, &announced);
    exchange->request.is_bodiless =
        announced == 0 && body_of(message).len == 0 && !message->cut_reason;
    if (exchange_wants_request_body(exchange))
        read_request_body(exchange, message);
}

/* ---- responses ---- */

void exchange_take_response_head(struct exchange *exchange, const struct message *message)
{
    struct span content_type = keep(exchange, message->content_type);
    exchange->status = message->status;
    exchange->media_type = media_type_of(content_type);
    exchange->charset = media_parameter(content_type, span_str("charset"));
    exchange->boundary = media_parameter(content_type, span_str("boundary"));
    exchange->content_encoding = keep(exchange, message->content_encoding);
    exchange->has_content_length =
        span_decimal(message->content_length, UINT64_MAX, &exchange->content_length);
    exchange->request.operation =
        gate_post(exchange->request.operation, exchange->request_type, exchange->status);
}

bool exchange_may_be_document(struct exchange *exchange)
{
    struct gate_response response = {
        .http_status = exchange->status,
        .method = exchange->request.method,
        .target = exchange->request.target,
        .media_type = exchange->media_type,
    };
    exchange->expects_batch = gate_expects_batch(&response);
    return gate_response_body(&response);
}
