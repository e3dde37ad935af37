/* Open addressing with double hashing, at most half full, doubled when fuller: a probe of
 * MAX_PROBES slots that are all taken is not to be expected (2^-64). */
#include "dissector/dav/href_set.h"

#include "dissector/base/hash.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64, MAX_PROBES = 64 };

/* The slot that has it, or the free one where it belongs; NULL: neither within MAX_PROBES. */
static uint64_t *find(uint64_t *slots, size_t n_slots, uint64_t hash)
{
    uint64_t step = hash >> 32 | 1;
    for (size_t i = 0; i < MAX_PROBES; i++) {
        uint64_t *slot = &slots[(hash + i * step) & (n_slots - 1)];
        if (*slot == 0 || *slot == hash)
            return slot;
    }
    return NULL;
}

static bool grow(struct href_set *set)
{
    size_t n_slots = set->n_slots ? set->n_slots * 2 : FIRST_SLOTS;
    uint64_t *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < set->n_slots; i++) {
        uint64_t hash = set->slots[i];
        uint64_t *slot = hash != 0 ? find(slots, n_slots, hash) : NULL;
        if (slot)
            *slot = hash;
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
    static const struct hash_key key = {0x6d756c7469737461, 0x7475732068726566};
    if (set->n < set->max && set->n >= set->n_slots / 2 && !grow(set))
        return HREF_NOMEM;
    if (set->n_slots == 0)
        return HREF_UNKNOWN;
    uint64_t hash = hash_quick(&key, href);
    hash += hash == 0; /* 0 is taken */
    uint64_t *slot = find(set->slots, set->n_slots, hash);
    if (slot && *slot != 0)
        return HREF_SEEN;
    if (!slot || set->n >= set->max)
        return HREF_UNKNOWN;
    *slot = hash;
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
