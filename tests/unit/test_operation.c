/* Operations: by method, by the root of the request body, and the completeness of their table. */
#include "dissector/dav/operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static enum operation report(const char *space, const char *root)
{
    return operation_refine(OPERATION_REPORT, span_str(space), span_str(root));
}

static void every_operation_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < OPERATION_N; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(operation_name((enum operation)i),
                                    operation_name((enum operation)k));
}

static void methods_are_known_by_their_exact_token(void **state)
{
    (void)state;
    assert_int_equal(operation_of_method(span_str("PROPFIND")), OPERATION_PROPFIND);
    assert_int_equal(operation_of_method(span_str("VERSION-CONTROL")), OPERATION_VERSION_CONTROL);
    assert_int_equal(operation_of_method(span_str("REPORT")), OPERATION_REPORT);
    assert_int_equal(operation_of_method(span_str("POST")), OPERATION_POST);
    assert_int_equal(operation_of_method(span_str("propfind")), OPERATION_OTHER);
    assert_int_equal(operation_of_method(span_str("")), OPERATION_OTHER);
}

static void every_report_is_known_by_its_root(void **state)
{
    (void)state;
    for (int i = OPERATION_REPORT + 1; i < OPERATION_N; i++) {
        const char *root = operation_name((enum operation)i) + strlen("REPORT ");
        static const char *const spaces[] = {
            "DAV:",
            "urn:ietf:params:xml:ns:caldav",
            "urn:ietf:params:xml:ns:carddav",
            "http://calendarserver.org/ns/",
            "http://owncloud.org/ns",
            "http://nextcloud.com/ns",
        };
        int n_found = 0;
        for (size_t k = 0; k < sizeof spaces / sizeof *spaces; k++)
            n_found += report(spaces[k], root) == (enum operation)i;
        assert_int_equal(n_found, 1);
    }
}

static void a_root_counts_for_its_own_method_only(void **state)
{
    (void)state;
    assert_int_equal(report("DAV:", "nothing-known"), OPERATION_REPORT);
    assert_int_equal(report("urn:other", "sync-collection"), OPERATION_REPORT);
    assert_int_equal(
        operation_refine(OPERATION_PROPFIND, span_str("DAV:"), span_str("sync-collection")),
        OPERATION_PROPFIND);
    assert_int_equal(operation_refine(OPERATION_POST, span_str("http://me.com/_namespace/"),
                                      span_str("multiput")),
                     OPERATION_POST_BULK);
    assert_int_equal(operation_refine(OPERATION_OTHER, span_str("DAV:"), span_str("propfind")),
                     OPERATION_OTHER);
}

static void reports_read_and_what_is_unknown_may_write(void **state)
{
    (void)state;
    for (int i = OPERATION_REPORT; i < OPERATION_N; i++)
        assert_false(operation_is_write((enum operation)i));
    assert_false(operation_is_write(OPERATION_PROPFIND));
    assert_false(operation_is_write(OPERATION_SEARCH));
    assert_true(operation_is_write(OPERATION_PROPPATCH));
    assert_true(operation_is_write(OPERATION_POST_BULK));
    assert_true(operation_is_write(OPERATION_OTHER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_name_of_its_own),
        cmocka_unit_test(methods_are_known_by_their_exact_token),
        cmocka_unit_test(every_report_is_known_by_its_root),
        cmocka_unit_test(a_root_counts_for_its_own_method_only),
        cmocka_unit_test(reports_read_and_what_is_unknown_may_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
