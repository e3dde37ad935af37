/* tcp: the segments of one connection in, two ordered streams out. RFC 9293.
 *
 * Side 0 is who sent the SYN or, when the beginning was not seen, the first segment seen; side 1 is
 * the other. Which of them is the HTTP client is decided later, by content.
 *
 * Order. Bytes of one side come in sequence order. A side's bytes are delivered before the peer's
 * bytes that acknowledge them, so that a response never overtakes its request even when frames were
 * captured in the wrong order: peer bytes that acknowledge what was not seen yet wait too. Of bytes
 * that do not wait for each other those captured first go first, also where their stream has yet to
 * begin. An acknowledgement of 0 is taken for made up and tells nothing. Where each side's bytes
 * acknowledge the other's (a retransmission does that), side 0 goes first. Where a direction was
 * never seen, its peer waits once, for what reordering explains, then no more.
 *
 * Beginning. A stream begins at the SYN (its own, or the one the peer's SYN+ACK acknowledges). When
 * neither was seen, its first bytes wait as if behind a hole, at most TCP_START_BYTES, because the
 * SYN or earlier bytes may have been captured late; then it begins with the first byte seen, and
 * nothing before that counts as missing, but for what the first bytes of the peer do not yet
 * acknowledge: that was sent behind them.
 *
 * Holes. A hole is given up, as gap(n), when more than limits.max_reorder_bytes / _segments wait
 * behind it, when limits.reorder_ns of capture time and limits.reorder_frames frames have passed,
 * or limits.reorder_quiet_ns, or at the end of the connection; what the peer sent meanwhile comes
 * between the parts before and behind what it acknowledges of it. That the peer acknowledged the
 * hole proves that the capture lost it; it may still come late, so these rules hold for it too.
 * What the snap length cut (segment.cut_bytes) is a gap with is_cut at once, unless a whole copy
 * came before. What the sink said it does not need (need_none) is neither kept nor ordered nor
 * missed.
 *
 * Overlaps. The first copy seen of a byte is kept. A differing later copy of bytes still held is
 * noted as ANOMALY_OVERLAP_CONFLICT and counted; delivered bytes are gone and not compared.
 * Keep-alive probes (one old byte) are retransmissions.
 *
 * Disbelief. What stands more than max_reorder_bytes ahead of everything known counts only when a
 * second segment, of either side, agrees: so a real loss of any size is recovered from, and a stray
 * or forged segment does nothing. RST counts near what was seen (RFC 5961 §3), and takes effect
 * when nothing before it is missing; one that acknowledges nothing answers a segment that may have
 * been captured behind it, so it takes effect when it has waited as long as a hole. Data behind a
 * FIN is ignored. A SYN that does not fit is ignored too, unless a second segment agrees that it
 * began a new connection (tcp_is_reuse).
 *
 * Memory: out-of-order bytes only, within the limits; tcp_buffered_bytes tells. In-order bytes are
 * passed on from the frame, without copy or allocation. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/net/segment.h"
#include "dissector/net/tcp_queue.h"
#include "dissector/net/tcp_trace.h"

/* How much of a stream may wait for its beginning, or for a direction never seen. */
enum { TCP_START_BYTES = 256 * 1024 };

struct tcp_stats {
    uint64_t n_gaps;
    uint64_t missing_bytes;
    uint64_t n_reordered;     /* segments that filled a hole: captured behind a later one */
    uint64_t n_retransmitted; /* segments that brought no new byte */
    uint64_t n_overlap_conflicts;
    uint64_t n_disbelieved; /* segments too far from what was known to belong to it */
};

/* Positions are sequence numbers extended to 64 bits: their low half is the sequence number, and
 * they never wrap. The first one known of a side is 2^32 plus that number. */
