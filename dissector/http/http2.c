/* The bytes of both directions in, messages out. Each half is one machine: DATA is passed on as it
 * comes, everything else is gathered frame by frame and handed to the file that knows what it
 * means. Does not look into header blocks and keeps no streams. */
#include "dissector/http/http2.h"

#include "dissector/http/http2_block.h"
#include "dissector/http/http2_control.h"
#include "dissector/http/http2_message.h"

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum { PREFACE_BYTES = sizeof preface - 1 };

static bool is_over(const struct http2_half *half)
{
    return half->settled != FEED_OK;
}

/* ---- the place in the stream ---- */

static void enter(struct http2_half *half, enum http2_state state, uint32_t left_bytes)
{
    half->left_bytes = left_bytes;
    half->state = left_bytes > 0 ? state : HTTP2_FRAME_HEADER;
    buf_clear(&half->kept);
}

/* What comes next is not known. hole tells why. */
static enum feed lose_place(struct http2_half *half, const struct anomaly *hole)
{
    enum feed answer = http2_block_break(half, NULL, &hole->origin);
    half->n_holes++;
    half->hole = *hole;
    half->state = HTTP2_RESYNC;
    half->max_frame = HTTP2_MAX_FRAME;
    buf_clear(&half->kept);
    http2_search_clear(&half->search);
    hpack_forget(&half->hpack);
    return answer;
}

/* The bytes are not what they must be. */
static enum feed lose_frames(struct http2_half *half, const char *text, const struct origin *origin)
{
    struct anomaly hole = anomaly_make(ANOMALY_HTTP2_FRAME, origin, 0, text);
    return lose_place(half, &hole);
}

/* Takes bytes until n are together: then true, and they are *whole, valid until buf_clear of what
 * is kept or the next feed. False: more must come, or no memory. */
static bool gather(struct http2_half *half, size_t n, struct span *bytes, struct span *whole)
{
    if (half->kept.len == 0 && bytes->len >= n) {
        *whole = span_first(*bytes, n);
        *bytes = span_after(*bytes, n);
        return true;
    }
    struct span piece = span_first(*bytes, n - half->kept.len);
    *bytes = span_after(*bytes, piece.len);
    if (buf_append(&half->kept, piece) != BUF_OK)
        http2_settle_nomem(half->http2);
    *whole = buf_span(&half->kept);
    return !is_over(half) && half->kept.len == n;
}

/* ---- frames ---- */

static enum feed end_body(struct http2_half *half, const struct origin *origin)
{
    enum feed answer = http2_data_end(half, END_COMPLETE, origin);
    enter(half, HTTP2_SKIP, half->padding_bytes);
    return answer;
}

static enum feed begin_body(struct http2_half *half, uint32_t n_bytes, uint32_t padding_bytes,
                            const struct origin *origin)
{
    if (padding_bytes > n_bytes) {
        http2_note(half, half->frame.stream, ANOMALY_HTTP2_FRAME, "more padding than payload",
                   origin);
        enum feed answer = http2_data_end(half, END_DAMAGED, origin);
        enter(half, HTTP2_SKIP, n_bytes);
        return answer;
    }
    half->padding_bytes = padding_bytes;
    enter(half, HTTP2_BODY, n_bytes - padding_bytes);
    if (http2_data_begin(half, n_bytes - padding_bytes, origin) != FEED_OK)
        return FEED_NOMEM;
    return half->state == HTTP2_BODY ? FEED_OK : end_body(half, origin);
}

static enum feed begin_data(struct http2_half *half, const struct origin *origin)
{
    if (!(half->frame.flags & HTTP2_PADDED))
        return begin_body(half, half->frame.len, 0, origin);
    if (half->frame.len == 0)
        return begin_body(half, 0, 1, origin);
    enter(half, HTTP2_PAD_LENGTH, half->frame.len);
    return FEED_OK;
}

/* The payload of a gathered frame, or, is_cut, what of it was seen. */
static enum feed take_payload(struct http2_half *half, struct span payload, bool is_cut,
                              const struct origin *origin)
{
    switch (half->frame.type) {
    case HTTP2_HEADERS:
    case HTTP2_PUSH_PROMISE:
        return http2_block_begin(half, payload, is_cut, origin);
    case HTTP2_CONTINUATION:
        return http2_block_continue(half, payload, is_cut, origin);
    default:
        return is_cut ? FEED_OK : http2_control_take(half, payload, origin);
    }
}

