/* The bytes of a stream, in order by quic_join, into frames; see http3_stream.h. */
#include "dissector/http/http3_stream.h"

#include "dissector/base/reader.h"

enum stream_type { STREAM_CONTROL = 0, STREAM_ENCODER = 2 };
enum frame_type { FRAME_DATA = 0, FRAME_HEADERS = 1, FRAME_SETTINGS = 4 };

void http3_stream_init(struct http3_stream *stream, const struct limits *limits,
                       bool is_bidirectional, struct http3_sink sink)
{
    *stream = (struct http3_stream){
        .sink = sink,
        .state = is_bidirectional ? HTTP3_STREAM_FRAME : HTTP3_STREAM_TYPE,
    };
    quic_join_init(&stream->join, limits);
    buf_init(&stream->kept, limits->max_head_bytes);
}

/* Reads n_wanted integers, whose first bytes may have come before. Takes them from bytes; false:
 * they are not whole yet. */
static bool take_numbers(struct http3_stream *stream, struct span *bytes, unsigned n_wanted,
                         uint64_t numbers[])
{
    while (true) {
        struct reader r = reader_of(span_of(stream->numbers, stream->n_numbers));
        for (unsigned i = 0; i < n_wanted; i++)
            numbers[i] = reader_varint(&r);
        if (!r.failed)
            break;
        if (bytes->len == 0)
            return false;
        stream->numbers[stream->n_numbers++] = bytes->ptr[0];
        *bytes = span_after(*bytes, 1);
    }
    stream->n_numbers = 0;
    return true;
}

static void begin_stream(struct http3_stream *stream, struct span *bytes)
{
    uint64_t type;
    if (take_numbers(stream, bytes, 1, &type))
        stream->state = type == STREAM_CONTROL   ? HTTP3_STREAM_FRAME
                        : type == STREAM_ENCODER ? HTTP3_STREAM_ENCODER
                                                 : HTTP3_STREAM_IGNORED;
}

static void tell_settings(const struct http3_stream *stream, struct span payload)
{
    struct reader r = reader_of(payload);
    while (r.left.len > 0) {
        uint64_t id = reader_varint(&r), value = reader_varint(&r);
        if (!r.failed)
            stream->sink.ops->setting(stream->sink.ctx, id, value);
    }
}

static void end_frame(struct http3_stream *stream)
{
    struct span payload = buf_span(&stream->kept);
    if (stream->is_kept && stream->frame_type == FRAME_SETTINGS)
        tell_settings(stream, payload);
    else if (stream->is_kept)
        stream->sink.ops->section(stream->sink.ctx, payload);
    buf_clear(&stream->kept);
    stream->state = HTTP3_STREAM_FRAME;
}

static void begin_frame(struct http3_stream *stream, struct span *bytes)
{
    uint64_t numbers[2];
    if (!take_numbers(stream, bytes, 2, numbers))
        return;
    stream->frame_type = numbers[0];
    stream->frame_left = numbers[1];
    stream->is_kept = numbers[0] == FRAME_HEADERS || numbers[0] == FRAME_SETTINGS;
    stream->state = HTTP3_STREAM_PAYLOAD;
    if (stream->frame_left == 0)
        end_frame(stream);
}

static void take_payload(struct http3_stream *stream, struct span *bytes)
{
    uint64_t left = stream->frame_left;
    struct span part = left < bytes->len ? span_first(*bytes, (size_t)left) : *bytes;
    *bytes = span_after(*bytes, part.len);
    stream->frame_left -= part.len;
    if (stream->is_kept) {
        enum buf_result result = buf_append(&stream->kept, part);
        stream->is_nomem |= result == BUF_NOMEM;
        stream->is_kept = result == BUF_OK;
    } else if (stream->frame_type == FRAME_DATA) {
        stream->sink.ops->data(stream->sink.ctx, part);
    }
    if (stream->frame_left == 0)
        end_frame(stream);
}

static void take_bytes(void *ctx, struct span bytes)
{
    struct http3_stream *stream = ctx;
    while (bytes.len > 0) {
        switch (stream->state) {
        case HTTP3_STREAM_TYPE:
            begin_stream(stream, &bytes);
            break;
        case HTTP3_STREAM_FRAME:
            begin_frame(stream, &bytes);
            break;
        case HTTP3_STREAM_PAYLOAD:
            take_payload(stream, &bytes);
            break;
        case HTTP3_STREAM_ENCODER:
            stream->sink.ops->encoder(stream->sink.ctx, bytes);
            return;
        case HTTP3_STREAM_IGNORED:
            return;
        }
    }
}

enum feed http3_stream_feed(struct http3_stream *stream, const struct quic_piece *piece)
{
    struct quic_join_sink sink = {take_bytes, stream};
    enum feed result = quic_join_feed(&stream->join, piece, sink);
    return stream->is_nomem ? FEED_NOMEM : result;
}

bool http3_stream_is_encoder(const struct http3_stream *stream)
{
    return stream->state == HTTP3_STREAM_ENCODER;
}

bool http3_stream_has_ended(const struct http3_stream *stream)
{
    return quic_join_has_ended(&stream->join);
}

bool http3_stream_is_whole(const struct http3_stream *stream)
{
    return http3_stream_has_ended(stream) && stream->state == HTTP3_STREAM_FRAME &&
           stream->n_numbers == 0;
}

void http3_stream_free(struct http3_stream *stream)
{
    quic_join_free(&stream->join);
    buf_free(&stream->kept);
}
