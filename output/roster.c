/* A table of entries, never given back before roster_free; see roster.h. */
#include "output/roster.h"

#include "dissector/base/text.h"
#include "output/entries.h"

static bool is_entry_of(const struct table_node *node, const void *key)
{
    const struct roster_entry *entry = (const struct roster_entry *)node;
    const struct roster_entry *wanted = key;
    return endpoint_equal(&entry->endpoint, &wanted->endpoint) &&
           strcmp(entry->name, wanted->name) == 0;
}

static uint64_t hash_of(const struct roster *roster, const struct roster_entry *entry)
{
    const struct endpoint *endpoint = &entry->endpoint;
    uint8_t bytes[sizeof endpoint->address.bytes + 2 + ROSTER_NAME_BYTES];
    size_t n = sizeof endpoint->address.bytes, name_len = strlen(entry->name);
    memcpy(bytes, endpoint->address.bytes, n);
    bytes[n++] = (uint8_t)(endpoint->port >> 8);
    bytes[n++] = (uint8_t)endpoint->port;
    memcpy(bytes + n, entry->name, name_len);
    return hash_bytes(&roster->hash_key, span_of(bytes, n + name_len));
}

/* Ascending order of what comes first. */
static int compare(const void *left, const void *right)
{
    const struct roster_entry *a = *(const struct roster_entry *const *)left;
    const struct roster_entry *b = *(const struct roster_entry *const *)right;
    uint64_t a_bad = counts_n_problems(a->counts.by_class);
    uint64_t b_bad = counts_n_problems(b->counts.by_class);
    if (a_bad != b_bad)
        return a_bad > b_bad ? -1 : 1;
    if (a->counts.n_documents != b->counts.n_documents)
        return a->counts.n_documents > b->counts.n_documents ? -1 : 1;
    int by_address = memcmp(&a->endpoint.address, &b->endpoint.address, sizeof a->endpoint.address);
    if (by_address != 0)
        return by_address;
    if (a->endpoint.port != b->endpoint.port)
        return a->endpoint.port < b->endpoint.port ? -1 : 1;
    return strcmp(a->name, b->name);
}

void roster_init(struct roster *roster, const struct hash_key *hash_key)
{
    *roster = (struct roster){.hash_key = *hash_key};
    table_init(&roster->table, ROSTER_MAX_ENTRIES, ROSTER_MAX_ENTRIES);
}

const struct roster_entry *roster_add(struct roster *roster, const struct roster_key *key,
                                      const struct counts *counts)
{
    struct roster_entry wanted = {.endpoint = key->endpoint};
    text_printable(wanted.name, sizeof wanted.name, key->name);
    uint64_t hash = hash_of(roster, &wanted);
    struct roster_entry *entry =
        (struct roster_entry *)table_find(&roster->table, hash, is_entry_of, &wanted);
    if (!entry && table_n_nodes(&roster->table) < ROSTER_MAX_ENTRIES)
        entry = entries_add(&roster->table, &wanted, sizeof wanted, hash);
    counts_add(entry ? &entry->counts : &roster->others, counts);
    return entry;
}

size_t roster_n_entries(const struct roster *roster)
{
    return table_n_nodes(&roster->table);
}

bool roster_sort(const struct roster *roster, struct roster_sorted *sorted)
{
    sorted->entries = entries_sorted(&roster->table, compare, &sorted->n);
    return sorted->entries || table_n_nodes(&roster->table) == 0;
}

void roster_free(struct roster *roster)
{
    entries_free(&roster->table);
}
