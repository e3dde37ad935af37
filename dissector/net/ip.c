/* The IPv4 and IPv6 headers: RFC 791, RFC 8200, RFC 2675 (jumbo payloads). They give the addresses
 * and say where the datagram ends. Checksums and IPv4 options are nobody's business here; extension
 * headers are in protocol.c with everything else that IP carries. */
#include "dissector/net/layer.h"

enum {
    HEADER_BYTES_MIN = 20,
    OFFSET_MASK = 0x1FFF, /* in units of 8 bytes */
    MORE_FRAGMENTS = 0x2000,
    HOP_BY_HOP = 0,
    OPTION_PAD1 = 0x00,
    OPTION_JUMBO = 0xC2,
};

static enum layer_verdict undo_ipv4(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version_and_len = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t total_len = reader_u16(&r);
    uint16_t id = reader_u16(&r), place = reader_u16(&r);
    uint8_t hop_limit = reader_u8(&r), protocol = reader_u8(&r);
    reader_skip(&r, 2);
    struct span source = reader_span(&r, 4), destination = reader_span(&r, 4);
    size_t header_len = (version_and_len & 0x0Fu) * 4;
    if (r.failed || version_and_len >> 4 != 4 || header_len < HEADER_BYTES_MIN)
        return LAYER_MALFORMED;
    /* With segmentation offload the length may not fit, and is 0. */
    if (total_len != 0)
        inner_claim(inner, total_len);
    if ((total_len != 0 && total_len < header_len) || !inner_advance(inner, header_len))
        return LAYER_MALFORMED;
    inner->segment.source.address = address_of(4, source);
    inner->segment.destination.address = address_of(4, destination);
    inner->segment.hop_limit = hop_limit;
    if ((place & (OFFSET_MASK | MORE_FRAGMENTS)) == 0)
        return protocol_goto(inner, protocol);
    struct fragment fragment = {.protocol = protocol,
                                .id = id,
                                .at = (place & OFFSET_MASK) * 8u,
                                .is_last = !(place & MORE_FRAGMENTS)};
    return protocol_reassemble(inner, &fragment);
}

/* RFC 2675 §2: the length of a jumbo payload, from the hop-by-hop options at the front; 0: none. */
static uint32_t jumbo_len(struct span header)
{
    struct reader r = reader_of(header);
    reader_skip(&r, 1);
    size_t options_len = reader_u8(&r) * 8u + 6;
    r.left = span_first(r.left, options_len);
    while (!r.failed && r.left.len > 0) {
        uint8_t type = reader_u8(&r);
        if (type == OPTION_PAD1)
            continue;
        uint8_t len = reader_u8(&r);
        if (type == OPTION_JUMBO && len == 4)
            return reader_u32(&r);
        reader_skip(&r, len);
    }
    return 0;
}

static enum layer_verdict undo_ipv6(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r) >> 4;
    reader_skip(&r, 3);
    uint16_t payload_len = reader_u16(&r);
    uint8_t next = reader_u8(&r), hop_limit = reader_u8(&r);
    struct span source = reader_span(&r, 16), destination = reader_span(&r, 16);
    if (r.failed || version != 6)
        return LAYER_MALFORMED;
    inner->segment.source.address = address_of(6, source);
    inner->segment.destination.address = address_of(6, destination);
    inner->segment.hop_limit = hop_limit;
    inner->bytes = r.left;
    /* 0: a jumbo payload or segmentation offload, otherwise to the end of the frame. */
    uint32_t jumbo = payload_len == 0 && next == HOP_BY_HOP ? jumbo_len(r.left) : 0;
    if (payload_len != 0)
        inner_claim(inner, payload_len);
    else if (jumbo != 0)
        inner_trim(inner, jumbo);
    return protocol_goto(inner, next);
}

static enum layer_verdict undo_ip(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r) >> 4;
    return inner_goto(inner, version == 6 ? &layer_ipv6 : &layer_ipv4, LAYER_MALFORMED);
}

const struct layer layer_ip = {"ip", undo_ip};
const struct layer layer_ipv4 = {"ipv4", undo_ipv4};
const struct layer layer_ipv6 = {"ipv6", undo_ipv6};
