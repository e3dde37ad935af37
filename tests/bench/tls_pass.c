/* tls_pass SUITE MIB
 *
 * Reads that much content in full records of a TLS 1.3 suite (1301, 1302, 1303, 1304), from record
 * headers to plain bytes, and prints how many MiB of it a second. The records are made before the
 * clock runs. */
#include "capture/now.h"
#include "dissector/tls/tls.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CONTENT_BYTES = 16384,
    TAG_BYTES = 16,
    IV_BYTES = 12,
    RECORD_BYTES = RECORD_HEADER_BYTES + CONTENT_BYTES + 1 + TAG_BYTES,
    SEGMENT_BYTES = 1448,
};

struct sealer {
    const struct suite *suite;
    EVP_CIPHER_CTX *cipher;
    uint8_t iv[IV_BYTES];
    uint64_t sequence;
};

static void must(bool is_true)
{
    if (is_true)
        return;
    (void)fprintf(stderr, "tls_pass: it does not work\n");
    exit(1);
}

static const EVP_CIPHER *cipher_of(const struct suite *suite)
{
    if (suite->cipher == SUITE_CHACHA20)
        return EVP_chacha20_poly1305();
    if (suite->cipher == SUITE_AES_CCM)
        return EVP_aes_128_ccm();
    return suite->key_bytes == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
}

static void make_sealer(struct sealer *sealer, struct span secret)
{
    uint8_t key[SUITE_MAX_KEY_BYTES];
    const struct suite *suite = sealer->suite;
    struct crypt_label label = {suite->hash, secret, "key"};
    must(crypt_expand_label(&label, key, suite->key_bytes));
    label.label = "iv";
    must(crypt_expand_label(&label, sealer->iv, IV_BYTES));
    sealer->cipher = EVP_CIPHER_CTX_new();
    must(EVP_EncryptInit_ex(sealer->cipher, cipher_of(suite), NULL, NULL, NULL) == 1);
    must(EVP_CIPHER_CTX_ctrl(sealer->cipher, EVP_CTRL_AEAD_SET_IVLEN, IV_BYTES, NULL) == 1);
    if (suite->cipher == SUITE_AES_CCM)
        must(EVP_CIPHER_CTX_ctrl(sealer->cipher, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, NULL) == 1);
    must(EVP_EncryptInit_ex(sealer->cipher, NULL, NULL, key, NULL) == 1);
}

static void seal(struct sealer *sealer, uint8_t *out)
{
    static uint8_t content[CONTENT_BYTES + 1];
    uint8_t nonce[IV_BYTES];
    int n;
    const size_t body_len = sizeof content + TAG_BYTES;
    const uint8_t header[] = {RECORD_DATA, 3, 3, (uint8_t)(body_len >> 8), (uint8_t)body_len};
    memset(content, 'x', CONTENT_BYTES);
    content[CONTENT_BYTES] = RECORD_DATA;
    memcpy(out, header, sizeof header);
    memcpy(nonce, sealer->iv, IV_BYTES);
    for (int i = 0; i < 8; i++)
        nonce[IV_BYTES - 1 - i] ^= (uint8_t)(sealer->sequence >> 8 * i);
    sealer->sequence++;
    out += sizeof header;
    must(EVP_EncryptInit_ex(sealer->cipher, NULL, NULL, NULL, nonce) == 1);
    if (sealer->suite->cipher == SUITE_AES_CCM)
        must(EVP_EncryptUpdate(sealer->cipher, NULL, &n, NULL, sizeof content) == 1);
    must(EVP_EncryptUpdate(sealer->cipher, NULL, &n, header, sizeof header) == 1);
    must(EVP_EncryptUpdate(sealer->cipher, out, &n, content, sizeof content) == 1);
    if (sealer->suite->cipher != SUITE_AES_CCM)
        must(EVP_EncryptFinal_ex(sealer->cipher, out + n, &n) == 1);
    must(EVP_CIPHER_CTX_ctrl(sealer->cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES,
                             out + sizeof content) == 1);
}

/* ---- the stage that is measured ---- */

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    (void)origin;
    *(uint64_t *)ctx += bytes.len;
    return FEED_OK;
}

