/* Key derivation and opening of records with OpenSSL 3. Sizes are checked here: OpenSSL gets only
 * what it may have. Knows no connection, and calls no process-wide set-up. */
#include "dissector/tls/crypt.h"

#include "dissector/base/wipe.h"

size_t crypt_mac_key_bytes(const struct suite *suite)
{
    return suite_is_aead(suite) ? 0 : suite_hash_bytes(suite->mac);
}

/* RFC 5288: 4 bytes of salt before 8 that each record brings; RFC 7905 and 8446: all 12. */
size_t crypt_iv_bytes(const struct suite *suite, uint16_t version)
{
    if (!suite_is_aead(suite))
        return version == TLS_1_0 ? suite_block_bytes(suite) : 0;
    return version == TLS_1_3 || suite->cipher == SUITE_CHACHA20 ? 12 : 4;
}

bool crypt_is_chained(const struct crypt *crypt)
{
    return crypt->suite && crypt->version == TLS_1_0 && !suite_is_aead(crypt->suite);
}

size_t crypt_overhead_bytes(const struct crypt *crypt)
{
    if (!suite_is_aead(crypt->suite))
        return 0;
    size_t inner_type = crypt->version == TLS_1_3;
    size_t explicit_nonce = 12 - crypt_iv_bytes(crypt->suite, crypt->version);
    return crypt->suite->tag_bytes + inner_type + explicit_nonce;
}

#ifdef HAVE_OPENSSL

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

enum { NONCE_BYTES = 12, MAX_AAD_BYTES = 13 };

bool crypt_is_built_in(void)
{
    return true;
}

static const char *hash_name(enum suite_hash hash)
{
    static const char *const names[] = {
        [SUITE_MD5_SHA1] = "MD5-SHA1",
        [SUITE_SHA1] = "SHA1",
        [SUITE_SHA256] = "SHA256",
        [SUITE_SHA384] = "SHA384",
    };
    return names[hash];
}

/* OpenSSL's parameters are not const, though it only reads these. */
static OSSL_PARAM octets(const char *name, struct span bytes)
{
    union {
        const uint8_t *in;
        void *out;
    } ptr = {.in = bytes.ptr};
    return OSSL_PARAM_construct_octet_string(name, ptr.out, bytes.len);
}

static OSSL_PARAM digest_param(const char *name, enum suite_hash hash)
{
    union {
        const char *in;
        char *out;
    } text = {.in = hash_name(hash)};
    return OSSL_PARAM_construct_utf8_string(name, text.out, 0);
}

static bool derive(const char *kdf_name, const OSSL_PARAM *params, uint8_t *out, size_t out_len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, kdf_name, NULL);
    EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool is_made = ctx && EVP_KDF_derive(ctx, out, out_len, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return is_made;
}

bool crypt_prf(const struct crypt_prf *prf, uint8_t *out, size_t out_len)
{
    const OSSL_PARAM params[] = {
        digest_param(OSSL_KDF_PARAM_DIGEST, prf->hash),
        octets(OSSL_KDF_PARAM_SECRET, prf->secret),
        octets(OSSL_KDF_PARAM_SEED, span_str(prf->label)),
        octets(OSSL_KDF_PARAM_SEED, prf->seed[0]),
        octets(OSSL_KDF_PARAM_SEED, prf->seed[1]),
        OSSL_PARAM_construct_end(),
    };
    return derive("TLS1-PRF", params, out, out_len);
}

