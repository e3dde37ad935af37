/* Words and lines in, frames out. Options that a kind of frame does not have are not understood. */
#include "tests/support/conv_http2.h"

#include "dissector/http/http2_frame.h"
#include "tests/support/conv_coding.h"

enum { MAX_BYTES = 16 << 20 };

/* What the words say. */
struct frame_words {
    struct hpack_write *table;
    uint64_t number[3]; /* the plain numbers, in their order */
    size_t n_numbers;
    uint64_t pad, split, frames; /* behind these words; 0: not said */
    bool is_padded, is_end, is_ack, has_priority, is_open;
    struct span coding; /* the words from the first that is none of these on */
    struct span lines;
};

/* A frame's payload, written in pieces. */
static void append_frame(struct buf *out, const struct http2_frame *frame, struct span payload)
{
    uint32_t len = (uint32_t)payload.len;
    const uint8_t header[HTTP2_FRAME_BYTES] = {
        (uint8_t)(len >> 16),
        (uint8_t)(len >> 8),
        (uint8_t)len,
        frame->type,
        frame->flags,
        (uint8_t)(frame->stream >> 24),
        (uint8_t)(frame->stream >> 16),
        (uint8_t)(frame->stream >> 8),
        (uint8_t)frame->stream,
    };
    conv_append(out, span_of(header, sizeof header));
    conv_append(out, payload);
}

static void append_u32(struct buf *out, uint64_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    conv_append(out, span_of(bytes, sizeof bytes));
}

static struct span next_line(struct span *lines)
{
    struct span line = span_first(*lines, span_find_byte(*lines, '\n'));
    *lines = span_after(*lines, line.len + 1);
    return line;
}

/* ---- DATA ---- */

static void append_padded(struct buf *out, struct http2_frame *frame, struct span content,
                          const struct frame_words *words)
{
    static const uint8_t zeros[255];
    struct buf payload;
    uint8_t pad = (uint8_t)words->pad;
    buf_init(&payload, MAX_BYTES);
    if (words->is_padded) {
        frame->flags |= HTTP2_PADDED;
        conv_append(&payload, span_of(&pad, 1));
    }
    conv_append(&payload, content);
    conv_append(&payload, span_of(zeros, words->is_padded ? pad : 0));
    append_frame(out, frame, buf_span(&payload));
    buf_free(&payload);
}

static bool write_data(const struct frame_words *words, struct buf *out, struct span *bad)
{
    struct buf coded;
    buf_init(&coded, MAX_BYTES);
    if (!conv_encode(words->lines, words->coding, &coded, bad))
        return false;
    struct span left = buf_span(&coded);
    size_t max = words->frames ? (size_t)words->frames : HTTP2_MIN_MAX_FRAME;
    do {
        struct span piece = span_first(left, max);
        left = span_after(left, max);
        struct http2_frame frame = {.type = HTTP2_DATA, .stream = (uint32_t)words->number[0]};
        frame.flags = words->is_end && left.len == 0 ? HTTP2_END_STREAM : 0;
        append_padded(out, &frame, piece, words);
    } while (left.len > 0);
    buf_free(&coded);
    return true;
}

/* ---- header blocks ---- */

static void write_fields(struct hpack_write *table, struct span lines, struct buf *block)
{
    while (lines.len > 0) {
        struct span line = next_line(&lines);
        uint64_t size;
        if (span_starts(line, span_str("@size ")) &&
            span_decimal(span_after(line, 6), UINT32_MAX, &size))
            hpack_write_size(table, (size_t)size, block);
        else if (span_starts(line, span_str("-")))
            hpack_write_field(table, span_after(line, 1), false, block);
        else
            hpack_write_field(table, line, true, block);
    }
}

/* The block in frames: the first is begun with what stands in *out's payload already. */
static void append_block(struct buf *out, struct http2_frame frame, struct span block,
                         const struct frame_words *words)
{
    size_t max = words->split ? (size_t)words->split : SIZE_MAX;
    struct span left = span_after(block, max);
    struct buf first;
    buf_init(&first, MAX_BYTES);
    if (words->has_priority) {
        frame.flags |= HTTP2_HAS_PRIORITY;
        conv_append(&first, span_of("\0\0\0\0\x0f", 5));
    }
    if (frame.type == HTTP2_PUSH_PROMISE)
        append_u32(&first, words->number[1]);
    conv_append(&first, span_first(block, max));
    frame.flags |= left.len == 0 && !words->is_open ? HTTP2_END_HEADERS : 0;
    append_padded(out, &frame, buf_span(&first), words);
    buf_free(&first);
    while (left.len > 0) {
        struct span piece = span_first(left, max);
        left = span_after(left, max);
        struct http2_frame more = {.type = HTTP2_CONTINUATION, .stream = frame.stream};
        more.flags = left.len == 0 && !words->is_open ? HTTP2_END_HEADERS : 0;
        append_frame(out, &more, piece);
    }
}

static bool write_block(const struct frame_words *words, enum http2_type type, struct buf *out)
{
    struct http2_frame frame = {.type = (uint8_t)type, .stream = (uint32_t)words->number[0]};
    struct buf block;
    buf_init(&block, MAX_BYTES);
    write_fields(words->table, words->lines, &block);
    frame.flags = words->is_end ? HTTP2_END_STREAM : 0;
    append_block(out, frame, buf_span(&block), words);
    buf_free(&block);
    return true;
}

static bool write_headers(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_block(words, HTTP2_HEADERS, out);
}

static bool write_promise(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_block(words, HTTP2_PUSH_PROMISE, out);
}

/* ---- the others ---- */

