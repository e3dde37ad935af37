#include "output/loss.h"
#include "output/outlet.h"
#include "tests/support/no_thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct outlet *outlet;
static int ends[2];

static int make_pipe(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    return pipe(ends);
}

static void open_pipe(size_t max_bytes)
{
    outlet = outlet_open(ends[1], true, max_bytes);
    assert_non_null(outlet);
}

static void read_exactly(char *out, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t now = read(ends[0], out + got, n - got);
        assert_true(now > 0);
        got += (size_t)now;
    }
    out[n] = '\0';
}

/* Until the outlet says so; the test's own time-out is that of the whole program. */
static void wait_for_error(int error)
{
    while (outlet_error(outlet) != error)
        (void)poll(NULL, 0, 1);
}

static void pieces_come_out_in_order(void **state)
{
    (void)state;
    char text[16];
    uint64_t n_lost;
    open_pipe(1000);
    outlet_put(outlet, span_str("one\n"));
    outlet_put(outlet, span_str("two\n"));
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    read_exactly(text, 8);
    assert_string_equal(text, "one\ntwo\n");
    assert_int_equal(n_lost, 0);
    assert_int_equal(read(ends[0], text, 1), 0);
    (void)close(ends[0]);
}

/* More than a pipe of any size holds. */
enum { LARGE_BYTES = 2 << 20 };
static char large[LARGE_BYTES + 1];

static void a_full_queue_loses_whole_pieces_and_recovers(void **state)
{
    (void)state;
    char text[16];
    uint64_t n_lost;
    memset(large, 'x', LARGE_BYTES);
    open_pipe(10);
    outlet_put(outlet, span_of(large, LARGE_BYTES)); /* alone it may be too large */
    outlet_put(outlet, span_str("lost\n"));
    assert_int_equal(outlet_error(outlet), LOSS_TOO_SLOW);
    assert_int_equal(outlet_n_lost(outlet), 1);
    read_exactly(large, LARGE_BYTES);
    wait_for_error(0);
    outlet_put(outlet, span_str("kept\n"));
    read_exactly(text, 5);
    assert_string_equal(text, "kept\n");
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    assert_int_equal(n_lost, 1);
    (void)close(ends[0]);
}

static void without_a_thread_the_reason_is_not_the_reader(void **state)
{
    (void)state;
    char text[16];
    uint64_t n_lost;
    open_pipe(1000);
    no_thread(true);
    outlet_put(outlet, span_str("lost\n"));
    no_thread(false);
    assert_int_equal(outlet_error(outlet), LOSS_NO_THREAD);
    assert_string_equal(loss_text(LOSS_NO_THREAD, "slow"),
                        "no thread to write it could be started");
    outlet_put(outlet, span_str("kept\n"));
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    read_exactly(text, 5);
    assert_string_equal(text, "kept\n");
    assert_int_equal(n_lost, 1);
    (void)close(ends[0]);
}

static void what_nobody_reads_is_lost_at_the_end(void **state)
{
    (void)state;
    uint64_t n_lost;
    open_pipe(2 * LARGE_BYTES);
    outlet_put(outlet, span_of(large, LARGE_BYTES));
    outlet_put(outlet, span_str("never\n"));
    assert_int_equal(outlet_close(outlet, &n_lost), LOSS_TOO_SLOW);
    assert_int_equal(n_lost, 2);
    (void)close(ends[0]);
}

static void a_reader_that_went_away_is_for_good(void **state)
{
    (void)state;
    uint64_t n_lost;
    open_pipe(1000);
    (void)close(ends[0]);
    outlet_put(outlet, span_str("one\n"));
    wait_for_error(EPIPE);
    outlet_put(outlet, span_str("two\n"));
    assert_int_equal(outlet_close(outlet, &n_lost), EPIPE);
    assert_int_equal(n_lost, 2);
}

static void it_goes_on_with_another_descriptor(void **state)
{
    (void)state;
    char text[16];
    uint64_t n_lost;
    int other[2];
    open_pipe(1000);
    (void)close(ends[0]);
    outlet_put(outlet, span_str("one\n"));
    wait_for_error(EPIPE);
    assert_int_equal(pipe(other), 0);
    ends[0] = other[0];
    outlet_replace(outlet, other[1]);
    outlet_put(outlet, span_str("two\n"));
    read_exactly(text, 4);
    assert_string_equal(text, "two\n");
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    assert_int_equal(n_lost, 1);
    (void)close(ends[0]);
}

static void what_was_queued_goes_to_the_old_descriptor(void **state)
{
    (void)state;
    char text[16];
    uint64_t n_lost;
    int other[2];
    open_pipe(2 * LARGE_BYTES);
    outlet_put(outlet, span_of(large, LARGE_BYTES)); /* holds up what comes behind it */
    outlet_put(outlet, span_str("old\n"));
    assert_int_equal(pipe(other), 0);
    outlet_replace(outlet, other[1]);
    outlet_put(outlet, span_str("new\n"));
    read_exactly(large, LARGE_BYTES);
    read_exactly(text, 4);
    assert_string_equal(text, "old\n");
    (void)close(ends[0]);
    ends[0] = other[0];
    read_exactly(text, 4);
    assert_string_equal(text, "new\n");
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    assert_int_equal(n_lost, 0);
    (void)close(ends[0]);
}

/* A disk that is always full. */
static void a_write_error_is_told_and_every_piece_is_counted(void **state)
{
    (void)state;
    uint64_t n_lost;
    (void)close(ends[0]);
    (void)close(ends[1]);
    ends[1] = open("/dev/full", O_WRONLY | O_CLOEXEC);
    open_pipe(1000);
    outlet_put(outlet, span_str("one\n"));
    wait_for_error(ENOSPC);
    outlet_put(outlet, span_str("two\n"));
    assert_int_equal(outlet_close(outlet, &n_lost), ENOSPC);
    assert_int_equal(n_lost, 2);
}

static void without_pieces_there_is_nothing_to_end(void **state)
{
    (void)state;
    uint64_t n_lost;
    open_pipe(1000);
    outlet_put(outlet, (struct span){NULL, 0});
    assert_int_equal(outlet_close(outlet, &n_lost), 0);
    assert_int_equal(n_lost, 0);
    (void)close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pieces_come_out_in_order, make_pipe),
        cmocka_unit_test_setup(a_full_queue_loses_whole_pieces_and_recovers, make_pipe),
        cmocka_unit_test_setup(without_a_thread_the_reason_is_not_the_reader, make_pipe),
        cmocka_unit_test_setup(what_nobody_reads_is_lost_at_the_end, make_pipe),
        cmocka_unit_test_setup(a_reader_that_went_away_is_for_good, make_pipe),
        cmocka_unit_test_setup(it_goes_on_with_another_descriptor, make_pipe),
        cmocka_unit_test_setup(what_was_queued_goes_to_the_old_descriptor, make_pipe),
        cmocka_unit_test_setup(a_write_error_is_told_and_every_piece_is_counted, make_pipe),
        cmocka_unit_test_setup(without_pieces_there_is_nothing_to_end, make_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
