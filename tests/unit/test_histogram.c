#include "output/histogram.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void small_values_are_exact(void **state)
{
    struct histogram h = {0};
    (void)state;
    for (uint64_t i = 1; i <= 10; i++)
        histogram_add(&h, i);
    assert_int_equal(histogram_quantile(&h, 50), 5);
    assert_int_equal(histogram_quantile(&h, 95), 10);
    assert_int_equal(histogram_quantile(&h, 1), 1);
    assert_int_equal(h.max, 10);
}

static void a_quantile_is_at_most_an_eighth_too_high_and_never_too_low(void **state)
{
    (void)state;
    for (uint64_t value = 1; value < UINT64_C(1) << 62; value = value * 3 + 1) {
        struct histogram h = {0};
        histogram_add(&h, value);
        histogram_add(&h, UINT64_MAX);
        uint64_t got = histogram_quantile(&h, 50);
        assert_true(got >= value);
        assert_true(got - value <= value / 8);
    }
}

static void the_largest_values_have_a_place(void **state)
{
    struct histogram h = {0};
    (void)state;
    histogram_add(&h, UINT64_MAX);
    assert_true(histogram_quantile(&h, 99) == UINT64_MAX);
}

static void without_values_there_is_no_quantile(void **state)
{
    struct histogram h = {0};
    (void)state;
    assert_int_equal(histogram_quantile(&h, 50), 0);
}

static void a_value_that_grows_is_counted_once(void **state)
{
    struct histogram h = {0};
    (void)state;
    histogram_grow(&h, 0, 1);
    histogram_add(&h, 1);
    histogram_grow(&h, 1, 2);
    histogram_grow(&h, 2, 3);
    assert_int_equal(h.n, 2);
    assert_int_equal(h.max, 3);
    assert_int_equal(histogram_quantile(&h, 50), 1);
    assert_int_equal(histogram_quantile(&h, 99), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(a_quantile_is_at_most_an_eighth_too_high_and_never_too_low),
        cmocka_unit_test(the_largest_values_have_a_place),
        cmocka_unit_test(a_value_that_grows_is_counted_once),
        cmocka_unit_test(without_values_there_is_no_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
