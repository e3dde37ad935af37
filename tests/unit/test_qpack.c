/* qpack: the examples of RFC 9204 Appendix B, then what a reader meets that did not see all. */
#include "dissector/http/qpack.h"

#include "dissector/base/fingerprint.h"
#include "tests/support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MAX_TEXT_BYTES = 4096, MAX_BYTES = 1024, MAX_INSTRUCTION_BYTES = 100 };

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

/* Hexadecimal digits, with spaces anywhere; borrowed until the next call. */
static struct span bytes_of(const char *hex)
{
    static uint8_t out[MAX_BYTES];
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
    snprintf(text + at, MAX_TEXT_BYTES - at, "%.*s: %.*s\n", (int)name.len, (const char *)name.ptr,
             (int)value.len, (const char *)value.ptr);
}

static const char *fields_of(struct qpack *qpack, const char *hex)
{
    static char text[MAX_TEXT_BYTES];
    struct hpack_field field;
    enum hpack_step step;
    text[0] = '\0';
    if (!qpack_begin(qpack, bytes_of(hex)))
        return "no section";
    while ((step = qpack_next(qpack, &field)) == HPACK_FIELD)
        add_text(text, &field);
    return step == HPACK_END ? text : step == HPACK_NOMEM ? "no memory" : "damaged";
}

/* RFC 9204 Appendix B.2 to B.5; the table may have 220 bytes. */
static const char set_capacity[] = "3fbd01",
                  insert_two[] = "c00f 7777 772e 6578 616d 706c 652e 636f 6d"
                                 "c10c 2f73 616d 706c 652f 7061 7468",
                  insert_literal[] = "4a63 7573 746f 6d2d 6b65 790c 6375 7374 6f6d 2d76 616c 7565",
                  duplicate[] = "02", insert_by_name[] = "810d 6375 7374 6f6d 2d76 616c 7565 32";

static struct qpack example(void)
{
    struct qpack qpack;
    qpack_init(&qpack, &params, MAX_INSTRUCTION_BYTES);
    qpack_allow(&qpack, 220);
    return qpack;
}

static void insert(struct qpack *qpack, const char *hex)
{
    assert_int_equal(qpack_insert(qpack, bytes_of(hex)), FEED_OK);
}

static void the_examples_of_the_rfc_come_out(void **state)
{
    (void)state;
    struct qpack qpack = example();
    assert_string_equal(fields_of(&qpack, "0000 510b 2f69 6e64 6578 2e68 746d 6c"),
                        ":path: /index.html\n");
    insert(&qpack, set_capacity);
    insert(&qpack, insert_two);
    assert_string_equal(fields_of(&qpack, "0381 10 11"),
                        ":authority: www.example.com\n:path: /sample/path\n");
    insert(&qpack, insert_literal);
    insert(&qpack, duplicate);
    assert_string_equal(fields_of(&qpack, "0500 80 c1 81"),
                        ":authority: www.example.com\n:path: /\ncustom-key: custom-value\n");
    insert(&qpack, insert_by_name);
    assert_string_equal(fields_of(&qpack, "0600 80"), "custom-key: custom-value2\n");
    qpack_free(&qpack);
}

static void the_encoder_stream_may_come_byte_by_byte(void **state)
{
    (void)state;
    static const char *const parts[] = {set_capacity, insert_two, insert_literal, duplicate,
                                        insert_by_name};
    struct qpack qpack = example();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct span bytes = bytes_of(parts[i]);
        for (size_t j = 0; j < bytes.len; j++)
            assert_int_equal(qpack_insert(&qpack, span_of(bytes.ptr + j, 1)), FEED_OK);
    }
    assert_string_equal(fields_of(&qpack, "0600 80 81 82"),
                        "custom-key: custom-value2\n:authority: www.example.com\n"
                        "custom-key: custom-value\n");
    qpack_free(&qpack);
}

