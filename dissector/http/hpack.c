/* A block in, its representations (RFC 7541 §6) as fields out. Strings that stand plain in the
 * block are not copied; coded ones are decoded into memory of ours, as far as somebody wants them.
 */
#include "dissector/http/hpack.h"

#include "dissector/http/hpack_huffman.h"
#include "dissector/http/hpack_static.h"

#include <stdlib.h>

enum { ENTRY_OVERHEAD_BYTES = 32, MAX_INTEGER_BYTES = 5 };

/* A string literal, RFC 7541 §5.2. */
struct literal {
    struct span coded;
    bool is_huffman;
    size_t len; /* of the text */
};

/* RFC 7541 §5.1. Numbers of more than 32 bits have no honest use: false, as for one not whole. */
static bool read_integer(struct reader *r, uint8_t first, unsigned prefix_bits, uint64_t *value)
{
    uint8_t mask = (uint8_t)((1u << prefix_bits) - 1);
    *value = first & mask;
    if (*value < mask)
        return true;
    for (unsigned i = 0; i < MAX_INTEGER_BYTES; i++) {
        uint8_t byte = reader_u8(r);
        *value += (uint64_t)(byte & 0x7f) << (7 * i);
        if (!(byte & 0x80))
            return !r->failed && *value <= UINT32_MAX;
    }
    return false;
}

static bool read_literal(struct reader *r, struct literal *literal)
{
    uint64_t n;
    uint8_t first = reader_u8(r);
    if (!read_integer(r, first, 7, &n) || n > r->left.len)
        return false;
    literal->coded = reader_span(r, (size_t)n);
    literal->is_huffman = first & 0x80;
    literal->len = literal->coded.len;
    return !r->failed &&
           (!literal->is_huffman || hpack_huffman_decode(literal->coded, NULL, 0, &literal->len));
}

static enum hpack_step damaged(struct hpack *hpack, const char *problem)
{
    hpack->problem = problem;
    hpack->block = reader_of(span_of(NULL, 0));
    hpack_table_forget(&hpack->table);
    return HPACK_DAMAGED;
}

static void note(struct hpack *hpack, const char *problem)
{
    if (!hpack->problem)
        hpack->problem = problem;
}

/* The field at an index, RFC 7541 §2.3.3; one without name when it is not known. */
static struct hpack_field find(struct hpack *hpack, uint64_t index)
{
    struct hpack_field field = {.table_bytes = ENTRY_OVERHEAD_BYTES};
    if (index > HPACK_STATIC_N) {
        if (!hpack_table_find(&hpack->table, index - HPACK_STATIC_N - 1, &field) &&
            !hpack->table.has_unknown)
            note(hpack, "an index beyond the table");
        return field;
    }
    field.name = span_str(hpack_static[index - 1].name);
    field.value = span_str(hpack_static[index - 1].value);
    field.table_bytes += field.name.len + field.value.len;
    return field;
}

/* Sets field->name from the literal at the front of the block. */
static bool read_name(struct hpack *hpack, struct hpack_field *field)
{
    struct literal literal;
    if (!read_literal(&hpack->block, &literal))
        return false;
    *field = (struct hpack_field){
        .name = span_first(literal.coded, HPACK_MAX_NAME_BYTES),
        .table_bytes = ENTRY_OVERHEAD_BYTES + literal.len,
    };
    if (literal.is_huffman) {
        size_t kept = literal.len < HPACK_MAX_NAME_BYTES ? literal.len : HPACK_MAX_NAME_BYTES;
        (void)hpack_huffman_decode(literal.coded, hpack->name, kept, &literal.len);
        field->name = span_of(hpack->name, kept);
    }
    if (!field->name.ptr)
        field->name = span_str("");
    return true;
}

static bool make_room(struct hpack *hpack, size_t n)
{
    if (n <= hpack->value_bytes)
        return true;
    uint8_t *grown = realloc(hpack->value, n);
    if (!grown)
        return false;
    hpack->value = grown;
    hpack->value_bytes = n;
    return true;
}

/* Sets field->value from the literal at the front of the block, when it is wanted. */
static enum hpack_step read_value(struct hpack *hpack, struct hpack_field *field)
{
    struct literal literal;
    if (!read_literal(&hpack->block, &literal))
        return damaged(hpack, "a string that cannot be read");
    field->table_bytes += literal.len;
    if (!field->name.ptr || !hpack->params.keeps(field->name))
        return HPACK_FIELD;
    size_t max = hpack->params.max_value_bytes;
    size_t kept = literal.len < max ? literal.len : max;
    field->is_value_cut = kept < literal.len;
    if (!literal.is_huffman) {
        field->value = kept > 0 ? span_first(literal.coded, kept) : span_str("");
        return HPACK_FIELD;
    }
    if (!make_room(hpack, kept + 1))
        return HPACK_NOMEM;
    (void)hpack_huffman_decode(literal.coded, hpack->value, kept, &literal.len);
    field->value = span_of(hpack->value, kept);
    return HPACK_FIELD;
}

