/* href_set: which hrefs a document has named already, as 64-bit hashes: 16 to 32 bytes an href, up
 * to a limit, whatever their length. Two hrefs with the same hash would be taken for a duplicate:
 * one listing of 200,000 in a thousand million. The key is fixed: who makes two of his own hrefs
 * collide could as well repeat one. Probing is bounded, so that he cannot make it slow. */
#pragma once

#include "dissector/base/span.h"

struct href_set {
    /* fields are private */
    uint64_t *slots; /* 0: free */
    size_t n_slots, n, max;
};

enum href_seen {
    HREF_NEW,
    HREF_SEEN,
    HREF_UNKNOWN, /* not there, and no room to remember it */
    HREF_NOMEM,
};

void href_set_init(struct href_set *set, size_t max_hrefs);
enum href_seen href_set_add(struct href_set *set, struct span href);
size_t href_set_bytes(const struct href_set *set);
void href_set_free(struct href_set *set);
