/* Datagrams in parts: whatever the order, the segment comes once, whole, or not at all. */
#include "dissector/net/net.h"
#include "tests/support/alloc.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { RAW = 101, TCP_BYTES = 20, TEXT_BYTES = 1000, DATAGRAM_BYTES = TCP_BYTES + TEXT_BYTES };

static struct wrap wrap;
static struct net net;
static struct limits limits;
static struct origin origin;
static uint8_t text[TEXT_BYTES];
static uint8_t datagram[DATAGRAM_BYTES]; /* the TCP header and text */
static size_t text_len;
static unsigned n_seen;
static uint32_t expected_cut_bytes;
static uint64_t frames[FRAGMENT_MAX_FRAMES]; /* that the last segment came by */
static size_t n_frames;

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    (void)ctx;
    assert_int_equal(segment->cut_bytes, expected_cut_bytes);
    assert_int_equal(segment->payload.len, text_len - expected_cut_bytes);
    if (text_len == TEXT_BYTES)
        assert_memory_equal(segment->payload.ptr, text, segment->payload.len);
    assert_int_equal(segment->origin.frame, origin.frame);
    n_seen++;
    n_frames = segment->n_frames;
    if (n_frames > 0)
        memcpy(frames, segment->frames, n_frames * sizeof *frames);
    return FEED_OK;
}

static struct segment make(uint8_t version)
{
    return (struct segment){.source = wrap_endpoint(version, 1, 40000),
                            .destination = wrap_endpoint(version, 2, 80),
                            .payload = span_of(text, TEXT_BYTES)};
}

static int open_net(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = (uint8_t)(i * 7 + i / 256);
    struct segment segment = make(4);
    wrap_tcp(&wrap, &segment);
    memcpy(datagram, wrap_span(&wrap).ptr, DATAGRAM_BYTES);
    limits = limits_default;
    origin = (struct origin){.time_ns = 5 * SECOND_NS};
    text_len = TEXT_BYTES;
    n_seen = 0;
    expected_cut_bytes = 0;
    net_init(&net, &limits, (struct segment_sink){see_segment, NULL});
    return 0;
}

static int close_net(void **state)
{
    (void)state;
    net_free(&net);
    assert_int_equal(net_buffered_bytes(&net), 0);
    return 0;
}

static struct fragment_stats stats(void)
{
    return net_stats(&net)->datagrams;
}

/* A fragment of bytes that claim to stand at an offset, of which cut_bytes are not captured. */
struct part {
    uint8_t version;
    uint16_t id;
    uint16_t at;
    bool is_last;
    struct span bytes;
    size_t cut_bytes;
};

static void feed(const struct part *part)
{
    struct segment segment = make(part->version);
    wrap_payload(&wrap, part->bytes);
    if (part->version == 6) {
        uint8_t header[8] = {6, 0, (uint8_t)(part->at >> 8), (uint8_t)(part->at | !part->is_last),
                             0, 0, (uint8_t)(part->id >> 8), (uint8_t)part->id};
        wrap_prepend(&wrap, span_of(header, 8));
        wrap_ip(&wrap, &segment, 44);
    } else {
        wrap_ip(&wrap, &segment, 6);
        uint8_t *header = wrap.room + wrap.at;
        header[4] = (uint8_t)(part->id >> 8);
        header[5] = (uint8_t)part->id;
        header[6] = (uint8_t)((part->is_last ? 0 : 0x20) | part->at >> 11);
        header[7] = (uint8_t)(part->at >> 3);
    }
    struct span frame = wrap_span(&wrap);
    origin.ordinal = ++origin.frame;
    assert_int_equal(net_feed(&net, RAW, span_first(frame, frame.len - part->cut_bytes),
                              (uint32_t)frame.len, &origin),
                     FEED_OK);
}

/* The part of datagram `id` from at up to end. */
static struct part part_of(uint8_t version, uint16_t id, uint16_t at, uint16_t end)
{
    return (struct part){.version = version,
                         .id = id,
                         .at = at,
                         .is_last = end == DATAGRAM_BYTES,
                         .bytes = span_of(datagram + at, (size_t)(end - at))};
}

static void feed_part(uint8_t version, uint16_t id, uint16_t at, uint16_t end)
{
    struct part part = part_of(version, id, at, end);
    feed(&part);
}

static void the_frames_of_a_datagram_are_told_with_its_segment(void **state)
{
    (void)state;
    feed_part(4, 1, 0, 16);
    feed_part(4, 2, 0, 16);
    feed_part(4, 1, 0, 16); /* a copy is not needed */
    feed_part(4, 1, 200, DATAGRAM_BYTES);
    feed_part(4, 1, 16, 200);
    static const uint64_t expected[] = {1, 4, 5};
    assert_int_equal(n_frames, 3);
    assert_memory_equal(frames, expected, sizeof expected);
}

