/* The link types, and the headers only they have. What an ethertype leads to is in ethertype.c. */
#include "dissector/net/layer.h"

enum {
    TOKEN_RING_HAS_ROUTE = 0x80, /* in the first byte of the source */
    TOKEN_RING_LEN_MASK = 0x1F,
};

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

/* IEEE 802.5: access and frame control, destination, source, perhaps a route, LLC. */
static enum layer_verdict undo_token_ring(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 2 + 6);
    uint8_t source = reader_u8(&r);
    reader_skip(&r, 5);
    struct reader route = r;
    if (source & TOKEN_RING_HAS_ROUTE)
        reader_skip(&r, reader_u8(&route) & TOKEN_RING_LEN_MASK);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, &layer_llc, LAYER_NOT_IP);
}

static const struct layer layer_sll2 = {"sll2", undo_sll2};
static const struct layer layer_token_ring = {"token ring", undo_token_ring};

/* https://www.tcpdump.org/linktypes.html; 12 and 14 are raw IP in files of some systems that wrote
 * their own DLT_ value. What a header says in front of the layer is of no use here: addresses,
 * directions, tags of a switch between the Ethernet addresses and the type. */
static const struct link_type link_types[] = {
    {0, "NULL", 0, &layer_loopback},
    {1, "EN10MB", 0, &layer_ethernet},
    {6, "IEEE802_5", 0, &layer_token_ring},
    {8, "SLIP", 16, &layer_ip},
    {9, "PPP", 0, &layer_ppp},
    {10, "FDDI", 1 + 6 + 6, &layer_llc},
    {12, "RAW", 0, &layer_ip},
    {14, "RAW", 0, &layer_ip},
    {50, "PPP_HDLC", 0, &layer_ppp},
    {51, "PPP_ETHER", 0, &layer_pppoe},
    {100, "ATM_RFC1483", 0, &layer_llc},
    {101, "RAW", 0, &layer_ip},
    {104, "C_HDLC", 2, &layer_ethertype},
    {105, "IEEE802_11", 0, &layer_wlan},
    {107, "FRELAY", 0, &layer_frame_relay},
    {108, "LOOP", 0, &layer_loopback},
    {109, "ENC", 0, &layer_enc},
    {113, "LINUX_SLL", 2 + 2 + 2 + 8, &layer_ethertype},
    {117, "PFLOG", 0, &layer_pflog},
    {119, "IEEE802_11_PRISM", 0, &layer_prism},
    {122, "IP_OVER_FC", 8 + 8, &layer_llc},
    {123, "SUNATM", 4, &layer_llc},
    {127, "IEEE802_11_RADIOTAP", 0, &layer_radiotap},
    {138, "APPLE_IP_OVER_IEEE1394", 8 + 8, &layer_ethertype},
    {163, "IEEE802_11_AVS", 0, &layer_avs},
    {166, "PPP_PPPD", 1, &layer_ppp},
    {192, "PPI", 0, &layer_ppi},
    {197, "ERF", 0, &layer_erf},
    {204, "PPP_WITH_DIR", 1, &layer_ppp},
    {205, "C_HDLC_WITH_DIR", 1 + 2, &layer_ethertype},
    {206, "FRELAY_WITH_DIR", 1, &layer_frame_relay},
    {219, "MPLS", 0, &layer_mpls},
    {226, "IPNET", 24, &layer_ip},
    {228, "IPV4", 0, &layer_ipv4},
    {229, "IPV6", 0, &layer_ipv6},
    {239, "NFLOG", 0, &layer_nflog},
    {240, "NETANALYZER", 4, &layer_ethernet},
    {241, "NETANALYZER_TRANSPARENT", 4 + 8, &layer_ethernet},
    {258, "PKTAP", 0, &layer_pktap},
    {276, "LINUX_SLL2", 0, &layer_sll2},
    {281, "DSA_TAG_BRCM", 6 + 6 + 4, &layer_ethertype},
    {282, "DSA_TAG_BRCM_PREPEND", 4, &layer_ethernet},
    {284, "DSA_TAG_DSA", 6 + 6 + 4, &layer_ethertype},
    {285, "DSA_TAG_EDSA", 6 + 6 + 8, &layer_ethertype},
};

const struct link_type *link_find(uint32_t linktype)
{
    for (size_t i = 0; i < sizeof link_types / sizeof *link_types; i++)
        if (link_types[i].linktype == linktype)
            return &link_types[i];
    return NULL;
}

enum layer_verdict link_goto(struct inner *inner, const struct link_type *link)
{
    if (!link)
        return LAYER_NOT_IP;
    if (!inner_advance(inner, link->skipped_bytes))
        return LAYER_MALFORMED;
    return inner_goto(inner, link->layer, LAYER_NOT_IP);
}
