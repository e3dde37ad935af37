/* The bytes of both directions in, messages out. Each half is one machine: lines are gathered in
 * the states between bodies, and everything else is passed on as it comes. Does not judge whether
 * a message makes sense, does not pair, and keeps nothing of a message that is over. */
#include "dissector/http/http1.h"

#include "dissector/http/http1_half.h"
#include "dissector/http/http1_lines.h"
#include "dissector/http/http1_start.h"
#include "dissector/http/http1_tunnel.h"
#include "dissector/http/http1_upgrade.h"

/* "GET / HTTP/1.0" and its line ends: as much is a message. */
enum { MIN_HEAD_BYTES = 18 };

static bool gathers_lines(const struct http1_half *half)
{
    return half->state <= HTTP1_RESYNC;
}

/* The bytes that may be gathered now: while nothing ever was HTTP, the search is bounded. */
static struct span gatherable(const struct http1_half *half, struct span bytes)
{
    if (half->http1->has_seen_head)
        return bytes;
    return span_first(bytes, half->http1->limits->max_search_bytes - half->searched_bytes);
}

/* What was taken while the place is lost may belong to a body that goes on; but not the line behind
 * a start line that shows it to begin a message. Until it shows something it waits. */
static enum feed pass_stray(struct http1_half *half, struct span taken, const struct origin *origin)
{
    if (half->resync.has_candidate) {
        bool is_text = http1_resync_check(&half->resync, &half->line) == HTTP1_FIELD_NO;
        taken = is_text ? http1_line_current(&half->line) : (struct span){NULL, 0};
    }
    return http1_half_pass_stray(half, taken, origin);
}

/* In the middle of a head all field lines that are there are gathered at once. */
static enum http1_line_result gather(struct http1_half *half, struct span *bytes)
{
    struct http1_line *line = &half->line;
    bool is_between = http1_line_current(line).len == 0;
    if (half->state == HTTP1_FIELDS && is_between &&
        !http1_line_take_fields(line, bytes, half->http1->limits->max_head_bytes))
        return HTTP1_LINE_NOMEM;
    return bytes->len > 0 ? http1_line_take(line, bytes) : HTTP1_LINE_PART;
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
    bool is_stray = half->state == HTTP1_RESYNC;
    enum http1_line_result result = gather(half, &rest);
    if (result == HTTP1_LINE_NOMEM)
        return http1_half_settle_nomem(half);
    n -= rest.len;
    half->n_gathered += n;
    half->latest = *origin;
    struct span taken = span_first(*bytes, n);
    *bytes = span_after(*bytes, n);
    if (is_stray && http1_upgrade_search(half, taken, bytes, origin) != FEED_OK)
        return half->settled;
    if (half->http1->is_tunnel && is_stray)
        return FEED_OK;
    if (is_stray && pass_stray(half, taken, origin) != FEED_OK)
        return half->settled;
    if (!half->http1->has_seen_head)
        half->searched_bytes += n;
    /* A line at which the place is lost, or found again, means something in the new state too. */
    enum feed answer;
    bool was_lost;
    do {
        was_lost = half->state == HTTP1_RESYNC;
        answer = http1_lines_take(half, result == HTTP1_LINE_WHOLE, origin);
    } while (answer == FEED_OK && was_lost != (half->state == HTTP1_RESYNC));
    return answer;
}

static enum feed feed_body(struct http1_half *half, struct span *bytes, const struct origin *origin)
{
    bool has_end = half->state != HTTP1_BODY_CLOSE;
    size_t n = has_end && half->left_bytes < bytes->len ? (size_t)half->left_bytes : bytes->len;
    struct span piece = span_first(*bytes, n);
    *bytes = span_after(*bytes, n);
    if (half->state == HTTP1_CHUNK_DATA)
        http1_chunk_ending_take(&half->ending, piece);
    enum feed answer = http1_half_pass_body(half, piece, origin);
    return answer == FEED_OK && has_end ? http1_half_advance(half, n, origin) : answer;
}

