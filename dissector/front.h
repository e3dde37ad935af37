/* front: captured frames in; TCP segments and ticks out. The front of every dissector: it undoes
 * link layers, tunnels and fragments (net/), and tells when capture time has gone on. One owner
 * thread. */
#pragma once

#include "dissector/net/net.h"

struct front_sink {
    enum feed (*segment)(void *ctx, const struct segment *segment);
    /* About once a second of capture time, before the segments of the frame at origin. */
    enum feed (*tick)(void *ctx, const struct origin *origin);
    void *ctx;
};

struct front {
    struct net net;
    struct origin last; /* of the last frame */
    /* fields below are private */
    struct front_sink sink;
    int64_t last_tick_ns;
};

/* limits must outlive it. front must not be moved. */
void front_init(struct front *front, const struct limits *limits, struct front_sink sink);

/* As dissector_feed. FEED_OK, what tick said, or FEED_NOMEM. */
enum feed front_feed(struct front *front, uint32_t linktype, struct span frame, uint32_t wire_len,
                     const struct origin *origin);

/* Time goes on without a frame. Says what tick said. */
enum feed front_tick(struct front *front, const struct origin *origin);

void front_free(struct front *front);
