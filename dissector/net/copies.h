/* copies: segments with payload in; tells of each whether the same was captured a moment ago
 * between other endpoints. The same: sequence numbers of both directions, length, and the beginning
 * and end of the payload. What that proves is the caller's business (twins.h): programs that make
 * captures up like the same numbers for all connections.
 *
 * Some 40 steps a segment. A place belongs to the last segment whose numbers lead to it, so that
 * now and then one is forgotten before its copy comes. Memory: limits.max_sightings places, from
 * the first segment on; without memory nothing is the same as anything. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/net/segment.h"

/* What is remembered of a segment. */
struct sighting {
    struct endpoint source, destination;
    uint32_t seq, ack, len;
    uint8_t hop_limit;
    uint64_t digest;
    int64_t time_ns;
};

struct copies {
    /* fields are private */
    const struct limits *limits;
    struct sighting *places;
};

/* limits must outlive it. */
void copies_init(struct copies *copies, const struct limits *limits);

/* Remembers segment, which has payload. Whether it was seen between other endpoints less than
 * limits.sighting_ns ago: before tells of that one. */
bool copies_take(struct copies *copies, const struct segment *segment, struct sighting *before);

size_t copies_buffered_bytes(const struct copies *copies);

/* A zeroed one is fine. */
void copies_free(struct copies *copies);
