/* The catalogue of conditions: every row is whole, can be found, and is found for the right name.
 */
#include "dissector/dav/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

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
        cmocka_unit_test(every_row_is_found_by_its_own_name_and_no_row_hides_another),
        cmocka_unit_test(every_row_has_a_near_miss_that_is_not_found),
        cmocka_unit_test(a_wrong_namespace_falls_back_to_the_local_name),
        cmocka_unit_test(names_are_compared_with_case),
        cmocka_unit_test(what_stands_beside_conditions_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
