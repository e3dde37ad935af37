/* Long headers and the frames of Initial packets; see quic_packet.h. Decrypts nothing. */
#include "dissector/tls/quic_packet.h"

enum { FORM_AND_FIXED_BITS = 0xC0, TYPE_SHIFT = 4, TYPE_MASK = 3 };

enum frame_type {
    FRAME_PADDING = 0x00,
    FRAME_PING = 0x01,
    FRAME_ACK = 0x02,
    FRAME_ACK_ECN = 0x03,
    FRAME_CRYPTO = 0x06,
};

struct version_row {
    uint32_t number;
    enum quic_packet_type types[4]; /* by the bits of the header */
    struct crypt_quic_version keys;
};

/* RFC 9001 §5.2, RFC 9369 §3. */
static const struct version_row versions[] = {
    {0x00000001,
     {QUIC_INITIAL, QUIC_0RTT, QUIC_HANDSHAKE, QUIC_RETRY},
     {{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
       0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
      "quic key",
      "quic iv",
      "quic hp"}},
    {0x6b3343cf,
     {QUIC_RETRY, QUIC_INITIAL, QUIC_0RTT, QUIC_HANDSHAKE},
     {{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
       0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
      "quicv2 key",
      "quicv2 iv",
      "quicv2 hp"}},
};

static const struct version_row *version_find(uint32_t number)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (versions[i].number == number)
            return &versions[i];
    return NULL;
}

static struct span take_bytes(struct reader *r, uint64_t n)
{
    return reader_span(r, n <= SIZE_MAX ? (size_t)n : SIZE_MAX);
}

static struct span take_id(struct reader *r)
{
    uint8_t len = reader_u8(r);
    r->failed = r->failed || len > QUIC_MAX_ID_BYTES;
    return reader_span(r, len);
}

bool quic_packet_next(struct span *datagram, struct quic_packet *packet)
{
    struct reader r = reader_of(*datagram);
    uint8_t first = reader_u8(&r);
    const struct version_row *row = version_find(reader_u32(&r));
    if (r.failed || (first & FORM_AND_FIXED_BITS) != FORM_AND_FIXED_BITS || !row)
        return false;
    *packet = (struct quic_packet){
        .type = row->types[first >> TYPE_SHIFT & TYPE_MASK],
        .version = &row->keys,
        .bytes = *datagram,
        .is_whole = true,
    };
    packet->destination_id = take_id(&r);
    packet->source_id = take_id(&r);
    if (packet->type == QUIC_INITIAL)
        (void)take_bytes(&r, reader_varint(&r)); /* the token */
    if (!r.failed && packet->type != QUIC_RETRY) {
        uint64_t len = reader_varint(&r);
        packet->number_offset = datagram->len - r.left.len;
        packet->is_whole = len <= r.left.len;
        if (packet->is_whole)
            packet->bytes.len = packet->number_offset + (size_t)len;
    }
    *datagram = span_after(*datagram, packet->bytes.len);
    return !r.failed;
}

static void pass_over_ack(struct reader *r, bool has_ecn)
{
    (void)reader_varint(r); /* largest acknowledged */
    (void)reader_varint(r); /* delay */
    uint64_t n_ranges = reader_varint(r);
    (void)reader_varint(r); /* first range */
    while (n_ranges-- > 0 && !r->failed) {
        (void)reader_varint(r);
        (void)reader_varint(r);
    }
    for (int i = 0; has_ecn && i < 3; i++)
        (void)reader_varint(r);
}

bool quic_crypto_next(struct reader *frames, struct quic_crypto *crypto)
{
    while (frames->left.len > 0 && !frames->failed) {
        switch (reader_varint(frames)) {
        case FRAME_PADDING:
        case FRAME_PING:
            break;
        case FRAME_ACK:
            pass_over_ack(frames, false);
            break;
        case FRAME_ACK_ECN:
            pass_over_ack(frames, true);
            break;
        case FRAME_CRYPTO:
            crypto->offset = reader_varint(frames);
            crypto->bytes = take_bytes(frames, reader_varint(frames));
            return !frames->failed;
        default:
            return false;
        }
    }
    return false;
}
