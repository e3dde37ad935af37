/* hpack: the examples of RFC 7541 Appendix C, then what a reader meets that did not see all. */
#include "dissector/http/hpack.h"

#include "dissector/base/fingerprint.h"
#include "dissector/http/hpack_huffman.h"
#include "dissector/http/hpack_static.h"
#include "tests/support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MAX_TEXT_BYTES = 4096, MAX_BLOCK_BYTES = 1024 };

static bool keep_all(struct span name)
{
    (void)name;
    return true;
}

static bool keep_no_secret(struct span name)
{
    return !span_equal(name, span_str("authorization"));
}

static const struct hpack_params params = {
    .max_table_bytes = 65536, .max_value_bytes = 1000, .keeps = keep_all};

static uint8_t nibble(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* Hexadecimal digits, with spaces anywhere. */
static struct span bytes_of(const char *hex, uint8_t out[MAX_BLOCK_BYTES])
{
    size_t n = 0;
    for (; *hex; hex++)
        if (*hex != ' ') {
            out[n / 2] = (uint8_t)(out[n / 2] << 4 | nibble(*hex));
            n++;
        }
    return span_of(out, n / 2);
}

static void add_text(char *text, const struct hpack_field *field)
{
    size_t at = strlen(text);
    struct span name = field->name.ptr ? field->name : span_str("?");
    struct span value = field->value.ptr ? field->value : span_str("?");
    snprintf(text + at, MAX_TEXT_BYTES - at, "%.*s: %.*s%s\n", (int)name.len,
             (const char *)name.ptr, (int)value.len, (const char *)value.ptr,
             field->is_value_cut ? "!" : "");
}

/* One line a field, and a last one when the block cannot be read to its end. */
static void decode(struct hpack *hpack, struct span block, char text[MAX_TEXT_BYTES])
{
    struct hpack_field field;
    enum hpack_step step;
    text[0] = '\0';
    hpack_begin(hpack, block);
    while ((step = hpack_next(hpack, &field)) == HPACK_FIELD)
        add_text(text, &field);
    size_t at = strlen(text);
    if (step != HPACK_END)
        snprintf(text + at, MAX_TEXT_BYTES - at, "%s",
                 step == HPACK_NOMEM ? "no memory" : "damaged");
}

static void expect(struct hpack *hpack, const char *hex, const char *fields)
{
    uint8_t block[MAX_BLOCK_BYTES] = {0};
    char text[MAX_TEXT_BYTES];
    decode(hpack, bytes_of(hex, block), text);
    assert_string_equal(text, fields);
}

static void expect_problem(const char *hex, const char *problem)
{
    struct hpack hpack;
    uint8_t block[MAX_BLOCK_BYTES] = {0};
    char text[MAX_TEXT_BYTES];
    hpack_init(&hpack, &params);
    decode(&hpack, bytes_of(hex, block), text);
    assert_non_null(hpack_problem(&hpack));
    assert_string_equal(hpack_problem(&hpack), problem);
    hpack_free(&hpack);
}

/* ---- RFC 7541 Appendix C ---- */

struct example {
    const char *hex, *fields;
    unsigned table_bytes; /* afterwards */
};

static const struct example forms[] = {
    {"400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
     "custom-key: custom-header\n", 55},
    {"040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path\n", 55},
    {"1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret\n", 55},
    {"82", ":method: GET\n", 55},
    {0},
};

#define FIRST_REQUEST ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\n"
#define SECOND_REQUEST FIRST_REQUEST "cache-control: no-cache\n"
#define THIRD_REQUEST                                                                              \
    ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\n"              \
    "custom-key: custom-value\n"

static const struct example plain_requests[] = {
    {"8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", FIRST_REQUEST, 57},
    {"8286 84be 5808 6e6f 2d63 6163 6865", SECOND_REQUEST, 110},
    {"8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", THIRD_REQUEST,
     164},
    {0},
};

static const struct example coded_requests[] = {
    {"8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", FIRST_REQUEST, 57},
    {"8286 84be 5886 a8eb 1064 9cbf", SECOND_REQUEST, 110},
    {"8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", THIRD_REQUEST, 164},
    {0},
};

#define RESPONSE(status, second)                                                                   \
    ":status: " status "\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:" second " GMT\n"   \
    "location: https://www.example.com\n"
#define THIRD_RESPONSE                                                                             \
    RESPONSE("200", "22")                                                                          \
    "content-encoding: gzip\n"                                                                     \
    "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n"

static const struct example plain_responses[] = {
    {"4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a "
     "3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
     RESPONSE("302", "21"), 222},
    {"4803 3330 37c1 c0bf", RESPONSE("307", "21"), 222},
    {"88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 "
     "677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 "
     "553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
     THIRD_RESPONSE, 215},
    {0},
};

static const struct example coded_responses[] = {
    {"4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e "
     "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
     RESPONSE("302", "21"), 222},
    {"4883 640e ffc1 c0bf", RESPONSE("307", "21"), 222},
    {"88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 "
     "821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed "
     "4ee5 b106 3d50 07",
     THIRD_RESPONSE, 215},
    {0},
};

static void expect_examples(const struct example *examples, unsigned size_bytes)
{
    struct hpack hpack;
    hpack_init(&hpack, &params);
    hpack_table_resize(&hpack.table, size_bytes);
    for (; examples->hex; examples++) {
        expect(&hpack, examples->hex, examples->fields);
        assert_int_equal(hpack.table.used_bytes, examples->table_bytes);
        assert_null(hpack_problem(&hpack));
    }
    hpack_free(&hpack);
}

static void the_examples_of_the_rfc_come_out(void **state)
{
    (void)state;
    expect_examples(forms, 4096);
    expect_examples(plain_requests, 4096);
    expect_examples(coded_requests, 4096);
    expect_examples(plain_responses, 256);
    expect_examples(coded_responses, 256);
}

static void the_static_table_has_its_61_fields(void **state)
{
    (void)state;
    assert_string_equal(hpack_static[0].name, ":authority");
    assert_string_equal(hpack_static[13].value, "500");
    assert_string_equal(hpack_static[HPACK_STATIC_N - 1].name, "www-authenticate");
}

/* ---- what was not seen ---- */

static void an_index_into_what_was_not_seen_is_unknown_and_the_rest_is_known(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    hpack_forget(&hpack);
    expect(&hpack, "82 be 7f22 01 61 40 01 62 01 63", ":method: GET\n?: ?\n?: ?\nb: c\n");
    assert_null(hpack_problem(&hpack));
    hpack_free(&hpack);
}

static void entries_inserted_after_a_loss_are_found_by_their_index(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    expect(&hpack, "40 01 61 01 31", "a: 1\n");
    hpack_forget(&hpack);
    expect(&hpack, "40 01 62 01 32", "b: 2\n");
    expect(&hpack, "7f80 01 01 33", "?: ?\n"); /* an unknown name is inserted, too */
    expect(&hpack, "be bf c0 7f00 01 34", "?: ?\nb: 2\n?: ?\nb: 4\n");
    expect(&hpack, "c0", "b: 2\n");
    hpack_free(&hpack);
}

static void a_size_of_0_empties_the_table_and_all_is_known_again(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    hpack_forget(&hpack);
    expect(&hpack, "be", "?: ?\n");
    assert_null(hpack_problem(&hpack));
    expect(&hpack, "20 3fe11f 40 01 61 01 31", "a: 1\n");
    expect(&hpack, "bf", "?: ?\n");
    assert_string_equal(hpack_problem(&hpack), "an index beyond the table");
    hpack_free(&hpack);
}

static void a_block_that_breaks_off_tells_its_beginning(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    expect(&hpack, "82 40 01 61 01 31 40 01 62 05 31", ":method: GET\na: 1\ndamaged");
    expect(&hpack, "be", "?: ?\n"); /* what was inserted behind is not known */
    hpack_free(&hpack);
}

/* ---- secrets ---- */

static void what_nobody_keeps_has_no_value_anywhere(void **state)
{
    struct hpack hpack;
    struct hpack_params sparing = params;
    (void)state;
    sparing.keeps = keep_no_secret;
    hpack_init(&hpack, &sparing);
    /* Basic abc, plain and coded, inserted and not */
    expect(&hpack, "57 09 42 61 73 69 63 20 61 62 63", "authorization: ?\n");
    expect(&hpack, "be 1f08 87 cf a9 a7 ff ff ff ff", "authorization: ?\ndamaged");
    expect(&hpack, "57 82 64 02 be", "authorization: ?\nauthorization: ?\n");
    expect(&hpack, "82 40 0d 617574686f72697a6174696f6e 01 78", ":method: GET\nauthorization: ?\n");
    assert_int_equal(hpack.scratch.value_bytes, 0);
    assert_int_equal(hpack.table.held_bytes, 2 * (strlen("authorization") + 1));
    hpack_free(&hpack);
}

static bool is_secret(struct span name)
{
    return !keep_no_secret(name);
}

static uint64_t fingerprint(struct span name, struct span value)
{
    assert_true(is_secret(name));
    return fingerprint_of(value);
}

static void expect_secret(struct hpack *hpack, const char *hex, const char *secret)
{
    uint8_t block[MAX_BLOCK_BYTES] = {0};
    struct hpack_field field;
    hpack_begin(hpack, bytes_of(hex, block));
    assert_int_equal(hpack_next(hpack, &field), HPACK_FIELD);
    assert_true(span_equal(field.name, span_str("authorization")));
    assert_null(field.value.ptr);
    assert_false(field.is_value_cut);
    assert_int_equal(field.fingerprint, fingerprint_of(span_str(secret)));
    assert_int_equal(hpack_next(hpack, &field), HPACK_END);
    for (size_t i = 0; i < strlen(secret) && i < hpack->scratch.value_bytes; i++)
        assert_int_equal(hpack->scratch.value[i], 0);
}

static void a_secret_has_its_fingerprint_in_the_place_of_its_value(void **state)
{
    struct hpack hpack;
    struct hpack_params keyed = params;
    (void)state;
    keyed.keeps = keep_no_secret;
    keyed.is_secret = is_secret;
    keyed.fingerprint = fingerprint;
    keyed.max_value_bytes = 4; /* which are no bound of what a fingerprint is of */
    hpack_init(&hpack, &keyed);
    expect_secret(&hpack, "57 09 42 61 73 69 63 20 61 62 63", "Basic abc");
    expect_secret(&hpack, "57 8c f1 e3c2 e5f2 3a6b a0ab 90f4 ff", "www.example.com");
    expect_secret(&hpack, "be", "www.example.com");
    expect_secret(&hpack, "bf", "Basic abc");
    expect_secret(&hpack, "0f2f 01 78", "x"); /* the name of an entry, not its value */
    expect_secret(&hpack, "1f08 00", "");
    expect_secret(&hpack, "97", ""); /* of the static table */
    assert_int_equal(hpack.table.held_bytes, 2 * (strlen("authorization") + 1));
    hpack_free(&hpack);
}

/* ---- odd blocks ---- */

static void what_breaks_the_rfc_is_told(void **state)
{
    (void)state;
    expect_problem("80", "index 0");
    expect_problem("be", "an index beyond the table");
    expect_problem("82 20", "the table size changes behind a field");
    expect_problem("3fe2 1f", "a table size above what was allowed");
    expect_problem("ff ff ff ff ff ff 7f", "a number that cannot be read");
    expect_problem("3f", "a number that cannot be read");
    expect_problem("40", "a string that cannot be read");
    expect_problem("40 01 61 7f80", "a string that cannot be read");
    expect_problem("40 81 00 01 61", "a string that cannot be read"); /* padding of zeros */
}

static void a_size_the_peer_allowed_is_no_problem(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    hpack_allow(&hpack, 65536);
    expect(&hpack, "3fe1ff03", "");
    assert_null(hpack_problem(&hpack));
    assert_int_equal(hpack.table.size_bytes, 65536);
    hpack_free(&hpack);
}

static void a_long_value_is_cut_and_says_so(void **state)
{
    struct hpack hpack;
    struct hpack_params short_values = params;
    (void)state;
    short_values.max_value_bytes = 4;
    hpack_init(&hpack, &short_values);
    expect(&hpack, "41 8c f1 e3c2 e5f2 3a6b a0ab 90f4 ff", ":authority: www.!\n");
    expect(&hpack, "be 41 05 61 61 61 61 61", ":authority: www.!\n:authority: aaaa!\n");
    assert_int_equal(hpack.table.used_bytes, 57 + 32 + 10 + 5);
    hpack_free(&hpack);
}

static void an_entry_larger_than_the_table_empties_it(void **state)
{
    struct hpack hpack;
    (void)state;
    hpack_init(&hpack, &params);
    expect(&hpack, "3f01 40 01 61 01 31", "a: 1\n"); /* 32 bytes, the entry has 34 */
    assert_int_equal(hpack.table.n_entries, 0);
    hpack_free(&hpack);
}

static void beyond_our_own_bound_the_oldest_become_unknown(void **state)
{
    struct hpack hpack;
    struct hpack_params small = params;
    (void)state;
    small.max_table_bytes = 70;
    hpack_init(&hpack, &small);
    expect(&hpack, "40 01 61 01 31 40 01 62 01 32", "a: 1\nb: 2\n");
    assert_false(hpack_has_met_limit(&hpack));
    expect(&hpack, "40 01 63 01 33 c0 bf be", "c: 3\n?: ?\nb: 2\nc: 3\n");
    assert_true(hpack_has_met_limit(&hpack));
    assert_null(hpack_problem(&hpack));
    hpack_free(&hpack);
}

static void a_name_longer_than_any_we_know_is_cut(void **state)
{
    struct hpack hpack;
    struct hpack_field field;
    uint8_t block[80] = {0x40, 70};
    (void)state;
    memset(block + 2, 'n', 70);
    hpack_init(&hpack, &params);
    hpack_begin(&hpack, span_of(block, 73));
    assert_int_equal(hpack_next(&hpack, &field), HPACK_FIELD);
    assert_int_equal(field.name.len, HPACK_MAX_NAME_BYTES);
    assert_int_equal(field.table_bytes, 102);
    hpack_free(&hpack);
}

static void huffman_padding_and_eos_are_checked(void **state)
{
    size_t len;
    (void)state;
    assert_true(hpack_huffman_decode(span_of("\x1f", 1), NULL, 0, &len)); /* a, 111 */
    assert_int_equal(len, 1);
    assert_true(hpack_huffman_decode(span_of(NULL, 0), NULL, 0, &len));
    assert_int_equal(len, 0);
    assert_false(hpack_huffman_decode(span_of("\x18", 1), NULL, 0, &len));
    assert_false(hpack_huffman_decode(span_of("\x1f\xff", 2), NULL, 0, &len)); /* 11 bits */
    assert_false(hpack_huffman_decode(span_of("\xff\xff\xff\xff", 4), NULL, 0, &len));
}

static void without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct hpack hpack;
        uint8_t block[MAX_BLOCK_BYTES] = {0};
        char text[MAX_TEXT_BYTES];
        hpack_init(&hpack, &params);
        alloc_fail_at(n);
        decode(&hpack, bytes_of(coded_requests[0].hex, block), text);
        bool has_failed = alloc_has_failed();
        alloc_fail_at(0);
        hpack_free(&hpack);
        if (!has_failed)
            break;
        assert_non_null(strstr(text, "no memory"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_come_out),
        cmocka_unit_test(the_static_table_has_its_61_fields),
        cmocka_unit_test(an_index_into_what_was_not_seen_is_unknown_and_the_rest_is_known),
        cmocka_unit_test(entries_inserted_after_a_loss_are_found_by_their_index),
        cmocka_unit_test(a_size_of_0_empties_the_table_and_all_is_known_again),
        cmocka_unit_test(a_block_that_breaks_off_tells_its_beginning),
        cmocka_unit_test(what_nobody_keeps_has_no_value_anywhere),
        cmocka_unit_test(a_secret_has_its_fingerprint_in_the_place_of_its_value),
        cmocka_unit_test(what_breaks_the_rfc_is_told),
        cmocka_unit_test(a_size_the_peer_allowed_is_no_problem),
        cmocka_unit_test(a_long_value_is_cut_and_says_so),
        cmocka_unit_test(an_entry_larger_than_the_table_empties_it),
        cmocka_unit_test(beyond_our_own_bound_the_oldest_become_unknown),
        cmocka_unit_test(a_name_longer_than_any_we_know_is_cut),
        cmocka_unit_test(huffman_padding_and_eos_are_checked),
        cmocka_unit_test(without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
