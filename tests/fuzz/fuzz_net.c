/* Frames of any link type: a byte for the link type, two for the captured length, one for how much
 * was cut, the bytes; repeated, so that fragments can meet. */
#include "dissector/base/reader.h"
#include "dissector/net/net.h"

#include <assert.h>

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    /* Reads all of the payload, so that a bad span is noticed. */
    uint8_t *sum = ctx;
    for (size_t i = 0; i < segment->payload.len; i++)
        *sum ^= segment->payload.ptr[i];
    assert(segment->source.address.version == 4 || segment->source.address.version == 6);
    assert(segment->cut_bytes <= 1024 * 1024);
    return FEED_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* What the corpus was made for stands first. */
    static const uint16_t linktypes[] = {0,   1,   101, 108, 113, 228, 229, 276, 12,  14,  999, 6,
                                         8,   9,   10,  50,  51,  100, 104, 105, 107, 109, 117, 119,
                                         122, 123, 127, 138, 163, 166, 192, 197, 204, 205, 206, 219,
                                         226, 239, 240, 241, 258, 281, 282, 284, 285};
    uint8_t sum = 0;
    struct net net;
    struct origin origin = {.ordinal = 0};
    struct reader r = reader_of(span_of(data, size));
    net_init(&net, &limits_default, (struct segment_sink){see_segment, &sum});
    while (r.left.len > 0 && !r.failed) {
        uint32_t linktype = linktypes[reader_u8(&r) % (sizeof linktypes / sizeof *linktypes)];
        uint32_t len = reader_u16(&r), cut_bytes = reader_u8(&r);
        struct span frame = span_first(r.left, len);
        r.left = span_after(r.left, len);
        origin.time_ns += INT64_C(100000000);
        net_feed(&net, linktype, frame, (uint32_t)frame.len + cut_bytes, &origin);
    }
    net_free(&net);
    return 0;
}
