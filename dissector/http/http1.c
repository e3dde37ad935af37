/* The bytes of both directions in, messages out. Each half is one machine: lines are gathered in
 * the states between bodies, and everything else is passed on as it comes. Does not judge whether
 * a message makes sense, does not pair, and keeps nothing of a message that is over. */
#include "dissector/http/http1.h"

#include "dissector/http/http1_chunk.h"
#include "dissector/http/http1_head.h"
#include "dissector/http/http1_start.h"

#include <assert.h>

/* While looking for the next message, of a longer line only the end is looked at. */
enum { RESYNC_WINDOW_BYTES = 4096 };

static bool gathers_lines(const struct http1_half *half)
{
    return half->state <= HTTP1_RESYNC;
}

/* Whether a message's head was passed on and its end was not. */
static bool is_open(const struct http1_half *half)
{
    switch (half->state) {
    case HTTP1_START_LINE:
    case HTTP1_FIELDS:
    case HTTP1_RESYNC:
        return false;
    case HTTP1_CHUNK_SIZE:
    case HTTP1_CHUNK_END:
    case HTTP1_TRAILERS:
    case HTTP1_CHUNK_DATA:
    case HTTP1_BODY_LENGTH:
    case HTTP1_BODY_CLOSE:
        break;
    }
    return true;
}

static bool is_over(struct http1_half *half)
{
    if (half->settled == FEED_OK && half->http1->is_tunnel && !is_open(half)) {
        half->settled = FEED_STOP;
        http1_line_clear(&half->line);
    }
    return half->settled != FEED_OK;
}

static enum feed settle_nomem(struct http1_half *half)
{
    half->http1->half[DIR_CLIENT].settled = FEED_NOMEM;
    half->http1->half[DIR_SERVER].settled = FEED_NOMEM;
    return FEED_NOMEM;
}

/* What a callback answered, when its FEED_STOP says nothing: only bodies can be declined. */
static enum feed check(struct http1_half *half, enum feed answer)
{
    return answer == FEED_NOMEM ? settle_nomem(half) : FEED_OK;
}

static void note(struct http1_half *half, enum anomaly_kind kind, const char *text,
                 const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    struct anomaly anomaly = anomaly_make(kind, origin, 0, text);
    sink->ops->note(sink->ctx, half->dir, 0, &anomaly);
}

static enum feed end_message(struct http1_half *half, enum end why, const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    half->state = HTTP1_START_LINE;
    return check(half, sink->ops->end(sink->ctx, half->dir, 0, why, half->body_bytes, origin));
}

/* What comes next is not known: forgets all but the current line and looks for a message. */
static void lose_place(struct http1_half *half, const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    http1_line_drop_before(&half->line);
    half->state = HTTP1_RESYNC;
    half->has_candidate = false;
    sink->ops->lost(sink->ctx, half->dir, origin);
}

static enum feed pass_body(struct http1_half *half, struct span bytes, const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    half->body_bytes += bytes.len;
    if (!half->is_wanted)
        return FEED_OK;
    enum feed answer = sink->ops->body(sink->ctx, half->dir, 0, bytes, origin);
    half->is_wanted = answer == FEED_OK;
    return check(half, answer);
}

static enum feed pass_gap(struct http1_half *half, uint64_t n_bytes, bool is_cut,
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

/* n of the left_bytes of a body or chunk have gone by. */
static enum feed advance(struct http1_half *half, uint64_t n_bytes, const struct origin *origin)
{
    half->left_bytes -= n_bytes;
    if (half->left_bytes > 0)
        return FEED_OK;
    if (half->state == HTTP1_BODY_LENGTH)
        return end_message(half, END_COMPLETE, origin);
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
        return advance(half, 0, origin);
    case HTTP_FRAMING_NONE:
    case HTTP_FRAMING_STREAM:
        break;
    }
    return end_message(half, END_COMPLETE, origin);
}

