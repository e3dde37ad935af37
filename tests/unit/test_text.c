#include "dissector/base/text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static size_t decode(const char *bytes, uint32_t *code)
{
    *code = 4711;
    return text_utf8(span_str(bytes), code);
}

static void characters_of_each_length_are_decoded_at_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        uint32_t code;
    } rows[] = {
        {"\x01", 1, 0x01},
        {"a\xFF", 1, 'a'},
        {"\x7F", 1, 0x7F},
        {"\xC2\x80", 2, 0x80},
        {"\xDF\xBF", 2, 0x7FF},
        {"\xE0\xA0\x80", 3, 0x800},
        {"\xED\x9F\xBF", 3, 0xD7FF},
        {"\xEE\x80\x80", 3, 0xE000},
        {"\xEF\xBF\xBF", 3, 0xFFFF},
        {"\xF0\x90\x80\x80", 4, 0x10000},
        {"\xF0\x9F\x98\x80", 4, 0x1F600},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code;
        assert_int_equal(decode(rows[i].bytes, &code), rows[i].len);
        assert_int_equal(code, rows[i].code);
    }
    uint32_t code = 4711;
    assert_int_equal(text_utf8(span_of("", 1), &code), 1); /* NUL is a character */
    assert_int_equal(code, 0);
}

static void what_is_not_utf8_is_refused_and_decodes_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\x80", /* continuation first */
        "\xBF",
        "\xC0\x80", /* overlong */
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", /* surrogates */
        "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xC3", /* cut */
        "\xE2\x82",
        "\xF0\x9F\x98",
        "\xC3x", /* continued by something else */
        "\xE2\x82x",
        "\xE2x\x82",
        "\xF0\x9F\x98x",
        "\xC3\xC3\xA4",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t code;
        assert_int_equal(decode(bad[i], &code), 0);
        assert_int_equal(code, 4711);
    }
}

static void what_can_harm_a_terminal_is_not_printable(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } bad[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},   {0x200E, 0x200F},
        {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069},   {0xFEFF, 0xFEFF},
        {0xFDD0, 0xFDEF}, {0xFFFE, 0xFFFF}, {0x1FFFE, 0x1FFFF}, {0x10FFFE, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (uint32_t code = bad[i].first; code <= bad[i].last; code++)
            assert_false(text_is_printable(code));
        if (bad[i].first > 0)
            assert_true(text_is_printable(bad[i].first - 1) || i == 4 || i == 5);
    }
    static const uint32_t good[] = {' ',    '~',    0xA0,   0x2027, 0x202F,
                                    0x2065, 0x206A, 0xFDF0, 0xFFFD, 0x1F600};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(text_is_printable(good[i]));
}

static void expect_printable(size_t size_bytes, struct span from, const char *expected)
{
    char out[64];
    memset(out, 'Z', sizeof out);
    assert_true(size_bytes < sizeof out);
    text_printable(out, size_bytes, from);
    assert_string_equal(out, expected);
    assert_int_equal(out[size_bytes], 'Z'); /* nothing behind the room */
}

static void bad_bytes_become_question_marks(void **state)
{
    (void)state;
    expect_printable(32, span_str("a\x1B[1m\xFF\xC3\xA4\n\xE2\x80\xAEx"), "a?[1m?\xC3\xA4??x");
    expect_printable(32, span_of("a\0b", 3), "a?b");
    expect_printable(32, span_str("\xE2\x82"), "??");
    expect_printable(32, span_of(NULL, 0), "");
}

static void a_text_that_fits_is_not_cut(void **state)
{
    (void)state;
    expect_printable(4, span_str("abc"), "abc");
    expect_printable(5, span_str("a\xE2\x82\xAC"), "a\xE2\x82\xAC");
    expect_printable(5, span_str("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
}

static void a_longer_text_is_cut_at_a_character_and_says_so(void **state)
{
    (void)state;
    expect_printable(4, span_str("abcd"), "\xE2\x80\xA6");
    expect_printable(8, span_str("abcdefgh"), "abcd\xE2\x80\xA6");
    expect_printable(8, span_str("abc\xE2\x82\xACzz"), "abc\xE2\x80\xA6");
    expect_printable(9, span_str("abc\xE2\x82\xACzzz"), "abc\xE2\x80\xA6");
    expect_printable(10, span_str("abc\xE2\x82\xACzzzz"), "abc\xE2\x82\xAC\xE2\x80\xA6");
}

/* At any size the result is the text or a beginning of it with the mark, and fits. */
static void the_result_fits_whatever_the_size(void **state)
{
    (void)state;
    static const char mixed[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z\xC3\xA4";
    for (size_t size = 4; size <= 20; size++) {
        char out[20];
        text_printable(out, size, span_str(mixed));
        size_t len = strlen(out);
        assert_true(len < size);
        if (size >= sizeof mixed) {
            assert_string_equal(out, mixed);
            continue;
        }
        assert_memory_equal(out + len - 3, "\xE2\x80\xA6", 3);
        assert_memory_equal(out, mixed, len - 3);
        assert_true(len + 4 >= size - 3); /* no more is lost than the mark and one character take */
        assert_true(((uint8_t)mixed[len - 3] & 0xC0) != 0x80);
    }
}

static void a_kept_text_ends_before_a_character_that_does_not_fit(void **state)
{
    (void)state;
    char kept[4] = "old";
    text_keep(kept, sizeof kept, span_str("ab\xC3\xA4"));
    assert_string_equal(kept, "ab");
    text_keep(kept, sizeof kept, span_of(NULL, 0));
    assert_string_equal(kept, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_text_ends_before_a_character_that_does_not_fit),
        cmocka_unit_test(characters_of_each_length_are_decoded_at_their_bounds),
        cmocka_unit_test(what_is_not_utf8_is_refused_and_decodes_nothing),
        cmocka_unit_test(what_can_harm_a_terminal_is_not_printable),
        cmocka_unit_test(bad_bytes_become_question_marks),
        cmocka_unit_test(a_text_that_fits_is_not_cut),
        cmocka_unit_test(a_longer_text_is_cut_at_a_character_and_says_so),
        cmocka_unit_test(the_result_fits_whatever_the_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
