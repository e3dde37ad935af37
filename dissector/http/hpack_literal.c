/* Strings that stand plain in the block are not copied; coded ones are decoded into memory of ours,
 * as far as somebody wants them. */
#include "dissector/http/hpack_literal.h"

#include "dissector/base/wipe.h"
#include "dissector/http/hpack_huffman.h"

#include <stdlib.h>

enum { MAX_INTEGER_BYTES = 5 };

bool hpack_integer(struct reader *r, unsigned prefix_bits, uint64_t *number)
{
    uint8_t mask = (uint8_t)((1u << prefix_bits) - 1);
    *number = reader_u8(r) & mask;
    if (*number < mask)
        return !r->failed;
    for (unsigned i = 0; i < MAX_INTEGER_BYTES; i++) {
        uint8_t byte = reader_u8(r);
        *number += (uint64_t)(byte & 0x7f) << (7 * i);
        if (!(byte & 0x80))
            return !r->failed && *number <= UINT32_MAX;
    }
    return false;
}

bool hpack_literal_read(struct reader *r, unsigned prefix_bits, struct hpack_literal *literal)
{
    uint64_t n;
    bool is_huffman = r->left.len > 0 && (r->left.ptr[0] >> prefix_bits & 1);
    if (!hpack_integer(r, prefix_bits, &n))
        return false;
    *literal = (struct hpack_literal){reader_span(r, (size_t)n), is_huffman, 0};
    return !r->failed;
}

bool hpack_literal_measure(struct hpack_literal *literal)
{
    literal->len = literal->coded.len;
    return !literal->is_huffman || hpack_huffman_decode(literal->coded, NULL, 0, &literal->len);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* An empty text has a ptr. */
static struct span text_of(struct span bytes)
{
    return bytes.ptr ? bytes : span_str("");
}

/* Once here, and not each time that a byte of a block names what is in the table. */
static struct span value_of(struct span bytes)
{
    return text_of(span_trim(bytes));
}

void hpack_scratch_name(struct hpack_scratch *scratch, const struct hpack_literal *literal,
                        struct hpack_field *field)
{
    size_t kept = smaller(literal->len, HPACK_MAX_NAME_BYTES), len;
    *field = (struct hpack_field){.table_bytes = HPACK_ENTRY_OVERHEAD_BYTES + literal->len};
    if (literal->is_huffman) {
        (void)hpack_huffman_decode(literal->coded, scratch->name, kept, &len);
        field->name = span_of(scratch->name, kept);
    } else {
        field->name = text_of(span_first(literal->coded, kept));
    }
}

void hpack_scratch_take_name(struct hpack_scratch *scratch, struct span name,
                             struct hpack_field *field)
{
    *field = (struct hpack_field){.table_bytes = HPACK_ENTRY_OVERHEAD_BYTES + name.len};
    if (!name.ptr)
        return;
    memcpy(scratch->name, name.ptr, name.len);
    field->name = span_of(scratch->name, name.len);
}

static bool make_room(struct hpack_scratch *scratch, size_t n)
{
    if (n <= scratch->value_bytes)
        return true;
    uint8_t *grown = realloc(scratch->value, n);
    if (!grown)
        return false;
    scratch->value = grown;
    scratch->value_bytes = n;
    return true;
}

/* The first n bytes of the text. False: no memory. */
static bool read_text(struct hpack_scratch *scratch, const struct hpack_literal *literal, size_t n,
                      struct span *text)
{
    size_t len;
    *text = span_first(literal->coded, n);
    if (!literal->is_huffman)
        return true;
    if (!make_room(scratch, n + 1))
        return false;
    (void)hpack_huffman_decode(literal->coded, scratch->value, n, &len);
    *text = span_of(scratch->value, n);
    return true;
}

/* Of all of it, however long: cut, it would be that of another. */
static bool take_fingerprint(struct hpack_scratch *scratch, const struct hpack_params *params,
                             const struct hpack_literal *literal, struct hpack_field *field)
{
    struct span secret;
    if (!read_text(scratch, literal, literal->len, &secret))
        return false;
    field->fingerprint = params->fingerprint(field->name, secret);
    if (literal->is_huffman)
        wipe(scratch->value, secret.len);
    return true;
}

bool hpack_scratch_value(struct hpack_scratch *scratch, const struct hpack_params *params,
                         const struct hpack_literal *literal, struct hpack_field *field)
{
    size_t kept = smaller(literal->len, params->max_value_bytes);
    field->table_bytes += literal->len;
    if (!field->name.ptr)
        return true;
    if (params->is_secret && params->is_secret(field->name))
        return take_fingerprint(scratch, params, literal, field);
    if (!params->keeps(field->name))
        return true;
    field->is_value_cut = kept < literal->len;
    if (!read_text(scratch, literal, kept, &field->value))
        return false;
    field->value = value_of(field->value);
    return true;
}

void hpack_scratch_free(struct hpack_scratch *scratch)
{
    free(scratch->value);
    *scratch = (struct hpack_scratch){.value = NULL};
}
