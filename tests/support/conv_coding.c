/* A readable body arrives with the words that say how to encode it; wire bytes leave. Output is the
 * same in every run: no names and times in gzip headers. */
#include "tests/support/conv_coding.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { MAX_BODY_BYTES = 64 << 20 };

void conv_append(struct buf *out, struct span bytes)
{
    if (buf_append(out, bytes) == BUF_OK)
        return;
    fprintf(stderr, "a conversation is too large\n");
    exit(2);
}

struct span conv_word(struct span *words)
{
    size_t start = 0;
    while (start < words->len && words->ptr[start] == ' ')
        start++;
    struct span rest = span_after(*words, start);
    struct span word = span_first(rest, span_find_byte(rest, ' '));
    *words = span_after(rest, word.len);
    return word;
}

/* window_bits chooses zlib's wrapper: 16 + 15 gzip, 15 zlib, -15 none. */
static void deflate_with(struct span in, struct buf *out, int window_bits)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)in.ptr, .avail_in = (uInt)in.len};
    int result = deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    while (result == Z_OK) {
        uint8_t piece[4096];
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        result = deflate(&stream, Z_FINISH);
        conv_append(out, span_of(piece, sizeof piece - stream.avail_out));
    }
    deflateEnd(&stream);
}

static void encode_gzip(struct span in, size_t unused, struct buf *out)
{
    (void)unused;
    deflate_with(in, out, 16 + 15);
}

static void encode_zlib(struct span in, size_t unused, struct buf *out)
{
    (void)unused;
    deflate_with(in, out, 15);
}

static void encode_raw_deflate(struct span in, size_t unused, struct buf *out)
{
    (void)unused;
    deflate_with(in, out, -15);
}

static void encode_chunks(struct span in, size_t chunk_bytes, struct buf *out)
{
    while (in.len > 0) {
        struct span chunk = span_first(in, chunk_bytes);
        char size_line[32];
        snprintf(size_line, sizeof size_line, "%zx\r\n", chunk.len);
        conv_append(out, span_str(size_line));
        conv_append(out, chunk);
        conv_append(out, span_str("\r\n"));
        in = span_after(in, chunk.len);
    }
}

static void encode_chunked(struct span in, size_t chunk_bytes, struct buf *out)
{
    encode_chunks(in, chunk_bytes, out);
    conv_append(out, span_str("0\r\n\r\n"));
}

/* One UTF-8 character of at most three bytes: what conversations need. */
static uint32_t next_character(struct span *in)
{
    const uint8_t *p = in->ptr;
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : 3;
    uint32_t code = p[0];
    if (len == 2 && in->len >= 2)
        code = (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
    if (len == 3 && in->len >= 3)
        code = (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
    *in = span_after(*in, len);
    return code;
}

static void encode_utf16(struct span in, struct buf *out, bool is_big_endian)
{
    while (in.len > 0) {
        uint32_t code = next_character(&in);
        uint8_t low = (uint8_t)code, high = (uint8_t)(code >> 8);
        uint8_t pair[2] = {is_big_endian ? high : low, is_big_endian ? low : high};
        conv_append(out, span_of(pair, 2));
    }
}

static void encode_utf16le(struct span in, size_t unused, struct buf *out)
{
    (void)unused;
    encode_utf16(in, out, false);
}

static void encode_utf16be(struct span in, size_t unused, struct buf *out)
{
    (void)unused;
    encode_utf16(in, out, true);
}

struct coding {
    const char *word;
    bool has_size; /* a number follows the word */
    void (*encode)(struct span in, size_t size, struct buf *out);
};

static const struct coding codings[] = {
    {"gzip", false, encode_gzip},
    {"zlib", false, encode_zlib},
    {"raw-deflate", false, encode_raw_deflate},
    {"chunked", true, encode_chunked}, /* in chunks of that many bytes, and the last chunk */
    {"chunks", true, encode_chunks},   /* without the last chunk: to write its end by hand */
    {"utf-16le", false, encode_utf16le},
    {"utf-16be", false, encode_utf16be},
};

static const struct coding *find_coding(struct span word)
{
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
        if (span_equal(word, span_str(codings[i].word)))
            return &codings[i];
    return NULL;
}

bool conv_encode(struct span body, struct span words, struct buf *out, struct span *bad)
{
    struct buf before;
    buf_init(&before, MAX_BODY_BYTES);
    conv_append(&before, body);
    for (struct span word = conv_word(&words); word.len; word = conv_word(&words)) {
        const struct coding *coding = find_coding(word);
        uint64_t size = 0;
        *bad = word;
        bool is_known =
            coding &&
            (!coding->has_size || (span_decimal(conv_word(&words), MAX_BODY_BYTES, &size) && size));
        if (!is_known) {
            buf_free(&before);
            return false;
        }
        struct buf after;
        buf_init(&after, MAX_BODY_BYTES);
        coding->encode(buf_span(&before), (size_t)size, &after);
        buf_free(&before);
        before = after;
    }
    conv_append(out, buf_span(&before));
    buf_free(&before);
    return true;
}
