/* What every capture does, whatever its format: opening, refusing, ending, errors, progress. */
#include "capture/capture.h"

#include "tests/support/alloc.h"
#include "tests/support/capture_build.h"
#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAME "frame 1 link 1 at 0.000000000 len 4/4 if 0 -: abcd\n"

static struct capture_build one_frame(void)
{
    struct capture_build b = {0};
    build_pcap(&b, 0xa1b2c3d4, 65535, 1);
    struct build_record record = {0, 0, 4, 4, span_str("abcd")};
    build_pcap_record(&b, &record);
    return b;
}

static void assert_log_of(struct span bytes, const char *expected)
{
    char *log = capture_log_bytes(bytes);
    assert_string_equal(log, expected);
    free(log);
}

static void assert_log_at(const char *path, const char *expected)
{
    char *log = capture_log_path(path);
    assert_string_equal(log, expected);
    free(log);
}

static void what_is_no_capture_is_refused_in_one_line(void **state)
{
    (void)state;
    assert_log_of(span_str(""), "damaged at 0: empty, not a capture file\n");
    assert_log_of(span_str("P"), "damaged at 0: not a capture file (first bytes 50)\n");
    assert_log_of(span_str("PK\3\4 and more"),
                  "damaged at 0: not a capture file (first bytes 50 4b 03 04 20 61)\n");
    assert_log_of(span_str("BZh91AY&SY"),
                  "damaged at 0: compressed with bzip2, which this build cannot unpack\n");
    assert_log_at("/nonexistent/x.pcap", "damaged: cannot open: No such file or directory\n");
    assert_log_at("/", "damaged: is a directory, not a capture file\n");
    assert_log_at("/dev/null", "damaged at 0: empty, not a capture file\n");
}

static void a_read_error_is_told_where_it_happens(void **state)
{
    (void)state;
    assert_log_at("/proc/self/mem", "damaged: cannot read: Input/output error\n");
}

static void pipes_are_read_without_waiting_for_their_end(void **state)
{
    (void)state;
    struct capture_build b = one_frame();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char path[32];
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct capture *c = capture_open(path, NULL);
    assert_int_equal(write(ends[1], b.ptr, b.len), b.len);
    struct capture_item item;
    assert_int_equal(capture_next(c, &item), CAPTURE_FRAME);
    assert_false(capture_progress(c).is_total_known);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(capture_next(c, &item), CAPTURE_END);
    assert_int_equal(capture_next(c, &item), CAPTURE_END);
    capture_close(c);
    assert_int_equal(close(ends[0]), 0);
    build_free(&b);
}

static void a_dash_is_standard_input(void **state)
{
    (void)state;
    struct capture_build b = one_frame();
    char path[40];
    capture_log_file(build_span(&b), path);
    assert_non_null(freopen(path, "r", stdin));
    assert_log_at("-", FRAME);
    assert_int_equal(unlink(path), 0);
    build_free(&b);

    struct capture *c = capture_open("-", NULL); /* the same file, now at its end */
    struct capture_item item;
    assert_int_equal(capture_next(c, &item), CAPTURE_DAMAGED);
    assert_string_equal(item.error->path, "standard input");
    capture_close(c);
}

static volatile sig_atomic_t stop;

static void set_stop(int signal)
{
    (void)signal;
    stop = 1;
}

/* The signal comes again and again, so that one of them meets the read that waits. */
static void an_interrupted_pipe_ends_without_damage(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = set_stop};
    struct itimerval often = {{0, 1000}, {0, 1000}};
    struct itimerval never = {{0, 0}, {0, 0}};
    struct capture_build b = one_frame();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], b.ptr, b.len - 2), b.len - 2); /* the frame is cut */
    char path[32];
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct capture *c = capture_open(path, &stop);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    struct capture_item item;
    assert_int_equal(capture_next(c, &item), CAPTURE_END);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    capture_close(c);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
    build_free(&b);
}

