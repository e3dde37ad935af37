#include "dissector/dav/href_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static enum href_seen add(struct href_set *set, unsigned number)
{
    char href[32];
    snprintf(href, sizeof href, "/f/%u", number);
    return href_set_add(set, span_str(href));
}

static void every_href_is_new_once(void **state)
{
    (void)state;
    struct href_set set;
    href_set_init(&set, 100000);
    for (unsigned i = 0; i < 50000; i++)
        assert_int_equal(add(&set, i), HREF_NEW);
    for (unsigned i = 0; i < 50000; i++)
        assert_int_equal(add(&set, i), HREF_SEEN);
    assert_true(href_set_bytes(&set) <= 50000 * 32);
    href_set_free(&set);
    assert_int_equal(href_set_bytes(&set), 0);
    assert_int_equal(add(&set, 1), HREF_NEW);
    href_set_free(&set);
}

static void beyond_the_limit_only_the_remembered_are_known(void **state)
{
    (void)state;
    struct href_set set;
    href_set_init(&set, 2);
    assert_int_equal(add(&set, 1), HREF_NEW);
    assert_int_equal(add(&set, 2), HREF_NEW);
    assert_int_equal(add(&set, 3), HREF_UNKNOWN);
    assert_int_equal(add(&set, 1), HREF_SEEN);
    assert_int_equal(add(&set, 3), HREF_UNKNOWN);
    href_set_free(&set);
    href_set_init(&set, 0);
    assert_int_equal(add(&set, 1), HREF_UNKNOWN);
    href_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_href_is_new_once),
        cmocka_unit_test(beyond_the_limit_only_the_remembered_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
