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

/* Unsigned big-endian (network order) integers of 1, 2, 4 and 8 bytes. */
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);

/* An integer of QUIC, whose first two bits say how many bytes it has. RFC 9000 §16. */
uint64_t reader_varint(struct reader *r);

/* Unsigned little-endian integers of 2 and 4 bytes. */
uint16_t reader_le16(struct reader *r);
uint32_t reader_le32(struct reader *r);
