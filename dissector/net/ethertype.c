/* Ethernet, LLC/SNAP, and the table of ethertypes. */
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

static enum layer_verdict undo_ethertype(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t ethertype = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return ethertype_goto(inner, ethertype);
}

/* IEEE 802.3: destination, source, type or length. */
static enum layer_verdict undo_ethernet(struct inner *inner)
{
    return inner_advance(inner, 6 + 6) ? undo_ethertype(inner) : LAYER_MALFORMED;
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

const struct layer layer_ethernet = {"ethernet", undo_ethernet};
const struct layer layer_ethertype = {"ethertype", undo_ethertype};
const struct layer layer_llc = {"llc", undo_llc};
const struct layer layer_snap = {"snap", undo_snap};

/* Numbers as IANA and the IEEE list them. */
static const struct layer_row ethertypes[] = {
    {LINUX_802_2, &layer_llc}, {0x0800, &layer_ipv4},
    {0x6558, &layer_ethernet}, /* transparent bridging in GRE, GENEVE and their like */
    {0x8100, &layer_vlan},     /* 802.1Q */
    {0x86DD, &layer_ipv6},     {0x8847, &layer_mpls},
    {0x8848, &layer_mpls}, /* with an upstream-assigned label, once multicast */
    {0x8864, &layer_pppoe},    {0x880B, &layer_ppp},
    {0x88A8, &layer_vlan},                             /* 802.1ad */
    {0x88E5, &layer_macsec},   {0x88E7, &layer_i_tag}, /* 802.1ah */
    {0x8909, &layer_sgt},                              /* Cisco's security group tag */
    {0x8926, &layer_vn_tag},   {0x893F, &layer_e_tag}, /* 802.1BR */
    {0x894F, &layer_nsh},      {0x9100, &layer_vlan},  /* before 802.1ad had a number */
    {0x9200, &layer_vlan},     {0x9300, &layer_vlan},
};

const struct layer *ethertype_find(uint32_t ethertype)
{
    return layer_find(ethertypes, sizeof ethertypes / sizeof *ethertypes, ethertype);
}

enum layer_verdict ethertype_goto(struct inner *inner, uint16_t ethertype)
{
    const struct layer *layer = ethertype_find(ethertype);
    if (layer || ethertype > LENGTH_MAX || ethertype == LINUX_802_3)
        return inner_goto(inner, layer, LAYER_NOT_IP);
    inner_trim(inner, ethertype);
    return inner_goto(inner, &layer_llc, LAYER_NOT_IP);
}
