/* Every tunnel leads to the segment in it, by any road; what only looks like one leads nowhere. */
#include "dissector/net/layer.h"
#include "tests/support/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { EN10MB = 1, RAW = 101, ETHERTYPE_IPV4 = 0x0800, PROTOCOL_UDP = 17, PROTOCOL_GRE = 47 };

static struct wrap wrap;
static struct net net;
static struct limits limits;
static struct origin origin;
static struct segment seen;
static uint8_t seen_bytes[WRAP_BYTES];
static unsigned n_seen;

static enum feed see_segment(void *ctx, const struct segment *segment)
{
    (void)ctx;
    seen = *segment;
    if (segment->payload.len > 0)
        memcpy(seen_bytes, segment->payload.ptr, segment->payload.len);
    n_seen++;
    return FEED_OK;
}

static int open_net(void **state)
{
    (void)state;
    n_seen = 0;
    limits = limits_default;
    origin = (struct origin){.frame = 0};
    net_init(&net, &limits, (struct segment_sink){see_segment, NULL});
    return 0;
}

static int close_net(void **state)
{
    (void)state;
    net_free(&net);
    return 0;
}

static struct segment make(uint8_t version)
{
    return (struct segment){.source = wrap_endpoint(version, 1, 40000),
                            .destination = wrap_endpoint(version, 2, 80),
                            .seq = 0xFEDCBA98,
                            .flags = SEGMENT_ACK,
                            .payload = span_str("PROPFIND / HTTP/1.1")};
}

/* The ends of a tunnel. */
static struct segment outer(uint8_t version)
{
    return (struct segment){.source = wrap_endpoint(version, 101, 50000),
                            .destination = wrap_endpoint(version, 102, 0)};
}

static void feed_cut(uint32_t linktype, size_t captured_len)
{
    struct span frame = wrap_span(&wrap);
    origin.frame++;
    net_feed(&net, linktype, span_first(frame, captured_len), (uint32_t)frame.len, &origin);
}

static void prepend(const uint8_t *bytes, size_t len)
{
    wrap_prepend(&wrap, span_of(bytes, len));
}

enum carrier { BY_ETHERTYPE, BY_PROTOCOL, BY_PORT, BY_GRE };
enum content { HAS_IPV4, HAS_IPV6, HAS_ETHERNET };

#define SNAP_TO_IPV4 0xAA, 0xAA, 3, 0, 0, 0, 0x08, 0x00

