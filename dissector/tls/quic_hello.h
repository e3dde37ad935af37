/* quic_hello: Initial packets of a QUIC client in, its ClientHello out (RFC 9001 §4 and §5). The
 * keys follow from the connection ID in the client's first packet; in later ones the client may use
 * another, but not other keys, so those that opened once are tried first.
 *
 * CRYPTO frames may come in any order, over any number of packets and twice; the first copy of a
 * byte holds. Kept is what lies in the first max_bytes of the handshake stream, until
 * quic_hello_free. One owner thread. */
#pragma once

#include "dissector/base/sink.h"
#include "dissector/tls/quic_packet.h"

struct quic_hello {
    /* fields are private */
    struct crypt_quic crypt;
    bool has_keys;
    size_t max_bytes;
    size_t n_front; /* bytes from the beginning on that are all there */
    uint8_t *bytes; /* max_bytes of the stream, and as many marks: 1 where a byte is there */
};

void quic_hello_init(struct quic_hello *hello, size_t max_bytes);

/* Takes an Initial. FEED_OK: it is one of the client, and was taken. FEED_STOP: it does not open,
 * so it is none, or this build has no OpenSSL. FEED_NOMEM: it was not taken. */
enum feed quic_hello_feed(struct quic_hello *hello, const struct quic_packet *packet);

/* Whether the whole ClientHello is there. */
bool quic_hello_is_whole(const struct quic_hello *hello);

/* The name of the server the client asks for; borrowed. Empty: the hello is not whole, or names
 * none. */
struct span quic_hello_server_name(const struct quic_hello *hello);

size_t quic_hello_buffered_bytes(const struct quic_hello *hello);

/* A zeroed one is fine; it can be used as after quic_hello_init. */
void quic_hello_free(struct quic_hello *hello);
