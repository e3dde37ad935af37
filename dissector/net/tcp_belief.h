/* tcp_belief: whether what a segment says can be true of this connection. Private to net/.
 *
 * A tap sees segments of older connections on the same ports, damaged and forged ones, and after a
 * loss in the capture true ones that are far ahead. Near what is known all are believed. Far ahead
 * a segment is kept aside until a second one, of either side, stands near it too; bytes of the
 * stream that bring something new refute it. Far behind there is nothing but other connections. */
#pragma once

#include "dissector/net/tcp_half.h"

/* Whether bytes or a FIN standing there belong to this stream. When the answer confirms one that
 * was kept aside, that one is held now. */
bool tcp_belief_bytes(struct tcp_half *half, const struct tcp_held *segment);

/* Whether the peer can have acknowledged everything before a position. */
bool tcp_belief_ack(struct tcp_half *half, uint64_t ack);

/* RFC 9293 §3.10.7: a RST is accepted in the window, or when it acknowledges the SYN. */
bool tcp_belief_reset(const struct tcp_half *half, const struct tcp_half *peer,
                      const struct segment *segment);

/* Remembers that a segment of another connection was seen, and what would follow it: see
 * tcp_trace.h. */
void tcp_belief_remember(struct tcp_half *half, uint32_t next_seq);
