/* The calls into a stream's sink and the accounting around them; see tcp_half.h. */
#include "dissector/net/tcp_half.h"

/* Positions begin here, so that what turns out to be before the first one known is not negative. */
#define POSITION_BASE (UINT64_C(1) << 32)

/* Who makes up captures may acknowledge this number or less all the time. */
enum { MADE_UP_ACK = 1 };

uint64_t tcp_half_position(const struct tcp_half *half, uint32_t seq)
{
    return tcp_trace_position(half->next, seq);
}

struct tcp_trace_half tcp_half_trace(const struct tcp_half *half)
{
    return (struct tcp_trace_half){
        .next = half->next,
        .first = half->first,
        .max_reorder_bytes = half->limits->max_reorder_bytes,
        .other_seq = half->other_seq,
        .is_anchored = half->is_anchored,
        .is_started = half->is_started,
        .has_other = half->has_other,
    };
}

uint64_t tcp_half_anchor(struct tcp_half *half, uint32_t seq)
{
    if (!half->is_anchored) {
        half->is_anchored = true;
        half->next = half->reached = POSITION_BASE + seq;
    }
    return tcp_half_position(half, seq);
}

void tcp_half_start(struct tcp_half *half, uint64_t at)
{
    half->is_started = true;
    half->first = half->next = at;
    if (half->reached < at)
        half->reached = at;
}

/* Keeps the sink's answer, and asks it what it needs next. */
static void settle(struct tcp_half *half, enum feed answer)
{
    half->settled = answer;
    if (answer != FEED_OK) {
        half->skip_until = UINT64_MAX;
        return;
    }
    uint64_t n_bytes = stream_need_none(half->sink);
    half->skip_until = n_bytes < UINT64_MAX - half->next ? half->next + n_bytes : UINT64_MAX;
}

static void feed(struct tcp_half *half, struct span bytes, const struct tcp_held *segment)
{
    struct origin origin = segment->origin;
    origin.sent_at = half->next;
    origin.seen_to = (uint32_t)segment->ack > MADE_UP_ACK ? segment->ack : 0;
    half->next += bytes.len;
    if (half->settled == FEED_OK)
        settle(half, stream_feed(half->sink, bytes, &origin));
}

void tcp_half_deliver(struct tcp_half *half, const struct tcp_held *segment, uint64_t until)
{
    uint64_t end = tcp_held_end(segment), stop = tcp_half_first(until, end);
    if (stop > half->next) {
        if (half->next == half->first)
            half->opening_ack = segment->ack;
        struct span bytes = span_after(segment->bytes, (size_t)(half->next - segment->at));
        feed(half, span_first(bytes, (size_t)(stop - half->next)), segment);
    }
    if (half->next >= end && half->cut_until < end + segment->cut_bytes)
        half->cut_until = end + segment->cut_bytes;
}

void tcp_half_hold(struct tcp_half *half, const struct tcp_held *segment, bool is_late)
{
    struct tcp_inserted inserted;
    if (!tcp_queue_insert(&half->held, segment, &inserted)) {
        half->settled = FEED_NOMEM;
        return;
    }
    half->stats->n_retransmitted += inserted.new_bytes == 0 && segment->bytes.len > 0;
    half->stats->n_reordered += inserted.new_bytes > 0 && is_late;
    if (inserted.differing_bytes > 0) {
        struct anomaly anomaly = anomaly_make(ANOMALY_OVERLAP_CONFLICT, &segment->origin,
                                              inserted.differing_bytes, NULL);
        half->stats->n_overlap_conflicts++;
        stream_note(half->sink, &anomaly);
    }
}

void tcp_half_gap(struct tcp_half *half, uint64_t until, bool is_cut, const struct origin *origin)
{
    uint64_t n_bytes = until - half->next;
    half->next = until;
    if (half->settled != FEED_OK)
        return;
    half->stats->n_gaps++;
    half->stats->missing_bytes += n_bytes;
    settle(half, stream_gap(half->sink, n_bytes, is_cut, origin));
}

/* Up to where a pass goes on in one step, and the origin of what it passes: that of the segment
 * held there, or now. What is held before is dropped. */
static uint64_t pass_step(struct tcp_half *half, struct origin *origin)
{
    uint64_t until = tcp_half_first(half->reached, half->skip_until);
    const struct tcp_held *first;
    while ((first = tcp_queue_first(&half->held)) && tcp_held_end(first) <= half->next) {
        tcp_half_deliver(half, first, UINT64_MAX);
        tcp_queue_drop_first(&half->held);
    }
    if (!first)
        return until;
    if (first->at > half->next)
        return tcp_half_first(until, first->at);
    *origin = first->origin;
    return tcp_half_first(until, tcp_held_end(first));
}

void tcp_half_pass(struct tcp_half *half, const struct origin *origin)
{
    while (!half->is_finished && half->next < half->skip_until && half->next < half->reached) {
        struct origin of_bytes = *origin;
        uint64_t until = pass_step(half, &of_bytes), n_bytes = until - half->next;
        of_bytes.sent_at = half->next;
        half->next = until;
        if (half->settled == FEED_OK)
            settle(half, stream_skip(half->sink, n_bytes, &of_bytes));
    }
}

void tcp_half_finish(struct tcp_half *half, enum end why, const struct origin *origin)
{
    if (half->is_finished)
        return;
    half->is_finished = true;
    tcp_queue_free(&half->held);
    tcp_queue_free(&half->suspect);
    if (half->settled != FEED_NOMEM)
        half->settled = stream_finish(half->sink, why, origin);
}

bool tcp_half_is_unneeded(const struct tcp_half *half)
{
    return half->is_finished || half->settled != FEED_OK || half->skip_until == UINT64_MAX;
}
