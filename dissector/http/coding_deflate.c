/* Content labelled deflate in, as RFC 9110 §8.4.1.2 means it (in zlib's wrapper) or as old servers
 * sent it (without), the content out. Which of the two the first bytes tell. Bytes without wrapper
 * have no check sum: damage may pass unseen. */
#include "dissector/http/coding_inflate.h"

struct deflate {
    bool is_started, is_whole;
    struct coding_inflate inflater;
};

/* RFC 1950 §2.2: method 8 with a window of at most 32 KiB; both bytes as a number divide by 31. */
static bool is_zlib_header(struct span start)
{
    return start.len >= 2 && (start.ptr[0] & 0x0F) == 8 && start.ptr[0] >> 4 <= 7 &&
           (start.ptr[0] << 8 | start.ptr[1]) % 31 == 0;
}

static enum coding_sign deflate_sign(struct span start)
{
    if (is_zlib_header(start))
        return CODING_LIKELY;
    /* RFC 1951 §3.2.3: the first block's type is in bits 1 and 2, and 11 is none. */
    return start.len > 0 && (start.ptr[0] & 6) == 6 ? CODING_NOT : CODING_MAYBE;
}

static enum coding_result deflate_init(void *state)
{
    return coding_inflate_init(&((struct deflate *)state)->inflater, CODING_INFLATE_ZLIB);
}

static enum coding_result deflate_feed(void *state, struct span *coded, struct coding_sink sink,
                                       const struct origin *origin)
{
    struct deflate *deflate = state;
    if (!deflate->is_started && !is_zlib_header(*coded))
        coding_inflate_restart(&deflate->inflater, CODING_INFLATE_RAW);
    deflate->is_started = true;
    enum coding_result result = coding_inflate_feed(&deflate->inflater, coded, sink, origin);
    deflate->is_whole = result == CODING_END;
    return result;
}

static bool deflate_is_whole(const void *state)
{
    return ((const struct deflate *)state)->is_whole;
}

static size_t deflate_library_bytes(const void *state)
{
    return coding_inflate_library_bytes(&((const struct deflate *)state)->inflater);
}

static void deflate_free(void *state)
{
    coding_inflate_free(&((struct deflate *)state)->inflater);
}

const struct coding coding_deflate = {
    .names = {"deflate", "x-deflate"},
    .state_bytes = sizeof(struct deflate),
    .sign = deflate_sign,
    .init = deflate_init,
    .feed = deflate_feed,
    .is_whole = deflate_is_whole,
    .library_bytes = deflate_library_bytes,
    .free = deflate_free,
};
