/* Distances to what is known, and one place for a segment that waits to be believed. */
#include "dissector/net/tcp_belief.h"

enum {
    /* A plausible RST stands this near to what was seen: a few segments are lost or under way. */
    RESET_NEAR_BYTES = 64 * 1024,
    /* Beyond every window in use: no retransmission stands this far behind. */
    FAR_BEHIND_BYTES = 256 * 1024 * 1024,
};

static bool is_far_ahead(const struct tcp_half *half, uint64_t at)
{
    uint64_t known = half->reached;
    if (half->skip_until != UINT64_MAX && half->skip_until > known)
        known = half->skip_until;
    return at > known && at - known > half->limits->max_reorder_bytes;
}

static void forget_suspect(struct tcp_half *half)
{
    half->has_suspect = false;
    tcp_queue_free(&half->suspect);
}

static void accept_suspect(struct tcp_half *half)
{
    const struct tcp_held *segment = tcp_queue_first(&half->suspect);
    uint64_t end = segment ? tcp_held_end(segment) : half->suspect_at;
    if (half->reached < end)
        half->reached = end;
    if (segment)
        tcp_half_hold(half, segment, false);
    forget_suspect(half);
}

/* at is where segment stands or, when that is NULL, what the peer acknowledged. The same thing said
 * twice is no confirmation: frames are doubled easily. */
static bool is_confirmed(struct tcp_half *half, uint64_t at, const struct tcp_held *segment)
{
    struct tcp_inserted unused;
    bool is_same = at == half->suspect_at && (segment != NULL) == (half->suspect.n > 0);
    if (half->has_suspect && is_same)
        return false;
    if (half->has_suspect &&
        tcp_trace_distance(at, half->suspect_at) <= half->limits->max_reorder_bytes) {
        accept_suspect(half);
        return true;
    }
    forget_suspect(half);
    half->has_suspect = true;
    half->suspect_at = at;
    half->stats->n_disbelieved++;
    if (segment && !tcp_queue_insert(&half->suspect, segment, &unused))
        half->settled = FEED_NOMEM;
    return false;
}

bool tcp_belief_bytes(struct tcp_half *half, const struct tcp_held *segment)
{
    if (is_far_ahead(half, segment->at))
        return is_confirmed(half, segment->at, segment);
    size_t behind_bytes = half->is_started ? FAR_BEHIND_BYTES : half->limits->max_reorder_bytes;
    if (segment->at < half->next && half->next - segment->at > behind_bytes) {
        tcp_belief_remember(half, (uint32_t)tcp_held_end(segment));
        return false;
    }
    if (tcp_held_end(segment) > half->reached)
        forget_suspect(half);
    return true;
}

bool tcp_belief_ack(struct tcp_half *half, uint64_t ack)
{
    return !is_far_ahead(half, ack) || is_confirmed(half, ack, NULL);
}

bool tcp_belief_reset(const struct tcp_half *half, const struct tcp_half *peer,
                      const struct segment *segment)
{
    const struct tcp_half *known = half->is_anchored ? half : peer;
    if (!known->is_anchored)
        return true;
    if (known == peer && !(segment->flags & SEGMENT_ACK))
        return false;
    uint64_t at = tcp_half_position(known, known == half ? segment->seq : segment->ack);
    return at + RESET_NEAR_BYTES >= known->next && at <= known->reached + RESET_NEAR_BYTES;
}

void tcp_belief_remember(struct tcp_half *half, uint32_t next_seq)
{
    half->has_other = true;
    half->other_seq = next_seq;
    half->stats->n_disbelieved++;
}
