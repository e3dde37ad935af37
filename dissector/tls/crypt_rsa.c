/* RSA with OpenSSL 3; see crypt_rsa.h. The padding is taken off here: libraries hide from their
 * callers whether it was right, which protects servers and would mislead a reader with many keys.
 */
#include "dissector/tls/crypt_rsa.h"

#include "dissector/base/wipe.h"

#ifdef HAVE_OPENSSL

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { MAX_MODULUS_BYTES = 16384 / 8, MIN_PADDING_BYTES = 8 };

/* A passphrase is never asked for; *user becomes true when one is needed. */
static int refuse_passphrase(char *out, int size, int is_writing, void *user)
{
    (void)out, (void)size, (void)is_writing;
    *(bool *)user = true;
    return -1;
}

enum crypt_rsa_result crypt_rsa_read(struct crypt_rsa *rsa, struct span pem)
{
    bool is_encrypted = false;
    *rsa = (struct crypt_rsa){NULL};
    BIO *in = pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
    if (!in)
        return CRYPT_RSA_NOMEM;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, refuse_passphrase, &is_encrypted);
    BIO_free(in);
    ERR_clear_error();
    if (!key)
        return is_encrypted ? CRYPT_RSA_ENCRYPTED : CRYPT_RSA_NONE;
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_size(key) > MAX_MODULUS_BYTES) {
        EVP_PKEY_free(key);
        return CRYPT_RSA_OTHER;
    }
    rsa->key = key;
    return CRYPT_RSA_READ;
}

static bool decrypt(EVP_PKEY *key, struct span encrypted, uint8_t *out, size_t *out_len)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    bool is_done = ctx && EVP_PKEY_decrypt_init(ctx) == 1 &&
                   EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
                   EVP_PKEY_decrypt(ctx, out, out_len, encrypted.ptr, encrypted.len) == 1;
    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();
    return is_done;
}

/* RFC 8017 §7.2.2: 0, 2, at least 8 bytes that are not 0, 0, content; of which the first two are
 * the version that the client offered. */
static bool strip(struct span block, uint8_t premaster[PREMASTER_BYTES])
{
    if (block.len < 3 + MIN_PADDING_BYTES + PREMASTER_BYTES)
        return false;
    size_t zero_at = block.len - PREMASTER_BYTES - 1;
    struct span padding = span_first(span_after(block, 2), zero_at - 2);
    const uint8_t *content = block.ptr + zero_at + 1;
    if (block.ptr[0] != 0 || block.ptr[1] != 2 || block.ptr[zero_at] != 0 ||
        span_find_byte(padding, 0) < padding.len || content[0] != 3)
        return false;
    memcpy(premaster, content, PREMASTER_BYTES);
    return true;
}

bool crypt_rsa_open(const struct crypt_rsa *rsa, struct span encrypted,
                    uint8_t premaster[PREMASTER_BYTES])
{
    uint8_t block[MAX_MODULUS_BYTES];
    size_t len = sizeof block;
    if (!rsa->key || encrypted.len != (size_t)EVP_PKEY_get_size(rsa->key))
        return false;
    bool is_open =
        decrypt(rsa->key, encrypted, block, &len) && strip(span_of(block, len), premaster);
    wipe(block, sizeof block);
    return is_open;
}

void crypt_rsa_free(struct crypt_rsa *rsa)
{
    EVP_PKEY_free(rsa->key); /* which wipes what is secret in it */
    rsa->key = NULL;
}

#else

enum crypt_rsa_result crypt_rsa_read(struct crypt_rsa *rsa, struct span pem)
{
    (void)pem;
    *rsa = (struct crypt_rsa){NULL};
    return CRYPT_RSA_NONE;
}

bool crypt_rsa_open(const struct crypt_rsa *rsa, struct span encrypted,
                    uint8_t premaster[PREMASTER_BYTES])
{
    (void)rsa, (void)encrypted;
    wipe(premaster, PREMASTER_BYTES);
    return false;
}

void crypt_rsa_free(struct crypt_rsa *rsa)
{
    rsa->key = NULL;
}

#endif
