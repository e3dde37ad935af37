/* Headers that name IP by an address family of the system that captured: loopback, and what
 * firewalls and IPsec hand over (PFLOG, ENC, NFLOG). */
#include "dissector/net/layer.h"

enum {
    PFLOG_ALIGNMENT = 4,
    NFLOG_PAYLOAD = 9,
    NFLOG_TYPE_MASK = 0x7FFF,
    NFLOG_HEADER_BYTES = 4,
    NFLOG_ALIGNMENT = 4,
};

/* 2 is IPv4 everywhere; IPv6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on
 * FreeBSD, 30 on macOS. */
static const struct layer_row families[] = {
    {2, &layer_ipv4},  {10, &layer_ipv6}, {23, &layer_ipv6},
    {24, &layer_ipv6}, {28, &layer_ipv6}, {30, &layer_ipv6},
};

static enum layer_verdict family_goto(struct inner *inner, uint32_t family)
{
    const struct layer *layer = layer_find(families, sizeof families / sizeof *families, family);
    return inner_goto(inner, layer, LAYER_NOT_IP);
}

/* A family in 4 bytes, and skipped_bytes behind it. It is in the byte order of the capturing
 * machine, or in network order; families are small, so the order shows. */
static enum layer_verdict undo_family(struct inner *inner, size_t skipped_bytes)
{
    struct reader big = reader_of(inner->bytes), little = big;
    uint32_t family = reader_u32(&big), swapped = reader_le32(&little);
    reader_skip(&big, skipped_bytes);
    if (big.failed)
        return LAYER_MALFORMED;
    inner->bytes = big.left;
    return family_goto(inner, family < swapped ? family : swapped);
}

static enum layer_verdict undo_loopback(struct inner *inner)
{
    return undo_family(inner, 0);
}

/* Behind the family the security parameters index and flags. What was encrypted is in the clear
 * here. */
static enum layer_verdict undo_enc(struct inner *inner)
{
    return undo_family(inner, 4 + 4);
}

/* Length without its padding, family; the rest is about rules and interfaces. */
static enum layer_verdict undo_pflog(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    size_t len = reader_u8(&r);
    uint8_t family = reader_u8(&r);
    len = (len + PFLOG_ALIGNMENT - 1) / PFLOG_ALIGNMENT * PFLOG_ALIGNMENT;
    if (r.failed || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    return family_goto(inner, family);
}

/* Family, version, resource; then attributes of length and type in the byte order of the capturing
 * machine: a length in the other one is longer than all that is left. */
static enum layer_verdict undo_nflog(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t family = reader_u8(&r);
    reader_skip(&r, 1 + 2);
    while (!r.failed && r.left.len > 0) {
        struct reader big = r;
        size_t len = reader_le16(&r), type = reader_le16(&r);
        if (len > r.left.len + inner->cut_bytes + NFLOG_HEADER_BYTES) {
            len = reader_u16(&big);
            type = reader_u16(&big);
        }
        if (len < NFLOG_HEADER_BYTES)
            return LAYER_MALFORMED;
        len -= NFLOG_HEADER_BYTES;
        if ((type & NFLOG_TYPE_MASK) == NFLOG_PAYLOAD) {
            inner->bytes = r.left;
            inner_trim(inner, len);
            return family_goto(inner, family);
        }
        reader_skip(&r, (len + NFLOG_ALIGNMENT - 1) / NFLOG_ALIGNMENT * NFLOG_ALIGNMENT);
    }
    return LAYER_MALFORMED;
}

const struct layer layer_loopback = {"loopback", undo_loopback};
const struct layer layer_enc = {"enc", undo_enc};
const struct layer layer_pflog = {"pflog", undo_pflog};
const struct layer layer_nflog = {"nflog", undo_nflog};
