/* tcp_half: one side of a connection and its sink: what is delivered, passed over, missing, over.
 * Private to net/. Nothing here looks at the other side. A settled half takes everything and calls
 * nothing but finish. */
#pragma once

#include "dissector/net/tcp.h"

/* Of two positions the one that comes first. */
static inline uint64_t tcp_half_first(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The position of seq that is nearest to what is delivered next. The first seq known of a half, in
 * its segments or in what the peer acknowledges, anchors it: only then there are positions. */
uint64_t tcp_half_anchor(struct tcp_half *half, uint32_t seq);
uint64_t tcp_half_position(const struct tcp_half *half, uint32_t seq);

struct tcp_trace_half tcp_half_trace(const struct tcp_half *half);

/* Begins the stream at a position. */
void tcp_half_start(struct tcp_half *half, uint64_t at);

/* Delivers those of segment's bytes that are next, up to a position. */
void tcp_half_deliver(struct tcp_half *half, const struct tcp_held *segment, uint64_t until);

/* Keeps what is not held yet of a segment that has to wait. is_late: a later one was seen. */
void tcp_half_hold(struct tcp_half *half, const struct tcp_held *segment, bool is_late);

/* Moves to a position over bytes that will never come. */
void tcp_half_gap(struct tcp_half *half, uint64_t until, bool is_cut, const struct origin *origin);

/* Passes over what the sink does not need, as far as it is known to have been sent. */
void tcp_half_pass(struct tcp_half *half, const struct origin *origin);

/* Ends the stream, once; drops what is held. */
void tcp_half_finish(struct tcp_half *half, enum end why, const struct origin *origin);

/* Whether nothing of this side is needed any more, ever. */
bool tcp_half_is_unneeded(const struct tcp_half *half);
