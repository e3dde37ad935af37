/* hpack_table: the dynamic table of HPACK (RFC 7541 §2.3, §4) as a passive reader can know it.
 *
 * Entries are found by their distance from the newest, so those inserted since the table was last
 * known, or known to be lost, are found rightly, whatever lies below them. Below them is nothing
 * (the table is known from its beginning), or entries that are not known. An entry that our own
 * bounds dropped is of the latter kind.
 *
 * Evicting too late does no harm, because an encoder never names what it has evicted; evicting too
 * early makes an entry unknown, never wrong. So the size need not be known exactly either. */
#pragma once

#include "dissector/base/span.h"

/* Longest name that is kept whole; all fields that mean anything to us have shorter ones. */
enum { HPACK_MAX_NAME_BYTES = 64 };

/* RFC 9113 §6.5.2: until something else is said. */
enum { HPACK_INITIAL_SIZE_BYTES = 4096 };

/* What an entry counts beside its texts, RFC 7541 §4.1. */
enum { HPACK_ENTRY_OVERHEAD_BYTES = 32 };

/* A header field. All spans are borrowed. */
struct hpack_field {
    struct span name;     /* ptr NULL: unknown; cut at HPACK_MAX_NAME_BYTES */
    struct span value;    /* without white space at its ends; ptr NULL: unknown, or not kept */
    bool is_value_cut;    /* longer than hpack_params.max_value_bytes */
    uint64_t fingerprint; /* of a secret, in the place of its value */
    uint64_t table_bytes; /* lengths of name and value, as far as known, and 32: RFC 7541 §4.1 */
};

struct hpack_entry; /* private */

struct hpack_table {
    /* fields are private */
    struct hpack_entry *ring; /* capacity is 0 or a power of two */
    size_t n_entries, capacity, newest;
    uint64_t used_bytes; /* table_bytes of all entries */
    uint64_t size_bytes; /* as the encoder set it */
    size_t max_bytes;    /* our bound */
    size_t held_bytes;   /* memory of the entries' texts */
    bool has_unknown;    /* older entries than those held may exist */
    bool has_met_limit;
};

/* Empty, known, of the initial size 4,096. max_bytes: beyond it the oldest become unknown. */
void hpack_table_init(struct hpack_table *table, size_t max_bytes);

/* Copies field in as the newest. Its spans may lie in the table. False: no memory. */
bool hpack_table_insert(struct hpack_table *table, const struct hpack_field *field);

/* The entry with this index, 0 the newest. False: no such entry is known. */
bool hpack_table_find(const struct hpack_table *table, uint64_t index, struct hpack_field *field);

/* The encoder set another size. At size 0 all is known again: there is nothing. */
void hpack_table_resize(struct hpack_table *table, uint64_t size_bytes);

/* Insertions were missed: nothing that is held can be named any more. */
void hpack_table_forget(struct hpack_table *table);

size_t hpack_table_buffered_bytes(const struct hpack_table *table);
void hpack_table_free(struct hpack_table *table);
