/* Fields in, representations out. */
#include "tests/support/hpack_write.h"

#include "dissector/http/hpack_static.h"
#include "tests/support/conv_coding.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENTRY_OVERHEAD_BYTES = 32, INITIAL_SIZE_BYTES = 4096, SEPARATOR_BYTES = 2 };

/* Where in "name: value" the value begins; names may begin with a colon. */
static size_t value_at(struct span field)
{
    size_t at = 1;
    while (at + 1 < field.len && !(field.ptr[at] == ':' && field.ptr[at + 1] == ' '))
        at++;
    return at + SEPARATOR_BYTES;
}

static struct span name_of(struct span field)
{
    return span_first(field, value_at(field) - SEPARATOR_BYTES);
}

static struct span value_of(struct span field)
{
    return span_after(field, value_at(field));
}

static void append_number(struct buf *block, uint8_t bits, unsigned prefix_bits, size_t value)
{
    size_t max = (1u << prefix_bits) - 1;
    uint8_t byte = (uint8_t)(bits | (value < max ? value : max));
    conv_append(block, span_of(&byte, 1));
    if (value < max)
        return;
    for (value -= max; value >= 128; value /= 128) {
        byte = (uint8_t)(128 | value % 128);
        conv_append(block, span_of(&byte, 1));
    }
    byte = (uint8_t)value;
    conv_append(block, span_of(&byte, 1));
}

static void append_string(struct buf *block, struct span text)
{
    append_number(block, 0, 7, text.len);
    conv_append(block, text);
}

static struct span nth_field(const struct hpack_write *write, size_t index, char out[256])
{
    if (index > HPACK_STATIC_N)
        return span_str(write->entries[index - HPACK_STATIC_N - 1]);
    const struct hpack_static *entry = &hpack_static[index - 1];
    snprintf(out, 256, "%s: %s", entry->name, entry->value);
    return span_str(out);
}

/* The index of the field, or of the first with its name in *name_index; 0: there is none. */
static size_t find(const struct hpack_write *write, struct span field, size_t *name_index)
{
    char text[256];
    *name_index = 0;
    for (size_t i = 1; i <= HPACK_STATIC_N + write->n_entries; i++) {
        struct span known = nth_field(write, i, text);
        if (span_equal(known, field))
            return i;
        if (*name_index == 0 && span_equal(name_of(known), name_of(field)))
            *name_index = i;
    }
    return 0;
}

static size_t used_bytes(const struct hpack_write *write)
{
    size_t n = 0;
    for (size_t i = 0; i < write->n_entries; i++)
        n += strlen(write->entries[i]) - SEPARATOR_BYTES + ENTRY_OVERHEAD_BYTES;
    return n;
}

static void evict(struct hpack_write *write)
{
    while (write->n_entries > 0 && used_bytes(write) > write->size_bytes)
        free(write->entries[--write->n_entries]);
}

static void insert(struct hpack_write *write, struct span field)
{
    char *copy = malloc(field.len + 1);
    if (!copy || write->n_entries == HPACK_WRITE_MAX_ENTRIES)
        abort();
    memcpy(copy, field.ptr, field.len);
    copy[field.len] = '\0';
    memmove(write->entries + 1, write->entries, write->n_entries * sizeof *write->entries);
    write->entries[0] = copy;
    write->n_entries++;
    evict(write);
}

void hpack_write_init(struct hpack_write *write)
{
    *write = (struct hpack_write){.size_bytes = INITIAL_SIZE_BYTES};
}

void hpack_write_field(struct hpack_write *write, struct span field, bool is_indexed,
                       struct buf *block)
{
    size_t name_index, index = find(write, field, &name_index);
    if (is_indexed && index > 0) {
        append_number(block, 0x80, 7, index);
        return;
    }
    if (!is_indexed)
        name_index = 0;
    append_number(block, is_indexed ? 0x40 : 0x10, is_indexed ? 6 : 4, name_index);
    if (name_index == 0)
        append_string(block, name_of(field));
    append_string(block, value_of(field));
    if (is_indexed)
        insert(write, field);
}

void hpack_write_size(struct hpack_write *write, size_t size_bytes, struct buf *block)
{
    append_number(block, 0x20, 5, size_bytes);
    write->size_bytes = size_bytes;
    evict(write);
}

void hpack_write_free(struct hpack_write *write)
{
    write->size_bytes = 0;
    evict(write);
}
