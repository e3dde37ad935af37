/* What was seen a moment ago between other endpoints is taken for a copy when somebody passed it on
 * in between, which the hop limit shows. Nobody who makes captures up counts hops, so equal numbers
 * and requests alone join nothing. */
#include "dissector/net/twins_join.h"

#include "dissector/net/twins_doubt.h"

static bool was_passed_on(const struct segment *segment, const struct sighting *before)
{
    int n_hops = (int)before->hop_limit - (int)segment->hop_limit;
    return n_hops != 0 && n_hops <= SUIT_LEGS && n_hops >= -SUIT_LEGS;
}

/* Endpoints of the connection that what was seen before belongs to, in its direction. False: that
 * is not decided. */
static bool find_kept(const struct twins *twins, const struct sighting *before, struct ends *kept)
{
    const struct segment earlier = {.source = before->source, .destination = before->destination};
    const struct leg *known = twins_suit_find_leg(twins, &earlier);
    *kept = (struct ends){{before->source, before->destination}};
    if (known && endpoint_equal(&known->ends.side[0], &before->source))
        *kept = known->kept;
    else if (known)
        *kept = (struct ends){{known->kept.side[1], known->kept.side[0]}};
    return !known || !known->suit;
}

/* ends: of segment, and those of which it is a copy, in its direction. */
static enum feed join(struct twins *twins, const struct segment *segment, const struct ends ends[2],
                      bool is_before)
{
    const struct leg model = {.seq = segment->seq - 1,
                              .ends = ends[0],
                              .kept = ends[1],
                              .is_before = is_before,
                              .next = {segment->seq, segment->ack}};
    if (!twins_suit_insert_leg(twins, &model, &segment->origin))
        return twins_suit_pass(twins, segment);
    enum feed answer = twins_suit_withdraw(twins, &model, &segment->origin);
    if (answer == FEED_OK)
        answer = twins_suit_open_halves(twins, &model, &segment->origin);
    if (answer == FEED_OK)
        answer = twins_suit_tell(twins, &model, &segment->origin);
    return answer == FEED_OK ? twins_suit_pass_as(twins, segment, &model) : answer;
}

/* What was seen before said something else where this says its own. */
static void part(struct twins *twins, const struct sighting *before)
{
    const struct segment earlier = {.source = before->source, .destination = before->destination};
    struct leg *leg = twins_suit_find_leg(twins, &earlier);
    if (leg && !leg->suit)
        leg->kept = leg->ends;
}

enum feed twins_join_take(struct twins *twins, const struct segment *segment)
{
    struct sighting before;
    struct ends ends[2] = {{{segment->source, segment->destination}}}; /* its own, and those kept */
    enum copies_found found = copies_take(&twins->copies, segment, &before);
    if (found == COPIES_OTHER)
        part(twins, &before);
    if (found != COPIES_SAME)
        return twins_suit_pass(twins, segment);
    if (!was_passed_on(segment, &before))
        return twins_doubt_take(twins, segment, &before);
    bool has_half = twins_doubt_is_half(twins, segment, &before);
    if (!find_kept(twins, &before, &ends[1]) || !twins_suit_is_elsewhere(&ends[0], &ends[1]))
        return twins_suit_pass(twins, segment);
    enum feed answer = join(twins, segment, ends, segment->hop_limit > before.hop_limit);
    return has_half && answer == FEED_OK ? twins_doubt_release(twins) : answer;
}