static enum feed begin_message(struct http1_half *half, const struct origin *origin)
{
    struct http1 *http1 = half->http1;
    struct http1_head parsed;
    struct span bytes = http1_line_all(&half->line);
    if (http1_head_parse(&parsed, http1->limits, half->dir, bytes) != FEED_OK)
        return settle_nomem(half);
    parsed.head.first = half->first;
    half->body_bytes = 0;
    http1->has_seen_head = true;
    enum http_body answer =
        http1->sink.ops->head(http1->sink.ctx, half->dir, 0, &parsed.head, origin);
    if (answer != HTTP_BODY_NOMEM)
        for (unsigned i = 0; i < HTTP1_NOTE_N; i++)
            if (parsed.is_noted[i])
                note(half, http1_note_texts[i].kind, http1_note_texts[i].text, origin);
    struct http_head head = {.framing = parsed.head.framing,
                             .content_length = parsed.head.content_length};
    http1_head_free(&parsed);
    http1_line_clear(&half->line);
    half->is_wanted = answer == HTTP_BODY_WANTED;
    switch (answer) {
    case HTTP_BODY_WANTED:
    case HTTP_BODY_UNWANTED:
        return begin_body(half, &head, origin);
    case HTTP_BODY_TUNNEL:
        http1->is_tunnel = true;
        break;
    case HTTP_BODY_ABSENT:
        break;
    case HTTP_BODY_NOMEM:
        return settle_nomem(half);
    }
    return end_message(half, END_COMPLETE, origin);
}

/* Lines whose end nothing depends on yet are trimmed, so that memory stays bounded. */
static void trim_line(struct http1_line *line)
{
    size_t n = http1_line_current(line).len;
    if (n > 2 * RESYNC_WINDOW_BYTES)
        http1_line_drop(line, n - RESYNC_WINDOW_BYTES - 2);
}

static void on_resync_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    struct http1_line *line = &half->line;
    if (half->has_candidate) {
        enum http1_field_check found = http1_field_check(http1_line_current(line));
        if (found == HTTP1_FIELD_MORE)
            return;
        half->has_candidate = false;
        if (found == HTTP1_FIELD_YES) {
            half->state = HTTP1_FIELDS;
            return;
        }
        http1_line_drop_before(line);
    }
    if (!is_whole) {
        trim_line(line);
        return;
    }
    struct span text = http1_line_text(http1_line_current(line), NULL);
    bool is_long = text.len > RESYNC_WINDOW_BYTES;
    size_t window_at = is_long ? text.len - RESYNC_WINDOW_BYTES : 0;
    struct span window = span_after(text, window_at);
    size_t at = http1_start_find(window, half->dir, !is_long);
    if (at == window.len) {
        http1_line_clear(line);
        return;
    }
    http1_line_drop(line, window_at + at);
    http1_line_next(line);
    half->has_candidate = true;
    /* Behind other bytes of its line, the last frame is the better guess. */
    if (window_at + at > 0)
        half->first = *origin;
}

static enum feed on_start_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    struct http_head head;
    struct http1_line *line = &half->line;
    struct span bytes = http1_line_current(line);
    struct span text = http1_line_text(bytes, NULL);
    /* RFC 9112 §2.2: empty lines before a start line are passed over. */
    if (is_whole && text.len == 0) {
        http1_line_clear(line);
        return FEED_OK;
    }
    if (!is_whole && bytes.len == 1 && bytes.ptr[0] == '\r')
        return FEED_OK;
    if (bytes.len > half->http1->limits->max_head_bytes) {
        note(half, ANOMALY_LIMIT, "max_head_bytes", origin);
        lose_place(half, origin);
        return FEED_OK;
    }
    if (!http1_start_is_possible(text, half->dir) ||
        (is_whole && !http1_start_parse(text, half->dir, &head))) {
        note(half, ANOMALY_START_LINE, NULL, origin);
        lose_place(half, origin);
        return FEED_OK;
    }
    if (is_whole) {
        http1_line_next(line);
        half->state = HTTP1_FIELDS;
    }
    return FEED_OK;
}

