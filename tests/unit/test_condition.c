/* The catalogue of conditions: every row is whole, can be found, and is found for the right name.
 */
#include "dissector/dav/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char dav[] = "DAV:", caldav[] = "urn:ietf:params:xml:ns:caldav",
                  carddav[] = "urn:ietf:params:xml:ns:carddav",
                  calendarserver[] = "http://calendarserver.org/ns/",
                  me[] = "http://me.com/_namespace/",
                  ischedule[] = "urn:ietf:params:xml:ns:ischedule",
                  purelymail[] = "https://purelymail.com";

/* What the specifications define, written down once more, with what a client may do after it. */
static const struct {
    const char *space, *local;
    enum retry retry;
} catalogue[] = {
    {dav, "lock-token-matches-request-uri", RETRY_AFTER_FIX},
    {dav, "lock-token-submitted", RETRY_AFTER_FIX},
    {dav, "no-conflicting-lock", RETRY_LATER},
    {dav, "no-external-entities", RETRY_NEVER},
    {dav, "preserved-live-properties", RETRY_AFTER_FIX},
    {dav, "propfind-finite-depth", RETRY_AFTER_FIX},
    {dav, "cannot-modify-protected-property", RETRY_NEVER},
    {dav, "quota-not-exceeded", RETRY_AFTER_FIX},
    {dav, "sufficient-disk-space", RETRY_AFTER_FIX},
    {dav, "supported-report", RETRY_NEVER},
    {dav, "no-modification", RETRY_AFTER_FIX},
    {dav, "report-properties", RETRY_NEVER},
    {dav, "report-expanded", RETRY_NEVER},
    {dav, "resource-must-be-null", RETRY_AFTER_FIX},
    {dav, "cannot-modify-version", RETRY_AFTER_FIX},
    {dav, "cannot-modify-version-controlled-content", RETRY_AFTER_FIX},
    {dav, "cannot-modify-version-controlled-property", RETRY_AFTER_FIX},
    {dav, "no-version-delete", RETRY_AFTER_FIX},
    {dav, "cannot-rename-version", RETRY_AFTER_FIX},
    {dav, "must-be-checked-out", RETRY_AFTER_FIX},
    {dav, "must-be-version", RETRY_AFTER_FIX},
    {dav, "must-be-version-history", RETRY_AFTER_FIX},
    {dav, "cannot-rename-history", RETRY_AFTER_FIX},
    {dav, "workspace-location-ok", RETRY_AFTER_FIX},
    {dav, "label-must-exist", RETRY_AFTER_FIX},
    {dav, "add-must-be-new-label", RETRY_AFTER_FIX},
    {dav, "cannot-merge-checked-out-resource", RETRY_AFTER_FIX},
    {dav, "checkout-not-allowed", RETRY_AFTER_FIX},
    {dav, "merge-must-be-complete", RETRY_AFTER_FIX},
    {dav, "baselines-from-same-history", RETRY_AFTER_FIX},
    {dav, "linear-activity", RETRY_AFTER_FIX},
    {dav, "one-checkout-per-activity-per-history", RETRY_AFTER_FIX},
    {dav, "need-privileges", RETRY_AFTER_FIX},
    {dav, "need-privilege", RETRY_AFTER_FIX},
    {dav, "needs-privilege", RETRY_AFTER_FIX},
    {dav, "no-ace-conflict", RETRY_AFTER_FIX},
    {dav, "no-protected-ace-conflict", RETRY_AFTER_FIX},
    {dav, "no-inherited-ace-conflict", RETRY_AFTER_FIX},
    {dav, "limited-number-of-aces", RETRY_AFTER_FIX},
    {dav, "deny-before-grant", RETRY_AFTER_FIX},
    {dav, "grant-only", RETRY_AFTER_FIX},
    {dav, "no-invert", RETRY_AFTER_FIX},
    {dav, "no-abstract", RETRY_AFTER_FIX},
    {dav, "not-supported-privilege", RETRY_AFTER_FIX},
    {dav, "missing-required-principal", RETRY_AFTER_FIX},
    {dav, "recognized-principal", RETRY_AFTER_FIX},
    {dav, "allowed-principal", RETRY_AFTER_FIX},
    {dav, "number-of-matches-within-limits", RETRY_AFTER_FIX},
    {dav, "valid-sync-token", RETRY_AFTER_FIX},
    {dav, "sync-traversal-supported", RETRY_NEVER},
    {dav, "valid-resourcetype", RETRY_NEVER},
    {dav, "allow-client-defined-uri", RETRY_AFTER_FIX},
    {dav, "bind-into-collection", RETRY_AFTER_FIX},
    {dav, "bind-source-exists", RETRY_AFTER_FIX},
    {dav, "binding-allowed", RETRY_AFTER_FIX},
    {dav, "cross-server-binding", RETRY_AFTER_FIX},
    {dav, "name-allowed", RETRY_AFTER_FIX},
    {dav, "can-overwrite", RETRY_AFTER_FIX},
    {dav, "cycle-allowed", RETRY_AFTER_FIX},
    {dav, "locked-update-allowed", RETRY_AFTER_FIX},
    {dav, "locked-overwrite-allowed", RETRY_AFTER_FIX},
    {dav, "unbind-from-collection", RETRY_AFTER_FIX},
    {dav, "unbind-source-exists", RETRY_AFTER_FIX},
    {dav, "protected-url-deletion-allowed", RETRY_AFTER_FIX},
    {dav, "rebind-into-collection", RETRY_AFTER_FIX},
    {dav, "rebind-source-exists", RETRY_AFTER_FIX},
    {dav, "locked-source-collection-update-allowed", RETRY_AFTER_FIX},
    {dav, "protected-url-modification-allowed", RETRY_AFTER_FIX},
    {dav, "protected-source-url-deletion-allowed", RETRY_AFTER_FIX},
    {dav, "search-grammar-discovery-supported", RETRY_NEVER},
    {dav, "search-grammar-supported", RETRY_NEVER},
    {dav, "search-multiple-scope-supported", RETRY_AFTER_FIX},
    {dav, "search-scope-valid", RETRY_AFTER_FIX},
    {dav, "collection-must-be-ordered", RETRY_AFTER_FIX},
    {dav, "segment-must-identify-member", RETRY_AFTER_FIX},
    {caldav, "supported-calendar-data", RETRY_NEVER},
    {caldav, "valid-calendar-data", RETRY_AFTER_FIX},
    {caldav, "valid-calendar-object-resource", RETRY_AFTER_FIX},
    {caldav, "supported-calendar-component", RETRY_NEVER},
    {caldav, "no-uid-conflict", RETRY_AFTER_FIX},
    {caldav, "calendar-collection-location-ok", RETRY_NEVER},
    {caldav, "max-resource-size", RETRY_AFTER_FIX},
    {caldav, "min-date-time", RETRY_AFTER_FIX},
    {caldav, "max-date-time", RETRY_AFTER_FIX},
    {caldav, "max-instances", RETRY_AFTER_FIX},
    {caldav, "max-attendees-per-instance", RETRY_AFTER_FIX},
    {caldav, "valid-filter", RETRY_NEVER},
    {caldav, "supported-filter", RETRY_NEVER},
    {caldav, "supported-collation", RETRY_NEVER},
    {caldav, "initialize-calendar-collection", RETRY_NEVER},
    {caldav, "unique-scheduling-object-resource", RETRY_AFTER_FIX},
    {caldav, "same-organizer-in-all-components", RETRY_AFTER_FIX},
    {caldav, "allowed-organizer-scheduling-object-change", RETRY_NEVER},
    {caldav, "allowed-attendee-scheduling-object-change", RETRY_NEVER},
    {caldav, "default-calendar-needed", RETRY_NEVER},
    {caldav, "valid-schedule-default-calendar-URL", RETRY_AFTER_FIX},
    {caldav, "valid-scheduling-message", RETRY_AFTER_FIX},
    {caldav, "valid-organizer", RETRY_AFTER_FIX},
    {caldav, "valid-timezone", RETRY_AFTER_FIX},
    {calendarserver, "valid-timezone", RETRY_AFTER_FIX},
    {caldav, "supported-rscale", RETRY_NEVER},
    {caldav, "valid-managed-id-parameter", RETRY_AFTER_FIX},
    {caldav, "valid-managed-id", RETRY_AFTER_FIX},
    {caldav, "valid-attachment-add", RETRY_AFTER_FIX},
    {caldav, "valid-attachment-update", RETRY_AFTER_FIX},
    {caldav, "valid-attachment-remove", RETRY_AFTER_FIX},
    {caldav, "max-attachment-size", RETRY_AFTER_FIX},
    {caldav, "max-attachments-per-resource", RETRY_AFTER_FIX},
    {caldav, "valid-calendar-url", RETRY_AFTER_FIX},
    {caldav, "valid-attendee-change", RETRY_AFTER_FIX},
    {caldav, "valid-organizer-change", RETRY_AFTER_FIX},
    {caldav, "organizer-allowed", RETRY_AFTER_FIX},
    {caldav, "attendee-allowed", RETRY_AFTER_FIX},
    {caldav, "single-organizer", RETRY_AFTER_FIX},
    {caldav, "recipient-permissions", RETRY_AFTER_FIX},
    {caldav, "recipient-failed", RETRY_AFTER_FIX},
    {caldav, "recipient-specified", RETRY_AFTER_FIX},
    {caldav, "recipient-exists", RETRY_AFTER_FIX},
    {caldav, "originator-allowed", RETRY_AFTER_FIX},
    {caldav, "originator-specified", RETRY_AFTER_FIX},
    {caldav, "originator-denied", RETRY_AFTER_FIX},
    {caldav, "max-resources", RETRY_AFTER_FIX},
    {caldav, "max-attachments", RETRY_AFTER_FIX},
    {carddav, "supported-address-data", RETRY_NEVER},
    {carddav, "supported-address-data-conversion", RETRY_NEVER},
    {carddav, "valid-address-data", RETRY_AFTER_FIX},
    {carddav, "no-uid-conflict", RETRY_AFTER_FIX},
    {carddav, "addressbook-collection-location-ok", RETRY_NEVER},
    {carddav, "max-resource-size", RETRY_AFTER_FIX},
    {carddav, "supported-filter", RETRY_NEVER},
    {carddav, "supported-collation", RETRY_NEVER},
    {me, "ctag-ok", RETRY_AFTER_FIX},
    {me, "max-collections", RETRY_AFTER_FIX},
    {calendarserver, "valid-request", RETRY_AFTER_FIX},
    {calendarserver, "valid-principal", RETRY_AFTER_FIX},
    {calendarserver, "invalid-principal", RETRY_AFTER_FIX},
    {calendarserver, "invalid-share", RETRY_AFTER_FIX},
    {calendarserver, "max-principals", RETRY_AFTER_FIX},
    {calendarserver, "max-resources", RETRY_AFTER_FIX},
    {ischedule, "version-not-supported", RETRY_NEVER},
    {ischedule, "invalid-calendar-data-type", RETRY_AFTER_FIX},
    {ischedule, "invalid-calendar-data", RETRY_AFTER_FIX},
    {ischedule, "invalid-scheduling-message", RETRY_AFTER_FIX},
    {ischedule, "originator-missing", RETRY_AFTER_FIX},
    {ischedule, "too-many-originators", RETRY_AFTER_FIX},
    {ischedule, "originator-invalid", RETRY_AFTER_FIX},
    {ischedule, "originator-denied", RETRY_AFTER_FIX},
    {ischedule, "recipient-missing", RETRY_AFTER_FIX},
    {ischedule, "recipient-mismatch", RETRY_AFTER_FIX},
    {ischedule, "verification-failed", RETRY_AFTER_FIX},
    {purelymail, "does-not-exist", RETRY_NEVER},
};