/* The header of a tunnel between what names it and what is in it. */
static const struct tunnel {
    enum carrier carrier;
    uint16_t number;
    enum content content;
    size_t len;
    uint8_t header[48];
} tunnels[] = {
    {BY_ETHERTYPE, 0x0800, HAS_IPV4, 0, {0}},
    {BY_ETHERTYPE, 0x86DD, HAS_IPV6, 0, {0}},
    {BY_ETHERTYPE, 0x0004, HAS_IPV4, 8, {SNAP_TO_IPV4}},
    {BY_ETHERTYPE, 0x6558, HAS_ETHERNET, 0, {0}},
    {BY_ETHERTYPE, 0x8100, HAS_IPV4, 4, {0, 42, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x88A8, HAS_IPV6, 4, {0, 42, 0x86, 0xDD}},
    {BY_ETHERTYPE, 0x9100, HAS_IPV4, 4, {0, 42, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x9200, HAS_IPV4, 4, {0, 42, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x9300, HAS_IPV4, 4, {0, 42, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x8847, HAS_IPV4, 4, {0, 1, 0x01, 64}},
    {BY_ETHERTYPE, 0x8847, HAS_IPV6, 8, {0, 1, 0x00, 64, 0, 2, 0x01, 64}},
    {BY_ETHERTYPE, 0x8847, HAS_IPV4, 4, {0, 0, 0x01, 64}}, /* explicit null */
    {BY_ETHERTYPE, 0x8847, HAS_IPV6, 4, {0, 0, 0x21, 64}},
    {BY_ETHERTYPE, 0x8847, HAS_ETHERNET, 8, {0, 1, 0x01, 64, 0, 0, 0, 9}}, /* control word */
    {BY_ETHERTYPE, 0x8848, HAS_ETHERNET, 4, {0, 1, 0x01, 64}},
    {BY_ETHERTYPE, 0x8864, HAS_IPV4, 8, {0x11, 0, 0, 1, 0x40, 0, 0x00, 0x21}},
    {BY_ETHERTYPE, 0x8864, HAS_IPV6, 8, {0x11, 0, 0, 1, 0x40, 0, 0x00, 0x57}},
    {BY_ETHERTYPE, 0x8864, HAS_IPV4, 12, {0x11, 0, 0, 1, 0x40, 0, 2, 0x81, 0, 1, 1, 64}},
    {BY_ETHERTYPE, 0x8864, HAS_IPV4, 12, {0x11, 0, 0, 1, 0x40, 0, 2, 0x83, 0, 1, 1, 64}},
    {BY_ETHERTYPE, 0x880B, HAS_IPV4, 2, {0x00, 0x21}},
    {BY_ETHERTYPE, 0x88E5, HAS_IPV4, 8, {0, 0, 0, 0, 0, 1, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x88E5, HAS_IPV6, 16, {0x20, 0, 0, 0, 0, 1, [14] = 0x86, 0xDD}},
    {BY_ETHERTYPE, 0x88E7, HAS_ETHERNET, 4, {0, 0, 0, 7}},
    {BY_ETHERTYPE, 0x8909, HAS_IPV4, 8, {1, 1, 0, 1, 0, 5, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x8926, HAS_IPV4, 6, {0, 1, 0, 2, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x893F, HAS_IPV4, 8, {0, 1, 0, 2, 0, 0, 0x08, 0x00}},
    {BY_ETHERTYPE, 0x894F, HAS_IPV4, 8, {0x0F, 0xC2, 1, 1, 0, 0, 1, 255}},
    {BY_ETHERTYPE, 0x894F, HAS_ETHERNET, 24, {0x0F, 0xC6, 1, 3, 0, 0, 1, 255}},

    {BY_PROTOCOL, 4, HAS_IPV4, 0, {0}},
    {BY_PROTOCOL, 41, HAS_IPV6, 0, {0}},
    {BY_PROTOCOL, 94, HAS_IPV4, 0, {0}},
    {BY_PROTOCOL, 94, HAS_IPV6, 0, {0}},
    {BY_PROTOCOL, 97, HAS_ETHERNET, 2, {0x30, 0}},
    {BY_PROTOCOL, 137, HAS_IPV4, 4, {0, 1, 0x01, 64}},
    {BY_PROTOCOL, 143, HAS_ETHERNET, 0, {0}},
    {BY_PROTOCOL, 47, HAS_IPV4, 4, {0, 0, 0x08, 0x00}},
    {BY_PROTOCOL, 47, HAS_IPV6, 8, {0x20, 0, 0x86, 0xDD, 0, 0, 0, 7}}, /* key */
    {BY_PROTOCOL, 47, HAS_IPV4, 8, {0x80, 0, 0x08, 0x00}},             /* sum */
    {BY_PROTOCOL, 47, HAS_IPV4, 8, {0x10, 0, 0x08, 0x00}},             /* number */
    {BY_PROTOCOL, 47, HAS_IPV4, 16, {0xB0, 0, 0x08, 0x00}},            /* all */
    {BY_PROTOCOL,
     47,
     HAS_IPV4,
     20,
     {0x40, 0, 0x08, 0x00, [8] = 0, 2, 0, 4, 1, 2, 3, 4}},                        /* route */
    {BY_PROTOCOL, 47, HAS_IPV4, 18, {0x30, 0x81, 0x88, 0x0B, [16] = 0x00, 0x21}}, /* PPTP */
    {BY_PROTOCOL, 47, HAS_IPV4, 14, {0x30, 0x01, 0x88, 0x0B, [12] = 0x00, 0x21}},

    {BY_GRE, 0x6558, HAS_ETHERNET, 8, {0x20, 0, 0x65, 0x58, 0, 0, 7, 0}}, /* NVGRE */
    {BY_GRE, 0x88BE, HAS_ETHERNET, 4, {0, 0, 0x88, 0xBE}},                /* ERSPAN I */
    {BY_GRE, 0x88BE, HAS_ETHERNET, 16, {0x10, 0, 0x88, 0xBE, [8] = 0x10}},
    {BY_GRE, 0x22EB, HAS_ETHERNET, 20, {0x10, 0, 0x22, 0xEB, [8] = 0x20}},
    {BY_GRE, 0x22EB, HAS_ETHERNET, 28, {0x10, 0, 0x22, 0xEB, [8] = 0x20, [19] = 1}},
    {BY_GRE, 0x22EB, HAS_IPV4, 20, {0x10, 0, 0x22, 0xEB, [8] = 0x20, [18] = 0x08}},
    {BY_GRE, 0x883E, HAS_IPV4, 4, {0, 0, 0x88, 0x3E}}, /* WCCP */
    {BY_GRE, 0x883E, HAS_IPV4, 8, {0, 0, 0x88, 0x3E, 0x00, 0, 0, 0}},
    {BY_GRE, 0x8847, HAS_IPV4, 8, {0, 0, 0x88, 0x47, 0, 1, 0x01, 64}},

    {BY_PORT, 1701, HAS_IPV4, 10, {0x00, 2, 0, 1, 0, 1, 0xFF, 0x03, 0x00, 0x21}},
    {BY_PORT, 1701, HAS_IPV6, 16, {0x4A, 2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0x00, 0x57}},
    {BY_PORT, 1701, HAS_IPV4, 12, {0x02, 2, 0, 1, 0, 1, 0, 2, 9, 9, 0x00, 0x21}},
    {BY_PORT, 2152, HAS_IPV4, 8, {0x30, 0xFF, 0x40, 0, 0, 0, 0, 1}},
    {BY_PORT, 2152, HAS_IPV6, 12, {0x32, 0xFF, 0x40, 0, 0, 0, 0, 1, 0, 9, 0, 0x85}},
    {BY_PORT, 2152, HAS_IPV4, 24, {0x34, 0xFF, 0x40, 0,    0, 0, 0, 1, 0, 0, 0, 0x85, /* chain */
                                   1,    0,    9,    0xC0, 2, 0, 0, 0, 0, 0, 0, 0}},
    {BY_PORT, 3544, HAS_IPV6, 0, {0}},
    {BY_PORT, 3544, HAS_IPV6, 8, {0, 0, 1, 2, 3, 4, 5, 6}},
    {BY_PORT, 3544, HAS_IPV6, 24, {0, 1, 2, 1, 'i', 'd', 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    {BY_PORT, 4341, HAS_IPV4, 8, {0x80}},
    {BY_PORT, 4754, HAS_IPV4, 4, {0, 0, 0x08, 0x00}},
    {BY_PORT, 4789, HAS_ETHERNET, 8, {0x08, 0, 0, 0, 0, 0, 7, 0}},
    {BY_PORT, 8472, HAS_ETHERNET, 8, {0x88, 0, 0, 5, 0, 0, 7, 0}}, /* with a group */
    {BY_PORT, 4790, HAS_ETHERNET, 8, {0x0C, 0, 0, 3, 0, 0, 7, 0}},
    {BY_PORT, 4790, HAS_IPV4, 8, {0x0C, 0, 0, 1, 0, 0, 7, 0}},
    {BY_PORT, 4790, HAS_IPV6, 8, {0x0C, 0, 0, 2, 0, 0, 7, 0}},
    {BY_PORT, 4790, HAS_IPV4, 16, {0x0C, 0, 0, 4, 0, 0, 7, 0, 0x0F, 0xC2, 1, 1, 0, 0, 1, 255}},
    {BY_PORT, 4790, HAS_IPV4, 12, {0x0C, 0, 0, 5, 0, 0, 7, 0, 0, 1, 0x01, 64}},
    {BY_PORT, 4790, HAS_ETHERNET, 8, {0x08, 0, 0, 0, 0, 0, 7, 0}},
    {BY_PORT, 6081, HAS_ETHERNET, 8, {0, 0, 0x65, 0x58, 0, 0, 7, 0}},
    {BY_PORT, 6081, HAS_IPV6, 16, {2, 0, 0x86, 0xDD, 0, 0, 7, 0, 1, 2, 3, 1}},
    {BY_PORT, 6635, HAS_IPV4, 4, {0, 1, 0x01, 64}},
    {BY_PORT, 37008, HAS_ETHERNET, 5, {1, 0, 0, 1, 1}},
    {BY_PORT, 37008, HAS_ETHERNET, 9, {1, 0, 0, 1, 0, 10, 1, 77, 1}},
    {BY_PORT, 37008, HAS_IPV4, 5 + 32, {1, 0, 0, 18, 1, 0x08, [29] = SNAP_TO_IPV4}},
    {BY_PORT,
     37008,
     HAS_IPV4,
     5 + 8 + 32,
     {1, 0, 0, 127, 1, 0x80, 0x21, 0x10, 1, 0, 0, 0, 8, 0x08, [37] = SNAP_TO_IPV4}},
};

enum { N_TUNNELS = sizeof tunnels / sizeof *tunnels };

static uint8_t version_of(const struct tunnel *tunnel)
{
    return tunnel->content == HAS_IPV6 ? 6 : 4;
}

static void wrap_content(const struct tunnel *tunnel)
{
    struct segment segment = make(version_of(tunnel));
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    if (tunnel->content == HAS_ETHERNET)
        wrap_ethernet(&wrap, ETHERTYPE_IPV4);
}

/* Puts the first len bytes of the header in front, and what carries it; returns the link type. */
static uint32_t wrap_carrier(const struct tunnel *tunnel, size_t len, uint8_t version)
{
    struct segment ends = outer(version);
    prepend(tunnel->header, len);
    switch (tunnel->carrier) {
    case BY_ETHERTYPE:
        wrap_ethernet(&wrap, tunnel->number);
        return EN10MB;
    case BY_PROTOCOL:
        wrap_ip(&wrap, &ends, (uint8_t)tunnel->number);
        return RAW;
    case BY_GRE:
        wrap_ip(&wrap, &ends, PROTOCOL_GRE);
        return RAW;
    case BY_PORT:
        break;
    }
    wrap_udp(&wrap, tunnel->number);
    wrap_ip(&wrap, &ends, PROTOCOL_UDP);
    return RAW;
}

static void assert_seen(const struct segment *sent)
{
    assert_int_equal(n_seen, 1);
    assert_true(endpoint_equal(&seen.source, &sent->source));
    assert_true(endpoint_equal(&seen.destination, &sent->destination));
    assert_int_equal(seen.seq, sent->seq);
    assert_int_equal(seen.payload.len, sent->payload.len);
    assert_memory_equal(seen_bytes, sent->payload.ptr, sent->payload.len);
    assert_int_equal(seen.cut_bytes, 0);
    n_seen = 0;
}

static void every_tunnel_leads_to_the_segment(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_TUNNELS; i++)
        for (uint8_t version = 4; version <= 6; version += 2) {
            struct segment segment = make(version_of(&tunnels[i]));
            wrap_content(&tunnels[i]);
            uint32_t linktype = wrap_carrier(&tunnels[i], tunnels[i].len, version);
            wrap_append(&wrap, span_str("padding"));
            feed_cut(linktype, SIZE_MAX);
            if (n_seen != 1)
                fail_msg("tunnel %zu, over IPv%d", i, version);
            assert_seen(&segment);
        }
}

static bool is_tested(enum carrier carrier, uint32_t number)
{
    for (size_t i = 0; i < N_TUNNELS; i++)
        if (tunnels[i].carrier == carrier && tunnels[i].number == number)
            return true;
    return false;
}

/* What has tests of its own: TCP, UDP, extension headers, IPsec. */
static bool is_no_tunnel(uint32_t protocol)
{
    static const uint8_t others[] = {0, 6, 17, 43, 44, 50, 51, 60, 135, 139, 140};
    return memchr(others, (int)protocol, sizeof others) != NULL;
}

static void every_row_of_the_tables_is_tested(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 0x10000; number++) {
        assert_int_equal(is_tested(BY_ETHERTYPE, number), ethertype_find(number) != NULL);
        assert_int_equal(is_tested(BY_PORT, number), udp_port_find(number) != NULL);
        if (number > 255 || is_no_tunnel(number))
            continue;
        assert_int_equal(is_tested(BY_PROTOCOL, number), protocol_find(number) != NULL);
    }
}

static void a_header_cut_anywhere_is_counted_once_and_shows_nothing(void **state)
{
    (void)state;
    uint64_t n_frames = 0;
    for (size_t i = 0; i < N_TUNNELS; i++)
        for (size_t len = 0; len < tunnels[i].len; len++, n_frames++) {
            wrap_payload(&wrap, span_str(""));
            feed_cut(wrap_carrier(&tunnels[i], len, 4), SIZE_MAX);
        }
    const struct net_stats *stats = net_stats(&net);
    assert_int_equal(n_seen, 0);
    assert_int_equal(stats->n_frames, n_frames);
    assert_int_equal(stats->n_malformed + stats->n_not_tcp + stats->n_not_ip, n_frames);
    assert_true(stats->n_malformed > n_frames * 9 / 10);
}

static void what_the_snap_length_cuts_in_a_tunnel_is_cut_from_the_payload(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_TUNNELS; i++) {
        wrap_content(&tunnels[i]);
        uint32_t linktype = wrap_carrier(&tunnels[i], tunnels[i].len, 4);
        feed_cut(linktype, wrap.len - 5);
        assert_int_equal(n_seen, 1);
        assert_int_equal(seen.cut_bytes, 5);
        n_seen = 0;
    }
    assert_int_equal(net_stats(&net)->n_cut, N_TUNNELS);
}

static void a_payload_that_is_not_what_its_port_promises_is_no_tunnel(void **state)
{
    (void)state;
    static const struct {
        uint16_t port;
        size_t len;
        uint8_t bytes[16];
    } cases[] = {
        {53, 12, {0}},                                       /* a name server */
        {1701, 12, {0xC8, 0x02}},                            /* control */
        {1701, 12, {0x00, 0x03}},                            /* version 3 */
        {2152, 12, {0x32, 0x01}},                            /* echo */
        {2152, 12, {0x48, 0xFF}},                            /* GTP version 2 */
        {3544, 12, {0x45}},                                  /* IPv4 */
        {4789, 12, {0x00}},                                  /* no network number */
        {4789, 12, {0x38}},                                  /* another version */
        {6081, 12, {0x40, 0, 0x65, 0x58}},                   /* another version */
        {4754, 12, {0x00, 0x02, 0x08, 0x00}},                /* GRE version 2 */
        {4754, 12, {0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 1, 0}}, /* PPTP without a payload */
        {37008, 12, {2, 0, 0, 1, 1}},                        /* another version */
        {37008, 12, {1, 4, 0, 1, 1}},                        /* keep-alive */
        {37008, 12, {1, 0, 0, 99, 1}},                       /* another encapsulation */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct segment ends = outer(4);
        wrap_payload(&wrap, span_of(cases[i].bytes, cases[i].len));
        wrap_udp(&wrap, cases[i].port);
        wrap_ip(&wrap, &ends, PROTOCOL_UDP);
        feed_cut(RAW, SIZE_MAX);
        assert_int_equal(net_stats(&net)->n_not_tcp, i + 1);
    }
    assert_int_equal(n_seen, 0);
}

static void the_source_port_names_a_tunnel_too(void **state)
{
    (void)state;
    struct segment segment = make(6), ends = outer(4);
    const uint8_t header[8] = {3544 >> 8, 3544 & 0xFF, 0x12, 0x34, 0, 0, 0, 0};
    wrap_tcp(&wrap, &segment);
    wrap_ip(&wrap, &segment, 6);
    prepend(header, sizeof header);
    wrap_ip(&wrap, &ends, PROTOCOL_UDP);
    feed_cut(RAW, SIZE_MAX);
    assert_seen(&segment);
}

static void what_is_not_ip_in_a_tunnel_is_counted(void **state)
{
    (void)state;
    static const struct tunnel others[] = {
        {BY_ETHERTYPE, 0x8847, HAS_IPV4, 8, {0, 1, 0x01, 64, 0x10, 0, 0, 7}},   /* PW channel */
        {BY_ETHERTYPE, 0x8864, HAS_IPV4, 8, {0x11, 0, 0, 1, 0, 8, 0xC0, 0x21}}, /* LCP */
        {BY_ETHERTYPE, 0x8864, HAS_IPV4, 8, {0x11, 0xA7, 0, 1, 0, 0}},          /* end */
        {BY_GRE, 0, HAS_IPV4, 4, {0, 0, 0, 0}},                                 /* keep-alive */
        {BY_GRE, 0, HAS_IPV4, 20, {0x10, 0, 0x22, 0xEB, [8] = 0x20, [18] = 0x7C}},
        {BY_PORT, 4790, HAS_IPV4, 8, {0x0C, 0, 0, 9, 0, 0, 7, 0}},
        {BY_PORT, 2152, HAS_IPV4, 10, {0x30, 0xFF, 0, 2, 0, 0, 0, 1, 0, 0x21}}, /* PPP */
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        wrap_payload(&wrap, span_str(""));
        feed_cut(wrap_carrier(&others[i], others[i].len, 4), SIZE_MAX);
        assert_int_equal(net_stats(&net)->n_not_ip, i + 1);
    }
}

static void what_macsec_encrypts_is_counted_as_such(void **state)
{
    (void)state;
    static const uint8_t tag[] = {0x2C, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4};
    wrap_payload(&wrap, span_of(tag, sizeof tag));
    wrap_ethernet(&wrap, 0x88E5);
    feed_cut(EN10MB, SIZE_MAX);
    assert_int_equal(net_stats(&net)->n_protected, 1);
}

/* IP in IP, n deep. */
static void wrap_nested(const struct segment *segment, size_t n)
{
    struct segment ends = outer(4);
    wrap_tcp(&wrap, segment);
    wrap_ip(&wrap, segment, 6);
    for (size_t i = 0; i < n; i++)
        wrap_ip(&wrap, &ends, 4);
}

static void tunnels_in_tunnels_are_undone_up_to_the_limit(void **state)
{
    (void)state;
    struct segment segment = make(4);
    /* "ip" itself, the segment's IP and TCP are layers too. */
    size_t n_max = limits.max_layers - 3;
    wrap_nested(&segment, n_max);
    feed_cut(RAW, SIZE_MAX);
    assert_seen(&segment);
    wrap_nested(&segment, n_max + 1);
    feed_cut(RAW, SIZE_MAX);
    assert_int_equal(n_seen, 0);
    assert_int_equal(net_stats(&net)->n_too_deep, 1);
    limits.max_layers = 4;
    wrap_nested(&segment, 2);
    feed_cut(RAW, SIZE_MAX);
    assert_int_equal(net_stats(&net)->n_too_deep, 2);
}

/* The bytes wrapped so far as two IPv4 fragments of a protocol, the second one first. */
static void feed_as_fragments(uint8_t protocol, size_t first_len)
{
    static uint8_t whole[WRAP_BYTES];
    struct segment ends = outer(4);
    size_t len = wrap.len;
    memcpy(whole, wrap_span(&wrap).ptr, len);
    for (int i = 1; i >= 0; i--) {
        wrap_payload(&wrap,
                     i ? span_of(whole + first_len, len - first_len) : span_of(whole, first_len));
        wrap_ip(&wrap, &ends, protocol);
        uint8_t *header = wrap.room + wrap.at;
        header[6] = i ? 0 : 0x20;
        header[7] = i ? (uint8_t)(first_len / 8) : 0;
        feed_cut(RAW, SIZE_MAX);
    }
}

static void a_tunnel_in_fragments_is_put_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_TUNNELS; i++) {
        if (tunnels[i].carrier == BY_ETHERTYPE)
            continue;
        struct segment segment = make(version_of(&tunnels[i]));
        uint8_t protocol = (uint8_t)tunnels[i].number;
        wrap_content(&tunnels[i]);
        prepend(tunnels[i].header, tunnels[i].len);
        if (tunnels[i].carrier == BY_PORT) {
            wrap_udp(&wrap, tunnels[i].number);
            protocol = PROTOCOL_UDP;
        } else if (tunnels[i].carrier == BY_GRE) {
            protocol = PROTOCOL_GRE;
        }
        feed_as_fragments(protocol, 16);
        assert_seen(&segment);
        origin.time_ns += INT64_C(60000000000);
    }
    assert_int_equal(net_stats(&net)->datagrams.n_incomplete, 0);
}

static void fragments_in_a_tunnel_that_is_in_fragments_are_put_together(void **state)
{
    (void)state;
    static uint8_t datagram[200];
    struct segment segment = make(4), ends = outer(4);
    wrap_tcp(&wrap, &segment);
    size_t len = wrap.len;
    memcpy(datagram, wrap_span(&wrap).ptr, len);
    for (int i = 1; i >= 0; i--) {
        wrap_payload(&wrap, i ? span_of(datagram + 24, len - 24) : span_of(datagram, 24));
        wrap_ip(&wrap, &segment, 6);
        uint8_t *header = wrap.room + wrap.at;
        header[6] = i ? 0 : 0x20;
        header[7] = i ? 3 : 0;
        wrap_ip(&wrap, &ends, 4);
        wrap_ip(&wrap, &ends, 4);
        origin.time_ns += INT64_C(60000000000) * i;
        feed_as_fragments(4, 32);
        origin.time_ns += INT64_C(2000000000);
    }
    assert_seen(&segment);
    assert_int_equal(net_stats(&net)->datagrams.n_whole, 3);
}

static void overlapping_fragments_of_a_tunnel_are_dropped_and_counted(void **state)
{
    (void)state;
    struct segment ends = outer(4);
    for (int i = 0; i < 2; i++) {
        wrap_payload(&wrap, i ? span_str("0123456789012345") : span_str("abcdefghijklmnop"));
        wrap_ip(&wrap, &ends, PROTOCOL_GRE);
        wrap.room[wrap.at + 6] = 0x20;
        wrap.room[wrap.at + 7] = (uint8_t)i;
        feed_cut(RAW, SIZE_MAX);
    }
    assert_int_equal(net_stats(&net)->datagrams.n_overlapping, 1);
    assert_int_equal(n_seen, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
    const struct CMUnitTest tests[] = {
        TEST(every_tunnel_leads_to_the_segment),
        TEST(every_row_of_the_tables_is_tested),
        TEST(a_header_cut_anywhere_is_counted_once_and_shows_nothing),
        TEST(what_the_snap_length_cuts_in_a_tunnel_is_cut_from_the_payload),
        TEST(a_payload_that_is_not_what_its_port_promises_is_no_tunnel),
        TEST(the_source_port_names_a_tunnel_too),
        TEST(what_is_not_ip_in_a_tunnel_is_counted),
        TEST(what_macsec_encrypts_is_counted_as_such),
        TEST(tunnels_in_tunnels_are_undone_up_to_the_limit),
        TEST(a_tunnel_in_fragments_is_put_together),
        TEST(fragments_in_a_tunnel_that_is_in_fragments_are_put_together),
        TEST(overlapping_fragments_of_a_tunnel_are_dropped_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
