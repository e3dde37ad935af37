/* A gathered line in, what it means in the state it came in out. Does not gather. */
#include "dissector/http/http1_lines.h"

#include "dissector/http/http1_chunk.h"
#include "dissector/http/http1_half.h"
#include "dissector/http/http1_start.h"
#include "dissector/http/http1_upgrade.h"

#include <assert.h>

static void note(struct http1_half *half, enum anomaly_kind kind, const char *text,
                 const struct origin *origin)
{
    struct anomaly anomaly = anomaly_make(kind, origin, 0, text);
    http1_half_note(half, &anomaly);
}

static void on_resync_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    bool had_candidate = half->resync.has_candidate;
    if (is_whole && http1_upgrade_line(half))
        return;
    half->is_found = http1_resync_line(&half->resync, &half->line, is_whole);
    if (half->is_found)
        half->state = HTTP1_FIELDS;
    /* Behind other bytes of its line, the last frame is the better guess. */
    else if (!had_candidate && half->resync.has_candidate && half->resync.is_behind)
        half->first = *origin;
}

static bool is_start_line(const struct http1_half *half, bool is_whole)
{
    struct http_head head;
    struct span text = http1_line_text(http1_line_current(&half->line), NULL);
    bool may_be_odd = half->dir == DIR_CLIENT;
    if (is_whole)
        return http1_start_parse(text, half->dir, &head) ||
               (may_be_odd && http1_start_parse_unreadable(text, &head));
    return http1_start_is_possible(text, half->dir) ||
           (may_be_odd && http1_start_may_be_unreadable(text));
}

/* Where a request begins behind other bytes of its line: those are the end of the body before it,
 * of which more was sent than its head said. Without a line end they are no request, so none is
 * lost. But not where half a line would have lost the place. */
static bool pass_over_rest_of_body(struct http1_half *half, const struct origin *origin)
{
    struct span text = http1_line_text(http1_line_current(&half->line), NULL);
    if (half->dir != DIR_CLIENT || !half->http1->has_seen_head || !is_start_line(half, false))
        return false;
    size_t at = http1_start_find(text, DIR_CLIENT, true);
    if (at == text.len)
        return false;
    note(half, ANOMALY_START_LINE, NULL, origin);
    http1_line_drop(&half->line, at);
    half->first = *origin;
    return true;
}

static enum feed on_start_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
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
        http1_half_lose_place(half, NULL, origin);
        return FEED_OK;
    }
    if (is_whole && http1_upgrade_line(half))
        return FEED_OK;
    if (half->settled != FEED_OK)
        return half->settled;
    if (!is_start_line(half, is_whole) && !(is_whole && pass_over_rest_of_body(half, origin))) {
        note(half, ANOMALY_START_LINE, NULL, origin);
        http1_half_lose_place(half, NULL, origin);
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
        enum feed answer = http1_half_begin_cut(half, origin);
        note(half, ANOMALY_LIMIT, "max_head_bytes", origin);
        if (answer == FEED_OK)
            answer = http1_half_end(half, END_EVICTED, origin);
        http1_half_lose_place(half, NULL, origin);
        return answer;
    }
    if (!is_whole)
        return FEED_OK;
    if (http1_line_text(http1_line_current(line), NULL).len == 0)
        return http1_half_begin(half, origin);
    http1_line_next(line);
    return FEED_OK;
}

/* Whether what is gathered at the start of a body begins the next message instead, because there is
 * no body. */
static enum http1_field_check check_unsure(struct http1_half *half, bool is_whole)
{
    struct http_head head;
    struct http1_line *line = &half->line;
    struct span bytes = http1_line_current(line);
    struct span text = http1_line_text(bytes, NULL);
    if (http1_line_all(line).len > HTTP1_RESYNC_WINDOW_BYTES)
        return HTTP1_FIELD_NO;
    if (http1_line_all(line).len > bytes.len)
        return http1_field_check(bytes);
    if (!is_whole)
        return http1_start_is_possible(text, half->dir) ? HTTP1_FIELD_MORE : HTTP1_FIELD_NO;
    if (!http1_start_is_clean(text, half->dir, &head))
        return HTTP1_FIELD_NO;
    http1_line_next(line);
    return HTTP1_FIELD_MORE;
}

