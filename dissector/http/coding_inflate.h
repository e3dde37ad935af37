/* coding_inflate: what gzip and deflate share: zlib's inflate, pushed. For coding_*.c only.
 *
 * Limits: one window in, one window out (CODING_WINDOW_BYTES), whatever the content. */
#pragma once

#include "dissector/http/coding.h"

#define ZLIB_CONST
#include <zlib.h>

struct coding_inflate {
    /* fields are private */
    z_stream zlib;
    size_t library_bytes;
    uint8_t window[CODING_WINDOW_BYTES];
};

/* What wraps the deflated bytes, in zlib's windowBits. */
enum coding_inflate_wrap {
    CODING_INFLATE_ZLIB = MAX_WBITS,
    CODING_INFLATE_RAW = -MAX_WBITS,
    CODING_INFLATE_GZIP = 16 + MAX_WBITS,
};

/* The struct must not be moved afterwards. CODING_OK or CODING_NOMEM. */
enum coding_result coding_inflate_init(struct coding_inflate *inflater,
                                       enum coding_inflate_wrap wrap);

/* Ready for new content, before or after the end of another one. */
void coding_inflate_restart(struct coding_inflate *inflater, enum coding_inflate_wrap wrap);

/* As struct coding's feed. CODING_END: the deflated bytes ended and their check sum was right. */
enum coding_result coding_inflate_feed(struct coding_inflate *inflater, struct span *coded,
                                       struct coding_sink sink, const struct origin *origin);

/* Coded bytes taken since the start or restart. */
static inline uint64_t coding_inflate_taken_bytes(const struct coding_inflate *inflater)
{
    return inflater->zlib.total_in;
}

/* What zlib holds. */
static inline size_t coding_inflate_library_bytes(const struct coding_inflate *inflater)
{
    return inflater->library_bytes;
}

/* Idempotent; a zeroed one can be freed. */
void coding_inflate_free(struct coding_inflate *inflater);
