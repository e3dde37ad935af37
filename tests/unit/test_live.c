/* What needs no network: refusals, and which packets the default filter takes. */
#include "capture/bpf.h"
#include "capture/live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ETHERNET = 1, RAW = 101, COOKED = 113 };

static struct bpf *filter;

static int open_filter(void **state)
{
    char reason[BPF_REASON_BYTES];
    (void)state;
    filter = bpf_open(live_default_filter(), reason);
    return filter ? 0 : -1;
}

static int close_filter(void **state)
{
    (void)state;
    bpf_close(filter);
    return 0;
}

/* An Ethernet frame of this type; payload goes behind it. */
static bool takes(uint16_t ethertype, const uint8_t *payload, size_t len)
{
    uint8_t frame[128] = {0};
    frame[12] = (uint8_t)(ethertype >> 8);
    frame[13] = (uint8_t)ethertype;
    if (len > 0)
        memcpy(frame + 14, payload, len);
    return bpf_matches(filter, ETHERNET, span_of(frame, sizeof frame), sizeof frame);
}

static bool takes_ip4(uint8_t protocol, uint16_t fragment, uint16_t port)
{
    uint8_t packet[28] = {0x45};
    packet[6] = (uint8_t)(fragment >> 8);
    packet[7] = (uint8_t)fragment;
    packet[9] = protocol;
    packet[22] = (uint8_t)(port >> 8);
    packet[23] = (uint8_t)port;
    return takes(0x0800, packet, sizeof packet);
}

static bool takes_ip6(uint8_t next_header, uint16_t port)
{
    uint8_t packet[48] = {0x60};
    packet[6] = next_header;
    packet[42] = (uint8_t)(port >> 8);
    packet[43] = (uint8_t)port;
    return takes(0x86dd, packet, sizeof packet);
}

static void tcp_passes(void **state)
{
    (void)state;
    assert_true(takes_ip4(6, 0, 80));
    assert_true(takes_ip6(6, 80));
}

static void what_cannot_matter_does_not_pass(void **state)
{
    (void)state;
    assert_false(takes_ip4(1, 0, 0));
    assert_false(takes_ip4(17, 0, 53));
    assert_false(takes_ip4(17, 0, 443));
    assert_false(takes_ip6(58, 0));
    assert_false(takes_ip6(17, 53));
    assert_false(takes(0x0806, NULL, 0));
    assert_false(takes(0x88cc, NULL, 0));
}

static void tunnels_pass(void **state)
{
    (void)state;
    static const uint8_t protocols[] = {4, 41, 47, 51, 137};
    for (size_t i = 0; i < sizeof protocols; i++) {
        assert_true(takes_ip4(protocols[i], 0, 0));
        assert_true(takes_ip6(protocols[i], 0));
    }
    static const uint16_t ports[] = {1701, 2152, 3544, 4754, 4789, 4790,
                                     5247, 6080, 6081, 6635, 8472, 37008};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        assert_true(takes_ip4(17, 0, ports[i]));
        assert_true(takes_ip6(17, ports[i]));
    }
}

static void fragments_and_extension_headers_pass(void **state)
{
    (void)state;
    assert_true(takes_ip4(6, 0x2000, 80));
    assert_true(takes_ip4(6, 185, 0));
    assert_true(takes_ip4(17, 185, 0));
    static const uint8_t headers[] = {0, 43, 44, 60};
    for (size_t i = 0; i < sizeof headers; i++)
        assert_true(takes_ip6(headers[i], 0));
}

/* A UDP datagram from any port that begins so. */
static bool takes_udp(uint8_t version, const char *first, size_t len)
{
    uint8_t packet[60] = {version == 4 ? 0x45 : 0x60};
    packet[version == 4 ? 9 : 6] = 17;
    memcpy(packet + (version == 4 ? 28 : 48), first, len);
    return takes(version == 4 ? 0x0800 : 0x86dd, packet, sizeof packet);
}

static void of_quic_what_begins_a_connection_passes_and_data_do_not(void **state)
{
    (void)state;
    static const uint8_t versions[] = {4, 6};
    for (size_t i = 0; i < sizeof versions; i++) {
        assert_true(takes_udp(versions[i], "\xC0\0\0\0\1", 5));
        assert_true(takes_udp(versions[i], "\xEF\0\0\0\1", 5));
        assert_true(takes_udp(versions[i], "\xD3\x6b\x33\x43\xcf", 5));
        assert_false(takes_udp(versions[i], "\x40\0\0\0\1", 5));
        assert_false(takes_udp(versions[i], "\x80\0\0\0\1", 5));
        assert_false(takes_udp(versions[i], "\xC0\0\0\0\2", 5));
    }
}

static void tags_and_labels_pass(void **state)
{
    (void)state;
    static const uint16_t types[] = {0x8100, 0x88a8, 0x9100, 0x8847,
                                     0x8848, 0x8864, 0x88e7, 0x894f};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_true(takes(types[i], NULL, 0));
}

static void other_link_types_can_do_it_too(void **state)
{
    (void)state;
    uint8_t cooked[16 + 28] = {[14] = 0x08, [16] = 0x45, [16 + 9] = 6};
    uint8_t raw[28] = {0x45, [9] = 47};
    assert_true(bpf_matches(filter, COOKED, span_of(cooked, sizeof cooked), sizeof cooked));
    assert_true(bpf_matches(filter, RAW, span_of(raw, sizeof raw), sizeof raw));
    raw[9] = 1;
    assert_false(bpf_matches(filter, RAW, span_of(raw, sizeof raw), sizeof raw));
}

static void an_interface_that_is_not_there_is_refused_by_name(void **state)
{
    (void)state;
    const char *name = "no-such-if0";
    struct live_config config = {&name, 1, NULL, LIVE_SNAPLEN_BYTES, LIVE_BUFFER_BYTES, true};
    struct live_refusal refusal;
    assert_null(live_open(&config, &refusal));
    assert_false(refusal.is_filter);
    assert_non_null(strstr(refusal.text, "interface 'no-such-if0': "));
    live_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_passes),
        cmocka_unit_test(what_cannot_matter_does_not_pass),
        cmocka_unit_test(tunnels_pass),
        cmocka_unit_test(fragments_and_extension_headers_pass),
        cmocka_unit_test(of_quic_what_begins_a_connection_passes_and_data_do_not),
        cmocka_unit_test(tags_and_labels_pass),
        cmocka_unit_test(other_link_types_can_do_it_too),
        cmocka_unit_test(an_interface_that_is_not_there_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, open_filter, close_filter);
}
