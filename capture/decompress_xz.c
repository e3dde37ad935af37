/* xz through liblzma. Bare .lzma content has no magic number and is not recognised. */
#include "capture/decompress.h"

static bool xz_matches(struct span head)
{
    static const uint8_t magic[] = {0xfd, '7', 'z', 'X', 'Z', 0};
    return span_starts(head, span_of(magic, sizeof magic));
}

#ifdef HAVE_LZMA
#include "capture/capture.h"

#include <lzma.h>
#include <stdlib.h>

static lzma_ret start(lzma_stream *stream)
{
    return lzma_stream_decoder(stream, CAPTURE_MAX_UNPACK_BYTES, 0);
}

static void *xz_open(void)
{
    lzma_stream *stream = malloc(sizeof *stream);
    if (!stream)
        return NULL;
    *stream = (lzma_stream)LZMA_STREAM_INIT;
    if (start(stream) == LZMA_OK)
        return stream;
    free(stream);
    return NULL;
}

static const char *reason_of(lzma_ret result)
{
    switch (result) {
    case LZMA_MEMLIMIT_ERROR:
        return "unpacking it takes more memory than this program gives";
    case LZMA_OPTIONS_ERROR:
        return "options that are not supported";
    case LZMA_FORMAT_ERROR:
        return "not the xz format";
    default:
        return "corrupt data";
    }
}

static enum decompress_result xz_run(void *decoder, struct decompress_io *io)
{
    lzma_stream *s = decoder;
    s->next_in = io->in;
    s->avail_in = io->in_len;
    s->next_out = io->out;
    s->avail_out = io->out_len;
    lzma_ret result = lzma_code(s, LZMA_RUN);
    io->in = s->next_in;
    io->in_len = s->avail_in;
    io->out = s->next_out;
    io->out_len = s->avail_out;
    if (result == LZMA_OK || result == LZMA_BUF_ERROR)
        return DECOMPRESS_MORE;
    if (result == LZMA_STREAM_END)
        return start(s) == LZMA_OK ? DECOMPRESS_END : DECOMPRESS_NOMEM;
    if (result == LZMA_MEM_ERROR)
        return DECOMPRESS_NOMEM;
    io->reason = reason_of(result);
    return DECOMPRESS_DAMAGED;
}

static void xz_close(void *decoder)
{
    lzma_end(decoder);
    free(decoder);
}

const struct decompress decompress_xz = {"xz", xz_matches, xz_open, xz_run, xz_close};
#else
const struct decompress decompress_xz = {.name = "xz", .matches = xz_matches};
#endif
