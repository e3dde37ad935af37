/* gzip (RFC 1952) through zlib; check sum and length of every member are verified. */
#include "capture/decompress.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

/* windowBits for inflateInit2: the largest window, and a gzip header must be there. */
enum { GZIP_WINDOW_BITS = 15 + 16 };

static bool gzip_matches(struct span head)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 8};
    return span_starts(head, span_of(magic, sizeof magic));
}

static void *gzip_open(void)
{
    z_stream *z = calloc(1, sizeof *z);
    if (z && inflateInit2(z, GZIP_WINDOW_BITS) != Z_OK) {
        free(z);
        return NULL;
    }
    return z;
}

static enum decompress_result gzip_run(void *decoder, struct decompress_io *io)
{
    z_stream *z = decoder;
    uInt in_len = io->in_len < UINT_MAX ? (uInt)io->in_len : UINT_MAX;
    uInt out_len = io->out_len < UINT_MAX ? (uInt)io->out_len : UINT_MAX;
    z->next_in = (z_const Bytef *)io->in;
    z->avail_in = in_len;
    z->next_out = io->out;
    z->avail_out = out_len;
    int result = inflate(z, Z_NO_FLUSH);
    io->in += in_len - z->avail_in;
    io->in_len -= in_len - z->avail_in;
    io->out += out_len - z->avail_out;
    io->out_len -= out_len - z->avail_out;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
        return DECOMPRESS_MORE;
    case Z_STREAM_END:
        (void)inflateReset(z);
        return DECOMPRESS_END;
    case Z_MEM_ERROR:
        return DECOMPRESS_NOMEM;
    default:
        io->reason = z->msg ? z->msg : "preset dictionary";
        return DECOMPRESS_DAMAGED;
    }
}

static void gzip_close(void *decoder)
{
    (void)inflateEnd(decoder);
    free(decoder);
}

const struct decompress decompress_gzip = {"gzip", gzip_matches, gzip_open, gzip_run, gzip_close};
