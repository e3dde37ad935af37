/* A stream joined somewhere: where a response is found in it does not depend on how it comes, and
 * little is kept until one is. The first byte is the size of the pieces. */
#include "dissector/dav/tail.h"

#include <assert.h>
#include <string.h>

/* Feeds until something is found; returns the bytes fed. */
static size_t play(struct tail *tail, struct span bytes, size_t max_bytes)
{
    size_t n_fed = 0;
    tail_init(tail);
    while (n_fed < bytes.len) {
        struct span piece = span_first(span_after(bytes, n_fed), max_bytes);
        enum feed answer = tail_feed(tail, piece);
        n_fed += piece.len;
        assert(answer != FEED_NOMEM);
        if (answer == FEED_STOP)
            return n_fed;
        assert(tail->kept.len <= 8192);
    }
    return SIZE_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tail whole, pieces;
    if (size == 0)
        return 0;
    struct span bytes = span_of(data + 1, size - 1);
    bool is_found = play(&whole, bytes, SIZE_MAX) != SIZE_MAX;
    size_t n_fed = play(&pieces, bytes, 1 + data[0] % 32);
    assert(is_found == (n_fed != SIZE_MAX));
    if (is_found) {
        struct span begins = buf_span(&pieces.kept);
        assert(span_equal(span_first(buf_span(&whole.kept), begins.len), begins));
        assert(whole.kept.len == begins.len + bytes.len - n_fed);
    }
    tail_free(&whole);
    tail_free(&pieces);
    return 0;
}
