/* One brotli stream in (RFC 7932), its content out. Brotli has no magic bytes and no check sum:
 * damage may pass unseen. Its window grows with the content up to 16 MiB, so what the library
 * allocates is counted. Large windows and shared dictionaries are not HTTP's br: damage. */
#ifdef HAVE_BROTLI
#include "dissector/http/coding.h"
#include "dissector/http/coding_memory.h"

#include <brotli/decode.h>

/* At damage the decoder drops what it decoded of the bytes it was given with it: so few at once. */
enum { STEP_BYTES = 128 };

struct brotli {
    BrotliDecoderState *decoder;
    size_t library_bytes;
    bool is_whole;
    uint8_t window[CODING_WINDOW_BYTES];
};

static void *take(void *ctx, size_t len)
{
    return coding_memory_take(&((struct brotli *)ctx)->library_bytes, len);
}

static void release(void *ctx, void *memory)
{
    coding_memory_release(&((struct brotli *)ctx)->library_bytes, memory);
}

static enum coding_sign brotli_sign(struct span start)
{
    (void)start;
    return CODING_MAYBE;
}

static enum coding_result brotli_init(void *state)
{
    struct brotli *brotli = state;
    brotli->decoder = BrotliDecoderCreateInstance(take, release, brotli);
    return brotli->decoder ? CODING_OK : CODING_NOMEM;
}

static enum coding_result error_of(const BrotliDecoderState *decoder)
{
    BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(decoder);
    bool is_memory = code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                     code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
    return is_memory ? CODING_NOMEM : CODING_DAMAGED;
}

/* All that these coded bytes give. Takes them all unless the content ends or is damaged. */
static enum coding_result decode(struct brotli *brotli, struct span *coded, struct coding_sink sink,
                                 const struct origin *origin)
{
    BrotliDecoderResult result;
    do {
        uint8_t *out = brotli->window;
        size_t left = sizeof brotli->window;
        result = BrotliDecoderDecompressStream(brotli->decoder, &coded->len, &coded->ptr, &left,
                                               &out, NULL);
        size_t n = sizeof brotli->window - left;
        enum feed answer = n ? sink.decoded(sink.ctx, span_of(brotli->window, n), origin) : FEED_OK;
        if (answer != FEED_OK)
            return coding_refused(answer);
    } while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
    brotli->is_whole = result == BROTLI_DECODER_RESULT_SUCCESS;
    if (result == BROTLI_DECODER_RESULT_ERROR)
        return error_of(brotli->decoder);
    return brotli->is_whole ? CODING_END : CODING_OK;
}

static enum coding_result brotli_feed(void *state, struct span *coded, struct coding_sink sink,
                                      const struct origin *origin)
{
    enum coding_result result = CODING_OK;
    while (result == CODING_OK && coded->len > 0) {
        struct span step = span_first(*coded, STEP_BYTES);
        size_t step_len = step.len;
        result = decode(state, &step, sink, origin);
        *coded = span_after(*coded, step_len - step.len);
    }
    return result;
}

static bool brotli_is_whole(const void *state)
{
    return ((const struct brotli *)state)->is_whole;
}

static size_t brotli_library_bytes(const void *state)
{
    return ((const struct brotli *)state)->library_bytes;
}

static void brotli_free(void *state)
{
    struct brotli *brotli = state;
    if (brotli->decoder)
        BrotliDecoderDestroyInstance(brotli->decoder);
    brotli->decoder = NULL;
}

const struct coding coding_brotli = {
    .names = {"br"},
    .state_bytes = sizeof(struct brotli),
    .sign = brotli_sign,
    .init = brotli_init,
    .feed = brotli_feed,
    .is_whole = brotli_is_whole,
    .library_bytes = brotli_library_bytes,
    .free = brotli_free,
};
#endif