static const struct condition *find(const char *space, const char *local)
{
    return condition_find(&(struct name){span_str(space), span_str(local)});
}

static bool is_sentence(const char *text)
{
    size_t len = strlen(text);
    return len > 5 && text[0] >= 'A' && text[0] <= 'Z' && strchr(".)", text[len - 1]);
}

static void every_row_is_whole(void **state)
{
    (void)state;
    size_t n = 0;
    for (; condition_at(n); n++) {
        const struct condition *row = condition_at(n);
        assert_true(strlen(row->space) > 3);
        assert_true(strlen(row->local) > 3);
        assert_int_equal(strcspn(row->local, " {}:"), strlen(row->local));
        assert_true(strlen(row->source) > 3);
        assert_int_equal(strspn(row->statuses, "0123456789, "), strlen(row->statuses));
        assert_true(row->retry > RETRY_NONE && row->retry < RETRY_N);
        assert_true(is_sentence(row->meaning));
        assert_true(is_sentence(row->action));
    }
    assert_true(n >= 140);
}

static void every_condition_of_the_specifications_has_a_row_and_every_row_stands_here(void **state)
{
    size_t n_rows = 0;
    (void)state;
    while (condition_at(n_rows))
        n_rows++;
    assert_int_equal(n_rows, sizeof catalogue / sizeof *catalogue);
    for (size_t i = 0; i < n_rows; i++) {
        const struct condition *row = find(catalogue[i].space, catalogue[i].local);
        assert_non_null(row);
        assert_string_equal(row->space, catalogue[i].space);
        assert_int_equal(row->retry, catalogue[i].retry);
    }
}

