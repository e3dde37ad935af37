/* tcp_trace: what tells segments of a connection from those of another one between the same
 * endpoints. It is all that has to be kept of a connection that is over. RFC 9293 §3.6.1.
 *
 * in: a trace (tcp_trace_of in tcp.h) and a segment. out: whether both can be of one connection. */
#pragma once

#include "dissector/net/segment.h"

/* Positions are those of struct tcp_half. */
struct tcp_trace_half {
    uint64_t next, first;
    size_t max_reorder_bytes; /* of the limits */
    uint32_t other_seq;       /* what would follow a segment of another connection, has_other */
    bool is_anchored, is_started, has_other;
};

struct tcp_trace {
    struct tcp_trace_half half[2];
    bool is_over; /* nothing of the connection is needed any more */
};

/* The position of seq that is nearest to one. */
static inline uint64_t tcp_trace_position(uint64_t near, uint32_t seq)
{
    uint32_t ahead = seq - (uint32_t)near;
    return ahead < UINT32_C(1) << 31 ? near + ahead : near - (uint32_t)-ahead;
}

static inline uint64_t tcp_trace_distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Whether a SYN is the one this stream began with; seq is the number behind it. */
bool tcp_trace_fits_syn(const struct tcp_trace_half *half, uint32_t seq);

/* Whether the numbers of segment are near those of its side. */
bool tcp_trace_fits(const struct tcp_trace *trace, int side, const struct segment *segment);

/* As tcp_is_reuse in tcp.h. */
bool tcp_trace_is_reuse(const struct tcp_trace *trace, int side, const struct segment *segment);
