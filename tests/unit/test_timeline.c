/* Several captures as one: order, numbers, damages, and what stays open. */
#include "capture/timeline.h"

#include "tests/support/capture_build.h"
#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

/* A pcap file whose records are named by a letter each and come at these seconds (0 ends them). */
static void write_capture(char *path, const char *letters, const uint32_t *times_s)
{
    struct capture_build b = {0};
    build_pcap(&b, 0xa1b2c3d4, 65535, 1);
    for (size_t i = 0; times_s[i] != 0; i++) {
        struct build_record record = {times_s[i], 0, 1, 1, span_of(letters + i, 1)};
        build_pcap_record(&b, &record);
    }
    capture_log_file(build_span(&b), path);
    build_free(&b);
}

/* "a0 b1 ! ": letter and source of every frame, ! for a damage; ordinals are checked. */
static void assert_order(const char *const *paths, size_t n_paths, const char *expected)
{
    char order[200] = "";
    struct timeline *t = timeline_open(paths, n_paths, NULL);
    struct capture_item item;
    enum capture_result result;
    uint64_t n_frames = 0;
    while ((result = timeline_next(t, &item)) != CAPTURE_END) {
        size_t len = strlen(order);
        if (result == CAPTURE_FRAME) {
            assert_int_equal(item.frame.origin.ordinal, ++n_frames);
            (void)snprintf(order + len, sizeof order - len, "%c%u ", item.frame.bytes.ptr[0],
                           (unsigned)item.frame.origin.source);
        } else {
            assert_int_equal(result, CAPTURE_DAMAGED);
            (void)snprintf(order + len, sizeof order - len, "! ");
        }
    }
    assert_string_equal(order, expected);
    struct capture_progress progress = timeline_progress(t);
    assert_true(progress.is_total_known);
    assert_int_equal(progress.done_bytes, progress.total_bytes);
    timeline_close(t);
}

static void overlapping_captures_are_merged_by_time(void **state)
{
    (void)state;
    char a[40], b[40], c[40];
    write_capture(a, "adg", (uint32_t[]){1, 4, 7, 0});
    write_capture(b, "beh", (uint32_t[]){2, 5, 8, 0});
    write_capture(c, "cfi", (uint32_t[]){3, 6, 9, 0});
    assert_order((const char *const[]){c, a, b}, 3, "a1 b2 c0 d1 e2 f0 g1 h2 i0 ");
    assert_int_equal(unlink(a) | unlink(b) | unlink(c), 0);
}

static void equal_times_come_in_the_order_of_the_captures(void **state)
{
    (void)state;
    char a[40], b[40];
    write_capture(a, "acd", (uint32_t[]){1, 2, 2, 0});
    write_capture(b, "bef", (uint32_t[]){1, 2, 2, 0});
    assert_order((const char *const[]){a, b}, 2, "a0 b1 c0 d0 e1 f1 ");
    assert_int_equal(unlink(a) | unlink(b), 0);
}

static void a_capture_keeps_its_own_order(void **state)
{
    (void)state;
    char a[40], b[40];
    write_capture(a, "acd", (uint32_t[]){10, 5, 12, 0});
    write_capture(b, "bef", (uint32_t[]){11, 11, 11, 0});
    assert_order((const char *const[]){a, b}, 2, "a0 c0 b1 e1 f1 d0 ");
    assert_int_equal(unlink(a) | unlink(b), 0);
}

static void what_cannot_be_read_does_not_stop_the_others(void **state)
{
    (void)state;
    char a[40], b[40], cut[40];
    write_capture(a, "ad", (uint32_t[]){1, 4, 0});
    write_capture(b, "b", (uint32_t[]){2, 0});
    write_capture(cut, "cx", (uint32_t[]){3, 5, 0});
    assert_int_equal(truncate(cut, 24 + 17 + 5), 0);
    assert_order((const char *const[]){b, cut, "/nonexistent", a}, 4, "! a3 b0 c1 ! d3 ");
    assert_int_equal(unlink(a) | unlink(b) | unlink(cut), 0);
}

