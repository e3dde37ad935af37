#include "dissector/base/span.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct span empty = {NULL, 0};

static struct span s(const char *text)
{
    return span_str(text);
}

static void expect_text(struct span got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    assert_memory_equal(got.len ? (const char *)got.ptr : "", expected, got.len);
}

static void a_null_string_is_the_empty_span(void **state)
{
    (void)state;
    assert_int_equal(span_str(NULL).len, 0);
    assert_int_equal(span_str("").len, 0);
    assert_int_equal(span_str("abc").len, 3);
}

static void cutting_never_leaves_the_span(void **state)
{
    (void)state;
    expect_text(span_first(s("abc"), 0), "");
    expect_text(span_first(s("abc"), 2), "ab");
    expect_text(span_first(s("abc"), 3), "abc");
    expect_text(span_first(s("abc"), 4), "abc");
    expect_text(span_first(s("abc"), SIZE_MAX), "abc");
    expect_text(span_after(s("abc"), 0), "abc");
    expect_text(span_after(s("abc"), 2), "c");
    expect_text(span_after(s("abc"), 3), "");
    expect_text(span_after(s("abc"), SIZE_MAX), "");
    assert_int_equal(span_after(empty, 0).len, 0);
    assert_int_equal(span_first(empty, 1).len, 0);
}

static void equal_spans_have_the_same_bytes(void **state)
{
    (void)state;
    assert_true(span_equal(s("abc"), s("abc")));
    assert_false(span_equal(s("abc"), s("abd")));
    assert_false(span_equal(s("abc"), s("abcd")));
    assert_false(span_equal(s("abc"), s("ABC")));
    assert_true(span_equal(empty, s("")));
    assert_true(span_equal(span_of("a\0b", 3), span_of("a\0b", 3)));
    assert_false(span_equal(span_of("a\0b", 3), span_of("a\0c", 3)));
}

static void only_ascii_letters_compare_without_case(void **state)
{
    (void)state;
    assert_true(span_equal_nocase(s("Content-TYPE"), s("cONTENT-type")));
    assert_true(span_equal_nocase(s("AZaz"), s("azAZ")));
    assert_false(span_equal_nocase(s("@["), s("`{")));
    assert_false(span_equal_nocase(s("\xC4"), s("\xE4")));
    assert_false(span_equal_nocase(s("ab"), s("abc")));
    assert_true(span_equal_nocase(empty, empty));
}

static void every_span_starts_with_the_empty_one(void **state)
{
    (void)state;
    assert_true(span_starts(s("abc"), s("ab")));
    assert_true(span_starts(s("abc"), s("abc")));
    assert_false(span_starts(s("abc"), s("abcd")));
    assert_false(span_starts(s("abc"), s("b")));
    assert_true(span_starts(s("abc"), empty));
    assert_true(span_starts(empty, empty));
}

static void the_last_byte_of_a_span_can_be_asked_for_and_searched(void **state)
{
    (void)state;
    assert_true(span_ends_in(s("/a/"), '/'));
    assert_false(span_ends_in(s("/a"), '/'));
    assert_false(span_ends_in(empty, '/'));
    expect_text(span_to_last(s("/a/b"), '/'), "/a/");
    expect_text(span_to_last(s("/a/"), '/'), "/a/");
    expect_text(span_to_last(s("a"), '/'), "");
    expect_text(span_to_last(empty, '/'), "");
}

static void only_ascii_digits_inside_of_a_span_are_digits(void **state)
{
    (void)state;
    assert_true(span_has_digit(s("a0"), 1));
    assert_true(span_has_digit(s("9"), 0));
    assert_false(span_has_digit(s("a0"), 0));
    assert_false(span_has_digit(s("/:"), 0));
    assert_false(span_has_digit(s("/:"), 1));
    assert_false(span_has_digit(span_of("10", 1), 1));
    assert_false(span_has_digit(empty, 0));
}

static void white_space_is_trimmed_at_the_ends_only(void **state)
{
    (void)state;
    expect_text(span_trim(s(" \t\r\na b\n\t ")), "a b");
    expect_text(span_trim(s("a")), "a");
    expect_text(span_trim(s(" \t\r\n")), "");
    expect_text(span_trim(s("\v\fa")), "\v\fa");
    expect_text(span_trim(s("\xC2\xA0x")), "\xC2\xA0x");
    assert_int_equal(span_trim(empty).len, 0);
}

static void an_absent_byte_is_found_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(span_find_byte(s("abcb"), 'b'), 1);
    assert_int_equal(span_find_byte(s("abcb"), 'x'), 4);
    assert_int_equal(span_find_byte(span_of("ab\0c", 4), 0), 2);
    assert_int_equal(span_find_byte(empty, 'a'), 0);
}

static void words_are_found_without_case(void **state)
{
    (void)state;
    assert_int_equal(span_find_nocase(s("a UID b"), s("uid ")), 2);
    assert_int_equal(span_find_nocase(s("a UI"), s("uid")), 4);
    assert_int_equal(span_find_nocase(empty, s("uid")), 0);
}

