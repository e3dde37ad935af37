/* A segment in, its place among all out. Keeps nothing of it. */
#include "dissector/turn.h"

/* An endpoint in words: the address, and the port. */
struct words {
    uint64_t high, low, port;
};

static struct words words_of(const struct endpoint *endpoint)
{
    struct words words = {.port = endpoint->port};
    memcpy(&words.high, endpoint->address.bytes, sizeof words.high);
    memcpy(&words.low, endpoint->address.bytes + sizeof words.high, sizeof words.low);
    return words;
}

static bool is_behind(const struct words *a, const struct words *b)
{
    if (a->high != b->high)
        return a->high > b->high;
    return a->low != b->low ? a->low > b->low : a->port > b->port;
}

static uint64_t swap_halves(uint64_t word)
{
    return word << 32 | word >> 32;
}

/* Of either direction, as one endpoint comes first in both. Half of an IPv4 address's word is 0. */
static uint64_t flow_hash(const struct hash_key *key, const struct segment *segment)
{
    struct words a = words_of(&segment->source), b = words_of(&segment->destination);
    bool is_swapped = is_behind(&a, &b);
    const struct words *first = is_swapped ? &b : &a, *second = is_swapped ? &a : &b;
    uint64_t ports = first->port << 16 | second->port;
    if (segment->source.address.version == 4) {
        const uint64_t words[] = {swap_halves(first->high) | second->high, ports};
        return hash_words(key, words, sizeof words / sizeof *words);
    }
    const uint64_t words[] = {first->high, first->low, second->high, second->low, ports};
    return hash_words(key, words, sizeof words / sizeof *words);
}

void turn_next(struct turn *turn, const struct hash_key *key, const struct segment *segment)
{
    turn->number++;
    if (turn->number == 1 || segment->origin.time_ns > turn->clock_ns)
        turn->clock_ns = segment->origin.time_ns;
    turn->hash = flow_hash(key, segment);
}

bool turn_is_near(const struct turn *then, const struct turn *now, const struct limits *limits)
{
    return now->number - then->number < limits->reorder_frames &&
           !origin_has_passed(then->clock_ns, now->clock_ns, limits->reorder_quiet_ns);
}
