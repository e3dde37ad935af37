/* tcp: the segments of one connection in, two ordered streams out. RFC 9293.
 *
 * Side 0 is who sent the SYN or, when the beginning was not seen, the first segment seen; side 1 is
 * the other. Which of them is the HTTP client is decided later, by content.
 *
 * Order: bytes of one side come in sequence order. A side's bytes are delivered before the peer's
 * bytes that acknowledge them, so that a response never overtakes its request even when frames were
 * captured in the wrong order: peer bytes that acknowledge what was not seen yet wait too.
 *
 * A hole is given up, as gap(n), when more than limits.max_reorder_bytes / _segments wait behind
 * it, when limits.reorder_ns of capture time passed, or at the end of the connection. That the peer
 * acknowledged the hole proves that the capture lost it; it may still come late (reordered
 * capture), so the rules above hold for it too. Cut payload (segment.cut_bytes) is a gap with
 * is_cut unless a whole copy follows. What the sink said it does not need (need_none) is neither
 * kept nor missed.
 *
 * Overlaps: the first copy seen of a byte is kept. A differing later copy of bytes still held is
 * noted as ANOMALY_OVERLAP_CONFLICT and counted. Keep-alive probes (one old byte) are
 * retransmissions. RST counts only when its sequence number is plausible (RFC 5961 §3): inside the
 * window of what was seen.
 *
 * Memory: out-of-order bytes only, within the limits; tcp_buffered_bytes tells. One owner thread.
 */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/net/segment.h"

struct tcp_stats {
    uint64_t n_gaps;
    uint64_t missing_bytes;
    uint64_t n_reordered;     /* segments that came before their predecessor */
    uint64_t n_retransmitted; /* segments that brought no new byte */
    uint64_t n_overlap_conflicts;
};

struct tcp_held; /* a segment that waits; private */

struct tcp_half {
    /* fields are private */
    struct stream_sink sink;
    struct tcp_held *held, *held_last; /* in sequence order */
    size_t n_held, held_bytes;
    uint64_t next;       /* offset of the next byte to deliver; 0 = first byte of the stream */
    uint64_t acked;      /* the peer acknowledged everything before this offset */
    uint64_t seen;       /* furthest offset any segment reached */
    uint64_t skip_until; /* the sink needs nothing before this offset */
    uint64_t fin;        /* offset of the FIN when has_fin */
    uint32_t base_seq;   /* sequence number of offset 0 */
    int64_t hole_since_ns;
    bool is_started, has_syn, has_fin, is_finished;
    enum feed settled;
};

struct tcp {
    /* fields are private */
    const struct limits *limits;
    struct tcp_stats *stats;
    struct tcp_half half[2];
};

/* stats (shared by all connections of a lane) must outlive tcp. */
void tcp_init(struct tcp *tcp, const struct limits *limits, struct tcp_stats *stats,
              const struct stream_sink sink[2]);

/* Takes a segment that side sent. FEED_STOP: neither side needs anything more, and later segments
 * may be dropped unread; FEED_NOMEM: give the connection up. */
enum feed tcp_feed(struct tcp *tcp, int side, const struct segment *segment);

/* Gives up holes older than limits.reorder_ns at origin->time_ns. */
enum feed tcp_tick(struct tcp *tcp, const struct origin *origin);

/* Delivers what waits (holes become gaps) and finishes both sinks. Later calls do nothing. */
void tcp_finish(struct tcp *tcp, enum end why, const struct origin *origin);

/* Both directions saw FIN, or a plausible RST came; the streams are finished. */
bool tcp_is_closed(const struct tcp *tcp);

/* Whether segment, sent by side, can only belong to a new connection on the same endpoints: a SYN
 * whose sequence number is not the one this connection began with. */
bool tcp_is_reuse(const struct tcp *tcp, int side, const struct segment *segment);

/* Bytes held out of order, with their bookkeeping. */
size_t tcp_buffered_bytes(const struct tcp *tcp);

void tcp_free(struct tcp *tcp);
