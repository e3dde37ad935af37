/* hpack_write: header fields as a header block, RFC 7541, as an encoder with a table writes them:
 * what is in a table becomes an index. Strings are not Huffman-coded. For tests; no memory ends the
 * program. */
#pragma once

#include "dissector/base/buf.h"

enum { HPACK_WRITE_MAX_ENTRIES = 128 };

struct hpack_write {
    char *entries[HPACK_WRITE_MAX_ENTRIES]; /* "name: value", the newest first; owned */
    size_t n_entries;
    size_t size_bytes; /* of the table */
};

void hpack_write_init(struct hpack_write *write);

/* Appends to *block a field given as "name: value". is_indexed: by index where possible, and put
 * into the table; else as a literal that is not. */
void hpack_write_field(struct hpack_write *write, struct span field, bool is_indexed,
                       struct buf *block);

/* Appends a change of the table's size. */
void hpack_write_size(struct hpack_write *write, size_t size_bytes, struct buf *block);

void hpack_write_free(struct hpack_write *write);
