/* layer: one kind of header and how it is undone. Private to net/.
 *
 * A frame is peeled in a loop (net.c): each layer takes its header off the front of `inner` and
 * names the layer that follows, which a table finds by the number in the header. A new link type,
 * ethertype, IP protocol or tunnel is one struct layer and one row in the table that leads to it.
 *
 * inner->bytes shrinks from both ends, never grows, and stays inside the captured frame. */
#pragma once

#include "dissector/base/reader.h"
#include "dissector/net/net.h"
#include "dissector/net/segment.h"

enum layer_verdict {
    LAYER_NEXT,      /* inner->layer says what is in front now */
    LAYER_SEGMENT,   /* inner->segment is whole */
    LAYER_DATAGRAM,  /* the same, of UDP */
    LAYER_NOT_IP,    /* a link protocol without a row */
    LAYER_NOT_TCP,   /* an IP protocol, or UDP port, without a row */
    LAYER_FRAGMENT,  /* part of a datagram that is not whole yet */
    LAYER_PROTECTED, /* encrypted below TCP */
    LAYER_MALFORMED, /* the header contradicts itself or is cut */
    LAYER_TOO_DEEP,  /* more headers than limits.max_layers */
};

/* What stands behind an aggregated frame, and is undone when that one is done. */
struct rest {
    struct span bytes;
    uint32_t cut_bytes;
    const struct layer *layer; /* NULL: nothing */
};

/* What is inside the headers undone so far. */
struct inner {
    struct net *net;
    struct span bytes;  /* as captured */
    uint32_t cut_bytes; /* behind bytes, on the wire but not captured */
    bool is_cut;        /* a header told of more bytes than the frame had on the wire */
    bool has_whole;     /* a fragment made a datagram whole, which bytes are of now */
    const struct layer *layer;
    struct rest rest;
    struct segment segment; /* filled as its parts are met: addresses by IP, the rest by TCP */
};

struct layer {
    const char *name;
    enum layer_verdict (*undo)(struct inner *inner);
};

/* A row of a table: the number by which a header names what follows it. */
struct layer_row {
    uint32_t number;
    const struct layer *layer;
};

/* NULL: no row. */
const struct layer *layer_find(const struct layer_row *rows, size_t n_rows, uint32_t number);

/* link.c */
struct link_type {
    uint32_t linktype; /* LINKTYPE_ value */
    const char *name;
    size_t skipped_bytes; /* in front of the layer */
    const struct layer *layer;
};
const struct link_type *link_find(uint32_t linktype); /* NULL: no row */
enum { LINKTYPE_ETHERNET = 1 };
enum layer_verdict link_goto(struct inner *inner, const struct link_type *link);

/* ethertype.c: what an Ethernet type leads to, NULL: no row; and how to go on with a type, or with
 * an 802.3 length in its place. */
extern const struct layer layer_ethernet, layer_ethertype, layer_llc, layer_snap;
const struct layer *ethertype_find(uint32_t ethertype);
enum layer_verdict ethertype_goto(struct inner *inner, uint16_t ethertype);

/* ip.c: "ip" takes either version. */
extern const struct layer layer_ip, layer_ipv4, layer_ipv6;
static inline struct address address_of(uint8_t version, struct span bytes)
{
    struct address address = {.version = version};
    memcpy(address.bytes, bytes.ptr, bytes.len);
    return address;
}

/* protocol.c: what an IP protocol number or IPv6 next header leads to, NULL: no row. */
const struct layer *protocol_find(uint32_t protocol);
enum layer_verdict protocol_goto(struct inner *inner, uint8_t protocol);

/* The same for a fragment, of which protocol, id, at and is_last are given: goes on when it makes
 * its datagram whole. */
enum layer_verdict protocol_reassemble(struct inner *inner, struct fragment *fragment);

/* The fields of a TCP header into segment; r is then behind the flags. Gives the length that it
 * says the header has. Here, as it becomes a few loads where the length is known. */
static inline size_t segment_take_header(struct segment *segment, struct reader *r)
{
    segment->source.port = reader_u16(r);
    segment->destination.port = reader_u16(r);
    segment->seq = reader_u32(r);
    segment->ack = reader_u32(r);
    size_t header_len = (reader_u8(r) >> 4) * 4u;
    segment->flags =
        reader_u8(r) & (SEGMENT_FIN | SEGMENT_SYN | SEGMENT_RST | SEGMENT_PSH | SEGMENT_ACK);
    return header_len;
}

/* straight.c: all of an Ethernet frame into segment (zeroed but for its origin), when it is the one
 * that nearly always comes. False: undo its layers; what segment has then means nothing. */
bool straight_segment(struct span frame, struct segment *segment);

/* segment.c; udp.c, with the tunnel behind a port, NULL: no row. */
extern const struct layer layer_tcp, layer_udp;
const struct layer *udp_port_find(uint32_t port);

/* What lies between: tag.c, ppp.c, mpls.c, gre.c, overlay.c, gtp.c, family.c, recorded.c, wlan.c.
 */
extern const struct layer layer_vlan, layer_vn_tag, layer_e_tag, layer_i_tag, layer_sgt;
extern const struct layer layer_macsec;
extern const struct layer layer_pppoe, layer_ppp, layer_frame_relay, layer_l2tp;
extern const struct layer layer_mpls;
extern const struct layer layer_gre, layer_ether_ip;
extern const struct layer layer_vxlan, layer_vxlan_gpe, layer_geneve, layer_nsh, layer_teredo;
extern const struct layer layer_lisp;
extern const struct layer layer_gtp;
extern const struct layer layer_loopback, layer_enc, layer_pflog, layer_nflog;
extern const struct layer layer_ppi, layer_pktap, layer_erf, layer_tzsp;
extern const struct layer layer_wlan, layer_radiotap, layer_avs, layer_prism;

/* Takes the first n bytes off. False when they were not all captured; inner is then unchanged. */
bool inner_advance(struct inner *inner, size_t n);

/* Keeps the first len bytes: what follows on the wire is padding or a trailer. */
void inner_trim(struct inner *inner, size_t len);

/* The same for a length that must be true: bytes the frame lacks were cut before it was recorded.
 */
void inner_claim(struct inner *inner, size_t len);

/* Goes on with layer, or ends with otherwise when there is none. */
enum layer_verdict inner_goto(struct inner *inner, const struct layer *layer,
                              enum layer_verdict otherwise);