static enum feed on_unsure_line(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    switch (check_unsure(half, is_whole)) {
    case HTTP1_FIELD_MORE:
        break;
    case HTTP1_FIELD_YES:
        half->is_line_due = true;
        if (half->body_state != HTTP1_CHUNK_DATA)
            return http1_half_end(half, END_COMPLETE, origin);
        note(half, ANOMALY_CHUNK, "more bytes announced than sent", origin);
        return http1_half_end(half, END_DAMAGED, origin);
    case HTTP1_FIELD_NO:
        half->is_line_due = true;
        half->is_doubtful = false;
        half->state = half->body_state;
    }
    return FEED_OK;
}

/* The chunk framing cannot be followed further: that costs this message and no other. */
static enum feed break_chunks(struct http1_half *half, enum end why, const struct origin *origin)
{
    enum feed answer = http1_half_end(half, why, origin);
    http1_half_lose_place(half, NULL, origin);
    return answer;
}

static enum feed on_chunk_size_line(struct http1_half *half, bool is_whole,
                                    const struct origin *origin)
{
    struct span bytes = http1_line_current(&half->line);
    bool is_size = http1_chunk_is_possible(bytes);
    if (is_size && bytes.len > half->http1->limits->max_chunk_line_bytes) {
        note(half, ANOMALY_LIMIT, "max_chunk_line_bytes", origin);
        return break_chunks(half, END_EVICTED, origin);
    }
    if (is_size && !is_whole)
        return FEED_OK;
    if (!is_size || !http1_chunk_size(http1_line_text(bytes, NULL), &half->left_bytes)) {
        note(half, ANOMALY_CHUNK, "no chunk size", origin);
        return break_chunks(half, END_DAMAGED, origin);
    }
    http1_line_clear(&half->line);
    half->trailer_bytes = 0;
    half->ending = (struct http1_chunk_ending){{0}};
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
        return break_chunks(half, END_DAMAGED, origin);
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
        enum feed answer = http1_half_end(half, END_COMPLETE, origin);
        http1_half_lose_place(half, NULL, origin);
        return answer;
    }
    if (!is_whole)
        return FEED_OK;
    struct span text = http1_line_text(bytes, NULL);
    if (half->dir == DIR_SERVER && span_starts(text, span_str("HTTP/"))) {
        note(half, ANOMALY_CHUNK, "no empty line behind the last chunk", origin);
        enum feed answer = http1_half_end(half, END_COMPLETE, origin);
        return answer == FEED_OK ? on_start_line(half, true, origin) : answer;
    }
    bool is_last = text.len == 0;
    half->trailer_bytes += bytes.len;
    http1_line_clear(&half->line);
    return is_last ? http1_half_end(half, END_COMPLETE, origin) : FEED_OK;
}

enum feed http1_lines_take(struct http1_half *half, bool is_whole, const struct origin *origin)
{
    switch (half->state) {
    case HTTP1_START_LINE:
        return on_start_line(half, is_whole, origin);
    case HTTP1_FIELDS:
        return on_fields_line(half, is_whole, origin);
    case HTTP1_BODY_UNSURE:
        return on_unsure_line(half, is_whole, origin);
    case HTTP1_CHUNK_SIZE:
        return on_chunk_size_line(half, is_whole, origin);
    case HTTP1_CHUNK_END:
        return on_chunk_end_line(half, is_whole, origin);
    case HTTP1_TRAILERS:
        return on_trailer_line(half, is_whole, origin);
    case HTTP1_RESYNC:
        on_resync_line(half, is_whole, origin);
        return half->settled;
    case HTTP1_HEAD_CUT:
    case HTTP1_CHUNK_DATA:
    case HTTP1_BODY_LENGTH:
    case HTTP1_BODY_CLOSE:
        assert(half->state <= HTTP1_RESYNC);
    }
    return FEED_OK;
}