static bool write_preface(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)words, (void)bad;
    conv_append(out, span_str("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    return true;
}

static bool write_numbers(const struct frame_words *words, struct http2_frame frame, size_t first,
                          struct buf *out)
{
    struct buf payload;
    buf_init(&payload, MAX_BYTES);
    for (size_t i = first; i < words->n_numbers; i++)
        append_u32(&payload, words->number[i]);
    append_frame(out, &frame, buf_span(&payload));
    buf_free(&payload);
    return true;
}

/* "settings ack", or "settings ID VALUE". */
static bool write_settings(const struct frame_words *words, struct buf *out, struct span *bad)
{
    struct buf payload;
    uint8_t id[2] = {0, (uint8_t)words->number[0]};
    struct http2_frame frame = {.type = HTTP2_SETTINGS, .flags = words->is_ack ? HTTP2_ACK : 0};
    (void)bad;
    buf_init(&payload, MAX_BYTES);
    if (words->n_numbers == 2) {
        conv_append(&payload, span_of(id, 2));
        append_u32(&payload, words->number[1]);
    }
    append_frame(out, &frame, buf_span(&payload));
    buf_free(&payload);
    return true;
}

static bool write_rst(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_numbers(
        words, (struct http2_frame){.type = HTTP2_RST_STREAM, .stream = (uint32_t)words->number[0]},
        1, out);
}

static bool write_window(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_numbers(
        words,
        (struct http2_frame){.type = HTTP2_WINDOW_UPDATE, .stream = (uint32_t)words->number[0]}, 1,
        out);
}

static bool write_goaway(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_numbers(words, (struct http2_frame){.type = HTTP2_GOAWAY}, 0, out);
}

/* "ping N N": eight bytes in two numbers. */
static bool write_ping(const struct frame_words *words, struct buf *out, struct span *bad)
{
    (void)bad;
    return write_numbers(words, (struct http2_frame){.type = HTTP2_PING}, 0, out);
}

/* "frame TYPE FLAGS STREAM": anything, its payload in the lines, without the last line end. */
static bool write_frame(const struct frame_words *words, struct buf *out, struct span *bad)
{
    struct http2_frame frame = {
        .type = (uint8_t)words->number[0],
        .flags = (uint8_t)words->number[1],
        .stream = (uint32_t)words->number[2],
    };
    size_t len = words->lines.len;
    (void)bad;
    append_frame(out, &frame, span_first(words->lines, len > 0 ? len - 1 : 0));
    return true;
}

static const struct kind {
    const char *word;
    bool (*write)(const struct frame_words *words, struct buf *out, struct span *bad);
    size_t n_numbers; /* at least */
    bool has_lines;
} kinds[] = {
    {"preface", write_preface, 0, false}, {"settings", write_settings, 0, false},
    {"headers", write_headers, 1, true},  {"promise", write_promise, 2, true},
    {"data", write_data, 1, true},        {"rst", write_rst, 2, false},
    {"window", write_window, 2, false},   {"goaway", write_goaway, 2, false},
    {"ping", write_ping, 2, false},       {"frame", write_frame, 3, true},
};

static const struct kind *find_kind(struct span *words)
{
    struct span word = conv_word(words);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (span_equal(word, span_str(kinds[i].word)))
            return &kinds[i];
    return NULL;
}

/* A word with or without a number behind it. False: it is another one. */
static bool take_option(struct span word, struct span *rest, struct frame_words *out)
{
    const struct {
        const char *word;
        bool *flag;
        uint64_t *number;
    } options[] = {
        {"end", &out->is_end, NULL},         {"ack", &out->is_ack, NULL},
        {"open", &out->is_open, NULL},       {"priority", &out->has_priority, NULL},
        {"pad", &out->is_padded, &out->pad}, {"split", NULL, &out->split},
        {"frames", NULL, &out->frames},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (!span_equal(word, span_str(options[i].word)))
            continue;
        if (options[i].flag)
            *options[i].flag = true;
        return !options[i].number || span_decimal(conv_word(rest), MAX_BYTES, options[i].number);
    }
    return false;
}

static struct frame_words read_words(struct span words)
{
    struct frame_words out = {0};
    for (struct span rest = words; rest.len > 0; words = rest) {
        struct span word = conv_word(&rest);
        uint64_t number;
        if (span_decimal(word, UINT32_MAX, &number) && out.n_numbers < 3)
            out.number[out.n_numbers++] = number;
        else if (word.len > 0 && !take_option(word, &rest, &out))
            break;
    }
    out.coding = words;
    return out;
}

void conv_http2_init(struct conv_http2 *http2)
{
    hpack_write_init(&http2->table[DIR_CLIENT]);
    hpack_write_init(&http2->table[DIR_SERVER]);
}

bool conv_http2_has_lines(struct span words)
{
    const struct kind *kind = find_kind(&words);
    return kind && kind->has_lines;
}

bool conv_http2_frames(struct conv_http2 *http2, const struct conv_http2_text *text,
                       struct buf *out, struct span *bad)
{
    struct span rest = text->words;
    const struct kind *kind = find_kind(&rest);
    struct frame_words words = read_words(rest);
    words.table = &http2->table[text->dir];
    words.lines = text->lines;
    *bad = text->words;
    bool is_known = kind && words.n_numbers >= kind->n_numbers &&
                    (words.coding.len == 0 || kind->write == write_data);
    return is_known && kind->write(&words, out, bad);
}

void conv_http2_free(struct conv_http2 *http2)
{
    hpack_write_free(&http2->table[DIR_CLIENT]);
    hpack_write_free(&http2->table[DIR_SERVER]);
}
