#include "app/signals.h"
#include "app/watch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct watch begun(const struct options *options)
{
    struct watch watch;
    watch_begin(&watch, options);
    return watch;
}

static void the_end_comes_with_the_last_frame_of_the_count(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){.max_frames = 2});
    watch_count(&watch);
    assert_int_equal(watch_next(&watch), DUTY_NONE);
    watch_count(&watch);
    assert_int_equal(watch_next(&watch), DUTY_END);
}

static void without_options_nothing_is_due(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){.n_interfaces = 1});
    watch_count(&watch);
    assert_int_equal(watch_next(&watch), DUTY_NONE);
}

static void each_signal_is_one_duty(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){.n_interfaces = 1});
    signals_install_live();
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(watch_next(&watch), DUTY_REOPEN);
    assert_int_equal(watch_next(&watch), DUTY_REPORT);
    assert_int_equal(watch_next(&watch), DUTY_NONE);
}

static void what_came_due_several_times_is_done_once(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){.n_interfaces = 1, .interval_s = 3600});
    watch.report_ns -= (int64_t)watch.interval_ns * 3;
    assert_int_equal(watch_next(&watch), DUTY_REPORT);
    assert_int_equal(watch_next(&watch), DUTY_NONE);
}

static void the_duration_ends_it(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){.n_interfaces = 1, .duration_s = 3600});
    assert_int_equal(watch_next(&watch), DUTY_NONE);
    watch.end_ns -= (int64_t)3600 * 1000000000;
    assert_int_equal(watch_next(&watch), DUTY_END);
}

static void asked_to_stop_it_ends(void **state)
{
    (void)state;
    struct watch watch = begun(&(struct options){0});
    signals_install();
    assert_int_equal(*signals_stop_flag(), 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(*signals_stop_flag(), 1);
    assert_int_equal(watch_next(&watch), DUTY_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_comes_with_the_last_frame_of_the_count),
        cmocka_unit_test(without_options_nothing_is_due),
        cmocka_unit_test(each_signal_is_one_duty),
        cmocka_unit_test(what_came_due_several_times_is_done_once),
        cmocka_unit_test(the_duration_ends_it),
        cmocka_unit_test(asked_to_stop_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
