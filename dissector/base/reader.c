/* Checked reads; see reader.h. */
#include "dissector/base/reader.h"

static uint64_t big_endian(struct span s)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++)
        value = value << 8 | s.ptr[i];
    return value;
}

static uint32_t little_endian(struct span s)
{
    uint32_t value = 0;
    for (size_t i = s.len; i > 0; i--)
        value = value << 8 | s.ptr[i - 1];
    return value;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)big_endian(reader_span(r, 1));
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)big_endian(reader_span(r, 2));
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)big_endian(reader_span(r, 4));
}

uint64_t reader_u64(struct reader *r)
{
    return big_endian(reader_span(r, 8));
}

uint64_t reader_varint(struct reader *r)
{
    uint64_t value = reader_u8(r);
    unsigned n_more = (1u << (value >> 6)) - 1;
    value &= 0x3F;
    while (n_more-- > 0)
        value = value << 8 | reader_u8(r);
    return r->failed ? 0 : value;
}

uint16_t reader_le16(struct reader *r)
{
    return (uint16_t)little_endian(reader_span(r, 2));
}

uint32_t reader_le32(struct reader *r)
{
    return little_endian(reader_span(r, 4));
}
