/* Every link type leads to the same segment, whatever stands in front of IP. */
#include "dissector/net/net.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { SNAP_BYTES = 8 };

static struct wrap wrap;
static unsigned n_seen;

static enum feed check_segment(void *ctx, const struct segment *seen)
{
    const struct segment *sent = ctx;
    assert_true(endpoint_equal(&seen->source, &sent->source));
    assert_true(endpoint_equal(&seen->destination, &sent->destination));
    assert_true(span_equal(seen->payload, sent->payload));
    assert_int_equal(seen->seq, sent->seq);
    assert_int_equal(seen->ack, sent->ack);
    assert_int_equal(seen->flags, sent->flags);
    assert_int_equal(seen->cut_bytes, sent->cut_bytes);
    assert_int_equal(seen->origin.frame, 7);
    n_seen++;
    return FEED_OK;
}

static struct segment some_segment(uint8_t version)
{
    return (struct segment){.source = wrap_endpoint(version, 1, 40000),
                            .destination = wrap_endpoint(version, 2, 80),
                            .seq = 0xFEDCBA98,
                            .ack = 0x01020304,
                            .flags = SEGMENT_ACK,
                            .payload = span_str("OPTIONS * HTTP/1.1")};
}

static struct net_stats feed(uint32_t linktype, const struct segment *expected)
{
    struct net net;
    struct segment copy = *expected;
    struct origin origin = {.ordinal = 9, .frame = 7};
    struct span bytes = wrap_span(&wrap);
    n_seen = 0;
    net_init(&net, &limits_default, (struct segment_sink){check_segment, &copy});
    assert_int_equal(net_feed(&net, linktype, bytes, (uint32_t)bytes.len, &origin), FEED_OK);
    struct net_stats stats = *net_stats(&net);
    assert_int_equal(stats.n_segments, n_seen);
    assert_int_equal(stats.n_frames, 1);
    net_free(&net);
    return stats;
}

static void prepend(const void *bytes, size_t n)
{
    wrap_prepend(&wrap, span_of(bytes, n));
}

/* What stands in front of IP, for each row of the table of link types; the rest of the header is 0.
 */
