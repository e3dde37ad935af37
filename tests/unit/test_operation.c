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

static void a_root_tells_the_operation_where_the_method_is_not_known(void **state)
{
    (void)state;
    static const struct {
        const char *space, *root;
        enum operation operation;
    } cases[] = {
        {"DAV:", "propfind", OPERATION_PROPFIND},
        {"DAV:", "propertyupdate", OPERATION_PROPPATCH},
        {"DAV:", "mkcol", OPERATION_MKCOL},
        {"urn:ietf:params:xml:ns:caldav", "mkcalendar", OPERATION_MKCALENDAR},
        {"DAV:", "lockinfo", OPERATION_LOCK},
        {"DAV:", "searchrequest", OPERATION_SEARCH},
        {"DAV:", "orderpatch", OPERATION_ORDERPATCH},
        {"DAV:", "acl", OPERATION_ACL},
        {"DAV:", "sync-collection", OPERATION_REPORT_SYNC_COLLECTION},
        {"urn:ietf:params:xml:ns:carddav", "addressbook-multiget",
         OPERATION_REPORT_ADDRESSBOOK_MULTIGET},
        {"DAV:", "mkcalendar", OPERATION_OTHER},
        {"", "propfind", OPERATION_OTHER},
        {"urn:x", "report", OPERATION_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(operation_of_root(span_str(cases[i].space), span_str(cases[i].root)),
                         cases[i].operation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_name_of_its_own),
        cmocka_unit_test(methods_are_known_by_their_exact_token),
        cmocka_unit_test(every_report_is_known_by_its_root),
        cmocka_unit_test(a_root_counts_for_its_own_method_only),
        cmocka_unit_test(reports_read_and_what_is_unknown_may_write),
        cmocka_unit_test(a_root_tells_the_operation_where_the_method_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
