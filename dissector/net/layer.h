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
    LAYER_NOT_IP,    /* a link protocol without a row */
    LAYER_NOT_TCP,   /* an IP protocol without a row */
    LAYER_FRAGMENT,  /* part of a datagram that is not whole yet */
    LAYER_MALFORMED, /* the header contradicts itself or is cut */
};

/* What is inside the headers undone so far. */
struct inner {
    struct net *net;
    struct span bytes;  /* as captured */
    uint32_t cut_bytes; /* behind bytes, on the wire but not captured */
    bool is_cut;        /* a header told of more bytes than the frame had on the wire */
    bool has_whole;     /* a fragment made a datagram whole, which bytes are of now */
    const struct layer *layer;
    struct segment segment; /* filled as its parts are met: addresses by IP, the rest by TCP */
};

struct layer {
    const char *name;
    enum layer_verdict (*undo)(struct inner *inner);
};

/* link.c */
struct link_type {
    uint32_t linktype; /* LINKTYPE_ value */
    const char *name;
    const struct layer *layer;
};
const struct link_type *link_find(uint32_t linktype); /* NULL: no row */

/* ethertype.c: goes on with what an Ethernet type, or an 802.3 length in its place, leads to. */
enum layer_verdict ethertype_goto(struct inner *inner, uint16_t ethertype);

/* ip.c: "ip" takes either version. */
extern const struct layer layer_ip, layer_ipv4, layer_ipv6;
struct address address_of(uint8_t version, struct span bytes);

/* protocol.c: goes on with what an IP protocol number or IPv6 next header leads to. */
enum layer_verdict protocol_goto(struct inner *inner, uint8_t protocol);

/* The same for a fragment, of which protocol, id, at and is_last are given: goes on when it makes
 * its datagram whole. */
enum layer_verdict protocol_reassemble(struct inner *inner, struct fragment *fragment);

/* segment.c */
extern const struct layer layer_tcp;

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
