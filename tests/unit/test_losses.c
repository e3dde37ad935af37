/* losses: what a run lost is a finding; what it did not lose is none. */
#include "output/losses.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct losses losses;

static struct run_facts facts_of(uint64_t n_received, uint64_t n_dropped, uint64_t n_interface)
{
    return (struct run_facts){
        .losses = {.is_known = true,
                   .n_received = n_received,
                   .n_dropped = n_dropped,
                   .n_interface_dropped = n_interface},
        .has_frames = true,
        .first_ns = 5,
        .last_ns = 7,
    };
}

static void nothing_lost_is_no_finding(void **state)
{
    (void)state;
    struct run_facts facts = facts_of(1000000, 0, 0);
    losses_find(&losses, &facts);
    assert_int_equal(losses.n, 0);
}

static void each_place_of_a_loss_is_a_finding(void **state)
{
    (void)state;
    struct run_facts facts = facts_of(1000, 250, 1000);
    facts.n_records_lost = 1;
    facts.losses.n_lane_dropped = 2;
    losses_find(&losses, &facts);
    assert_int_equal(losses.n, 4);
    assert_string_equal(losses.findings[0].rule->id, "D59");
    assert_string_equal(losses.findings[0].cause, "system");
    assert_string_equal(losses.findings[0].detail,
                        "250 packets of 1,000 (25 %) dropped by the system, because its buffer was "
                        "full.");
    assert_int_equal(losses.findings[0].severity, SEVERITY_ERROR);
    assert_int_equal(losses.findings[0].owner, OWNER_CAPTURE);
    assert_int_equal(losses.findings[0].n, 250);
    assert_int_equal(losses.findings[0].last_ns, 7);
    assert_string_equal(losses.findings[1].cause, "interface");
    assert_string_equal(losses.findings[1].detail,
                        "1,000 packets of 2,000 (50 %) dropped by the interface or its driver.");
    assert_string_equal(losses.findings[2].cause, "threads");
    assert_string_equal(losses.findings[2].detail,
                        "2 segments dropped because they came faster than the threads of the "
                        "analysis took them.");
    assert_string_equal(losses.findings[3].rule->name, "records-lost");
    assert_string_equal(losses.findings[3].detail,
                        "1 record that an output could not take in time, or at all.");
}

static void a_loss_below_one_per_cent_is_a_warning(void **state)
{
    (void)state;
    struct run_facts facts = facts_of(100000, 999, 0);
    losses_find(&losses, &facts);
    assert_int_equal(losses.findings[0].severity, SEVERITY_WARNING);
    facts = facts_of(100000, 1000, 0);
    losses_find(&losses, &facts);
    assert_int_equal(losses.findings[0].severity, SEVERITY_ERROR);
}

static void assert_share(uint64_t n_dropped, uint64_t n_received, const char *expected)
{
    struct run_facts facts = facts_of(n_received, n_dropped, 0);
    losses_find(&losses, &facts);
    assert_non_null(strstr(losses.findings[0].detail, expected));
}

static void shares_large_and_small_are_plain_numbers(void **state)
{
    (void)state;
    assert_share(1, 10000000, " (less than 0.01 %) ");
    assert_share(1, 1000, " (0.1 %) ");
    assert_share(34, 1000, " (3.4 %) ");
    assert_share(999, 1000, " (100 %) ");
    assert_share(1000, 1000, " (100 %) ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_lost_is_no_finding),
        cmocka_unit_test(each_place_of_a_loss_is_a_finding),
        cmocka_unit_test(shares_large_and_small_are_plain_numbers),
        cmocka_unit_test(a_loss_below_one_per_cent_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
