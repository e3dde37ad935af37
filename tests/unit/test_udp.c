/* Which UDP datagrams are handed on, and what is told of them. Tunnels: test_tunnel.c. */
#include "dissector/net/net.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { RAW = 101, VXLAN_PORT = 4789 };

static struct wrap wrap;
static struct net net;
static struct segment seen;
static unsigned n_seen;

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    (void)ctx;
    seen = *segment;
    n_seen++;
    return FEED_OK;
}

static int open_net(void **state)
{
    (void)state;
    n_seen = 0;
    net_init(&net, &limits_default, (struct segment_sink){see_segment, NULL});
    return 0;
}

static int close_net(void **state)
{
    (void)state;
    net_free(&net);
    return 0;
}

static struct segment make(uint8_t version, struct span payload)
{
    return (struct segment){.source = wrap_endpoint(version, 1, 40000),
                            .destination = wrap_endpoint(version, 2, 443),
                            .payload = payload};
}

/* Feeds the datagram as if its last n_cut bytes had not been captured. */
static void feed(const struct segment *datagram, size_t n_cut)
{
    uint16_t source = datagram->source.port, destination = datagram->destination.port;
    size_t len = 8 + datagram->payload.len;
    const uint8_t header[8] = {(uint8_t)(source >> 8),      (uint8_t)source,
                               (uint8_t)(destination >> 8), (uint8_t)destination,
                               (uint8_t)(len >> 8),         (uint8_t)len};
    struct origin origin = {.frame = 1};
    wrap_payload(&wrap, datagram->payload);
    wrap_prepend(&wrap, span_of(header, sizeof header));
    wrap_ip(&wrap, datagram, 17);
    struct span frame = wrap_span(&wrap);
    assert_int_equal(
        net_feed(&net, RAW, span_first(frame, frame.len - n_cut), (uint32_t)frame.len, &origin),
        FEED_OK);
}

static void assert_seen(const struct segment *datagram, uint32_t cut_bytes)
{
    assert_int_equal(n_seen, 1);
    assert_true(seen.is_datagram);
    assert_true(endpoint_equal(&seen.source, &datagram->source));
    assert_true(endpoint_equal(&seen.destination, &datagram->destination));
    assert_int_equal(seen.payload.len + cut_bytes, datagram->payload.len);
    assert_int_equal(seen.cut_bytes, cut_bytes);
    assert_int_equal(net_stats(&net)->n_quic, 1);
    assert_int_equal(net_stats(&net)->n_segments, 0);
}

static void what_begins_with_a_long_header_of_quic_version_1_is_handed_on(void **state)
{
    (void)state;
    struct segment datagram = make(4, span_of("\xC0\0\0\0\1...", 8));
    feed(&datagram, 0);
    assert_seen(&datagram, 0);
}

static void that_of_version_2_too_in_ipv6_with_what_was_cut(void **state)
{
    (void)state;
    struct segment datagram = make(6, span_of("\xFF\x6b\x33\x43\xcf...", 8));
    feed(&datagram, 2);
    assert_seen(&datagram, 2);
}

static void the_number_of_a_tunnel_as_port_makes_no_difference(void **state)
{
    (void)state;
    struct segment datagram = make(4, span_of("\xC0\0\0\0\1...", 8));
    datagram.source.port = VXLAN_PORT;
    feed(&datagram, 0);
    assert_seen(&datagram, 0);
}

static void other_datagrams_are_counted_and_not_handed_on(void **state)
{
    (void)state;
    static const char *const others[] = {
        "\x40\0\0\0\1...", /* a short header */
        "\x80\0\0\0\1...", /* without the fixed bit */
        "\xC0\0\0\0\2...", /* another version */
        "\xC0\0\0\0\0...", /* version negotiation */
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct segment datagram = make(4, span_of(others[i], 8));
        feed(&datagram, 0);
    }
    struct segment too_short = make(4, span_of("\xC0\0\0\0", 4));
    feed(&too_short, 0);
    assert_int_equal(n_seen, 0);
    assert_int_equal(net_stats(&net)->n_not_tcp, 5);
}

static void a_length_shorter_than_its_header_is_malformed(void **state)
{
    (void)state;
    struct segment datagram = make(4, span_of("\xC0\0\0\0\1...", 8));
    static const uint8_t header[8] = {0x9C, 0x40, 0x01, 0xBB, 0, 7};
    struct origin origin = {.frame = 1};
    wrap_payload(&wrap, datagram.payload);
    wrap_prepend(&wrap, span_of(header, sizeof header));
    wrap_ip(&wrap, &datagram, 17);
    struct span frame = wrap_span(&wrap);
    assert_int_equal(net_feed(&net, RAW, frame, (uint32_t)frame.len, &origin), FEED_OK);
    assert_int_equal(n_seen, 0);
    assert_int_equal(net_stats(&net)->n_malformed, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
    const struct CMUnitTest tests[] = {
        TEST(what_begins_with_a_long_header_of_quic_version_1_is_handed_on),
        TEST(that_of_version_2_too_in_ipv6_with_what_was_cut),
        TEST(the_number_of_a_tunnel_as_port_makes_no_difference),
        TEST(other_datagrams_are_counted_and_not_handed_on),
        TEST(a_length_shorter_than_its_header_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
