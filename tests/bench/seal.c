/* Content arrives, records leave, or the other way round. */
#include "tests/bench/seal.h"

#include "tests/bench/script.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_BYTES = 16, HASH_BYTES = 32, MAX_CONTENT_BYTES = 16384, APPLICATION_DATA = 23 };

static void must(int is_done)
{
    if (is_done == 1)
        return;
    fprintf(stderr, "libcrypto refused\n");
    exit(1);
}

/* HKDF-Expand-Label with an empty context; one block of the hash is enough. */
static void expand(const uint8_t *secret, const char *label, uint8_t *out, uint8_t n_bytes)
{
    uint8_t info[32] = {0, n_bytes, (uint8_t)(6 + strlen(label))}, block[HASH_BYTES];
    unsigned len = HASH_BYTES;
    size_t n = 3;
    memcpy(info + n, "tls13 ", 6);
    memcpy(info + n + 6, label, strlen(label));
    n += 6 + strlen(label);
    info[n++] = 0; /* length of the context */
    info[n++] = 1; /* number of the block */
    must(HMAC(EVP_sha256(), secret, SEAL_SECRET_BYTES, info, n, block, &len) != NULL);
    memcpy(out, block, n_bytes);
}

void seal_init(struct seal *seal, const uint8_t secret[SEAL_SECRET_BYTES], bool is_sealing)
{
    uint8_t key[KEY_BYTES];
    expand(secret, "key", key, sizeof key);
    *seal = (struct seal){.cipher = EVP_CIPHER_CTX_new()};
    expand(secret, "iv", seal->iv, sizeof seal->iv);
    must(seal->cipher != NULL);
    must(EVP_CipherInit_ex(seal->cipher, EVP_aes_128_gcm(), NULL, key, NULL, is_sealing));
}

/* Sets the number of the next record and its header, which is authenticated. */
static void begin(struct seal *seal, const uint8_t *header)
{
    uint8_t nonce[SEAL_IV_BYTES];
    int len;
    memcpy(nonce, seal->iv, sizeof nonce);
    for (int i = 0; i < 8; i++)
        nonce[SEAL_IV_BYTES - 1 - i] ^= (uint8_t)(seal->sequence >> 8 * i);
    seal->sequence++;
    must(EVP_CipherInit_ex(seal->cipher, NULL, NULL, NULL, nonce, -1));
    must(EVP_CipherUpdate(seal->cipher, NULL, &len, header, SEAL_HEADER_BYTES));
}

void seal_add(struct seal *seal, uint8_t type, struct span content, struct buf *out)
{
    uint8_t record[SEAL_HEADER_BYTES + MAX_CONTENT_BYTES + 1 + SEAL_TAG_BYTES];
    size_t n_body = content.len + 1 + SEAL_TAG_BYTES;
    const uint8_t header[] = {APPLICATION_DATA, 3, 3, (uint8_t)(n_body >> 8), (uint8_t)n_body};
    int len;
    must(content.len <= MAX_CONTENT_BYTES);
    memcpy(record, header, sizeof header);
    begin(seal, header);
    uint8_t *at = record + sizeof header;
    must(EVP_CipherUpdate(seal->cipher, at, &len, content.ptr, (int)content.len));
    must(EVP_CipherUpdate(seal->cipher, at + content.len, &len, &type, 1));
    must(EVP_CipherFinal_ex(seal->cipher, at + content.len + 1, &len));
    must(EVP_CIPHER_CTX_ctrl(seal->cipher, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_BYTES,
                             at + content.len + 1));
    say_bytes(out, span_of(record, sizeof header + n_body));
}

size_t seal_record_bytes(struct span bytes)
{
    must(bytes.len >= SEAL_HEADER_BYTES);
    size_t n = SEAL_HEADER_BYTES + ((size_t)bytes.ptr[3] << 8 | bytes.ptr[4]);
    must(n <= bytes.len && n > SEAL_HEADER_BYTES + SEAL_TAG_BYTES);
    return n;
}

struct span seal_open(struct seal *seal, struct span record, uint8_t *out)
{
    size_t n = record.len - SEAL_HEADER_BYTES - SEAL_TAG_BYTES;
    uint8_t tag[SEAL_TAG_BYTES];
    int len;
    memcpy(tag, record.ptr + SEAL_HEADER_BYTES + n, sizeof tag);
    begin(seal, record.ptr);
    must(EVP_CipherUpdate(seal->cipher, out, &len, record.ptr + SEAL_HEADER_BYTES, (int)n));
    must(EVP_CIPHER_CTX_ctrl(seal->cipher, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag));
    must(EVP_CipherFinal_ex(seal->cipher, out + n, &len));
    return span_of(out, n - 1);
}

void seal_free(struct seal *seal)
{
    EVP_CIPHER_CTX_free(seal->cipher);
    seal->cipher = NULL;
}
