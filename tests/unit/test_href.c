/* Comparing hrefs by path. */
#include "dissector/dav/href.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool same(const char *a, const char *b)
{
    return href_same_path(span_str(a), span_str(b));
}

static void scheme_authority_and_query_take_no_part(void **state)
{
    (void)state;
    assert_true(same("http://example.org:8080/d/a", "/d/a"));
    assert_true(same("/d/a?x=1#y", "/d/a"));
    assert_true(same("http://example.org", "/"));
    assert_true(same("http://example.org?q", "/"));
    assert_false(same("/d/a", "/d/b"));
}

static void percent_escapes_and_one_last_slash_do_not_matter(void **state)
{
    (void)state;
    assert_true(same("/d/a%40b", "/d/a@b"));
    assert_true(same("/d/%c3%a4", "/d/%C3%A4"));
    assert_true(same("/d/", "/d"));
    assert_false(same("/d//", "/d"));
    assert_false(same("/d/%4", "/d/@"));
    assert_true(same("/d/%zz", "/d/%zz"));
}

static void an_empty_href_is_the_same_as_nothing(void **state)
{
    (void)state;
    assert_false(same("", ""));
    assert_false(same("", "/"));
}

static void a_prefix_is_not_the_same(void **state)
{
    (void)state;
    assert_false(same("/d/a", "/d/ab"));
    assert_false(same("/d/ab", "/d/a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scheme_authority_and_query_take_no_part),
        cmocka_unit_test(percent_escapes_and_one_last_slash_do_not_matter),
        cmocka_unit_test(an_empty_href_is_the_same_as_nothing),
        cmocka_unit_test(a_prefix_is_not_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
