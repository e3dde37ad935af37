/* 802.11 frames: every form of the header, aggregates, and what cannot be read. */
#include "dissector/net/net.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { WLAN = 105, RADIOTAP = 127, LLC_BYTES = 8 };

static struct wrap wrap;
static struct net net;
static unsigned n_seen;
static char seen[64];

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    (void)ctx;
    assert_int_equal(segment->cut_bytes, 0);
    assert_true(strlen(seen) + segment->payload.len < sizeof seen);
    strncat(seen, (const char *)segment->payload.ptr, segment->payload.len);
    n_seen++;
    return FEED_OK;
}

static int open_net(void **state)
{
    (void)state;
    n_seen = 0;
    seen[0] = '\0';
    net_init(&net, &limits_default, (struct segment_sink){see_segment, NULL});
    return 0;
}

static int close_net(void **state)
{
    (void)state;
    net_free(&net);
    return 0;
}

static void prepend(const void *bytes, size_t n)
{
    wrap_prepend(&wrap, span_of(bytes, n));
}

static void feed(uint32_t linktype)
{
    struct origin origin = {.frame = 1};
    struct span frame = wrap_span(&wrap);
    net_feed(&net, linktype, frame, (uint32_t)frame.len, &origin);
}

/* An IP packet behind LLC and SNAP. */
static void wrap_llc(const char *text)
{
    static const uint8_t snap[LLC_BYTES] = {0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00};
    struct segment segment = {.source = wrap_endpoint(4, 1, 40000),
                              .destination = wrap_endpoint(4, 2, 80),
                              .payload = span_str(text)};
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    prepend(snap, sizeof snap);
}

static void every_form_of_the_header_leads_to_the_segment(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        uint8_t header[36];
    } forms[] = {
        {24, {0x08, 0x00}},           /* between stations */
        {24, {0x08, 0x01}},           /* to the access point */
        {24, {0x08, 0x0A}},           /* from it, again */
        {30, {0x08, 0x03}},           /* four addresses */
        {26, {0x88, 0x01, [24] = 5}}, /* QoS */
        {32, {0x88, 0x03}},           /* both */
        {30, {0x88, 0x81}},           /* HT control */
        {36, {0x88, 0x83}},           /* all */
        {24, {0x18, 0x02}},           /* with an acknowledgement */
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        seen[0] = '\0';
        wrap_llc("text");
        prepend(forms[i].header, forms[i].len);
        wrap_append(&wrap, span_str("\1\2\3\4")); /* frame check sequence */
        feed(WLAN);
        assert_string_equal(seen, "text");
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (size_t len = 0; len < forms[i].len + LLC_BYTES; len++) {
            uint64_t n_before = net_stats(&net)->n_malformed;
            wrap_payload(&wrap, span_of(forms[i].header, len < forms[i].len ? len : forms[i].len));
            feed(WLAN);
            assert_int_equal(net_stats(&net)->n_malformed, n_before + 1);
        }
}

static void radiotap_says_whether_the_header_is_padded_and_the_frame_is_good(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t pad_bytes, len;
        uint8_t header[40];
    } cases[] = {
        {"text", 0, 8, {0, 0, 8, 0}},
        {"text", 0, 9, {0, 0, 9, 0, 0x02, 0, 0, 0, 0x10}},
        {"text", 2, 9, {0, 0, 9, 0, 0x02, 0, 0, 0, 0x20}},
        {"text", 2, 17, {0, 0, 17, 0, 0x03, 0, 0, 0, [16] = 0x20}},
        {"text", 2, 25, {0, 0, 25, 0, 0x03, 0, 0, 0x80, 0, 0, 0, 0, [24] = 0x20}},
        {"text", 0, 9, {0, 0, 9, 0, 0x04, 0, 0, 0, 0x60}}, /* a rate, no flags */
        {"", 0, 9, {0, 0, 9, 0, 0x02, 0, 0, 0, 0x50}},     /* a bad frame */
        {"", 0, 8, {1, 0, 8, 0}},                          /* another version */
        {"", 0, 8, {0, 0, 7, 0}},
    };
    static const uint8_t qos_and_padding[28] = {0x88, 0x01};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        seen[0] = '\0';
        wrap_llc("text");
        prepend(qos_and_padding, 26 + cases[i].pad_bytes);
        prepend(cases[i].header, cases[i].len);
        feed(RADIOTAP);
        assert_string_equal(seen, cases[i].text);
    }
    assert_int_equal(net_stats(&net)->n_malformed, 3);
}

