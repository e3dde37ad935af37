/* What one exchange shows, and how much of it is kept. */
#include "output/sighting.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void one_rule_and_cause_is_one_sighting(void **state)
{
    (void)state;
    struct sightings sightings = {0};
    struct sighting *first = sightings_get(&sightings, rule_find("D36"), span_str("423"));
    assert_non_null(first);
    assert_ptr_equal(sightings_get(&sightings, rule_find("D36"), span_str("423")), first);
    assert_ptr_not_equal(sightings_get(&sightings, rule_find("D36"), span_str("424")), first);
    assert_ptr_not_equal(sightings_get(&sightings, rule_find("D38"), span_str("423")), first);
    assert_int_equal(sightings.n, 3);
    sightings_free(&sightings);
    assert_int_equal(sightings.n, 0);
}

static void beyond_sightings_max_more_are_known_to_be_lost(void **state)
{
    (void)state;
    struct sightings sightings = {0};
    for (unsigned i = 0; i <= SIGHTINGS_MAX; i++) {
        char cause[8];
        (void)snprintf(cause, sizeof cause, "%u", i);
        assert_false(sightings.has_lost);
        struct sighting *sighting = sightings_get(&sightings, rule_find("D36"), span_str(cause));
        assert_int_equal(sighting != NULL, i < SIGHTINGS_MAX);
    }
    assert_true(sightings.has_lost);
    assert_int_equal(sightings.n, SIGHTINGS_MAX);
    assert_non_null(sightings_get(&sightings, rule_find("D36"), span_str("0")));
    sightings_free(&sightings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_rule_and_cause_is_one_sighting),
        cmocka_unit_test(beyond_sightings_max_more_are_known_to_be_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
