/* The ethertypes, and the headers that lead to a further one: VLAN tags and LLC/SNAP. */
#include "dissector/net/layer.h"

enum {
    LENGTH_MAX = 1500,      /* IEEE 802.3 §3.2.6: up to this it is a length, not a type */
    LINUX_802_3 = 1,        /* "protocols" of Linux cooked frames: Novell raw 802.3 */
    LINUX_802_2 = 4,        /* … and LLC without a length */
    SAP_SNAP = 0xAAAA,      /* LLC destination and source: SNAP */
    SAP_IP = 0x0606,        /* … IP without SNAP, RFC 948 */
    CONTROL_UI = 0x03,      /* LLC unnumbered information */
    OUI_ETHERTYPE = 0,      /* SNAP: an ethertype follows, RFC 1042 */
    OUI_BRIDGED = 0x0000F8, /* … IEEE 802.1H */
};

/* IEEE 802.1Q: priority and VLAN number (2), then what was in the tag's place. */
static enum layer_verdict undo_vlan(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 2);
    uint16_t ethertype = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return ethertype_goto(inner, ethertype);
}

static enum layer_verdict undo_snap(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint32_t oui = (uint32_t)reader_u8(&r) << 16;
    oui |= reader_u16(&r);
    uint16_t ethertype = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    if (oui != OUI_ETHERTYPE && oui != OUI_BRIDGED)
        return LAYER_NOT_IP;
    inner->bytes = r.left;
    return ethertype > LENGTH_MAX ? ethertype_goto(inner, ethertype) : LAYER_NOT_IP;
}

/* IEEE 802.2: destination and source access point, control. */
static enum layer_verdict undo_llc(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t saps = reader_u16(&r);
    uint8_t control = reader_u8(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    if (control != CONTROL_UI)
        return LAYER_NOT_IP;
    inner->bytes = r.left;
    if (saps == SAP_SNAP)
        return undo_snap(inner);
    return inner_goto(inner, saps == SAP_IP ? &layer_ip : NULL, LAYER_NOT_IP);
}

static const struct layer layer_vlan = {"vlan", undo_vlan};
static const struct layer layer_llc = {"llc", undo_llc};

/* Numbers as IANA and the IEEE list them. */
static const struct ethertype {
    uint16_t number;
    const struct layer *layer;
} ethertypes[] = {
    {LINUX_802_2, &layer_llc}, {0x0800, &layer_ipv4}, {0x8100, &layer_vlan}, /* 802.1Q */
    {0x86DD, &layer_ipv6},     {0x88A8, &layer_vlan},                        /* 802.1ad */
    {0x9100, &layer_vlan}, /* before 802.1ad had a number */
    {0x9200, &layer_vlan},     {0x9300, &layer_vlan},
};

enum layer_verdict ethertype_goto(struct inner *inner, uint16_t ethertype)
{
    for (size_t i = 0; i < sizeof ethertypes / sizeof *ethertypes; i++)
        if (ethertypes[i].number == ethertype)
            return inner_goto(inner, ethertypes[i].layer, LAYER_NOT_IP);
    if (ethertype > LENGTH_MAX || ethertype == LINUX_802_3)
        return LAYER_NOT_IP;
    inner_trim(inner, ethertype);
    return inner_goto(inner, &layer_llc, LAYER_NOT_IP);
}
