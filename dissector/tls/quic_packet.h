/* quic_packet: the packets of a UDP datagram that have a long header, of QUIC version 1 and 2 (RFC
 * 9000 §17.2, RFC 9369 §3.2); and the frames inside an Initial (RFC 9000 §19). What of it needs
 * keys is quic_hello's affair.
 *
 * Every packet with a long header begins with a set bit, the fixed bit and its version, wherever it
 * is sent: QUIC is told by that, not by a port. Packets with a short header tell nothing to those
 * outside. Pure functions over borrowed spans. */
#pragma once

#include "dissector/base/reader.h"
#include "dissector/tls/crypt_quic.h"

enum { QUIC_MAX_ID_BYTES = 20 }; /* of a connection ID, in versions 1 and 2 */

enum quic_packet_type {
    QUIC_INITIAL,
    QUIC_0RTT,
    QUIC_HANDSHAKE,
    QUIC_RETRY,
};

struct quic_packet {
    enum quic_packet_type type;
    const struct crypt_quic_version *version; /* never NULL */
    struct span destination_id, source_id;
    struct span bytes;    /* all of it, header included; cut by the snap length maybe */
    size_t number_offset; /* in bytes: where the packet number begins, which is hidden */
    bool is_whole;        /* not cut */
};

/* Takes the next packet from the front of *datagram. False: what follows is none (padding, a short
 * header, another version), or its header is cut. */
bool quic_packet_next(struct span *datagram, struct quic_packet *packet);

/* A part of the handshake stream. */
struct quic_crypto {
    uint64_t offset;
    struct span bytes;
};

/* Takes frames from the front of *frames up to the next CRYPTO frame. False: there is no further
 * one, or one that may not stand in an Initial. */
bool quic_crypto_next(struct reader *frames, struct quic_crypto *crypto);
