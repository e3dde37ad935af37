/* A chunked body whose framing was not seen: its bytes and the lines taken out of it are the same
 * however it comes, and in order. The first byte is the size of the pieces. */
#include "dissector/base/buf.h"
#include "dissector/http/chunk_watch.h"

#include <assert.h>

/* The bytes of the body, with a NUL for each line. */
static void play(struct buf *out, struct span bytes, size_t max_bytes)
{
    struct chunk_watch watch = {.n_held = 0};
    buf_init(out, SIZE_MAX);
    while (bytes.len > 0) {
        struct span piece = span_first(bytes, max_bytes);
        bytes = span_after(bytes, piece.len);
        while (piece.len > 0) {
            bool is_line;
            struct span body = chunk_watch_next(&watch, &piece, &is_line);
            assert(!is_line || body.len == 0);
            assert(buf_append(out, is_line ? span_of("", 1) : body) == BUF_OK);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, pieces;
    if (size == 0)
        return 0;
    struct span bytes = span_of(data + 1, size - 1);
    play(&whole, bytes, SIZE_MAX);
    play(&pieces, bytes, 1 + data[0] % 32);
    assert(span_equal(buf_span(&whole), buf_span(&pieces)));
    assert(whole.len <= bytes.len);
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
