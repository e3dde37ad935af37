/* A script of segments between few endpoints with few numbers: nothing is lost or made up. */
#include "dissector/base/reader.h"
#include "dissector/net/twins.h"

#include <assert.h>

static enum feed count(void *ctx, const struct segment *segment)
{
    bool is_bare = segment->payload.len == 0 || segment->payload.len == sizeof(struct segment_twin);
    assert(!segment->is_twin || is_bare);
    *(size_t *)ctx += !segment->is_twin;
    return FEED_OK;
}

static struct endpoint end_of(uint8_t bits)
{
    return (struct endpoint){{4, {10, 0, 0, bits & 3}}, (uint16_t)(bits & 4 ? 80 : 8080)};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x11};
    struct limits limits = {.max_sightings = 2, .connection_idle_ns = 5000};
    struct reader r = reader_of(span_of(data, size));
    struct twins twins;
    size_t n_passed = 0, n_fed = 0;
    limits.max_handshakes = limits.max_translated = 4;
    limits.handshake_ns = limits.sighting_ns = 1000;
    twins_init(&twins, &limits, &(struct hash_key){1, 2}, (struct segment_sink){count, &n_passed});
    for (int64_t time_ns = 0; r.left.len >= 3; n_fed++) {
        uint8_t ends = reader_u8(&r), bits = reader_u8(&r);
        struct segment segment = {.flags = flags[bits & 3],
                                  .seq = bits >> 2 & 3,
                                  .ack = bits >> 4 & 3,
                                  .hop_limit = bits >> 6 & 1,
                                  .payload = span_first(r.left, bits >> 7),
                                  .source = end_of(ends),
                                  .destination = end_of(ends >> 4),
                                  .origin.time_ns = time_ns += reader_u8(&r)};
        assert(twins_feed(&twins, &segment) == FEED_OK);
    }
    assert(twins_buffered_bytes(&twins) < 100000);
    assert(twins_finish(&twins) == FEED_OK && n_passed == n_fed);
    twins_free(&twins);
    return 0;
}
