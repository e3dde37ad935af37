/* Open addressing with double hashing, at most half full, doubled when fuller: a probe of
 * MAX_PROBES slots that are all taken is not to be expected (2^-64). */
#include "dissector/dav/href_set.h"

#include "dissector/base/hash.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64, MAX_PROBES = 64 };

static struct href_slot fingerprint(struct span href)
{
    static const struct hash_key key_a = {0x6d756c7469737461, 0x7475732068726566};
    static const struct hash_key key_b = {0x64757020, 0x6c6963617465};
    return (struct href_slot){hash_bytes(&key_a, href), hash_bytes(&key_b, href) | 1};
}

/* The slot that has it, or the free one where it belongs; NULL: neither within MAX_PROBES. */
static struct href_slot *find(struct href_slot *slots, size_t n_slots, struct href_slot wanted)
{
    for (size_t i = 0; i < MAX_PROBES; i++) {
        struct href_slot *slot = &slots[(wanted.a + i * wanted.b) & (n_slots - 1)];
        if (slot->b == 0 || (slot->a == wanted.a && slot->b == wanted.b))
            return slot;
    }
    return NULL;
}

static bool grow(struct href_set *set)
{
    size_t n_slots = set->n_slots ? set->n_slots * 2 : FIRST_SLOTS;
    struct href_slot *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < set->n_slots; i++) {
        struct href_slot *slot = set->slots[i].b != 0 ? find(slots, n_slots, set->slots[i]) : NULL;
        if (slot)
            *slot = set->slots[i];
    }
    free(set->slots);
    set->slots = slots;
    set->n_slots = n_slots;
    return true;
}

void href_set_init(struct href_set *set, size_t max_hrefs)
{
    *set = (struct href_set){.max = max_hrefs};
}

enum href_seen href_set_add(struct href_set *set, struct span href)
{
    if (set->n < set->max && set->n >= set->n_slots / 2 && !grow(set))
        return HREF_NOMEM;
    if (set->n_slots == 0)
        return HREF_UNKNOWN;
    struct href_slot wanted = fingerprint(href);
    struct href_slot *slot = find(set->slots, set->n_slots, wanted);
    if (slot && slot->b != 0)
        return HREF_SEEN;
    if (!slot || set->n >= set->max)
        return HREF_UNKNOWN;
    *slot = wanted;
    set->n++;
    return HREF_NEW;
}

size_t href_set_bytes(const struct href_set *set)
{
    return set->n_slots * sizeof *set->slots;
}

void href_set_free(struct href_set *set)
{
    free(set->slots);
    href_set_init(set, set->max);
}
