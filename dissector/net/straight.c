/* The frame that nearly always comes: Ethernet, IPv4 without options or IPv6 without extension
 * headers, TCP; whole on the wire and in the capture. The layers (layer.h) say the same of it in
 * ten times the steps; whatever is different in any way is left to them. */
#include "dissector/net/layer.h"

enum {
    ETHERNET_BYTES = 14,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    TCP_BYTES = 20,
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86DD,
    IPV4_VERSION_AND_LEN = 0x45, /* without options */
    IPV4_FRAGMENT_MASK = 0x3FFF, /* offset and "more fragments" */
    IPV6_VERSION = 6,
    PROTOCOL_TCP = 6,
};

static bool take_ipv4(struct span packet, struct segment *segment, struct span *tcp)
{
    if (packet.len < IPV4_BYTES)
        return false;
    struct reader r = reader_of(span_of(packet.ptr, IPV4_BYTES));
    uint8_t version_and_len = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t total_len = reader_u16(&r);
    reader_skip(&r, 2);
    uint16_t place = reader_u16(&r);
    segment->hop_limit = reader_u8(&r);
    uint8_t protocol = reader_u8(&r);
    if (version_and_len != IPV4_VERSION_AND_LEN || protocol != PROTOCOL_TCP ||
        (place & IPV4_FRAGMENT_MASK) || total_len < IPV4_BYTES || total_len > packet.len)
        return false;
    reader_skip(&r, 2);
    segment->source.address = address_of(4, reader_span(&r, 4));
    segment->destination.address = address_of(4, reader_span(&r, 4));
    *tcp = span_of(packet.ptr + IPV4_BYTES, total_len - (size_t)IPV4_BYTES);
    return true;
}

static bool take_ipv6(struct span packet, struct segment *segment, struct span *tcp)
{
    if (packet.len < IPV6_BYTES)
        return false;
    struct reader r = reader_of(span_of(packet.ptr, IPV6_BYTES));
    uint8_t version = reader_u8(&r) >> 4;
    reader_skip(&r, 3);
    uint16_t len = reader_u16(&r);
    uint8_t next = reader_u8(&r);
    if (version != IPV6_VERSION || next != PROTOCOL_TCP || len == 0 ||
        len > packet.len - IPV6_BYTES)
        return false;
    segment->hop_limit = reader_u8(&r);
    segment->source.address = address_of(6, reader_span(&r, 16));
    segment->destination.address = address_of(6, reader_span(&r, 16));
    *tcp = span_of(packet.ptr + IPV6_BYTES, len);
    return true;
}

static bool take_tcp(struct span tcp, struct segment *segment)
{
    if (tcp.len < TCP_BYTES)
        return false;
    struct reader r = reader_of(span_of(tcp.ptr, TCP_BYTES));
    size_t header_len = segment_take_header(segment, &r);
    if (header_len < TCP_BYTES || header_len > tcp.len)
        return false;
    segment->payload = span_after(tcp, header_len);
    return true;
}

bool straight_segment(struct span frame, struct segment *segment)
{
    struct span tcp, packet = span_after(frame, ETHERNET_BYTES);
    if (packet.len == 0)
        return false;
    struct reader r = reader_of(span_of(frame.ptr + ETHERNET_BYTES - 2, 2));
    uint16_t ethertype = reader_u16(&r);
    if (ethertype == ETHERTYPE_IPV4)
        return take_ipv4(packet, segment, &tcp) && take_tcp(tcp, segment);
    return ethertype == ETHERTYPE_IPV6 && take_ipv6(packet, segment, &tcp) &&
           take_tcp(tcp, segment);
}
