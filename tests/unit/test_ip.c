/* What the IP headers say, and what is left of it when frames are cut, padded or lie. */
#include "dissector/net/net.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { RAW = 101, EN10MB = 1, ETHERNET_BYTES = 14, TCP_BYTES = 20 };

static struct wrap wrap;
static struct net net;
static struct segment seen;
static uint8_t seen_bytes[WRAP_BYTES];
static unsigned n_seen;
static enum feed sink_answer;

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    (void)ctx;
    seen = *segment;
    if (segment->payload.len > 0)
        memcpy(seen_bytes, segment->payload.ptr, segment->payload.len);
    n_seen++;
    return sink_answer;
}

static int open_net(void **state)
{
    (void)state;
    n_seen = 0;
    sink_answer = FEED_OK;
    net_init(&net, &limits_default, (struct segment_sink){see_segment, NULL});
    return 0;
}

static int close_net(void **state)
{
    (void)state;
    net_free(&net);
    net_free(&net);
    assert_int_equal(net_buffered_bytes(&net), 0);
    return 0;
}

static struct segment make(uint8_t version, const char *text)
{
    return (struct segment){.source = wrap_endpoint(version, 1, 40000),
                            .destination = wrap_endpoint(version, 2, 80),
                            .seq = 1,
                            .flags = SEGMENT_ACK,
                            .payload = span_str(text)};
}

/* Feeds the frame as if only captured_len bytes of it had been captured. */
static void feed_cut(uint32_t linktype, size_t captured_len)
{
    struct origin origin = {.frame = 1};
    struct span frame = wrap_span(&wrap);
    assert_int_equal(
        net_feed(&net, linktype, span_first(frame, captured_len), (uint32_t)frame.len, &origin),
        FEED_OK);
}

static void feed(uint32_t linktype)
{
    feed_cut(linktype, SIZE_MAX);
}

/* A byte of what is wrapped so far. */
static uint8_t *byte_at(size_t at)
{
    return wrap.room + wrap.at + at;
}

static void assert_seen(const char *text, uint32_t cut_bytes)
{
    assert_int_equal(n_seen, 1);
    assert_int_equal(seen.payload.len, strlen(text));
    assert_memory_equal(seen_bytes, text, strlen(text));
    assert_int_equal(seen.cut_bytes, cut_bytes);
}

static void options_of_ipv4_and_tcp_are_passed_over(void **state)
{
    (void)state;
    struct segment segment = make(4, "text");
    wrap_tcp(&wrap, &segment);
    /* Option bytes between the TCP header and its payload: data offset 15 in all. */
    uint8_t header[TCP_BYTES];
    memcpy(header, byte_at(0), TCP_BYTES);
    header[12] = 15 << 4;
    wrap_payload(&wrap, span_str("text"));
    static const uint8_t options[40] = {1, 1, 1};
    wrap_prepend(&wrap, span_of(options, 40));
    wrap_prepend(&wrap, span_of(header, TCP_BYTES));
    wrap_prepend(&wrap, span_of(options, 40));
    wrap_ip(&wrap, &segment, 6);
    /* The IP options stand behind its 20 bytes already: the header length has to say so. */
    *byte_at(0) = 0x4F;
    feed(RAW);
    assert_seen("text", 0);
}

static void extension_headers_of_every_kind_are_passed_over(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {0, 43, 60, 135, 139, 140, 51};
    for (size_t i = 0; i < sizeof kinds; i++) {
        struct segment segment = make(6, "text");
        uint8_t header[24] = {6, 0, 0, 0};
        size_t len = i % 2 ? 24 : 8;
        header[1] = (uint8_t)(kinds[i] == 51 ? len / 4 - 2 : len / 8 - 1);
        n_seen = 0;
        wrap_tcp(&wrap, &segment);
        wrap_prepend(&wrap, span_of(header, len));
        wrap_ip(&wrap, &segment, kinds[i]);
        feed(RAW);
        assert_seen("text", 0);
    }
}

static void several_extension_headers_in_a_row_are_passed_over(void **state)
{
    (void)state;
    static const uint8_t destination[8] = {6, 0}, fragment[8] = {60, 0, 0, 0},
                         hop_by_hop[16] = {44, 1};
    struct segment segment = make(6, "text");
    wrap_tcp(&wrap, &segment);
    wrap_prepend(&wrap, span_of(destination, 8));
    wrap_prepend(&wrap, span_of(fragment, 8));
    wrap_prepend(&wrap, span_of(hop_by_hop, 16));
    wrap_ip(&wrap, &segment, 0);
    feed(RAW);
    assert_seen("text", 0);
    assert_int_equal(net_stats(&net)->n_fragments, 0);
}

