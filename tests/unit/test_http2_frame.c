/* http2_frame: what a frame header may look like, and what is around the content. */
#include "dissector/http/http2_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { STREAM_0 = 0, STREAM_1 = 1 };

static struct http2_frame frame_of(enum http2_type type, uint8_t flags, uint32_t stream,
                                   uint32_t len)
{
    return (struct http2_frame){
        .len = len, .type = (uint8_t)type, .flags = flags, .stream = stream};
}

static void expect_problem(struct http2_frame frame, const char *problem)
{
    assert_non_null(http2_frame_problem(&frame));
    assert_string_equal(http2_frame_problem(&frame), problem);
}

static void expect_right(struct http2_frame frame)
{
    assert_null(http2_frame_problem(&frame));
}

static void a_header_is_read_without_its_reserved_bit(void **state)
{
    (void)state;
    const uint8_t header[] = {1, 2, 3, 4, 5, 0x87, 6, 5, 4};
    struct http2_frame frame = http2_frame_read(span_of(header, sizeof header));
    assert_int_equal(frame.len, 0x010203);
    assert_int_equal(frame.type, 4);
    assert_int_equal(frame.flags, 5);
    assert_int_equal(frame.stream, 0x07060504);
}

static void frames_on_a_wrong_stream_are_told(void **state)
{
    (void)state;
    expect_problem(frame_of(HTTP2_DATA, 0, STREAM_0, 1), "DATA on stream 0");
    expect_problem(frame_of(HTTP2_HEADERS, 0, STREAM_0, 1), "HEADERS on stream 0");
    expect_problem(frame_of(HTTP2_PRIORITY, 0, STREAM_0, 5), "PRIORITY on stream 0");
    expect_problem(frame_of(HTTP2_RST_STREAM, 0, STREAM_0, 4), "RST_STREAM on stream 0");
    expect_problem(frame_of(HTTP2_PUSH_PROMISE, 0, STREAM_0, 4), "PUSH_PROMISE on stream 0");
    expect_problem(frame_of(HTTP2_CONTINUATION, 0, STREAM_0, 4), "CONTINUATION on stream 0");
    expect_problem(frame_of(HTTP2_SETTINGS, 0, STREAM_1, 0), "SETTINGS on a stream");
    expect_problem(frame_of(HTTP2_PING, 0, STREAM_1, 8), "PING on a stream");
    expect_problem(frame_of(HTTP2_GOAWAY, 0, STREAM_1, 8), "GOAWAY on a stream");
    expect_right(frame_of(HTTP2_WINDOW_UPDATE, 0, STREAM_0, 4));
    expect_right(frame_of(HTTP2_WINDOW_UPDATE, 0, STREAM_1, 4));
}

static void frames_of_a_wrong_length_are_told(void **state)
{
    (void)state;
    expect_problem(frame_of(HTTP2_PRIORITY, 0, 1, 4), "PRIORITY of a wrong length");
    expect_problem(frame_of(HTTP2_RST_STREAM, 0, 1, 5), "RST_STREAM of a wrong length");
    expect_problem(frame_of(HTTP2_SETTINGS, 0, 0, 5), "SETTINGS of a wrong length");
    expect_problem(frame_of(HTTP2_SETTINGS, HTTP2_ACK, 0, 6), "SETTINGS of a wrong length");
    expect_problem(frame_of(HTTP2_PUSH_PROMISE, 0, 1, 3), "PUSH_PROMISE of a wrong length");
    expect_problem(frame_of(HTTP2_PING, 0, 0, 7), "PING of a wrong length");
    expect_problem(frame_of(HTTP2_GOAWAY, 0, 0, 7), "GOAWAY of a wrong length");
    expect_problem(frame_of(HTTP2_WINDOW_UPDATE, 0, 0, 3), "WINDOW_UPDATE of a wrong length");
    expect_right(frame_of(HTTP2_SETTINGS, 0, 0, 12));
    expect_right(frame_of(HTTP2_DATA, 0, 1, 0));
    expect_right(frame_of((enum http2_type)200, 0xff, 0, 0)); /* an extension may be anything */
}

static bool is_plausible(const uint8_t header[HTTP2_FRAME_BYTES])
{
    return http2_frame_is_plausible(span_of(header, HTTP2_FRAME_BYTES), HTTP2_MIN_MAX_FRAME);
}

static void only_headers_of_known_frames_are_plausible(void **state)
{
    (void)state;
    const uint8_t right[] = {0, 0x40, 0, HTTP2_DATA, HTTP2_END_STREAM, 0, 0, 0, 1};
    const uint8_t too_long[] = {0, 0x40, 1, HTTP2_DATA, 0, 0, 0, 0, 1};
    const uint8_t unknown_type[] = {0, 0, 1, 10, 0, 0, 0, 0, 1};
    const uint8_t unknown_flag[] = {0, 0, 1, HTTP2_DATA, 2, 0, 0, 0, 1};
    const uint8_t reserved[] = {0, 0, 1, HTTP2_DATA, 0, 0x80, 0, 0, 1};
    const uint8_t zeros[HTTP2_FRAME_BYTES] = {0};
    assert_true(is_plausible(right));
    assert_false(is_plausible(too_long));
    assert_false(is_plausible(unknown_type));
    assert_false(is_plausible(unknown_flag));
    assert_false(is_plausible(reserved));
    assert_false(is_plausible(zeros));
    assert_false(http2_frame_is_plausible(span_of(right, 8), HTTP2_MIN_MAX_FRAME));
}

static void expect_content(struct http2_frame frame, const char *payload, const char *content)
{
    struct span left = span_of(payload, frame.len);
    assert_true(http2_frame_unwrap(&frame, &left));
    assert_true(span_equal(left, span_str(content)));
}

static void padding_and_priority_are_taken_off(void **state)
{
    (void)state;
    struct span cut = span_of("\2a", 2), wrong = span_of("\3ab", 3);
    struct http2_frame headers = frame_of(HTTP2_HEADERS, HTTP2_PADDED, 1, 5);
    expect_content(frame_of(HTTP2_HEADERS, 0, 1, 2), "ab", "ab");
    expect_content(frame_of(HTTP2_HEADERS, HTTP2_PADDED, 1, 5), "\2ab\0\0", "ab");
    expect_content(frame_of(HTTP2_HEADERS, HTTP2_PADDED | HTTP2_HAS_PRIORITY, 1, 8),
                   "\1ppppw"
                   "a\0",
                   "a");
    expect_content(frame_of(HTTP2_HEADERS, HTTP2_PADDED, 1, 3), "\2\0\0", "");
    /* Of a payload whose end is missing what is there. */
    assert_true(http2_frame_unwrap(&headers, &cut));
    assert_true(span_equal(cut, span_str("a")));
    headers.len = 3;
    assert_false(http2_frame_unwrap(&headers, &wrong));
    assert_int_equal(wrong.len, 0);
}

static void every_error_code_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(http2_error_name(0), "NO_ERROR");
    assert_string_equal(http2_error_name(0xd), "HTTP_1_1_REQUIRED");
    assert_string_equal(http2_error_name(0xe), "an unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_read_without_its_reserved_bit),
        cmocka_unit_test(frames_on_a_wrong_stream_are_told),
        cmocka_unit_test(frames_of_a_wrong_length_are_told),
        cmocka_unit_test(only_headers_of_known_frames_are_plausible),
        cmocka_unit_test(padding_and_priority_are_taken_off),
        cmocka_unit_test(every_error_code_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
