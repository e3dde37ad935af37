#include "output/width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void characters_take_the_columns_that_terminals_give_them(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        unsigned columns;
    } rows[] = {
        {'a', 1},     {0xE9, 1},   {0xAD, 1},   {0x300, 0},  {0x36F, 0},   {0x370, 1},
        {0x4E00, 2},  {0x3042, 2}, {0xAC00, 2}, {0xFF21, 2}, {0xFF71, 1},  {0x1F600, 2},
        {0x20000, 2}, {0x200B, 0}, {0xFE0F, 0}, {0x200D, 0}, {0x1160, 0},  {0x10FFFF, 1},
        {0x10FF, 1},  {0x1100, 2}, {0x2014, 1}, {0x231A, 2}, {0xE0100, 0}, {0xE01F0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(width_of(rows[i].code), rows[i].columns);
}

static void a_text_is_as_wide_as_its_characters(void **state)
{
    (void)state;
    assert_int_equal(width_text(span_str("")), 0);
    assert_int_equal(width_text(span_str("abc")), 3);
    assert_int_equal(width_text(span_str("a漢e\xCC\x81")), 4);
    assert_int_equal(width_text(span_str("\xFF\xFF")), 2);
}

static void a_prefix_holds_whole_characters_and_their_marks(void **state)
{
    (void)state;
    assert_int_equal(width_prefix(span_str("abc"), 2), 2);
    assert_int_equal(width_prefix(span_str("漢字"), 3), 3);
    assert_int_equal(width_prefix(span_str("e\xCC\x81x"), 1), 3);
    assert_int_equal(width_prefix(span_str("ab"), 9), 2);
    assert_int_equal(width_prefix(span_str("漢"), 1), 0);
}

static void a_suffix_holds_whole_characters(void **state)
{
    (void)state;
    assert_int_equal(width_suffix(span_str("abc"), 2), 2);
    assert_int_equal(width_suffix(span_str("漢字"), 3), 3);
    assert_int_equal(width_suffix(span_str("漢字"), 4), 6);
    assert_int_equal(width_suffix(span_str("漢字"), 1), 0);
    assert_int_equal(width_suffix(span_str(""), 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_take_the_columns_that_terminals_give_them),
        cmocka_unit_test(a_text_is_as_wide_as_its_characters),
        cmocka_unit_test(a_prefix_holds_whole_characters_and_their_marks),
        cmocka_unit_test(a_suffix_holds_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
