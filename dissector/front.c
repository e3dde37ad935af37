/* Joins net with the ticks of capture time; see front.h. */
#include "dissector/front.h"

static const int64_t tick_ns = SECOND_NS;

static enum feed on_segment(void *ctx, const struct segment *segment)
{
    struct front *front = ctx;
    if (twins_concern(&front->twins, segment))
        return twins_feed(&front->twins, segment);
    return front->sink.segment(front->sink.ctx, segment);
}

void front_init(struct front *front, const struct limits *limits, const struct hash_key *key,
                struct front_sink sink)
{
    *front = (struct front){.sink = sink, .last_tick_ns = INT64_MIN};
    net_init(&front->net, limits, (struct segment_sink){on_segment, front});
    twins_init(&front->twins, limits, key, (struct segment_sink){sink.segment, sink.ctx});
}

enum feed front_feed(struct front *front, uint32_t linktype, struct span frame, uint32_t wire_len,
                     const struct origin *origin)
{
    front->last = *origin;
    if (origin_has_passed(front->last_tick_ns, origin->time_ns, tick_ns)) {
        enum feed answer = front_tick(front, origin);
        if (answer != FEED_OK)
            return answer;
    }
    return net_feed(&front->net, linktype, frame, wire_len, origin);
}

enum feed front_tick(struct front *front, const struct origin *origin)
{
    front->last_tick_ns = origin->time_ns;
    if (twins_tick(&front->twins, origin->time_ns) == FEED_NOMEM)
        return FEED_NOMEM;
    return front->sink.tick(front->sink.ctx, origin);
}

enum feed front_finish(struct front *front)
{
    return twins_finish(&front->twins);
}

size_t front_buffered_bytes(const struct front *front)
{
    return net_buffered_bytes(&front->net) + twins_buffered_bytes(&front->twins);
}

void front_free(struct front *front)
{
    twins_free(&front->twins);
    net_free(&front->net);
}
