/* The same datagrams by another road: tags, tunnels, fragments, other link types. What is no IP, or
 * was not wholly captured, stays as it is. */
#include "tests/mutations/mutation.h"
#include "tests/mutations/parts.h"
#include "tests/support/wrap.h"

#include <stdlib.h>

enum {
    EN10MB = 1,
    IPV4 = 0x0800,
    IPV6 = 0x86DD,
    PROTOCOL_UDP = 17,
    PROTOCOL_GRE = 47,
    MAX_WRAPPED_BYTES = 65000, /* of what a further datagram can carry */
    FRAGMENT_BYTES = 256,
    MAX_FRAGMENTS = WRAP_BYTES / FRAGMENT_BYTES + 1,
};

static struct wrap wrap;

static void prepend(const void *bytes, size_t len)
{
    wrap_prepend(&wrap, span_of(bytes, len));
}

/* The outer datagram of a tunnel. */
static void prepend_ip(uint8_t version, uint8_t protocol)
{
    struct segment ends = {.source = wrap_endpoint(version, 101, 0),
                           .destination = wrap_endpoint(version, 102, 0)};
    wrap_ip(&wrap, &ends, protocol);
}

/* ---- what stands in front of a datagram; each returns the link type of the frame ---- */

static uint32_t as_raw(uint16_t ethertype)
{
    (void)ethertype;
    return 101;
}

static uint32_t as_loopback(uint16_t ethertype)
{
    const uint8_t family[4] = {ethertype == IPV4 ? 2 : 30};
    prepend(family, sizeof family);
    return 0;
}

static uint32_t as_cooked(uint16_t ethertype)
{
    const uint8_t header[16] = {
        0, 0, 0, 1, 0, 6, [14] = (uint8_t)(ethertype >> 8), (uint8_t)ethertype};
    prepend(header, sizeof header);
    return 113;
}

static uint32_t as_cooked_2(uint16_t ethertype)
{
    const uint8_t header[20] = {(uint8_t)(ethertype >> 8), (uint8_t)ethertype, [7] = 1, [9] = 1};
    prepend(header, sizeof header);
    return 276;
}

static uint32_t in_ethernet(uint16_t ethertype)
{
    wrap_ethernet(&wrap, ethertype);
    return EN10MB;
}

static uint32_t in_vlan(uint16_t ethertype)
{
    wrap_vlan(&wrap, ethertype);
    return in_ethernet(0x8100);
}

static uint32_t in_two_vlans(uint16_t ethertype)
{
    wrap_vlan(&wrap, ethertype);
    wrap_vlan(&wrap, 0x8100);
    return in_ethernet(0x88A8);
}

static uint32_t in_mpls(uint16_t ethertype)
{
    static const uint8_t labels[8] = {0, 1, 0, 64, 0, 2, 1, 64};
    (void)ethertype;
    prepend(labels, sizeof labels);
    return in_ethernet(0x8847);
}

static uint32_t in_mpls_pseudowire(uint16_t ethertype)
{
    static const uint8_t label_and_control[8] = {0, 1, 1, 64, 0, 0, 0, 7};
    in_ethernet(ethertype);
    prepend(label_and_control, sizeof label_and_control);
    return in_ethernet(0x8847);
}

static uint32_t in_pppoe(uint16_t ethertype)
{
    const uint8_t protocol[2] = {0, ethertype == IPV4 ? 0x21 : 0x57};
    prepend(protocol, sizeof protocol);
    const uint8_t header[6] = {0x11, 0, 0, 1, (uint8_t)(wrap.len >> 8), (uint8_t)wrap.len};
    prepend(header, sizeof header);
    return in_ethernet(0x8864);
}

static uint32_t in_ppp(uint16_t ethertype)
{
    const uint8_t header[4] = {0xFF, 0x03, 0, ethertype == IPV4 ? 0x21 : 0x57};
    prepend(header, sizeof header);
    return 9;
}

static uint32_t in_l2tp(uint16_t ethertype)
{
    static const uint8_t header[6] = {0x00, 2, 0, 1, 0, 1};
    in_ppp(ethertype);
    prepend(header, sizeof header);
    wrap_udp(&wrap, 1701);
    prepend_ip(4, PROTOCOL_UDP);
    return in_ethernet(IPV4);
}