struct tcp_half {
    /* fields are private; in this order as most segments need but the first ones */
    uint64_t next;       /* next byte to deliver; before is_started the lowest position known */
    uint64_t reached;    /* all before this was sent: its segments or the peer's ACK say so */
    uint64_t skip_until; /* the sink needs nothing before this position */
    bool is_anchored;    /* positions mean something */
    bool is_seen, is_started, has_beginning, has_fin, is_finished, has_suspect, has_other;
    enum feed settled;
    struct stream_sink sink;
    struct tcp_queue held;
    uint64_t cut_until; /* what is not held before this position was cut by the snap length */
    const struct limits *limits;
    struct tcp_stats *stats;
    uint64_t first;       /* where the stream began */
    uint64_t opening_ack; /* what its first bytes acknowledge of the peer's; 0 nothing */
    uint64_t waived;      /* the peer's bytes no longer wait for what is before this position */
    uint64_t fin, fin_ack;
    struct origin fin_origin;
    struct tcp_queue suspect; /* a segment too far ahead that nothing has confirmed yet */
    uint64_t suspect_at;      /* where it, or an acknowledgement as far ahead, stands */
    uint32_t other_seq; /* what would follow the segment of another connection that was seen */
};

struct tcp {
    /* fields are private */
    const struct limits *limits;
    struct tcp_half half[2];
    struct origin reset_origin;
    bool has_reset, has_reset_ack; /* one that says what its sender had seen */
    int reset_side;                /* that sent it */
    int opener;                    /* the side that sent the SYN; -1: not known */
};

/* stats (shared by all connections of a lane) must outlive tcp. */
void tcp_init(struct tcp *tcp, const struct limits *limits, struct tcp_stats *stats,
              const struct stream_sink sink[2]);

/* Takes a segment that side sent. FEED_STOP: neither side needs anything more, and later segments
 * may be dropped unread; FEED_NOMEM: give the connection up. */
enum feed tcp_feed(struct tcp *tcp, int side, const struct segment *segment);

/* Whether segment, sent by side, tells nothing: tcp_feed would change nothing and answer FEED_OK.
 * It acknowledges what was delivered, and nothing waits. */
bool tcp_is_told_nothing(const struct tcp *tcp, int side, const struct segment *segment);

/* Whether no byte of either side was seen, nor a reset. */
bool tcp_is_silent(const struct tcp *tcp);

/* Gives up holes that have waited enough at origin. Answers like tcp_feed. */
enum feed tcp_tick(struct tcp *tcp, const struct origin *origin);

/* Whether something waits that a later tick can end. */
bool tcp_is_waiting(const struct tcp *tcp);

/* Delivers what waits (holes become gaps) and finishes both sinks; not with why but with END_FIN
 * when the peer acknowledged exactly one number behind the last byte, which only a FIN takes up,
 * and with END_RESET when a RST was waiting for earlier bytes, first the side that sent it. Later
 * calls do nothing. */
void tcp_finish(struct tcp *tcp, enum end why, const struct origin *origin);

/* Whether the stream of side begins where the connection did: its SYN, or the peer's SYN+ACK, was
 * seen; or nothing of it was delivered yet, and what the peer, whose beginning was seen, said first
 * tells where it begins, so that what is missing since will be a gap. Final as soon as the first
 * bytes are delivered. */
bool tcp_has_beginning(const struct tcp *tcp, int side);

/* The side that opened the connection, or -1: neither SYN nor SYN+ACK was seen. */
int tcp_opener(const struct tcp *tcp);

/* Both streams are finished: by FIN, by RST, or by tcp_finish. */
bool tcp_is_closed(const struct tcp *tcp);

/* Whether segment, sent by side and not fed, can only belong to a new connection on the same
 * endpoints. A SYN is believed at once when nothing of the old connection is needed any more
 * (it is closed, or tcp_feed answered FEED_STOP); else only the next segment that agrees with it,
 * usually the SYN+ACK, so that a forged SYN ends nothing. */
bool tcp_is_reuse(const struct tcp *tcp, int side, const struct segment *segment);

/* What answers that as well when tcp is gone. */
struct tcp_trace tcp_trace_of(const struct tcp *tcp);

/* Bytes held out of order, with their bookkeeping. */
size_t tcp_buffered_bytes(const struct tcp *tcp);

void tcp_free(struct tcp *tcp);
