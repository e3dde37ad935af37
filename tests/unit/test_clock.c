/* Time stamps of every resolution, and those that no 64 bits of nanoseconds can hold. */
#include "capture/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_time(uint8_t resolution, uint64_t ticks, int64_t time_ns)
{
    assert_int_equal(clock_time_ns((struct clock){resolution, 0}, ticks), time_ns);
}

static void decimal_resolutions_become_nanoseconds(void **state)
{
    (void)state;
    assert_time(0, 1700000000, 1700000000000000000);
    assert_time(3, 1700000000123, 1700000000123000000);
    assert_time(6, 1700000000123456, 1700000000123456000);
    assert_time(9, 1700000000123456789, 1700000000123456789);
}

static void parts_of_a_nanosecond_are_dropped(void **state)
{
    (void)state;
    assert_time(10, 19, 1);
    assert_time(12, 1999, 1);
    assert_time(19, UINT64_MAX, 1844674407);
    assert_time(28, UINT64_MAX, 1);
    assert_time(29, UINT64_MAX, 0);
    assert_time(127, UINT64_MAX, 0);
}

static void binary_resolutions_become_nanoseconds(void **state)
{
    (void)state;
    assert_time(0x80, 7, 7000000000);
    assert_time(0x80 | 1, 3, 1500000000);
    assert_time(0x80 | 32, 5ULL << 32 | 0x80000000, 5500000000);
    assert_time(0x80 | 34, 3ULL << 33, 1500000000);
    assert_time(0x80 | 63, UINT64_MAX, 1999999999);
    assert_time(0x80 | 64, UINT64_MAX, 999999999);
    assert_time(0x80 | 65, UINT64_MAX, 499999999);
    assert_time(0x80 | 127, UINT64_MAX, 0);
}

static void the_offset_is_added(void **state)
{
    (void)state;
    assert_int_equal(clock_time_ns((struct clock){6, 1700000000}, 5), 1700000000000005000);
    assert_int_equal(clock_time_ns((struct clock){6, -2}, 500000), -1500000000);
}

static void what_does_not_fit_becomes_the_nearest_time(void **state)
{
    (void)state;
    assert_time(0, UINT64_MAX, INT64_MAX);
    assert_time(0, 9223372036, INT64_MAX);
    assert_time(0x80, UINT64_MAX, INT64_MAX);
    assert_int_equal(clock_time_ns((struct clock){0, INT64_MAX}, 5), INT64_MAX);
    assert_int_equal(clock_time_ns((struct clock){0, INT64_MIN}, 5), INT64_MIN);
    assert_int_equal(clock_time_ns((struct clock){0, -9223372036}, 0), INT64_MIN);
    assert_int_equal(clock_time_ns((struct clock){0, -9223372036}, 9223372037), 1000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_resolutions_become_nanoseconds),
        cmocka_unit_test(parts_of_a_nanosecond_are_dropped),
        cmocka_unit_test(binary_resolutions_become_nanoseconds),
        cmocka_unit_test(the_offset_is_added),
        cmocka_unit_test(what_does_not_fit_becomes_the_nearest_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
