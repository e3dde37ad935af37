/* Handshakes are remembered until they are answered; see twins.h. What is held back is kept with
 * the first SYN of a number (a suit), not with the legs, so that it is passed on in the order in
 * which it was captured. */
#include "dissector/net/twins.h"

#include <stdlib.h>

enum {
    SUIT_LEGS = 4,  /* translations in a row: a cluster has two, and one in front */
    SUIT_HELD = 16, /* a SYN and its answer on each leg, seen on up to two interfaces */
    KEEP_PER_CENT = 95,
};

/* Endpoints of a connection: of its client, of its server. */
struct ends {
    struct endpoint side[2];
};

/* A SYN without an answer. */
struct hello {
    struct table_node node; /* first: a node is cast to its hello */
    uint32_t seq;
    struct ends ends;
    struct twin_suit *suit; /* NULL: nobody else opened with this number */
};

struct twin_suit {
    struct hello *hello;
    int64_t time_ns;
    struct leg *legs[SUIT_LEGS]; /* behind that of hello */
    size_t n_legs, n_answered;
    struct leg *last; /* of those with a SYN */
    uint32_t answer_seq;
    struct segment held[SUIT_HELD];
    size_t n_held;
    struct twin_suit *previous, *next;
};

struct leg {
    struct table_node node; /* first */
    uint32_t seq;
    struct ends ends, kept; /* its own, and those of which it is the twin */
    struct twin_suit *suit; /* NULL: it is one */
    bool is_answered;
};

/* ---- keys ---- */

static uint64_t hash_of_end(const struct twins *twins, const struct endpoint *end)
{
    uint8_t packed[sizeof end->address.bytes + 2];
    memcpy(packed, end->address.bytes, sizeof end->address.bytes);
    packed[sizeof packed - 2] = (uint8_t)(end->port >> 8);
    packed[sizeof packed - 1] = (uint8_t)end->port;
    return hash_quick(twins->key, span_of(packed, sizeof packed));
}

/* The same for both directions. */
static uint64_t hash_of_ends(const struct twins *twins, const struct segment *segment)
{
    return hash_of_end(twins, &segment->source) + hash_of_end(twins, &segment->destination);
}

static uint64_t hash_of_seq(const struct twins *twins, uint32_t seq)
{
    return hash_quick(twins->key, span_of((const uint8_t *)&seq, sizeof seq));
}

static bool is_hello(const struct table_node *node, const void *key)
{
    return ((const struct hello *)node)->seq == *(const uint32_t *)key;
}

