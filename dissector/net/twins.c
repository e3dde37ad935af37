/* Handshakes are remembered until they are answered; see twins.h. What is held back is kept with
 * the first SYN of a number (a suit), not with the legs, so that it is passed on in the order in
 * which it was captured. */
#include "dissector/net/twins_doubt.h"
#include "dissector/net/twins_join.h"

#include <stdlib.h>

enum {
    KEEP_PER_CENT = 95,
    /* How far a segment's numbers may be from those before it: a long hole. Of other connections
     * one in 16,000 is as near in both directions. */
    REACH_BYTES = 16 * 1024 * 1024,
};

/* ---- keys ---- */

static uint64_t hash_of_seq(const struct twins *twins, uint32_t seq)
{
    return hash_quick(twins->key, span_of((const uint8_t *)&seq, sizeof seq));
}

static bool is_hello(const struct table_node *node, const void *key)
{
    return ((const struct hello *)node)->seq == *(const uint32_t *)key;
}

static struct hello *find_hello(const struct twins *twins, uint32_t seq)
{
    return (struct hello *)table_find(&twins->hellos, hash_of_seq(twins, seq), is_hello, &seq);
}

static bool is_from(const struct segment *segment, const struct ends *ends, int side)
{
    return endpoint_equal(&segment->source, &ends->side[side]) &&
           endpoint_equal(&segment->destination, &ends->side[!side]);
}

/* ---- what is remembered ---- */

static enum feed remember_hello(struct twins *twins, const struct segment *syn)
{
    struct hello *hello = calloc(1, sizeof *hello);
    if (!hello)
        return FEED_OK;
    hello->seq = syn->seq;
    hello->ends = (struct ends){{syn->source, syn->destination}};
    if (!table_insert(&twins->hellos, &hello->node, hash_of_seq(twins, syn->seq),
                      syn->origin.time_ns))
        free(hello);
    enum feed answer = FEED_OK;
    for (size_t n = table_n_excess(&twins->hellos); n > 0 && answer == FEED_OK; n--) {
        struct hello *oldest = (struct hello *)table_oldest(&twins->hellos);
        if (oldest->suit)
            answer = twins_suit_give_up(twins, oldest->suit);
        twins_suit_drop_hello(twins, oldest);
    }
    return answer;
}

/* ---- what is told ---- */

static bool is_opening(const struct segment *segment, bool is_answer)
{
    bool has_ack = segment->flags & SEGMENT_ACK;
    return segment->flags & SEGMENT_SYN && has_ack == is_answer && segment->payload.len == 0 &&
           segment->cut_bytes == 0 && segment->n_frames == 0;
}

static bool add_syn(struct twins *twins, struct hello *hello, const struct segment *syn)
{
    const struct ends ends = {{syn->source, syn->destination}};
    bool is_late = origin_has_passed(table_touched_ns(&hello->node), syn->origin.time_ns,
                                     twins->limits->handshake_ns);
    if (is_late || !twins_suit_is_elsewhere(&ends, &hello->ends))
        return false;
    struct twin_suit *suit = twins_suit_open(twins, hello, syn->origin.time_ns);
    struct leg *leg =
        suit && suit->n_answered == 0 ? twins_suit_add_leg(twins, suit, &ends, &syn->origin) : NULL;
    if (leg)
        suit->last = leg;
    return leg;
}

/* Where a bridge undoes a half of the translation before it passes a packet on, that is captured
 * too: in this direction alone, between addresses that no SYN went by. */
static bool add_answer(struct twins *twins, struct hello *hello, const struct segment *answer)
{
    const struct ends ends = {{answer->destination, answer->source}};
    struct twin_suit *suit = hello->suit;
    if (!suit || suit->n_answered == 0 || suit->answer_seq != answer->seq ||
        !twins_suit_is_elsewhere(&ends, &hello->ends))
        return false;
    struct leg *leg = twins_suit_add_leg(twins, suit, &ends, &answer->origin);
    if (!leg)
        return false;
    leg->is_answered = true;
    suit->n_answered++;
    return true;
}

/* A SYN of a connection that is no leg: one more of the same, the first of a number, or one that
 * may be a twin. */
