/* Open addressing with double hashing, at most three quarters full: MAX_PROBES slots that are all
 * taken are not to be expected (2^-53). */
#include "dissector/dav/href_index.h"

#include "dissector/base/hash.h"

#include <stdlib.h>

/* MAX_EQUAL: hrefs of one request with the same hash. Two are rare; more are made on purpose. */
enum { FIRST_SLOTS = 64, MAX_PROBES = 128, MAX_EQUAL = 8 };

uint32_t href_index_hash(struct span form)
{
    static const struct hash_key key = {0x7265717565737465, 0x6420687265667320};
    return (uint32_t)hash_quick(&key, form);
}

static struct href_slot *slot_of(struct href_slot *slots, size_t n_slots, uint32_t hash, uint32_t i)
{
    size_t step = (hash >> 16 | hash << 16) | 1;
    return &slots[(hash + i * step) & (n_slots - 1)];
}

static void put(struct href_slot *slots, size_t n_slots, struct href_slot new)
{
    for (uint32_t i = 0; i < MAX_PROBES; i++) {
        struct href_slot *slot = slot_of(slots, n_slots, new.hash, i);
        if (slot->number != 0)
            continue;
        *slot = new;
        return;
    }
}

static bool grow(struct href_index *index)
{
    size_t n_slots = index->n_slots ? index->n_slots * 2 : FIRST_SLOTS;
    struct href_slot *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < index->n_slots; i++)
        if (index->slots[i].number != 0)
            put(slots, n_slots, index->slots[i]);
    free(index->slots);
    index->slots = slots;
    index->n_slots = n_slots;
    return true;
}

bool href_index_add(struct href_index *index, uint32_t hash, uint32_t number)
{
    if (index->n >= index->n_slots / 4 * 3 && !grow(index))
        return false;
    put(index->slots, index->n_slots, (struct href_slot){hash, number});
    index->n++;
    return true;
}

uint32_t href_index_next(const struct href_index *index, struct href_probe *probe)
{
    while (index->n_slots > 0 && probe->n_done < MAX_PROBES && probe->n_equal < MAX_EQUAL) {
        const struct href_slot *slot =
            slot_of(index->slots, index->n_slots, probe->hash, probe->n_done++);
        if (slot->number == 0)
            return 0;
        if (slot->hash != probe->hash)
            continue;
        probe->n_equal++;
        return slot->number;
    }
    return 0;
}

size_t href_index_bytes(const struct href_index *index)
{
    return index->n_slots * sizeof *index->slots;
}

void href_index_free(struct href_index *index)
{
    free(index->slots);
    *index = (struct href_index){0};
}
