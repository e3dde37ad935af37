/* The ClientHello out of Initial packets; see quic_hello.h. */
#include "dissector/tls/quic_hello.h"

#include "dissector/tls/handshake.h"

#include <stdlib.h>

enum {
    NUMBER_MAX_BYTES = 4, /* of a packet number; where the sample begins, RFC 9001 §5.4.2 */
    HIDDEN_BITS = 0x0F,   /* of the first byte of a long header, RFC 9001 §5.4.1 */
};

void quic_hello_init(struct quic_hello *hello, size_t max_bytes)
{
    *hello = (struct quic_hello){.max_bytes = max_bytes};
}

/* ---- packets ---- */

/* Uncovers the header of a packet of which copy has the bytes, and takes its parts from there. */
static bool uncover(const struct crypt_quic *crypt, const struct quic_packet *packet, uint8_t *copy,
                    struct crypt_quic_packet *sealed)
{
    uint8_t mask[CRYPT_QUIC_MASK_BYTES];
    size_t at = packet->number_offset;
    struct span sample =
        span_first(span_after(packet->bytes, at + NUMBER_MAX_BYTES), CRYPT_QUIC_SAMPLE_BYTES);
    if (!crypt_quic_mask(crypt, sample, mask))
        return false;
    memcpy(copy, packet->bytes.ptr, packet->bytes.len);
    copy[0] ^= mask[0] & HIDDEN_BITS;
    size_t n_number = (copy[0] & 3u) + 1;
    sealed->number = 0;
    for (size_t i = 0; i < n_number; i++) {
        copy[at + i] ^= mask[1 + i];
        sealed->number = sealed->number << 8 | copy[at + i];
    }
    sealed->header = span_of(copy, at + n_number);
    sealed->body = span_of(copy + at + n_number, packet->bytes.len - at - n_number);
    return true;
}

/* Opens the packet into copy, of its size. Empty: these keys do not open it. */
static struct span open_with(const struct crypt_quic *crypt, const struct quic_packet *packet,
                             uint8_t *copy)
{
    struct crypt_quic_packet sealed;
    if (!uncover(crypt, packet, copy, &sealed) ||
        !crypt_quic_open(crypt, &sealed, copy + sealed.header.len))
        return (struct span){NULL, 0};
    return span_of(copy + sealed.header.len, sealed.body.len - CRYPT_QUIC_TAG_BYTES);
}

static struct span open_packet(struct quic_hello *hello, const struct quic_packet *packet,
                               uint8_t *copy)
{
    struct span frames = {NULL, 0};
    if (hello->has_keys)
        frames = open_with(&hello->crypt, packet, copy);
    if (frames.len > 0)
        return frames;
    struct crypt_quic crypt;
    if (crypt_quic_init(&crypt, packet->version, packet->destination_id))
        frames = open_with(&crypt, packet, copy);
    if (frames.len == 0)
        return frames;
    hello->crypt = crypt;
    hello->has_keys = true;
    return frames;
}

/* ---- the stream ---- */

static bool keep(struct quic_hello *hello, const struct quic_crypto *crypto)
{
    if (crypto->offset >= hello->max_bytes)
        return true;
    if (!hello->bytes)
        hello->bytes = calloc(2, hello->max_bytes);
    if (!hello->bytes)
        return false;
    uint8_t *is_there = hello->bytes + hello->max_bytes;
    size_t at = (size_t)crypto->offset;
    struct span bytes = span_first(crypto->bytes, hello->max_bytes - at);
    for (size_t i = 0; i < bytes.len; i++) {
        if (!is_there[at + i])
            hello->bytes[at + i] = bytes.ptr[i];
        is_there[at + i] = 1;
    }
    while (hello->n_front < hello->max_bytes && is_there[hello->n_front])
        hello->n_front++;
    return true;
}

enum feed quic_hello_feed(struct quic_hello *hello, const struct quic_packet *packet)
{
    size_t least = packet->number_offset + NUMBER_MAX_BYTES + CRYPT_QUIC_SAMPLE_BYTES;
    if (packet->type != QUIC_INITIAL || !packet->is_whole || packet->bytes.len < least)
        return FEED_STOP;
    uint8_t *copy = malloc(packet->bytes.len);
    if (!copy)
        return FEED_NOMEM;
    struct reader frames = reader_of(open_packet(hello, packet, copy));
    enum feed result = frames.left.len > 0 ? FEED_OK : FEED_STOP;
    struct quic_crypto crypto;
    while (result == FEED_OK && quic_crypto_next(&frames, &crypto))
        if (!keep(hello, &crypto))
            result = FEED_NOMEM;
    free(copy);
    return result;
}

/* The message without its header; empty while it is not whole. */
static struct span message(const struct quic_hello *hello)
{
    struct reader r = reader_of(span_of(hello->bytes, hello->n_front));
    uint32_t header = reader_u32(&r); /* type, and length in three bytes */
    struct span body = reader_span(&r, header & 0xFFFFFF);
    return header >> 24 == HANDSHAKE_CLIENT_HELLO ? body : (struct span){NULL, 0};
}

bool quic_hello_is_whole(const struct quic_hello *hello)
{
    return message(hello).len > 0;
}

struct span quic_hello_server_name(const struct quic_hello *hello)
{
    struct client_hello told;
    bool is_told = client_hello_parse(message(hello), &told);
    return is_told ? told.server_name : (struct span){NULL, 0};
}

size_t quic_hello_buffered_bytes(const struct quic_hello *hello)
{
    return hello->bytes ? 2 * hello->max_bytes : 0;
}

void quic_hello_free(struct quic_hello *hello)
{
    free(hello->bytes);
    quic_hello_init(hello, hello->max_bytes);
}
