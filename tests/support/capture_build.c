/* Writes captures from the formats' descriptions, not from our readers; see capture_build.h. */
#include "tests/support/capture_build.h"

#include <stdlib.h>

void build_bytes(struct capture_build *b, struct span bytes)
{
    while (b->capacity_bytes - b->len < bytes.len) {
        b->capacity_bytes = b->capacity_bytes ? 2 * b->capacity_bytes : 4096;
        b->ptr = realloc(b->ptr, b->capacity_bytes);
        if (!b->ptr)
            abort();
    }
    if (bytes.len > 0)
        memcpy(b->ptr + b->len, bytes.ptr, bytes.len);
    b->len += bytes.len;
}

static void build_number(struct capture_build *b, uint64_t value, unsigned n_bytes)
{
    for (unsigned i = 0; i < n_bytes; i++) {
        unsigned place = b->is_big ? n_bytes - 1 - i : i;
        uint8_t byte = (uint8_t)(value >> 8 * place);
        build_bytes(b, span_of(&byte, 1));
    }
}

void build_u8(struct capture_build *b, uint8_t value)
{
    build_number(b, value, 1);
}

void build_u16(struct capture_build *b, uint16_t value)
{
    build_number(b, value, 2);
}

void build_u32(struct capture_build *b, uint32_t value)
{
    build_number(b, value, 4);
}

void build_u64(struct capture_build *b, uint64_t value)
{
    build_number(b, value, 8);
}

void build_zeros(struct capture_build *b, size_t n)
{
    static const uint8_t zeros[4096];
    for (; n > sizeof zeros; n -= sizeof zeros)
        build_bytes(b, span_of(zeros, sizeof zeros));
    build_bytes(b, span_of(zeros, n));
}

static void build_padding(struct capture_build *b, size_t len)
{
    build_zeros(b, -len & 3);
}

void build_pcap(struct capture_build *b, uint32_t magic, uint32_t snaplen, uint32_t linktype)
{
    build_u32(b, magic);
    build_u16(b, 2);
    build_u16(b, 4);
    build_u64(b, 0); /* time zone, accuracy */
    build_u32(b, snaplen);
    build_u32(b, linktype);
}

void build_pcap_record(struct capture_build *b, const struct build_record *record)
{
    build_u32(b, record->time_s);
    build_u32(b, record->fraction);
    build_u32(b, record->captured_len);
    build_u32(b, record->wire_len);
    build_bytes(b, record->bytes);
}

size_t build_block(struct capture_build *b, uint32_t type)
{
    size_t begin = b->len;
    build_u32(b, type);
    build_u32(b, 0);
    return begin;
}

void build_block_end(struct capture_build *b, size_t begin)
{
    build_padding(b, b->len - begin);
    uint32_t length = (uint32_t)(b->len - begin + 4);
    build_u32(b, length);
    memcpy(b->ptr + begin + 4, b->ptr + b->len - 4, 4);
}

void build_section(struct capture_build *b)
{
    size_t begin = build_block(b, 0x0a0d0d0a);
    build_u32(b, 0x1a2b3c4d);
    build_u16(b, 1);
    build_u16(b, 0);
    build_u64(b, UINT64_MAX); /* length of the section: not told */
    build_block_end(b, begin);
}

void build_interface(struct capture_build *b, uint16_t linktype, uint32_t snaplen,
                     struct span options)
{
    size_t begin = build_block(b, 1);
    build_u16(b, linktype);
    build_u16(b, 0);
    build_u32(b, snaplen);
    build_bytes(b, options);
    build_block_end(b, begin);
}

void build_option(struct capture_build *b, uint16_t code, struct span value)
{
    build_u16(b, code);
    build_u16(b, (uint16_t)value.len);
    build_bytes(b, value);
    build_padding(b, value.len);
}

void build_packet(struct capture_build *b, uint32_t interface_id, uint64_t ticks,
                  const char *packet)
{
    struct span bytes = span_str(packet);
    size_t begin = build_block(b, 6);
    build_u32(b, interface_id);
    build_u32(b, (uint32_t)(ticks >> 32));
    build_u32(b, (uint32_t)ticks);
    build_u32(b, (uint32_t)bytes.len);
    build_u32(b, (uint32_t)bytes.len);
    build_bytes(b, bytes);
    build_block_end(b, begin);
}

void build_free(struct capture_build *b)
{
    free(b->ptr);
    *b = (struct capture_build){0};
}
