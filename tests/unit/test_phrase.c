#include "dissector/dav/status_name.h"
#include "output/phrase.h"
#include "output/time_text.h"
#include "tests/support/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct written out;

static int begin(void **state)
{
    (void)state;
    written_begin(&out);
    return 0;
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *text;
    } rows[] = {{0, "0"},
                {999, "999"},
                {1000, "1,000"},
                {1002003, "1,002,003"},
                {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        phrase_number(&out.writer, rows[i].n);
        assert_string_equal(written_text(&out), rows[i].text);
    }
}

static void one_thing_is_singular_and_none_plural(void **state)
{
    (void)state;
    phrase_count(&out.writer, 1, "frame", NULL);
    assert_string_equal(written_text(&out), "1 frame");
    phrase_count(&out.writer, 0, "frame", NULL);
    assert_string_equal(written_text(&out), "0 frames");
    phrase_count(&out.writer, 2000, "status", "statuses");
    assert_string_equal(written_text(&out), "2,000 statuses");
}

static void sizes_are_read_at_a_glance(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *text;
    } rows[] = {{0, "0 bytes"},          {1, "1 byte"},         {1023, "1,023 bytes"},
                {1024, "1.0 KiB"},       {1536, "1.5 KiB"},     {102399, "99.9 KiB"},
                {102400, "100 KiB"},     {1048575, "1023 KiB"}, {UINT64_C(3) << 30, "3.0 GiB"},
                {UINT64_MAX, "15.9 EiB"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        phrase_bytes(&out.writer, rows[i].n);
        assert_string_equal(written_text(&out), rows[i].text);
    }
}

static void a_status_has_its_standard_name(void **state)
{
    (void)state;
    static const uint16_t named[] = {102, 103, 207, 208, 226, 418, 421, 422, 423, 424, 425,
                                     426, 428, 429, 431, 451, 506, 507, 508, 510, 511};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        assert_non_null(status_name(named[i]));
    assert_null(status_name(0));
    assert_null(status_name(427));
    assert_null(status_name(999));
    phrase_status(&out.writer, 423);
    assert_string_equal(written_text(&out), "423 Locked");
    phrase_status(&out.writer, 599);
    assert_string_equal(written_text(&out), "599");
    phrase_status(&out.writer, 0);
    assert_string_equal(written_text(&out), "no status");
}

static void problems_are_named_worst_first(void **state)
{
    (void)state;
    uint64_t by_class[OUTCOME_N] = {[OUTCOME_OK] = 116};
    phrase_outcome(&out.writer, by_class, 116);
    assert_string_equal(written_text(&out), "116 resources");
    phrase_outcome(&out.writer, by_class, 0);
    assert_string_equal(written_text(&out), "no resources");
    by_class[OUTCOME_DEPENDENT] = 1;
    by_class[OUTCOME_FAILED] = 3;
    by_class[OUTCOME_UNKNOWN] = 5;
    phrase_outcome(&out.writer, by_class, 120);
    assert_string_equal(written_text(&out), "3 failed, 1 dependent of 120 resources");
}

static void frames_are_named_with_their_captures(void **state)
{
    (void)state;
    const struct source items[] = {{.file = "a.pcap"}, {.file = "b.pcap"}};
    const struct sources one = {items, 1}, two = {items, 2};
    const struct place places[] = {{.source = 0, .first_frame = 3, .last_frame = 3},
                                   {.source = 0, .first_frame = 4, .last_frame = 6},
                                   {0, 1, 7, 7, 0}};
    phrase_places(&out.writer, places, 1, &one);
    assert_string_equal(written_text(&out), "frame 3");
    phrase_places(&out.writer, places, 2, &one);
    assert_string_equal(written_text(&out), "frames 3, 4-6");
    phrase_places(&out.writer, places, 1, &two);
    assert_string_equal(written_text(&out), "frame 3 of a.pcap");
    phrase_places(&out.writer, places + 1, 2, &two);
    assert_string_equal(written_text(&out), "frames 4-6 of a.pcap, 7 of a.pcap to 7 of b.pcap");
}

static void an_anomaly_says_where_it_was(void **state)
{
    (void)state;
    struct origin origin = {.ordinal = 9, .frame = 12};
    struct anomaly anomaly = anomaly_make(ANOMALY_CAPTURE_GAP, &origin, 1460, NULL);
    phrase_anomaly(&out.writer, &anomaly);
    assert_string_equal(written_text(&out), "capture-gap in frame 12, 1,460 bytes");
    anomaly = anomaly_make(ANOMALY_XML_MALFORMED, &(struct origin){0}, 0, "tag");
    anomaly.has_offset = true;
    anomaly.offset = 7;
    phrase_anomaly(&out.writer, &anomaly);
    assert_string_equal(written_text(&out), "xml-malformed at byte 7: tag");
}

static void times_are_utc_with_the_digits_asked_for(void **state)
{
    (void)state;
    char text[TIME_TEXT_BYTES];
    int64_t time_ns = INT64_C(1767323045123456789);
    time_text_iso(time_ns, 9, text);
    assert_string_equal(text, "2026-01-02T03:04:05.123456789Z");
    time_text_iso(time_ns, 6, text);
    assert_string_equal(text, "2026-01-02T03:04:05.123456Z");
    time_text_iso(time_ns, 0, text);
    assert_string_equal(text, "2026-01-02T03:04:05Z");
    time_text_iso(-1, 9, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999999Z");
    time_text_iso(INT64_MIN, 9, text);
    assert_string_equal(text, "1677-09-21T00:12:43.145224192Z");
    time_text_iso(INT64_MAX, 9, text);
    assert_string_equal(text, "2262-04-11T23:47:16.854775807Z");
    time_text_date(time_ns, text);
    assert_string_equal(text, "2026-01-02 03:04:05");
}

static void durations_have_the_unit_that_fits(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {{0, "0 us"},
                {850000, "850 us"},
                {1000000, "1 ms"},
                {12345678, "12.3 ms"},
                {999999999, "999 ms"},
                {1000000000, "1 s"},
                {12340000000, "12.3 s"},
                {UINT64_C(252) * 1000000000, "4 min 12 s"},
                {UINT64_C(11100) * 1000000000, "3 h 5 min"},
                {UINT64_C(187200) * 1000000000, "2 d 4 h"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[TIME_TEXT_BYTES];
        time_text_duration(rows[i].ns, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(one_thing_is_singular_and_none_plural),
        cmocka_unit_test(sizes_are_read_at_a_glance),
        cmocka_unit_test(a_status_has_its_standard_name),
        cmocka_unit_test(problems_are_named_worst_first),
        cmocka_unit_test(frames_are_named_with_their_captures),
        cmocka_unit_test(an_anomaly_says_where_it_was),
        cmocka_unit_test(times_are_utc_with_the_digits_asked_for),
        cmocka_unit_test(durations_have_the_unit_that_fits),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