static void of_many_frames_the_first_are_told(void **state)
{
    (void)state;
    assert_true(DATAGRAM_BYTES / 8 < FRAGMENT_MAX_FRAMES);
    static uint8_t large[8 * (FRAGMENT_MAX_FRAMES + 10)];
    memcpy(large, datagram, TCP_BYTES);
    text_len = sizeof large - TCP_BYTES;
    for (uint16_t at = 0; at < sizeof large; at += 8) {
        struct part part = {4, 1, at, at + 8u == sizeof large, span_of(large + at, 8), 0};
        feed(&part);
    }
    assert_int_equal(n_frames, FRAGMENT_MAX_FRAMES);
    assert_int_equal(frames[FRAGMENT_MAX_FRAMES - 1], FRAGMENT_MAX_FRAMES);
}

static void fragments_in_any_order_make_the_segment(void **state)
{
    (void)state;
    static const uint16_t bounds[] = {0, 16, 200, 808, DATAGRAM_BYTES};
    static const uint8_t orders[][4] = {
        {0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}, {3, 0, 1, 2}};
    uint16_t id = 0;
    for (uint8_t version = 4; version <= 6; version += 2)
        for (size_t order = 0; order < sizeof orders / sizeof *orders; order++, id++)
            for (size_t i = 0; i < 4; i++) {
                uint8_t n = orders[order][i];
                assert_int_equal(n_seen, id);
                feed_part(version, id, bounds[n], bounds[n + 1]);
            }
    assert_int_equal(n_seen, 10);
    assert_int_equal(stats().n_whole, 10);
    assert_int_equal(stats().n_incomplete + stats().n_overlapping, 0);
    assert_int_equal(net_stats(&net)->n_fragments, 40);
    assert_int_equal(net_stats(&net)->n_segments, 10);
}

static void fragments_that_come_twice_make_the_segment_once(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        feed_part(4, 1, 512, DATAGRAM_BYTES);
    for (int i = 0; i < 2; i++)
        feed_part(4, 1, 0, 512);
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 1);
    origin.time_ns += 60 * SECOND_NS;
    feed_part(4, 2, 0, 512);
    assert_int_equal(stats().n_incomplete, 0);
}

static void an_id_used_again_later_is_a_new_datagram(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        feed_part(4, 1, 0, 512);
        feed_part(4, 1, 512, DATAGRAM_BYTES);
        assert_int_equal(n_seen, i);
        origin.time_ns += 2 * SECOND_NS;
    }
}

static void datagrams_are_told_apart_by_id_and_addresses(void **state)
{
    (void)state;
    feed_part(4, 1, 0, 512);
    feed_part(4, 2, 512, DATAGRAM_BYTES);
    feed_part(6, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 0);
    feed_part(6, 1, 0, 512);
    feed_part(4, 2, 0, 512);
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 3);
}

static void overlapping_fragments_drop_the_datagram(void **state)
{
    (void)state;
    static const struct {
        uint16_t at, end;
    } overlaps[] = {{504, 520}, {0, 512}, {496, DATAGRAM_BYTES}};
    for (uint16_t id = 0; id < 3; id++) {
        feed_part(4, id, 16, 512);
        feed_part(4, id, overlaps[id].at, overlaps[id].end);
        assert_int_equal(stats().n_overlapping, id + 1u);
        feed_part(4, id, 0, 512);
        feed_part(4, id, 512, DATAGRAM_BYTES);
        feed_part(4, id, 16, 512);
    }
    assert_int_equal(n_seen, 0);
    assert_int_equal(stats().n_overlapping, 3);
}

static void a_copy_with_other_bytes_drops_the_datagram(void **state)
{
    (void)state;
    feed_part(4, 1, 0, 512);
    datagram[300] ^= 1;
    feed_part(4, 1, 0, 512);
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 0);
    assert_int_equal(stats().n_overlapping, 1);
}

static void two_ends_that_differ_drop_the_datagram(void **state)
{
    (void)state;
    struct part wrong = part_of(4, 1, 512, 520);
    wrong.is_last = true;
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    feed(&wrong);
    assert_int_equal(stats().n_overlapping, 1);
    wrong.id = 2;
    feed_part(4, 2, 800, DATAGRAM_BYTES);
    feed(&wrong);
    assert_int_equal(stats().n_overlapping, 2);
    wrong.id = 3;
    feed_part(4, 3, 600, 800);
    feed(&wrong);
    assert_int_equal(stats().n_overlapping, 3);
    wrong.id = 4;
    feed(&wrong);
    feed_part(4, 4, 600, 800);
    assert_int_equal(stats().n_overlapping, 4);
    feed_part(4, 5, 512, DATAGRAM_BYTES - 4 - 8);
    assert_int_equal(n_seen, 0);
}