/* Frames longer than any head may be are not gathered; of a header block the beginning would be
 * worth no more than that there was one. */
static enum feed begin_gathered(struct http2_half *half, const struct origin *origin)
{
    bool is_too_long = half->frame.len > half->http2->limits->max_head_bytes;
    enter(half, is_too_long ? HTTP2_SKIP : HTTP2_PAYLOAD, half->frame.len);
    if (is_too_long || half->frame.len == 0)
        return take_payload(half, span_of(NULL, 0), is_too_long, origin);
    return FEED_OK;
}

static bool continues_block(const struct http2_half *half)
{
    return half->frame.type == HTTP2_CONTINUATION && half->block.is_open &&
           half->frame.stream == half->block.frame.stream;
}

static enum feed skip_frame(struct http2_half *half, const char *problem,
                            const struct origin *origin)
{
    if (problem)
        http2_note(half, half->frame.stream, ANOMALY_HTTP2_FRAME, problem, origin);
    enter(half, HTTP2_SKIP, half->frame.len);
    return FEED_OK;
}

static enum feed begin_known_frame(struct http2_half *half, const struct origin *origin)
{
    switch (half->frame.type) {
    case HTTP2_DATA:
        return begin_data(half, origin);
    case HTTP2_CONTINUATION:
        if (!continues_block(half))
            return skip_frame(half, half->n_holes ? NULL : "CONTINUATION of nothing", origin);
        return begin_gathered(half, origin);
    case HTTP2_HEADERS:
    case HTTP2_PUSH_PROMISE:
    case HTTP2_SETTINGS:
    case HTTP2_RST_STREAM:
    case HTTP2_GOAWAY:
        return begin_gathered(half, origin);
    default:
        return skip_frame(half, NULL, origin);
    }
}

static enum feed begin_frame(struct http2_half *half, struct span header,
                             const struct origin *origin)
{
    half->frame = http2_frame_read(header);
    buf_clear(&half->kept);
    if (half->frame.len > half->max_frame)
        return lose_frames(half, "a frame longer than allowed", origin);
    if (!continues_block(half) &&
        http2_block_break(half, "a header block breaks off", origin) != FEED_OK)
        return FEED_NOMEM;
    const char *problem = http2_frame_problem(&half->frame);
    return problem ? skip_frame(half, problem, origin) : begin_known_frame(half, origin);
}

/* ---- the machine ---- */

/* left_bytes of the preface are still to come. */
static enum feed feed_preface(struct http2_half *half, struct span *bytes,
                              const struct origin *origin)
{
    while (bytes->len > 0 && half->left_bytes > 0) {
        if (bytes->ptr[0] != (uint8_t)preface[PREFACE_BYTES - half->left_bytes])
            return lose_frames(half, "no preface", origin);
        *bytes = span_after(*bytes, 1);
        half->left_bytes--;
    }
    if (half->left_bytes == 0)
        enter(half, HTTP2_FRAME_HEADER, 0);
    return FEED_OK;
}

static enum feed feed_header(struct http2_half *half, struct span *bytes,
                             const struct origin *origin)
{
    struct span whole;
    if (half->kept.len == 0)
        half->first = *origin;
    if (gather(half, HTTP2_FRAME_BYTES, bytes, &whole))
        return begin_frame(half, whole, origin);
    return half->settled;
}

static enum feed feed_payload(struct http2_half *half, struct span *bytes,
                              const struct origin *origin)
{
    struct span whole;
    if (!gather(half, half->left_bytes, bytes, &whole))
        return half->settled;
    enum feed answer = take_payload(half, whole, false, origin);
    enter(half, HTTP2_FRAME_HEADER, 0);
    return answer;
}

static enum feed feed_pad_length(struct http2_half *half, struct span *bytes,
                                 const struct origin *origin)
{
    uint8_t padding_bytes = bytes->ptr[0];
    *bytes = span_after(*bytes, 1);
    return begin_body(half, half->left_bytes - 1, padding_bytes, origin);
}