static uint64_t on_need_none(void *ctx)
{
    (void)ctx;
    return 0;
}

static const struct stream_ops counting = {.feed = on_feed, .need_none = on_need_none};

static void on_opened(void *ctx)
{
    (void)ctx;
}

static void say_hello(struct tls *tls, int side, uint16_t suite)
{
    const struct origin origin = {.ordinal = 1};
    struct stream_sink stream = tls_stream(tls, side);
    uint8_t client[5 + 4 + 2 + 32 + 1 + 4 + 2] = {RECORD_HANDSHAKE, 3, 3, 0, 45, 1, 0, 0, 41, 3, 3};
    uint8_t server[5 + 4 + 2 + 32 + 1 + 3 + 8] = {RECORD_HANDSHAKE, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3};
    const uint8_t versions[] = {(uint8_t)(suite >> 8), (uint8_t)suite, 0, 0, 6, 0, 43, 0, 2, 3, 4};
    memcpy(server + sizeof server - sizeof versions, versions, sizeof versions);
    must(stream_feed(stream,
                     side == 0 ? span_of(client, sizeof client) : span_of(server, sizeof server),
                     &origin) == FEED_OK);
}

static double read_all(struct tls *tls, struct span bytes)
{
    const struct origin origin = {.ordinal = 2};
    struct stream_sink stream = tls_stream(tls, 1);
    int64_t begin_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (; bytes.len > 0; bytes = span_after(bytes, SEGMENT_BYTES))
        must(stream_feed(stream, span_first(bytes, SEGMENT_BYTES), &origin) == FEED_OK);
    return (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - begin_ns) / 1e9;
}

static double measure(uint16_t number, size_t n_records)
{
    static const uint8_t random[HELLO_RANDOM_BYTES], secret[SUITE_MAX_HASH_BYTES] = {1};
    const struct hash_key key = {1, 2};
    uint64_t n_plain[2] = {0, 0};
    struct secrets secrets;
    struct tls tls;
    struct sealer sealer = {.suite = suite_find(number)};
    struct span traffic = span_of(secret, suite_hash_bytes(sealer.suite->hash));
    const struct secret_id id = {SECRET_OF_RANDOM, span_of(random, sizeof random)};
    uint8_t *bytes = malloc(n_records * RECORD_BYTES);
    must(bytes != NULL);
    secrets_init(&secrets, 4, &key);
    must(secrets_put(&secrets, &id, SECRET_SERVER_TRAFFIC, traffic));
    make_sealer(&sealer, traffic);
    for (size_t i = 0; i < n_records; i++)
        seal(&sealer, bytes + i * RECORD_BYTES);
    const struct tls_params params = {
        .limits = &limits_default,
        .secrets = &secrets,
        .plain = {{&counting, &n_plain[0]}, {&counting, &n_plain[1]}},
        .opened = on_opened,
    };
    tls_init(&tls, &params);
    say_hello(&tls, 0, number);
    say_hello(&tls, 1, number);
    double seconds = read_all(&tls, span_of(bytes, n_records * RECORD_BYTES));
    must(n_plain[1] == n_records * CONTENT_BYTES);
    tls_free(&tls);
    secrets_free(&secrets);
    EVP_CIPHER_CTX_free(sealer.cipher);
    free(bytes);
    return seconds;
}

static uint16_t suite_of(const char *name)
{
    static const char *const names[] = {"1301", "1302", "1303", "1304"};
    for (uint16_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return (uint16_t)(0x1301 + i);
    return 0;
}

int main(int argc, char **argv)
{
    enum { MAX_MIB = 4096 };
    uint16_t suite = argc == 3 ? suite_of(argv[1]) : 0;
    uint64_t n_mib = 0;
    if (suite == 0 || !span_decimal(span_str(argv[2]), MAX_MIB, &n_mib) || n_mib == 0) {
        (void)fprintf(stderr, "usage: tls_pass 1301|1302|1303|1304 MIB\n");
        return 2;
    }
    size_t n_records = (size_t)n_mib * (1024 * 1024 / CONTENT_BYTES);
    printf("%.0f\n", (double)n_mib / measure(suite, n_records));
    return 0;
}
