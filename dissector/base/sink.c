/* The calls of a sink, and the names of the ways a stream ends. */
#include "dissector/base/sink.h"

#include <assert.h>

static const char *const end_names[END_N] = {
    [END_COMPLETE] = "complete", [END_FIN] = "fin",         [END_RESET] = "reset",
    [END_IDLE] = "idle",         [END_CAPTURE] = "capture", [END_GAP] = "gap",
    [END_DAMAGED] = "damaged",   [END_EVICTED] = "evicted", [END_REPLACED] = "replaced",
};

const char *end_name(enum end why)
{
    assert((unsigned)why < END_N);
    return end_names[why];
}

enum feed stream_feed(struct stream_sink sink, struct span bytes, const struct origin *origin)
{
    return sink.ops->feed(sink.ctx, bytes, origin);
}

enum feed stream_skip(struct stream_sink sink, uint64_t n_bytes, const struct origin *origin)
{
    return sink.ops->skip(sink.ctx, n_bytes, origin);
}

enum feed stream_gap(struct stream_sink sink, uint64_t n_bytes, bool is_cut,
                     const struct origin *origin)
{
    return sink.ops->gap(sink.ctx, n_bytes, is_cut, origin);
}

uint64_t stream_need_none(struct stream_sink sink)
{
    return sink.ops->need_none(sink.ctx);
}

void stream_note(struct stream_sink sink, const struct anomaly *anomaly)
{
    sink.ops->note(sink.ctx, anomaly);
}

enum feed stream_finish(struct stream_sink sink, enum end why, const struct origin *origin)
{
    return sink.ops->finish(sink.ctx, why, origin);
}