/* Takes bytes; and when what was gathered of them turns out to be something else, takes that again
 * in the new state. It is a line or two without a whole head, so this nests once. */
static enum feed run(struct http1_half *half, struct span bytes, const struct origin *origin)
{
    enum feed answer = FEED_OK;
    while (answer == FEED_OK && !http1_tunnel_is_over(half) &&
           (bytes.len > 0 || half->is_line_due)) {
        if (!half->is_line_due) {
            answer = gathers_lines(half) ? feed_line(half, &bytes, origin)
                                         : feed_body(half, &bytes, origin);
            continue;
        }
        struct http1_line line = half->line;
        half->is_line_due = false;
        half->n_gathered -= http1_line_all(&line).len;
        http1_line_init(&half->line, line.kept.max_bytes);
        answer = run(half, http1_line_all(&line), origin);
        if (answer == FEED_OK && !http1_line_keep(&half->line))
            answer = http1_half_settle_nomem(half);
        http1_line_clear(&line);
    }
    if (answer == FEED_OK && half->is_tunnel)
        answer = http1_tunnel_feed(half, bytes, origin);
    return answer;
}

/* No more can be learnt about whether there is a body: what came is one. */
static enum feed assume_body(struct http1_half *half, const struct origin *origin)
{
    if (half->state != HTTP1_BODY_UNSURE)
        return FEED_OK;
    half->state = half->body_state;
    half->is_line_due = true;
    return run(half, (struct span){NULL, 0}, origin);
}

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct http1_half *half = ctx;
    bool is_in_body = half->state == HTTP1_CHUNK_DATA || half->state == HTTP1_BODY_CLOSE;
    if (half->is_doubtful && is_in_body && bytes.len > 0) {
        half->body_state = half->state;
        half->state = HTTP1_BODY_UNSURE;
    }
    enum feed answer = run(half, bytes, origin);
    if (http1_tunnel_is_over(half))
        return half->settled;
    return http1_line_keep(&half->line) ? answer : http1_half_settle_nomem(half);
}

/* n_bytes of a gap; is_between: from between two messages on. */
static void lose_behind(struct http1_half *half, uint64_t n_bytes, bool is_between,
                        const struct anomaly *gap)
{
    const struct http_hole hole = {
        .n_bytes = n_bytes,
        .is_cut = gap->kind == ANOMALY_SNAPLEN,
        .has_begun = is_between && n_bytes >= MIN_HEAD_BYTES,
    };
    http1_half_lose_place(half, &hole, &gap->origin);
}

/* A gap inside a body or chunk; beyond its end, whatever follows is lost. */
static enum feed body_gap(struct http1_half *half, uint64_t n_bytes, const struct anomaly *gap)
{
    bool is_cut = gap->kind == ANOMALY_SNAPLEN;
    bool is_beyond = n_bytes > half->left_bytes;
    bool has_end = half->state == HTTP1_BODY_LENGTH;
    bool is_whole = !half->is_wanted && has_end;
    uint64_t n = is_beyond ? half->left_bytes : n_bytes;
    if (n_bytes == SINK_ALL)
        n = 0;
    if (http1_half_pass_gap(half, n, is_cut, &gap->origin) != FEED_OK)
        return FEED_NOMEM;
    if (!is_beyond)
        return http1_half_advance(half, n, &gap->origin);
    enum feed answer = http1_half_end(half, is_whole ? END_COMPLETE : END_GAP, &gap->origin);
    lose_behind(half, gap->n_bytes - n, has_end, gap);
    return answer;
}

/* The open message cannot be followed across the gap. */
static enum feed break_message(struct http1_half *half, const struct anomaly *gap)
{
    bool is_cut = gap->kind == ANOMALY_SNAPLEN;
    if (half->state == HTTP1_TRAILERS)
        return http1_half_end(half, END_COMPLETE, &gap->origin);
    enum feed answer = http1_half_pass_gap(half, 0, is_cut, &gap->origin);
    return answer == FEED_OK ? http1_half_end(half, END_GAP, &gap->origin) : answer;
}