static uint32_t in_gre(uint16_t ethertype)
{
    /* with checksum, key and sequence number */
    const uint8_t header[16] = {0xB0, 0, (uint8_t)(ethertype >> 8), (uint8_t)ethertype, [11] = 7};
    prepend(header, sizeof header);
    prepend_ip(6, PROTOCOL_GRE);
    return in_ethernet(IPV6);
}

/* GRE with these flags, this type, and len bytes of header behind it, around a frame. */
static uint32_t in_gre_bridge(uint16_t ethertype, const uint8_t *header, size_t len)
{
    in_ethernet(ethertype);
    prepend(header, len);
    prepend_ip(4, PROTOCOL_GRE);
    return in_ethernet(IPV4);
}

static uint32_t in_nvgre(uint16_t ethertype)
{
    static const uint8_t header[8] = {0x20, 0, 0x65, 0x58, 0, 0, 7, 1};
    return in_gre_bridge(ethertype, header, sizeof header);
}

static uint32_t in_erspan_1(uint16_t ethertype)
{
    static const uint8_t header[4] = {0, 0, 0x88, 0xBE};
    return in_gre_bridge(ethertype, header, sizeof header);
}

static uint32_t in_erspan_2(uint16_t ethertype)
{
    static const uint8_t header[16] = {0x10, 0, 0x88, 0xBE, [8] = 0x10, 7};
    return in_gre_bridge(ethertype, header, sizeof header);
}

static uint32_t in_erspan_3(uint16_t ethertype)
{
    static const uint8_t header[28] = {0x10, 0, 0x22, 0xEB, [8] = 0x20, 7, [19] = 1};
    return in_gre_bridge(ethertype, header, sizeof header);
}

static uint32_t in_pptp(uint16_t ethertype)
{
    static const uint8_t header[16] = {0x30, 0x81, 0x88, 0x0B, [7] = 7};
    in_ppp(ethertype);
    prepend(header, sizeof header);
    prepend_ip(4, PROTOCOL_GRE);
    return in_ethernet(IPV4);
}

/* A frame in UDP, behind 8 bytes. */
static uint32_t in_udp(uint16_t ethertype, uint16_t port, const uint8_t header[8])
{
    in_ethernet(ethertype);
    prepend(header, 8);
    wrap_udp(&wrap, port);
    prepend_ip(4, PROTOCOL_UDP);
    return in_ethernet(IPV4);
}

static uint32_t in_vxlan(uint16_t ethertype)
{
    return in_udp(ethertype, 4789, (const uint8_t[8]){0x08, [6] = 7});
}

static uint32_t in_vxlan_gpe(uint16_t ethertype)
{
    return in_udp(ethertype, 4790, (const uint8_t[8]){0x0C, [3] = 3, [6] = 7});
}

static uint32_t in_geneve(uint16_t ethertype)
{
    static const uint8_t option[8] = {1, 2, 3, 1, 9, 9, 9, 9};
    in_ethernet(ethertype);
    prepend(option, sizeof option);
    prepend((const uint8_t[8]){2, 0, 0x65, 0x58, 0, 0, 7, 0}, 8);
    wrap_udp(&wrap, 6081);
    prepend_ip(6, PROTOCOL_UDP);
    return in_ethernet(IPV6);
}

static uint32_t in_gtp(uint16_t ethertype)
{
    static const uint8_t optional[8] = {0, 9, 0, 0x85, 1, 0, 9, 0};
    (void)ethertype;
    prepend(optional, sizeof optional);
    const uint8_t header[8] = {0x36, 0xFF, (uint8_t)(wrap.len >> 8), (uint8_t)wrap.len, [7] = 7};
    prepend(header, sizeof header);
    wrap_udp(&wrap, 2152);
    prepend_ip(4, PROTOCOL_UDP);
    return in_ethernet(IPV4);
}

static uint32_t in_ip(uint16_t ethertype)
{
    prepend_ip(4, ethertype == IPV4 ? 4 : 41);
    return in_ethernet(IPV4);
}

static uint32_t in_ip6(uint16_t ethertype)
{
    prepend_ip(6, ethertype == IPV4 ? 4 : 41);
    return in_ethernet(IPV6);
}