static void while_a_route_is_under_way_its_end_is_the_destination(void **state)
{
    (void)state;
    static const uint8_t types[] = {0, 2, 4};
    for (size_t i = 0; i < sizeof types; i++) {
        struct segment segment = make(6, "text"), hop = make(6, "");
        uint8_t header[40] = {6, 4, types[i], 1};
        struct endpoint end = wrap_endpoint(6, 99, 80);
        hop.destination = wrap_endpoint(6, 50, 80);
        n_seen = 0;
        memcpy(header + (types[i] == 4 ? 8 : 24), end.address.bytes, 16);
        wrap_tcp(&wrap, &segment);
        wrap_prepend(&wrap, span_of(header, sizeof header));
        wrap_ip(&wrap, &hop, 43);
        feed(RAW);
        assert_seen("text", 0);
        assert_true(endpoint_equal(&seen.destination, &end));
    }
}

static void an_authentication_header_in_ipv4_is_passed_over(void **state)
{
    (void)state;
    static const uint8_t header[24] = {6, 4};
    struct segment segment = make(4, "text");
    wrap_tcp(&wrap, &segment);
    wrap_prepend(&wrap, span_of(header, sizeof header));
    wrap_ip(&wrap, &segment, 51);
    feed(RAW);
    assert_seen("text", 0);
}

static void padding_behind_the_ip_length_is_no_payload(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct segment segment = make(version, "x");
        n_seen = 0;
        wrap_frame(&wrap, &segment);
        wrap_append(&wrap, span_str("padding to sixty bytes"));
        feed(EN10MB);
        assert_seen("x", 0);
    }
}

static void what_the_snap_length_cut_is_counted_not_invented(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct segment segment = make(version, "0123456789");
        wrap_frame(&wrap, &segment);
        n_seen = 0;
        feed_cut(EN10MB, wrap.len - 6);
        assert_seen("0123", 6);
        n_seen = 0;
        feed_cut(EN10MB, wrap.len - 10);
        assert_seen("", 10);
    }
    assert_int_equal(net_stats(&net)->n_cut, 4);
    assert_int_equal(net_stats(&net)->n_malformed, 0);
}

static void a_cut_in_the_padding_cuts_no_payload(void **state)
{
    (void)state;
    struct segment segment = make(4, "0123");
    wrap_frame(&wrap, &segment);
    wrap_append(&wrap, span_str("padding"));
    feed_cut(EN10MB, wrap.len - 3);
    assert_seen("0123", 0);
}

static void a_cut_in_the_tcp_options_cuts_all_of_the_payload(void **state)
{
    (void)state;
    struct segment segment = make(4, "OPTION_BYTESpayload");
    wrap_tcp(&wrap, &segment);
    *byte_at(12) = (5 + 3) << 4;
    wrap_ip(&wrap, &segment, 6);
    feed_cut(RAW, 20 + TCP_BYTES + 4);
    assert_seen("", 7);
}

static void a_header_cut_anywhere_is_malformed_and_no_segment(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct segment segment = make(version, "text");
        size_t header_len = version == 4 ? 20 : 40;
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, 6);
        for (size_t len = 0; len < header_len + 14; len++)
            feed_cut(RAW, len);
    }
    assert_int_equal(n_seen, 0);
    assert_int_equal(net_stats(&net)->n_malformed, 34 + 54);
}

static void a_datagram_longer_than_its_frame_was_cut_before_it_was_captured(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct segment segment = make(version, "0123456789");
        n_seen = 0;
        wrap_frame(&wrap, &segment);
        wrap.len -= 4;
        feed(EN10MB);
        assert_seen("012345", 4);
    }
    assert_int_equal(net_stats(&net)->n_cut, 2);
}

static void a_length_of_zero_means_to_the_end_of_the_frame(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct segment segment = make(version, "segmentation offload");
        n_seen = 0;
        wrap_frame(&wrap, &segment);
        size_t at = ETHERNET_BYTES + (version == 4 ? 2 : 4);
        *byte_at(at) = *byte_at(at + 1) = 0;
        feed(EN10MB);
        assert_seen("segmentation offload", 0);
    }
}

