/* tcp_wait: what waits for what between the two halves of a connection, and for how long; tcp.h
 * says why. Private to net/. */
#pragma once

#include "dissector/net/tcp_half.h"

static inline bool tcp_wait_is_out_of_memory(const struct tcp *tcp)
{
    return tcp->half[0].settled == FEED_NOMEM || tcp->half[1].settled == FEED_NOMEM;
}

/* Whether the bytes of one side that acknowledge peer's up to ack may be delivered. */
bool tcp_wait_may_follow(const struct tcp_half *peer, uint64_t ack);

/* Whether what is held of a side waits for the beginning of its stream. What is captured behind
 * that waits with it. */
bool tcp_wait_is_to_begin(const struct tcp_half *half);

/* Does everything that can be done now. */
void tcp_wait_pump(struct tcp *tcp, const struct origin *now);

/* The side that has waited longest; -1: none waits. */
int tcp_wait_side(const struct tcp *tcp);

/* Ends the longest wait of a side that waits, and does what can be done then. */
void tcp_wait_give_up(struct tcp *tcp, int side, const struct origin *now);

/* Gives up what has waited enough, by bytes, segments or time. */
void tcp_wait_keep_limits(struct tcp *tcp, const struct origin *now);

/* Whether a RST was seen that takes effect now. Without an acknowledgement it answers a segment of
 * the peer (RFC 9293 §3.10.7.1), which, with others that were under way, may have been captured
 * behind it. */
bool tcp_wait_is_reset_due(const struct tcp *tcp, const struct origin *now);
