/* GRE, RFC 2784 and RFC 2890, and what is known by its protocol numbers alone: NVGRE (RFC 7637),
 * PPTP (RFC 2637), ERSPAN (draft-foschiano-erspan), WCCP; and Ethernet in IP, RFC 3378. */
#include "dissector/net/layer.h"

enum {
    HAS_CHECKSUM = 0x8000,
    HAS_ROUTING = 0x4000,
    HAS_KEY = 0x2000,
    HAS_SEQUENCE = 0x1000,
    HAS_ACK = 0x0080, /* PPTP */
    VERSION_MASK = 0x0007,
    VERSION_PPTP = 1,

    TYPE_WCCP = 0x883E,
    TYPE_ERSPAN = 0x88BE,
    TYPE_ERSPAN_3 = 0x22EB,
    ERSPAN_2_BYTES = 8,
    ERSPAN_3_BYTES = 12,
    ERSPAN_3_HAS_MORE = 0x0001, /* eight bytes that depend on the platform */
    ERSPAN_3_FRAME_SHIFT = 10,
    ERSPAN_3_FRAME_MASK = 0x1F,
    ERSPAN_3_ETHERNET = 0,
    ERSPAN_3_IP = 2,
};

/* RFC 1701: entries of family, offset and length, up to an empty one. */
static void skip_routes(struct reader *r)
{
    uint8_t len;
    do {
        reader_skip(r, 3);
        len = reader_u8(r);
        reader_skip(r, len);
    } while (len > 0 && !r->failed);
}

static enum layer_verdict undo_erspan_3(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, ERSPAN_3_BYTES - 2);
    uint16_t flags = reader_u16(&r);
    if (flags & ERSPAN_3_HAS_MORE)
        reader_skip(&r, 8);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    switch (flags >> ERSPAN_3_FRAME_SHIFT & ERSPAN_3_FRAME_MASK) {
    case ERSPAN_3_ETHERNET:
        return inner_goto(inner, &layer_ethernet, LAYER_NOT_IP);
    case ERSPAN_3_IP:
        return inner_goto(inner, &layer_ip, LAYER_NOT_IP);
    default:
        return LAYER_NOT_IP;
    }
}

/* A redirected packet has a header of 4 bytes in version 2, which cannot look like IP. */
static enum layer_verdict undo_wccp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r) >> 4;
    if (version != 4 && !inner_advance(inner, 4))
        return LAYER_MALFORMED;
    return inner_goto(inner, &layer_ipv4, LAYER_NOT_IP);
}

static const struct layer layer_erspan_3 = {"erspan", undo_erspan_3};
static const struct layer layer_wccp = {"wccp", undo_wccp};

/* Numbers that mean something else, or nothing, outside GRE. */
static const struct layer_row gre_types[] = {
    {TYPE_WCCP, &layer_wccp},
    {TYPE_ERSPAN, &layer_ethernet},
    {TYPE_ERSPAN_3, &layer_erspan_3},
};

/* ERSPAN is of type I without a sequence number: then there is no header; else of type II. */
static enum layer_verdict go_on(struct inner *inner, uint16_t flags, uint16_t type)
{
    bool is_erspan_2 = type == TYPE_ERSPAN && flags & HAS_SEQUENCE;
    if (is_erspan_2 && !inner_advance(inner, ERSPAN_2_BYTES))
        return LAYER_MALFORMED;
    const struct layer *layer = layer_find(gre_types, sizeof gre_types / sizeof *gre_types, type);
    return inner_goto(inner, layer ? layer : ethertype_find(type), LAYER_NOT_IP);
}

static enum layer_verdict undo_gre(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t flags = reader_u16(&r), type = reader_u16(&r);
    if (flags & (HAS_CHECKSUM | HAS_ROUTING))
        reader_skip(&r, 2 + 2);
    if (flags & HAS_KEY)
        reader_skip(&r, 4);
    if (flags & HAS_SEQUENCE)
        reader_skip(&r, 4);
    if (flags & HAS_ROUTING)
        skip_routes(&r);
    bool is_pptp = (flags & VERSION_MASK) == VERSION_PPTP;
    if (is_pptp && flags & HAS_ACK)
        reader_skip(&r, 4);
    if (r.failed)
        return LAYER_MALFORMED;
    /* PPTP acknowledges in packets without a payload, which have no sequence number. */
    if ((flags & VERSION_MASK) > VERSION_PPTP || (is_pptp && !(flags & HAS_SEQUENCE)))
        return LAYER_NOT_TCP;
    inner->bytes = r.left;
    return go_on(inner, flags, type);
}

/* Version and reserved bits. */
static enum layer_verdict undo_ether_ip(struct inner *inner)
{
    return inner_advance(inner, 2) ? inner_goto(inner, &layer_ethernet, LAYER_NOT_IP)
                                   : LAYER_MALFORMED;
}

const struct layer layer_gre = {"gre", undo_gre};
const struct layer layer_ether_ip = {"etherip", undo_ether_ip};
