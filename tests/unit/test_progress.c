#include "output/progress.h"

#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct shown {
    struct progress progress;
    int ends[2];
    char text[512];
};

static void begin(struct shown *shown)
{
    *shown = (struct shown){.progress = {.is_on = true}};
    assert_int_equal(pipe(shown->ends), 0);
    shown->progress.fd = shown->ends[1];
}

/* What was written since the last time; a mark tells the end of nothing. */
static const char *written(struct shown *shown)
{
    assert_int_equal(write(shown->ends[1], "|", 1), 1);
    ssize_t n = read(shown->ends[0], shown->text, sizeof shown->text - 1);
    assert_true(n > 0);
    shown->text[n - 1] = '\0';
    return shown->text;
}

static void end(struct shown *shown)
{
    (void)close(shown->ends[0]);
    (void)close(shown->ends[1]);
}

static void the_line_says_how_far_the_reading_is(void **state)
{
    (void)state;
    struct shown shown;
    begin(&shown);
    progress_show(&shown.progress, 1024, 4096, 1234);
    assert_string_equal(written(&shown), "\r[######                  ] 25.0%  1.0 KiB of 4.0 KiB, "
                                         "1,234 Multi-Status\x1b[K");
    progress_show(&shown.progress, 9000, 4096, 1);
    assert_string_equal(written(&shown), "\r[########################] 100.0%  8.7 KiB of 4.0 KiB, "
                                         "1 Multi-Status\x1b[K");
    progress_clear(&shown.progress);
    assert_string_equal(written(&shown), "\r\x1b[K");
    progress_clear(&shown.progress);
    assert_string_equal(written(&shown), "");
    end(&shown);
}

static void the_line_is_redrawn_only_when_it_changes(void **state)
{
    (void)state;
    struct shown shown;
    begin(&shown);
    progress_show(&shown.progress, 100000, 1000000, 1);
    assert_true(strlen(written(&shown)) > 0);
    progress_show(&shown.progress, 100999, 1000000, 2);
    assert_string_equal(written(&shown), "");
    progress_show(&shown.progress, 101000, 1000000, 2);
    assert_true(strlen(written(&shown)) > 0);
    end(&shown);
}

static void an_unknown_size_has_no_bar(void **state)
{
    (void)state;
    struct shown shown;
    begin(&shown);
    progress_show(&shown.progress, 1024, 0, 2);
    assert_string_equal(written(&shown), "\r1.0 KiB, 2 Multi-Status\x1b[K");
    progress_show(&shown.progress, (uint64_t)15 << 20, 0, 3);
    assert_string_equal(written(&shown), "");
    progress_show(&shown.progress, (uint64_t)17 << 20, 0, 3);
    assert_string_equal(written(&shown), "\r17.0 MiB, 3 Multi-Status\x1b[K");
    end(&shown);
}

static void sizes_near_the_largest_number_do_not_overflow(void **state)
{
    (void)state;
    struct shown shown;
    begin(&shown);
    progress_show(&shown.progress, UINT64_MAX / 2, UINT64_MAX, 0);
    assert_non_null(strstr(written(&shown), "] 50.0%  7.9 EiB of 15.9 EiB"));
    end(&shown);
}

static void nothing_is_shown_when_unwanted_or_not_on_a_terminal(void **state)
{
    (void)state;
    struct shown shown;
    begin(&shown);
    progress_init(&shown.progress, false);
    shown.progress.fd = shown.ends[1];
    progress_show(&shown.progress, 1, 2, 0);
    progress_clear(&shown.progress);
    assert_string_equal(written(&shown), "");
    end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_says_how_far_the_reading_is),
        cmocka_unit_test(the_line_is_redrawn_only_when_it_changes),
        cmocka_unit_test(an_unknown_size_has_no_bar),
        cmocka_unit_test(sizes_near_the_largest_number_do_not_overflow),
        cmocka_unit_test(nothing_is_shown_when_unwanted_or_not_on_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