static uint32_t in_ether_ip(uint16_t ethertype)
{
    in_ethernet(ethertype);
    prepend((const uint8_t[2]){0x30, 0}, 2);
    prepend_ip(4, 97);
    return in_ethernet(IPV4);
}

static void prepend_snap(uint16_t ethertype)
{
    const uint8_t snap[8] = {0xAA, 0xAA, 3, 0, 0, 0, (uint8_t)(ethertype >> 8), (uint8_t)ethertype};
    prepend(snap, sizeof snap);
}

static uint32_t in_radiotap(uint16_t ethertype)
{
    static const uint8_t radiotap[9] = {0, 0, 9, 0, 0x02, 0, 0, 0, 0x10}, qos[26] = {0x88, 0x01};
    prepend_snap(ethertype);
    prepend(qos, sizeof qos);
    prepend(radiotap, sizeof radiotap);
    wrap_append(&wrap, span_str("\1\2\3\4")); /* frame check sequence */
    return 127;
}

/* The datagram is the second of two in one frame. */
static uint32_t in_aggregate(uint16_t ethertype)
{
    static const uint8_t avs[64] = {0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64},
                         qos[26] = {0x88, 2, [24] = 0x80};
    static const uint8_t first[20] = {[13] = 3, [14] = 0x42, 0x42, 3};
    prepend_snap(ethertype);
    const uint8_t header[14] = {[12] = (uint8_t)(wrap.len >> 8), (uint8_t)wrap.len};
    prepend(header, sizeof header);
    prepend(first, sizeof first);
    prepend(qos, sizeof qos);
    prepend(avs, sizeof avs);
    return 163;
}

static uint32_t in_tunnels_in_tunnels(uint16_t ethertype)
{
    in_gtp(ethertype);
    prepend((const uint8_t[8]){0x08, [6] = 7}, 8);
    wrap_udp(&wrap, 8472);
    prepend_ip(6, PROTOCOL_UDP);
    prepend((const uint8_t[4]){0, 0, 0x86, 0xDD}, 4);
    prepend_ip(4, PROTOCOL_GRE);
    return in_vlan(IPV4);
}

/* ---- fragments ---- */

static void put_id(uint8_t *at, size_t id)
{
    at[0] = (uint8_t)(id >> 8);
    at[1] = (uint8_t)id;
}

/* Appends the bytes of parts from at up to end as a fragment of datagram id. */
static void append_fragment(struct trace *out, const struct trace_frame *frame,
                            const struct parts *parts, const size_t range[2], size_t id)
{
    size_t header_len = parts->ip_header.len, len = parts->ip.len - header_len;
    bool is_last = range[1] == len;
    uint8_t header[60];
    memcpy(header, parts->ip_header.ptr, header_len);
    wrap_payload(&wrap,
                 span_first(span_after(parts->ip, header_len + range[0]), range[1] - range[0]));
    if (parts->ethertype == IPV4) {
        put_id(header + 2, header_len + wrap.len);
        put_id(header + 4, id);
        put_id(header + 6, (is_last ? 0u : 0x2000u) | range[0] / 8);
    } else {
        uint8_t extension[8] = {header[6]};
        put_id(extension + 2, range[0] | (is_last ? 0 : 1));
        put_id(extension + 6, id);
        prepend(extension, sizeof extension);
        header[6] = 44;
        put_id(header + 4, wrap.len);
    }
    prepend(header, header_len);
    prepend(parts->link.ptr, parts->link.len);
    trace_append(out, frame, wrap_span(&wrap));
}

static void fragment_all(const struct trace *in, struct trace *out, bool is_backwards)
{
    for (size_t i = 0; i < in->n; i++) {
        struct parts parts;
        bool is_ip = parts_find(&in->frames[i], &parts) && !parts.is_cut;
        size_t len = is_ip ? parts.ip.len - parts.ip_header.len : 0;
        size_t n = (len + FRAGMENT_BYTES - 1) / FRAGMENT_BYTES;
        if (n < 2 || parts.ip_header.len > 60)
            trace_copy(out, &in->frames[i]);
        for (size_t k = 0; n >= 2 && k < n; k++) {
            size_t at = (is_backwards ? n - 1 - k : k) * FRAGMENT_BYTES;
            size_t range[2] = {at, at + FRAGMENT_BYTES < len ? at + FRAGMENT_BYTES : len};
            append_fragment(out, &in->frames[i], &parts, range, i + 1);
        }
    }
}