static void the_first_byte_of_a_set_is_found(void **state)
{
    (void)state;
    assert_int_equal(span_find_any(s("a/b?c"), "?#/"), 1);
    assert_int_equal(span_find_any(s("abc"), "xyz"), 3);
    assert_int_equal(span_find_any(span_of("\0a", 2), "a"), 1);
    assert_int_equal(span_find_any(empty, "a"), 0);
}

/* Places are looked at eight at a time, by the first two bytes of what is searched. */
static void a_needle_is_found_at_every_place_of_longer_texts(void **state)
{
    (void)state;
    uint8_t room[40];
    for (size_t len = 4; len <= sizeof room; len++)
        for (size_t at = 0; at + 3 <= len; at++) {
            memset(room, '/', len);
            if (at > 0)
                memcpy(room + at / 2, "/.", 2);
            memcpy(room + at, "/.x", 3);
            struct span text = span_of(room, len);
            assert_int_equal(span_find(text, s("/.x")), at);
            assert_int_equal(span_find(text, s("/.y")), len);
            assert_int_equal(span_find(span_first(text, at + 2), s("/.x")), at + 2);
            assert_int_equal(span_find(span_after(text, at + 1), s("/.")), len - at - 1);
        }
}

static void a_needle_is_found_where_it_first_stands(void **state)
{
    (void)state;
    assert_int_equal(span_find(s("abcabd"), s("abd")), 3);
    assert_int_equal(span_find(s("aaab"), s("aab")), 1);
    assert_int_equal(span_find(s("abc"), s("abc")), 0);
    assert_int_equal(span_find(s("abc"), s("c")), 2);
    assert_int_equal(span_find(s("abc"), s("cd")), 3);
    assert_int_equal(span_find(s("abc"), s("abcd")), 3);
    assert_int_equal(span_find(s("abc"), empty), 0);
    assert_int_equal(span_find(empty, s("a")), 0);
    assert_int_equal(span_find(empty, empty), 0);
}

static void a_decimal_is_digits_up_to_the_maximum(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t max, value;
        bool is_good;
    } rows[] = {
        {"0", 0, 0, true},
        {"1", 0, 0, false},
        {"00207", 999, 207, true},
        {"999", 999, 999, true},
        {"1000", 999, 0, false},
        {"18446744073709551615", UINT64_MAX, UINT64_MAX, true},
        {"18446744073709551616", UINT64_MAX, 0, false},
        {"99999999999999999999999", UINT64_MAX, 0, false},
        {"10", 9, 0, false},
        {"", 9, 0, false},
        {" 1", 9, 0, false},
        {"+1", 9, 0, false},
        {"-1", 9, 0, false},
        {"1a", 99, 0, false},
        {"0x1", 99, 0, false},
        {"1/", 99, 0, false},
        {"1:", 99, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 4711;
        assert_int_equal(span_decimal(s(rows[i].text), rows[i].max, &value), rows[i].is_good);
        assert_int_equal(value, rows[i].is_good ? rows[i].value : 4711);
    }
}

static bool same_letter(unsigned a, unsigned b)
{
    bool is_letter = (a | 0x20) >= 'a' && (a | 0x20) <= 'z';
    return a == b || (is_letter && (a ^ b) == 0x20);
}

static void every_pair_of_bytes_compares_without_case_at_every_place(void **state)
{
    (void)state;
    for (size_t at = 0; at < 11; at++) {
        uint8_t one[11], other[11];
        memset(one, 'x', sizeof one);
        memset(other, 'X', sizeof other);
        for (unsigned a = 0; a < 256; a++) {
            for (unsigned b = 0; b < 256; b++) {
                one[at] = (uint8_t)a;
                other[at] = (uint8_t)b;
                bool is_same = span_equal_nocase(span_of(one, 11), span_of(other, 11));
                assert_int_equal(is_same, same_letter(a, b));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_needle_is_found_at_every_place_of_longer_texts),
        cmocka_unit_test(every_pair_of_bytes_compares_without_case_at_every_place),
        cmocka_unit_test(a_null_string_is_the_empty_span),
        cmocka_unit_test(cutting_never_leaves_the_span),
        cmocka_unit_test(equal_spans_have_the_same_bytes),
        cmocka_unit_test(only_ascii_letters_compare_without_case),
        cmocka_unit_test(every_span_starts_with_the_empty_one),
        cmocka_unit_test(the_last_byte_of_a_span_can_be_asked_for_and_searched),
        cmocka_unit_test(only_ascii_digits_inside_of_a_span_are_digits),
        cmocka_unit_test(white_space_is_trimmed_at_the_ends_only),
        cmocka_unit_test(an_absent_byte_is_found_at_the_end),
        cmocka_unit_test(words_are_found_without_case),
        cmocka_unit_test(the_first_byte_of_a_set_is_found),
        cmocka_unit_test(a_needle_is_found_where_it_first_stands),
        cmocka_unit_test(a_decimal_is_digits_up_to_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