/* The client took the message for complete: the next one may have begun, before the gap or in it.
 */
static enum feed end_doubtful(struct http1_half *half, const struct anomaly *gap)
{
    enum feed answer = break_message(half, gap);
    half->is_line_due = http1_line_all(&half->line).len > 0;
    return answer == FEED_OK ? run(half, (struct span){NULL, 0}, &gap->origin) : answer;
}

/* A gap outside of body bytes. A start line that was seen still tells what the message was. */
static enum feed line_gap(struct http1_half *half, const struct anomaly *gap)
{
    bool is_cut = gap->kind == ANOMALY_SNAPLEN;
    bool is_between = half->state == HTTP1_START_LINE;
    enum feed answer = FEED_OK;
    if (half->state == HTTP1_FIELDS)
        answer = http1_half_begin_cut(half, &gap->origin);
    http1_line_clear(&half->line);
    if (answer != FEED_OK)
        return answer;
    http1_half_note(half, gap);
    if (http1_half_is_open(half))
        answer = break_message(half, gap);
    if (answer == FEED_OK && http1_tunnel_is_over(half))
        return half->is_tunnel ? stream_gap(half->tunnel, SINK_ALL, is_cut, &gap->origin) : answer;
    if (answer == FEED_OK)
        lose_behind(half, gap->n_bytes, is_between, gap);
    return answer;
}

/* Bytes that nobody needs, no more than are left. */
static enum feed pass_over(struct http1_half *half, uint64_t n_bytes, const struct origin *origin)
{
    half->body_bytes += n_bytes;
    half->ending = (struct http1_chunk_ending){{0}};
    return half->state == HTTP1_BODY_CLOSE ? FEED_OK : http1_half_advance(half, n_bytes, origin);
}

/* Whether n_bytes are more than what is left of a body, or a chunk, that nobody needs. */
static bool is_beyond_unwanted(const struct http1_half *half, uint64_t n_bytes)
{
    bool has_end = half->state == HTTP1_BODY_LENGTH || half->state == HTTP1_CHUNK_DATA;
    return has_end && !half->is_wanted && n_bytes != SINK_ALL && n_bytes > half->left_bytes;
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct http1_half *half = ctx;
    enum anomaly_kind kind = is_cut ? ANOMALY_SNAPLEN : ANOMALY_CAPTURE_GAP;
    uint64_t n_known = n_bytes == SINK_ALL ? 0 : n_bytes;
    struct anomaly gap = anomaly_make(kind, origin, n_known, NULL);
    if (n_bytes > 0 && http1_tunnel_is_over(half) && half->is_tunnel)
        return stream_gap(half->tunnel, n_bytes, is_cut, origin);
    if (http1_tunnel_is_over(half) || n_bytes == 0)
        return half->settled;
    enum feed answer = half->is_doubtful ? end_doubtful(half, &gap) : assume_body(half, origin);
    /* As when it were skipped: what is lost is what stands behind it. */
    if (answer == FEED_OK && is_beyond_unwanted(half, n_bytes)) {
        uint64_t n_behind = n_bytes - half->left_bytes;
        answer = pass_over(half, half->left_bytes, origin);
        return answer == FEED_OK ? on_gap(half, n_behind, is_cut, origin) : answer;
    }
    if (answer != FEED_OK)
        return answer;
    switch (half->state) {
    case HTTP1_BODY_CLOSE:
        return http1_half_pass_gap(half, n_known, is_cut, origin);
    case HTTP1_BODY_LENGTH:
    case HTTP1_CHUNK_DATA:
        return body_gap(half, n_bytes, &gap);
    default:
        return line_gap(half, &gap);
    }
}

