/* Asked by the machine of http1.c and its lines, answers with calls to the sink and the next state.
 * Gathers nothing and decides nothing about bytes. */
#include "dissector/http/http1_half.h"

#include "dissector/http/http1_head.h"

bool http1_half_is_open(const struct http1_half *half)
{
    switch (half->state) {
    case HTTP1_START_LINE:
    case HTTP1_FIELDS:
    case HTTP1_RESYNC:
        return false;
    case HTTP1_BODY_UNSURE:
    case HTTP1_CHUNK_SIZE:
    case HTTP1_CHUNK_END:
    case HTTP1_TRAILERS:
    case HTTP1_HEAD_CUT:
    case HTTP1_CHUNK_DATA:
    case HTTP1_BODY_LENGTH:
    case HTTP1_BODY_CLOSE:
        break;
    }
    return true;
}

enum feed http1_half_settle_nomem(struct http1_half *half)
{
    half->http1->half[DIR_CLIENT].settled = FEED_NOMEM;
    half->http1->half[DIR_SERVER].settled = FEED_NOMEM;
    return FEED_NOMEM;
}

/* What a callback answered, when its FEED_STOP says nothing: only bodies can be declined. */
static enum feed check(struct http1_half *half, enum feed answer)
{
    return answer == FEED_NOMEM ? http1_half_settle_nomem(half) : FEED_OK;
}

void http1_half_note(struct http1_half *half, const struct anomaly *anomaly)
{
    const struct http_sink *sink = &half->http1->sink;
    sink->ops->note(sink->ctx, half->dir, 0, anomaly);
}

enum feed http1_half_end(struct http1_half *half, enum end why, const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    half->state = HTTP1_START_LINE;
    half->is_doubtful = false;
    return check(half, sink->ops->end(sink->ctx, half->dir, 0, why, half->body_bytes, origin));
}

enum feed http1_half_pass_stray(struct http1_half *half, struct span bytes,
                                const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    if (half->dir != DIR_SERVER || !sink->ops->stray || bytes.len == 0)
        return FEED_OK;
    return check(half, sink->ops->stray(sink->ctx, bytes, origin));
}

/* The place of the first byte that is gathered. */
static uint64_t begin_of(const struct http1_half *half)
{
    return half->n_gathered - http1_line_all(&half->line).len;
}

void http1_half_lose_place(struct http1_half *half, const struct http_hole *hole,
                           const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    http1_line_drop(&half->line, 0);
    half->state = HTTP1_RESYNC;
    half->resync = (struct http1_resync){
        .dir = half->dir,
        .is_fresh = http1_line_all(&half->line).len == 0,
    };
    half->search_at = begin_of(half);
    if (half->dir == DIR_SERVER) {
        struct http1_half *client = &half->http1->half[DIR_CLIENT];
        client->overtaken_at = client->heard_at = client->n_gathered;
        http2_search_clear(&half->http1->search);
    }
    sink->ops->lost(sink->ctx, half->dir, hole, origin);
    (void)http1_half_pass_stray(half, http1_line_all(&half->line), origin);
}

enum feed http1_half_pass_body(struct http1_half *half, struct span bytes,
                               const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    half->body_bytes += bytes.len;
    if (!half->is_wanted)
        return FEED_OK;
    enum feed answer = sink->ops->body(sink->ctx, half->dir, 0, bytes, origin);
    half->is_wanted = answer == FEED_OK;
    return check(half, answer);
}

enum feed http1_half_pass_gap(struct http1_half *half, uint64_t n_bytes, bool is_cut,
                              const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    half->body_bytes += n_bytes;
    if (!half->is_wanted)
        return FEED_OK;
    enum feed answer = sink->ops->gap(sink->ctx, half->dir, 0, n_bytes, is_cut, origin);
    half->is_wanted = answer == FEED_OK;
    return check(half, answer);
}

enum feed http1_half_advance(struct http1_half *half, uint64_t n_bytes, const struct origin *origin)
{
    half->left_bytes -= n_bytes;
    if (half->left_bytes > 0)
        return FEED_OK;
    if (half->state == HTTP1_BODY_LENGTH)
        return http1_half_end(half, END_COMPLETE, origin);
    half->state = HTTP1_CHUNK_END;
    return FEED_OK;
}

static enum feed begin_body(struct http1_half *half, const struct http_head *head,
                            const struct origin *origin)
{
    switch (head->framing) {
    case HTTP_FRAMING_CHUNKED:
        half->state = HTTP1_CHUNK_SIZE;
        return FEED_OK;
    case HTTP_FRAMING_UNTIL_CLOSE:
        half->state = HTTP1_BODY_CLOSE;
        return FEED_OK;
    case HTTP_FRAMING_LENGTH:
        half->state = HTTP1_BODY_LENGTH;
        half->left_bytes = head->content_length;
        return http1_half_advance(half, 0, origin);
    case HTTP_FRAMING_NONE:
    case HTTP_FRAMING_STREAM:
        break;
    }
    return http1_half_end(half, END_COMPLETE, origin);
}

