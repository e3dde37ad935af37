/* One table tells what each type of frame may look like. */
#include "dissector/http/http2_frame.h"

#include "dissector/base/reader.h"

enum stream_rule { STREAM_ANY, STREAM_NONE, STREAM_ONE };

enum { PRIORITY_BYTES = 5, SETTING_BYTES = 6 };

static const struct frame_rule {
    enum stream_rule stream;
    uint8_t flags;
    uint32_t min_len, max_len;
    const char *stream_problem, *len_problem;
} rules[HTTP2_TYPE_N] = {
    [HTTP2_DATA] = {STREAM_ONE, HTTP2_END_STREAM | HTTP2_PADDED, 0, HTTP2_MAX_FRAME,
                    "DATA on stream 0", NULL},
    [HTTP2_HEADERS] = {STREAM_ONE,
                       HTTP2_END_STREAM | HTTP2_END_HEADERS | HTTP2_PADDED | HTTP2_HAS_PRIORITY, 0,
                       HTTP2_MAX_FRAME, "HEADERS on stream 0", NULL},
    [HTTP2_PRIORITY] = {STREAM_ONE, 0, PRIORITY_BYTES, PRIORITY_BYTES, "PRIORITY on stream 0",
                        "PRIORITY of a wrong length"},
    [HTTP2_RST_STREAM] = {STREAM_ONE, 0, 4, 4, "RST_STREAM on stream 0",
                          "RST_STREAM of a wrong length"},
    [HTTP2_SETTINGS] = {STREAM_NONE, HTTP2_ACK, 0, HTTP2_MAX_FRAME, "SETTINGS on a stream",
                        "SETTINGS of a wrong length"},
    [HTTP2_PUSH_PROMISE] = {STREAM_ONE, HTTP2_END_HEADERS | HTTP2_PADDED, 4, HTTP2_MAX_FRAME,
                            "PUSH_PROMISE on stream 0", "PUSH_PROMISE of a wrong length"},
    [HTTP2_PING] = {STREAM_NONE, HTTP2_ACK, 8, 8, "PING on a stream", "PING of a wrong length"},
    [HTTP2_GOAWAY] = {STREAM_NONE, 0, 8, HTTP2_MAX_FRAME, "GOAWAY on a stream",
                      "GOAWAY of a wrong length"},
    [HTTP2_WINDOW_UPDATE] = {STREAM_ANY, 0, 4, 4, NULL, "WINDOW_UPDATE of a wrong length"},
    [HTTP2_CONTINUATION] = {STREAM_ONE, HTTP2_END_HEADERS, 0, HTTP2_MAX_FRAME,
                            "CONTINUATION on stream 0", NULL},
};

struct http2_frame http2_frame_read(struct span header)
{
    struct reader r = reader_of(header);
    struct http2_frame frame;
    frame.len = (uint32_t)reader_u8(&r) << 16;
    frame.len |= reader_u16(&r);
    frame.type = reader_u8(&r);
    frame.flags = reader_u8(&r);
    frame.stream = reader_u32(&r) & 0x7fffffff;
    return frame;
}

static bool is_len_wrong(const struct http2_frame *frame)
{
    const struct frame_rule *rule = &rules[frame->type];
    if (frame->type == HTTP2_SETTINGS)
        return frame->len % SETTING_BYTES != 0 || ((frame->flags & HTTP2_ACK) && frame->len > 0);
    return frame->len < rule->min_len || frame->len > rule->max_len;
}

const char *http2_frame_problem(const struct http2_frame *frame)
{
    if (frame->type >= HTTP2_TYPE_N)
        return NULL;
    const struct frame_rule *rule = &rules[frame->type];
    if ((rule->stream == STREAM_ONE && frame->stream == 0) ||
        (rule->stream == STREAM_NONE && frame->stream != 0))
        return rule->stream_problem;
    return is_len_wrong(frame) ? rule->len_problem : NULL;
}

bool http2_frame_is_plausible(struct span header, uint32_t max_len)
{
    struct http2_frame frame = http2_frame_read(header);
    return header.len >= HTTP2_FRAME_BYTES && frame.type < HTTP2_TYPE_N && frame.len <= max_len &&
           (frame.flags & ~rules[frame.type].flags) == 0 && !(header.ptr[5] & 0x80) &&
           !http2_frame_problem(&frame);
}

bool http2_frame_unwrap(const struct http2_frame *frame, struct span *payload)
{
    bool is_padded = frame->flags & HTTP2_PADDED;
    bool has_priority = frame->type == HTTP2_HEADERS && (frame->flags & HTTP2_HAS_PRIORITY);
    struct reader r = reader_of(*payload);
    size_t around =
        (is_padded ? 1 + (size_t)reader_u8(&r) : 0) + (has_priority ? PRIORITY_BYTES : 0);
    reader_skip(&r, has_priority ? PRIORITY_BYTES : 0);
    *payload = span_of(NULL, 0);
    if (around > frame->len)
        return false;
    if (!r.failed)
        *payload = span_first(r.left, frame->len - around);
    return true;
}

const char *http2_error_name(uint32_t code)
{
    static const char *const names[] = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    };
    return code < sizeof names / sizeof names[0] ? names[code] : "an unknown error";
}
