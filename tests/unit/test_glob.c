#include "output/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *pattern, *text;
    bool matches;
} rows[] = {
    {"", "", true},
    {"", "a", false},
    {"*", "", true},
    {"*", "/a/b", true},
    {"/d/*", "/d/a/b.txt", true},
    {"/d/*", "/e/a", false},
    {"*.ics", "/c/1.ics", true},
    {"*.ics", "/c/1.ics/", false},
    {"/?/x", "/a/x", true},
    {"/?/x", "/ab/x", false},
    {"*a*b*", "xxaxxbxx", true},
    {"*a*b*", "xxbxxaxx", false},
    {"*aab", "aaaaab", true},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "dx", true},
    {"[!a-c]x", "ax", false},
    {"[]x]", "]", true},
    {"[a-]", "-", true},
    {"[a", "[a", true},
    {"[a", "a", false},
    {"\\*", "*", true},
    {"\\*", "x", false},
    {"a\\", "a\\", true},
    {"A", "a", false},
};

static void a_pattern_matches_as_in_a_shell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(glob_match(rows[i].pattern, span_str(rows[i].text), false),
                         rows[i].matches);
}

static void case_is_ignored_on_demand(void **state)
{
    (void)state;
    assert_true(glob_match("DAV.*", span_str("dav.example.org"), true));
    assert_true(glob_match("[A-D]av*", span_str("dAV"), true));
    assert_false(glob_match("x", span_str("Y"), true));
}

static void bytes_of_any_kind_are_matched(void **state)
{
    (void)state;
    assert_true(glob_match("a?b", span_of("a\0b", 3), false));
    assert_true(glob_match("a*", span_of("a\xFF\xFE", 3), false));
    assert_false(glob_match("a", span_of("a\0", 2), false));
}

static void many_stars_take_no_exponential_time(void **state)
{
    (void)state;
    char text[4096];
    memset(text, 'a', sizeof text);
    assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*b", span_of(text, sizeof text), false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_matches_as_in_a_shell),
        cmocka_unit_test(case_is_ignored_on_demand),
        cmocka_unit_test(bytes_of_any_kind_are_matched),
        cmocka_unit_test(many_stars_take_no_exponential_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
