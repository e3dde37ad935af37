/* Classic captures of every byte order and resolution, and their damages. */
#include "capture/capture.h"

#include "tests/support/capture_build.h"
#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MICROSECONDS 0xa1b2c3d4
#define NANOSECONDS 0xa1b23c4d
#define MODIFIED 0xa1b2cd34

enum { HEADER = 24, RECORD = 16 };

static void add(struct capture_build *b, uint32_t fraction, const char *bytes, uint32_t wire_len)
{
    struct span packet = span_str(bytes);
    struct build_record record = {1700000000, fraction, (uint32_t)packet.len, wire_len, packet};
    build_pcap_record(b, &record);
}

static void assert_log(struct capture_build *b, const char *expected)
{
    char *log = capture_log_bytes(build_span(b));
    assert_string_equal(log, expected);
    free(log);
    build_free(b);
}

static void both_byte_orders_and_resolutions_give_the_same_frames(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct capture_build b = {.is_big = i & 1};
        bool is_nano = i & 2;
        build_pcap(&b, is_nano ? NANOSECONDS : MICROSECONDS, 65535, 1);
        add(&b, is_nano ? 5000 : 5, "abcd", 4);
        add(&b, is_nano ? 999999000 : 999999, "efghi", 1500);
        assert_log(&b, "frame 1 link 1 at 1700000000.000005000 len 4/4 if 0 -: abcd\n"
                       "frame 2 link 1 at 1700000000.999999000 len 5/1500 if 0 -: efghi\n");
    }
}

static void modified_record_headers_are_longer(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MODIFIED, 65535, 1);
    for (unsigned i = 0; i < 2; i++) {
        struct build_record record = {1700000000, 7, 4, 4, {NULL, 0}};
        build_pcap_record(&b, &record);
        build_zeros(&b, 8); /* interface, protocol, packet type, padding */
        build_bytes(&b, span_str("abcd"));
    }
    build_zeros(&b, 3);
    assert_log(&b, "frame 1 link 1 at 1700000000.000007000 len 4/4 if 0 -: abcd\n"
                   "frame 2 link 1 at 1700000000.000007000 len 4/4 if 0 -: abcd\n"
                   "damaged at 80: truncated dump file; tried to read 24 header bytes, "
                   "only got 3\n");
}

static void times_after_2038_are_not_negative(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 65535, 1);
    struct build_record record = {4000000000, 1, 1, 1, span_str("x")};
    build_pcap_record(&b, &record);
    assert_log(&b, "frame 1 link 1 at 4000000000.000001000 len 1/1 if 0 -: x\n");
}

static void a_wrong_snap_length_in_the_header_cuts_nothing(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 3, 1);
    add(&b, 0, "abcdef", 6);
    add(&b, 0, "gh", 2);
    assert_log(&b, "frame 1 link 1 at 1700000000.000000000 len 6/6 if 0 -: abcdef\n"
                   "frame 2 link 1 at 1700000000.000000000 len 2/2 if 0 -: gh\n");
}

static void wire_length_is_never_below_what_was_captured(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 65535, 1);
    add(&b, 0, "abcd", 2);
    assert_log(&b, "frame 1 link 1 at 1700000000.000000000 len 4/4 if 0 -: abcd\n");
}

static void raw_ip_has_one_link_type(void **state)
{
    (void)state;
    static const uint32_t raw[] = {12, 14, 101};
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++) {
        struct capture_build b = {0};
        build_pcap(&b, MICROSECONDS, 65535, raw[i]);
        add(&b, 0, "E", 1);
        assert_log(&b, "frame 1 link 101 at 1700000000.000000000 len 1/1 if 0 -: E\n");
    }
}

static void an_impossible_length_ends_the_reading_at_its_record(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 65535, 1);
    add(&b, 0, "abcd", 4);
    struct build_record record = {0, 0, 0xfffffff0, 4, span_str("abcd")};
    build_pcap_record(&b, &record);
    add(&b, 0, "abcd", 4);
    assert_log(&b, "frame 1 link 1 at 1700000000.000000000 len 4/4 if 0 -: abcd\n"
                   "damaged at 44: invalid packet capture length 4294967280, "
                   "bigger than snaplen of 262144\n");
}

static void an_unknown_version_is_named(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 65535, 1);
    b.ptr[4] = 9;
    assert_log(&b, "damaged at 0: unsupported pcap savefile version 9.4\n");
}

/* How many of n records of this size lie wholly in the first len bytes. */
static size_t n_whole(size_t len, size_t record_bytes)
{
    return len < HEADER ? 0 : (len - HEADER) / record_bytes;
}

static void a_file_cut_anywhere_gives_its_whole_records_and_one_damage(void **state)
{
    (void)state;
    struct capture_build b = {.is_big = true};
    build_pcap(&b, NANOSECONDS, 65535, 1);
    for (unsigned i = 0; i < 4; i++)
        add(&b, i, "0123456789", 10);
    const size_t record_bytes = RECORD + 10;
    char *whole = capture_log_bytes(build_span(&b));
    const size_t line_len = strlen(whole) / 4;
    for (size_t len = 0; len < b.len; len++) {
        char *log = capture_log_bytes(span_first(build_span(&b), len));
        size_t frames_len = n_whole(len, record_bytes) * line_len;
        assert_memory_equal(log, whole, frames_len);
        bool is_at_record = len >= HEADER && (len - HEADER) % record_bytes == 0;
        const char *rest = log + frames_len;
        if (is_at_record) {
            assert_string_equal(rest, "");
        } else {
            size_t begin = len < HEADER ? 0 : HEADER + n_whole(len, record_bytes) * record_bytes;
            char expected[40];
            (void)snprintf(expected, sizeof expected, "damaged at %zu: ", begin);
            assert_memory_equal(rest, expected, strlen(expected));
            assert_ptr_equal(strchr(rest, '\n'), rest + strlen(rest) - 1);
        }
        free(log);
    }
    free(whole);
    build_free(&b);
}

static void frames_larger_than_every_buffer_come_whole(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_pcap(&b, MICROSECONDS, 262144, 1);
    for (unsigned i = 0; i < 5; i++) {
        struct build_record record = {i, 0, 262144, 262144, {NULL, 0}};
        build_pcap_record(&b, &record);
        build_zeros(&b, 262144);
    }
    assert_log(&b, "frame 1 link 1 at 0.000000000 len 262144/262144 if 0 -: \n"
                   "frame 2 link 1 at 1.000000000 len 262144/262144 if 0 -: \n"
                   "frame 3 link 1 at 2.000000000 len 262144/262144 if 0 -: \n"
                   "frame 4 link 1 at 3.000000000 len 262144/262144 if 0 -: \n"
                   "frame 5 link 1 at 4.000000000 len 262144/262144 if 0 -: \n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_and_resolutions_give_the_same_frames),
        cmocka_unit_test(modified_record_headers_are_longer),
        cmocka_unit_test(times_after_2038_are_not_negative),
        cmocka_unit_test(a_wrong_snap_length_in_the_header_cuts_nothing),
        cmocka_unit_test(wire_length_is_never_below_what_was_captured),
        cmocka_unit_test(raw_ip_has_one_link_type),
        cmocka_unit_test(an_impossible_length_ends_the_reading_at_its_record),
        cmocka_unit_test(an_unknown_version_is_named),
        cmocka_unit_test(a_file_cut_anywhere_gives_its_whole_records_and_one_damage),
        cmocka_unit_test(frames_larger_than_every_buffer_come_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