/* Sets field->name to that of another entry. Copied, because inserting may drop that entry. */
static void take_over_name(struct hpack *hpack, struct hpack_field *field, uint64_t index)
{
    struct span name = find(hpack, index).name;
    *field = (struct hpack_field){.table_bytes = ENTRY_OVERHEAD_BYTES + name.len};
    if (!name.ptr)
        return;
    memcpy(hpack->name, name.ptr, name.len);
    field->name = span_of(hpack->name, name.len);
}

/* RFC 7541 §6.2. */
static enum hpack_step read_literal_field(struct hpack *hpack, struct hpack_field *field,
                                          uint64_t index)
{
    if (index > 0) {
        take_over_name(hpack, field, index);
    } else if (!read_name(hpack, field)) {
        return damaged(hpack, "a string that cannot be read");
    }
    return read_value(hpack, field);
}

static enum hpack_step read_indexed(struct hpack *hpack, struct hpack_field *field, uint64_t index)
{
    if (index == 0)
        return damaged(hpack, "index 0");
    *field = find(hpack, index);
    if (field->name.ptr && !hpack->params.keeps(field->name))
        field->value = span_of(NULL, 0);
    return HPACK_FIELD;
}

/* RFC 7541 §6.3. */
static void resize(struct hpack *hpack, uint64_t size_bytes)
{
    if (hpack->has_field)
        note(hpack, "the table size changes behind a field");
    if (size_bytes > hpack->max_size)
        note(hpack, "a table size above what was allowed");
    hpack_table_resize(&hpack->table, size_bytes);
}

void hpack_init(struct hpack *hpack, const struct hpack_params *params)
{
    *hpack = (struct hpack){.params = *params, .max_size = HPACK_INITIAL_SIZE_BYTES};
    hpack_table_init(&hpack->table, params->max_table_bytes);
}

void hpack_allow(struct hpack *hpack, uint64_t size_bytes)
{
    hpack->max_size = size_bytes;
}

void hpack_begin(struct hpack *hpack, struct span block)
{
    hpack->block = reader_of(block);
    hpack->has_field = false;
    hpack->problem = NULL;
}

/* Takes the number at the front of the block. */
static bool take_number(struct hpack *hpack, unsigned prefix_bits, uint64_t *number)
{
    return read_integer(&hpack->block, reader_u8(&hpack->block), prefix_bits, number);
}

static bool is_size_update(struct span block)
{
    return block.len > 0 && (block.ptr[0] & 0xe0) == 0x20;
}

/* The first bits of a representation tell its form: 1 a field of the tables, 01 one that is
 * inserted, 001 a table size, 000 one that is not inserted. */
enum hpack_step hpack_next(struct hpack *hpack, struct hpack_field *field)
{
    static const char unreadable[] = "a number that cannot be read";
    uint64_t number;
    while (is_size_update(hpack->block.left)) {
        if (!take_number(hpack, 5, &number))
            return damaged(hpack, unreadable);
        resize(hpack, number);
    }
    if (hpack->block.left.len == 0)
        return HPACK_END;
    uint8_t first = hpack->block.left.ptr[0];
    bool is_indexed = first & 0x80, is_inserted = !is_indexed && (first & 0x40);
    if (!take_number(hpack, is_indexed ? 7 : is_inserted ? 6 : 4, &number))
        return damaged(hpack, unreadable);
    hpack->has_field = true;
    if (is_indexed)
        return read_indexed(hpack, field, number);
    enum hpack_step step = read_literal_field(hpack, field, number);
    if (step == HPACK_FIELD && is_inserted && !hpack_table_insert(&hpack->table, field))
        return HPACK_NOMEM;
    return step;
}

const char *hpack_problem(const struct hpack *hpack)
{
    return hpack->problem;
}

void hpack_forget(struct hpack *hpack)
{
    hpack_table_forget(&hpack->table);
    hpack->max_size = UINT32_MAX;
}

bool hpack_has_met_limit(const struct hpack *hpack)
{
    return hpack->table.has_met_limit;
}

size_t hpack_buffered_bytes(const struct hpack *hpack)
{
    return hpack->value_bytes + hpack_table_buffered_bytes(&hpack->table);
}

void hpack_free(struct hpack *hpack)
{
    hpack_table_free(&hpack->table);
    free(hpack->value);
    hpack->value = NULL;
    hpack->value_bytes = 0;
}
