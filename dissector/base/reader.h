/* reader: checked reads of wire integers. A read past the end returns 0 (or an empty span) and sets
 * failed for good, so a decoder reads all its fields and asks once. Never reads outside the span.
 */
#pragma once

#include "dissector/base/span.h"

struct reader {
    struct span left; /* what was not read yet */
    bool failed;
};

static inline struct reader reader_of(struct span s)
{
    return (struct reader){s, false};
}

/* The next n bytes, borrowed; empty and failed when there are not so many. */
static inline struct span reader_span(struct reader *r, size_t n)
{
    if (r->failed || n > r->left.len) {
        r->failed = true;
        return (struct span){NULL, 0};
    }
    struct span taken = span_first(r->left, n);
    r->left = span_after(r->left, n);
    return taken;
}

static inline void reader_skip(struct reader *r, size_t n)
{
    (void)reader_span(r, n);
}

/* n is a constant where this is called, so that it becomes one load. */
static inline uint64_t reader_big_endian(struct reader *r, size_t n)
{
    struct span s = reader_span(r, n);
    uint64_t value = 0;
    for (size_t i = 0; s.len > 0 && i < n; i++)
        value = value << 8 | s.ptr[i];
    return value;
}

static inline uint32_t reader_little_endian(struct reader *r, size_t n)
{
    struct span s = reader_span(r, n);
    uint32_t value = 0;
    for (size_t i = n; s.len > 0 && i > 0; i--)
        value = value << 8 | s.ptr[i - 1];
    return value;
}

/* Unsigned big-endian (network order) integers of 1, 2, 4 and 8 bytes. Here and not in a file of
 * their own: a packet takes twenty of them. */
static inline uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)reader_big_endian(r, 1);
}

static inline uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)reader_big_endian(r, 2);
}

static inline uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)reader_big_endian(r, 4);
}

static inline uint64_t reader_u64(struct reader *r)
{
    return reader_big_endian(r, 8);
}

/* An integer of QUIC, whose first two bits say how many bytes it has. RFC 9000 §16. */
static inline uint64_t reader_varint(struct reader *r)
{
    uint64_t value = reader_u8(r);
    unsigned n_more = (1u << (value >> 6)) - 1;
    value &= 0x3F;
    while (n_more-- > 0)
        value = value << 8 | reader_u8(r);
    return r->failed ? 0 : value;
}

/* Unsigned little-endian integers of 2 and 4 bytes. */
static inline uint16_t reader_le16(struct reader *r)
{
    return (uint16_t)reader_little_endian(r, 2);
}

static inline uint32_t reader_le32(struct reader *r)
{
    return reader_little_endian(r, 4);
}
