/* 802.11 data frames, IEEE 802.11 §9.2 and §9.3.2, and the headers that receivers put in front of
 * them: radiotap (radiotap.org), AVS, Prism. Fragments of a frame are not put together, which
 * nobody sends any more. */
#include "dissector/net/layer.h"

enum {
    TYPE_MASK = 0x0C,
    TYPE_DATA = 0x08,
    SUBTYPE_NO_DATA = 0x40,
    SUBTYPE_QOS = 0x80,
    TO_AND_FROM_DS = 0x03, /* a bridge: four addresses */
    MORE_FRAGMENTS = 0x04,
    PROTECTED = 0x40,
    HAS_HT_CONTROL = 0x80, /* in a QoS frame */
    FRAGMENT_MASK = 0x000F,
    QOS_IS_AGGREGATE = 0x0080,
    SUBFRAME_HEADER_BYTES = 6 + 6 + 2,

    RADIOTAP_HAS_TIME = 0x00000001,
    RADIOTAP_HAS_FLAGS = 0x00000002,
    RADIOTAP_MORE_SHIFT = 31,  /* another word of such bits follows */
    RADIOTAP_IS_PADDED = 0x20, /* the 802.11 header, to 4 bytes */
    RADIOTAP_IS_BAD = 0x40,    /* wrong frame check sequence */
    PRISM_BYTES = 144,
    AVS_MAGIC = 0x80211, /* and a version in 12 bits */
    AVS_MAGIC_SHIFT = 12,
};

/* IEEE 802.11 §9.3.2.2.2: destination, source, length, LLC; padded to 4 bytes but for the last. */
static enum layer_verdict undo_subframe(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    reader_skip(&r, 6 + 6);
    size_t len = reader_u16(&r);
    if (r.failed || inner->rest.layer)
        return LAYER_MALFORMED;
    size_t padded = (SUBFRAME_HEADER_BYTES + len + 3) / 4 * 4;
    struct span behind = span_after(inner->bytes, padded);
    /* Less than a header is a frame check sequence. */
    if (behind.len >= SUBFRAME_HEADER_BYTES)
        inner->rest = (struct rest){behind, inner->cut_bytes, inner->layer};
    inner->bytes = r.left;
    inner_trim(inner, len);
    return inner_goto(inner, &layer_llc, LAYER_NOT_IP);
}

static const struct layer layer_subframe = {"a-msdu", undo_subframe};

/* Frame control (2), duration, three addresses, sequence control; perhaps a fourth address, QoS
 * control and HT control. */
static enum layer_verdict undo_data(struct inner *inner, bool is_padded)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t type = reader_u8(&r), flags = reader_u8(&r);
    reader_skip(&r, 2 + 3 * 6);
    uint16_t sequence = reader_le16(&r), qos = 0;
    if ((flags & TO_AND_FROM_DS) == TO_AND_FROM_DS)
        reader_skip(&r, 6);
    if (type & SUBTYPE_QOS) {
        qos = reader_le16(&r);
        reader_skip(&r, flags & HAS_HT_CONTROL ? 4 : 0);
    }
    if (is_padded)
        reader_skip(&r, (inner->bytes.len - r.left.len) % 4 ? 2 : 0);
    if (r.failed)
        return LAYER_MALFORMED;
    if (flags & PROTECTED)
        return LAYER_PROTECTED;
    if (flags & MORE_FRAGMENTS || sequence & FRAGMENT_MASK)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, qos & QOS_IS_AGGREGATE ? &layer_subframe : &layer_llc, LAYER_NOT_IP);
}

static enum layer_verdict undo_any(struct inner *inner, bool is_padded)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t type = reader_u8(&r);
    if (r.failed)
        return LAYER_MALFORMED;
    if ((type & TYPE_MASK) != TYPE_DATA || type & SUBTYPE_NO_DATA)
        return LAYER_NOT_IP;
    return undo_data(inner, is_padded);
}

static enum layer_verdict undo_wlan(struct inner *inner)
{
    return undo_any(inner, false);
}

/* The byte of flags in a radiotap header, 0 when it has none: the first field but for a time. */
static uint8_t radiotap_flags(struct span header)
{
    struct reader r = reader_of(header);
    reader_skip(&r, 4);
    uint32_t present = reader_le32(&r), more = present;
    while (more >> RADIOTAP_MORE_SHIFT)
        more = reader_le32(&r);
    if (!(present & RADIOTAP_HAS_FLAGS))
        return 0;
    if (present & RADIOTAP_HAS_TIME) {
        size_t at = header.len - r.left.len;
        reader_skip(&r, (8 - at % 8) % 8 + 8);
    }
    return reader_u8(&r);
}

/* Version, padding, length of the header. */
static enum layer_verdict undo_radiotap(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t version = reader_u8(&r);
    reader_skip(&r, 1);
    uint16_t len = reader_le16(&r);
    struct span header = span_first(inner->bytes, len);
    if (r.failed || version != 0 || len < 8 || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    uint8_t flags = radiotap_flags(header);
    return flags & RADIOTAP_IS_BAD ? LAYER_MALFORMED : undo_any(inner, flags & RADIOTAP_IS_PADDED);
}

/* Magic and version, length of the header. */
static enum layer_verdict undo_avs(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint32_t magic = reader_u32(&r), len = reader_u32(&r);
    if (r.failed || magic >> AVS_MAGIC_SHIFT != AVS_MAGIC || len < 8 || !inner_advance(inner, len))
        return LAYER_MALFORMED;
    return inner_goto(inner, &layer_wlan, LAYER_NOT_IP);
}

/* A header of one length always, in the place of which drivers also write an AVS header. */
static enum layer_verdict undo_prism(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    if (reader_u32(&r) >> AVS_MAGIC_SHIFT == AVS_MAGIC)
        return undo_avs(inner);
    return inner_advance(inner, PRISM_BYTES) ? inner_goto(inner, &layer_wlan, LAYER_NOT_IP)
                                             : LAYER_MALFORMED;
}

const struct layer layer_wlan = {"802.11", undo_wlan};
const struct layer layer_radiotap = {"radiotap", undo_radiotap};
const struct layer layer_avs = {"avs", undo_avs};
const struct layer layer_prism = {"prism", undo_prism};