static enum feed on_fields_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    struct http1_line *line = &half->line;
    if (http1_line_all(line).len > half->http1->limits->max_head_bytes) {
        note(half, ANOMALY_LIMIT, "max_head_bytes", origin);
        lose_place(half, origin);
        return FEED_OK;
    }
    if (!is_whole)
        return FEED_OK;
    if (http1_line_text(http1_line_current(line), NULL).len == 0)
        return begin_message(half, origin);
    http1_line_next(line);
    return FEED_OK;
}

/* The chunk framing cannot be followed further: that costs this message and no other. */
static enum feed break_chunks(struct http1_half *half, const struct origin *origin)
{
    enum feed answer = end_message(half, END_GAP, origin);
    lose_place(half, origin);
    return answer;
}

static enum feed on_chunk_size_line(struct http1_half *half, bool is_whole,
                                    const struct origin *origin)
{
    struct span bytes = http1_line_current(&half->line);
    if (bytes.len > half->http1->limits->max_chunk_line_bytes) {
        note(half, ANOMALY_LIMIT, "max_chunk_line_bytes", origin);
        return break_chunks(half, origin);
    }
    if (!is_whole)
        return FEED_OK;
    if (!http1_chunk_size(http1_line_text(bytes, NULL), &half->left_bytes)) {
        note(half, ANOMALY_CHUNK, "no chunk size", origin);
        return break_chunks(half, origin);
    }
    http1_line_clear(&half->line);
    half->trailer_bytes = 0;
    half->state = half->left_bytes > 0 ? HTTP1_CHUNK_DATA : HTTP1_TRAILERS;
    return FEED_OK;
}

static enum feed on_chunk_end_line(struct http1_half *half, bool is_whole,
                                   const struct origin *origin)
{
    struct span bytes = http1_line_current(&half->line);
    bool is_empty =
        is_whole ? http1_line_text(bytes, NULL).len == 0 : bytes.len == 1 && bytes.ptr[0] == '\r';
    if (!is_empty) {
        note(half, ANOMALY_CHUNK, "no line end after a chunk", origin);
        return break_chunks(half, origin);
    }
    if (is_whole) {
        http1_line_clear(&half->line);
        half->state = HTTP1_CHUNK_SIZE;
    }
    return FEED_OK;
}

static enum feed on_trailer_line(struct http1_half *half, bool is_whole,
                                 const struct origin *origin)
{
    struct span bytes = http1_line_current(&half->line);
    if (half->trailer_bytes + bytes.len > half->http1->limits->max_head_bytes) {
        note(half, ANOMALY_LIMIT, "max_head_bytes", origin);
        enum feed answer = end_message(half, END_COMPLETE, origin);
        lose_place(half, origin);
        return answer;
    }
    if (!is_whole)
        return FEED_OK;
    bool is_last = http1_line_text(bytes, NULL).len == 0;
    half->trailer_bytes += bytes.len;
    http1_line_clear(&half->line);
    return is_last ? end_message(half, END_COMPLETE, origin) : FEED_OK;
}

static enum feed on_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    switch (half->state) {
    case HTTP1_START_LINE:
        return on_start_line(half, is_whole, origin);
    case HTTP1_FIELDS:
        return on_fields_line(half, is_whole, origin);
    case HTTP1_CHUNK_SIZE:
        return on_chunk_size_line(half, is_whole, origin);
    case HTTP1_CHUNK_END:
        return on_chunk_end_line(half, is_whole, origin);
    case HTTP1_TRAILERS:
        return on_trailer_line(half, is_whole, origin);
    case HTTP1_RESYNC:
        on_resync_line(half, is_whole, origin);
        break;
    case HTTP1_CHUNK_DATA:
    case HTTP1_BODY_LENGTH:
    case HTTP1_BODY_CLOSE:
        assert(!"a body has no lines");
    }
    return FEED_OK;
}