bool crypt_expand_label(const struct crypt_label *expand, uint8_t *out, size_t out_len)
{
    static const char prefix[] = "tls13 ";
    uint8_t info[2 + 1 + 255 + 1];
    size_t prefix_len = sizeof prefix - 1, label_len = strlen(expand->label);
    if (out_len > UINT8_MAX || prefix_len + label_len > 255)
        return false;
    info[0] = 0;
    info[1] = (uint8_t)out_len;
    info[2] = (uint8_t)(prefix_len + label_len);
    memcpy(info + 3, prefix, prefix_len);
    memcpy(info + 3 + prefix_len, expand->label, label_len);
    info[3 + prefix_len + label_len] = 0;
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        digest_param(OSSL_KDF_PARAM_DIGEST, expand->hash),
        octets(OSSL_KDF_PARAM_KEY, expand->secret),
        octets(OSSL_KDF_PARAM_INFO, span_of(info, 3 + prefix_len + label_len + 1)),
        OSSL_PARAM_construct_end(),
    };
    return derive("HKDF", params, out, out_len);
}

bool crypt_hash(enum suite_hash hash, struct span bytes, uint8_t *out)
{
    return EVP_Q_digest(NULL, hash_name(hash), NULL, bytes.ptr, bytes.len, out, NULL) == 1;
}

bool crypt_digest(struct span bytes, uint8_t out[CRYPT_DIGEST_BYTES])
{
    return crypt_hash(SUITE_SHA256, bytes, out);
}

static const EVP_CIPHER *cipher_of(const struct suite *suite)
{
    bool is_long = suite->key_bytes == 32;
    switch (suite->cipher) {
    case SUITE_AES_GCM:
        return is_long ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
    case SUITE_AES_CCM:
        return is_long ? EVP_aes_256_ccm() : EVP_aes_128_ccm();
    case SUITE_CHACHA20:
        return EVP_chacha20_poly1305();
    case SUITE_AES_CBC:
        return is_long ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
    case SUITE_3DES_CBC:
        break;
    }
    return EVP_des_ede3_cbc();
}

static bool init_cipher(struct crypt *crypt, const struct crypt_keys *keys)
{
    const struct suite *suite = keys->suite;
    EVP_CIPHER_CTX *ctx = crypt->cipher = EVP_CIPHER_CTX_new();
    if (!ctx || EVP_DecryptInit_ex(ctx, cipher_of(suite), NULL, NULL, NULL) != 1)
        return false;
    if (!suite_is_aead(suite))
        return EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
               EVP_DecryptInit_ex(ctx, NULL, NULL, keys->key.ptr, NULL) == 1;
    if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, NONCE_BYTES, NULL) != 1)
        return false;
    if (suite->cipher == SUITE_AES_CCM &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, suite->tag_bytes, NULL) != 1)
        return false;
    return EVP_DecryptInit_ex(ctx, NULL, NULL, keys->key.ptr, NULL) == 1;
}

