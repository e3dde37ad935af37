/* lz4 frames through liblz4. The older "legacy" frames are not capture tools' and not read. */
#include "capture/decompress.h"

static bool lz4_matches(struct span head)
{
    static const uint8_t magic[] = {0x04, 0x22, 0x4d, 0x18};
    return span_starts(head, span_of(magic, sizeof magic)) || decompress_is_skippable(head);
}

#ifdef HAVE_LZ4
#include <lz4frame.h>

static void *lz4_open(void)
{
    LZ4F_dctx *decoder = NULL;
    return LZ4F_isError(LZ4F_createDecompressionContext(&decoder, LZ4F_VERSION)) ? NULL : decoder;
}

static enum decompress_result lz4_run(void *decoder, struct decompress_io *io)
{
    size_t in_len = io->in_len;
    size_t out_len = io->out_len;
    size_t result = LZ4F_decompress(decoder, io->out, &out_len, io->in, &in_len, NULL);
    if (LZ4F_isError(result)) {
        io->reason = LZ4F_getErrorName(result);
        return DECOMPRESS_DAMAGED;
    }
    io->in += in_len;
    io->in_len -= in_len;
    io->out += out_len;
    io->out_len -= out_len;
    return result == 0 ? DECOMPRESS_END : DECOMPRESS_MORE;
}

static void lz4_close(void *decoder)
{
    (void)LZ4F_freeDecompressionContext(decoder);
}

const struct decompress decompress_lz4 = {"lz4", lz4_matches, lz4_open, lz4_run, lz4_close};
#else
const struct decompress decompress_lz4 = {.name = "lz4", .matches = lz4_matches};
#endif