/* The bytes that may be gathered now: while nothing ever was HTTP, the search is bounded. */
static struct span gatherable(const struct http1_half *half, struct span bytes)
{
    size_t max_bytes = half->http1->limits->max_search_bytes;
    if (half->state != HTTP1_RESYNC || half->http1->has_seen_head)
        return bytes;
    return span_first(bytes, max_bytes - half->searched_bytes);
}

static enum feed feed_line(struct http1_half *half, struct span *bytes, const struct origin *origin)
{
    struct span rest = gatherable(half, *bytes);
    size_t n = rest.len;
    if (n == 0) {
        half->settled = FEED_STOP;
        http1_line_clear(&half->line);
        return FEED_STOP;
    }
    if (http1_line_all(&half->line).len == 0)
        half->first = *origin;
    enum http1_line_result result = http1_line_take(&half->line, &rest);
    if (result == HTTP1_LINE_NOMEM)
        return settle_nomem(half);
    n -= rest.len;
    *bytes = span_after(*bytes, n);
    if (half->state == HTTP1_RESYNC && !half->http1->has_seen_head)
        half->searched_bytes += n;
    /* A line at which the place is lost, or found again, means something in the new state too. */
    enum feed answer;
    bool was_lost;
    do {
        was_lost = half->state == HTTP1_RESYNC;
        answer = on_line(half, result == HTTP1_LINE_WHOLE, origin);
    } while (answer == FEED_OK && was_lost != (half->state == HTTP1_RESYNC));
    return answer;
}

static enum feed feed_body(struct http1_half *half, struct span *bytes, const struct origin *origin)
{
    bool has_end = half->state != HTTP1_BODY_CLOSE;
    size_t n = has_end && half->left_bytes < bytes->len ? (size_t)half->left_bytes : bytes->len;
    struct span piece = span_first(*bytes, n);
    *bytes = span_after(*bytes, n);
    enum feed answer = pass_body(half, piece, origin);
    return answer == FEED_OK && has_end ? advance(half, n, origin) : answer;
}

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct http1_half *half = ctx;
    enum feed answer = FEED_OK;
    while (answer == FEED_OK && bytes.len > 0 && !is_over(half))
        answer =
            gathers_lines(half) ? feed_line(half, &bytes, origin) : feed_body(half, &bytes, origin);
    if (is_over(half))
        return half->settled;
    return http1_line_keep(&half->line) ? FEED_OK : settle_nomem(half);
}

/* A gap outside a body has no callback of its own. */
static void note_gap(struct http1_half *half, uint64_t n_bytes, bool is_cut,
                     const struct origin *origin)
{
    const struct http_sink *sink = &half->http1->sink;
    enum anomaly_kind kind = is_cut ? ANOMALY_SNAPLEN : ANOMALY_CAPTURE_GAP;
    struct anomaly anomaly = anomaly_make(kind, origin, n_bytes, NULL);
    sink->ops->note(sink->ctx, half->dir, 0, &anomaly);
}

