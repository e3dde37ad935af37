/* Both halves, turn by turn: all that can be delivered now, then the holes that have waited enough.
 */
#include "dissector/net/tcp_wait.h"

bool tcp_wait_may_follow(const struct tcp_half *peer, uint64_t ack)
{
    return ack <= peer->next || ack <= peer->waived || tcp_half_is_unneeded(peer);
}

bool tcp_wait_is_to_begin(const struct tcp_half *half)
{
    return !half->is_started && half->held.n > 0;
}

/* Passes over what a side does not need; false when there is nothing. */
static bool pass(struct tcp *tcp, int side, const struct origin *now)
{
    uint64_t before = tcp->half[side].next;
    tcp_half_pass(&tcp->half[side], now);
    return tcp->half[side].next != before;
}

/* Does one thing that can be done now for a side; false when there is none. */
static bool step(struct tcp *tcp, int side, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    if (!half->is_started || half->is_finished)
        return false;
    const struct tcp_held *first = tcp_queue_first(&half->held);
    if (first && first->at <= half->next) {
        if (tcp_held_end(first) > half->next && !tcp_wait_may_follow(peer, first->ack))
            return false;
        tcp_half_deliver(half, first, UINT64_MAX);
        tcp_queue_drop_first(&half->held);
        return true;
    }
    if (half->next < half->cut_until) {
        uint64_t until = first ? tcp_half_first(first->at, half->cut_until) : half->cut_until;
        tcp_half_gap(half, until, true, now);
        return true;
    }
    if (half->has_fin && half->next >= half->fin && tcp_wait_may_follow(peer, half->fin_ack)) {
        tcp_half_finish(half, END_FIN, &half->fin_origin);
        return true;
    }
    return false;
}

/* Where the first bytes of both sides wait for each other, one of the segments was sent again and
 * acknowledges more than its bytes did at first. Which one is unknown; requests come first. */
static bool untie(struct tcp *tcp)
{
    const struct tcp_held *first[2];
    for (int side = 0; side < 2; side++) {
        const struct tcp_half *half = &tcp->half[side];
        first[side] = tcp_queue_first(&half->held);
        if (!first[side] || !half->is_started || first[side]->at > half->next)
            return false;
    }
    tcp->half[1].waived = first[0]->ack;
    return true;
}

/* What of a side has waited longest, or NULL when nothing waits. */
static const struct origin *waiting_since(const struct tcp_half *half)
{
    const struct tcp_held *first = tcp_queue_first(&half->held);
    if (first)
        return &first->origin;
    return half->has_fin && !half->is_finished ? &half->fin_origin : NULL;
}

/* What was captured first comes first. */
int tcp_wait_side(const struct tcp *tcp)
{
    const struct origin *since0 = waiting_since(&tcp->half[0]);
    const struct origin *since1 = waiting_since(&tcp->half[1]);
    if (!since0 || !since1)
        return since0 ? 0 : since1 ? 1 : -1;
    return since0->ordinal <= since1->ordinal ? 0 : 1;
}

/* One step of a side. Of two that do not wait for each other that comes first which was captured
 * first, also where its stream has yet to begin. */
static bool step_in_turn(struct tcp *tcp, const struct origin *now)
{
    int first = tcp_wait_side(tcp) == 1;
    return step(tcp, first, now) ||
           (!tcp_wait_is_to_begin(&tcp->half[first]) && step(tcp, !first, now));
}

/* What nobody needs goes first: the peer may wait for it. */
void tcp_wait_pump(struct tcp *tcp, const struct origin *now)
{
    while (!tcp_wait_is_out_of_memory(tcp) &&
           (pass(tcp, 0, now) || pass(tcp, 1, now) || step_in_turn(tcp, now) || untie(tcp)))
        continue;
}

/* Begins a stream whose beginning was not seen. What the peer sent first acknowledges only what
 * came before it: what lies between was sent behind that, and is a hole. */
static void begin_midway(struct tcp *tcp, int side, uint64_t at)
{
    struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    const struct tcp_held *first = tcp_queue_first(&peer->held);
    uint64_t known = peer->is_started ? peer->opening_ack : first ? first->ack : 0;
    half->has_beginning = peer->has_beginning && known > 0 && known <= at;
    tcp_half_start(half, known > 0 ? tcp_half_first(known, at) : at);
}

/* What waits of the peer and acknowledges a part of the hole was sent within it, and comes behind
 * that part. */
static void give_up_hole(struct tcp *tcp, int side, uint64_t until, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    const struct tcp_held *next = tcp_queue_first(&peer->held);
    bool is_within = next && next->ack < until;
    if (is_within && !peer->is_started) {
        begin_midway(tcp, !side, next->at);
        return;
    }
    if (is_within && next->ack > half->next)
        until = next->ack;
    tcp_half_gap(half, until, false, now);
}

/* Whether all that waits is a FIN. */
static bool is_at_end(const struct tcp_half *half)
{
    return half->held.n == 0 && half->has_fin && half->next >= half->fin;
}

