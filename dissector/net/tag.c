/* Tags behind the Ethernet addresses: what they say is skipped, except that MACsec may encrypt what
 * follows. IEEE 802.1Q, 802.1BR, 802.1ah, 802.1AE. */
#include "dissector/net/layer.h"

enum {
    MACSEC_ENCRYPTED = 0x08,
    MACSEC_HAS_CHANNEL = 0x20,
};

/* A tag of len bytes, then what was in its place. */
static enum layer_verdict skip(struct inner *inner, size_t len)
{
    return inner_advance(inner, len) ? layer_ethertype.undo(inner) : LAYER_MALFORMED;
}

/* Priority and VLAN number. */
static enum layer_verdict undo_vlan(struct inner *inner)
{
    return skip(inner, 2);
}

/* Cisco VN-Tag: the interfaces of a virtual switch. */
static enum layer_verdict undo_vn_tag(struct inner *inner)
{
    return skip(inner, 4);
}

/* The same of a port extender. */
static enum layer_verdict undo_e_tag(struct inner *inner)
{
    return skip(inner, 6);
}

/* Cisco metadata: version, length, option, security group. */
static enum layer_verdict undo_sgt(struct inner *inner)
{
    return skip(inner, 6);
}

/* Priority and service number, then a whole frame. */
static enum layer_verdict undo_i_tag(struct inner *inner)
{
    if (!inner_advance(inner, 4))
        return LAYER_MALFORMED;
    return inner_goto(inner, &layer_ethernet, LAYER_NOT_IP);
}

/* Flags, length, packet number, perhaps the channel. The check value behind is cut off by the
 * length in the IP header. */
static enum layer_verdict undo_macsec(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t flags = reader_u8(&r);
    if (!r.failed && flags & MACSEC_ENCRYPTED)
        return LAYER_PROTECTED;
    return skip(inner, flags & MACSEC_HAS_CHANNEL ? 6 + 8 : 6);
}

const struct layer layer_vlan = {"vlan", undo_vlan};
const struct layer layer_vn_tag = {"vn-tag", undo_vn_tag};
const struct layer layer_e_tag = {"e-tag", undo_e_tag};
const struct layer layer_i_tag = {"i-tag", undo_i_tag};
const struct layer layer_sgt = {"sgt", undo_sgt};
const struct layer layer_macsec = {"macsec", undo_macsec};