static void a_section_tells_that_it_needs_more_than_has_come(void **state)
{
    (void)state;
    struct qpack qpack = example();
    assert_true(qpack_begin(&qpack, bytes_of("0381 10 11")));
    assert_false(qpack_is_ready(&qpack));
    assert_string_equal(fields_of(&qpack, "0381 10 11 c1"), "?: ?\n?: ?\n:path: /\n");
    insert(&qpack, set_capacity);
    insert(&qpack, insert_two);
    assert_true(qpack_begin(&qpack, bytes_of("0381 10 11")));
    assert_true(qpack_is_ready(&qpack));
    qpack_free(&qpack);
}

/* Modulo twice the six entries that 220 bytes have room for. */
static void the_count_of_insertions_wraps(void **state)
{
    (void)state;
    struct qpack qpack = example();
    insert(&qpack, "3fbd01");
    for (int i = 0; i < 14; i++)
        insert(&qpack, "c101 61");
    insert(&qpack, "c101 62");
    assert_string_equal(fields_of(&qpack, "0400 80 81"), ":path: b\n:path: a\n");
    qpack_free(&qpack);
}

static void names_behind_the_base_and_never_indexed_fields_are_read(void **state)
{
    (void)state;
    struct qpack qpack = example();
    insert(&qpack, set_capacity);
    insert(&qpack, insert_two);
    /* 0000 N000: name of entry base + 0; 01N1: static name; 001N: a literal one */
    assert_string_equal(fields_of(&qpack, "0381 08 01 61 71 01 62 32 6869 01 63"),
                        ":authority: a\n:path: b\nhi: c\n");
    assert_string_equal(fields_of(&qpack, "0300 41 01 64"), ":authority: d\n");
    qpack_free(&qpack);
}