static const struct link_case {
    uint32_t linktype;
    uint8_t version;
    size_t len;
    uint8_t header[192];
} link_cases[] = {
    {0, 4, 4, {2, 0, 0, 0}},
    {0, 4, 4, {0, 0, 0, 2}},
    {0, 6, 4, {10, 0, 0, 0}},
    {0, 6, 4, {23, 0, 0, 0}},
    {0, 6, 4, {24, 0, 0, 0}},
    {0, 6, 4, {28, 0, 0, 0}},
    {0, 6, 4, {0, 0, 0, 30}},
    {1, 4, 14, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x00}},
    {1, 6, 14, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x86, 0xDD}},
    {6, 4, 14 + 8, {0x10, 0x40, [14] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {6, 4, 14 + 6 + 8, {0x10, 0x40, [8] = 0x80, [14] = 6, [20] = 0xAA, 0xAA, 3, [26] = 0x08, 0}},
    {8, 4, 16, {0, 0x45}},
    {9, 4, 4, {0xFF, 0x03, 0x00, 0x21}},
    {9, 6, 2, {0x00, 0x57}},
    {9, 6, 1, {0x57}},
    {9, 4, 3, {0xFF, 0x03, 0x21}},
    {10, 4, 13 + 8, {0x50, [13] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {12, 4, 0, {0}},
    {14, 6, 0, {0}},
    {50, 4, 4, {0xFF, 0x03, 0x00, 0x21}},
    {50, 6, 4, {0x0F, 0x00, 0x86, 0xDD}},
    {50, 4, 4, {0x8F, 0x00, 0x08, 0x00}},
    {51, 4, 8, {0x11, 0x00, 0, 1, 0x40, 0, 0x00, 0x21}},
    {100, 6, 8, {0xAA, 0xAA, 3, 0, 0, 0, 0x86, 0xDD}},
    {101, 4, 0, {0}},
    {101, 6, 0, {0}},
    {104, 4, 4, {0x0F, 0x00, 0x08, 0x00}},
    {105, 4, 24 + 8, {0x08, 0x01, [24] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {107, 4, 4, {0x18, 0x41, 0x03, 0xCC}},
    {107, 6, 5, {0x18, 0x41, 0x03, 0x00, 0x8E}},
    {107, 4, 10, {0x18, 0x41, 0x03, 0x00, 0x80, 0, 0, 0, 0x08, 0x00}},
    {107, 4, 6, {0x18, 0x40, 0x10, 0x01, 0x03, 0xCC}},
    {107, 4, 4, {0x18, 0x41, 0x08, 0x00}},
    {108, 4, 4, {0, 0, 0, 2}},
    {108, 6, 4, {0, 0, 0, 24}},
    {109, 4, 12, {2, 0, 0, 0}},
    {109, 6, 12, {0, 0, 0, 24}},
    {113, 4, 16, {0, 4, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x08, 0x00}},
    {113, 6, 16, {0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xDD}},
    {117, 4, 64, {61, 2}},
    {117, 6, 100, {100, 24}},
    {119, 4, 144 + 32, {0x44, [144] = 0x08, [168] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {119,
     4,
     64 + 32,
     {0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64, [64] = 0x08, [88] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {122, 4, 16 + 8, {0x10, [16] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {123, 4, 4 + 8, {0x02, 0, 0, 100, 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {127, 4, 8 + 32, {0, 0, 8, 0, [8] = 0x08, [32] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {138, 6, 18, {[16] = 0x86, 0xDD}},
    {163,
     4,
     64 + 32,
     {0x80, 0x21, 0x10, 0x02, 0, 0, 0, 64, [64] = 0x08, [88] = 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00}},
    {166, 4, 5, {1, 0xFF, 0x03, 0x00, 0x21}},
    {192, 4, 12 + 14, {0, 0, 12, 0, 1, 0, 0, 0, [24] = 0x08, 0x00}},
    {197, 4, 16 + 2 + 14, {[8] = 2, [30] = 0x08, 0x00}},
    {197, 4, 16 + 16 + 2 + 14, {[8] = 0x82, [16] = 0x83, [24] = 0x04, [46] = 0x08, 0x00}},
    {197, 4, 16 + 4, {[8] = 1, [16] = 0xFF, 0x03, 0x00, 0x21}},
    {197, 4, 16, {[8] = 22}},
    {197, 6, 16, {[8] = 23}},
    {204, 4, 5, {1, 0xFF, 0x03, 0x00, 0x21}},
    {205, 6, 5, {1, 0x0F, 0x00, 0x86, 0xDD}},
    {206, 4, 5, {1, 0x18, 0x41, 0x03, 0xCC}},
    {219, 4, 8, {0, 1, 0, 64, 0, 1, 0x01, 64}},
    {226, 4, 24, {1, 2}},
    {228, 4, 0, {0}},
    {229, 6, 0, {0}},
    {239, 4, 4 + 8 + 4, {2, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 62, 0, 9, 0}},
    {239, 6, 4 + 8 + 4, {10, 0, 0, 0, 0, 6, 0, 10, 'a', 0, 0, 0, 0, 82, 0, 9}},
    {240, 4, 4 + 14, {[16] = 0x08, 0x00}},
    {241, 4, 12 + 14, {[24] = 0x08, 0x00}},
    {258, 4, 108 + 14, {108, 0, 0, 0, 1, 0, 0, 0, 1, [120] = 0x08, 0x00}},
    {258, 6, 108, {108, 0, 0, 0, 1, 0, 0, 0, 12}},
    {276, 4, 20, {0x08, 0x00, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0}},
    {276, 6, 20, {0x86, 0xDD, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0}},
    {281, 4, 18, {[16] = 0x08, 0x00}},
    {282, 6, 4 + 14, {[16] = 0x86, 0xDD}},
    {284, 4, 18, {[16] = 0x08, 0x00}},
    {285, 4, 22, {[12] = 0xDA, 0xDA, [20] = 0x08, 0x00}},
};

static void every_link_type_leads_to_the_segment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof link_cases / sizeof *link_cases; i++) {
        const struct link_case *row = &link_cases[i];
        struct segment segment = some_segment(row->version);
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, 6);
        prepend(row->header, row->len);
        assert_int_equal(feed(row->linktype, &segment).n_segments, 1);
    }
}

static void every_link_type_with_a_row_is_tested_and_named(void **state)
{
    (void)state;
    for (uint32_t linktype = 0; linktype < 1000; linktype++) {
        bool is_tested = false;
        for (size_t i = 0; i < sizeof link_cases / sizeof *link_cases; i++)
            is_tested = is_tested || link_cases[i].linktype == linktype;
        assert_int_equal(is_tested, net_link_name(linktype) != NULL);
    }
    assert_string_equal(net_link_name(1), "EN10MB");
}

static void a_link_header_cut_anywhere_is_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof link_cases / sizeof *link_cases; i++) {
        const struct link_case *row = &link_cases[i];
        struct segment segment = some_segment(row->version);
        for (size_t len = 0; len < row->len; len++) {
            wrap_payload(&wrap, span_of(row->header, len));
            assert_int_equal(feed(row->linktype, &segment).n_malformed, 1);
        }
    }
}

static void an_unknown_link_type_is_counted(void **state)
{
    (void)state;
    struct segment segment = some_segment(4);
    wrap_frame(&wrap, &segment);
    struct net_stats stats = feed(999, &segment);
    assert_int_equal(stats.n_unknown_link, 1);
    assert_int_equal(stats.n_segments, 0);
    assert_int_equal(stats.n_bytes, wrap.len);
    assert_int_equal(stats.unread_links[0].linktype, 999);
    assert_int_equal(stats.unread_links[0].n_frames, 1);
    assert_null(net_link_name(999));
}

static void link_types_without_a_row_are_told_apart_as_far_as_there_is_room(void **state)
{
    (void)state;
    struct net net;
    struct origin origin = {.frame = 7};
    net_init(&net, &limits_default, (struct segment_sink){check_segment, NULL});
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < NET_UNREAD_LINKS + 2; i++)
            net_feed(&net, 900 + i, span_str("frame"), 5, &origin);
    const struct net_stats *stats = net_stats(&net);
    assert_int_equal(stats->n_unknown_link, 3 * (NET_UNREAD_LINKS + 2));
    for (uint32_t i = 0; i < NET_UNREAD_LINKS; i++) {
        assert_int_equal(stats->unread_links[i].linktype, 900 + i);
        assert_int_equal(stats->unread_links[i].n_frames, 3);
    }
    net_free(&net);
}

static void any_stack_of_vlan_tags_is_taken_off(void **state)
{
    (void)state;
    static const uint16_t tags[] = {0x8100, 0x88A8, 0x9100, 0x9200, 0x9300};
    for (size_t n_tags = 0; n_tags <= 20; n_tags++) {
        struct segment segment = some_segment(n_tags % 2 ? 4 : 6);
        uint16_t ethertype = n_tags % 2 ? 0x0800 : 0x86DD;
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, 6);
        for (size_t i = 0; i < n_tags; i++) {
            wrap_vlan(&wrap, ethertype);
            ethertype = tags[i % 5];
        }
        wrap_ethernet(&wrap, ethertype);
        assert_int_equal(feed(1, &segment).n_segments, 1);
    }
}

static void a_stack_of_tags_without_end_is_not_read(void **state)
{
    (void)state;
    struct segment segment = some_segment(4);
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    wrap_vlan(&wrap, 0x0800);
    for (int i = 0; i < 200; i++)
        wrap_vlan(&wrap, 0x8100);
    wrap_ethernet(&wrap, 0x8100);
    assert_int_equal(feed(1, &segment).n_too_deep, 1);
}

static void llc_with_snap_leads_to_ip_and_its_length_cuts_the_trailer(void **state)
{
    (void)state;
    static const uint8_t snap[2][SNAP_BYTES] = {{0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00},
                                                {0xAA, 0xAA, 3, 0, 0, 0xF8, 0x08, 0x00}};
    for (int i = 0; i < 2; i++) {
        struct segment segment = some_segment(4);
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, 6);
        prepend(snap[i], SNAP_BYTES);
        uint16_t len = (uint16_t)wrap.len;
        wrap_append(&wrap, span_str("padding"));
        wrap_ethernet(&wrap, len);
        assert_int_equal(feed(1, &segment).n_segments, 1);
    }
}

static void llc_without_snap_leads_to_ip(void **state)
{
    (void)state;
    static const uint8_t llc[] = {6, 6, 3};
    struct segment segment = some_segment(4);
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    prepend(llc, sizeof llc);
    wrap_ethernet(&wrap, (uint16_t)wrap.len);
    assert_int_equal(feed(1, &segment).n_segments, 1);
}

static void cooked_frames_with_llc_lead_to_ip(void **state)
{
    (void)state;
    static const uint8_t snap[SNAP_BYTES] = {0xAA, 0xAA, 3, 0, 0, 0, 0x86, 0xDD};
    static const uint8_t sll[] = {0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4};
    struct segment segment = some_segment(6);
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    prepend(snap, sizeof snap);
    prepend(sll, sizeof sll);
    assert_int_equal(feed(113, &segment).n_segments, 1);
}

static void what_is_not_ip_is_counted(void **state)
{
    (void)state;
    static const struct {
        uint16_t ethertype;
        uint8_t bytes[16];
    } cases[] = {
        {0x0806, {0, 1, 8, 0}},                        /* ARP */
        {0x88CC, {2, 7, 4}},                           /* LLDP */
        {0x0001, {0xFF, 0xFF}},                        /* Novell */
        {16, {0x42, 0x42, 3}},                         /* spanning tree */
        {16, {0xAA, 0xAA, 3, 0, 0, 0x0C, 0x20, 0x00}}, /* a vendor's SNAP */
        {16, {0xAA, 0xAA, 3, 0, 0, 0, 0, 16}},         /* a length where a type must be */
        {16, {0xFE, 0xFE, 0x10}},                      /* not unnumbered information */
        {1501, {0}},                                   /* neither length nor type */
    };
    struct segment segment = some_segment(4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wrap_payload(&wrap, span_of(cases[i].bytes, sizeof cases[i].bytes));
        wrap_ethernet(&wrap, cases[i].ethertype);
        assert_int_equal(feed(1, &segment).n_not_ip, 1);
    }
    static const uint8_t appletalk[] = {16, 0, 0, 0, 1, 2, 3};
    wrap_payload(&wrap, span_of(appletalk, sizeof appletalk));
    assert_int_equal(feed(0, &segment).n_not_ip, 1);
}

static void llc_headers_that_are_cut_are_malformed(void **state)
{
    (void)state;
    static const uint8_t snap[SNAP_BYTES] = {0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00};
    struct segment segment = some_segment(4);
    for (size_t len = 0; len < SNAP_BYTES; len++) {
        wrap_payload(&wrap, span_of(snap, len));
        wrap_ethernet(&wrap, 100);
        assert_int_equal(feed(1, &segment).n_malformed, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_type_leads_to_the_segment),
        cmocka_unit_test(every_link_type_with_a_row_is_tested_and_named),
        cmocka_unit_test(a_link_header_cut_anywhere_is_malformed),
        cmocka_unit_test(an_unknown_link_type_is_counted),
        cmocka_unit_test(link_types_without_a_row_are_told_apart_as_far_as_there_is_room),
        cmocka_unit_test(any_stack_of_vlan_tags_is_taken_off),
        cmocka_unit_test(a_stack_of_tags_without_end_is_not_read),
        cmocka_unit_test(llc_with_snap_leads_to_ip_and_its_length_cuts_the_trailer),
        cmocka_unit_test(llc_without_snap_leads_to_ip),
        cmocka_unit_test(cooked_frames_with_llc_lead_to_ip),
        cmocka_unit_test(what_is_not_ip_is_counted),
        cmocka_unit_test(llc_headers_that_are_cut_are_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
