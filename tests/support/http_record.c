/* The calls of http_ops and exchange_ops in, lines of a call_log out. */
#include "tests/support/http_record.h"

#include "dissector/http/http1.h"

#include <assert.h>

static char letter(enum dir dir)
{
    return dir == DIR_CLIENT ? 'C' : 'S';
}

static const char *framing_text(enum http_framing framing, uint64_t content_length, char out[40])
{
    static const char *const names[] = {
        [HTTP_FRAMING_NONE] = "none",       [HTTP_FRAMING_LENGTH] = "length",
        [HTTP_FRAMING_CHUNKED] = "chunked", [HTTP_FRAMING_UNTIL_CLOSE] = "until-close",
        [HTTP_FRAMING_STREAM] = "stream",
    };
    if (framing != HTTP_FRAMING_LENGTH)
        return names[framing];
    snprintf(out, 40, "length %llu", (unsigned long long)content_length);
    return out;
}

static void log_fields(struct http_record *record, char side, const struct span *fields)
{
    for (unsigned i = 0; i < HTTP_FIELD_N; i++)
        if (fields[i].ptr)
            call_log_line(&record->log, "%c field %s %.*s", side,
                          http_field_name((enum http_field)i), (int)fields[i].len,
                          (const char *)fields[i].ptr);
}

/* "C", or "C5" on stream 5. */
static const char *side(enum dir dir, uint32_t stream, char out[16])
{
    if (stream == 0)
        snprintf(out, 16, "%c", letter(dir));
    else
        snprintf(out, 16, "%c%lu", letter(dir), (unsigned long)stream);
    return out;
}

static enum http_body on_head(void *ctx, enum dir dir, uint32_t stream,
                              const struct http_head *head, const struct origin *origin)
{
    struct http_record *record = ctx;
    char text[40], who[16];
    (void)origin;
    const char *rest = head->is_partial ? " partial" : "";
    const char *framing = framing_text(head->framing, head->content_length, text);
    side(dir, stream, who);
    if (dir == DIR_CLIENT)
        call_log_line(&record->log, "%s head %.*s %.*s %u.%u %s%s", who, (int)head->method.len,
                      (const char *)head->method.ptr, (int)head->target.len,
                      (const char *)head->target.ptr, head->version_major, head->version_minor,
                      framing, rest);
    else
        call_log_line(&record->log, "%s head %u %.*s %u.%u %s%s", who, head->status,
                      (int)head->reason.len, (const char *)head->reason.ptr, head->version_major,
                      head->version_minor, framing, rest);
    if (record->shows_fields)
        log_fields(record, letter(dir), head->fields);
    return record->on_message ? record->on_message(dir, head) : HTTP_BODY_WANTED;
}

static enum feed on_body(void *ctx, enum dir dir, uint32_t stream, struct span bytes,
                         const struct origin *origin)
{
    struct http_record *record = ctx;
    char who[16], key[24];
    (void)origin;
    snprintf(key, sizeof key, "%s body", side(dir, stream, who));
    call_log_bytes(&record->log, key, bytes);
    return record->body_answer;
}

static enum feed on_gap(void *ctx, enum dir dir, uint32_t stream, uint64_t n_bytes, bool is_cut,
                        const struct origin *origin)
{
    struct http_record *record = ctx;
    char who[16];
    (void)origin;
    call_log_line(&record->log, "%s gap %llu%s", side(dir, stream, who),
                  (unsigned long long)n_bytes, is_cut ? " cut" : "");
    return FEED_OK;
}

static void on_note(void *ctx, enum dir dir, uint32_t stream, const struct anomaly *anomaly)
{
    struct http_record *record = ctx;
    char who[16];
    call_log_line(&record->log, "%s note %s%s%s", side(dir, stream, who),
                  anomaly_name(anomaly->kind), anomaly->text[0] ? " " : "", anomaly->text);
}

