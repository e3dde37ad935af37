/* Keys and opening of QUIC Initial packets with OpenSSL 3: AES-128-GCM and SHA-256, always. Sizes
 * are checked here. */
#include "dissector/tls/crypt_quic.h"

#ifdef HAVE_OPENSSL

#include "dissector/tls/crypt.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { SHA256_BYTES = 32 };

/* RFC 5869 §2.2: HKDF-Extract is an HMAC. */
static bool extract(struct span salt, struct span input, uint8_t out[SHA256_BYTES])
{
    unsigned len = SHA256_BYTES;
    return HMAC(EVP_sha256(), salt.ptr, (int)salt.len, input.ptr, input.len, out, &len) != NULL;
}

static bool expand(const uint8_t secret[SHA256_BYTES], const char *label, uint8_t *out, size_t len)
{
    const struct crypt_label what = {SUITE_SHA256, span_of(secret, SHA256_BYTES), label};
    return crypt_expand_label(&what, out, len);
}

bool crypt_quic_init(struct crypt_quic *crypt, const struct crypt_quic_version *version,
                     struct span connection_id)
{
    uint8_t initial[SHA256_BYTES], client[SHA256_BYTES];
    return extract(span_of(version->salt, sizeof version->salt), connection_id, initial) &&
           expand(initial, "client in", client, sizeof client) &&
           expand(client, version->key_label, crypt->key, sizeof crypt->key) &&
           expand(client, version->iv_label, crypt->iv, sizeof crypt->iv) &&
           expand(client, version->hp_label, crypt->hp, sizeof crypt->hp);
}

bool crypt_quic_mask(const struct crypt_quic *crypt, struct span sample,
                     uint8_t mask[CRYPT_QUIC_MASK_BYTES])
{
    uint8_t block[CRYPT_QUIC_SAMPLE_BYTES];
    int n = 0;
    EVP_CIPHER_CTX *ctx = sample.len == sizeof block ? EVP_CIPHER_CTX_new() : NULL;
    bool is_made = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, crypt->hp, NULL) == 1 &&
                   EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                   EVP_EncryptUpdate(ctx, block, &n, sample.ptr, (int)sample.len) == 1 &&
                   n == (int)sizeof block;
    EVP_CIPHER_CTX_free(ctx);
    if (is_made)
        memcpy(mask, block, CRYPT_QUIC_MASK_BYTES);
    return is_made;
}

static bool open_sealed(EVP_CIPHER_CTX *ctx, const struct crypt_quic_packet *packet, uint8_t *out)
{
    size_t len = packet->body.len - CRYPT_QUIC_TAG_BYTES;
    uint8_t tag[CRYPT_QUIC_TAG_BYTES];
    int n = 0, n_last = 0;
    memcpy(tag, packet->body.ptr + len, sizeof tag);
    return EVP_DecryptUpdate(ctx, NULL, &n, packet->header.ptr, (int)packet->header.len) == 1 &&
           EVP_DecryptUpdate(ctx, out, &n, packet->body.ptr, (int)len) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) == 1 &&
           EVP_DecryptFinal_ex(ctx, out + n, &n_last) == 1;
}

bool crypt_quic_open(const struct crypt_quic *crypt, const struct crypt_quic_packet *packet,
                     uint8_t *out)
{
    uint8_t nonce[sizeof crypt->iv];
    if (packet->body.len < CRYPT_QUIC_TAG_BYTES || packet->body.len > INT_MAX ||
        packet->header.len > INT_MAX)
        return false;
    memcpy(nonce, crypt->iv, sizeof nonce);
    for (size_t i = 0; i < 8; i++)
        nonce[sizeof nonce - 1 - i] ^= (uint8_t)(packet->number >> (8 * i));
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool is_opened = ctx &&
                     EVP_DecryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, crypt->key, nonce) == 1 &&
                     open_sealed(ctx, packet, out);
    EVP_CIPHER_CTX_free(ctx);
    return is_opened;
}

#else

bool crypt_quic_init(struct crypt_quic *crypt, const struct crypt_quic_version *version,
                     struct span connection_id)
{
    (void)crypt, (void)version, (void)connection_id;
    return false;
}

bool crypt_quic_mask(const struct crypt_quic *crypt, struct span sample,
                     uint8_t mask[CRYPT_QUIC_MASK_BYTES])
{
    (void)crypt, (void)sample, (void)mask;
    return false;
}

bool crypt_quic_open(const struct crypt_quic *crypt, const struct crypt_quic_packet *packet,
                     uint8_t *out)
{
    (void)crypt, (void)packet, (void)out;
    return false;
}

#endif
