/* Two halves of a connection, and what each segment means for both: what has to wait for what, and
 * for how long. Whether it is believed is in tcp_belief.c, the calls to the sinks in tcp_half.c,
 * the waiting bytes in tcp_queue.c. Windows, options, congestion and checksums are not looked at.
 */
#include "dissector/net/tcp.h"

#include "dissector/net/tcp_belief.h"

static bool is_out_of_memory(const struct tcp *tcp)
{
    return tcp->half[0].settled == FEED_NOMEM || tcp->half[1].settled == FEED_NOMEM;
}

static enum feed answer_of(const struct tcp *tcp)
{
    if (is_out_of_memory(tcp))
        return FEED_NOMEM;
    bool is_unneeded = tcp_half_is_unneeded(&tcp->half[0]) && tcp_half_is_unneeded(&tcp->half[1]);
    return is_unneeded ? FEED_STOP : FEED_OK;
}

static uint64_t max_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Whether the bytes of one side that acknowledge peer's up to ack may be delivered. */
static bool may_follow(const struct tcp_half *peer, uint64_t ack)
{
    return ack <= peer->next || ack <= peer->waived || tcp_half_is_unneeded(peer);
}

/* Learns what the segment says about the peer. Returns the peer's position before which everything
 * has to be delivered before this segment is, 0 when it says nothing that is believed. */
static uint64_t take_ack(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *peer = &tcp->half[!side];
    if (!(segment->flags & SEGMENT_ACK))
        return 0;
    uint64_t ack = tcp_half_anchor(peer, segment->ack);
    if (segment->flags & SEGMENT_SYN && !peer->is_started) {
        tcp_half_start(peer, ack);
        peer->has_beginning = true;
    }
    if (!tcp_belief_ack(peer, ack))
        return 0;
    if (!peer->is_started && ack < peer->next && peer->next - ack <= tcp->limits->max_reorder_bytes)
        peer->next = ack;
    if (peer->has_fin)
        ack = tcp_half_first(ack, peer->fin);
    peer->reached = max_of(peer->reached, ack);
    tcp_half_pass(peer, &segment->origin);
    return ack;
}

static void take_bytes(struct tcp *tcp, int side, struct tcp_held *segment)
{
    struct tcp_half *half = &tcp->half[side];
    uint64_t end = tcp_held_end(segment) + segment->cut_bytes;
    bool is_late = half->is_started && end <= half->reached;
    half->reached = max_of(half->reached, end);
    if (!half->is_started) {
        half->next = tcp_half_first(half->next, segment->at);
        tcp_half_hold(half, segment, false);
        return;
    }
    if (end <= half->next) {
        half->stats->n_retransmitted++;
        return;
    }
    tcp_half_pass(half, &segment->origin);
    const struct tcp_held *first = tcp_queue_first(&half->held);
    uint64_t until = first ? first->at : UINT64_MAX;
    uint64_t before = half->next;
    if (segment->at <= half->next && may_follow(&tcp->half[!side], segment->ack))
        tcp_half_deliver(half, segment, until);
    if (half->next > before && is_late) {
        half->stats->n_reordered++;
        is_late = false;
    }
    if (half->next >= tcp_held_end(segment))
        return;
    if (segment->at < half->next) {
        segment->bytes = span_after(segment->bytes, (size_t)(half->next - segment->at));
        segment->at = half->next;
    }
    tcp_half_hold(half, segment, is_late);
}

/* Cuts off what stands behind the FIN. */
static void trim_to_fin(const struct tcp_half *half, struct tcp_held *segment)
{
    uint64_t end = tcp_held_end(segment);
    if (!half->has_fin || end + segment->cut_bytes <= half->fin)
        return;
    segment->cut_bytes = end < half->fin ? (uint32_t)(half->fin - end) : 0;
    uint64_t len = half->fin > segment->at ? half->fin - segment->at : 0;
    segment->bytes = span_first(segment->bytes, (size_t)len);
}

static void take_fin(struct tcp_half *half, const struct tcp_held *segment)
{
    uint64_t at = tcp_held_end(segment) + segment->cut_bytes;
    /* Without the FIN seen, its acknowledgement reaches one behind the last byte. */
    if (half->has_fin || at + 1 < half->reached)
        return;
    half->has_fin = true;
    half->fin = half->reached = at;
    half->fin_ack = segment->ack;
    half->fin_origin = segment->origin;
}

