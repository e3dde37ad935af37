/* crypt: the arithmetic of TLS: key derivation and opening of single records. The only part that
 * knows OpenSSL; in a build without it crypt_is_built_in() is false and everything else fails.
 *
 * A struct crypt is the key of one direction. It knows no order: the caller says which sequence
 * number to try. Functions answer false when the library refuses or has no memory, and a record
 * that does not authenticate is no error, just not opened. One owner thread. */
#pragma once

#include "dissector/base/span.h"
#include "dissector/tls/suite.h"

enum {
    TLS_1_0 = 0x0301,
    TLS_1_1 = 0x0302,
    TLS_1_2 = 0x0303,
    TLS_1_3 = 0x0304,
};

enum { CRYPT_MAX_IV_BYTES = 16, CRYPT_DIGEST_BYTES = 32 };

bool crypt_is_built_in(void);

/* RFC 5246 §5: out = PRF(secret, label, seed[0] + seed[1]). */
struct crypt_prf {
    enum suite_hash hash;
    struct span secret;
    const char *label;
    struct span seed[2];
};
bool crypt_prf(const struct crypt_prf *prf, uint8_t *out, size_t out_len);

/* RFC 8446 §7.1: HKDF-Expand-Label with an empty context. */
struct crypt_label {
    enum suite_hash hash;
    struct span secret;
    const char *label; /* without "tls13 " */
};
bool crypt_expand_label(const struct crypt_label *expand, uint8_t *out, size_t out_len);

/* The hash of bytes; out has room for suite_hash_bytes(hash). */
bool crypt_hash(enum suite_hash hash, struct span bytes, uint8_t *out);

/* SHA-256 of bytes. */
bool crypt_digest(struct span bytes, uint8_t out[CRYPT_DIGEST_BYTES]);

/* The key material of one direction; spans are borrowed. */
struct crypt_keys {
    const struct suite *suite;
    uint16_t version;
    bool is_etm; /* encrypt-then-MAC, RFC 7366 */
    struct span key, iv, mac_key;
};

struct crypt {
    /* fields are private */
    const struct suite *suite;
    uint16_t version;
    bool is_etm;
    uint8_t iv[CRYPT_MAX_IV_BYTES];
    void *cipher, *mac;
};

/* Sizes of what crypt_init takes: in the order of TLS 1.2's key block, for each direction. */
size_t crypt_mac_key_bytes(const struct suite *suite);
size_t crypt_iv_bytes(const struct suite *suite, uint16_t version);

bool crypt_init(struct crypt *crypt, const struct crypt_keys *keys);

/* One protected record: its header and body. */
struct crypt_record {
    uint8_t type;
    uint16_t version;
    struct span body;
    uint64_t sequence;
};

/* Opens it into out, which has room for the body. False: it does not authenticate. The inner
 * content type and padding of TLS 1.3 are left in. */
bool crypt_open(struct crypt *crypt, const struct crypt_record *record, uint8_t *out,
                size_t *out_len);

/* TLS 1.0 chains its CBC blocks over records: what was not opened must be told all the same. */
void crypt_pass_over(struct crypt *crypt, struct span body);

/* Whether a record needs the end of the one before it: TLS 1.0 with CBC. */
bool crypt_is_chained(const struct crypt *crypt);

/* Bytes that protection adds to a record of length body_len, as far as the length alone tells: 0
 * with CBC, where padding varies. */
size_t crypt_overhead_bytes(const struct crypt *crypt);

/* Forgets the keys; a zeroed crypt is fine. */
void crypt_free(struct crypt *crypt);
