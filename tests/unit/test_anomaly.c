/* The small tables of base/: names of anomalies and of ends, and the default limits. */
#include "dissector/base/anomaly.h"
#include "dissector/base/limit.h"
#include "dissector/base/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect_name(const char *name)
{
    assert_non_null(name);
    assert_true(strlen(name) > 0);
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(name));
}

static void every_anomaly_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int kind = 0; kind < ANOMALY_N; kind++) {
        expect_name(anomaly_name((enum anomaly_kind)kind));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(anomaly_name((enum anomaly_kind)kind),
                                    anomaly_name((enum anomaly_kind)other));
    }
    assert_string_equal(anomaly_name(ANOMALY_CAPTURE_GAP), "capture-gap");
}

static void every_end_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int why = 0; why < END_N; why++) {
        expect_name(end_name((enum end)why));
        for (int other = 0; other < why; other++)
            assert_string_not_equal(end_name((enum end)why), end_name((enum end)other));
    }
}

static void an_anomaly_keeps_what_it_was_made_of(void **state)
{
    (void)state;
    struct origin origin = {.ordinal = 3, .frame = 2, .source = 1, .time_ns = 4};
    struct anomaly made = anomaly_make(ANOMALY_SNAPLEN, &origin, 99, "text");
    assert_int_equal(made.kind, ANOMALY_SNAPLEN);
    assert_int_equal(made.origin.ordinal, 3);
    assert_int_equal(made.origin.frame, 2);
    assert_int_equal(made.origin.source, 1);
    assert_int_equal(made.origin.time_ns, 4);
    assert_int_equal(made.n_bytes, 99);
    assert_false(made.has_offset);
    assert_string_equal(made.text, "text");
    assert_string_equal(anomaly_make(ANOMALY_LIMIT, &origin, 0, NULL).text, "");
}

static void the_text_of_an_anomaly_is_printable_and_cut(void **state)
{
    (void)state;
    struct origin origin = {.frame = 1};
    char text[2 * ANOMALY_TEXT_BYTES];
    memset(text, 'x', sizeof text);
    text[0] = '\x1B';
    text[sizeof text - 1] = '\0';
    struct anomaly made = anomaly_make(ANOMALY_LIMIT, &origin, 0, text);
    assert_int_equal(strlen(made.text), ANOMALY_TEXT_BYTES - 1);
    assert_int_equal(made.text[0], '?');
    assert_string_equal(made.text + ANOMALY_TEXT_BYTES - 4, "\xE2\x80\xA6");
}

static void each_direction_is_the_other_of_the_other(void **state)
{
    (void)state;
    assert_int_equal(dir_other(DIR_CLIENT), DIR_SERVER);
    assert_int_equal(dir_other(DIR_SERVER), DIR_CLIENT);
}

/* A limit that was added and forgotten in limit.c would be 0 and stop everything. */
static void no_default_limit_is_zero(void **state)
{
    (void)state;
    static const uint8_t zeros[sizeof(uint64_t)];
    const uint8_t *bytes = (const uint8_t *)&limits_default;
    for (size_t at = 0; at + sizeof zeros <= sizeof limits_default; at += sizeof zeros)
        assert_true(memcmp(bytes + at, zeros, sizeof zeros) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_anomaly_has_a_name_of_its_own),
        cmocka_unit_test(every_end_has_a_name_of_its_own),
        cmocka_unit_test(an_anomaly_keeps_what_it_was_made_of),
        cmocka_unit_test(the_text_of_an_anomaly_is_printable_and_cut),
        cmocka_unit_test(each_direction_is_the_other_of_the_other),
        cmocka_unit_test(no_default_limit_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
