/* The point-to-point links: PPP (RFC 1661, RFC 1662), in Ethernet (RFC 2516) and in UDP (L2TP, RFC
 * 2661), Cisco HDLC, frame relay (RFC 2427). */
#include "dissector/net/layer.h"

enum {
    PPP_ADDRESS = 0xFF, /* with a control byte behind it; often left out */
    CHDLC_UNICAST = 0x0F,
    CHDLC_BROADCAST = 0x8F,
    PPPOE_VERSION = 0x11,
    PPPOE_SESSION = 0,
    L2TP_VERSION_MASK = 0x000F,
    L2TP_CONTROL = 0x8000,
    L2TP_HAS_LENGTH = 0x4000,
    L2TP_HAS_NUMBERS = 0x0800,
    L2TP_HAS_OFFSET = 0x0200,
    CONTROL_UI = 0x03,
    ADDRESS_END = 0x01,
};

/* Numbers as IANA lists them. */
static const struct layer_row ppp_protocols[] = {
    {0x0021, &layer_ipv4},
    {0x0057, &layer_ipv6},
    {0x0281, &layer_mpls},
    {0x0283, &layer_mpls},
};

/* Network layer protocol identifiers, ISO/IEC TR 9577. */
static const struct layer_row nlpids[] = {
    {0x80, &layer_snap},
    {0x8E, &layer_ipv6},
    {0xCC, &layer_ipv4},
};

/* The protocol number is odd in its last byte and even before it: a first byte that is odd is all
 * of it, RFC 1661 §6.5. Where PPP is expected Cisco HDLC may be meant. */
static enum layer_verdict undo_ppp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes), ahead = r;
    uint8_t first = reader_u8(&ahead);
    if (first == CHDLC_UNICAST || first == CHDLC_BROADCAST)
        return inner_advance(inner, 2) ? layer_ethertype.undo(inner) : LAYER_MALFORMED;
    if (first == PPP_ADDRESS)
        reader_skip(&r, 2);
    uint32_t protocol = reader_u8(&r);
    if (!(protocol & 1))
        protocol = protocol << 8 | reader_u8(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(
        inner, layer_find(ppp_protocols, sizeof ppp_protocols / sizeof *ppp_protocols, protocol),
        LAYER_NOT_IP);
}

/* Version and type, code, session, length of what follows. */
static enum layer_verdict undo_pppoe(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r), code = reader_u8(&r);
    reader_skip(&r, 2);
    uint16_t len = reader_u16(&r);
    if (r.failed || version != PPPOE_VERSION)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    inner_trim(inner, len);
    return inner_goto(inner, code == PPPOE_SESSION ? &layer_ppp : NULL, LAYER_NOT_IP);
}

/* Flags; perhaps the length; tunnel, session; perhaps numbers, an offset and its padding. */
static enum layer_verdict undo_l2tp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t flags = reader_u16(&r);
    if (!r.failed && ((flags & L2TP_VERSION_MASK) != 2 || flags & L2TP_CONTROL))
        return LAYER_NOT_TCP;
    if (flags & L2TP_HAS_LENGTH)
        reader_skip(&r, 2);
    reader_skip(&r, 2 + 2);
    if (flags & L2TP_HAS_NUMBERS)
        reader_skip(&r, 2 + 2);
    if (flags & L2TP_HAS_OFFSET)
        reader_skip(&r, reader_u16(&r));
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, &layer_ppp, LAYER_NOT_TCP);
}

/* An address of 2 to 4 bytes, of which the last is odd; then a control byte, perhaps padding and a
 * protocol identifier, or as Cisco does an ethertype. */
static enum layer_verdict undo_frame_relay(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    size_t address_len = 1;
    while (!(reader_u8(&r) & ADDRESS_END) && address_len < 4)
        address_len++;
    struct reader type = r;
    uint16_t ethertype = reader_u16(&type);
    if (type.failed)
        return LAYER_MALFORMED;
    if (ethertype >> 8 != CONTROL_UI) {
        inner->bytes = type.left;
        return inner_goto(inner, ethertype_find(ethertype), LAYER_NOT_IP);
    }
    reader_skip(&r, 1);
    uint8_t nlpid = reader_u8(&r);
    if (nlpid == 0)
        nlpid = reader_u8(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, layer_find(nlpids, sizeof nlpids / sizeof *nlpids, nlpid),
                      LAYER_NOT_IP);
}

const struct layer layer_ppp = {"ppp", undo_ppp};
const struct layer layer_frame_relay = {"frame-relay", undo_frame_relay};
const struct layer layer_pppoe = {"pppoe", undo_pppoe};
const struct layer layer_l2tp = {"l2tp", undo_l2tp};
