/* The UDP header, RFC 768, and the tunnels that are known by their port. A payload that is not what
 * its port promises is just another UDP payload. What begins as QUIC is that on any port. */
#include "dissector/net/layer.h"

enum {
    HEADER_BYTES = 8,
    QUIC_LONG_HEADER_BITS = 0xC0, /* long form and fixed bit, RFC 9000 §17.2 */
    QUIC_VERSION_1 = 0x00000001,
    QUIC_VERSION_2 = 0x6b3343cf, /* RFC 9369 */
};

/* Ports as IANA lists them, or as systems use them without asking. */
static const struct layer_row ports[] = {
    {1701, &layer_l2tp},  {2152, &layer_gtp},       {3544, &layer_teredo},
    {4341, &layer_lisp},  {4754, &layer_gre}, /* RFC 8086 */
    {4789, &layer_vxlan}, {4790, &layer_vxlan_gpe}, {6081, &layer_geneve},
    {6635, &layer_mpls},  /* RFC 7510 */
    {8472, &layer_vxlan}, /* Linux, before there was a number */
    {37008, &layer_tzsp},
};

const struct layer *udp_port_find(uint32_t port)
{
    return layer_find(ports, sizeof ports / sizeof *ports, port);
}

static bool is_quic(struct span payload)
{
    struct reader r = reader_of(payload);
    uint8_t first = reader_u8(&r);
    uint32_t version = reader_u32(&r);
    return (first & QUIC_LONG_HEADER_BITS) == QUIC_LONG_HEADER_BITS &&
           (version == QUIC_VERSION_1 || version == QUIC_VERSION_2);
}

static enum layer_verdict undo_udp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t source = reader_u16(&r), destination = reader_u16(&r), len = reader_u16(&r);
    reader_skip(&r, 2);
    if (r.failed)
        return LAYER_MALFORMED;
    /* RFC 2675 §4: 0 for what is too long to say. */
    if (len != 0 && len < HEADER_BYTES)
        return LAYER_MALFORMED;
    if (len != 0)
        inner_trim(inner, len);
    inner->bytes = span_after(inner->bytes, HEADER_BYTES);
    if (is_quic(inner->bytes)) {
        struct segment *segment = &inner->segment;
        segment->is_datagram = true;
        segment->source.port = source;
        segment->destination.port = destination;
        segment->payload = inner->bytes;
        segment->cut_bytes = inner->cut_bytes;
        return LAYER_DATAGRAM;
    }
    const struct layer *layer = udp_port_find(destination);
    return inner_goto(inner, layer ? layer : udp_port_find(source), LAYER_NOT_TCP);
}

const struct layer layer_udp = {"udp", undo_udp};
