/* copies: segments in; tells of each whether the same was captured a moment ago between other
 * endpoints. The same: sequence numbers of both directions, length, and the beginning and end of
 * the payload. What that proves is the caller's business (twins.h): programs that make captures up
 * like the same numbers for all connections.
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
    bool is_pushed; /* its sender wrote no more, and all of it was captured */
    bool is_copied; /* it was one itself */
    uint64_t digest;
    int64_t time_ns;
    uint64_t ordinal;
};

struct copies {
    /* fields are private */
    const struct limits *limits;
    struct sighting *places;
};

/* limits must outlive it. */
void copies_init(struct copies *copies, const struct limits *limits);

enum copies_found {
    COPIES_NONE,
    COPIES_SAME,
    COPIES_OTHER, /* with the same numbers another text: where two have them all, these are two */
};

/* Remembers segment, which has payload or answers a SYN. What was seen between other endpoints less
 * than limits.sighting_ns ago with its numbers: before tells of that one. Segments that end
 * elsewhere are no other text where one may be a part of the other, or one sent anew. */
enum copies_found copies_take(struct copies *copies, const struct segment *segment,
                              struct sighting *before);

size_t copies_buffered_bytes(const struct copies *copies);

/* A zeroed one is fine. */
void copies_free(struct copies *copies);
