/* gzip members in, one after the other as RFC 1952 §2.2 allows, their content out. zlib reads the
 * header with its optional fields and holds the content against CRC and length. Zeros behind the
 * last member are padding; anything else there ends the content. */
#include "dissector/http/coding_inflate.h"

enum gzip_state {
    GZIP_MEMBER,
    GZIP_BETWEEN, /* a member ended: another one, padding, or the end */
    GZIP_PADDING,
};

struct gzip {
    enum gzip_state state;
    bool has_member; /* a whole one was seen */
    struct coding_inflate inflater;
};

static const uint8_t magic[] = {0x1F, 0x8B, 0x08}; /* with the only method there is */

static enum coding_sign gzip_sign(struct span start)
{
    return coding_magic_sign(start, span_of(magic, sizeof magic));
}

static enum coding_result gzip_init(void *state)
{
    struct gzip *gzip = state;
    return coding_inflate_init(&gzip->inflater, CODING_INFLATE_GZIP);
}

static enum coding_result feed_member(struct gzip *gzip, struct span *coded,
                                      struct coding_sink sink, const struct origin *origin)
{
    enum coding_result result = coding_inflate_feed(&gzip->inflater, coded, sink, origin);
    if (result == CODING_END) {
        gzip->has_member = true;
        gzip->state = GZIP_BETWEEN;
        return CODING_OK;
    }
    /* Nothing but one chance byte made this look like a further member. */
    if (result == CODING_DAMAGED && gzip->has_member &&
        coding_inflate_taken_bytes(&gzip->inflater) <= 2) {
        gzip->state = GZIP_PADDING;
        return CODING_END;
    }
    return result;
}

static enum coding_result gzip_feed(void *state, struct span *coded, struct coding_sink sink,
                                    const struct origin *origin)
{
    struct gzip *gzip = state;
    enum coding_result result = CODING_OK;
    while (coded->len > 0 && result == CODING_OK) {
        if (gzip->state == GZIP_MEMBER) {
            result = feed_member(gzip, coded, sink, origin);
        } else if (coded->ptr[0] == magic[0] && gzip->state == GZIP_BETWEEN) {
            coding_inflate_restart(&gzip->inflater, CODING_INFLATE_GZIP);
            gzip->state = GZIP_MEMBER;
        } else if (coded->ptr[0] == 0) {
            gzip->state = GZIP_PADDING;
            *coded = span_after(*coded, 1);
        } else {
            result = CODING_END;
        }
    }
    return result;
}

static bool gzip_is_whole(const void *state)
{
    return ((const struct gzip *)state)->state != GZIP_MEMBER;
}

static size_t gzip_library_bytes(const void *state)
{
    return coding_inflate_library_bytes(&((const struct gzip *)state)->inflater);
}

static void gzip_free(void *state)
{
    coding_inflate_free(&((struct gzip *)state)->inflater);
}

const struct coding coding_gzip = {
    .names = {"gzip", "x-gzip"},
    .state_bytes = sizeof(struct gzip),
    .sign = gzip_sign,
    .init = gzip_init,
    .feed = gzip_feed,
    .is_whole = gzip_is_whole,
    .library_bytes = gzip_library_bytes,
    .free = gzip_free,
};