/* n bytes of the body or of what is skipped have gone by. */
static enum feed advance(struct http2_half *half, uint64_t n, const struct origin *origin)
{
    half->left_bytes -= (uint32_t)n;
    if (half->left_bytes > 0)
        return FEED_OK;
    if (half->state == HTTP2_BODY)
        return end_body(half, origin);
    enter(half, HTTP2_FRAME_HEADER, 0);
    return FEED_OK;
}

static enum feed feed_passing(struct http2_half *half, struct span *bytes,
                              const struct origin *origin)
{
    struct span piece = span_first(*bytes, half->left_bytes);
    *bytes = span_after(*bytes, piece.len);
    if (half->state == HTTP2_BODY && http2_data_bytes(half, piece, origin) != FEED_OK)
        return FEED_NOMEM;
    return advance(half, piece.len, origin);
}

static enum feed feed_state(struct http2_half *half, struct span *bytes,
                            const struct origin *origin)
{
    switch (half->state) {
    case HTTP2_PREFACE:
        return feed_preface(half, bytes, origin);
    case HTTP2_FRAME_HEADER:
        return feed_header(half, bytes, origin);
    case HTTP2_PAYLOAD:
        return feed_payload(half, bytes, origin);
    case HTTP2_PAD_LENGTH:
        return feed_pad_length(half, bytes, origin);
    default:
        return feed_passing(half, bytes, origin);
    }
}

/* What was found is taken from its header on; it is believable, so the place is not lost in it. */
static enum feed feed_found(struct http2_half *half, const struct origin *origin)
{
    struct http2_search found = half->search;
    struct span bytes = http2_search_found(&found);
    enum feed answer = FEED_OK;
    http2_search_init(&half->search);
    half->state = HTTP2_FRAME_HEADER;
    while (answer == FEED_OK && bytes.len > 0)
        answer = feed_state(half, &bytes, origin);
    http2_search_free(&found);
    return answer;
}

static enum feed feed_resync(struct http2_half *half, struct span *bytes,
                             const struct origin *origin)
{
    switch (http2_search_take(&half->search, bytes, origin, half)) {
    case HTTP2_FOUND_NOTHING:
        return FEED_OK;
    case HTTP2_FOUND_FRAME:
        return feed_found(half, origin);
    case HTTP2_FOUND_NOMEM:
        break;
    }
    return http2_settle_nomem(half->http2);
}

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct http2_half *half = ctx;
    enum feed answer = half->settled;
    while (answer == FEED_OK && bytes.len > 0)
        answer = half->state == HTTP2_RESYNC ? feed_resync(half, &bytes, origin)
                                             : feed_state(half, &bytes, origin);
    return answer;
}

/* ---- gaps ---- */

/* Bytes of the frame, or of this part of it, that are still to come. */
static uint64_t left_in_state(const struct http2_half *half)
{
    switch (half->state) {
    case HTTP2_PAYLOAD:
        return half->left_bytes - half->kept.len;
    case HTTP2_PAD_LENGTH:
    case HTTP2_BODY:
    case HTTP2_SKIP:
        return half->left_bytes;
    default:
        return 0;
    }
}

/* The rest of what is gathered will not come. */
static enum feed cut_payload(struct http2_half *half, const struct origin *origin)
{
    uint32_t left_bytes = (uint32_t)left_in_state(half);
    enum feed answer = take_payload(half, buf_span(&half->kept), true, origin);
    enter(half, HTTP2_SKIP, left_bytes);
    return answer;
}

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
        answer = cut_payload(half, &gap->origin);
    else if (half->state == HTTP2_PAD_LENGTH)
        answer = lose_pad_length(half, gap);
    return answer == FEED_OK ? advance(half, gap->n_bytes, &gap->origin) : answer;
}

