/* Interface names are kept once, for good, and within a bound. */
#include "capture/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ENOUGH = 1000 };

static void equal_names_are_one_string_and_stay(void **state)
{
    (void)state;
    struct names names = {0};
    const char *kept[100];
    char text[8];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(text, sizeof text, "if%d", i * 37 % 100);
        kept[i] = names_keep(&names, span_str(text), ENOUGH);
    }
    for (int i = 0; i < 100; i++) {
        (void)snprintf(text, sizeof text, "if%d", i * 37 % 100);
        assert_string_equal(kept[i], text);
        assert_ptr_equal(kept[i], names_keep(&names, span_str(text), ENOUGH));
    }
    assert_int_equal(names.n, 100);
    names_free(&names);
    assert_null(names.sorted);
}

static void names_become_printable_and_bounded(void **state)
{
    (void)state;
    struct names names = {0};
    assert_string_equal(names_keep(&names, span_of("a\0b\x1b[m\xff", 7), ENOUGH), "a?b?[m?");
    char longest[3 * NAME_BYTES];
    memset(longest, 'x', sizeof longest);
    const char *cut = names_keep(&names, span_of(longest, sizeof longest), ENOUGH);
    assert_true(strlen(cut) < NAME_BYTES);
    assert_string_equal(cut + strlen(cut) - 3, "…");
    names_free(&names);
}

static void empty_names_and_names_beyond_the_bound_are_not_kept(void **state)
{
    (void)state;
    struct names names = {0};
    assert_null(names_keep(&names, span_str(""), ENOUGH));
    const char *first = names_keep(&names, span_str("b"), 2);
    assert_non_null(names_keep(&names, span_str("a"), 2));
    assert_null(names_keep(&names, span_str("c"), 2));
    assert_ptr_equal(names_keep(&names, span_str("b"), 2), first);
    names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_names_are_one_string_and_stay),
        cmocka_unit_test(names_become_printable_and_bounded),
        cmocka_unit_test(empty_names_and_names_beyond_the_bound_are_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
