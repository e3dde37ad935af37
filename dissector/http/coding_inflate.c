/* Deflated bytes in, inflated bytes out through a fixed window. All that can be inflated leaves at
 * once, so that a cut costs nothing but what was cut. Preset dictionaries are not HTTP's: damage.
 */
#include "dissector/http/coding_inflate.h"

#include "dissector/http/coding_memory.h"

static voidpf take(voidpf ctx, uInt n, uInt each_bytes)
{
    struct coding_inflate *inflater = ctx;
    if (each_bytes > 0 && n > SIZE_MAX / each_bytes)
        return NULL;
    return coding_memory_take(&inflater->library_bytes, (size_t)n * each_bytes);
}

static void release(voidpf ctx, voidpf memory)
{
    coding_memory_release(&((struct coding_inflate *)ctx)->library_bytes, memory);
}

static enum coding_result result_of(int status)
{
    switch (status) {
    case Z_OK:
    case Z_BUF_ERROR: /* needs more input */
        return CODING_OK;
    case Z_STREAM_END:
        return CODING_END;
    case Z_MEM_ERROR:
        return CODING_NOMEM;
    default:
        return CODING_DAMAGED;
    }
}

enum coding_result coding_inflate_init(struct coding_inflate *inflater,
                                       enum coding_inflate_wrap wrap)
{
    inflater->zlib.zalloc = take;
    inflater->zlib.zfree = release;
    inflater->zlib.opaque = inflater;
    return result_of(inflateInit2(&inflater->zlib, wrap));
}

void coding_inflate_restart(struct coding_inflate *inflater, enum coding_inflate_wrap wrap)
{
    (void)inflateReset2(&inflater->zlib, wrap); /* fails for wrong arguments only */
}

enum coding_result coding_inflate_feed(struct coding_inflate *inflater, struct span *coded,
                                       struct coding_sink sink, const struct origin *origin)
{
    z_stream *zlib = &inflater->zlib;
    enum coding_result result;
    zlib->next_in = coded->ptr;
    zlib->avail_in = (uInt)coded->len;
    do {
        zlib->next_out = inflater->window;
        zlib->avail_out = sizeof inflater->window;
        result = result_of(inflate(zlib, Z_SYNC_FLUSH));
        size_t n = sizeof inflater->window - zlib->avail_out;
        *coded = span_of(zlib->next_in, zlib->avail_in);
        if (n == 0)
            continue;
        enum feed answer = sink.decoded(sink.ctx, span_of(inflater->window, n), origin);
        if (answer != FEED_OK)
            return coding_refused(answer);
    } while (result == CODING_OK && (zlib->avail_in > 0 || zlib->avail_out == 0));
    return result;
}

void coding_inflate_free(struct coding_inflate *inflater)
{
    (void)inflateEnd(&inflater->zlib);
}
