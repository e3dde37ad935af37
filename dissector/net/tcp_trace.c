/* See tcp_trace.h. */
#include "dissector/net/tcp_trace.h"

bool tcp_trace_fits_syn(const struct tcp_trace_half *half, uint32_t seq)
{
    if (!half->is_anchored)
        return true;
    uint64_t at = tcp_trace_position(half->next, seq);
    if (half->is_started)
        return at == half->first;
    return at <= half->next && half->next - at <= half->max_reorder_bytes;
}

/* Whether segment may be one of this stream, of which something is known. */
static bool is_fitting(const struct tcp_trace_half *half, const struct segment *segment)
{
    if (segment->flags & SEGMENT_SYN)
        return tcp_trace_fits_syn(half, segment->seq + 1);
    uint64_t at = tcp_trace_position(half->next, segment->seq);
    return tcp_trace_distance(at, half->next) <= half->max_reorder_bytes;
}

bool tcp_trace_fits(const struct tcp_trace *trace, int side, const struct segment *segment)
{
    const struct tcp_trace_half *half = &trace->half[side];
    return half->is_anchored && is_fitting(half, segment);
}

/* Whether segment follows or acknowledges that of another connection, and does not fit this one. */
static bool is_of_other(const struct tcp_trace_half *half, const struct tcp_trace_half *peer,
                        const struct segment *segment)
{
    bool follows = half->has_other && segment->seq == half->other_seq;
    bool acknowledges =
        peer->has_other && segment->flags & SEGMENT_ACK && segment->ack == peer->other_seq;
    if (segment->flags & SEGMENT_RST || !(follows || acknowledges))
        return false;
    return !half->is_anchored || !is_fitting(half, segment);
}

bool tcp_trace_is_reuse(const struct tcp_trace *trace, int side, const struct segment *segment)
{
    const struct tcp_trace_half *half = &trace->half[side];
    if (is_of_other(half, &trace->half[!side], segment))
        return true;
    return segment->flags & SEGMENT_SYN && trace->is_over &&
           !(half->is_anchored && tcp_trace_fits_syn(half, segment->seq + 1));
}
