/* The straight way says of every frame what its layers say one by one. Behind a header of four
 * bytes (NETANALYZER) the same Ethernet frame takes the other way. */
#include "dissector/net/net.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ETHERNET = 1, NETANALYZER = 240, NETANALYZER_BYTES = 4, HEADERS_BYTES = 14 + 40 + 20 };

struct seen {
    struct segment segment;
    struct net_stats stats;
};

static enum feed keep_segment(void *ctx, const struct segment *segment)
{
    struct seen *seen = ctx;
    seen->segment = *segment;
    return FEED_OK;
}

static struct seen feed(uint32_t linktype, struct span frame)
{
    struct net net;
    struct seen seen = {0};
    struct origin origin = {.ordinal = 9, .frame = 7};
    net_init(&net, &limits_default, (struct segment_sink){keep_segment, &seen});
    assert_int_equal(net_feed(&net, linktype, frame, (uint32_t)frame.len, &origin), FEED_OK);
    seen.stats = *net_stats(&net);
    net_free(&net);
    return seen;
}

static void assert_same_segment(const struct segment *a, const struct segment *b)
{
    assert_true(endpoint_equal(&a->source, &b->source));
    assert_true(endpoint_equal(&a->destination, &b->destination));
    assert_true(span_equal(a->payload, b->payload));
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->ack, b->ack);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->hop_limit, b->hop_limit);
    assert_int_equal(a->cut_bytes, b->cut_bytes);
    assert_int_equal(a->is_datagram, b->is_datagram);
    assert_int_equal(a->n_frames, b->n_frames);
    assert_int_equal(a->origin.frame, b->origin.frame);
}

/* Gives how many segments were found. */
static uint64_t assert_same_both_ways(struct span frame)
{
    uint8_t longer[256] = {0};
    assert_true(frame.len <= sizeof longer - NETANALYZER_BYTES);
    memcpy(longer + NETANALYZER_BYTES, frame.ptr, frame.len);
    struct seen straight = feed(ETHERNET, frame);
    struct seen layered = feed(NETANALYZER, span_of(longer, NETANALYZER_BYTES + frame.len));
    straight.stats.n_bytes += NETANALYZER_BYTES;
    assert_memory_equal(&straight.stats, &layered.stats, sizeof straight.stats);
    assert_same_segment(&straight.segment, &layered.segment);
    return straight.stats.n_segments;
}

static struct wrap frame_of(uint8_t version)
{
    static struct wrap wrap;
    struct segment segment = {.source = wrap_endpoint(version, 1, 40000),
                              .destination = wrap_endpoint(version, 2, 80),
                              .seq = 0xFEDCBA98,
                              .ack = 0x01020304,
                              .flags = SEGMENT_ACK,
                              .payload = span_str("OPTIONS * HTTP/1.1")};
    wrap_frame(&wrap, &segment);
    return wrap;
}

static void every_bit_of_the_headers_can_be_another(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const struct wrap wrap = frame_of(version);
        struct span whole = wrap_span(&wrap);
        uint8_t frame[128];
        assert_true(whole.len <= sizeof frame);
        assert_int_equal(assert_same_both_ways(whole), 1);
        for (size_t bit = 0; bit < 8 * HEADERS_BYTES; bit++) {
            memcpy(frame, whole.ptr, whole.len);
            frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_same_both_ways(span_of(frame, whole.len));
        }
    }
}

static void a_frame_can_end_anywhere(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const struct wrap wrap = frame_of(version);
        struct span whole = wrap_span(&wrap);
        for (size_t len = 0; len < whole.len; len++)
            assert_same_both_ways(span_first(whole, len));
    }
}

static void padding_is_no_payload(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct wrap wrap = frame_of(version);
        wrap_append(&wrap, span_str("padding"));
        assert_int_equal(assert_same_both_ways(wrap_span(&wrap)), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_of_the_headers_can_be_another),
        cmocka_unit_test(a_frame_can_end_anywhere),
        cmocka_unit_test(padding_is_no_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