static void every_row_is_found_by_its_own_name_and_no_row_hides_another(void **state)
{
    (void)state;
    for (size_t i = 0; condition_at(i); i++) {
        const struct condition *row = condition_at(i);
        assert_ptr_equal(find(row->space, row->local), row);
    }
}

static void every_row_has_a_near_miss_that_is_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; condition_at(i); i++) {
        char longer[80];
        const struct condition *row = condition_at(i);
        snprintf(longer, sizeof longer, "%sx", row->local);
        assert_null(find(row->space, longer));
        struct span shorter = span_of(row->local, strlen(row->local) - 1);
        const struct condition *other =
            condition_find(&(struct name){span_str(row->space), shorter});
        assert_true(!other || strlen(other->local) == shorter.len);
    }
}

static void a_wrong_namespace_falls_back_to_the_local_name(void **state)
{
    (void)state;
    assert_string_equal(find("DAV:", "valid-calendar-data")->space,
                        "urn:ietf:params:xml:ns:caldav");
    assert_string_equal(find("", "lock-token-submitted")->space, "DAV:");
    assert_string_equal(find("urn:ietf:params:xml:ns:carddav", "no-uid-conflict")->space,
                        "urn:ietf:params:xml:ns:carddav");
}

static void names_are_compared_with_case(void **state)
{
    (void)state;
    assert_null(find("DAV:", "Lock-Token-Submitted"));
}

static void what_stands_beside_conditions_is_none(void **state)
{
    (void)state;
    assert_null(find("http://sabredav.org/ns", "exception"));
    assert_null(find("http://sabredav.org/ns", "message"));
    assert_null(find("http://apache.org/dav/xmlns", "human-readable"));
    assert_null(find("http://owncloud.org/ns", "reason"));
    assert_null(find("DAV:", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(every_condition_of_the_specifications_has_a_row_and_every_row_stands_here),
        cmocka_unit_test(every_row_is_found_by_its_own_name_and_no_row_hides_another),
        cmocka_unit_test(every_row_has_a_near_miss_that_is_not_found),
        cmocka_unit_test(a_wrong_namespace_falls_back_to_the_local_name),
        cmocka_unit_test(names_are_compared_with_case),
        cmocka_unit_test(what_stands_beside_conditions_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
