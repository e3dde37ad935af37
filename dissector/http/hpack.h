/* hpack: the header blocks of one direction in, header fields out. RFC 7541.
 *
 * Tolerant: a connection may have been joined midway, or header blocks lost. Then some indices
 * stand for entries that were never seen: such a field comes out as unknown, and everything that
 * can still be known is. hpack_table.h says why nothing comes out wrong.
 *
 * in:  hpack_begin with a whole header block, then hpack_next until it says HPACK_END. What is
 *      behind HPACK_DAMAGED cannot be read; and since its insertions are not known either, the
 *      table is then forgotten. A block whose end was not captured is given as far as it was seen.
 * out: fields whose spans are valid until the next call. A value is kept only when params.keeps
 *      says so for the field's name: of credentials and cookies there is never a copy, here or in
 *      the table. Of those that are params.is_secret there is a fingerprint in its place.
 *
 * Linear in the bytes of the block, whatever it says; memory is bounded by params. */
#pragma once

#include "dissector/http/hpack_literal.h"

enum hpack_step {
    HPACK_FIELD,
    HPACK_END,
    HPACK_DAMAGED, /* or the block is not whole */
    HPACK_NOMEM,
};

struct hpack {
    /* fields are private */
    struct hpack_params params;
    struct hpack_table table;
    struct reader block;
    struct hpack_scratch scratch; /* of a field, when it is not a span of block or table */
    uint64_t max_size;            /* greatest table size the peer allowed */
    bool has_field;               /* the block had one: sizes may change only before */
    const char *problem;
};

void hpack_init(struct hpack *hpack, const struct hpack_params *params);

/* The peer allows this table size from now on (SETTINGS_HEADER_TABLE_SIZE). */
void hpack_allow(struct hpack *hpack, uint64_t size_bytes);

void hpack_begin(struct hpack *hpack, struct span block);
enum hpack_step hpack_next(struct hpack *hpack, struct hpack_field *field);

/* What the block breaks of RFC 7541, for people; NULL: nothing. Kept until hpack_begin. */
const char *hpack_problem(const struct hpack *hpack);

/* Header blocks, or their beginnings, were missed. */
void hpack_forget(struct hpack *hpack);

/* Whether max_table_bytes made entries unknown. */
bool hpack_has_met_limit(const struct hpack *hpack);

size_t hpack_buffered_bytes(const struct hpack *hpack);
void hpack_free(struct hpack *hpack);
