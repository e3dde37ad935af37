/* The sinks for the bytes of both directions, and what gaps, skips and the end do to the half whose
 * bytes they are. What the bytes say is the affair of http2_half.c. */
#include "dissector/http/http2.h"

#include "dissector/http/http2_block.h"
#include "dissector/http/http2_half.h"
#include "dissector/http/http2_message.h"

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    return http2_half_feed(ctx, bytes, origin);
}

/* ---- gaps ---- */

/* How much of the frame is content will not be known. */
static enum feed lose_pad_length(struct http2_half *half, const struct anomaly *gap)
{
    half->hole = *gap;
    enum feed answer = http2_data_hole(half, &gap->origin);
    if (answer == FEED_OK)
        answer = http2_data_end(half, END_GAP, &gap->origin);
    half->state = HTTP2_SKIP;
    return answer;
}

/* gap: all of it in this part of the frame. */
static enum feed gap_in_frame(struct http2_half *half, const struct anomaly *gap)
{
    enum feed answer = FEED_OK;
    if (half->state == HTTP2_BODY)
        answer = http2_data_gap(half, gap);
    else if (half->state == HTTP2_PAYLOAD)
        answer = http2_half_cut(half, &gap->origin);
    else if (half->state == HTTP2_PAD_LENGTH)
        answer = lose_pad_length(half, gap);
    return answer == FEED_OK ? http2_half_advance(half, gap->n_bytes, &gap->origin) : answer;
}

/* A gap of n_bytes, as much of it as lies in the frame; returns the rest. */
static uint64_t gap_in_frames(struct http2_half *half, struct anomaly *gap, enum feed *answer)
{
    uint64_t n_bytes = gap->n_bytes, left;
    while (*answer == FEED_OK && n_bytes > 0 && (left = http2_half_left_bytes(half)) > 0) {
        gap->n_bytes = n_bytes < left ? n_bytes : left;
        n_bytes -= gap->n_bytes;
        *answer = gap_in_frame(half, gap);
    }
    return n_bytes;
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct http2_half *half = ctx;
    enum anomaly_kind kind = is_cut ? ANOMALY_SNAPLEN : ANOMALY_CAPTURE_GAP;
    bool is_known = n_bytes != SINK_ALL;
    struct anomaly gap = anomaly_make(kind, origin, is_known ? n_bytes : 0, NULL);
    enum feed answer = half->settled;
    bool is_nothing = n_bytes == 0;
    half->gap = &gap;
    /* Of unknown length: it may end in this frame or behind it. */
    if (answer == FEED_OK && !is_known && half->state == HTTP2_PAYLOAD)
        answer = http2_half_cut(half, origin);
    if (is_known)
        is_nothing = (gap.n_bytes = gap_in_frames(half, &gap, &answer)) == 0;
    if (answer == FEED_OK && !is_nothing)
        answer = http2_half_lose(half, &gap);
    half->gap = NULL;
    return answer;
}

/* ---- what is not fed ---- */

static uint64_t on_need_none(void *ctx)
{
    struct http2_half *half = ctx;
    if (http2_half_is_over(half))
        return SINK_ALL;
    bool is_passed_over = half->state == HTTP2_BODY && !http2_data_is_wanted(half);
    return half->state == HTTP2_SKIP || is_passed_over ? half->left_bytes : 0;
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct http2_half *half = ctx;
    if (http2_half_is_over(half))
        return half->settled;
    if (n_bytes > on_need_none(half))
        return on_gap(half, n_bytes, false, origin);
    if (half->state == HTTP2_BODY)
        http2_data_skipped(half, n_bytes);
    return n_bytes > 0 ? http2_half_advance(half, n_bytes, origin) : FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct http2_half *half = ctx;
    const struct http_sink *sink = &half->http2->sink;
    if (!http2_half_is_over(half))
        sink->ops->note(sink->ctx, half->dir,
                        http2_half_left_bytes(half) > 0 ? half->frame.stream : 0, anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct http2_half *half = ctx;
    if (http2_half_is_over(half))
        return half->settled;
    enum feed answer = FEED_OK;
    if (half->state == HTTP2_PAYLOAD)
        answer = http2_half_cut(half, origin);
    if (answer == FEED_OK)
        answer = http2_block_break(half, NULL, origin);
    if (answer == FEED_OK)
        answer = http2_messages_finish(half, why, origin);
    buf_free(&half->kept);
    http2_search_free(&half->search);
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

/* ---- life ---- */

void http2_init(struct http2 *http2, const struct limits *limits, struct http_sink sink)
{
    *http2 = (struct http2){.limits = limits, .sink = sink};
    table_init(&http2->streams, limits->max_streams, limits->max_streams);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        http2_half_init(&http2->half[dir], http2, dir);
}

void http2_join(struct http2 *http2, enum dir dir)
{
    static const struct origin nowhere;
    struct anomaly joined = anomaly_make(ANOMALY_JOINED_MIDWAY, &nowhere, 0, NULL);
    (void)http2_half_lose(&http2->half[dir], &joined);
}

struct stream_sink http2_stream(struct http2 *http2, enum dir dir)
{
    return (struct stream_sink){&stream_ops, &http2->half[dir]};
}

size_t http2_buffered_bytes(const struct http2 *http2)
{
    size_t n = table_buffered_bytes(&http2->streams) +
               table_n_nodes(&http2->streams) * sizeof(struct http2_stream);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        n += http2_half_buffered_bytes(&http2->half[dir]);
    return n;
}

void http2_free(struct http2 *http2)
{
    while (table_oldest(&http2->streams))
        http2_stream_remove(&http2->streams, (struct http2_stream *)table_oldest(&http2->streams));
    table_free(&http2->streams);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        http2_half_free(&http2->half[dir]);
}