static void progress_ends_at_the_size_of_the_file(void **state)
{
    (void)state;
    struct capture_build b = one_frame();
    char path[40];
    capture_log_file(build_span(&b), path);
    struct capture *c = capture_open(path, NULL);
    struct capture_progress progress = capture_progress(c);
    assert_int_equal(progress.done_bytes, 0);
    assert_int_equal(progress.total_bytes, b.len);
    assert_true(progress.is_total_known);
    struct capture_item item;
    while (capture_next(c, &item) != CAPTURE_END)
        continue;
    assert_int_equal(capture_progress(c).done_bytes, b.len);
    capture_close(c);
    assert_int_equal(unlink(path), 0);
    build_free(&b);
}

static void damages_beyond_the_limit_are_told_as_a_number(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_section(&b);
    for (unsigned i = 0; i < CAPTURE_MAX_ERRORS + 5; i++)
        build_packet(&b, 9, 0, "abcd"); /* no such interface */
    build_interface(&b, 1, 0, span_of(NULL, 0));
    build_packet(&b, 0, 0, "abcd");
    char *log = capture_log_bytes(build_span(&b));
    size_t n_lines = 0;
    for (const char *at = log; (at = strchr(at, '\n')) != NULL; at++)
        n_lines++;
    assert_int_equal(n_lines, CAPTURE_MAX_ERRORS + 2);
    const char *last = "frame 22 link 1 at 0.000000000 len 4/4 if 0 -: abcd\n"
                       "damaged at 840: 5 more damaged places before here\n";
    assert_string_equal(log + strlen(log) - strlen(last), last);
    free(log);
    build_free(&b);
}

/* Every kind of allocation: input, reader, interface table, names, decoder. */
static struct capture_build many_interfaces(void)
{
    struct capture_build b = {0};
    build_section(&b);
    for (unsigned i = 0; i < 40; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "if%u", i);
        struct capture_build option = {0};
        build_option(&option, 2, span_str(name));
        build_interface(&b, 1, 0, build_span(&option));
        build_free(&option);
    }
    build_packet(&b, 39, 0, "abcd");
    return b;
}

/* Reads all with the nth allocation failing; true when it came so far. */
static bool read_with_failure(const char *path, uint64_t n)
{
    alloc_fail_at(n);
    enum capture_result result = CAPTURE_NOMEM;
    struct capture *c = capture_open(path, NULL);
    struct capture_item item;
    do {
        result = c ? capture_next(c, &item) : CAPTURE_NOMEM;
    } while (result != CAPTURE_END && result != CAPTURE_NOMEM);
    alloc_count(false);
    capture_close(c);
    bool has_failed = alloc_has_failed();
    assert_true(has_failed || result == CAPTURE_END);
    return has_failed;
}

static void every_failing_allocation_ends_in_no_memory_or_not_at_all(void **state)
{
    (void)state;
    struct capture_build captures[] = {one_frame(), many_interfaces()};
    for (size_t i = 0; i < 2; i++) {
        char path[40];
        capture_log_file(build_span(&captures[i]), path);
        uint64_t n = 1;
        while (read_with_failure(path, n))
            n++;
        assert_true(n > 3);
        assert_int_equal(unlink(path), 0);
        build_free(&captures[i]);
    }
}

static void an_error_is_one_printable_line(void **state)
{
    (void)state;
    char line[100];
    struct capture_error error = {.path = "a\n\x1b[31m.pcap", .offset = 7, .reason = "bad\r"};
    capture_error_text(&error, line, sizeof line);
    assert_string_equal(line, "a??[31m.pcap: bad?");
    error.has_offset = true;
    capture_error_text(&error, line, sizeof line);
    assert_string_equal(line, "a??[31m.pcap: offset 7: bad?");
    capture_error_text(&error, line, 8);
    assert_string_equal(line, "a??[…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_capture_is_refused_in_one_line),
        cmocka_unit_test(a_read_error_is_told_where_it_happens),
        cmocka_unit_test(pipes_are_read_without_waiting_for_their_end),
        cmocka_unit_test(a_dash_is_standard_input),
        cmocka_unit_test(an_interrupted_pipe_ends_without_damage),
        cmocka_unit_test(progress_ends_at_the_size_of_the_file),
        cmocka_unit_test(damages_beyond_the_limit_are_told_as_a_number),
        cmocka_unit_test(every_failing_allocation_ends_in_no_memory_or_not_at_all),
        cmocka_unit_test(an_error_is_one_printable_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
