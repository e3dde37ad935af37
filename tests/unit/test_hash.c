#include "dissector/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The key of the paper's test: the bytes 00 to 0f, little-endian. */
static const struct hash_key paper_key = {0x0706050403020100, 0x0F0E0D0C0B0A0908};

/* SipHash-2-4 of the first 0 to 16 of the bytes 00 01 02 …, under the paper's key; that of 15 bytes
 * stands in the paper (appendix A), and all agree with OpenSSL's SIPHASH. */
static const uint64_t expected[] = {
    0x726FDB47DD0E0E31, 0x74F839C593DC67FD, 0x0D6C8009D9A94F5A, 0x85676696D7FB7E2D,
    0xCF2794E0277187B7, 0x18765564CD99A68D, 0xCBC9466E58FEE3CE, 0xAB0200F58B01D137,
    0x93F5F5799A932462, 0x9E0082DF0BA9E4B0, 0x7A5DBBC594DDB9F3, 0xF4B32F46226BADA7,
    0x751E8FBC860EE5FB, 0x14EA5627C0843D90, 0xF723CA908E7AF2EE, 0xA129CA6149BE45E5,
    0x3F2ACC7F57C29BDB,
};

enum { N_EXPECTED = sizeof expected / sizeof expected[0] };

static void the_reference_values_come_out_for_every_length(void **state)
{
    (void)state;
    uint8_t message[N_EXPECTED];
    for (size_t len = 0; len < N_EXPECTED; len++) {
        message[len] = (uint8_t)len;
        assert_true(hash_bytes(&paper_key, span_of(message, len)) == expected[len]);
    }
    assert_true(hash_bytes(&paper_key, span_of(NULL, 0)) == expected[0]);
}

static void the_place_of_the_bytes_in_memory_has_no_say(void **state)
{
    (void)state;
    uint8_t room[N_EXPECTED + 8];
    for (size_t shift = 0; shift < 8; shift++) {
        for (size_t i = 0; i < N_EXPECTED; i++)
            room[shift + i] = (uint8_t)i;
        assert_true(hash_bytes(&paper_key, span_of(room + shift, 16)) == expected[16]);
    }
}

static void both_halves_of_the_key_matter(void **state)
{
    (void)state;
    struct hash_key low = paper_key, high = paper_key;
    low.k0 ^= 1;
    high.k1 ^= UINT64_C(1) << 63;
    uint64_t hash = hash_bytes(&paper_key, span_str("10.0.0.1"));
    assert_false(hash == hash_bytes(&low, span_str("10.0.0.1")));
    assert_false(hash == hash_bytes(&high, span_str("10.0.0.1")));
}

/* SipHash-1-3 of the first 1 to 16 of the bytes 00 01 02 … under a key of zeros, as CPython 3.11
 * hashes them with PYTHONHASHSEED=0. */
static const uint64_t expected_quick[] = {
    0x68A914128E01E473, 0x010BAC45C41E3669, 0x4D4C9A4A8EF6E0AD, 0x7CC43F98813E4DBD,
    0x5ABE2169DFF36275, 0xE3C25F87624F1CDB, 0x2F098AB0C751325A, 0xEAD411E67EBE2EEA,
    0x75927F9D95124362, 0xAF9F77A65AB51A1D, 0xFE64CE8B6617FCFF, 0xA6BAF4FB0F9FE1C2,
    0xA0CF3211850F8E0D, 0x7F86049379FBFE67, 0xF30EB725BB91C9EA, 0x8972188433A5C5B7,
};

static void bytes_hash_quickly_with_fewer_rounds(void **state)
{
    (void)state;
    static const struct hash_key zeros = {0, 0};
    uint8_t message[sizeof expected_quick / sizeof *expected_quick];
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)i;
        assert_true(hash_quick(&zeros, span_of(message, i + 1)) == expected_quick[i]);
    }
    assert_false(hash_quick(&paper_key, span_of(message, 8)) == expected_quick[7]);
}

/* The same, of more bytes. */
static void words_hash_with_fewer_rounds(void **state)
{
    (void)state;
    static const struct hash_key zeros = {0, 0};
    static const struct {
        size_t n;
        uint64_t hash;
    } cases[] = {{1, 0xEAD411E67EBE2EEA}, {2, 0x8972188433A5C5B7}, {5, 0x95BC321AB41D8206}};
    uint64_t words[5];
    for (unsigned i = 0; i < 5; i++)
        words[i] = UINT64_C(0x0706050403020100) + i * UINT64_C(0x0808080808080808);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(hash_words(&zeros, words, cases[i].n) == cases[i].hash);
    assert_false(hash_words(&paper_key, words, 2) == cases[1].hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_values_come_out_for_every_length),
        cmocka_unit_test(the_place_of_the_bytes_in_memory_has_no_say),
        cmocka_unit_test(bytes_hash_quickly_with_fewer_rounds),
        cmocka_unit_test(words_hash_with_fewer_rounds),
        cmocka_unit_test(both_halves_of_the_key_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