static void an_incomplete_datagram_is_given_up_after_its_time(void **state)
{
    (void)state;
    feed_part(4, 1, 0, 512);
    origin.time_ns += limits.fragment_ns + 1;
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 0);
    assert_int_equal(stats().n_incomplete, 1);
    feed_part(4, 1, 0, 512);
    assert_int_equal(n_seen, 1);
}

static void no_more_datagrams_wait_than_the_limit_allows(void **state)
{
    (void)state;
    limits.max_fragmented = 4;
    for (uint16_t id = 0; id < 100; id++) {
        feed_part(4, id, 0, 512);
        assert_true(net_buffered_bytes(&net) <=
                    5 * 4096); /* what came of them, not what may come */
    }
    assert_int_equal(stats().n_incomplete, 95);
    feed_part(4, 99, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 1);
    feed_part(4, 10, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 1);
}

static void fragments_that_cannot_be_are_ignored(void **state)
{
    (void)state;
    static const uint8_t many[65000];
    const struct part parts[] = {
        {.version = 4, .at = 0, .bytes = span_of(datagram, 13)}, /* not a multiple of 8 */
        {.version = 4, .at = 512, .is_last = true, .bytes = span_of(datagram, 0)},
        {.version = 4, .at = 65528, .is_last = true, .bytes = span_of(datagram, 8)},
        {.version = 6, .at = 1000, .is_last = true, .bytes = span_of(many, sizeof many)},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        feed(&parts[i]);
    assert_int_equal(n_seen, 0);
    assert_int_equal(net_buffered_bytes(&net), 0);
}

static void the_longest_datagram_is_put_together(void **state)
{
    (void)state;
    static uint8_t many[65504];
    /* All zero: the TCP header says nothing, so that the segment needs no look. */
    struct part part = {.version = 6, .at = 32, .is_last = true, .bytes = span_of(many, 65503)};
    feed(&part);
    part = (struct part){.version = 6, .bytes = span_of(many, 32)};
    feed(&part);
    assert_int_equal(stats().n_whole, 1);
    assert_int_equal(net_stats(&net)->n_malformed, 1);
}

static void a_cut_fragment_cuts_the_datagram_there(void **state)
{
    (void)state;
    struct part first = part_of(4, 1, 0, 512), copy = first;
    first.cut_bytes = 100;
    expected_cut_bytes = DATAGRAM_BYTES - 412;
    feed(&first);
    feed(&copy);
    feed_part(4, 1, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 1);
    assert_int_equal(stats().n_overlapping, 0);
}

static void fragments_of_other_protocols_are_not_kept(void **state)
{
    (void)state;
    struct segment segment = make(4);
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 132);
    wrap.room[wrap.at + 6] = 0x20;
    net_feed(&net, RAW, wrap_span(&wrap), 0, &origin);
    assert_int_equal(net_buffered_bytes(&net), 0);
    assert_int_equal(net_stats(&net)->n_not_tcp, 1);
    assert_int_equal(net_stats(&net)->n_fragments, 0);
}

static void without_memory_the_datagram_is_given_up_and_the_next_is_not(void **state)
{
    (void)state;
    for (uint16_t n = 1; n <= 2; n++) {
        alloc_fail_at(n);
        feed_part(4, n, 0, 512);
        alloc_fail_at(0);
        alloc_count(false);
        assert_int_equal(stats().n_incomplete, n);
        assert_int_equal(net_buffered_bytes(&net), 0);
    }
    feed_part(4, 3, 0, 512);
    feed_part(4, 3, 512, DATAGRAM_BYTES);
    assert_int_equal(n_seen, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
    const struct CMUnitTest tests[] = {
        TEST(the_frames_of_a_datagram_are_told_with_its_segment),
        TEST(of_many_frames_the_first_are_told),
        TEST(fragments_in_any_order_make_the_segment),
        TEST(fragments_that_come_twice_make_the_segment_once),
        TEST(an_id_used_again_later_is_a_new_datagram),
        TEST(datagrams_are_told_apart_by_id_and_addresses),
        TEST(overlapping_fragments_drop_the_datagram),
        TEST(a_copy_with_other_bytes_drops_the_datagram),
        TEST(two_ends_that_differ_drop_the_datagram),
        TEST(an_incomplete_datagram_is_given_up_after_its_time),
        TEST(no_more_datagrams_wait_than_the_limit_allows),
        TEST(fragments_that_cannot_be_are_ignored),
        TEST(the_longest_datagram_is_put_together),
        TEST(a_cut_fragment_cuts_the_datagram_there),
        TEST(fragments_of_other_protocols_are_not_kept),
        TEST(without_memory_the_datagram_is_given_up_and_the_next_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
