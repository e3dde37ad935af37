/* A block in, its representations (RFC 7541 §6) as fields out. */
#include "dissector/http/hpack.h"

#include "dissector/http/hpack_static.h"

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
    struct hpack_field field = {.table_bytes = HPACK_ENTRY_OVERHEAD_BYTES};
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

/* The literal at the front of the block. */
static bool read_literal(struct hpack *hpack, struct hpack_literal *literal)
{
    return hpack_literal_read(&hpack->block, 7, literal) && hpack_literal_measure(literal);
}

/* RFC 7541 §6.2. */
static enum hpack_step read_literal_field(struct hpack *hpack, struct hpack_field *field,
                                          uint64_t index)
{
    static const char unreadable[] = "a string that cannot be read";
    struct hpack_literal literal;
    if (index > 0) {
        hpack_scratch_take_name(&hpack->scratch, find(hpack, index).name, field);
    } else {
        if (!read_literal(hpack, &literal))
            return damaged(hpack, unreadable);
        hpack_scratch_name(&hpack->scratch, &literal, field);
    }
    if (!read_literal(hpack, &literal))
        return damaged(hpack, unreadable);
    bool has_memory = hpack_scratch_value(&hpack->scratch, &hpack->params, &literal, field);
    return has_memory ? HPACK_FIELD : HPACK_NOMEM;
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
        if (!hpack_integer(&hpack->block, 5, &number))
            return damaged(hpack, unreadable);
        resize(hpack, number);
    }
    if (hpack->block.left.len == 0)
        return HPACK_END;
    uint8_t first = hpack->block.left.ptr[0];
    bool is_indexed = first & 0x80, is_inserted = !is_indexed && (first & 0x40);
    if (!hpack_integer(&hpack->block, is_indexed ? 7 : is_inserted ? 6 : 4, &number))
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
    return hpack->scratch.value_bytes + hpack_table_buffered_bytes(&hpack->table);
}

void hpack_free(struct hpack *hpack)
{
    hpack_table_free(&hpack->table);
    hpack_scratch_free(&hpack->scratch);
}