static enum feed take_syn(struct twins *twins, const struct segment *syn)
{
    struct hello *hello = find_hello(twins, syn->seq);
    if (hello && is_from(syn, &hello->ends, 0))
        return twins_suit_pass(twins, syn);
    if (hello && add_syn(twins, hello, syn))
        return twins_suit_hold(twins, hello->suit, syn);
    enum feed answer = FEED_OK;
    if (hello && hello->suit)
        answer = twins_suit_give_up(twins, hello->suit);
    if (hello)
        twins_suit_drop_hello(twins, hello);
    if (answer == FEED_OK)
        answer = remember_hello(twins, syn);
    return answer == FEED_OK ? twins_suit_pass(twins, syn) : answer;
}

/* Who opened when the same had been answered elsewhere is no copy, whatever both say then: programs
 * that make captures up like the same numbers for all connections. */
static void part_late(struct twins *twins, const struct hello *hello, const struct segment *answer)
{
    struct sighting before;
    if (!copies_take(&twins->copies, answer, &before) || !hello ||
        !is_from(answer, &hello->ends, 1))
        return;
    const struct ends earlier = {{before.destination, before.source}};
    if (before.time_ns >= table_touched_ns(&hello->node) ||
        !twins_suit_is_elsewhere(&hello->ends, &earlier))
        return;
    twins_suit_set_apart(twins, &earlier, answer);
    twins_suit_set_apart(twins, &hello->ends, answer);
}

/* The answer on what is kept: all legs have theirs by now, or they are no twins. */
static enum feed take_answer(struct twins *twins, const struct segment *answer)
{
    struct hello *hello = find_hello(twins, answer->ack - 1);
    if (hello && add_answer(twins, hello, answer))
        return twins_suit_hold(twins, hello->suit, answer);
    part_late(twins, hello, answer);
    enum feed result = twins_suit_pass(twins, answer);
    if (!hello || !is_from(answer, &hello->ends, 1) || result != FEED_OK)
        return result;
    struct twin_suit *suit = hello->suit;
    if (suit && suit->n_answered == suit->n_legs && suit->answer_seq == answer->seq)
        result = twins_suit_prove(twins, suit, &answer->origin);
    else if (suit)
        result = twins_suit_give_up(twins, suit);
    twins_suit_drop_hello(twins, hello);
    return result;
}

/* Whether segment is what a twin's leg would say now: its SYN or the answer to it, again perhaps.
 */
static bool is_fitting(struct leg *leg, const struct segment *segment)
{
    struct twin_suit *suit = leg->suit;
    if (is_opening(segment, false))
        return segment->seq == leg->seq && is_from(segment, &leg->ends, 0);
    if (!is_opening(segment, true) || segment->ack - 1 != leg->seq ||
        !is_from(segment, &leg->ends, 1))
        return false;
    if (suit->n_answered == 0)
        suit->answer_seq = segment->seq;
    suit->n_answered += !leg->is_answered;
    leg->is_answered = true;
    return suit->answer_seq == segment->seq;
}

static bool is_near(uint32_t number, uint32_t expected)
{
    return number - expected + REACH_BYTES <= 2 * REACH_BYTES;
}

static void move_on(uint32_t *next, uint32_t number)
{
    if ((int32_t)(number - *next) > 0)
        *next = number;
}

/* Whether it opens another connection: the SYN of the twin, which may be captured late, has the
 * number before all others of its side. */
static bool is_anew(const struct leg *leg, const struct segment *segment)
{
    int from = endpoint_equal(&segment->source, &leg->ends.side[0]) ? 0 : 1;
    return is_opening(segment, false) && segment->seq != leg->seq &&
           leg->next[from] - (segment->seq + 1) > REACH_BYTES;
}

/* Whether it is the twin that goes on: between the same ends another connection may have begun
 * unseen, or somebody wants to hide one. A reset needs not know the numbers. */
static bool goes_on(struct leg *leg, const struct segment *segment)
{
    int from = endpoint_equal(&segment->source, &leg->ends.side[0]) ? 0 : 1;
    bool has_ack = segment->flags & SEGMENT_ACK;
    if (segment->flags & SEGMENT_RST)
        return true;
    if (!is_near(segment->seq, leg->next[from]) ||
        (has_ack && !is_near(segment->ack, leg->next[!from])))
        return false;
    move_on(&leg->next[from], segment->seq + (uint32_t)segment->payload.len + segment->cut_bytes);
    if (has_ack)
        move_on(&leg->next[!from], segment->ack);
    return true;
}

/* One segment that does not fit is not enough to part a twin. */
static enum feed take_misfit(struct twins *twins, struct leg *leg, const struct segment *segment)
{
    if (!leg->has_misfit) {
        leg->has_misfit = true;
        return twins_suit_pass(twins, segment);
    }
    twins_suit_drop_leg(twins, leg);
    return twins_feed(twins, segment);
}

