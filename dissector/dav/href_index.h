/* href_index: finds the numbers of hrefs by a hash of their form: 8 bytes a slot, a quarter of them
 * free at least, so 11 to 21 bytes an href. It knows neither texts nor forms: its user compares
 * what is found. Probing is bounded: hrefs made to collide are lost to it, never slow. */
#pragma once

#include "dissector/base/span.h"

struct href_slot {
    uint32_t hash;
    uint32_t number; /* of the href, from 1; 0: free */
};

struct href_index {
    /* fields are private */
    struct href_slot *slots;
    size_t n_slots, n;
};

/* A search under way. */
struct href_probe {
    uint32_t hash, n_done, n_equal;
};

/* The hash of a form, never the same as that of another by chance alone more than once in 2^32. */
uint32_t href_index_hash(struct span form);

/* False: no memory. */
bool href_index_add(struct href_index *index, uint32_t hash, uint32_t number);

/* The number of the next href with this hash, 0: no more. probe: {.hash = …} before the first. */
uint32_t href_index_next(const struct href_index *index, struct href_probe *probe);

size_t href_index_bytes(const struct href_index *index);
void href_index_free(struct href_index *index);