static void a_jumbo_payload_ends_where_its_option_says(void **state)
{
    (void)state;
    struct segment segment = make(6, "text");
    /* PadN of 4 bytes, Pad1, jumbo, Pad1 */
    static const uint8_t header[16] = {
        6, 1, 1, 4, 0, 0, 0, 0, 0, 0xC2, 4, 0, 0, 0, 16 + TCP_BYTES + 4};
    wrap_tcp(&wrap, &segment);
    wrap_prepend(&wrap, span_of(header, sizeof header));
    wrap_append(&wrap, span_str("trailer"));
    wrap_ip(&wrap, &segment, 0);
    *byte_at(4) = *byte_at(5) = 0;
    feed(RAW);
    assert_seen("text", 0);
}

static void a_jumbo_length_that_lies_invents_nothing(void **state)
{
    (void)state;
    struct segment segment = make(6, "text");
    static const uint8_t header[8] = {6, 0, 0xC2, 4, 0xFF, 0xFF, 0xFF, 0xFF};
    wrap_tcp(&wrap, &segment);
    wrap_prepend(&wrap, span_of(header, sizeof header));
    wrap_ip(&wrap, &segment, 0);
    *byte_at(4) = *byte_at(5) = 0;
    feed(RAW);
    assert_seen("text", 0);
}

static void options_that_run_out_of_their_header_are_harmless(void **state)
{
    (void)state;
    static const uint8_t headers[][8] = {
        {6, 0, 0xC2, 200, 1, 2, 3, 4}, {6, 0, 0, 0, 0, 0, 0, 0xC2}, {6, 0, 5, 2, 0, 0, 0xC2, 4}};
    for (size_t i = 0; i < 3; i++) {
        struct segment segment = make(6, "text");
        n_seen = 0;
        wrap_tcp(&wrap, &segment);
        wrap_prepend(&wrap, span_of(headers[i], 8));
        wrap_ip(&wrap, &segment, 0);
        *byte_at(4) = *byte_at(5) = 0;
        feed(RAW);
        assert_int_equal(n_seen, 1);
    }
}

static void a_frame_length_beyond_belief_is_believed_up_to_a_mebibyte(void **state)
{
    (void)state;
    struct segment segment = make(4, "text");
    struct origin origin = {.frame = 1};
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    *byte_at(2) = *byte_at(3) = 0;
    net_feed(&net, RAW, wrap_span(&wrap), UINT32_MAX, &origin);
    assert_seen("text", 1024 * 1024 - (uint32_t)wrap.len);
}

static void a_frame_longer_than_its_length_on_the_wire_is_whole(void **state)
{
    (void)state;
    struct segment segment = make(4, "text");
    struct origin origin = {.frame = 1};
    wrap_frame(&wrap, &segment);
    net_feed(&net, EN10MB, wrap_span(&wrap), 0, &origin);
    assert_seen("text", 0);
    assert_int_equal(net_stats(&net)->n_bytes, wrap.len);
}

/* A byte of an IPv4 or IPv6 packet set to a value that contradicts the rest. */
static void headers_that_contradict_themselves_are_counted(void **state)
{
    (void)state;
    static const struct {
        uint8_t version;
        size_t at;
        uint8_t value;
    } lies[] = {
        {4, 0, 0x55},       /* version 5 */
        {4, 0, 0x44},       /* header of 16 bytes */
        {4, 3, 19},         /* total length below the header's */
        {4, 0, 0x4F},       /* options where the TCP header ends */
        {4, 32, 0x40},      /* TCP header of 16 bytes */
        {4, 32, 0xF0},      /* TCP header longer than the datagram */
        {6, 0, 0x70},       /* version 7 */
        {6, 40 + 12, 0x10}, /* TCP header of 4 bytes */
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct segment segment = make(lies[i].version, "text");
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, 6);
        *byte_at(lies[i].at) = lies[i].value;
        feed(lies[i].version == 4 ? 228 : 229);
        assert_int_equal(net_stats(&net)->n_malformed, i + 1);
    }
    assert_int_equal(n_seen, 0);
}

static void extension_headers_that_are_cut_are_malformed(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {0, 43, 44, 51, 60};
    static const uint8_t header[8] = {6, 0};
    for (size_t i = 0; i < sizeof kinds; i++) {
        struct segment segment = make(6, "text");
        wrap_tcp(&wrap, &segment);
        wrap_prepend(&wrap, span_of(header, 8));
        wrap_ip(&wrap, &segment, kinds[i]);
        for (size_t len = 40; len < 48; len++)
            feed_cut(RAW, len);
        assert_int_equal(net_stats(&net)->n_malformed, (i + 1) * 8);
    }
}