static void a_pipe_takes_its_place_among_files(void **state)
{
    (void)state;
    char a[40], b[40], path[32];
    write_capture(a, "ac", (uint32_t[]){1, 3, 0});
    write_capture(b, "bd", (uint32_t[]){2, 4, 0});
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    FILE *file = fopen(b, "rb");
    uint8_t bytes[100];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(write(ends[1], bytes, n), n);
    assert_int_equal(close(ends[1]), 0);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);

    struct timeline *t = timeline_open((const char *const[]){a, path}, 2, NULL);
    struct capture_item item;
    for (const char *expected = "abcd"; *expected; expected++) {
        assert_int_equal(timeline_next(t, &item), CAPTURE_FRAME);
        assert_int_equal(item.frame.bytes.ptr[0], *expected);
    }
    assert_int_equal(timeline_next(t, &item), CAPTURE_END);
    assert_false(timeline_progress(t).is_total_known);
    timeline_close(t);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(unlink(a) | unlink(b), 0);
}

static void rotated_captures_do_not_need_a_descriptor_each(void **state)
{
    (void)state;
    enum { N_FILES = 60 };
    static char written[N_FILES][40];
    const char *paths[N_FILES];
    for (uint32_t i = 0; i < N_FILES; i++) {
        write_capture(written[i], "xy", (uint32_t[]){1 + i, 2 + i, 0});
        paths[N_FILES - 1 - i] = written[i];
    }
    struct rlimit few = {20, 20}, before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    struct timeline *t = timeline_open(paths, N_FILES, NULL);
    struct capture_item item;
    int64_t last_ns = 0;
    for (size_t i = 0; i < 2 * (size_t)N_FILES; i++) {
        assert_int_equal(timeline_next(t, &item), CAPTURE_FRAME);
        assert_true(item.frame.origin.time_ns >= last_ns);
        last_ns = item.frame.origin.time_ns;
    }
    assert_int_equal(timeline_next(t, &item), CAPTURE_END);
    timeline_close(t);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (size_t i = 0; i < N_FILES; i++)
        assert_int_equal(unlink(written[i]), 0);
}

static void interface_names_and_counts_outlive_their_capture(void **state)
{
    (void)state;
    char paths[2][40];
    for (unsigned i = 0; i < 2; i++) {
        struct capture_build option = {0}, b = {0};
        build_option(&option, 2, span_str(i == 0 ? "eth0" : "wlan0"));
        build_section(&b);
        build_interface(&b, 1, 0, build_span(&option));
        build_packet(&b, 0, i, "abcd");
        size_t begin = build_block(&b, 5);
        build_u32(&b, 0);
        build_u64(&b, 0);
        build_u32(&b, 4 | 8 << 16); /* received */
        build_u64(&b, 10);
        build_block_end(&b, begin);
        capture_log_file(build_span(&b), paths[i]);
        build_free(&option);
        build_free(&b);
    }
    struct timeline *t = timeline_open((const char *const[]){paths[0], paths[1]}, 2, NULL);
    struct capture_item first, second;
    assert_int_equal(timeline_next(t, &first), CAPTURE_FRAME);
    assert_int_equal(timeline_next(t, &second), CAPTURE_FRAME);
    assert_int_equal(timeline_next(t, &second), CAPTURE_END);
    assert_string_equal(first.frame.interface, "eth0");
    assert_string_equal(second.frame.interface, "wlan0");
    assert_true(timeline_counts(t).is_known);
    assert_int_equal(timeline_counts(t).received, 20);
    timeline_close(t);
    assert_int_equal(unlink(paths[0]) | unlink(paths[1]), 0);
}

static void no_captures_are_an_empty_timeline(void **state)
{
    (void)state;
    assert_order(NULL, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlapping_captures_are_merged_by_time),
        cmocka_unit_test(equal_times_come_in_the_order_of_the_captures),
        cmocka_unit_test(a_capture_keeps_its_own_order),
        cmocka_unit_test(what_cannot_be_read_does_not_stop_the_others),
        cmocka_unit_test(a_pipe_takes_its_place_among_files),
        cmocka_unit_test(rotated_captures_do_not_need_a_descriptor_each),
        cmocka_unit_test(interface_names_and_counts_outlive_their_capture),
        cmocka_unit_test(no_captures_are_an_empty_timeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