/* Bytes that acknowledge the peer's up to ack no longer wait for them, nor for the beginning of
 * what was captured before. A FIN that acknowledges one nobody captured comes behind that. */
static void give_up_peer(struct tcp *tcp, int side, uint64_t ack, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side];
    const struct tcp_held *first = tcp_queue_first(&half->held);
    uint64_t until = first ? tcp_half_first(first->at, ack) : ack;
    if (half->has_fin) /* whose number was acknowledged, perhaps, before it was captured */
        until = tcp_half_first(until, half->fin);
    if (!half->is_seen)
        half->waived = UINT64_MAX;
    else if (tcp_wait_is_to_begin(half) && tcp_wait_may_follow(half, ack))
        begin_midway(tcp, side, first->at);
    else if (!half->is_started)
        begin_midway(tcp, side, until);
    else if (!first && until == half->next + 1 && is_at_end(&tcp->half[!side]))
        tcp_half_finish(half, END_FIN, now);
    else if (until <= half->next || (!first && until == half->next + 1))
        half->waived = ack; /* nothing is missing, or a FIN: only that takes up one number */
    else
        tcp_half_gap(half, until, false, now);
}

static bool has_hole(const struct tcp_half *half)
{
    const struct tcp_held *first = tcp_queue_first(&half->held);
    bool is_open = half->is_started && !half->is_finished;
    return is_open && (first ? first->at > half->next : half->has_fin && half->fin > half->next);
}

static uint64_t waiting_ack(const struct tcp_half *half)
{
    const struct tcp_held *first = tcp_queue_first(&half->held);
    return first ? first->ack : half->fin_ack;
}

/* Of two holes the one comes first behind which nothing of the other is acknowledged yet. */
static bool is_hole_first(const struct tcp *tcp, int side)
{
    const struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    return has_hole(half) && has_hole(peer) && waiting_ack(half) <= peer->next &&
           waiting_ack(peer) > half->next;
}

void tcp_wait_give_up(struct tcp *tcp, int side, const struct origin *now)
{
    if (is_hole_first(tcp, !side))
        side = !side;
    struct tcp_half *half = &tcp->half[side];
    const struct tcp_held *first = tcp_queue_first(&half->held);
    uint64_t until = first ? first->at : half->fin;
    if (!half->is_started)
        begin_midway(tcp, side, until);
    else if (until > half->next)
        give_up_hole(tcp, side, until, first ? &first->origin : &half->fin_origin);
    else
        give_up_peer(tcp, !side, first ? first->ack : half->fin_ack, now);
    tcp_wait_pump(tcp, now);
}

static bool is_over_limit(const struct tcp *tcp, int side)
{
    const struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    const struct tcp_held *first = tcp_queue_first(&half->held);
    if (!first)
        return false;
    bool is_early = !half->is_started || (!peer->is_seen && first->at <= half->next);
    size_t max_bytes = tcp->limits->max_reorder_bytes;
    if (is_early && max_bytes > TCP_START_BYTES)
        max_bytes = TCP_START_BYTES;
    return half->held.payload_bytes > max_bytes || half->held.n > tcp->limits->max_reorder_segments;
}

/* What is captured out of order is near in the capture, but need not be near in time. */
static bool has_waited_enough(const struct limits *limits, const struct origin *since,
                              const struct origin *now)
{
    bool is_far =
        now->ordinal >= since->ordinal && now->ordinal - since->ordinal >= limits->reorder_frames;
    return origin_has_passed(since->time_ns, now->time_ns,
                             is_far ? limits->reorder_ns : limits->reorder_quiet_ns);
}

void tcp_wait_keep_limits(struct tcp *tcp, const struct origin *now)
{
    for (int side = 0; side < 2; side++)
        while (!tcp_wait_is_out_of_memory(tcp) && is_over_limit(tcp, side))
            tcp_wait_give_up(tcp, side, now);
    int side = tcp_wait_side(tcp);
    while (!tcp_wait_is_out_of_memory(tcp) && side >= 0 &&
           has_waited_enough(tcp->limits, waiting_since(&tcp->half[side]), now)) {
        tcp_wait_give_up(tcp, side, now);
        side = tcp_wait_side(tcp);
    }
}

/* Whether something is known to be missing that may still come. */
static bool is_incomplete(const struct tcp_half *half)
{
    return waiting_since(half) ||
           (half->is_anchored && !tcp_half_is_unneeded(half) && half->reached > half->next + 1);
}

bool tcp_wait_is_reset_due(const struct tcp *tcp, const struct origin *now)
{
    if (!tcp->has_reset)
        return false;
    bool is_known = tcp->half[0].is_anchored || tcp->half[1].is_anchored;
    bool is_waiting = (is_known && !tcp->has_reset_ack) || is_incomplete(&tcp->half[0]) ||
                      is_incomplete(&tcp->half[1]);
    return !is_waiting || has_waited_enough(tcp->limits, &tcp->reset_origin, now);
}
