/* What IP carries: the table of protocols, and the headers that lead to a further one. RFC 8200 §4
 * (extension headers), RFC 4302 (AH). Tunnels have files of their own. */
#include "dissector/net/layer.h"

enum {
    OFFSET_MASK = 0xFFF8, /* in the fragment header: multiples of 8 bytes */
    MORE_FRAGMENTS = 0x0001,
};

/* Hop-by-hop and destination options and their like: next header, length in 8 bytes less one. */
static enum layer_verdict undo_options(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t next = reader_u8(&r);
    size_t header_len = reader_u8(&r) * 8u + 8;
    if (!inner_advance(inner, header_len))
        return LAYER_MALFORMED;
    return protocol_goto(inner, next);
}

/* While segments are left the destination stands in the list: last in types 0 and 2 (RFC 5095,
 * RFC 6275 §6.4), first in type 4 (RFC 8754). */
static enum layer_verdict undo_routing(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t next = reader_u8(&r);
    size_t header_len = reader_u8(&r) * 8u + 8;
    uint8_t type = reader_u8(&r), segments_left = reader_u8(&r);
    struct span header = span_first(inner->bytes, header_len);
    if (!inner_advance(inner, header_len))
        return LAYER_MALFORMED;
    bool has_list = segments_left > 0 && header_len >= 8 + 16;
    if (has_list && (type == 0 || type == 2))
        inner->segment.destination.address = address_of(6, span_after(header, header_len - 16));
    else if (has_list && type == 4)
        inner->segment.destination.address = address_of(6, span_first(span_after(header, 8), 16));
    return protocol_goto(inner, next);
}

/* Authentication header: length in 4 bytes less two. What it protects is in the clear. */
static enum layer_verdict undo_ah(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t next = reader_u8(&r);
    size_t header_len = reader_u8(&r) * 4u + 8;
    if (!inner_advance(inner, header_len))
        return LAYER_MALFORMED;
    return protocol_goto(inner, next);
}

/* Next header, reserved (1), offset and more-fragments flag (2), identification (4). */
static enum layer_verdict undo_fragment(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t next = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t place = reader_u16(&r);
    uint32_t id = reader_u32(&r);
    if (!inner_advance(inner, 8))
        return LAYER_MALFORMED;
    /* RFC 6946: a fragment that is all of its datagram. */
    if ((place & (OFFSET_MASK | MORE_FRAGMENTS)) == 0)
        return protocol_goto(inner, next);
    struct fragment fragment = {.protocol = next,
                                .id = id,
                                .at = place & OFFSET_MASK,
                                .is_last = !(place & MORE_FRAGMENTS)};
    return protocol_reassemble(inner, &fragment);
}

static const struct layer layer_options = {"options", undo_options};
static const struct layer layer_routing = {"routing", undo_routing};
static const struct layer layer_ah = {"ah", undo_ah};
static const struct layer layer_fragment = {"fragment", undo_fragment};

/* Encapsulating security payload, RFC 4303. */
static enum layer_verdict undo_esp(struct inner *inner)
{
    (void)inner;
    return LAYER_PROTECTED;
}

static const struct layer layer_esp = {"esp", undo_esp};

/* Numbers as IANA lists them. */
static const struct layer_row protocols[] = {
    {0, &layer_options},                                              /* hop-by-hop */
    {4, &layer_ipv4},                                                 /* IP in IP, RFC 2003 */
    {6, &layer_tcp},        {17, &layer_udp},      {41, &layer_ipv6}, /* 6in4, RFC 4213 */
    {43, &layer_routing},   {44, &layer_fragment}, {47, &layer_gre},
    {50, &layer_esp},       {51, &layer_ah},       {60, &layer_options}, /* destination options */
    {94, &layer_ip},                               /* IP in IP, as BSD once numbered it */
    {97, &layer_ether_ip},  {135, &layer_options}, /* mobility, RFC 6275 */
    {137, &layer_mpls},                            /* RFC 4023 */
    {139, &layer_options},                         /* HIP, RFC 7401 */
    {140, &layer_options},                         /* shim6, RFC 5533 */
    {143, &layer_ethernet},                        /* segment routing, RFC 8986 */
};

const struct layer *protocol_find(uint32_t protocol)
{
    return layer_find(protocols, sizeof protocols / sizeof *protocols, protocol);
}

enum layer_verdict protocol_goto(struct inner *inner, uint8_t protocol)
{
    return inner_goto(inner, protocol_find(protocol), LAYER_NOT_TCP);
}

enum layer_verdict protocol_reassemble(struct inner *inner, struct fragment *fragment)
{
    if (!protocol_find(fragment->protocol))
        return LAYER_NOT_TCP;
    fragment->source = inner->segment.source.address;
    fragment->destination = inner->segment.destination.address;
    fragment->bytes = inner->bytes;
    fragment->cut_bytes = inner->cut_bytes;
    fragment->time_ns = inner->segment.origin.time_ns;
    fragment->ordinal = inner->segment.origin.ordinal;
    inner->net->stats.n_fragments++;
    struct fragment_whole whole;
    if (!fragments_add(&inner->net->fragments, fragment, &whole))
        return LAYER_FRAGMENT;
    inner->has_whole = true;
    inner->bytes = whole.payload;
    inner->cut_bytes = whole.cut_bytes;
    inner->segment.frames = whole.frames->ordinals;
    inner->segment.n_frames = whole.frames->n;
    return protocol_goto(inner, fragment->protocol);
}