static void other_protocols_are_counted(void **state)
{
    (void)state;
    static const uint8_t protocols[] = {1, 58, 59, 132, 255};
    for (size_t i = 0; i < sizeof protocols; i++) {
        struct segment segment = make(i % 2 ? 6 : 4, "text");
        wrap_tcp(&wrap, &segment);
        wrap_ip(&wrap, &segment, protocols[i]);
        feed(RAW);
    }
    assert_int_equal(net_stats(&net)->n_not_tcp, sizeof protocols);
    assert_int_equal(n_seen, 0);
}

static void what_ipsec_encrypts_is_counted_as_such(void **state)
{
    (void)state;
    struct segment segment = make(4, "text");
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 50);
    feed(RAW);
    assert_int_equal(net_stats(&net)->n_protected, 1);
    assert_int_equal(n_seen, 0);
}

static void flags_are_the_ones_with_a_name(void **state)
{
    (void)state;
    struct segment segment = make(4, "");
    wrap_tcp(&wrap, &segment);
    *byte_at(13) = 0xFF;
    wrap_ip(&wrap, &segment, 6);
    feed(RAW);
    assert_int_equal(seen.flags,
                     SEGMENT_FIN | SEGMENT_SYN | SEGMENT_RST | SEGMENT_PSH | SEGMENT_ACK);
}

static void a_sink_without_memory_is_passed_on_and_a_stop_is_not(void **state)
{
    (void)state;
    struct segment segment = make(4, "text");
    struct origin origin = {.frame = 1};
    wrap_frame(&wrap, &segment);
    sink_answer = FEED_STOP;
    assert_int_equal(net_feed(&net, EN10MB, wrap_span(&wrap), 0, &origin), FEED_OK);
    sink_answer = FEED_NOMEM;
    assert_int_equal(net_feed(&net, EN10MB, wrap_span(&wrap), 0, &origin), FEED_NOMEM);
}

static void endpoints_differ_by_version_address_and_port(void **state)
{
    (void)state;
    struct endpoint a = wrap_endpoint(4, 1, 80), b = a;
    assert_true(endpoint_equal(&a, &b));
    b.port = 81;
    assert_false(endpoint_equal(&a, &b));
    b = wrap_endpoint(4, 2, 80);
    assert_false(endpoint_equal(&a, &b));
    b = a;
    b.address.version = 6;
    assert_false(endpoint_equal(&a, &b));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
    const struct CMUnitTest tests[] = {
        TEST(options_of_ipv4_and_tcp_are_passed_over),
        TEST(extension_headers_of_every_kind_are_passed_over),
        TEST(several_extension_headers_in_a_row_are_passed_over),
        TEST(while_a_route_is_under_way_its_end_is_the_destination),
        TEST(an_authentication_header_in_ipv4_is_passed_over),
        TEST(padding_behind_the_ip_length_is_no_payload),
        TEST(what_the_snap_length_cut_is_counted_not_invented),
        TEST(a_cut_in_the_padding_cuts_no_payload),
        TEST(a_cut_in_the_tcp_options_cuts_all_of_the_payload),
        TEST(a_header_cut_anywhere_is_malformed_and_no_segment),
        TEST(a_datagram_longer_than_its_frame_was_cut_before_it_was_captured),
        TEST(a_length_of_zero_means_to_the_end_of_the_frame),
        TEST(a_jumbo_payload_ends_where_its_option_says),
        TEST(a_jumbo_length_that_lies_invents_nothing),
        TEST(options_that_run_out_of_their_header_are_harmless),
        TEST(a_frame_length_beyond_belief_is_believed_up_to_a_mebibyte),
        TEST(a_frame_longer_than_its_length_on_the_wire_is_whole),
        TEST(headers_that_contradict_themselves_are_counted),
        TEST(extension_headers_that_are_cut_are_malformed),
        TEST(other_protocols_are_counted),
        TEST(what_ipsec_encrypts_is_counted_as_such),
        TEST(flags_are_the_ones_with_a_name),
        TEST(a_sink_without_memory_is_passed_on_and_a_stop_is_not),
        TEST(endpoints_differ_by_version_address_and_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
