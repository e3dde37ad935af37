/* crypt_quic: the arithmetic of QUIC Initial packets, whose keys everybody can make who saw the
 * client's first connection ID (RFC 9001 §5, RFC 9369 §3.3). They hide nothing and are no secrets.
 * Knows no packet format: the caller says what is header, number and body. In a build without
 * OpenSSL everything fails. One owner thread. */
#pragma once

#include "dissector/base/span.h"

enum { CRYPT_QUIC_SAMPLE_BYTES = 16, CRYPT_QUIC_MASK_BYTES = 5, CRYPT_QUIC_TAG_BYTES = 16 };

/* What a version of QUIC makes its keys with. */
struct crypt_quic_version {
    uint8_t salt[20];
    const char *key_label, *iv_label, *hp_label;
};

struct crypt_quic {
    /* fields are private */
    uint8_t key[16], iv[12], hp[16];
};

/* The keys of what the client sends, from the connection ID it chose for the server. False: this
 * build cannot, or the library refuses. */
bool crypt_quic_init(struct crypt_quic *crypt, const struct crypt_quic_version *version,
                     struct span connection_id);

/* RFC 9001 §5.4.3: what hides the header, from CRYPT_QUIC_SAMPLE_BYTES of the body. */
bool crypt_quic_mask(const struct crypt_quic *crypt, struct span sample,
                     uint8_t mask[CRYPT_QUIC_MASK_BYTES]);

/* A packet whose header is no longer hidden. */
struct crypt_quic_packet {
    uint64_t number;
    struct span header; /* with the packet number at its end */
    struct span body;   /* with its tag, CRYPT_QUIC_TAG_BYTES */
};

/* Opens it into out, which has room for body and may be body itself. False: it does not
 * authenticate. */
bool crypt_quic_open(const struct crypt_quic *crypt, const struct crypt_quic_packet *packet,
                     uint8_t *out);
