#include "app/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_reads(const char *text, const struct number_units *units, uint64_t expected)
{
    uint64_t number = 0;
    assert_true(number_read(text, units, UINT64_MAX, &number));
    assert_int_equal(number, expected);
}

static void units_multiply_in_either_case(void **state)
{
    (void)state;
    assert_reads("1", &number_plain, 1);
    assert_reads("512", &number_sizes, 512);
    assert_reads("512M", &number_sizes, 512u << 20);
    assert_reads("2g", &number_sizes, (uint64_t)2 << 30);
    assert_reads("1T", &number_sizes, (uint64_t)1 << 40);
    assert_reads("90", &number_durations, 90);
    assert_reads("15m", &number_durations, 900);
    assert_reads("2h", &number_durations, 7200);
    assert_reads("1d", &number_durations, 86400);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   "0",  "0M",  "-1", "+1",  " 1",
                                        "1x", "1 ", "1MB", "M",  "1.5G"};
    uint64_t number;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(number_read(texts[i], &number_sizes, UINT64_MAX, &number));
    assert_false(number_read("1K", &number_plain, UINT64_MAX, &number));
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    uint64_t number;
    assert_true(number_read("4K", &number_sizes, 4096, &number));
    assert_false(number_read("4097", &number_sizes, 4096, &number));
    assert_false(number_read("5k", &number_sizes, 4096, &number));
    assert_false(number_read("18446744073709551615T", &number_sizes, UINT64_MAX, &number));
    assert_false(number_read("99999999999999999999K", &number_sizes, UINT64_MAX, &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_multiply_in_either_case),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(what_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
