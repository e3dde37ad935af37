/* segment: one TCP segment as the IP layer found it, after tunnels and fragments; and the addresses
 * it goes by. Plain data; the payload is borrowed from the frame. RFC 9293 §3.1. A UDP datagram
 * that begins as QUIC goes the same way, without what only TCP has. */
#pragma once

#include "dissector/base/origin.h"
#include "dissector/base/span.h"

struct address {
    uint8_t version;   /* 4 or 6 */
    uint8_t bytes[16]; /* IPv4: the first 4, the rest 0 */
};

struct endpoint {
    struct address address;
    uint16_t port;
};

enum segment_flag {
    SEGMENT_FIN = 0x01,
    SEGMENT_SYN = 0x02,
    SEGMENT_RST = 0x04,
    SEGMENT_PSH = 0x08,
    SEGMENT_ACK = 0x10,
};

struct segment {
    bool is_datagram; /* UDP; seq, ack and flags are 0 */
    bool is_twin;     /* no segment: what goes by these endpoints is captured as others too, which
                       * payload holds as a struct segment_twin (twins.h); no payload: what began
                       * between these by a handshake, with nothing said, is no connection */
    struct endpoint source, destination;
    uint32_t seq, ack; /* ack means something only with SEGMENT_ACK */
    uint8_t flags;     /* enum segment_flag, or-ed */
    uint8_t hop_limit; /* of IP (time to live in IPv4): who passes it on takes one off */
    struct span payload;
    uint32_t cut_bytes; /* payload bytes behind `payload` that the snap length cut off */
    struct origin origin;
    /* Ordinals of the frames that brought it in IP fragments, that of origin among them; borrowed.
     * n_frames 0: it came whole, in that of origin. */
    const uint64_t *frames;
    size_t n_frames;
};

/* What a notice (is_twin) tells of the endpoints in it. */
struct segment_twin {
    struct endpoint end[2]; /* the same as others: the source, the destination */
    bool is_before;         /* where the source sends, these are captured first */
};

/* Whether it brings no payload and has none of these flags. */
static inline bool segment_is_bare(const struct segment *segment, uint8_t flags)
{
    return segment->payload.len == 0 && segment->cut_bytes == 0 && !(segment->flags & flags);
}

static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && a->address.version == b->address.version &&
           memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes) == 0;
}

/* Whether it goes from one of the two sides to the other. */
bool segment_is_between(const struct segment *segment, const struct endpoint side[2]);