static bool is_leg(const struct table_node *node, const void *key)
{
    return segment_is_between(key, ((const struct leg *)node)->ends.side);
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

static bool is_same_address(const struct endpoint *a, const struct endpoint *b)
{
    const struct endpoint there = {a->address, b->port};
    return endpoint_equal(&there, b);
}

/* Ports alone tell nothing: who makes up captures likes one number for all connections. */
static bool is_elsewhere(const struct ends *other, const struct ends *ends)
{
    bool is_turned = endpoint_equal(&other->side[0], &ends->side[1]) &&
                     endpoint_equal(&other->side[1], &ends->side[0]);
    return !is_turned && (!is_same_address(&other->side[0], &ends->side[0]) ||
                          !is_same_address(&other->side[1], &ends->side[1]));
}

/* ---- what goes on ---- */

static enum feed pass(const struct twins *twins, const struct segment *segment)
{
    return twins->sink.segment(twins->sink.ctx, segment) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

static enum feed pass_as(const struct twins *twins, const struct segment *segment,
                         const struct leg *leg)
{
    struct segment known = *segment;
    int from = endpoint_equal(&segment->source, &leg->ends.side[0]) ? 0 : 1;
    known.source = leg->kept.side[from];
    known.destination = leg->kept.side[!from];
    return pass(twins, &known);
}

static enum feed pass_notice(const struct twins *twins, const struct leg *leg,
                             const struct origin *origin)
{
    const struct segment notice = {
        .is_twin = true,
        .source = leg->kept.side[0],
        .destination = leg->kept.side[1],
        .payload = span_of((const uint8_t *)leg->ends.side, sizeof leg->ends.side),
        .origin = *origin,
    };
    return pass(twins, &notice);
}

static void drop_leg(struct twins *twins, struct leg *leg)
{
    table_remove(&twins->legs, &leg->node);
    free(leg);
}

static void drop_hello(struct twins *twins, struct hello *hello)
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

/* They are connections of their own. */
static enum feed give_up(struct twins *twins, struct twin_suit *suit)
{
    enum feed answer = FEED_OK;
    for (size_t i = 0; i < suit->n_held && answer == FEED_OK; i++)
        answer = pass(twins, &suit->held[i]);
    for (size_t i = 0; i < suit->n_legs; i++)
        drop_leg(twins, suit->legs[i]);
    drop_suit(twins, suit);
    return answer;
}

/* They are one, and the last answer is on its way. */
static enum feed prove(struct twins *twins, struct twin_suit *suit, const struct origin *origin)
{
    enum feed answer = pass_notice(twins, suit->last, origin);
    for (size_t i = 0; i < suit->n_held && answer == FEED_OK; i++) {
        const struct segment *held = &suit->held[i];
        struct leg *leg =
            (struct leg *)table_find(&twins->legs, hash_of_ends(twins, held), is_leg, held);
        answer = pass_as(twins, held, leg);
    }
    for (size_t i = 0; i < suit->n_legs; i++)
        suit->legs[i]->suit = NULL;
    drop_suit(twins, suit);
    return answer;
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
            answer = give_up(twins, oldest->suit);
        drop_hello(twins, oldest);
    }
    return answer;
}

static struct twin_suit *open_suit(struct twins *twins, struct hello *hello, int64_t time_ns)
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

/* NULL: there is no memory for it, or no place. */
static struct leg *add_leg(struct twins *twins, struct twin_suit *suit, const struct ends *ends,
                           const struct segment *segment)
{
    struct leg *leg = suit->n_legs < SUIT_LEGS ? calloc(1, sizeof *leg) : NULL;
    if (!leg)
        return NULL;
    *leg = (struct leg){
        .seq = suit->hello->seq, .ends = *ends, .kept = suit->hello->ends, .suit = suit};
    if (!table_insert(&twins->legs, &leg->node, hash_of_ends(twins, segment),
                      segment->origin.time_ns)) {
        free(leg);
        return NULL;
    }
    return suit->legs[suit->n_legs++] = leg;
}

/* Legs that are undecided are held by their suit, and are few: they are passed over. */
static void forget_legs(struct twins *twins)
{
    size_t n = table_n_excess(&twins->legs);
    struct table_node *next;
    for (struct table_node *node = table_oldest(&twins->legs); node && n > 0; node = next, n--) {
        next = table_newer(node);
        if (!((struct leg *)node)->suit)
            drop_leg(twins, (struct leg *)node);
    }
}

/* ---- what is told ---- */

static bool is_opening(const struct segment *segment, bool is_answer)
{
    bool has_ack = segment->flags & SEGMENT_ACK;
    return segment->flags & SEGMENT_SYN && has_ack == is_answer && segment->payload.len == 0 &&
           segment->cut_bytes == 0 && segment->n_frames == 0;
}

static enum feed hold(struct twins *twins, struct twin_suit *suit, const struct segment *segment)
{
    if (suit->n_held == SUIT_HELD) {
        enum feed answer = give_up(twins, suit);
        return answer == FEED_OK ? pass(twins, segment) : answer;
    }
    suit->held[suit->n_held++] = *segment;
    return FEED_OK;
}

static bool add_syn(struct twins *twins, struct hello *hello, const struct segment *syn)
{
    const struct ends ends = {{syn->source, syn->destination}};
    bool is_late = origin_has_passed(table_touched_ns(&hello->node), syn->origin.time_ns,
                                     twins->limits->handshake_ns);
    if (is_late || !is_elsewhere(&ends, &hello->ends))
        return false;
    struct twin_suit *suit = open_suit(twins, hello, syn->origin.time_ns);
    struct leg *leg = suit && suit->n_answered == 0 ? add_leg(twins, suit, &ends, syn) : NULL;
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
        !is_elsewhere(&ends, &hello->ends))
        return false;
    struct leg *leg = add_leg(twins, suit, &ends, answer);
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
        return pass(twins, syn);
    if (hello && add_syn(twins, hello, syn))
        return hold(twins, hello->suit, syn);
    enum feed answer = FEED_OK;
    if (hello && hello->suit)
        answer = give_up(twins, hello->suit);
    if (hello)
        drop_hello(twins, hello);
    if (answer == FEED_OK)
        answer = remember_hello(twins, syn);
    return answer == FEED_OK ? pass(twins, syn) : answer;
}

