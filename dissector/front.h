/* front: captured frames in; TCP segments and ticks out. The front of every dissector: it undoes
 * link layers, tunnels, fragments and twins behind address translation (net/), and tells when
 * capture time has gone on. One owner thread. */
#pragma once

#include "dissector/net/net.h"
#include "dissector/net/twins.h"

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
    struct twins twins;
    int64_t last_tick_ns;
};

/* limits and key must outlive it. front must not be moved. */
void front_init(struct front *front, const struct limits *limits, const struct hash_key *key,
                struct front_sink sink);

/* As dissector_feed. FEED_OK, what tick said, or FEED_NOMEM. */
enum feed front_feed(struct front *front, uint32_t linktype, struct span frame, uint32_t wire_len,
                     const struct origin *origin);

/* Time goes on without a frame. Says what tick said. */
enum feed front_tick(struct front *front, const struct origin *origin);

/* The capture is over: what was held back comes now. FEED_OK or FEED_NOMEM. */
enum feed front_finish(struct front *front);

/* Held of the capture, for the memory limit. */
size_t front_buffered_bytes(const struct front *front);

void front_free(struct front *front);
