/* A segment arrives, a frame leaves. No options, no fragments, no VLAN: tests of those layers write
 * their own bytes. */
#include "tests/support/packet.h"

#include <assert.h>
#include <string.h>

enum { ETHERNET_BYTES = 14, IP_BYTES = 20, TCP_BYTES = 20, PROTOCOL_TCP = 6 };

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* RFC 1071: the one's complement sum of 16-bit words, added to what was summed before. */
static uint32_t sum(uint32_t before, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        before += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    while (before >> 16)
        before = (before & 0xffff) + (before >> 16);
    return before;
}

static void write_ethernet(uint8_t *at)
{
    static const uint8_t locally_administered[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    memcpy(at, locally_administered, sizeof locally_administered);
    put16(at + 12, 0x0800);
}

static void write_ip(uint8_t *at, const struct segment *s)
{
    memset(at, 0, IP_BYTES);
    at[0] = 0x45;
    put16(at + 2, (uint32_t)(IP_BYTES + TCP_BYTES + s->payload.len));
    at[8] = s->hop_limit > 0 ? s->hop_limit : 64;
    at[9] = PROTOCOL_TCP;
    memcpy(at + 12, s->source.address.bytes, 4);
    memcpy(at + 16, s->destination.address.bytes, 4);
    put16(at + 10, ~sum(0, at, IP_BYTES) & 0xffff);
}

static void write_tcp(uint8_t *at, const struct segment *s, const uint8_t *ip_addresses)
{
    memset(at, 0, TCP_BYTES);
    put16(at, s->source.port);
    put16(at + 2, s->destination.port);
    put32(at + 4, s->seq);
    put32(at + 8, s->ack);
    at[12] = TCP_BYTES / 4 << 4;
    at[13] = s->flags;
    put16(at + 14, 65535);
    if (s->payload.len)
        memcpy(at + TCP_BYTES, s->payload.ptr, s->payload.len);
    uint32_t tcp_len = (uint32_t)(TCP_BYTES + s->payload.len);
    uint32_t pseudo_header = sum(PROTOCOL_TCP + tcp_len, ip_addresses, 8);
    put16(at + 16, ~sum(pseudo_header, at, tcp_len) & 0xffff);
}

size_t packet_write(const struct segment *segment, uint8_t *frame)
{
    assert(segment->source.address.version == 4 && segment->destination.address.version == 4);
    assert(segment->payload.len <= PACKET_MAX_PAYLOAD_BYTES);
    uint8_t *ip = frame + ETHERNET_BYTES;
    write_ethernet(frame);
    write_ip(ip, segment);
    write_tcp(ip + IP_BYTES, segment, ip + 12);
    return PACKET_HEADER_BYTES + segment->payload.len;
}