/* The answer on what is kept: all legs have theirs by now, or they are no twins. */
static enum feed take_answer(struct twins *twins, const struct segment *answer)
{
    struct hello *hello = find_hello(twins, answer->ack - 1);
    if (hello && add_answer(twins, hello, answer))
        return hold(twins, hello->suit, answer);
    enum feed result = pass(twins, answer);
    if (!hello || !is_from(answer, &hello->ends, 1) || result != FEED_OK)
        return result;
    struct twin_suit *suit = hello->suit;
    if (suit && suit->n_answered == suit->n_legs && suit->answer_seq == answer->seq)
        result = prove(twins, suit, &answer->origin);
    else if (suit)
        result = give_up(twins, suit);
    drop_hello(twins, hello);
    forget_legs(twins);
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

static enum feed take_leg(struct twins *twins, struct leg *leg, const struct segment *segment)
{
    int64_t time_ns = segment->origin.time_ns;
    struct twin_suit *suit = leg->suit;
    if (suit && is_fitting(leg, segment))
        return hold(twins, suit, segment);
    if (suit) {
        enum feed answer = give_up(twins, suit);
        return answer == FEED_OK ? twins_feed(twins, segment) : answer;
    }
    bool is_new = is_opening(segment, false) && segment->seq != leg->seq;
    if (is_new || origin_has_passed(table_touched_ns(&leg->node), time_ns,
                                    twins->limits->connection_idle_ns)) {
        drop_leg(twins, leg);
        return twins_feed(twins, segment);
    }
    table_touch(&twins->legs, &leg->node, time_ns);
    return pass_as(twins, segment, leg);
}

/* ---- life ---- */

void twins_init(struct twins *twins, const struct limits *limits, const struct hash_key *key,
                struct segment_sink sink)
{
    *twins = (struct twins){.limits = limits, .key = key, .sink = sink};
    table_init(&twins->hellos, limits->max_handshakes,
               limits->max_handshakes / 100 * KEEP_PER_CENT);
    table_init(&twins->legs, limits->max_translated, limits->max_translated / 100 * KEEP_PER_CENT);
}

enum feed twins_feed(struct twins *twins, const struct segment *segment)
{
    if (!twins_concern(twins, segment))
        return pass(twins, segment);
    enum feed answer = twins_tick(twins, segment->origin.time_ns);
    if (answer != FEED_OK)
        return answer;
    struct leg *leg = NULL;
    if (table_n_nodes(&twins->legs) > 0)
        leg = (struct leg *)table_find(&twins->legs, hash_of_ends(twins, segment), is_leg, segment);
    if (leg)
        return take_leg(twins, leg, segment);
    if (is_opening(segment, false))
        return take_syn(twins, segment);
    if (is_opening(segment, true))
        return take_answer(twins, segment);
    return pass(twins, segment);
}

enum feed twins_tick(struct twins *twins, int64_t time_ns)
{
    enum feed answer = FEED_OK;
    while (twins->first && answer == FEED_OK &&
           origin_has_passed(twins->first->time_ns, time_ns, twins->limits->handshake_ns))
        answer = give_up(twins, twins->first);
    return answer;
}

enum feed twins_finish(struct twins *twins)
{
    enum feed answer = FEED_OK;
    while (twins->first && answer == FEED_OK)
        answer = give_up(twins, twins->first);
    return answer;
}

size_t twins_buffered_bytes(const struct twins *twins)
{
    return table_n_nodes(&twins->hellos) * sizeof(struct hello) +
           table_n_nodes(&twins->legs) * sizeof(struct leg) +
           twins->n_suits * sizeof(struct twin_suit) + table_buffered_bytes(&twins->hellos) +
           table_buffered_bytes(&twins->legs);
}

void twins_free(struct twins *twins)
{
    while (twins->first) {
        struct twin_suit *suit = twins->first;
        suit->n_held = 0;
        (void)give_up(twins, suit);
    }
    while (table_oldest(&twins->hellos))
        drop_hello(twins, (struct hello *)table_oldest(&twins->hellos));
    while (table_oldest(&twins->legs))
        drop_leg(twins, (struct leg *)table_oldest(&twins->legs));
    table_free(&twins->hellos);
    table_free(&twins->legs);
}