/* A segment that is no RST, and whose SYN, if it has one, fits. */
static void take(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    uint32_t seq = segment->seq + (segment->flags & SEGMENT_SYN ? 1 : 0);
    struct tcp_held held = {
        .at = tcp_half_anchor(half, seq),
        .bytes = segment->payload,
        .cut_bytes = segment->cut_bytes,
        .ack = take_ack(tcp, side, segment),
        .origin = segment->origin,
    };
    bool has_bytes = held.bytes.len > 0 || held.cut_bytes > 0;
    bool has_fin = segment->flags & SEGMENT_FIN;
    if (half->is_finished || !(has_bytes || has_fin) || !tcp_belief_bytes(half, &held))
        return;
    if (has_fin)
        take_fin(half, &held);
    trim_to_fin(half, &held);
    if (has_bytes)
        take_bytes(tcp, side, &held);
}

/* False when the SYN is not the one this stream began with. */
static bool take_syn(struct tcp_half *half, const struct segment *segment)
{
    uint64_t at = tcp_half_anchor(half, segment->seq + 1);
    const struct tcp_trace_half trace = tcp_half_trace(half);
    bool is_believed = tcp_trace_fits_syn(&trace, segment->seq + 1);
    if (!is_believed)
        tcp_belief_remember(half, segment->seq + 1);
    else if (!half->is_started)
        tcp_half_start(half, at);
    half->has_beginning = half->has_beginning || is_believed;
    return is_believed;
}