static bool init_mac(struct crypt *crypt, const struct crypt_keys *keys)
{
    if (suite_is_aead(keys->suite))
        return true;
    const OSSL_PARAM params[] = {digest_param(OSSL_MAC_PARAM_DIGEST, keys->suite->mac),
                                 OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = crypt->mac = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    return ctx && EVP_MAC_init(ctx, keys->mac_key.ptr, keys->mac_key.len, params) == 1;
}

bool crypt_init(struct crypt *crypt, const struct crypt_keys *keys)
{
    *crypt = (struct crypt){.suite = keys->suite, .version = keys->version, .is_etm = keys->is_etm};
    bool fits = keys->key.len == keys->suite->key_bytes &&
                keys->iv.len == crypt_iv_bytes(keys->suite, keys->version) &&
                keys->mac_key.len == crypt_mac_key_bytes(keys->suite);
    if (!fits || !init_cipher(crypt, keys) || !init_mac(crypt, keys)) {
        crypt_free(crypt);
        return false;
    }
    if (keys->iv.len > 0)
        memcpy(crypt->iv, keys->iv.ptr, keys->iv.len);
    return true;
}

void crypt_free(struct crypt *crypt)
{
    EVP_CIPHER_CTX_free(crypt->cipher);
    EVP_MAC_CTX_free(crypt->mac);
    wipe(crypt, sizeof *crypt);
}

static void put_u64(uint8_t *out, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

/* What is authenticated beside the content: RFC 5246 §6.2.3.3, RFC 8446 §5.2. */
static size_t make_aad(const struct crypt_record *record, size_t content_len, bool is_tls13,
                       uint8_t out[MAX_AAD_BYTES])
{
    size_t at = is_tls13 ? 0 : 8;
    if (!is_tls13)
        put_u64(out, record->sequence);
    out[at] = record->type;
    out[at + 1] = (uint8_t)(record->version >> 8);
    out[at + 2] = (uint8_t)record->version;
    out[at + 3] = (uint8_t)(content_len >> 8);
    out[at + 4] = (uint8_t)content_len;
    return at + 5;
}

/* Takes the explicit part of the nonce from *sealed when there is one. */
static void make_nonce(const struct crypt *crypt, uint64_t sequence, struct span *sealed,
                       uint8_t out[NONCE_BYTES])
{
    size_t iv_len = crypt_iv_bytes(crypt->suite, crypt->version);
    memcpy(out, crypt->iv, iv_len);
    if (iv_len < NONCE_BYTES) {
        memcpy(out + iv_len, sealed->ptr, NONCE_BYTES - iv_len);
        *sealed = span_after(*sealed, NONCE_BYTES - iv_len);
        return;
    }
    uint8_t number[8];
    put_u64(number, sequence);
    for (int i = 0; i < 8; i++)
        out[4 + i] ^= number[i];
}

static bool open_aead(struct crypt *crypt, const struct crypt_record *record, uint8_t *out,
                      size_t *out_len)
{
    EVP_CIPHER_CTX *ctx = crypt->cipher;
    bool is_tls13 = crypt->version == TLS_1_3, is_ccm = crypt->suite->cipher == SUITE_AES_CCM;
    size_t overhead = crypt_overhead_bytes(crypt), tag_len = crypt->suite->tag_bytes;
    if (record->body.len < overhead)
        return false;
    uint8_t nonce[NONCE_BYTES], aad[MAX_AAD_BYTES], tag[16];
    struct span sealed = record->body;
    make_nonce(crypt, record->sequence, &sealed, nonce);
    size_t len = sealed.len - tag_len;
    size_t aad_len = make_aad(record, is_tls13 ? record->body.len : len, is_tls13, aad);
    int n = 0, n_last = 0;
    memcpy(tag, sealed.ptr + len, tag_len);
    if (EVP_DecryptInit_ex(ctx, NULL, NULL, NULL, nonce) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag_len, tag) != 1)
        return false;
    if (is_ccm && EVP_DecryptUpdate(ctx, NULL, &n, NULL, (int)len) != 1)
        return false;
    if (EVP_DecryptUpdate(ctx, NULL, &n, aad, (int)aad_len) != 1 ||
        EVP_DecryptUpdate(ctx, out, &n, sealed.ptr, (int)len) != 1)
        return false;
    *out_len = len;
    return is_ccm || EVP_DecryptFinal_ex(ctx, out + n, &n_last) == 1;
}

static bool has_mac(const struct crypt *crypt, const struct crypt_record *record,
                    struct span content, const uint8_t *mac)
{
    uint8_t aad[MAX_AAD_BYTES], made[SUITE_MAX_HASH_BYTES];
    size_t aad_len = make_aad(record, content.len, false, aad), made_len = 0;
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(crypt->mac);
    bool is_made = ctx && EVP_MAC_update(ctx, aad, aad_len) == 1 &&
                   EVP_MAC_update(ctx, content.ptr, content.len) == 1 &&
                   EVP_MAC_final(ctx, made, &made_len, sizeof made) == 1;
    EVP_MAC_CTX_free(ctx);
    return is_made && memcmp(made, mac, made_len) == 0;
}

/* The blocks of a CBC record without its explicit IV, decrypted with padding and MAC. */
static bool decrypt_blocks(struct crypt *crypt, struct span blocks, const uint8_t *iv, uint8_t *out)
{
    int n = 0;
    return EVP_DecryptInit_ex(crypt->cipher, NULL, NULL, NULL, iv) == 1 &&
           EVP_DecryptUpdate(crypt->cipher, out, &n, blocks.ptr, (int)blocks.len) == 1 &&
           (size_t)n == blocks.len;
}

static bool open_cbc(struct crypt *crypt, const struct crypt_record *record, uint8_t *out,
                     size_t *out_len)
{
    size_t block = suite_block_bytes(crypt->suite), mac_len = suite_hash_bytes(crypt->suite->mac);
    size_t outer_mac = crypt->is_etm ? mac_len : 0, inner_mac = mac_len - outer_mac;
    struct span blocks = record->body;
    uint8_t iv[CRYPT_MAX_IV_BYTES];
    if (blocks.len < outer_mac)
        return false;
    blocks.len -= outer_mac;
    if (crypt->is_etm && !has_mac(crypt, record, blocks, blocks.ptr + blocks.len))
        return false;
    if (blocks.len < block)
        return false;
    memcpy(iv, crypt->version == TLS_1_0 ? crypt->iv : blocks.ptr, block);
    if (crypt->version != TLS_1_0)
        blocks = span_after(blocks, block);
    if (blocks.len == 0 || blocks.len % block != 0 || !decrypt_blocks(crypt, blocks, iv, out))
        return false;
    size_t padding = (size_t)out[blocks.len - 1] + 1;
    if (padding + inner_mac > blocks.len)
        return false;
    *out_len = blocks.len - padding - inner_mac;
    return crypt->is_etm || has_mac(crypt, record, span_of(out, *out_len), out + *out_len);
}

bool crypt_open(struct crypt *crypt, const struct crypt_record *record, uint8_t *out,
                size_t *out_len)
{
    if (!crypt->cipher)
        return false;
    return suite_is_aead(crypt->suite) ? open_aead(crypt, record, out, out_len)
                                       : open_cbc(crypt, record, out, out_len);
}

void crypt_pass_over(struct crypt *crypt, struct span body)
{
    if (!crypt->cipher || !crypt_is_chained(crypt))
        return;
    size_t block = suite_block_bytes(crypt->suite);
    size_t outer_mac = crypt->is_etm ? suite_hash_bytes(crypt->suite->mac) : 0;
    if (body.len >= block + outer_mac)
        memcpy(crypt->iv, body.ptr + body.len - outer_mac - block, block);
}

#else

bool crypt_is_built_in(void)
{
    return false;
}

bool crypt_prf(const struct crypt_prf *prf, uint8_t *out, size_t out_len)
{
    (void)prf, (void)out, (void)out_len;
    return false;
}

bool crypt_expand_label(const struct crypt_label *expand, uint8_t *out, size_t out_len)
{
    (void)expand, (void)out, (void)out_len;
    return false;
}

bool crypt_hash(enum suite_hash hash, struct span bytes, uint8_t *out)
{
    (void)hash, (void)bytes, (void)out;
    return false;
}

bool crypt_digest(struct span bytes, uint8_t out[CRYPT_DIGEST_BYTES])
{
    (void)bytes, (void)out;
    return false;
}

bool crypt_init(struct crypt *crypt, const struct crypt_keys *keys)
{
    (void)keys;
    *crypt = (struct crypt){0};
    return false;
}

bool crypt_open(struct crypt *crypt, const struct crypt_record *record, uint8_t *out,
                size_t *out_len)
{
    (void)crypt, (void)record, (void)out, (void)out_len;
    return false;
}

void crypt_pass_over(struct crypt *crypt, struct span body)
{
    (void)crypt, (void)body;
}

void crypt_free(struct crypt *crypt)
{
    wipe(crypt, sizeof *crypt);
}

#endif
