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

static enum copies_found compare(const struct sighting *before, const struct sighting *now,
                                 const struct limits *limits)
{
    bool has_same_ends = endpoint_equal(&before->source, &now->source) &&
                         endpoint_equal(&before->destination, &now->destination);
    if (before->seq != now->seq || before->ack != now->ack || has_same_ends ||
        origin_has_passed(before->time_ns, now->time_ns, limits->sighting_ns))
        return COPIES_NONE;
    if (before->len == now->len && before->digest == now->digest)
        return COPIES_SAME;
    /* Its copy seen, the sender may have sent it anew with what it wrote behind it. */
    bool is_whole = before->is_pushed && now->is_pushed && !before->is_copied;
    return is_whole ? COPIES_OTHER : COPIES_NONE;
}

enum copies_found copies_take(struct copies *copies, const struct segment *segment,
                              struct sighting *before)
{
    if (!copies->places && copies->limits->max_sightings > 0)
        copies->places = calloc(copies->limits->max_sightings, sizeof *copies->places);
    if (!copies->places)
        return COPIES_NONE;
    struct sighting *place = place_of(copies, segment);
    struct sighting now = {.source = segment->source,
                           .destination = segment->destination,
                           .seq = segment->seq,
                           .ack = segment->ack,
                           .len = (uint32_t)segment->payload.len + segment->cut_bytes,
                           .hop_limit = segment->hop_limit,
                           .is_pushed = segment->flags & SEGMENT_PSH && segment->cut_bytes == 0,
                           .digest = digest_of(segment->payload),
                           .time_ns = segment->origin.time_ns,
                           .ordinal = segment->origin.ordinal};
    enum copies_found found = compare(place, &now, copies->limits);
    if (found != COPIES_NONE)
        *before = *place;
    now.is_copied = found == COPIES_SAME;
    *place = now;
    return found;
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
