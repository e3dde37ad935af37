#include "output/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void http_dates_are_read_to_the_second(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Tue, 29 Feb 2000 23:59:59 GMT", 951868799},
        {"Mon, 01 Mar 2100 00:00:00 GMT", 4107542400},
        {"sat, 31 dec 9999 23:59:59 GMT", 253402300799},
        {"Mon, 01 Jan 0001 00:00:00 GMT", -62135596800},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t seconds = 1;
        assert_true(date_read_http(span_str(rows[i].text), &seconds));
        assert_int_equal(seconds, rows[i].seconds);
    }
}

static void other_forms_are_no_http_dates(void **state)
{
    static const char *const texts[] = {
        "",
        "2026-01-02T03:04:05Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun, 06 Nob 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Son, 06. Nov 1994 08:49:37 GMT",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t seconds;
        assert_false(date_read_http(span_str(texts[i]), &seconds));
    }
}

static void internet_dates_have_a_zone_and_perhaps_a_fraction(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-01-02T03:04:05Z", 1767323045},
        {"2026-01-02t03:04:05z", 1767323045},
        {"2026-01-02T03:04:05.123456Z", 1767323045},
        {"2026-01-02T03:04:05+02:00", 1767323045 - 2 * 3600},
        {"2026-01-02T03:04:05.5-11:30", 1767323045 + 11 * 3600 + 30 * 60},
    };
    static const char *const bad[] = {
        "",
        "2026-01-02",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05.Z5",
        "2026-01-02 03:04:05 +0200",
        "02.01.2026 03:04",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        "2026-01-02T03:04:05+0200",
        "2026-13-02T03:04:05Z",
        "2026-01-00T03:04:05Z",
    };
    (void)state;
    int64_t seconds;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(date_read_internet(span_str(good[i].text), &seconds));
        assert_int_equal(seconds, good[i].seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_read_internet(span_str(bad[i]), &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http_dates_are_read_to_the_second),
        cmocka_unit_test(other_forms_are_no_http_dates),
        cmocka_unit_test(internet_dates_have_a_zone_and_perhaps_a_fraction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