static enum feed on_end(void *ctx, enum dir dir, uint32_t stream, enum end why, uint64_t body_bytes,
                        const struct origin *origin)
{
    struct http_record *record = ctx;
    char who[16];
    (void)origin;
    call_log_line(&record->log, "%s end %s %llu", side(dir, stream, who), end_name(why),
                  (unsigned long long)body_bytes);
    return FEED_OK;
}

static void on_lost(void *ctx, enum dir dir, const struct http_hole *hole,
                    const struct origin *origin)
{
    struct http_record *record = ctx;
    (void)hole, (void)origin;
    call_log_line(&record->log, "%c lost", letter(dir));
}

static void on_closed(void *ctx, uint32_t stream, const struct origin *origin)
{
    struct http_record *record = ctx;
    (void)origin;
    call_log_line(&record->log, "closed %lu", (unsigned long)stream);
}

static const struct http_ops http_ops = {
    .head = on_head,
    .body = on_body,
    .gap = on_gap,
    .note = on_note,
    .end = on_end,
    .lost = on_lost,
    .closed = on_closed,
};

struct http_sink http_record_sink(struct http_record *record)
{
    return (struct http_sink){&http_ops, record};
}

static unsigned long long number(const struct exchange *exchange)
{
    return (unsigned long long)exchange->number;
}

static enum http_body answer(struct http_record *record, enum dir dir,
                             const struct exchange *exchange)
{
    const struct exchange_message *message =
        dir == DIR_CLIENT ? &exchange->request : &exchange->response;
    if (record->shows_fields)
        log_fields(record, letter(dir), message->fields);
    return record->on_exchange ? record->on_exchange(dir, exchange) : HTTP_BODY_WANTED;
}

static enum http_body on_request(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct http_record *record = ctx;
    char text[40];
    (void)origin;
    if (record->shows_ends_only)
        return answer(record, DIR_CLIENT, exchange);
    call_log_line(&record->log, "%llu request %.*s %.*s [%s]", number(exchange),
                  (int)exchange->method.len, (const char *)exchange->method.ptr,
                  (int)exchange->target.len, (const char *)exchange->target.ptr,
                  framing_text(exchange->request.framing, exchange->request.content_length, text));
    return answer(record, DIR_CLIENT, exchange);
}

static enum http_body on_response(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct http_record *record = ctx;
    char text[40];
    (void)origin;
    if (record->shows_ends_only)
        return answer(record, DIR_SERVER, exchange);
    call_log_line(
        &record->log, "%llu response %u [%s]", number(exchange), exchange->status,
        framing_text(exchange->response.framing, exchange->response.content_length, text));
    return answer(record, DIR_SERVER, exchange);
}

static enum feed log_body(struct http_record *record, const struct exchange *exchange,
                          const char *what, struct span bytes)
{
    char key[40];
    if (record->shows_ends_only)
        return record->body_answer;
    snprintf(key, sizeof key, "%llu %s", number(exchange), what);
    call_log_bytes(&record->log, key, bytes);
    return record->body_answer;
}

static enum feed on_request_body(void *ctx, struct exchange *exchange, struct span bytes,
                                 const struct origin *origin)
{
    (void)origin;
    return log_body(ctx, exchange, "request-body", bytes);
}

static enum feed on_response_body(void *ctx, struct exchange *exchange, struct span bytes,
                                  const struct origin *origin)
{
    (void)origin;
    return log_body(ctx, exchange, "response-body", bytes);
}

static enum feed on_request_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                                const struct origin *origin)
{
    struct http_record *record = ctx;
    (void)origin;
    if (record->shows_ends_only)
        return FEED_OK;
    call_log_line(&record->log, "%llu request-gap %llu%s", number(exchange),
                  (unsigned long long)n_bytes, is_cut ? " cut" : "");
    return FEED_OK;
}