static void values_that_nobody_wants_are_not_kept(void **state)
{
    (void)state;
    struct hpack_params some = params;
    struct qpack qpack;
    some.keeps = keep_no_secret;
    qpack_init(&qpack, &some, MAX_INSTRUCTION_BYTES);
    insert(&qpack, set_capacity);
    insert(&qpack, "ff15 03 786f 78"); /* static 84: authorization */
    assert_string_equal(fields_of(&qpack, "0200 80"), "authorization: ?\n");
    assert_string_equal(fields_of(&qpack, "0000 5f45 03 786f 78"), "authorization: ?\n");
    qpack_free(&qpack);
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

static void expect_secret(struct qpack *qpack, const char *hex, const char *secret)
{
    struct hpack_field field;
    assert_true(qpack_begin(qpack, bytes_of(hex)));
    assert_int_equal(qpack_next(qpack, &field), HPACK_FIELD);
    assert_true(span_equal(field.name, span_str("authorization")));
    assert_null(field.value.ptr);
    assert_int_equal(field.fingerprint, fingerprint_of(span_str(secret)));
    assert_int_equal(qpack_next(qpack, &field), HPACK_END);
}

static void a_secret_has_its_fingerprint_in_the_place_of_its_value(void **state)
{
    (void)state;
    struct hpack_params keyed = params;
    struct qpack qpack;
    keyed.keeps = keep_no_secret;
    keyed.is_secret = is_secret;
    keyed.fingerprint = fingerprint;
    qpack_init(&qpack, &keyed, MAX_INSTRUCTION_BYTES);
    insert(&qpack, set_capacity);
    insert(&qpack, "ff15 03 786f 78");                        /* static 84: authorization */
    insert(&qpack, "ff15 8c f1 e3c2 e5f2 3a6b a0ab 90f4 ff"); /* the same name, coded */
    insert(&qpack, "01");                                     /* the first once more */
    expect_secret(&qpack, "0400 82", "xox");
    expect_secret(&qpack, "0400 81", "www.example.com");
    expect_secret(&qpack, "0400 80", "xox");
    expect_secret(&qpack, "0481 10", "www.example.com"); /* behind the base */
    expect_secret(&qpack, "0000 5f45 03 786f 78", "xox");
    expect_secret(&qpack, "0400 40 01 78", "x"); /* the name of an entry, not its value */
    expect_secret(&qpack, "0000 ff15", "");
    qpack_free(&qpack);
}

static void what_cannot_be_read_is_damage(void **state)
{
    (void)state;
    static const char *const sections[] = {
        "0000 51", "0000 510b 2f", "0000 5181 00", "0000 ffffffffffff7f", "0000 27",
    };
    static const char *const prefixes[] = {"", "00", "0d00", "0082", "ffffffffffff7f 00"};
    struct qpack qpack = example();
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        assert_string_equal(fields_of(&qpack, sections[i]), "damaged");
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        assert_string_equal(fields_of(&qpack, prefixes[i]), "no section");
    assert_string_equal(fields_of(&qpack, "0000 ff40"), "?: ?\n"); /* no such static entry */
    qpack_free(&qpack);
}

static void a_damaged_encoder_stream_makes_its_entries_unknown(void **state)
{
    (void)state;
    static const char *const damaged[] = {"c181 00", "61 00 8100", "3fffffffffff7f"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        struct qpack qpack = example();
        insert(&qpack, set_capacity);
        insert(&qpack, insert_two);
        assert_int_equal(qpack_insert(&qpack, bytes_of(damaged[i])), FEED_STOP);
        assert_int_equal(qpack_insert(&qpack, bytes_of(insert_two)), FEED_STOP);
        assert_string_equal(fields_of(&qpack, "0381 10 c1"), "?: ?\n:path: /\n");
        assert_true(qpack_is_ready(&qpack));
        qpack_free(&qpack);
    }
}

static void what_an_encoder_stream_lost_is_not_waited_for(void **state)
{
    (void)state;
    struct qpack qpack = example();
    insert(&qpack, set_capacity);
    assert_true(qpack_begin(&qpack, bytes_of("0381 10 c1")));
    assert_false(qpack_is_ready(&qpack));
    qpack_lose(&qpack);
    assert_true(qpack_is_ready(&qpack));
    qpack_free(&qpack);
}

static void an_instruction_longer_than_allowed_ends_the_stream(void **state)
{
    (void)state;
    uint8_t bytes[MAX_INSTRUCTION_BYTES + 10] = {0xc1, 0x7f, 0x20};
    struct qpack qpack = example();
    assert_int_equal(qpack_insert(&qpack, span_of(bytes, MAX_INSTRUCTION_BYTES)), FEED_OK);
    assert_int_equal(qpack_insert(&qpack, span_of(bytes + 3, 1)), FEED_STOP);
    qpack_free(&qpack);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct qpack qpack = example();
    for (uint64_t n = 1;; n++) {
        alloc_fail_at(n);
        enum feed result = qpack_insert(&qpack, bytes_of(insert_two));
        bool has_failed = alloc_has_failed();
        alloc_fail_at(0);
        if (!has_failed)
            break;
        assert_int_equal(result, FEED_NOMEM);
        assert_int_equal(qpack_insert(&qpack, bytes_of(insert_two)), FEED_STOP);
        qpack_free(&qpack);
        qpack = example();
    }
    qpack_free(&qpack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_come_out),
        cmocka_unit_test(the_encoder_stream_may_come_byte_by_byte),
        cmocka_unit_test(a_section_tells_that_it_needs_more_than_has_come),
        cmocka_unit_test(the_count_of_insertions_wraps),
        cmocka_unit_test(names_behind_the_base_and_never_indexed_fields_are_read),
        cmocka_unit_test(values_that_nobody_wants_are_not_kept),
        cmocka_unit_test(a_secret_has_its_fingerprint_in_the_place_of_its_value),
        cmocka_unit_test(what_cannot_be_read_is_damage),
        cmocka_unit_test(a_damaged_encoder_stream_makes_its_entries_unknown),
        cmocka_unit_test(what_an_encoder_stream_lost_is_not_waited_for),
        cmocka_unit_test(an_instruction_longer_than_allowed_ends_the_stream),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