/* Puts n packets, texts "1", "22", "333", in front of what is wrapped, each as a subframe. */
static void wrap_aggregate(unsigned n)
{
    static uint8_t built[1024];
    size_t len = 0;
    for (unsigned i = 0; i < n; i++) {
        char text[16] = "";
        memset(text, '1' + (int)i, i + 1);
        wrap_llc(text);
        const uint8_t header[14] = {[12] = (uint8_t)(wrap.len >> 8), (uint8_t)wrap.len};
        prepend(header, sizeof header);
        len = (len + 3) / 4 * 4;
        memcpy(built + len, wrap_span(&wrap).ptr, wrap.len);
        len += wrap.len;
    }
    wrap_payload(&wrap, span_of(built, len));
}

static void every_packet_of_an_aggregate_is_seen(void **state)
{
    (void)state;
    static const uint8_t header[26] = {0x88, 0x02, [24] = 0x80};
    wrap_aggregate(3);
    prepend(header, sizeof header);
    wrap_append(&wrap, span_str("\0\0\1\2\3\4"));
    feed(WLAN);
    assert_string_equal(seen, "122333");
    assert_int_equal(net_stats(&net)->n_segments, 3);
    assert_int_equal(net_stats(&net)->n_frames, 1);
    assert_int_equal(net_stats(&net)->n_malformed, 0);
}

static void an_aggregate_inside_an_aggregate_is_malformed(void **state)
{
    (void)state;
    static const uint8_t header[26] = {0x88, 0x02, [24] = 0x80};
    static const uint8_t tzsp[8 + 5] = {0, 9, 0x90, 0x90, 0, 0, 0, 0, 1, 0, 0, 18, 1};
    struct segment ends = {.source = wrap_endpoint(4, 3, 0), .destination = wrap_endpoint(4, 4, 0)};
    static const uint8_t snap[LLC_BYTES] = {0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00};
    wrap_aggregate(2);
    prepend(header, sizeof header);
    prepend(tzsp, sizeof tzsp);
    wrap_ip(&wrap, &ends, 17);
    prepend(snap, sizeof snap);
    const uint8_t subframe[14] = {[13] = (uint8_t)wrap.len};
    prepend(subframe, sizeof subframe);
    wrap_append(&wrap, span_str("padding and more of it"));
    prepend(header, sizeof header);
    feed(WLAN);
    assert_true(net_stats(&net)->n_malformed >= 1);
    assert_int_equal(n_seen, 0);
}

static void what_cannot_be_read_is_counted_by_kind(void **state)
{
    (void)state;
    static const uint8_t protected[24] = {0x08, 0x41}, null[24] = {0x48, 0x01},
                         beacon[24] = {0x80, 0x00}, acknowledgement[10] = {0xD4, 0x00},
                         first_part[24] = {0x08, 0x05}, last_part[24] = {0x08, 0x01, [22] = 1};
    wrap_payload(&wrap, span_of(protected, sizeof protected));
    wrap_append(&wrap, span_str("secret"));
    feed(WLAN);
    assert_int_equal(net_stats(&net)->n_protected, 1);
    wrap_payload(&wrap, span_of(null, sizeof null));
    feed(WLAN);
    wrap_payload(&wrap, span_of(beacon, sizeof beacon));
    feed(WLAN);
    wrap_payload(&wrap, span_of(acknowledgement, sizeof acknowledgement));
    feed(WLAN);
    assert_int_equal(net_stats(&net)->n_not_ip, 3);
    wrap_llc("text");
    prepend(first_part, sizeof first_part);
    feed(WLAN);
    wrap_llc("text");
    prepend(last_part, sizeof last_part);
    feed(WLAN);
    assert_int_equal(net_stats(&net)->n_malformed, 2);
    assert_int_equal(n_seen, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
    const struct CMUnitTest tests[] = {
        TEST(every_form_of_the_header_leads_to_the_segment),
        TEST(radiotap_says_whether_the_header_is_padded_and_the_frame_is_good),
        TEST(every_packet_of_an_aggregate_is_seen),
        TEST(an_aggregate_inside_an_aggregate_is_malformed),
        TEST(what_cannot_be_read_is_counted_by_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
