/* The link types, and the headers only they have. What an ethertype leads to is in ethertype.c. */
#include "dissector/net/layer.h"

/* IEEE 802.3: destination, source, type or length. */
static enum layer_verdict undo_ethernet(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 6 + 6);
    uint16_t ethertype = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return ethertype_goto(inner, ethertype);
}

/* The number of the address family is the capturing system's own: 2 is IPv4 everywhere, IPv6 is 10
 * on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
static const struct layer *family_layer(uint32_t family)
{
    switch (family) {
    case 2:
        return &layer_ipv4;
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
        return &layer_ipv6;
    default:
        return NULL;
    }
}

/* LINKTYPE_NULL has the family in the byte order of the capturing machine, LINKTYPE_LOOP in network
 * order. Families are small, so the order shows. */
static enum layer_verdict undo_loopback(struct inner *inner)
{
    struct reader big = reader_of(inner->bytes), little = big;
    uint32_t family = reader_u32(&big), swapped = reader_le32(&little);
    if (big.failed)
        return LAYER_MALFORMED;
    inner->bytes = big.left;
    return inner_goto(inner, family_layer(family < swapped ? family : swapped), LAYER_NOT_IP);
}

/* Linux cooked, version 1: packet type, ARPHRD type, address length, address (8), protocol. */
static enum layer_verdict undo_sll(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 2 + 2 + 2 + 8);
    uint16_t protocol = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return ethertype_goto(inner, protocol);
}

/* Linux cooked, version 2: protocol, reserved (2), interface (4), ARPHRD type, packet type (1),
 * address length (1), address (8). */
static enum layer_verdict undo_sll2(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t protocol = reader_u16(&r);
    reader_skip(&r, 2 + 4 + 2 + 1 + 1 + 8);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return ethertype_goto(inner, protocol);
}

static const struct layer layer_ethernet = {"ethernet", undo_ethernet};
static const struct layer layer_loopback = {"loopback", undo_loopback};
static const struct layer layer_sll = {"sll", undo_sll};
static const struct layer layer_sll2 = {"sll2", undo_sll2};

/* https://www.tcpdump.org/linktypes.html; 12 and 14 are raw IP in files of some systems that wrote
 * their own DLT_ value. */
static const struct link_type link_types[] = {
    {0, "NULL", &layer_loopback},   {1, "EN10MB", &layer_ethernet},
    {12, "RAW", &layer_ip},         {14, "RAW", &layer_ip},
    {101, "RAW", &layer_ip},        {108, "LOOP", &layer_loopback},
    {113, "LINUX_SLL", &layer_sll}, {228, "IPV4", &layer_ipv4},
    {229, "IPV6", &layer_ipv6},     {276, "LINUX_SLL2", &layer_sll2},
};

const struct link_type *link_find(uint32_t linktype)
{
    for (size_t i = 0; i < sizeof link_types / sizeof *link_types; i++)
        if (link_types[i].linktype == linktype)
            return &link_types[i];
    return NULL;
}
