/* Bytes in, the first believable frame out. Positions that begin no plausible header are passed
 * over where they stand; what may begin a frame is gathered until it can be judged. */
#include "dissector/http/http2_search.h"

#include "dissector/http/hpack.h"
#include "dissector/http/http1_start.h"
#include "dissector/http/http2_message.h"

enum { HPACK_WORK_FACTOR = 4, HPACK_WORK_FREE_BYTES = 65536 };

/* ---- HEADERS ---- */

/* Regular fields that only one side sends. */
static const char *const request_names[] = {
    "accept", "accept-encoding", "accept-language", "authorization", "cookie",    "depth",
    "host",   "if-match",        "if-none-match",   "referer",       "user-agent"};
static const char *const response_names[] = {
    "accept-ranges", "age",    "dav",        "etag", "last-modified",
    "location",      "server", "set-cookie", "vary", "www-authenticate"};

static bool is_one_of(struct span name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_equal(name, span_str(names[i])))
            return true;
    return false;
}

/* What the fields of a block tell of the side that sends it. */
struct evidence {
    bool is_block; /* HPACK to the last byte, with names that are ones */
    bool is_request, is_response;
};

static bool is_name(struct span name)
{
    if (name.len > 1 && name.ptr[0] == ':')
        name = span_after(name, 1);
    for (size_t i = 0; i < name.len; i++)
        if (!http1_is_token_byte(name.ptr[i]) || (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z'))
            return false;
    return name.len > 0;
}

static void weigh(struct evidence *evidence, struct span name)
{
    bool is_pseudo = name.ptr[0] == ':', is_status = span_equal(name, span_str(":status"));
    evidence->is_request |=
        (is_pseudo && !is_status) ||
        is_one_of(name, request_names, sizeof request_names / sizeof request_names[0]);
    evidence->is_response |=
        is_status ||
        is_one_of(name, response_names, sizeof response_names / sizeof response_names[0]);
}

static bool keep_none(struct span name)
{
    (void)name;
    return false;
}

static struct evidence read_block(struct span block)
{
    static const struct hpack_params params = {.max_table_bytes = 4096, .keeps = keep_none};
    struct evidence evidence = {.is_block = true};
    struct hpack_field field;
    struct hpack hpack;
    enum hpack_step step;
    hpack_init(&hpack, &params);
    hpack_forget(&hpack);
    hpack_begin(&hpack, block);
    while (evidence.is_block && (step = hpack_next(&hpack, &field)) != HPACK_END) {
        evidence.is_block = step == HPACK_FIELD && (!field.name.ptr || is_name(field.name));
        if (evidence.is_block && field.name.ptr)
            weigh(&evidence, field.name);
    }
    hpack_free(&hpack);
    return evidence;
}

static bool is_head(struct http2_search *search, const struct http2_frame *frame,
                    struct span payload, const struct http2_half *half)
{
    uint64_t max_work = HPACK_WORK_FREE_BYTES + HPACK_WORK_FACTOR * search->n_searched;
    if (search->n_work + payload.len > max_work || !http2_frame_unwrap(frame, &payload))
        return false;
    search->n_work += payload.len;
    struct evidence evidence = read_block(payload);
    if (!evidence.is_block || payload.len == 0 || (evidence.is_request && evidence.is_response))
        return false;
    if (!half) {
        search->dir = evidence.is_request ? DIR_CLIENT : DIR_SERVER;
        return evidence.is_request || evidence.is_response;
    }
    return half->dir == DIR_CLIENT ? !evidence.is_response : !evidence.is_request;
}

/* ---- any frame ---- */

enum judgement { JUDGED_NO, JUDGED_MORE, JUDGED_YES };

/* Whether a frame may be the first that is found. Streams that clients open have odd ids. */
static bool may_be_first(const struct http2_frame *frame, const struct http2_half *half)
{
    if (frame->type == HTTP2_HEADERS)
        return (frame->flags & HTTP2_END_HEADERS) && frame->stream % 2 == 1;
    if (!half)
        return false;
    if (frame->type == HTTP2_DATA)
        return http2_message_find(half, frame->stream) != NULL;
    return frame->type != HTTP2_CONTINUATION;
}

static bool may_begin_frame(struct span window, const struct http2_half *half)
{
    struct http2_frame frame = http2_frame_read(window);
    return http2_frame_is_plausible(window, HTTP2_MIN_MAX_FRAME) && may_be_first(&frame, half);
}

/* Whether the bytes at the front of window are a frame. search->need: how many must be there to
 * say. */
static enum judgement judge(struct http2_search *search, struct span window,
                            const struct http2_half *half)
{
    struct http2_frame frame = http2_frame_read(window);
    size_t whole = HTTP2_FRAME_BYTES + (size_t)frame.len;
    bool is_last_data = frame.type == HTTP2_DATA && (frame.flags & HTTP2_END_STREAM);
    bool proves_itself = frame.type == HTTP2_HEADERS || is_last_data;
    bool is_believed = true;
    if (!may_begin_frame(window, half))
        return JUDGED_NO;
    search->need = proves_itself ? whole : whole + HTTP2_FRAME_BYTES;
    if (window.len < search->need)
        return JUDGED_MORE;
    if (frame.type == HTTP2_HEADERS)
        is_believed =
            is_head(search, &frame, span_after(span_first(window, whole), HTTP2_FRAME_BYTES), half);
    else if (!is_last_data)
        is_believed = http2_frame_is_plausible(span_after(window, whole), HTTP2_MIN_MAX_FRAME);
    return is_believed ? JUDGED_YES : JUDGED_NO;
}

/* ---- the search ---- */

void http2_search_init(struct http2_search *search)
{
    *search = (struct http2_search){.need = HTTP2_FRAME_BYTES};
    /* As much again may have been rejected. */
    buf_init(&search->kept, 2 * (HTTP2_MIN_MAX_FRAME + 2 * HTTP2_FRAME_BYTES));
}

static void pass_over(struct http2_search *search, struct span *bytes,
                      const struct http2_half *half)
{
    while (bytes->len >= HTTP2_FRAME_BYTES && !may_begin_frame(*bytes, half)) {
        *bytes = span_after(*bytes, 1);
        search->n_searched++;
    }
}

/* The bytes of what is kept that may begin a frame. */
static struct span window_of(const struct http2_search *search)
{
    return span_after(buf_span(&search->kept), search->at);
}

/* What is kept begins no frame: the search goes on behind its first byte, as soon as possible in
 * the bytes where they stand. n_taken: how many of those kept stand before *bytes. */
static void reject_first(struct http2_search *search, struct span *bytes, size_t *n_taken)
{
    search->at++;
    search->n_searched++;
    search->need = HTTP2_FRAME_BYTES;
    size_t n_left = search->kept.len - search->at;
    if (*n_taken < n_left)
        return;
    *bytes = span_of(bytes->ptr - n_left, bytes->len + n_left);
    http2_search_clear(search);
    *n_taken = 0;
}

static bool gather(struct http2_search *search, struct span *bytes, size_t *n_taken)
{
    struct span piece = span_first(*bytes, search->need - window_of(search).len);
    *n_taken += piece.len;
    /* Not span_after: reject_first may have to go back. */
    *bytes = span_of(bytes->ptr + piece.len, bytes->len - piece.len);
    return buf_append(&search->kept, piece) == BUF_OK;
}

/* Judges the front of the window when enough of it is there. */
static enum judgement step(struct http2_search *search, struct span *bytes, size_t *n_taken,
                           const struct http2_half *half)
{
    if (window_of(search).len < search->need)
        return JUDGED_MORE;
    enum judgement judgement = judge(search, window_of(search), half);
    if (judgement == JUDGED_NO)
        reject_first(search, bytes, n_taken);
    return judgement;
}

/* Forgets what was rejected, when that is most of it. */
static void drop_rejected(struct http2_search *search)
{
    if (search->at <= search->kept.len / 2)
        return;
    buf_drop_first(&search->kept, search->at);
    search->at = 0;
}

enum http2_found http2_search_take(struct http2_search *search, struct span *bytes,
                                   const struct origin *origin, const struct http2_half *half)
{
    size_t n_taken = 0;
    while (bytes->len > 0 || window_of(search).len >= search->need) {
        if (search->kept.len == 0) {
            pass_over(search, bytes, half);
            search->first = *origin;
        }
        drop_rejected(search);
        if (window_of(search).len < search->need && !gather(search, bytes, &n_taken))
            return HTTP2_FOUND_NOMEM;
        if (step(search, bytes, &n_taken, half) == JUDGED_YES)
            return HTTP2_FOUND_FRAME;
    }
    return HTTP2_FOUND_NOTHING;
}

struct span http2_search_found(const struct http2_search *search)
{
    return window_of(search);
}

uint64_t http2_search_n_passed(const struct http2_search *search)
{
    return search->n_searched;
}

void http2_search_clear(struct http2_search *search)
{
    buf_clear(&search->kept);
    search->at = 0;
    search->need = HTTP2_FRAME_BYTES;
}

size_t http2_search_buffered_bytes(const struct http2_search *search)
{
    return search->kept.capacity_bytes;
}

void http2_search_free(struct http2_search *search)
{
    buf_free(&search->kept);
    http2_search_clear(search);
}
