/* A suit is passed on as one connection or as several; see twins_suit.h. */
#include "dissector/net/twins_suit.h"

#include <stdlib.h>

static uint64_t hash_of_end(const struct twins *twins, const struct endpoint *end)
{
    uint8_t packed[sizeof end->address.bytes + 2];
    memcpy(packed, end->address.bytes, sizeof end->address.bytes);
    packed[sizeof packed - 2] = (uint8_t)(end->port >> 8);
    packed[sizeof packed - 1] = (uint8_t)end->port;
    return hash_quick(twins->key, span_of(packed, sizeof packed));
}

/* The same for both directions. */
uint64_t twins_suit_hash(const struct twins *twins, const struct segment *segment)
{
    return hash_of_end(twins, &segment->source) + hash_of_end(twins, &segment->destination);
}

static bool is_same_address(const struct endpoint *a, const struct endpoint *b)
{
    const struct endpoint there = {a->address, b->port};
    return endpoint_equal(&there, b);
}

bool twins_suit_is_elsewhere(const struct ends *other, const struct ends *ends)
{
    bool is_turned = endpoint_equal(&other->side[0], &ends->side[1]) &&
                     endpoint_equal(&other->side[1], &ends->side[0]);
    return !is_turned && (!is_same_address(&other->side[0], &ends->side[0]) ||
                          !is_same_address(&other->side[1], &ends->side[1]));
}

static bool is_leg(const struct table_node *node, const void *key)
{
    return segment_is_between(key, ((const struct leg *)node)->ends.side);
}

struct leg *twins_suit_find_leg(const struct twins *twins, const struct segment *segment)
{
    return (struct leg *)table_find(&twins->legs, twins_suit_hash(twins, segment), is_leg, segment);
}

