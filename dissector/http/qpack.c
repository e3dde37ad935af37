/* An encoder's instructions (RFC 9204 §4.3) into the table, a section's representations (§4.5) out
 * as fields. Entries are numbered from the first that was ever inserted. */
#include "dissector/http/qpack.h"

#include "dissector/http/qpack_static.h"

/* So much of the encoder stream is joined to what was left of it at a time. */
enum { SLICE_BYTES = 4096 };

void qpack_init(struct qpack *qpack, const struct hpack_params *params,
                size_t max_instruction_bytes)
{
    *qpack = (struct qpack){.params = *params};
    hpack_table_init(&qpack->table, params->max_table_bytes);
    buf_init(&qpack->instruction, max_instruction_bytes);
}

void qpack_allow(struct qpack *qpack, uint64_t capacity_bytes)
{
    qpack->n_entries_allowed = capacity_bytes / HPACK_ENTRY_OVERHEAD_BYTES;
}

static struct hpack_field find_static(uint64_t index)
{
    struct hpack_field field = {.table_bytes = HPACK_ENTRY_OVERHEAD_BYTES};
    if (index >= QPACK_STATIC_N)
        return field;
    field.name = span_str(qpack_static[index].name);
    field.value = span_str(qpack_static[index].value);
    field.table_bytes += field.name.len + field.value.len;
    return field;
}

/* One without name when it is not known. */
static struct hpack_field find_inserted(const struct qpack *qpack, uint64_t number)
{
    struct hpack_field field = {.table_bytes = HPACK_ENTRY_OVERHEAD_BYTES};
    if (number < qpack->n_inserted)
        (void)hpack_table_find(&qpack->table, qpack->n_inserted - 1 - number, &field);
    return field;
}

/* ---- the encoder stream ---- */

enum instruction { INSTRUCTION_DONE, INSTRUCTION_PARTIAL, INSTRUCTION_DAMAGED, INSTRUCTION_NOMEM };

static enum instruction insert(struct qpack *qpack, const struct hpack_field *field)
{
    qpack->n_inserted++;
    return hpack_table_insert(&qpack->table, field) ? INSTRUCTION_DONE : INSTRUCTION_NOMEM;
}

static enum instruction unreadable(const struct reader *r)
{
    return r->failed ? INSTRUCTION_PARTIAL : INSTRUCTION_DAMAGED;
}

static enum instruction insert_value(struct qpack *qpack, struct hpack_field *field,
                                     struct hpack_literal *value)
{
    if (!hpack_literal_measure(value))
        return INSTRUCTION_DAMAGED;
    if (!hpack_scratch_value(&qpack->scratch, &qpack->params, value, field))
        return INSTRUCTION_NOMEM;
    return insert(qpack, field);
}

/* Indices count from the newest entry. */
static struct hpack_field find_recent(const struct qpack *qpack, uint64_t index)
{
    return find_inserted(qpack, qpack->n_inserted - 1 - index);
}

static enum instruction insert_with_reference(struct qpack *qpack, struct reader *r, bool is_static)
{
    uint64_t index;
    struct hpack_literal value;
    struct hpack_field field;
    if (!hpack_integer(r, 6, &index) || !hpack_literal_read(r, 7, &value))
        return unreadable(r);
    struct span name = (is_static ? find_static(index) : find_recent(qpack, index)).name;
    hpack_scratch_take_name(&qpack->scratch, name, &field);
    return insert_value(qpack, &field, &value);
}

static enum instruction insert_literal(struct qpack *qpack, struct reader *r)
{
    struct hpack_literal name, value;
    struct hpack_field field;
    if (!hpack_literal_read(r, 5, &name) || !hpack_literal_read(r, 7, &value))
        return unreadable(r);
    if (!hpack_literal_measure(&name))
        return INSTRUCTION_DAMAGED;
    hpack_scratch_name(&qpack->scratch, &name, &field);
    return insert_value(qpack, &field, &value);
}

static enum instruction take_instruction(struct qpack *qpack, struct reader *r)
{
    uint64_t number;
    uint8_t first = r->left.ptr[0];
    if (first & 0x80)
        return insert_with_reference(qpack, r, first & 0x40);
    if (first & 0x40)
        return insert_literal(qpack, r);
    if (!hpack_integer(r, 5, &number))
        return unreadable(r);
    if (first & 0x20) {
        hpack_table_resize(&qpack->table, number);
        return INSTRUCTION_DONE;
    }
    struct hpack_field field = find_recent(qpack, number);
    return insert(qpack, &field);
}

void qpack_lose(struct qpack *qpack)
{
    qpack->is_lost = true;
    hpack_table_forget(&qpack->table);
    buf_free(&qpack->instruction);
}

/* -> how many of the bytes were whole instructions. */
static enum instruction take_instructions(struct qpack *qpack, struct span bytes, size_t *n_taken)
{
    struct reader r = reader_of(bytes);
    enum instruction result = INSTRUCTION_DONE;
    *n_taken = 0;
    while (result == INSTRUCTION_DONE && r.left.len > 0) {
        result = take_instruction(qpack, &r);
        if (result == INSTRUCTION_DONE)
            *n_taken = bytes.len - r.left.len;
    }
    return result;
}

static enum instruction take_slice(struct qpack *qpack, struct span slice)
{
    size_t n_taken;
    enum buf_result kept = buf_append(&qpack->instruction, slice);
    if (kept != BUF_OK)
        return kept == BUF_NOMEM ? INSTRUCTION_NOMEM : INSTRUCTION_DAMAGED;
    enum instruction result = take_instructions(qpack, buf_span(&qpack->instruction), &n_taken);
    buf_drop_first(&qpack->instruction, n_taken);
    return result;
}