static enum feed on_response_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes,
                                 bool is_cut, const struct origin *origin)
{
    struct http_record *record = ctx;
    (void)origin;
    if (record->shows_ends_only)
        return FEED_OK;
    call_log_line(&record->log, "%llu response-gap %llu%s", number(exchange),
                  (unsigned long long)n_bytes, is_cut ? " cut" : "");
    return FEED_OK;
}

static enum feed log_end(struct http_record *record, const struct exchange *exchange, enum dir dir)
{
    const struct exchange_message *message =
        dir == DIR_CLIENT ? &exchange->request : &exchange->response;
    if (record->shows_ends_only)
        return FEED_OK;
    call_log_line(&record->log, "%llu %s-end %s %llu%s", number(exchange),
                  dir == DIR_CLIENT ? "request" : "response", end_name(message->end),
                  (unsigned long long)message->body_bytes,
                  message->is_complete ? "" : " not-complete");
    return FEED_OK;
}

static enum feed on_request_end(void *ctx, struct exchange *exchange, enum end why,
                                const struct origin *origin)
{
    (void)origin, (void)why;
    return log_end(ctx, exchange, DIR_CLIENT);
}

static enum feed on_response_end(void *ctx, struct exchange *exchange, enum end why,
                                 const struct origin *origin)
{
    (void)origin, (void)why;
    return log_end(ctx, exchange, DIR_SERVER);
}

static void on_ended(void *ctx, struct exchange *exchange, const struct origin *origin)
{
    struct http_record *record = ctx;
    struct span method = exchange->request.is_seen ? exchange->method : span_str("?");
    struct span target = exchange->request.is_seen ? exchange->target : span_str("?");
    char anomalies[400] = "";
    size_t at = 0;
    (void)origin;
    for (size_t i = 0; i < exchange->n_anomalies && at < sizeof anomalies; i++)
        at += (size_t)snprintf(anomalies + at, sizeof anomalies - at, " !%s(%s)",
                               anomaly_name(exchange->anomalies[i].kind),
                               exchange->anomalies[i].text);
    if (exchange->n_anomalies_more > 0 && at < sizeof anomalies)
        snprintf(anomalies + at, sizeof anomalies - at, " and %llu more",
                 (unsigned long long)exchange->n_anomalies_more);
    call_log_line(&record->log, "%llu ended %.*s %.*s%s %u%s%s%s", number(exchange),
                  (int)method.len, (const char *)method.ptr, (int)target.len,
                  (const char *)target.ptr, exchange->is_target_cut ? "!" : "", exchange->status,
                  exchange->request.is_partial ? " partial" : "",
                  exchange->response.is_partial ? " partial" : "", anomalies);
}

static const struct exchange_ops exchange_ops = {
    .request = on_request,
    .request_body = on_request_body,
    .request_gap = on_request_gap,
    .request_end = on_request_end,
    .response = on_response,
    .response_body = on_response_body,
    .response_gap = on_response_gap,
    .response_end = on_response_end,
    .ended = on_ended,
};

struct exchange_sink http_record_exchange_sink(struct http_record *record)
{
    return (struct exchange_sink){&exchange_ops, record};
}

void http_record_play(struct http_record *record, const struct play *plays,
                      const struct play_way *way)
{
    const struct limits *limits = record->limits ? record->limits : &limits_default;
    struct exchanges exchanges;
    struct http1 http1;
    struct origin last = {.ordinal = 100};
    call_log_begin(&record->log);
    exchanges_init(&exchanges, limits, http_record_exchange_sink(record));
    http1_init(&http1, limits, exchanges_sink(&exchanges));
    struct stream_sink sinks[2] = {http1_stream(&http1, DIR_CLIENT),
                                   http1_stream(&http1, DIR_SERVER)};
    play_streams(sinks, plays, way);
    exchanges_finish(&exchanges, END_CAPTURE, &last);
    assert(exchanges_buffered_bytes(&exchanges) == 0);
    exchanges_free(&exchanges);
    http1_free(&http1);
}
