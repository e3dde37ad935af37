/* GTP-U version 1, 3GPP TS 29.281: the user's packets in a mobile network. */
#include "dissector/net/layer.h"

enum {
    VERSION_MASK = 0xF0, /* version and protocol type */
    VERSION_1_GTP = 0x30,
    HAS_EXTENSION = 0x04,
    HAS_OPTIONAL = 0x07, /* any of extension, sequence number, N-PDU number */
    MESSAGE_USER_DATA = 0xFF,
};

/* Length in 4 bytes, contents, the type of the next; up to type 0. */
static void skip_extensions(struct reader *r, uint8_t type)
{
    while (type != 0 && !r->failed) {
        size_t len = reader_u8(r) * 4u;
        if (len == 0) {
            r->failed = true;
            return;
        }
        reader_skip(r, len - 2);
        type = reader_u8(r);
    }
}

/* Flags, message, length of all behind the first 8 bytes, tunnel; with any of three flags sequence
 * number (2), N-PDU number, type of the first extension. */
static enum layer_verdict undo_gtp(struct inner *inner)
{
    struct reader r = reader_of(inner->bytes);
    uint8_t flags = reader_u8(&r), message = reader_u8(&r);
    uint16_t len = reader_u16(&r);
    reader_skip(&r, 4);
    if (r.failed)
        return LAYER_MALFORMED;
    if ((flags & VERSION_MASK) != VERSION_1_GTP || message != MESSAGE_USER_DATA)
        return LAYER_NOT_TCP;
    inner->bytes = r.left;
    inner_trim(inner, len);
    r = reader_of(inner->bytes);
    if (flags & HAS_OPTIONAL) {
        reader_skip(&r, 2 + 1);
        uint8_t type = reader_u8(&r);
        skip_extensions(&r, flags & HAS_EXTENSION ? type : 0);
    }
    struct reader ahead = r;
    uint8_t version = reader_u8(&ahead) >> 4;
    if (ahead.failed)
        return LAYER_MALFORMED;
    inner->bytes = r.left;
    return inner_goto(inner, version == 4 || version == 6 ? &layer_ip : NULL, LAYER_NOT_IP);
}

const struct layer layer_gtp = {"gtp", undo_gtp};