/* A gap of n_bytes, as much of it as lies in the frame; returns the rest. */
static uint64_t gap_in_frames(struct http2_half *half, struct anomaly *gap, enum feed *answer)
{
    uint64_t n_bytes = gap->n_bytes, left;
    while (*answer == FEED_OK && n_bytes > 0 && (left = left_in_state(half)) > 0) {
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
        answer = cut_payload(half, origin);
    if (is_known)
        is_nothing = (gap.n_bytes = gap_in_frames(half, &gap, &answer)) == 0;
    if (answer == FEED_OK && !is_nothing)
        answer = lose_place(half, &gap);
    half->gap = NULL;
    return answer;
}

static uint64_t on_need_none(void *ctx)
{
    struct http2_half *half = ctx;
    if (is_over(half))
        return SINK_ALL;
    bool is_passed_over = half->state == HTTP2_BODY && !http2_data_is_wanted(half);
    return half->state == HTTP2_SKIP || is_passed_over ? half->left_bytes : 0;
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct http2_half *half = ctx;
    if (is_over(half))
        return half->settled;
    if (n_bytes > on_need_none(half))
        return on_gap(half, n_bytes, false, origin);
    if (half->state == HTTP2_BODY)
        http2_data_skipped(half, n_bytes);
    return n_bytes > 0 ? advance(half, n_bytes, origin) : FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct http2_half *half = ctx;
    const struct http_sink *sink = &half->http2->sink;
    if (!is_over(half))
        sink->ops->note(sink->ctx, half->dir, left_in_state(half) > 0 ? half->frame.stream : 0,
                        anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct http2_half *half = ctx;
    if (is_over(half))
        return half->settled;
    enum feed answer = FEED_OK;
    if (half->state == HTTP2_PAYLOAD)
        answer = cut_payload(half, origin);
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

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void init_half(struct http2_half *half, struct http2 *http2, enum dir dir)
{
    const struct limits *limits = http2->limits;
    const struct hpack_params params = {
        .max_table_bytes = limits->max_header_table_bytes,
        /* One byte more than is kept of it tells that a target is longer. */
        .max_value_bytes = greater(limits->max_field_bytes, limits->max_target_bytes + 1),
        .keeps = http2_head_keeps,
    };
    half->http2 = http2;
    half->dir = dir;
    half->state = dir == DIR_CLIENT ? HTTP2_PREFACE : HTTP2_FRAME_HEADER;
    half->left_bytes = PREFACE_BYTES;
    half->max_frame = HTTP2_MIN_MAX_FRAME;
    half->table_size = HPACK_INITIAL_SIZE_BYTES;
    buf_init(&half->kept, greater(limits->max_head_bytes, HTTP2_FRAME_BYTES));
    buf_init(&half->block.bytes, limits->max_head_bytes);
    http2_search_init(&half->search);
    hpack_init(&half->hpack, &params);
}

void http2_init(struct http2 *http2, const struct limits *limits, struct http_sink sink)
{
    *http2 = (struct http2){.limits = limits, .sink = sink};
    table_init(&http2->streams, limits->max_streams, limits->max_streams);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
        init_half(&http2->half[dir], http2, dir);
}

void http2_join(struct http2 *http2, enum dir dir)
{
    static const struct origin nowhere;
    struct anomaly joined = anomaly_make(ANOMALY_JOINED_MIDWAY, &nowhere, 0, NULL);
    (void)lose_place(&http2->half[dir], &joined);
}

struct stream_sink http2_stream(struct http2 *http2, enum dir dir)
{
    return (struct stream_sink){&stream_ops, &http2->half[dir]};
}

size_t http2_buffered_bytes(const struct http2 *http2)
{
    size_t n = table_buffered_bytes(&http2->streams) +
               table_n_nodes(&http2->streams) * sizeof(struct http2_stream);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        const struct http2_half *half = &http2->half[dir];
        n += half->kept.capacity_bytes + half->block.bytes.capacity_bytes +
             http2_search_buffered_bytes(&half->search) + hpack_buffered_bytes(&half->hpack);
    }
    return n;
}

void http2_free(struct http2 *http2)
{
    while (table_oldest(&http2->streams))
        http2_stream_remove(&http2->streams, (struct http2_stream *)table_oldest(&http2->streams));
    table_free(&http2->streams);
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct http2_half *half = &http2->half[dir];
        buf_free(&half->kept);
        buf_free(&half->block.bytes);
        http2_search_free(&half->search);
        hpack_free(&half->hpack);
    }
}
