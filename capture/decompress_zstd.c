/* zstd (RFC 8878) through libzstd; skippable frames are passed over. */
#include "capture/decompress.h"

static bool zstd_matches(struct span head)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    return span_starts(head, span_of(magic, sizeof magic)) || decompress_is_skippable(head);
}

#ifdef HAVE_ZSTD
#include <zstd.h>

/* The decoder's memory is the window, 2^27 bytes, and little more; CAPTURE_MAX_UNPACK_BYTES. */
enum { ZSTD_WINDOW_LOG = 27 };

static void *zstd_open(void)
{
    ZSTD_DStream *decoder = ZSTD_createDStream();
    if (decoder)
        (void)ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    return decoder;
}

static enum decompress_result zstd_run(void *decoder, struct decompress_io *io)
{
    ZSTD_inBuffer in = {io->in, io->in_len, 0};
    ZSTD_outBuffer out = {io->out, io->out_len, 0};
    size_t result = ZSTD_decompressStream(decoder, &out, &in);
    io->in += in.pos;
    io->in_len -= in.pos;
    io->out += out.pos;
    io->out_len -= out.pos;
    if (ZSTD_isError(result)) {
        io->reason = ZSTD_getErrorName(result);
        return DECOMPRESS_DAMAGED;
    }
    return result == 0 ? DECOMPRESS_END : DECOMPRESS_MORE;
}

static void zstd_close(void *decoder)
{
    (void)ZSTD_freeDStream(decoder);
}

const struct decompress decompress_zstd = {"zstd", zstd_matches, zstd_open, zstd_run, zstd_close};
#else
const struct decompress decompress_zstd = {.name = "zstd", .matches = zstd_matches};
#endif
