/* Joins net with the ticks of capture time; see front.h. */
#include "dissector/front.h"

static const int64_t tick_ns = 1000000000;

void front_init(struct front *front, const struct limits *limits, struct front_sink sink)
{
    *front = (struct front){.sink = sink, .last_tick_ns = INT64_MIN};
    net_init(&front->net, limits, (struct segment_sink){sink.segment, sink.ctx});
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
    return front->sink.tick(front->sink.ctx, origin);
}

void front_free(struct front *front)
{
    net_free(&front->net);
}