enum feed twins_suit_pass(const struct twins *twins, const struct segment *segment)
{
    return twins->sink.segment(twins->sink.ctx, segment) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* What is kept may have proved to be a twin itself since: of whose handshake more was lost. */
enum feed twins_suit_pass_as(const struct twins *twins, const struct segment *segment,
                             const struct leg *leg)
{
    struct segment known = *segment;
    for (int i = 0; i < SUIT_LEGS && leg; i++) {
        int from = endpoint_equal(&known.source, &leg->ends.side[0]) ? 0 : 1;
        known.source = leg->kept.side[from];
        known.destination = leg->kept.side[!from];
        const struct leg *next = twins_suit_find_leg(twins, &known);
        leg = next && next != leg && !next->suit ? next : NULL;
    }
    return twins_suit_pass(twins, &known);
}

enum feed twins_suit_tell(const struct twins *twins, const struct leg *leg,
                          const struct origin *origin)
{
    struct segment_twin twin = {.is_before = leg->is_before};
    memcpy(twin.end, leg->ends.side, sizeof twin.end);
    const struct segment notice = {
        .is_twin = true,
        .source = leg->kept.side[0],
        .destination = leg->kept.side[1],
        .payload = span_of((const uint8_t *)&twin, sizeof twin),
        .origin = *origin,
    };
    return twins_suit_pass(twins, &notice);
}

enum feed twins_suit_withdraw(const struct twins *twins, const struct leg *leg,
                              const struct origin *origin)
{
    const struct segment notice = {.is_twin = true,
                                   .source = leg->ends.side[0],
                                   .destination = leg->ends.side[1],
                                   .origin = *origin};
    return twins_suit_pass(twins, &notice);
}

void twins_suit_drop_leg(struct twins *twins, struct leg *leg)
{
    table_remove(&twins->legs, &leg->node);
    free(leg);
}

void twins_suit_drop_hello(struct twins *twins, struct hello *hello)
{
    table_remove(&twins->hellos, &hello->node);
    free(hello);
}

static void drop_suit(struct twins *twins, struct twin_suit *suit)
{
    *(suit->previous ? &suit->previous->next : &twins->first) = suit->next;
    *(suit->next ? &suit->next->previous : &twins->last) = suit->previous;
    twins->n_suits--;
    suit->hello->suit = NULL;
    free(suit);
}

enum feed twins_suit_give_up(struct twins *twins, struct twin_suit *suit)
{
    enum feed answer = FEED_OK;
    for (size_t i = 0; i < suit->n_held && answer == FEED_OK; i++)
        answer = twins_suit_pass(twins, &suit->held[i]);
    for (size_t i = 0; i < suit->n_legs; i++)
        twins_suit_drop_leg(twins, suit->legs[i]);
    drop_suit(twins, suit);
    return answer;
}

struct twin_suit *twins_suit_open(struct twins *twins, struct hello *hello, int64_t time_ns)
{
    if (hello->suit)
        return hello->suit;
    struct twin_suit *suit = calloc(1, sizeof *suit);
    if (!suit)
        return NULL;
    *suit = (struct twin_suit){.hello = hello, .time_ns = time_ns, .previous = twins->last};
    *(twins->last ? &twins->last->next : &twins->first) = suit;
    twins->last = suit;
    twins->n_suits++;
    return hello->suit = suit;
}

/* The leg that was quiet for longest makes room; one that is undecided is held by its suit. */
static bool has_room(struct twins *twins)
{
    if (table_n_nodes(&twins->legs) < twins->limits->max_translated)
        return true;
    struct leg *quietest = (struct leg *)table_oldest(&twins->legs);
    if (!quietest || quietest->suit)
        return false;
    twins_suit_drop_leg(twins, quietest);
    return true;
}

struct leg *twins_suit_insert_leg(struct twins *twins, const struct leg *leg,
                                  const struct origin *origin)
{
    const struct segment between = {.source = leg->ends.side[0], .destination = leg->ends.side[1]};
    struct leg *copy = has_room(twins) ? malloc(sizeof *copy) : NULL;
    if (!copy)
        return NULL;
    *copy = *leg;
    if (table_insert(&twins->legs, &copy->node, twins_suit_hash(twins, &between), origin->time_ns))
        return copy;
    free(copy);
    return NULL;
}

void twins_suit_set_apart(struct twins *twins, const struct ends *ends,
                          const struct segment *answer)
{
    const struct segment between = {.source = ends->side[0], .destination = ends->side[1]};
    const struct leg own = {.seq = answer->ack - 1,
                            .ends = *ends,
                            .kept = *ends,
                            .next = {answer->ack, answer->seq + 1}};
    if (!twins_suit_find_leg(twins, &between))
        (void)twins_suit_insert_leg(twins, &own, &answer->origin);
}

static enum feed open_half(struct twins *twins, const struct leg *leg, const struct ends *ends,
                           const struct origin *origin)
{
    const struct segment between = {.source = ends->side[0], .destination = ends->side[1]};
    if (twins_suit_find_leg(twins, &between))
        return FEED_OK;
    struct leg half = *leg;
    half.ends = *ends;
    const struct leg *opened = twins_suit_insert_leg(twins, &half, origin);
    return opened ? twins_suit_withdraw(twins, opened, origin) : FEED_OK;
}

enum feed twins_suit_open_halves(struct twins *twins, const struct leg *leg,
                                 const struct origin *origin)
{
    const struct leg model = *leg; /* which may make room for the first half */
    const struct endpoint *own = model.ends.side, *kept = model.kept.side;
    if (endpoint_equal(&own[0], &kept[0]) || endpoint_equal(&own[1], &kept[1]))
        return FEED_OK;
    enum feed answer = open_half(twins, &model, &(struct ends){{own[0], kept[1]}}, origin);
    if (answer == FEED_OK)
        answer = open_half(twins, &model, &(struct ends){{kept[0], own[1]}}, origin);
    return answer;
}

struct leg *twins_suit_add_leg(struct twins *twins, struct twin_suit *suit, const struct ends *ends,
                               const struct origin *origin)
{
    const struct leg leg = {
        .seq = suit->hello->seq, .ends = *ends, .kept = suit->hello->ends, .suit = suit};
    if (suit->n_legs == SUIT_LEGS)
        return NULL;
    struct leg *added = twins_suit_insert_leg(twins, &leg, origin);
    if (added)
        suit->legs[suit->n_legs++] = added;
    return added;
}

enum feed twins_suit_prove(struct twins *twins, struct twin_suit *suit, const struct origin *origin)
{
    enum feed answer = twins_suit_tell(twins, suit->last, origin);
    for (size_t i = 0; i < suit->n_legs && answer == FEED_OK; i++)
        answer = twins_suit_withdraw(twins, suit->legs[i], origin);
    for (size_t i = 0; i < suit->n_held && answer == FEED_OK; i++) {
        const struct segment *held = &suit->held[i];
        answer = twins_suit_pass_as(twins, held, twins_suit_find_leg(twins, held));
    }
    for (size_t i = 0; i < suit->n_legs; i++) {
        struct leg *leg = suit->legs[i];
        leg->suit = NULL;
        leg->next[0] = leg->seq + 1;
        leg->next[1] = suit->answer_seq + 1;
    }
    if (answer == FEED_OK)
        answer = twins_suit_open_halves(twins, suit->last, origin);
    drop_suit(twins, suit);
    return answer;
}

enum feed twins_suit_hold(struct twins *twins, struct twin_suit *suit,
                          const struct segment *segment)
{
    if (suit->n_held == SUIT_HELD) {
        enum feed answer = twins_suit_give_up(twins, suit);
        return answer == FEED_OK ? twins_suit_pass(twins, segment) : answer;
    }
    suit->held[suit->n_held++] = *segment;
    return FEED_OK;
}
