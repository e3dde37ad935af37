/* MPLS, RFC 3032: a stack of labels, and nothing that says what is below it. */
#include "dissector/net/layer.h"

enum {
    BOTTOM = 0x0100,
    LABEL_SHIFT = 12,
    LABEL_IPV4 = 0, /* explicit null */
    LABEL_IPV6 = 2,
    CONTROL_WORD_BYTES = 4,
};

/* Whether an Ethernet frame with a type we know begins there. */
static bool is_ethernet(struct span bytes)
{
    struct reader r = reader_of(bytes);
    reader_skip(&r, 6 + 6);
    uint16_t ethertype = reader_u16(&r);
    return !r.failed && ethertype_find(ethertype);
}

/* RFC 4928 §3: below the stack a first half-byte of 4 or 6 is IP, because a pseudowire whose frames
 * could look so begins with a control word, RFC 4385 §3: then it is 0, or 1 for a channel of its
 * own. Anything else is Ethernet without one, RFC 4448; so is what begins with an address that
 * looks like a control word. */
static enum layer_verdict undo_bottom(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t first = reader_u8(&r) >> 4;
    if (r.failed)
        return LAYER_MALFORMED;
    if (first == 4 || first == 6)
        return inner_goto(inner, &layer_ip, LAYER_NOT_IP);
    if (is_ethernet(inner->bytes) && !is_ethernet(span_after(inner->bytes, CONTROL_WORD_BYTES)))
        return inner_goto(inner, &layer_ethernet, LAYER_NOT_IP);
    if (first == 1)
        return LAYER_NOT_IP;
    if (first == 0 && !inner_advance(inner, CONTROL_WORD_BYTES))
        return LAYER_MALFORMED;
    return inner_goto(inner, &layer_ethernet, LAYER_NOT_IP);
}

/* One label: number, class, bottom of the stack, time to live. */
static enum layer_verdict undo_mpls(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint32_t entry = reader_u32(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    if (!(entry & BOTTOM))
        return inner_goto(inner, &layer_mpls, LAYER_NOT_IP);
    switch (entry >> LABEL_SHIFT) {
    case LABEL_IPV4:
        return inner_goto(inner, &layer_ipv4, LAYER_NOT_IP);
    case LABEL_IPV6:
        return inner_goto(inner, &layer_ipv6, LAYER_NOT_IP);
    default:
        return undo_bottom(inner);
    }
}

const struct layer layer_mpls = {"mpls", undo_mpls};
