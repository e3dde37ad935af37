/* What capture tools put in front of a frame to say of which link type it is: PPI, PKTAP (macOS),
 * ERF (Endace cards) and TZSP (access points that send what they hear over UDP). */
#include "dissector/net/layer.h"

enum {
    PKTAP_BYTES_MIN = 12,
    PKTAP_IS_PACKET = 1,
    ERF_HAS_EXTENSION = 0x80,
    TZSP_VERSION = 1,
    TZSP_RECEIVED = 0, /* a frame that was heard; 1 is one to be sent */
    TZSP_PADDING = 0,
    TZSP_END = 1,
};

/* Version, flags, length of the header, DLT_ value: of the links it is used for the same as the
 * LINKTYPE_ value. */
static enum layer_verdict undo_ppi(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t len = reader_le16(&r);
    uint32_t dlt = reader_le32(&r);
    if (r.failed || version != 0 || len < 8 || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    return link_goto(inner, link_find(dlt));
}

/* Length of the header, kind of record, DLT_ value, in the byte order of a Macintosh. */
static enum layer_verdict undo_pktap(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint32_t len = reader_le32(&r), kind = reader_le32(&r), dlt = reader_le32(&r);
    if (r.failed || len < PKTAP_BYTES_MIN || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    return kind == PKTAP_IS_PACKET ? link_goto(inner, link_find(dlt)) : LAYER_NOT_IP;
}

static enum layer_verdict undo_erf_ethernet(struct inner *inner)
{
    return inner_advance(inner, 2) ? inner_goto(inner, &layer_ethernet, LAYER_NOT_IP)
                                   : LAYER_MALFORMED;
}

static const struct layer layer_erf_ethernet = {"erf ethernet", undo_erf_ethernet};

/* Kinds of record: the same frames with more or less beside them. Those with an offset and padding
 * in front are Ethernet. */
static const struct layer_row erf_kinds[] = {
    {1, &layer_ppp},   {2, &layer_erf_ethernet},  {10, &layer_ppp}, {11, &layer_erf_ethernet},
    {15, &layer_ppp},  {16, &layer_erf_ethernet}, {19, &layer_ppp}, {20, &layer_erf_ethernet},
    {22, &layer_ipv4}, {23, &layer_ipv6},
};

/* Time (8), kind, flags, length of the record, losses, length on the wire; with the highest bit of
 * the kind set extensions of 8 bytes, the last of which has that bit clear. */
static enum layer_verdict undo_erf(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 8);
    uint8_t kind = reader_u8(&r), more = kind;
    reader_skip(&r, 1 + 2 + 2 + 2);
    while (more & ERF_HAS_EXTENSION && !r.failed) {
        more = reader_u8(&r);
        reader_skip(&r, 7);
    }
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    kind &= ERF_HAS_EXTENSION - 1;
    return inner_goto(inner, layer_find(erf_kinds, sizeof erf_kinds / sizeof *erf_kinds, kind),
                      LAYER_NOT_IP);
}

/* Encapsulations as TZSP numbers them, for the most part like link types. */
static const struct layer_row tzsp_links[] = {
    {1, &layer_ethernet},
    {18, &layer_wlan},
    {119, &layer_prism},
    {127, &layer_avs},
};

/* Version, kind, encapsulation; then tags of type, length and contents. */
static enum layer_verdict undo_tzsp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r), kind = reader_u8(&r), tag = TZSP_PADDING;
    uint16_t link = reader_u16(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    if (version != TZSP_VERSION || kind > TZSP_RECEIVED + 1)
        return LAYER_NOT_TCP;
    while (tag != TZSP_END && !r.failed) {
        tag = reader_u8(&r);
        if (tag != TZSP_PADDING && tag != TZSP_END)
            reader_skip(&r, reader_u8(&r));
    }
    if (r.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, layer_find(tzsp_links, sizeof tzsp_links / sizeof *tzsp_links, link),
                      LAYER_NOT_TCP);
}

const struct layer layer_ppi = {"ppi", undo_ppi};
const struct layer layer_pktap = {"pktap", undo_pktap};
const struct layer layer_erf = {"erf", undo_erf};
const struct layer layer_tzsp = {"tzsp", undo_tzsp};