static enum feed take_leg(struct twins *twins, struct leg *leg, const struct segment *segment)
{
    int64_t time_ns = segment->origin.time_ns;
    struct twin_suit *suit = leg->suit;
    if (suit && is_fitting(leg, segment))
        return twins_suit_hold(twins, suit, segment);
    if (suit) {
        enum feed answer = twins_suit_give_up(twins, suit);
        return answer == FEED_OK ? twins_feed(twins, segment) : answer;
    }
    if (is_anew(leg, segment) || origin_has_passed(table_touched_ns(&leg->node), time_ns,
                                                   twins->limits->connection_idle_ns)) {
        twins_suit_drop_leg(twins, leg);
        return twins_feed(twins, segment);
    }
    if (!goes_on(leg, segment))
        return take_misfit(twins, leg, segment);
    struct sighting before;
    leg->has_misfit = false;
    table_touch(&twins->legs, &leg->node, time_ns);
    if (segment->payload.len > 0 && copies_take(&twins->copies, segment, &before) == COPIES_OTHER)
        leg->kept = leg->ends;
    return twins_suit_pass_as(twins, segment, leg);
}

/* ---- life ---- */

void twins_init(struct twins *twins, const struct limits *limits, const struct hash_key *key,
                struct segment_sink sink)
{
    *twins = (struct twins){.limits = limits, .key = key, .sink = sink};
    copies_init(&twins->copies, limits);
    table_init(&twins->hellos, limits->max_handshakes,
               limits->max_handshakes / 100 * KEEP_PER_CENT);
    table_init(&twins->legs, limits->max_translated, limits->max_translated);
}

enum feed twins_feed(struct twins *twins, const struct segment *segment)
{
    if (!twins_concern(twins, segment))
        return twins_suit_pass(twins, segment);
    enum feed answer = twins_tick(twins, segment->origin.time_ns);
    if (answer == FEED_OK)
        answer = twins_doubt_meet(twins, segment);
    if (answer != FEED_OK)
        return answer;
    struct leg *leg = NULL;
    if (table_n_nodes(&twins->legs) > 0)
        leg = twins_suit_find_leg(twins, segment);
    if (leg)
        return take_leg(twins, leg, segment);
    if (is_opening(segment, false))
        return take_syn(twins, segment);
    if (is_opening(segment, true))
        return take_answer(twins, segment);
    if (segment->payload.len > 0)
        return twins_join_take(twins, segment);
    return twins_suit_pass(twins, segment);
}

enum feed twins_tick(struct twins *twins, int64_t time_ns)
{
    enum feed answer = FEED_OK;
    while (twins->first && answer == FEED_OK &&
           origin_has_passed(twins->first->time_ns, time_ns, twins->limits->handshake_ns))
        answer = twins_suit_give_up(twins, twins->first);
    return answer == FEED_OK ? twins_doubt_tick(twins, time_ns) : answer;
}

enum feed twins_finish(struct twins *twins)
{
    enum feed answer = FEED_OK;
    while (twins->first && answer == FEED_OK)
        answer = twins_suit_give_up(twins, twins->first);
    return answer == FEED_OK ? twins_doubt_release(twins) : answer;
}

size_t twins_buffered_bytes(const struct twins *twins)
{
    return table_n_nodes(&twins->hellos) * sizeof(struct hello) +
           table_n_nodes(&twins->legs) * sizeof(struct leg) +
           twins->n_suits * sizeof(struct twin_suit) + table_buffered_bytes(&twins->hellos) +
           table_buffered_bytes(&twins->legs) + copies_buffered_bytes(&twins->copies) +
           twins_doubt_buffered_bytes(twins);
}

void twins_free(struct twins *twins)
{
    while (twins->first) {
        struct twin_suit *suit = twins->first;
        suit->n_held = 0;
        (void)twins_suit_give_up(twins, suit);
    }
    while (table_oldest(&twins->hellos))
        twins_suit_drop_hello(twins, (struct hello *)table_oldest(&twins->hellos));
    while (table_oldest(&twins->legs))
        twins_suit_drop_leg(twins, (struct leg *)table_oldest(&twins->legs));
    table_free(&twins->hellos);
    table_free(&twins->legs);
    copies_free(&twins->copies);
    free(twins->doubt);
    twins->doubt = NULL;
}
