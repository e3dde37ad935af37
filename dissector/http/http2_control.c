/* Payloads in; what the peer's half may send, and which streams are over, out. */
#include "dissector/http/http2_control.h"

#include "dissector/base/reader.h"
#include "dissector/http/http2_message.h"

enum { MAX_TEXT_BYTES = 64 };
enum { SETTINGS_HEADER_TABLE_SIZE = 1, SETTINGS_MAX_FRAME_SIZE = 5 };

/* ---- SETTINGS: what half takes bounds what its peer sends ---- */

static uint32_t greater(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* A size counts once it is acknowledged; until then both the old and the new one do. With holes
 * some may have been missed, and any is allowed. */
static void allow_table(struct http2_half *half)
{
    if (half->n_holes == 0 && half->http2->half[dir_other(half->dir)].n_holes == 0)
        hpack_allow(&half->hpack, greater(half->table_size, half->max_pending_table_size));
}

static void on_acknowledged(struct http2_half *half)
{
    if (half->n_pending_settings == 0 || --half->n_pending_settings > 0)
        return;
    half->table_size = half->last_table_size;
    half->max_pending_table_size = 0;
    allow_table(half);
}

static void on_settings(struct http2_half *half, struct span payload)
{
    struct http2_half *peer = &half->http2->half[dir_other(half->dir)];
    struct reader r = reader_of(payload);
    if (half->frame.flags & HTTP2_ACK) {
        on_acknowledged(half);
        return;
    }
    peer->n_pending_settings++;
    while (r.left.len > 0) {
        unsigned id = reader_u16(&r);
        uint32_t value = reader_u32(&r);
        if (id == SETTINGS_MAX_FRAME_SIZE)
            peer->max_frame = greater(peer->max_frame, value);
        if (id == SETTINGS_HEADER_TABLE_SIZE) {
            peer->last_table_size = value;
            peer->max_pending_table_size = greater(peer->max_pending_table_size, value);
        }
    }
    allow_table(peer);
}

/* ---- RST_STREAM and GOAWAY ---- */

/* "RST_STREAM CANCEL" */
static const char *describe(const char *frame, uint32_t code, char text[MAX_TEXT_BYTES])
{
    struct span words[] = {span_str(frame), span_str(" "), span_str(http2_error_name(code))};
    size_t len = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        memcpy(text + len, words[i].ptr, words[i].len);
        len += words[i].len;
    }
    text[len] = '\0';
    return text;
}

static enum feed on_rst_stream(struct http2_half *half, struct span payload,
                               const struct origin *origin)
{
    char text[MAX_TEXT_BYTES];
    struct reader r = reader_of(payload);
    uint32_t code = reader_u32(&r);
    struct http2_closing closing = {END_RESET, ANOMALY_TRUNCATED, NULL};
    /* NO_ERROR behind an answer: the rest of the request is not needed. */
    const struct http2_stream *stream =
        http2_stream_find(&half->http2->streams, half->frame.stream);
    if (code != 0 || (stream && !stream->message[DIR_SERVER].is_seen))
        closing.text = describe("RST_STREAM", code, text);
    if (half->http2->sink.ops->reset)
        half->http2->sink.ops->reset(half->http2->sink.ctx, half->dir, half->frame.stream, origin);
    return http2_stream_close(half->http2, half->frame.stream, &closing, origin);
}

/* Streams of the peer's above the last one named were not processed and will not be. */
static enum feed on_goaway(struct http2_half *half, struct span payload,
                           const struct origin *origin)
{
    char text[MAX_TEXT_BYTES];
    struct reader r = reader_of(payload);
    uint32_t last = reader_u32(&r) & 0x7fffffff;
    struct http2_closing closing = {END_RESET, ANOMALY_TRUNCATED, NULL};
    closing.text = describe("GOAWAY", reader_u32(&r), text);
    uint32_t parity = half->dir == DIR_SERVER ? 1 : 0;
    enum feed answer = FEED_OK;
    struct table_node *next;
    for (struct table_node *node = table_oldest(&half->http2->streams); node; node = next) {
        uint32_t id = ((struct http2_stream *)node)->id;
        next = table_newer(node);
        if (id > last && id % 2 == parity && answer == FEED_OK)
            answer = http2_stream_close(half->http2, id, &closing, origin);
    }
    return answer;
}

enum feed http2_control_take(struct http2_half *half, struct span payload,
                             const struct origin *origin)
{
    switch (half->frame.type) {
    case HTTP2_RST_STREAM:
        return on_rst_stream(half, payload, origin);
    case HTTP2_GOAWAY:
        return on_goaway(half, payload, origin);
    default:
        on_settings(half, payload);
        return FEED_OK;
    }
}
