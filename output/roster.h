/* roster: counts by name: by operation, client, server or user agent. Bounded: the first
 * ROSTER_MAX_ENTRIES different names have an entry each; what has another name, or finds no memory,
 * is added to `others`, so that sums stay exact. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "output/counts.h"

enum {
    ROSTER_MAX_ENTRIES = 1000, /* a Multi-Status server's clients; more cannot be read by people */
    ROSTER_NAME_BYTES = 256,   /* a longer name is cut, and ends with "…" */
};

/* What is counted apart: a name, an address, or both. */
struct roster_key {
    struct endpoint endpoint; /* zero = none */
    struct span name;         /* captured bytes; may be empty */
};

struct roster_entry {
    struct table_node node;
    struct counts counts;
    struct endpoint endpoint;
    char name[ROSTER_NAME_BYTES]; /* printable UTF-8 */
};

struct roster {
    struct counts others;
    /* the rest is private */
    struct table table;
    struct hash_key hash_key;
};

struct roster_sorted {
    const struct roster_entry **entries; /* the caller's to free; NULL when there are none */
    size_t n;
};

void roster_init(struct roster *roster, const struct hash_key *hash_key);

/* Adds to the key's entry and returns it, or NULL when it went to the others. */
const struct roster_entry *roster_add(struct roster *roster, const struct roster_key *key,
                                      const struct counts *counts);

/* Different names that have an entry. */
size_t roster_n_entries(const struct roster *roster);

/* The entries, most problems first, then most documents, then by name. False: no memory. */
bool roster_sort(const struct roster *roster, struct roster_sorted *sorted);

void roster_free(struct roster *roster);
