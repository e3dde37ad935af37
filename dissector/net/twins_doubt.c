/* See twins_doubt.h. */
#include "dissector/net/twins_doubt.h"

#include <stdlib.h>

/* What other processors may capture between a packet and its copies. */
enum { DOUBT_FRAMES = 3 };

struct twin_doubt {
    struct segment segment;   /* its payload stands behind this struct */
    struct sighting repeated; /* what it repeats */
};

static bool goes_between(const struct segment *segment, const struct endpoint *source,
                         const struct endpoint *destination)
{
    return endpoint_equal(&segment->source, source) &&
           endpoint_equal(&segment->destination, destination);
}

/* With both it is no copy, with none it is translated wholly. */
static bool shares_one_end(const struct segment *segment, const struct sighting *before)
{
    return endpoint_equal(&segment->source, &before->source) !=
           endpoint_equal(&segment->destination, &before->destination);
}

static bool is_next(const struct segment *segment, uint64_t ordinal)
{
    return segment->origin.ordinal - ordinal <= DOUBT_FRAMES;
}

static struct twin_doubt *make(const struct segment *segment, const struct sighting *before)
{
    struct twin_doubt *doubt = malloc(sizeof *doubt + segment->payload.len);
    if (!doubt)
        return NULL;
    *doubt = (struct twin_doubt){.segment = *segment, .repeated = *before};
    doubt->segment.payload.ptr = (const uint8_t *)(doubt + 1);
    memcpy(doubt + 1, segment->payload.ptr, segment->payload.len);
    return doubt;
}

enum feed twins_doubt_take(struct twins *twins, const struct segment *segment,
                           const struct sighting *before)
{
    enum feed answer = twins_doubt_release(twins);
    bool is_whole = segment->n_frames == 0; /* the numbers of its frames are borrowed */
    if (is_whole && is_next(segment, before->ordinal) && segment->hop_limit == before->hop_limit &&
        shares_one_end(segment, before))
        twins->doubt = make(segment, before);
    return twins->doubt || answer != FEED_OK ? answer : twins_suit_pass(twins, segment);
}

bool twins_doubt_is_half(const struct twins *twins, const struct segment *segment,
                         struct sighting *before)
{
    const struct twin_doubt *doubt = twins->doubt;
    if (!doubt || !goes_between(&doubt->segment, &before->source, &before->destination))
        return false;
    const struct sighting *first = &doubt->repeated;
    if (!goes_between(&doubt->segment, &first->source, &segment->destination) &&
        !goes_between(&doubt->segment, &segment->source, &first->destination))
        return false;
    *before = *first;
    return true;
}

enum feed twins_doubt_release(struct twins *twins)
{
    struct twin_doubt *doubt = twins->doubt;
    if (!doubt)
        return FEED_OK;
    twins->doubt = NULL;
    const struct leg *leg = twins_suit_find_leg(twins, &doubt->segment);
    enum feed answer = leg && !leg->suit ? twins_suit_pass_as(twins, &doubt->segment, leg)
                                         : twins_suit_pass(twins, &doubt->segment);
    free(doubt);
    return answer;
}

enum feed twins_doubt_meet(struct twins *twins, const struct segment *segment)
{
    const struct twin_doubt *doubt = twins->doubt;
    if (!doubt)
        return FEED_OK;
    const struct endpoint ends[2] = {doubt->segment.source, doubt->segment.destination};
    bool is_over =
        segment_is_between(segment, ends) || !is_next(segment, doubt->segment.origin.ordinal);
    return is_over ? twins_doubt_release(twins) : FEED_OK;
}

enum feed twins_doubt_tick(struct twins *twins, int64_t time_ns)
{
    const struct twin_doubt *doubt = twins->doubt;
    bool is_late = doubt && origin_has_passed(doubt->segment.origin.time_ns, time_ns,
                                              twins->limits->sighting_ns);
    return is_late ? twins_doubt_release(twins) : FEED_OK;
}

size_t twins_doubt_buffered_bytes(const struct twins *twins)
{
    return twins->doubt ? sizeof *twins->doubt + twins->doubt->segment.payload.len : 0;
}
