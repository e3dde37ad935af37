/* Zstandard frames in, one after the other as RFC 8878 §3 allows, their content out. Windows larger
 * than HTTP's zstd permits (RFC 9659: 8 MiB) are refused as damage, so memory is bounded. */
#ifdef HAVE_ZSTD
#include "dissector/http/coding.h"

#include <zstd.h>
#include <zstd_errors.h>

enum {
    MAX_WINDOW_LOG = 23,
    FIRST_BYTES = 5, /* of a frame: its magic and what says how long its header is */
    BLOCK_HEADER_BYTES = 3,
};

struct zstd {
    ZSTD_DStream *decoder;
    bool in_frame;  /* one has begun and not ended */
    bool has_frame; /* a whole one was seen */
    bool is_window_full;
    size_t wanted_bytes; /* until the decoder can do its next step */
    uint8_t window[CODING_WINDOW_BYTES];
};

/* Frames with content, and the sixteen kinds of frames to skip (RFC 8878 §3.1). */
static bool may_begin_frame(uint8_t first)
{
    return first == 0x28 || first >> 4 == 5;
}

static enum coding_sign zstd_sign(struct span start)
{
    static const uint8_t magic_tail[] = {0xB5, 0x2F, 0xFD};
    static const uint8_t skippable_tail[] = {0x2A, 0x4D, 0x18};
    if (start.len == 0 || !may_begin_frame(start.ptr[0]))
        return CODING_NOT;
    const uint8_t *tail = start.ptr[0] == 0x28 ? magic_tail : skippable_tail;
    return coding_magic_sign(span_after(start, 1), span_of(tail, sizeof magic_tail));
}

static enum coding_result zstd_init(void *state)
{
    struct zstd *zstd = state;
    zstd->decoder = ZSTD_createDStream();
    if (!zstd->decoder)
        return CODING_NOMEM;
    zstd->wanted_bytes = FIRST_BYTES;
    (void)ZSTD_DCtx_setParameter(zstd->decoder, ZSTD_d_windowLogMax, MAX_WINDOW_LOG);
    return CODING_OK;
}

static enum coding_result error_of(struct zstd *zstd, size_t status)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(status);
    if (code == ZSTD_error_memory_allocation)
        return CODING_NOMEM;
    if (code != ZSTD_error_prefix_unknown || !zstd->has_frame)
        return CODING_DAMAGED;
    zstd->in_frame = false; /* what follows the last frame only looked like another one */
    return CODING_END;
}

/* How much to give the decoder next. Its own wish covers a block and the header of the following
 * one, but after an error in a call it does not say what that call decoded: so the header comes in
 * a call of its own, and nothing while the window was too small for what there was. */
static size_t next_bytes(size_t wish, bool is_window_full)
{
    if (wish == 0)
        return FIRST_BYTES;
    if (is_window_full)
        return 0;
    return wish > BLOCK_HEADER_BYTES ? wish - BLOCK_HEADER_BYTES : wish;
}

/* One call of the decoder. */
static enum coding_result step(struct zstd *zstd, struct span *coded, struct coding_sink sink,
                               const struct origin *origin)
{
    ZSTD_inBuffer in = {coded->ptr, span_first(*coded, zstd->wanted_bytes).len, 0};
    ZSTD_outBuffer out = {zstd->window, sizeof zstd->window, 0};
    size_t status = ZSTD_decompressStream(zstd->decoder, &out, &in);
    if (ZSTD_isError(status))
        return error_of(zstd, status);
    *coded = span_after(*coded, in.pos);
    zstd->in_frame = status != 0;
    zstd->has_frame = zstd->has_frame || status == 0;
    zstd->is_window_full = out.pos == out.size;
    zstd->wanted_bytes = next_bytes(status, zstd->is_window_full);
    if (out.pos == 0)
        return CODING_OK;
    enum feed answer = sink.decoded(sink.ctx, span_of(zstd->window, out.pos), origin);
    return answer == FEED_OK ? CODING_OK : coding_refused(answer);
}

static enum coding_result zstd_feed(void *state, struct span *coded, struct coding_sink sink,
                                    const struct origin *origin)
{
    struct zstd *zstd = state;
    enum coding_result result = CODING_OK;
    while (result == CODING_OK && (coded->len > 0 || (zstd->in_frame && zstd->is_window_full))) {
        if (zstd->has_frame && !zstd->in_frame && !may_begin_frame(coded->ptr[0]))
            return CODING_END;
        result = step(zstd, coded, sink, origin);
    }
    return result;
}

static bool zstd_is_whole(const void *state)
{
    return !((const struct zstd *)state)->in_frame;
}

static size_t zstd_library_bytes(const void *state)
{
    return ZSTD_sizeof_DStream(((const struct zstd *)state)->decoder);
}

static void zstd_free(void *state)
{
    struct zstd *zstd = state;
    (void)ZSTD_freeDStream(zstd->decoder);
    zstd->decoder = NULL;
}

const struct coding coding_zstd = {
    .names = {"zstd"},
    .state_bytes = sizeof(struct zstd),
    .sign = zstd_sign,
    .init = zstd_init,
    .feed = zstd_feed,
    .is_whole = zstd_is_whole,
    .library_bytes = zstd_library_bytes,
    .free = zstd_free,
};
#endif
