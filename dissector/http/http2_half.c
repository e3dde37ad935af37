/* One direction is one machine: DATA is passed on as it comes, everything else is gathered frame by
 * frame and handed to the file that knows what it means. Does not look into header blocks and keeps
 * no streams. */
#include "dissector/http/http2_half.h"

#include "dissector/http/http2_block.h"
#include "dissector/http/http2_control.h"
#include "dissector/http/http2_message.h"

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum { PREFACE_BYTES = sizeof preface - 1 };

bool http2_half_is_over(const struct http2_half *half)
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

enum feed http2_half_lose(struct http2_half *half, const struct anomaly *hole)
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
    return http2_half_lose(half, &hole);
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
    return !http2_half_is_over(half) && half->kept.len == n;
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

enum feed http2_half_advance(struct http2_half *half, uint64_t n, const struct origin *origin)
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
    return http2_half_advance(half, piece.len, origin);
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

enum feed http2_half_feed(struct http2_half *half, struct span bytes, const struct origin *origin)
{
    enum feed answer = half->settled;
    while (answer == FEED_OK && bytes.len > 0)
        answer = half->state == HTTP2_RESYNC ? feed_resync(half, &bytes, origin)
                                             : feed_state(half, &bytes, origin);
    return answer;
}

/* ---- what is cut short ---- */

uint64_t http2_half_left_bytes(const struct http2_half *half)
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

enum feed http2_half_cut(struct http2_half *half, const struct origin *origin)
{
    uint32_t left_bytes = (uint32_t)http2_half_left_bytes(half);
    enum feed answer = take_payload(half, buf_span(&half->kept), true, origin);
    enter(half, HTTP2_SKIP, left_bytes);
    return answer;
}

/* ---- life ---- */

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

void http2_half_init(struct http2_half *half, struct http2 *http2, enum dir dir)
{
    const struct limits *limits = http2->limits;
    const struct hpack_params params = {
        .max_table_bytes = limits->max_header_table_bytes,
        /* One byte more than is kept of it tells that a target is longer. */
        .max_value_bytes = greater(limits->max_field_bytes, limits->max_target_bytes + 1),
        .keeps = http2_head_keeps,
        .is_secret = http_is_secret,
        .fingerprint = http_secret_fingerprint,
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

size_t http2_half_buffered_bytes(const struct http2_half *half)
{
    return half->kept.capacity_bytes + half->block.bytes.capacity_bytes +
           http2_search_buffered_bytes(&half->search) + hpack_buffered_bytes(&half->hpack);
}

void http2_half_free(struct http2_half *half)
{
    buf_free(&half->kept);
    buf_free(&half->block.bytes);
    http2_search_free(&half->search);
    hpack_free(&half->hpack);
}
