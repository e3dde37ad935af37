/* crypt_rsa: a server's RSA private key, and opening the premaster secret that a client encrypted
 * for it (RFC 5246 §7.4.7.1). Knows OpenSSL, as crypt does. One owner thread. */
#pragma once

#include "dissector/base/span.h"

enum { PREMASTER_BYTES = 48 };

struct crypt_rsa {
    void *key; /* private */
};

enum crypt_rsa_result {
    CRYPT_RSA_READ,
    CRYPT_RSA_NONE,      /* no private key that could be read */
    CRYPT_RSA_ENCRYPTED, /* by a passphrase */
    CRYPT_RSA_OTHER,     /* of another kind */
    CRYPT_RSA_NOMEM,
};

/* The first private key of a PEM text (PKCS #8 or PKCS #1). Other than after CRYPT_RSA_READ there
 * is nothing to be freed. */
enum crypt_rsa_result crypt_rsa_read(struct crypt_rsa *rsa, struct span pem);

/* False: it was not encrypted for this key. That something comes out does not prove that it was. */
bool crypt_rsa_open(const struct crypt_rsa *rsa, struct span encrypted,
                    uint8_t premaster[PREMASTER_BYTES]);

/* Wipes it; a zeroed one is fine. */
void crypt_rsa_free(struct crypt_rsa *rsa);
