/* The hrefs of a request, as far as they are remembered. */
#include "dissector/dav/request_hrefs.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct request_hrefs *hrefs, const struct limits *limits, const char *href)
{
    assert_int_equal(request_hrefs_add(hrefs, limits, span_str("/"), span_str(href)), FEED_OK);
}

static void beyond_max_requested_bytes_hrefs_are_counted_and_shorter_ones_still_kept(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    struct request_hrefs hrefs = {0};
    limits.max_requested_bytes = 12;
    add(&hrefs, &limits, "/12345");
    add(&hrefs, &limits, "/123456");
    assert_int_equal(hrefs.n, 1);
    assert_int_equal(hrefs.n_more, 1);
    add(&hrefs, &limits, "/abcde");
    assert_int_equal(hrefs.n, 2);
    add(&hrefs, &limits, "/");
    assert_int_equal(hrefs.n, 2);
    assert_int_equal(hrefs.n_more, 2);
    add(&hrefs, &limits, "/12345"); /* known */
    assert_int_equal(hrefs.n_more, 2);
    request_hrefs_free(&hrefs);
}

static void beyond_max_requested_hrefs_they_are_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    struct request_hrefs hrefs = {0};
    limits.max_requested_hrefs = 1;
    add(&hrefs, &limits, "/a");
    add(&hrefs, &limits, "/b");
    assert_int_equal(hrefs.n, 1);
    assert_int_equal(hrefs.n_more, 1);
    request_hrefs_free(&hrefs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_max_requested_bytes_hrefs_are_counted_and_shorter_ones_still_kept),
        cmocka_unit_test(beyond_max_requested_hrefs_they_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
