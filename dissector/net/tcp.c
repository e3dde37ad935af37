/* Two halves of a connection, and what each segment means for both. What waits for what is in
 * tcp_wait.c, whether a segment is believed in tcp_belief.c, the calls to the sinks in tcp_half.c,
 * the waiting bytes in tcp_queue.c. Windows, options, congestion and checksums are not looked at.
 */
#include "dissector/net/tcp.h"

#include "dissector/net/tcp_belief.h"
#include "dissector/net/tcp_wait.h"

static enum feed answer_of(const struct tcp *tcp)
{
    if (tcp_wait_is_out_of_memory(tcp))
        return FEED_NOMEM;
    bool is_unneeded = tcp_half_is_unneeded(&tcp->half[0]) && tcp_half_is_unneeded(&tcp->half[1]);
    return is_unneeded ? FEED_STOP : FEED_OK;
}

static uint64_t max_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Whether the segment says what its sender had received. Who makes up captures may say 0 all the
 * time. */
static bool has_ack(const struct segment *segment)
{
    bool is_made_up = segment->ack == 0 && !(segment->flags & SEGMENT_SYN);
    return segment->flags & SEGMENT_ACK && !is_made_up;
}

/* Learns what the segment says about the peer. Returns the peer's position before which everything
 * has to be delivered before this segment is, 0 when it says nothing that is believed. */
static uint64_t take_ack(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *peer = &tcp->half[!side];
    if (!has_ack(segment))
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

/* Whether nothing comes before the segment that was captured last, other bytes of its side apart.
 */
static bool is_in_turn(const struct tcp_half *peer, const struct tcp_held *segment)
{
    return tcp_wait_may_follow(peer, segment->ack) && !tcp_wait_is_to_begin(peer);
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
    if (segment->at <= half->next && is_in_turn(&tcp->half[!side], segment))
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
static bool take_syn(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    uint64_t at = tcp_half_anchor(half, segment->seq + 1);
    const struct tcp_trace_half trace = tcp_half_trace(half);
    bool is_believed = tcp_trace_fits_syn(&trace, segment->seq + 1);
    if (!is_believed)
        tcp_belief_remember(half, segment->seq + 1);
    else if (!half->is_started)
        tcp_half_start(half, at);
    half->has_beginning = half->has_beginning || is_believed;
    if (is_believed && tcp->opener < 0)
        tcp->opener = segment->flags & SEGMENT_ACK ? !side : side;
    return is_believed;
}

/* Who refuses a SYN has no number yet, and says 0. */
static bool has_own_number(const struct segment *reset)
{
    return reset->flags & SEGMENT_ACK && reset->seq != 0;
}

static void take_reset(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    if (!tcp_belief_reset(half, &tcp->half[!side], segment)) {
        half->stats->n_disbelieved++;
        return;
    }
    take_ack(tcp, side, segment);
    if (half->is_anchored || has_own_number(segment))
        half->reached = max_of(half->reached, tcp_half_anchor(half, segment->seq));
    if (!tcp->has_reset) {
        tcp->reset_origin = segment->origin;
        tcp->reset_side = side;
    }
    tcp->has_reset = true;
    tcp->has_reset_ack = tcp->has_reset_ack || (segment->flags & SEGMENT_ACK);
}

void tcp_init(struct tcp *tcp, const struct limits *limits, struct tcp_stats *stats,
              const struct stream_sink sink[2])
{
    *tcp = (struct tcp){.limits = limits, .opener = -1};
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

static void take_next(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    const struct tcp_held held = {
        .at = half->next,
        .bytes = segment->payload,
        .ack = has_ack(segment) ? tcp_half_position(&tcp->half[!side], segment->ack) : 0,
        .origin = segment->origin,
    };
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

/* A RST takes effect when nothing is missing before it, or nothing came for long enough. */
static void keep_reset(struct tcp *tcp, const struct origin *now)
{
    if (!tcp_wait_is_out_of_memory(tcp) && tcp_wait_is_reset_due(tcp, now))
        tcp_finish(tcp, END_RESET, &tcp->reset_origin);
}

enum feed tcp_feed(struct tcp *tcp, int side, const struct segment *segment)
{
    struct tcp_half *half = &tcp->half[side];
    if (tcp_wait_is_out_of_memory(tcp) || tcp_is_closed(tcp))
        return answer_of(tcp);
    if (is_next(tcp, side, segment)) {
        take_next(tcp, side, segment);
        return answer_of(tcp);
    }
    half->is_seen = true;
    if (half->waived == UINT64_MAX)
        half->waived = 0;
    if (segment->flags & SEGMENT_RST)
        take_reset(tcp, side, segment);
    else if (!(segment->flags & SEGMENT_SYN) || take_syn(tcp, side, segment))
        take(tcp, side, segment);
    tcp_wait_pump(tcp, &segment->origin);
    tcp_wait_keep_limits(tcp, &segment->origin);
    keep_reset(tcp, &segment->origin);
    return answer_of(tcp);
}

enum feed tcp_tick(struct tcp *tcp, const struct origin *origin)
{
    tcp_wait_keep_limits(tcp, origin);
    keep_reset(tcp, origin);
    return answer_of(tcp);
}

bool tcp_is_waiting(const struct tcp *tcp)
{
    return !tcp_is_closed(tcp) && (tcp->has_reset || tcp_wait_side(tcp) >= 0);
}

void tcp_finish(struct tcp *tcp, enum end why, const struct origin *origin)
{
    while (!tcp_wait_is_out_of_memory(tcp) && tcp_wait_side(tcp) >= 0)
        tcp_wait_give_up(tcp, tcp_wait_side(tcp), origin);
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
    const struct tcp_half *half = &tcp->half[side], *peer = &tcp->half[!side];
    bool is_to_come = !half->is_started && peer->has_beginning && peer->opening_ack > 0;
    return half->has_beginning || is_to_come;
}

int tcp_opener(const struct tcp *tcp)
{
    return tcp->opener;
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
