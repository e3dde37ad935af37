#include "dissector/dav/resource.h"
#include "dissector/dav/schedule_status.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_class_retry_and_flag_has_its_own_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OUTCOME_N; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(outcome_name((enum outcome)i), outcome_name((enum outcome)j));
    for (unsigned i = 0; i < RETRY_N; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(retry_name((enum retry)i), retry_name((enum retry)j));
    for (unsigned i = 0; i < RESOURCE_FLAG_N; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(resource_flag_name(i), resource_flag_name(j));
}

static void names_of_flags_are_in_the_order_of_their_bits(void **state)
{
    (void)state;
    static const struct {
        enum resource_flag flag;
        const char *name;
    } rows[] = {
        {RESOURCE_NO_HREF, "no-href"},
        {RESOURCE_STATUS_ODD, "status-odd"},
        {RESOURCE_DUPLICATE, "duplicate"},
        {RESOURCE_PARTIAL, "partial"},
        {RESOURCE_TOMBSTONE_INITIAL, "tombstone-in-initial-sync"},
        {RESOURCE_NO_REQUESTED_PROPERTY, "no-requested-property"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned bit = 0;
        while (1u << bit != (unsigned)rows[i].flag)
            bit++;
        assert_string_equal(resource_flag_name(bit), rows[i].name);
    }
}

static void redirect_dependent_missing_and_failed_are_problems(void **state)
{
    (void)state;
    unsigned problems = 0;
    for (unsigned i = 0; i < OUTCOME_N; i++)
        if (outcome_is_problem((enum outcome)i))
            problems |= 1u << i;
    assert_int_equal(problems, 1u << OUTCOME_REDIRECT | 1u << OUTCOME_DEPENDENT |
                                   1u << OUTCOME_MISSING | 1u << OUTCOME_FAILED);
}

static void request_status_is_judged_by_its_first_digit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum outcome class;
        enum retry retry;
    } rows[] = {
        {"1.0;Unknown", OUTCOME_PENDING, RETRY_LATER},
        {"1.2;Delivered", OUTCOME_PENDING, RETRY_LATER},
        {"2.0;Success", OUTCOME_OK, RETRY_NONE},
        {"2.8;Success, repeating event ignored", OUTCOME_OK, RETRY_NONE},
        {"3.7;Invalid Calendar User", OUTCOME_FAILED, RETRY_AFTER_FIX},
        {"3.8;No authority", OUTCOME_FAILED, RETRY_AFTER_FIX},
        {"4.0;Conflict", OUTCOME_FAILED, RETRY_AFTER_FIX},
        {"5.1;Could not deliver", OUTCOME_FAILED, RETRY_LATER},
        {"5.2;Delivery failed", OUTCOME_FAILED, RETRY_AFTER_FIX},
        {"6.0;What", OUTCOME_UNKNOWN, RETRY_NONE},
        {"2", OUTCOME_UNKNOWN, RETRY_NONE},
        {"Success", OUTCOME_UNKNOWN, RETRY_NONE},
        {"", OUTCOME_UNKNOWN, RETRY_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resource resource = {.status.reason = span_str(rows[i].text)};
        schedule_status_judge(&resource);
        assert_int_equal(resource.class, rows[i].class);
        assert_int_equal(resource.retry, rows[i].retry);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_retry_and_flag_has_its_own_name),
        cmocka_unit_test(names_of_flags_are_in_the_order_of_their_bits),
        cmocka_unit_test(redirect_dependent_missing_and_failed_are_problems),
        cmocka_unit_test(request_status_is_judged_by_its_first_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