/* A gap inside a body or chunk; beyond its end, whatever follows is lost. */
static enum feed body_gap(struct http1_half *half, uint64_t n_bytes, bool is_cut,
                          const struct origin *origin)
{
    bool is_beyond = n_bytes > half->left_bytes;
    bool is_whole = !half->is_wanted && half->state == HTTP1_BODY_LENGTH;
    uint64_t n = is_beyond ? half->left_bytes : n_bytes;
    if (pass_gap(half, n, is_cut, origin) != FEED_OK)
        return FEED_NOMEM;
    if (!is_beyond)
        return advance(half, n, origin);
    enum feed answer = end_message(half, is_whole ? END_COMPLETE : END_GAP, origin);
    lose_place(half, origin);
    return answer;
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct http1_half *half = ctx;
    enum feed answer = FEED_OK;
    if (is_over(half) || n_bytes == 0)
        return half->settled;
    http1_line_clear(&half->line);
    switch (half->state) {
    case HTTP1_BODY_CLOSE:
        return pass_gap(half, n_bytes, is_cut, origin);
    case HTTP1_BODY_LENGTH:
    case HTTP1_CHUNK_DATA:
        return body_gap(half, n_bytes, is_cut, origin);
    case HTTP1_CHUNK_SIZE:
    case HTTP1_CHUNK_END:
        answer = pass_gap(half, 0, is_cut, origin);
        if (answer == FEED_OK)
            answer = end_message(half, END_GAP, origin);
        break;
    case HTTP1_TRAILERS:
        note_gap(half, n_bytes, is_cut, origin);
        answer = end_message(half, END_COMPLETE, origin);
        break;
    case HTTP1_START_LINE:
    case HTTP1_FIELDS:
    case HTTP1_RESYNC:
        note_gap(half, n_bytes, is_cut, origin);
        break;
    }
    if (answer == FEED_OK)
        lose_place(half, origin);
    return answer;
}

static uint64_t on_need_none(void *ctx)
{
    struct http1_half *half = ctx;
    if (is_over(half))
        return SINK_ALL;
    if (gathers_lines(half) || half->is_wanted)
        return 0;
    return half->state == HTTP1_BODY_CLOSE ? SINK_ALL : half->left_bytes;
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct http1_half *half = ctx;
    if (is_over(half))
        return half->settled;
    if (n_bytes > on_need_none(half))
        return on_gap(half, n_bytes, false, origin);
    half->body_bytes += n_bytes;
    return half->state == HTTP1_BODY_CLOSE ? FEED_OK : advance(half, n_bytes, origin);
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct http1_half *half = ctx;
    const struct http_sink *sink = &half->http1->sink;
    if (!is_over(half))
        sink->ops->note(sink->ctx, half->dir, 0, anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct http1_half *half = ctx;
    if (is_over(half))
        return half->settled;
    http1_line_clear(&half->line);
    enum feed answer = FEED_OK;
    if (is_open(half)) {
        bool is_complete =
            half->state == HTTP1_TRAILERS || (half->state == HTTP1_BODY_CLOSE && why == END_FIN);
        if (!is_complete && (why == END_FIN || why == END_RESET))
            note(half, ANOMALY_TRUNCATED, NULL, origin);
        answer = end_message(half, is_complete ? END_COMPLETE : why, origin);
    }
    if (answer == FEED_OK)
        half->settled = FEED_STOP;
    return answer;
}

static const struct stream_ops stream_ops = {
    .feed = on_feed,
    .skip = on_skip,
    .gap = on_gap,
    .need_none = on_need_none,
    .note = on_note,
    .finish = on_finish,
};

void http1_init(struct http1 *http1, const struct limits *limits, struct http_sink sink)
{
    size_t max_line_bytes = limits->max_head_bytes > limits->max_chunk_line_bytes
                                ? limits->max_head_bytes
                                : limits->max_chunk_line_bytes;
    *http1 = (struct http1){.limits = limits, .sink = sink};
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct http1_half *half = &http1->half[dir];
        half->http1 = http1;
        half->dir = dir;
        http1_line_init(&half->line,
                        max_line_bytes + 2 * RESYNC_WINDOW_BYTES + HTTP1_LINE_TAKE_BYTES);
    }
}

struct stream_sink http1_stream(struct http1 *http1, enum dir dir)
{
    return (struct stream_sink){&stream_ops, &http1->half[dir]};
}

size_t http1_buffered_bytes(const struct http1 *http1)
{
    return http1->half[DIR_CLIENT].line.kept.capacity_bytes +
           http1->half[DIR_SERVER].line.kept.capacity_bytes;
}

void http1_free(struct http1 *http1)
{
    http1_line_clear(&http1->half[DIR_CLIENT].line);
    http1_line_clear(&http1->half[DIR_SERVER].line);
}
