/* One table with a place for each hash of the numbers; see copies.h. Neither hash nor digest is
 * keyed: who could make two segments look alike could as well send one twice. */
#include "dissector/net/copies.h"

#include <stdlib.h>

#define ODD                                                                                        \
    UINT64_C(0x9E3779B97F4A7C15) /* 2^64 over the golden ratio: spreads what differs little */

enum { DIGEST_WORDS = 4 }; /* at the beginning of the payload, and as many at its end */

static uint64_t digest_of(struct span payload)
{
    uint64_t words[2 * DIGEST_WORDS] = {0}, digest = 0;
    const size_t max_bytes = sizeof words / 2;
    if (payload.len >= max_bytes) {
        memcpy(words, payload.ptr, max_bytes);
        memcpy(words + DIGEST_WORDS, payload.ptr + payload.len - max_bytes, max_bytes);
    } else if (payload.len > 0) {
        memcpy(words, payload.ptr, payload.len);
    }
    for (size_t i = 0; i < 2 * (size_t)DIGEST_WORDS; i++) {
        digest = (digest ^ words[i]) * ODD;
        digest ^= digest >> 32;
    }
    return digest;
}

static struct sighting *place_of(const struct copies *copies, const struct segment *segment)
{
    uint64_t numbers = ((uint64_t)segment->seq << 32 | segment->ack) * ODD;
    return &copies->places[(numbers >> 32) * copies->limits->max_sightings >> 32];
}

void copies_init(struct copies *copies, const struct limits *limits)
{
    *copies = (struct copies){.limits = limits};
}

bool copies_take(struct copies *copies, const struct segment *segment, struct sighting *before)
{
    if (!copies->places && copies->limits->max_sightings > 0)
        copies->places = calloc(copies->limits->max_sightings, sizeof *copies->places);
    if (!copies->places)
        return false;
    struct sighting *place = place_of(copies, segment);
    uint64_t digest = digest_of(segment->payload);
    uint32_t len = (uint32_t)segment->payload.len + segment->cut_bytes;
    int64_t time_ns = segment->origin.time_ns;
    bool is_same = place->seq == segment->seq && place->ack == segment->ack && place->len == len &&
                   place->digest == digest &&
                   !origin_has_passed(place->time_ns, time_ns, copies->limits->sighting_ns) &&
                   !(endpoint_equal(&place->source, &segment->source) &&
                     endpoint_equal(&place->destination, &segment->destination));
    if (is_same)
        *before = *place;
    *place = (struct sighting){.source = segment->source,
                               .destination = segment->destination,
                               .seq = segment->seq,
                               .ack = segment->ack,
                               .len = len,
                               .hop_limit = segment->hop_limit,
                               .digest = digest,
                               .time_ns = time_ns};
    return is_same;
}

size_t copies_buffered_bytes(const struct copies *copies)
{
    return copies->places ? copies->limits->max_sightings * sizeof *copies->places : 0;
}

void copies_free(struct copies *copies)
{
    free(copies->places);
    copies->places = NULL;
}
