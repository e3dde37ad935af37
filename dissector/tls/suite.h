/* suite: what a cipher suite number says about the protection of records. A constant table; a new
 * suite is one number in a row. RFC 8446 §B.4, 5288, 5289, 6655, 7251, 7905, 5246, 4492, 5487. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum suite_cipher {
    SUITE_AES_GCM,
    SUITE_AES_CCM,
    SUITE_CHACHA20,
    SUITE_AES_CBC,
    SUITE_3DES_CBC,
};

enum suite_hash {
    SUITE_MD5_SHA1, /* the PRF before TLS 1.2; no MAC */
    SUITE_SHA1,
    SUITE_SHA256,
    SUITE_SHA384,
};

/* Longest of all: key of a cipher, hash. */
enum { SUITE_MAX_KEY_BYTES = 32, SUITE_MAX_HASH_BYTES = 48 };

struct suite {
    enum suite_cipher cipher;
    uint8_t key_bytes;
    uint8_t tag_bytes;    /* AEAD */
    enum suite_hash mac;  /* CBC */
    enum suite_hash hash; /* of the key schedule; before TLS 1.2 it is MD5 and SHA-1 */
    bool is_tls13;
};

/* The suite with this number, NULL when it is none we can read (RC4, NULL, Camellia, …). */
const struct suite *suite_find(uint16_t number);

/* The suites of TLS 1.3, in its own order; NULL behind the last. */
const struct suite *suite_tls13_at(size_t i);

/* Whether records are protected by an AEAD: then nothing of them is told without the key. */
bool suite_is_aead(const struct suite *suite);

size_t suite_hash_bytes(enum suite_hash hash);

/* Bytes of a CBC block. */
size_t suite_block_bytes(const struct suite *suite);
