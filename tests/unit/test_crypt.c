#include "dissector/tls/keys.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 8448 §3, a simple 1-RTT handshake. */
static const uint8_t client_traffic[32] = {
    0x9e, 0x40, 0x64, 0x6c, 0xe7, 0x9a, 0x7f, 0x9d, 0xc0, 0x5a, 0xf8, 0x88, 0x9b, 0xce, 0x65, 0x52,
    0x87, 0x5a, 0xfa, 0x0b, 0x06, 0xdf, 0x00, 0x87, 0xf7, 0x92, 0xeb, 0xb7, 0xc1, 0x75, 0x04, 0xa5};
static const uint8_t client_key[16] = {0x17, 0x42, 0x2d, 0xda, 0x59, 0x6e, 0xd5, 0xd9,
                                       0xac, 0xd8, 0x90, 0xe3, 0xc6, 0x3f, 0x50, 0x51};
static const uint8_t client_iv[12] = {0x5b, 0x78, 0x92, 0x3d, 0xee, 0x08,
                                      0x57, 0x90, 0x33, 0xe5, 0x23, 0xd9};
/* The body of the client's record with the bytes 00 to 31. */
static const uint8_t client_record[67] = {
    0xa2, 0x3f, 0x70, 0x54, 0xb6, 0x2c, 0x94, 0xd0, 0xaf, 0xfa, 0xfe, 0x82, 0x28, 0xba,
    0x55, 0xcb, 0xef, 0xac, 0xea, 0x42, 0xf9, 0x14, 0xaa, 0x66, 0xbc, 0xab, 0x3f, 0x2b,
    0x98, 0x19, 0xa8, 0xa5, 0xb4, 0x6b, 0x39, 0x5b, 0xd5, 0x4a, 0x9a, 0x20, 0x44, 0x1e,
    0x2b, 0x62, 0x97, 0x4e, 0x1f, 0x5a, 0x62, 0x92, 0xa2, 0x97, 0x70, 0x14, 0xbd, 0x1e,
    0x3d, 0xea, 0xe6, 0x3a, 0xee, 0xbb, 0x21, 0x69, 0x49, 0x15, 0xe4};

static struct span traffic_secret(void)
{
    return span_of(client_traffic, sizeof client_traffic);
}

static void keys_of_tls_1_3_are_those_of_rfc_8448(void **state)
{
    uint8_t key[16], iv[12];
    struct crypt_label label = {SUITE_SHA256, traffic_secret(), "key"};
    (void)state;
    assert_true(crypt_expand_label(&label, key, sizeof key));
    assert_memory_equal(key, client_key, sizeof key);
    label.label = "iv";
    assert_true(crypt_expand_label(&label, iv, sizeof iv));
    assert_memory_equal(iv, client_iv, sizeof iv);
}

static void a_record_of_rfc_8448_opens_with_its_number_only(void **state)
{
    struct crypt crypt;
    uint8_t out[sizeof client_record];
    size_t len;
    struct crypt_record record = {23, 0x0303, span_of(client_record, sizeof client_record), 0};
    (void)state;
    assert_true(keys_from_traffic(suite_find(0x1301), traffic_secret(), &crypt));
    assert_true(crypt_open(&crypt, &record, out, &len));
    assert_int_equal(len, 51);
    for (uint8_t i = 0; i < 50; i++)
        assert_int_equal(out[i], i);
    assert_int_equal(out[50], 23);
    assert_int_equal(crypt_overhead_bytes(&crypt), sizeof client_record - 50);
    record.sequence = 1;
    assert_false(crypt_open(&crypt, &record, out, &len));
    crypt_free(&crypt);
}

static void a_record_changed_in_any_byte_does_not_open(void **state)
{
    struct crypt crypt;
    uint8_t changed[sizeof client_record], out[sizeof client_record];
    size_t len;
    (void)state;
    assert_true(keys_from_traffic(suite_find(0x1301), traffic_secret(), &crypt));
    for (size_t i = 0; i < sizeof changed; i++) {
        memcpy(changed, client_record, sizeof changed);
        changed[i] ^= 1;
        const struct crypt_record record = {23, 0x0303, span_of(changed, sizeof changed), 0};
        assert_false(crypt_open(&crypt, &record, out, &len));
    }
    crypt_free(&crypt);
}

static void bodies_of_every_length_are_safe_to_open_with_every_suite(void **state)
{
    uint8_t body[80] = {0}, out[80], material[SUITE_MAX_HASH_BYTES] = {0};
    size_t len, n_suites = 0;
    (void)state;
    for (uint16_t number = 1; number < 0xffff; number++) {
        const struct suite *suite = suite_find(number);
        if (!suite)
            continue;
        n_suites++;
        const struct keys_facts facts = {.version = TLS_1_2, .suite = suite, .is_etm = number % 2};
        struct crypt crypt;
        bool is_made =
            suite->is_tls13
                ? keys_from_traffic(suite, span_of(material, suite_hash_bytes(suite->hash)), &crypt)
                : keys_from_master(&facts, span_of(material, 48), DIR_SERVER, &crypt);
        assert_true(is_made);
        for (size_t n = 0; n <= sizeof body; n++) {
            const struct crypt_record record = {23, 0x0303, span_of(body, n), 5};
            assert_false(crypt_open(&crypt, &record, out, &len));
            crypt_pass_over(&crypt, record.body);
        }
        crypt_free(&crypt);
    }
    assert_true(n_suites > 100);
}

static void keys_need_a_secret_of_the_suites_length(void **state)
{
    struct crypt crypt;
    (void)state;
    assert_false(keys_from_traffic(suite_find(0x1302), traffic_secret(), &crypt));
    assert_null(suite_find(0));
    assert_null(suite_find(0x0005)); /* RC4 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_tls_1_3_are_those_of_rfc_8448),
        cmocka_unit_test(a_record_of_rfc_8448_opens_with_its_number_only),
        cmocka_unit_test(a_record_changed_in_any_byte_does_not_open),
        cmocka_unit_test(bodies_of_every_length_are_safe_to_open_with_every_suite),
        cmocka_unit_test(keys_need_a_secret_of_the_suites_length),
    };
    return crypt_is_built_in() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
