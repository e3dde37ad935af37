/* net: frames in, TCP segments and the beginnings of QUIC out. Undoes the link layer (a table of
 * link types), tunnels in any order, and IP.
 *
 * in:  a frame with its LINKTYPE_ value (https://www.tcpdump.org/linktypes.html), what was captured
 * of it and its length on the wire. out: every TCP segment, and every UDP datagram that begins with
 * a long header of QUIC, through the sink, inside the call; more than one from a frame that
 * aggregates others (802.11 A-MSDU). A segment goes by its innermost
 * addresses; numbers of VLANs, tunnels and tenants are no part of them, so that a packet captured
 * before and behind a tag or tunnel is one packet.
 *
 * Everything else is counted by kind.
 *
 * Nothing is invented: bytes beyond the snap length become segment.cut_bytes; Ethernet padding is
 * cut by the IP length; an IPv4 total length of 0 (segmentation offload) means "to the end of the
 * frame". Fragments are put together (fragment.h). Checksums are not verified: with offloading they
 * are wrong in most captures of one's own traffic. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/net/fragment.h"
#include "dissector/net/segment.h"

struct segment_sink {
    enum feed (*segment)(void *ctx, const struct segment *segment);
    void *ctx;
};

/* Frames of a link type without a row. */
struct net_unread_link {
    uint32_t linktype;
    uint64_t n_frames; /* 0: an unused place */
};

enum { NET_UNREAD_LINKS = 8 }; /* told apart; the frames of more are only in the sum */

struct net_stats {
    uint64_t n_frames;
    uint64_t n_bytes; /* on the wire */
    uint64_t n_cut;   /* frames shorter than on the wire */
    uint64_t n_segments;
    uint64_t n_quic;         /* UDP datagrams with a long header of QUIC */
    uint64_t n_not_ip;       /* ARP, STP, LLDP … */
    uint64_t n_not_tcp;      /* IP, but another protocol; UDP, but no tunnel */
    uint64_t n_protected;    /* encrypted below TCP: 802.11, MACsec, IPsec */
    uint64_t n_fragments;    /* IP fragments of what we can read */
    uint64_t n_malformed;    /* headers that contradict themselves or are cut */
    uint64_t n_too_deep;     /* more headers one in another than limits.max_layers */
    uint64_t n_unknown_link; /* frames of a link type without a row */
    struct net_unread_link unread_links[NET_UNREAD_LINKS]; /* of which types; by first frame */
    struct fragment_stats datagrams;                       /* what became of the fragments */
};

struct net {
    /* fields are private */
    const struct limits *limits;
    struct segment_sink sink;
    struct fragments fragments;
    struct net_stats stats;
};

void net_init(struct net *net, const struct limits *limits, struct segment_sink sink);

/* FEED_OK, or what the sink answered when it is FEED_NOMEM. */
enum feed net_feed(struct net *net, uint32_t linktype, struct span frame, uint32_t wire_len,
                   const struct origin *origin);

const struct net_stats *net_stats(const struct net *net);

/* Held of incomplete datagrams, for the memory limit. */
size_t net_buffered_bytes(const struct net *net);
void net_free(struct net *net);

/* Name of a link type that has a row ("EN10MB"), or NULL. */
const char *net_link_name(uint32_t linktype);
