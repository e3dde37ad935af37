#include "output/writer.h"
#include "tests/support/written.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct span read_pipe(int fd, uint8_t *out, size_t size)
{
    size_t n = 0;
    ssize_t got;
    while (n < size && (got = read(fd, out + n, size - n)) > 0)
        n += (size_t)got;
    return span_of(out, n);
}

static void text_reaches_the_descriptor_at_flush(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct writer writer;
    writer_init(&writer, ends[1], false);
    writer_text(&writer, "a");
    writer_text(&writer, NULL);
    writer_format(&writer, "%d", 12);
    writer_repeat(&writer, '-', 3);
    writer_flush(&writer);
    uint8_t got[16];
    assert_int_equal(read(ends[0], got, sizeof got), 6);
    assert_memory_equal(got, "a12---", 6);
    assert_int_equal(writer_close(&writer), 0);
    assert_int_equal(close(ends[0]) + close(ends[1]), 0);
}

static void text_larger_than_the_buffer_is_written_whole_and_in_order(void **state)
{
    (void)state;
    char path[] = "/tmp/davscope-writer-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static uint8_t large[3 * WRITER_BUFFER_BYTES], got[sizeof large + 2];
    memset(large, 'x', sizeof large);
    struct writer writer;
    writer_init(&writer, fd, false);
    writer_text(&writer, "a");
    writer_bytes(&writer, span_of(large, sizeof large));
    writer_text(&writer, "b");
    assert_int_equal(writer_close(&writer), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    struct span all = read_pipe(fd, got, sizeof got);
    assert_int_equal(all.len, sizeof got);
    assert_int_equal(all.ptr[0], 'a');
    assert_memory_equal(all.ptr + 1, large, sizeof large);
    assert_int_equal(all.ptr[all.len - 1], 'b');
    (void)close(fd);
    (void)unlink(path);
}

static void a_reader_that_went_away_is_a_quiet_error(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(close(ends[0]), 0);
    struct writer writer;
    writer_init(&writer, ends[1], false);
    writer_text(&writer, "a");
    assert_false(writer_is_closed(&writer));
    writer_flush(&writer);
    assert_true(writer_is_closed(&writer));
    writer_text(&writer, "b");
    assert_int_equal(writer_span(&writer).len, 0);
    assert_int_equal(writer_close(&writer), EPIPE);
    (void)close(ends[1]);
}

static void a_full_disk_is_an_error_that_stays(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0)
        skip();
    struct writer writer;
    writer_init(&writer, fd, false);
    writer_text(&writer, "a");
    writer_flush(&writer);
    assert_int_equal(writer.error, ENOSPC);
    assert_false(writer_is_closed(&writer));
    assert_int_equal(writer_close(&writer), ENOSPC);
    (void)close(fd);
}

static void a_file_that_cannot_be_created_is_an_error(void **state)
{
    (void)state;
    struct writer writer;
    writer_create(&writer, "/nowhere/at/all", 0666);
    assert_int_equal(writer.error, ENOENT);
    writer_text(&writer, "a");
    assert_int_equal(writer_close(&writer), ENOENT);
    assert_int_equal(writer_close(&writer), ENOENT);
}

static void memory_keeps_what_fits(void **state)
{
    (void)state;
    struct writer writer;
    writer_init_memory(&writer, 4);
    writer_text(&writer, "abc");
    writer_text(&writer, "de");
    writer_text(&writer, "f");
    assert_int_equal(writer.error, EFBIG);
    assert_true(span_equal(writer_span(&writer), span_str("abc")));
    (void)writer_close(&writer);
}

static void a_format_too_long_is_an_error_not_a_cut(void **state)
{
    (void)state;
    struct writer writer;
    writer_init_memory(&writer, 1 << 20);
    writer_format(&writer, "%2000d", 1);
    assert_int_equal(writer.error, EOVERFLOW);
    assert_int_equal(writer_span(&writer).len, 0);
    (void)writer_close(&writer);
}

static void colours_appear_only_when_asked_for(void **state)
{
    (void)state;
    struct written plain;
    written_begin(&plain);
    writer_colour(&plain.writer, COLOUR_BAD);
    writer_text(&plain.writer, "a");
    writer_plain(&plain.writer);
    assert_string_equal(written_text(&plain), "a");
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct writer writer;
    writer_init(&writer, ends[1], true);
    writer_colour(&writer, COLOUR_BAD);
    writer_text(&writer, "a");
    writer_plain(&writer);
    assert_int_equal(writer_close(&writer), 0);
    uint8_t got[32];
    ssize_t n = read(ends[0], got, sizeof got);
    assert_true(span_equal(span_of(got, (size_t)n), span_str("\x1b[1;31ma\x1b[0m")));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_reaches_the_descriptor_at_flush),
        cmocka_unit_test(text_larger_than_the_buffer_is_written_whole_and_in_order),
        cmocka_unit_test(a_reader_that_went_away_is_a_quiet_error),
        cmocka_unit_test(a_full_disk_is_an_error_that_stays),
        cmocka_unit_test(a_file_that_cannot_be_created_is_an_error),
        cmocka_unit_test(memory_keeps_what_fits),
        cmocka_unit_test(a_format_too_long_is_an_error_not_a_cut),
        cmocka_unit_test(colours_appear_only_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