static void take_reset(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    if (!tcp_belief_reset(half, &tcp->half[!side], segment)) {
        half->stats->n_disbelieved++;
        return;
    }
    take_ack(tcp, side, segment);
    if (half->is_started)
        half->reached = max_of(half->reached, tcp_half_position(half, segment->seq));
    if (!tcp->has_reset) {
        tcp->reset_origin = segment->origin;
        tcp->reset_side = side;
    }
    tcp->has_reset = true;
    tcp->has_reset_ack = tcp->has_reset_ack || (segment->flags & SEGMENT_ACK);
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
        if (tcp_held_end(first) > half->next && !may_follow(peer, first->ack))
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
    if (half->has_fin && half->next >= half->fin && may_follow(peer, half->fin_ack)) {
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

/* Everything that can be done now. What nobody needs goes first: the peer may wait for it. */
static void pump(struct tcp *tcp, const struct origin *now)
{
    while (!is_out_of_memory(tcp) && (pass(tcp, 0, now) || pass(tcp, 1, now) || step(tcp, 0, now) ||
                                      step(tcp, 1, now) || untie(tcp)))
        ;
}

/* Begins a stream whose beginning was not seen. What the peer sent first acknowledges only what
 * came before it: what lies between was sent behind that, and is lost. */
static void begin_midway(struct tcp *tcp, int side, uint64_t at, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    const struct tcp_held *first = tcp_queue_first(&peer->held);
    uint64_t known = peer->is_started ? peer->opening_ack : first ? first->ack : 0;
    bool is_short = known > 0 && known < at;
    tcp_half_start(half, is_short ? known : at);
    if (is_short)
        tcp_half_gap(half, at, false, now);
}

/* Bytes that acknowledge the peer's up to ack no longer wait for them. */
static void give_up_peer(struct tcp *tcp, int side, uint64_t ack, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side];
    const struct tcp_held *first = tcp_queue_first(&half->held);
    uint64_t until = first ? tcp_half_first(first->at, ack) : ack;
    if (!half->is_seen)
        half->waived = UINT64_MAX;
    else if (!half->is_started)
        begin_midway(tcp, side, first ? first->at : ack, now);
    else if (until <= half->next || (!first && until == half->next + 1))
        half->waived = ack; /* nothing is missing, or a FIN: only that takes up one number */
    else
        tcp_half_gap(half, until, false, now);
}

/* Ends the longest wait of a side that waits. */
static void give_up(struct tcp *tcp, int side, const struct origin *now)
{
    struct tcp_half *half = &tcp->half[side];
    const struct tcp_held *first = tcp_queue_first(&half->held);
    uint64_t until = first ? first->at : half->fin;
    if (!half->is_started)
        begin_midway(tcp, side, until, now);
    else if (until > half->next)
        tcp_half_gap(half, until, false, first ? &first->origin : &half->fin_origin);
    else
        give_up_peer(tcp, !side, first ? first->ack : half->fin_ack, now);
    pump(tcp, now);
}

/* What of a side has waited longest, or NULL when nothing waits. */
static const struct origin *waiting_since(const struct tcp_half *half)
{
    const struct tcp_held *first = tcp_queue_first(&half->held);
    if (first)
        return &first->origin;
    return half->has_fin && !half->is_finished ? &half->fin_origin : NULL;
}

/* The side that has waited longest, -1 when none waits. What was captured first comes first. */
static int waiting_side(const struct tcp *tcp)
{
    const struct origin *since0 = waiting_since(&tcp->half[0]);
    const struct origin *since1 = waiting_since(&tcp->half[1]);
    if (!since0 || !since1)
        return since0 ? 0 : since1 ? 1 : -1;
    return since0->ordinal <= since1->ordinal ? 0 : 1;
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

static void keep_limits(struct tcp *tcp, const struct origin *now)
{
    for (int side = 0; side < 2; side++)
        while (!is_out_of_memory(tcp) && is_over_limit(tcp, side))
            give_up(tcp, side, now);
    int side = waiting_side(tcp);
    while (!is_out_of_memory(tcp) && side >= 0 &&
           has_waited_enough(tcp->limits, waiting_since(&tcp->half[side]), now)) {
        give_up(tcp, side, now);
        side = waiting_side(tcp);
    }
}

/* Whether something is known to be missing that may still come. */
static bool is_incomplete(const struct tcp_half *half)
{
    return waiting_since(half) ||
           (half->is_started && !tcp_half_is_unneeded(half) && half->reached > half->next + 1);
}

/* A RST takes effect when nothing is missing before it, or nothing came for long enough. Without an
 * acknowledgement it answers a segment of the peer (RFC 9293 §3.10.7.1), which, with others that
 * were under way, may have been captured behind it. */
static void keep_reset(struct tcp *tcp, const struct origin *now)
{
    if (!tcp->has_reset || is_out_of_memory(tcp))
        return;
    bool is_known = tcp->half[0].is_anchored || tcp->half[1].is_anchored;
    bool is_waiting = (is_known && !tcp->has_reset_ack) || is_incomplete(&tcp->half[0]) ||
                      is_incomplete(&tcp->half[1]);
    if (!is_waiting || has_waited_enough(tcp->limits, &tcp->reset_origin, now))
        tcp_finish(tcp, END_RESET, &tcp->reset_origin);
}

void tcp_init(struct tcp *tcp, const struct limits *limits, struct tcp_stats *stats,
              const struct stream_sink sink[2])
{
    *tcp = (struct tcp){.limits = limits};
    for (int side = 0; side < 2; side++)
        tcp->half[side] = (struct tcp_half){.limits = limits, .stats = stats, .sink = sink[side]};
}

/* Whether nothing waits on this side, or ever did without being delivered. */
static bool is_quiet(const struct tcp_half *half)
{
    return half->is_started && !half->is_finished && !half->has_fin && !half->has_suspect &&
           half->held.n == 0 && half->settled != FEED_NOMEM;
}

/* Whether segment is the next one of a side while nothing waits on either: then all there is to do
 * is to deliver it. */
static bool is_next(const struct tcp *tcp, int side, const struct segment *segment)
{
    const struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    const unsigned all_flags = SEGMENT_SYN | SEGMENT_RST | SEGMENT_FIN | SEGMENT_ACK;
    uint32_t ack_ahead = segment->ack - (uint32_t)peer->next;
    return (segment->flags & all_flags) == SEGMENT_ACK && segment->cut_bytes == 0 &&
           segment->seq == (uint32_t)half->next && half->reached == half->next &&
           (ack_ahead == 0 || ack_ahead >= UINT32_C(1) << 31) && !tcp->has_reset && half->is_seen &&
           is_quiet(half) && is_quiet(peer);
}

static void take_next(struct tcp_half *half, const struct segment *segment)
{
    const struct tcp_held held = {
        .at = half->next, .bytes = segment->payload, .origin = segment->origin};
    half->reached += segment->payload.len;
    tcp_half_pass(half, &segment->origin);
    if (half->next < half->reached)
        tcp_half_deliver(half, &held, UINT64_MAX);
}

static bool is_silent(const struct tcp_half *half)
{
    bool has_passed = half->is_started && half->next > half->first;
    return !has_passed && half->held.n == 0 && !half->has_suspect;
}

bool tcp_is_silent(const struct tcp *tcp)
{
    return !tcp->has_reset && is_silent(&tcp->half[0]) && is_silent(&tcp->half[1]);
}

bool tcp_is_told_nothing(const struct tcp *tcp, int side, const struct segment *segment)
{
    return segment->payload.len == 0 && is_next(tcp, side, segment) && answer_of(tcp) == FEED_OK;
}

enum feed tcp_feed(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    if (is_out_of_memory(tcp) || tcp_is_closed(tcp))
        return answer_of(tcp);
    if (is_next(tcp, side, segment)) {
        take_next(half, segment);
        return answer_of(tcp);
    }
    half->is_seen = true;
    if (half->waived == UINT64_MAX)
        half->waived = 0;
    if (segment->flags & SEGMENT_RST)
        take_reset(tcp, side, segment);
    else if (!(segment->flags & SEGMENT_SYN) || take_syn(half, segment))
        take(tcp, side, segment);
    pump(tcp, &segment->origin);
    keep_limits(tcp, &segment->origin);
    keep_reset(tcp, &segment->origin);
    return answer_of(tcp);
}

enum feed tcp_tick(struct tcp *tcp, const struct origin *origin)
{
    keep_limits(tcp, origin);
    keep_reset(tcp, origin);
    return answer_of(tcp);
}

bool tcp_is_waiting(const struct tcp *tcp)
{
    return !tcp_is_closed(tcp) && (tcp->has_reset || waiting_side(tcp) >= 0);
}

void tcp_finish(struct tcp *tcp, enum end why, const struct origin *origin)
{
    while (!is_out_of_memory(tcp) && waiting_side(tcp) >= 0)
        give_up(tcp, waiting_side(tcp), origin);
    if (tcp->has_reset)
        why = END_RESET;
    bool has_acked_fin[2];
    for (int side = 0; side < 2; side++) {
        struct tcp_half *half = &tcp->half[side];
        bool is_open = half->is_started && half->is_seen && !half->is_finished;
        has_acked_fin[side] = is_open && half->reached == half->next + 1;
        if (is_open && half->reached > half->next + 1)
            tcp_half_gap(half, half->reached, false, origin);
    }
    for (int i = 0; i < 2; i++) {
        int side = i ^ tcp->reset_side;
        tcp_half_finish(&tcp->half[side], has_acked_fin[side] ? END_FIN : why, origin);
    }
}

bool tcp_has_beginning(const struct tcp *tcp, int side)
{
    return tcp->half[side].has_beginning;
}

bool tcp_is_closed(const struct tcp *tcp)
{
    return tcp->half[0].is_finished && tcp->half[1].is_finished;
}

struct tcp_trace tcp_trace_of(const struct tcp *tcp)
{
    return (struct tcp_trace){
        .half = {tcp_half_trace(&tcp->half[0]), tcp_half_trace(&tcp->half[1])},
        .is_over = answer_of(tcp) != FEED_OK,
    };
}

bool tcp_is_reuse(const struct tcp *tcp, int side, const struct segment *segment)
{
    bool has_other = tcp->half[0].has_other || tcp->half[1].has_other;
    if (!has_other && !(segment->flags & SEGMENT_SYN))
        return false;
    const struct tcp_trace trace = tcp_trace_of(tcp);
    return tcp_trace_is_reuse(&trace, side, segment);
}

size_t tcp_buffered_bytes(const struct tcp *tcp)
{
    size_t n_bytes = 0;
    for (int side = 0; side < 2; side++)
        n_bytes += tcp->half[side].held.memory_bytes + tcp->half[side].suspect.memory_bytes;
    return n_bytes;
}

void tcp_free(struct tcp *tcp)
{
    for (int side = 0; side < 2; side++) {
        tcp_queue_free(&tcp->half[side].held);
        tcp_queue_free(&tcp->half[side].suspect);
    }
}