static uint64_t on_need_none(void *ctx)
{
    struct http1_half *half = ctx;
    if (http1_tunnel_is_over(half) && half->is_tunnel)
        return stream_need_none(half->tunnel);
    if (http1_tunnel_is_over(half))
        return SINK_ALL;
    if (gathers_lines(half) || half->is_wanted)
        return 0;
    /* What comes next may be another message. */
    if (half->state == HTTP1_CHUNK_DATA && http1_chunk_ending_may_be_last(&half->ending))
        return 0;
    if (half->state != HTTP1_BODY_CLOSE)
        return half->left_bytes;
    return half->is_unsure ? 0 : SINK_ALL;
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct http1_half *half = ctx;
    if (http1_tunnel_is_over(half) && half->is_tunnel)
        return stream_skip(half->tunnel, n_bytes, origin);
    if (http1_tunnel_is_over(half))
        return half->settled;
    if (n_bytes > on_need_none(half))
        return on_gap(half, n_bytes, false, origin);
    return pass_over(half, n_bytes, origin);
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct http1_half *half = ctx;
    if (!http1_tunnel_is_over(half))
        http1_half_note(half, anomaly);
    else if (half->is_tunnel)
        stream_note(half->tunnel, anomaly);
}

static bool is_complete_at_end(const struct http1_half *half, enum end why)
{
    return half->state == HTTP1_TRAILERS || (half->state == HTTP1_BODY_CLOSE && why == END_FIN);
}

static enum feed end_open(struct http1_half *half, enum end why, const struct origin *origin)
{
    struct anomaly truncated = anomaly_make(ANOMALY_TRUNCATED, origin, 0, NULL);
    bool has_sender_stopped = why == END_FIN || why == END_RESET;
    if (is_complete_at_end(half, why))
        return http1_half_end(half, END_COMPLETE, origin);
    if (has_sender_stopped && half->state != HTTP1_BODY_UNSURE)
        http1_half_note(half, &truncated);
    return http1_half_end(half, why, origin);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct http1_half *half = ctx;
    if (http1_tunnel_is_over(half) && half->is_tunnel)
        return stream_finish(half->tunnel, why, origin);
    if (http1_tunnel_is_over(half))
        return half->settled;
    enum feed answer = FEED_OK;
    /* Nothing where a body may follow: then it stays open whether one was to come. */
    if (http1_line_all(&half->line).len > 0)
        answer = assume_body(half, origin);
    if (answer == FEED_OK && half->state == HTTP1_FIELDS)
        answer = http1_half_begin_cut(half, origin);
    if (answer == FEED_OK && http1_half_is_open(half))
        answer = end_open(half, why, origin);
    http1_line_clear(&half->line);
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
    http2_search_init(&http1->search);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct http1_half *half = &http1->half[dir];
        half->http1 = http1;
        half->dir = dir;
        half->resync.dir = dir;
        http1_line_init(&half->line,
                        max_line_bytes + 3 * HTTP1_RESYNC_WINDOW_BYTES + HTTP1_LINE_TAKE_BYTES);
    }
}

void http1_join(struct http1 *http1, enum dir dir)
{
    http1->half[dir].state = HTTP1_RESYNC;
}

void http1_begin_found(struct http1 *http1, enum dir dir)
{
    http1->half[dir].is_found = true;
}

struct stream_sink http1_stream(struct http1 *http1, enum dir dir)
{
    return (struct stream_sink){&stream_ops, &http1->half[dir]};
}

size_t http1_buffered_bytes(const struct http1 *http1)
{
    return http1->half[DIR_CLIENT].line.kept.capacity_bytes +
           http1->half[DIR_SERVER].line.kept.capacity_bytes +
           http2_search_buffered_bytes(&http1->search);
}

void http1_free(struct http1 *http1)
{
    http1_line_clear(&http1->half[DIR_CLIENT].line);
    http1_line_clear(&http1->half[DIR_SERVER].line);
    http2_search_free(&http1->search);
}
