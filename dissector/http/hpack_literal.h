/* hpack_literal: the numbers and strings that HPACK and QPACK are written in (RFC 7541 §5, RFC 9204
 * §4.1), and where the texts of one field lie until the next is read.
 *
 * Strings are read in two steps, since their text may take longer than the reading: the bytes, then
 * the length of the text, then as much of the text as somebody wants. */
#pragma once

#include "dissector/base/reader.h"
#include "dissector/http/hpack_table.h"

struct hpack_params {
    size_t max_table_bytes;          /* what is kept of the table, whatever the peers agreed on */
    size_t max_value_bytes;          /* of a value; longer ones are cut */
    bool (*keeps)(struct span name); /* whether values of this field are wanted */
    /* Whether not the value of this field is wanted, but its fingerprint. NULL: of none. */
    bool (*is_secret)(struct span name);
    uint64_t (*fingerprint)(struct span name, struct span value);
};

struct hpack_literal {
    struct span coded;
    bool is_huffman;
    size_t len; /* of the text, after hpack_literal_measure */
};

/* Where texts lie that stand coded in a block; of secrets only until they have their fingerprint.
 * Zeroed: empty. */
struct hpack_scratch {
    uint8_t name[HPACK_MAX_NAME_BYTES];
    uint8_t *value;
    size_t value_bytes; /* allocated */
};

/* The number in the lowest prefix_bits of the next byte, and those behind it. False with r->failed:
 * it is not whole; without: more than 32 bits, which have no honest use. */
bool hpack_integer(struct reader *r, unsigned prefix_bits, uint64_t *number);

/* The string whose length begins so; the bit above the prefix says whether it is coded. False as
 * above. */
bool hpack_literal_read(struct reader *r, unsigned prefix_bits, struct hpack_literal *literal);

/* Sets len; linear in the bytes. False: no such code. */
bool hpack_literal_measure(struct hpack_literal *literal);

/* field becomes one of that name, without value. The literal was measured. */
void hpack_scratch_name(struct hpack_scratch *scratch, const struct hpack_literal *literal,
                        struct hpack_field *field);

/* The same with a name of a table, copied since inserting may drop it there. ptr NULL: unknown. */
void hpack_scratch_take_name(struct hpack_scratch *scratch, struct span name,
                             struct hpack_field *field);

/* Gives field, which has a name, the value or the fingerprint, if params want it. The literal was
 * measured. False: no memory. */
bool hpack_scratch_value(struct hpack_scratch *scratch, const struct hpack_params *params,
                         const struct hpack_literal *literal, struct hpack_field *field);

void hpack_scratch_free(struct hpack_scratch *scratch);
