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

/* Unsigned big-endian (network order) integers of 1, 2, 4 and 8 bytes. Here and not in a file of
 * their own: a packet takes twenty of them, each of which becomes one load. */
static inline uint8_t reader_u8(struct reader *r)
{
    struct span s = reader_span(r, 1);
    if (s.len == 0)
        return 0;
    return s.ptr[0];
}

static inline uint16_t reader_u16(struct reader *r)
{
    struct span s = reader_span(r, 2);
    if (s.len == 0)
        return 0;
    return (uint16_t)(s.ptr[0] << 8 | s.ptr[1]);
}

static inline uint32_t reader_u32(struct reader *r)
{
    struct span s = reader_span(r, 4);
    if (s.len == 0)
        return 0;
    return (uint32_t)s.ptr[0] << 24 | (uint32_t)s.ptr[1] << 16 | (uint32_t)s.ptr[2] << 8 | s.ptr[3];
}

static inline uint64_t reader_u64(struct reader *r)
{
    uint64_t high = reader_u32(r);
    uint64_t low = reader_u32(r);
    return r->failed ? 0 : high << 32 | low;
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
    struct span s = reader_span(r, 2);
    if (s.len == 0)
        return 0;
    return (uint16_t)(s.ptr[1] << 8 | s.ptr[0]);
}

static inline uint32_t reader_le32(struct reader *r)
{
    struct span s = reader_span(r, 4);
    if (s.len == 0)
        return 0;
    return (uint32_t)s.ptr[3] << 24 | (uint32_t)s.ptr[2] << 16 | (uint32_t)s.ptr[1] << 8 | s.ptr[0];
}