static enum feed begin_unsure_body(struct http1_half *half, const struct http_head *head,
                                   const struct origin *origin)
{
    enum feed answer = begin_body(half, head, origin);
    if (answer == FEED_OK && http1_half_is_open(half)) {
        half->body_state = half->state;
        half->state = HTTP1_BODY_UNSURE;
        half->is_unsure = true;
    }
    return answer;
}

static void note_oddities(struct http1_half *half, const struct http1_head *parsed,
                          const struct origin *origin)
{
    for (unsigned i = 0; i < HTTP1_NOTE_N; i++) {
        if (!parsed->is_noted[i])
            continue;
        const struct http1_note_text *text = &http1_note_texts[i];
        struct anomaly anomaly = anomaly_make(text->kind, origin, 0, text->text);
        http1_half_note(half, &anomaly);
    }
}

/* The client took the answer for complete when it sent the next request, and a server's bytes come
 * before the request that acknowledges them. */
static void doubt_body(struct http1_half *half)
{
    bool may_be_over_in_chunk =
        half->state == HTTP1_CHUNK_DATA && http1_chunk_ending_is_last(&half->ending);
    half->is_doubtful =
        may_be_over_in_chunk || half->state == HTTP1_BODY_CLOSE || half->state == HTTP1_BODY_UNSURE;
}

/* Passes on the head in bytes. *framing (may be NULL): what begin_body needs to know of it. */
static enum http_body pass_head(struct http1_half *half, struct span bytes,
                                struct http_head *framing, const struct origin *origin)
{
    struct http1 *http1 = half->http1;
    struct http1_head parsed;
    if (http1_head_parse(&parsed, http1->limits, half->dir, bytes) != FEED_OK)
        return HTTP_BODY_NOMEM;
    parsed.head.first = half->first;
    parsed.head.last = framing ? *origin : half->latest;
    parsed.head.is_partial = !framing;
    parsed.head.is_right_behind_loss = half->resync.is_at_loss;
    half->resync.is_at_loss = false;
    parsed.head.is_found = half->is_found;
    parsed.head.is_behind_end =
        half->is_found && begin_of(half) > half->search_at && begin_of(half) > half->heard_at;
    half->is_found = half->is_unsure = false;
    half->body_bytes = 0;
    http1->has_seen_head = true;
    if (half->dir == DIR_CLIENT)
        doubt_body(&http1->half[DIR_SERVER]);
    else if (parsed.head.status >= 200)
        http1->half[DIR_CLIENT].heard_at = http1->half[DIR_CLIENT].n_gathered;
    enum http_body answer =
        http1->sink.ops->head(http1->sink.ctx, half->dir, 0, &parsed.head, origin);
    /* What was lost before the last of the head came may have been its answer. */
    if (half->overtaken_at > begin_of(half))
        http1->sink.ops->lost(http1->sink.ctx, DIR_SERVER, NULL, origin);
    half->is_wanted = answer == HTTP_BODY_WANTED || answer == HTTP_BODY_UNSURE;
    http1->is_tunnel = http1->is_tunnel || answer == HTTP_BODY_TUNNEL;
    if (answer != HTTP_BODY_NOMEM)
        note_oddities(half, &parsed, origin);
    if (framing)
        *framing = (struct http_head){.framing = parsed.head.framing,
                                      .content_length = parsed.head.content_length};
    http1_head_free(&parsed);
    return answer;
}

enum feed http1_half_begin(struct http1_half *half, const struct origin *origin)
{
    struct http_head framing;
    enum http_body answer = pass_head(half, http1_line_all(&half->line), &framing, origin);
    http1_line_clear(&half->line);
    switch (answer) {
    case HTTP_BODY_WANTED:
    case HTTP_BODY_UNWANTED:
        return begin_body(half, &framing, origin);
    case HTTP_BODY_UNSURE:
        return begin_unsure_body(half, &framing, origin);
    case HTTP_BODY_TUNNEL:
    case HTTP_BODY_ABSENT:
        break;
    case HTTP_BODY_NOMEM:
        return http1_half_settle_nomem(half);
    }
    return http1_half_end(half, END_COMPLETE, origin);
}

enum feed http1_half_begin_cut(struct http1_half *half, const struct origin *origin)
{
    struct span all = http1_line_all(&half->line);
    struct span lines = span_first(all, all.len - http1_line_current(&half->line).len);
    half->state = HTTP1_HEAD_CUT;
    if (pass_head(half, lines, NULL, origin) == HTTP_BODY_NOMEM)
        return http1_half_settle_nomem(half);
    return FEED_OK;
}
