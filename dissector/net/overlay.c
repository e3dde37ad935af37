/* Networks over UDP: VXLAN (RFC 7348; draft-ietf-nvo3-vxlan-gpe), GENEVE (RFC 8926), Teredo (RFC
 * 4380), LISP (RFC 9300); and the service header they may carry, NSH (RFC 8300). */
#include "dissector/net/layer.h"

enum {
    VXLAN_IS_VALID = 0x08, /* the network number is */
    VXLAN_VERSION_MASK = 0x30,
    VXLAN_HAS_NEXT = 0x04,
    GENEVE_VERSION_SHIFT = 6,
    GENEVE_OPTIONS_MASK = 0x3F,
    NSH_VERSION_SHIFT = 14,
    NSH_LEN_MASK = 0x3F,
    TEREDO_ORIGIN = 0x0000,
    TEREDO_AUTHENTICATION = 0x0001,
    LISP_BYTES = 8,
};

/* VXLAN-GPE and NSH number alike. */
static const struct layer_row next_protocols[] = {
    {1, &layer_ipv4}, {2, &layer_ipv6}, {3, &layer_ethernet}, {4, &layer_nsh}, {5, &layer_mpls},
};

static enum layer_verdict goto_next(struct inner *inner, uint8_t next)
{
    return inner_goto(
        inner, layer_find(next_protocols, sizeof next_protocols / sizeof *next_protocols, next),
        LAYER_NOT_IP);
}

/* Flags, reserved (2), next protocol or reserved, network number (3), reserved. */
static enum layer_verdict undo_vxlan_of(struct inner *inner, bool is_gpe)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t flags = reader_u8(&r);
    reader_skip(&r, 2);
    uint8_t next = reader_u8(&r);
    reader_skip(&r, 3 + 1);
    if (r.failed)
        return LAYER_MALFORMED;
    if (!(flags & VXLAN_IS_VALID) || flags & VXLAN_VERSION_MASK)
        return LAYER_NOT_TCP;
    inner->bytes = r.left;
    if (is_gpe && flags & VXLAN_HAS_NEXT)
        return goto_next(inner, next);
    return inner_goto(inner, &layer_ethernet, LAYER_NOT_IP);
}

static enum layer_verdict undo_vxlan(struct inner *inner)
{
    return undo_vxlan_of(inner, false);
}

static enum layer_verdict undo_vxlan_gpe(struct inner *inner)
{
    return undo_vxlan_of(inner, true);
}

/* Version and length of the options in 4 bytes, flags, ethertype, network number (3), reserved. */
static enum layer_verdict undo_geneve(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t first = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t ethertype = reader_u16(&r);
    reader_skip(&r, 3 + 1);
    reader_skip(&r, (first & GENEVE_OPTIONS_MASK) * 4u);
    if (r.failed)
        return LAYER_MALFORMED;
    if (first >> GENEVE_VERSION_SHIFT != 0)
        return LAYER_NOT_TCP;
    inner->bytes = r.left;
    return inner_goto(inner, ethertype_find(ethertype), LAYER_NOT_IP);
}

/* Version, flags, time to live and length in 4 bytes; metadata type; next protocol; path. */
static enum layer_verdict undo_nsh(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint16_t first = reader_u16(&r);
    reader_skip(&r, 1);
    uint8_t next = reader_u8(&r);
    size_t len = (first & NSH_LEN_MASK) * 4u;
    if (r.failed || first >> NSH_VERSION_SHIFT != 0 || len < 8 || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    return goto_next(inner, next);
}

/* Perhaps authentication (lengths of two fields, the fields, nonce (8), confirmation), perhaps the
 * client's own address (6); then IPv6. */
static enum layer_verdict undo_teredo(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes), ahead = r;
    if (reader_u16(&ahead) == TEREDO_AUTHENTICATION && !ahead.failed) {
        size_t len = reader_u8(&ahead);
        len += reader_u8(&ahead);
        reader_skip(&ahead, len + 8 + 1);
        r = ahead;
    }
    ahead = r;
    if (reader_u16(&ahead) == TEREDO_ORIGIN && !ahead.failed) {
        reader_skip(&ahead, 6);
        r = ahead;
    }
    ahead = r;
    uint8_t version = reader_u8(&ahead) >> 4;
    if (ahead.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, version == 6 ? &layer_ipv6 : NULL, LAYER_NOT_TCP);
}

/* Flags, nonce or map version, instance. */
static enum layer_verdict undo_lisp(struct inner *inner)
{
    return inner_advance(inner, LISP_BYTES) ? inner_goto(inner, &layer_ip, LAYER_NOT_TCP)
                                            : LAYER_MALFORMED;
}

const struct layer layer_vxlan = {"vxlan", undo_vxlan};
const struct layer layer_vxlan_gpe = {"vxlan-gpe", undo_vxlan_gpe};
const struct layer layer_geneve = {"geneve", undo_geneve};
const struct layer layer_nsh = {"nsh", undo_nsh};
const struct layer layer_teredo = {"teredo", undo_teredo};
const struct layer layer_lisp = {"lisp", undo_lisp};