static void fragment(const struct trace *in, struct trace *out)
{
    fragment_all(in, out, false);
}

static void fragment_backwards(const struct trace *in, struct trace *out)
{
    fragment_all(in, out, true);
}

static void carry(const struct trace *in, struct trace *out,
                  uint32_t (*carrier)(uint16_t ethertype))
{
    for (size_t i = 0; i < in->n; i++) {
        struct trace_frame frame = in->frames[i];
        struct parts parts;
        if (!parts_find(&frame, &parts) || parts.is_cut || parts.ip.len > MAX_WRAPPED_BYTES) {
            trace_copy(out, &frame);
            continue;
        }
        wrap_payload(&wrap, parts.ip);
        struct trace_frame carried = {.linktype = carrier(parts.ethertype),
                                      .time_ns = frame.time_ns};
        trace_append(out, &carried, wrap_span(&wrap));
    }
}

static void fragment_tunnel(const struct trace *in, struct trace *out)
{
    struct trace carried = {.n = 0};
    carry(in, &carried, in_gre);
    fragment_all(&carried, out, true);
    trace_free(&carried);
}

/* Every frame is seen before and behind a tag and a tunnel. */
static void see_thrice(const struct trace *in, struct trace *out)
{
    struct trace tagged = {.n = 0}, carried = {.n = 0};
    carry(in, &tagged, in_vlan);
    carry(in, &carried, in_vxlan);
    for (size_t i = 0; i < in->n; i++) {
        trace_copy(out, &in->frames[i]);
        trace_copy(out, &tagged.frames[i]);
        trace_copy(out, &carried.frames[i]);
    }
    trace_free(&tagged);
    trace_free(&carried);
}

void mutation_apply(const struct mutation *mutation, uint64_t seed, const struct trace *in,
                    struct trace *out)
{
    if (mutation->carrier)
        carry(in, out, mutation->carrier);
    else if (mutation->draw)
        mutation->draw(in, seed, out);
    else
        mutation->apply(in, out);
    if (out->secrets.len == 0)
        trace_add_secrets(out, in->secrets);
}

const struct mutation carrier_mutations[] = {
    {.name = "fragmented", .apply = fragment},
    {.name = "fragmented-backwards", .apply = fragment_backwards},
    {.name = "gre-fragmented", .apply = fragment_tunnel},
    {.name = "plain-and-vlan-and-vxlan", .apply = see_thrice},
    {.name = "raw", .carrier = as_raw},
    {.name = "loopback", .carrier = as_loopback},
    {.name = "cooked", .carrier = as_cooked},
    {.name = "cooked-2", .carrier = as_cooked_2},
    {.name = "vlan", .carrier = in_vlan},
    {.name = "vlan-twice", .carrier = in_two_vlans},
    {.name = "mpls", .carrier = in_mpls},
    {.name = "mpls-pseudowire", .carrier = in_mpls_pseudowire},
    {.name = "pppoe", .carrier = in_pppoe},
    {.name = "ppp", .carrier = in_ppp},
    {.name = "l2tp", .carrier = in_l2tp},
    {.name = "gre", .carrier = in_gre},
    {.name = "nvgre", .carrier = in_nvgre},
    {.name = "erspan-1", .carrier = in_erspan_1},
    {.name = "erspan-2", .carrier = in_erspan_2},
    {.name = "erspan-3", .carrier = in_erspan_3},
    {.name = "pptp", .carrier = in_pptp},
    {.name = "vxlan", .carrier = in_vxlan},
    {.name = "vxlan-gpe", .carrier = in_vxlan_gpe},
    {.name = "geneve", .carrier = in_geneve},
    {.name = "gtp", .carrier = in_gtp},
    {.name = "ip-in-ip", .carrier = in_ip},
    {.name = "ip-in-ip6", .carrier = in_ip6},
    {.name = "ethernet-in-ip", .carrier = in_ether_ip},
    {.name = "wifi", .carrier = in_radiotap},
    {.name = "wifi-aggregate", .carrier = in_aggregate},
    {.name = "tunnels-in-tunnels", .carrier = in_tunnels_in_tunnels},
    {0},
};
