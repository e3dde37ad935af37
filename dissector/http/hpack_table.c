/* Fields in, fields by their index out. A ring of entries; each owns one text of name and value. */
#include "dissector/http/hpack_table.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

struct hpack_entry {
    uint8_t *text; /* the name, then the value */
    uint32_t name_len, value_len;
    uint64_t table_bytes;
    bool is_name_known, is_value_known, is_value_cut;
    uint64_t fingerprint;
};

void hpack_table_init(struct hpack_table *table, size_t max_bytes)
{
    *table = (struct hpack_table){.size_bytes = HPACK_INITIAL_SIZE_BYTES, .max_bytes = max_bytes};
}

static struct hpack_entry *entry_at(const struct hpack_table *table, size_t index)
{
    return &table->ring[(table->newest - index) & (table->capacity - 1)];
}

static void drop_oldest(struct hpack_table *table)
{
    struct hpack_entry *oldest = entry_at(table, table->n_entries - 1);
    table->used_bytes -= oldest->table_bytes;
    table->held_bytes -= (size_t)oldest->name_len + oldest->value_len + 1;
    free(oldest->text);
    table->n_entries--;
}

static void evict(struct hpack_table *table)
{
    while (table->n_entries > 0 && table->used_bytes > table->size_bytes)
        drop_oldest(table);
    while (table->n_entries > 0 && table->used_bytes > table->max_bytes) {
        drop_oldest(table);
        table->has_unknown = table->has_met_limit = true;
    }
}

static bool grow(struct hpack_table *table)
{
    if (table->n_entries < table->capacity)
        return true;
    size_t capacity = table->capacity ? table->capacity * 2 : FIRST_CAPACITY;
    struct hpack_entry *ring = calloc(capacity, sizeof *ring);
    if (!ring)
        return false;
    for (size_t i = 0; i < table->n_entries; i++)
        ring[table->n_entries - 1 - i] = *entry_at(table, i);
    free(table->ring);
    table->ring = ring;
    table->capacity = capacity;
    table->newest = table->n_entries > 0 ? table->n_entries - 1 : capacity - 1;
    return true;
}

static bool make_entry(struct hpack_entry *entry, const struct hpack_field *field)
{
    *entry = (struct hpack_entry){
        .text = malloc(field->name.len + field->value.len + 1),
        .name_len = (uint32_t)field->name.len,
        .value_len = (uint32_t)field->value.len,
        .table_bytes = field->table_bytes,
        .is_name_known = field->name.ptr != NULL,
        .is_value_known = field->value.ptr != NULL,
        .is_value_cut = field->is_value_cut,
        .fingerprint = field->fingerprint,
    };
    if (!entry->text)
        return false;
    if (field->name.len > 0)
        memcpy(entry->text, field->name.ptr, field->name.len);
    if (field->value.len > 0)
        memcpy(entry->text + field->name.len, field->value.ptr, field->value.len);
    return true;
}

bool hpack_table_insert(struct hpack_table *table, const struct hpack_field *field)
{
    struct hpack_entry entry;
    if (!grow(table) || !make_entry(&entry, field))
        return false;
    table->newest = (table->newest + 1) & (table->capacity - 1);
    table->ring[table->newest] = entry;
    table->n_entries++;
    table->used_bytes += entry.table_bytes;
    table->held_bytes += (size_t)entry.name_len + entry.value_len + 1;
    evict(table);
    return true;
}

bool hpack_table_find(const struct hpack_table *table, uint64_t index, struct hpack_field *field)
{
    if (index >= table->n_entries)
        return false;
    const struct hpack_entry *entry = entry_at(table, (size_t)index);
    *field = (struct hpack_field){
        .is_value_cut = entry->is_value_cut,
        .fingerprint = entry->fingerprint,
        .table_bytes = entry->table_bytes,
    };
    if (entry->is_name_known)
        field->name = span_of(entry->text, entry->name_len);
    if (entry->is_value_known)
        field->value = span_of(entry->text + entry->name_len, entry->value_len);
    return true;
}

static void drop_all(struct hpack_table *table)
{
    while (table->n_entries > 0)
        drop_oldest(table);
}

void hpack_table_resize(struct hpack_table *table, uint64_t size_bytes)
{
    table->size_bytes = size_bytes;
    evict(table);
    if (size_bytes == 0)
        table->has_unknown = false;
}

void hpack_table_forget(struct hpack_table *table)
{
    drop_all(table);
    table->has_unknown = true;
}

size_t hpack_table_buffered_bytes(const struct hpack_table *table)
{
    return table->capacity * sizeof *table->ring + table->held_bytes;
}

void hpack_table_free(struct hpack_table *table)
{
    drop_all(table);
    free(table->ring);
    table->ring = NULL;
    table->capacity = 0;
}