enum feed qpack_insert(struct qpack *qpack, struct span bytes)
{
    if (qpack->is_lost)
        return FEED_STOP;
    for (; bytes.len > 0; bytes = span_after(bytes, SLICE_BYTES)) {
        enum instruction result = take_slice(qpack, span_first(bytes, SLICE_BYTES));
        if (result == INSTRUCTION_DONE || result == INSTRUCTION_PARTIAL)
            continue;
        qpack_lose(qpack); /* what was not inserted would shift all that comes behind it */
        return result == INSTRUCTION_NOMEM ? FEED_NOMEM : FEED_STOP;
    }
    return FEED_OK;
}

/* ---- field sections ---- */

/* RFC 9204 §4.5.1.1: the number of insertions is sent modulo twice the entries allowed. */
static bool read_required(struct qpack *qpack, uint64_t coded)
{
    uint64_t range = 2 * qpack->n_entries_allowed;
    qpack->n_required = coded > 0 ? coded - 1 : 0;
    if (coded == 0 || range == 0)
        return true;
    if (coded > range)
        return false;
    uint64_t most = qpack->n_inserted + qpack->n_entries_allowed;
    qpack->n_required += most / range * range;
    if (qpack->n_required > most) {
        if (qpack->n_required <= range)
            return false;
        qpack->n_required -= range;
    }
    return qpack->n_required > 0;
}

bool qpack_begin(struct qpack *qpack, struct span section)
{
    uint64_t required, delta;
    qpack->section = reader_of(section);
    if (!hpack_integer(&qpack->section, 8, &required) || !read_required(qpack, required))
        return false;
    bool is_below = qpack->section.left.len > 0 && (qpack->section.left.ptr[0] & 0x80);
    if (!hpack_integer(&qpack->section, 7, &delta))
        return false;
    if (is_below && delta >= qpack->n_required)
        return false;
    qpack->base = is_below ? qpack->n_required - delta - 1 : qpack->n_required + delta;
    return true;
}

bool qpack_is_ready(const struct qpack *qpack)
{
    return qpack->is_lost || qpack->n_required <= qpack->n_inserted;
}

static enum hpack_step give_value(struct qpack *qpack, struct hpack_field *field)
{
    struct hpack_literal value;
    if (!hpack_literal_read(&qpack->section, 7, &value) || !hpack_literal_measure(&value))
        return HPACK_DAMAGED;
    bool has_memory = hpack_scratch_value(&qpack->scratch, &qpack->params, &value, field);
    return has_memory ? HPACK_FIELD : HPACK_NOMEM;
}

/* How a representation names an entry, by its first bits. */
static const struct form {
    uint8_t mask, bits;
    unsigned prefix_bits; /* of the index */
    bool is_whole;        /* otherwise the entry gives its name, and a value stands behind it */
    enum place { PLACE_STATIC, PLACE_BELOW, PLACE_BEHIND } place;
} forms[] = {
    {0xc0, 0xc0, 6, true, PLACE_STATIC},  {0xc0, 0x80, 6, true, PLACE_BELOW},
    {0xd0, 0x50, 4, false, PLACE_STATIC}, {0xd0, 0x40, 4, false, PLACE_BELOW},
    {0xf0, 0x10, 4, true, PLACE_BEHIND},  {0xf0, 0x00, 3, false, PLACE_BEHIND},
};

static struct hpack_field find(const struct qpack *qpack, enum place place, uint64_t index)
{
    if (place == PLACE_STATIC)
        return find_static(index);
    if (place == PLACE_BEHIND)
        return find_inserted(qpack, qpack->base + index);
    return find_inserted(qpack, index < qpack->base ? qpack->base - 1 - index : UINT64_MAX);
}

static enum hpack_step read_reference(struct qpack *qpack, const struct form *form,
                                      struct hpack_field *field)
{
    uint64_t index;
    if (!hpack_integer(&qpack->section, form->prefix_bits, &index))
        return HPACK_DAMAGED;
    struct hpack_field entry = find(qpack, form->place, index);
    if (!form->is_whole) {
        hpack_scratch_take_name(&qpack->scratch, entry.name, field);
        return give_value(qpack, field);
    }
    *field = entry;
    if (field->name.ptr && !qpack->params.keeps(field->name))
        field->value = span_of(NULL, 0);
    return HPACK_FIELD;
}

static enum hpack_step read_literal(struct qpack *qpack, struct hpack_field *field)
{
    struct hpack_literal name;
    if (!hpack_literal_read(&qpack->section, 3, &name) || !hpack_literal_measure(&name))
        return HPACK_DAMAGED;
    hpack_scratch_name(&qpack->scratch, &name, field);
    return give_value(qpack, field);
}

static enum hpack_step read_field(struct qpack *qpack, struct hpack_field *field)
{
    uint8_t first = qpack->section.left.ptr[0];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if ((first & forms[i].mask) == forms[i].bits)
            return read_reference(qpack, &forms[i], field);
    return read_literal(qpack, field);
}

enum hpack_step qpack_next(struct qpack *qpack, struct hpack_field *field)
{
    if (qpack->section.left.len == 0)
        return HPACK_END;
    enum hpack_step step = read_field(qpack, field);
    if (step != HPACK_FIELD)
        qpack->section = reader_of(span_of(NULL, 0));
    return step;
}

void qpack_free(struct qpack *qpack)
{
    hpack_table_free(&qpack->table);
    hpack_scratch_free(&qpack->scratch);
    buf_free(&qpack->instruction);
}
