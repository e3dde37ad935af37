/* pcapng_writer: what it writes is read back the same by our own reader. */
#include "capture/pcapng_writer.h"

#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct file {
    struct buf content;
    struct pcapng_writer writer;
};

static void keep(void *ctx, struct span blocks)
{
    struct file *file = ctx;
    assert_int_equal(blocks.len % 4, 0);
    assert_int_equal(buf_append(&file->content, blocks), BUF_OK);
}

static void begin(struct file *file)
{
    buf_init(&file->content, (size_t)1 << 26);
    pcapng_writer_init(&file->writer, (struct pcapng_sink){keep, file});
    assert_true(pcapng_writer_begin(&file->writer, "davscope"));
}

static void assert_log(struct file *file, const char *expected)
{
    char *log = capture_log_bytes(buf_span(&file->content));
    assert_string_equal(log, expected);
    free(log);
    pcapng_writer_free(&file->writer);
    buf_free(&file->content);
}

static struct capture_frame frame_of(const char *bytes, int64_t time_ns)
{
    return (struct capture_frame){
        .linktype = 1,
        .wire_len = (uint32_t)strlen(bytes),
        .bytes = span_str(bytes),
        .origin = {.time_ns = time_ns},
    };
}

static void frames_keep_time_length_and_bytes(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    struct capture_frame frame = frame_of("abcd", 1000000000000000001);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    frame = frame_of("abcde", 5);
    frame.wire_len = 1514;
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    frame = frame_of("", 0);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    assert_log(&file, "frame 1 link 1 at 1000000000.000000001 len 4/4 if 0 -: abcd\n"
                      "frame 2 link 1 at 0.000000005 len 5/1514 if 0 -: abcde\n"
                      "frame 3 link 1 at 0.000000000 len 0/0 if 0 -: \n");
}

static void times_before_1970_are_kept(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    struct capture_frame frame = frame_of("abcd", -1999999999);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    frame = frame_of("abcd", 7);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    char *log = capture_log_bytes(buf_span(&file.content));
    assert_non_null(strstr(log, "frame 2 link 1 at 0.000000007 len 4/4 if 1"));
    free(log);
    struct capture *capture;
    struct capture_item item;
    char path[40];
    capture_log_file(buf_span(&file.content), path);
    capture = capture_open(path, NULL);
    assert_int_equal(capture_next(capture, &item), CAPTURE_FRAME);
    assert_true(item.frame.origin.time_ns == -1999999999);
    capture_close(capture);
    remove(path);
    pcapng_writer_free(&file.writer);
    buf_free(&file.content);
}

static void each_capture_interface_and_link_type_is_an_interface(void **state)
{
    (void)state;
    static const char eth0[] = "eth0", eth1[] = "eth1";
    static const struct {
        uint32_t source, interface_id, linktype;
        const char *name;
    } rows[] = {
        {0, 0, 1, eth0},   {0, 1, 1, eth1}, {0, 0, 1, eth0}, {1, 0, 1, NULL},
        {0, 0, 276, eth0}, {1, 0, 1, NULL}, {0, 1, 1, eth1},
    };
    struct file file;
    begin(&file);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct capture_frame frame = frame_of("x", (int64_t)i);
        frame.origin.source = rows[i].source;
        frame.interface_id = rows[i].interface_id;
        frame.linktype = rows[i].linktype;
        frame.interface = rows[i].name;
        assert_true(pcapng_writer_frame(&file.writer, &frame));
    }
    assert_log(&file, "frame 1 link 1 at 0.000000000 len 1/1 if 0 eth0: x\n"
                      "frame 2 link 1 at 0.000000001 len 1/1 if 1 eth1: x\n"
                      "frame 3 link 1 at 0.000000002 len 1/1 if 0 eth0: x\n"
                      "frame 4 link 1 at 0.000000003 len 1/1 if 2 -: x\n"
                      "frame 5 link 276 at 0.000000004 len 1/1 if 3 eth0: x\n"
                      "frame 6 link 1 at 0.000000005 len 1/1 if 2 -: x\n"
                      "frame 7 link 1 at 0.000000006 len 1/1 if 1 eth1: x\n");
}

static void secrets_go_along(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    const struct capture_secrets secrets = {0x544c534b, span_str("CLIENT_RANDOM 00 11\n")};
    assert_true(pcapng_writer_secrets(&file.writer, &secrets));
    struct capture_frame frame = frame_of("x", 1);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    assert_log(&file, "secrets 544c534b: CLIENT_RANDOM 00 11\n\n"
                      "frame 1 link 1 at 0.000000001 len 1/1 if 0 -: x\n");
}

static void a_new_section_describes_its_interfaces_again(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    struct capture_frame frame = frame_of("x", 1);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    assert_true(pcapng_writer_begin(&file.writer, "davscope"));
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    assert_log(&file, "frame 1 link 1 at 0.000000001 len 1/1 if 0 -: x\n"
                      "frame 2 link 1 at 0.000000001 len 1/1 if 0 -: x\n");
}

static void what_the_format_cannot_hold_is_refused_whole(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    struct capture_frame frame = frame_of("x", 1);
    frame.linktype = 65536;
    assert_false(pcapng_writer_frame(&file.writer, &frame));
    uint8_t *large = calloc(1, CAPTURE_MAX_BLOCK_BYTES + 1);
    assert_non_null(large);
    frame = frame_of("x", 1);
    frame.bytes = span_of(large, CAPTURE_MAX_BLOCK_BYTES + 1);
    assert_false(pcapng_writer_frame(&file.writer, &frame));
    free(large);
    frame = frame_of("y", 2);
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    assert_log(&file, "frame 1 link 1 at 0.000000002 len 1/1 if 0 -: y\n");
}

static void interfaces_end_at_their_limit(void **state)
{
    (void)state;
    struct file file;
    begin(&file);
    struct capture_frame frame = frame_of("x", 1);
    for (size_t i = 0; i < CAPTURE_MAX_INTERFACES; i++) {
        frame.interface_id = (uint32_t)i;
        assert_true(pcapng_writer_frame(&file.writer, &frame));
    }
    frame.interface_id++;
    assert_false(pcapng_writer_frame(&file.writer, &frame));
    frame.interface_id = 0;
    assert_true(pcapng_writer_frame(&file.writer, &frame));
    pcapng_writer_free(&file.writer);
    buf_free(&file.content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_keep_time_length_and_bytes),
        cmocka_unit_test(times_before_1970_are_kept),
        cmocka_unit_test(each_capture_interface_and_link_type_is_an_interface),
        cmocka_unit_test(secrets_go_along),
        cmocka_unit_test(a_new_section_describes_its_interfaces_again),
        cmocka_unit_test(what_the_format_cannot_hold_is_refused_whole),
        cmocka_unit_test(interfaces_end_at_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
