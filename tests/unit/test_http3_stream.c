/* http3_stream and quic_join below it: pieces of a stream in, frames out, whatever their order. */
#include "dissector/http/http3_stream.h"

#include "tests/support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MAX_LOG_BYTES = 512 };

struct log {
    char text[MAX_LOG_BYTES];
    size_t n_data;
};

static void add(struct log *log, const char *what, struct span bytes)
{
    size_t at = strlen(log->text);
    snprintf(log->text + at, sizeof log->text - at, "%s%.*s", what, (int)bytes.len,
             bytes.len > 0 ? (const char *)bytes.ptr : "");
}

static void on_section(void *ctx, struct span section)
{
    add(ctx, "|head ", section);
}

static void on_data(void *ctx, struct span bytes)
{
    struct log *log = ctx;
    log->n_data += bytes.len;
    add(log, "", bytes);
}

static void on_setting(void *ctx, uint64_t id, uint64_t value)
{
    char text[64];
    snprintf(text, sizeof text, "|setting %d=%d", (int)id, (int)value);
    add(ctx, text, span_str(""));
}

static void on_encoder(void *ctx, struct span bytes)
{
    add(ctx, "|encoder ", bytes);
}

static const struct http3_ops ops = {on_section, on_data, on_setting, on_encoder};

static void open_stream(struct http3_stream *stream, struct log *log, bool is_bidirectional,
                        const struct limits *limits)
{
    *log = (struct log){.n_data = 0};
    http3_stream_init(stream, limits, is_bidirectional, (struct http3_sink){&ops, log});
}

static enum feed feed(struct http3_stream *stream, uint64_t offset, struct span bytes, bool is_end)
{
    struct quic_piece piece = {offset, bytes, is_end};
    return http3_stream_feed(stream, &piece);
}

/* A head, data in two frames with an unknown one between, trailers. */
static const uint8_t answer[] = "\x01\x05state\x00\x03one\x40\x21\x02zz\x00\x04 two\x01\x03"
                                "end";
static const char told[] = "|head stateone two|head end";
enum { N_ANSWER = sizeof answer - 1 };

static void frames_come_out_however_the_stream_is_cut(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= N_ANSWER; cut++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, true, &limits_default);
        feed(&stream, 0, span_of(answer, cut), false);
        assert_false(http3_stream_has_ended(&stream));
        feed(&stream, cut, span_of(answer + cut, N_ANSWER - cut), true);
        assert_string_equal(log.text, told);
        assert_true(http3_stream_is_whole(&stream));
        http3_stream_free(&stream);
    }
}

/* Every byte in a piece of its own: backwards, each twice, and the odd ones first. */
static void the_order_of_pieces_does_not_matter(void **state)
{
    (void)state;
    for (int order = 0; order < 3; order++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, true, &limits_default);
        for (size_t i = 0; i < 2 * N_ANSWER; i++) {
            size_t odd_first = i < N_ANSWER / 2 ? 2 * i + 1 : 2 * (i - N_ANSWER / 2);
            size_t at = order == 0 ? 2 * N_ANSWER - 1 - i : order == 1 ? i / 2 : odd_first;
            if (at < N_ANSWER)
                feed(&stream, at, span_of(answer + at, 1), at == N_ANSWER - 1);
        }
        assert_string_equal(log.text, told);
        assert_true(http3_stream_is_whole(&stream));
        http3_stream_free(&stream);
    }
}

/* Random pieces that overlap and disagree; of each byte the first copy counts. */
static void overlapping_pieces_keep_the_first_copy(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int round = 0; round < 500; round++) {
        struct http3_stream stream;
        struct log log;
        bool is_taken[N_ANSWER] = {false};
        open_stream(&stream, &log, true, &limits_default);
        for (int i = 0; i < 200; i++) {
            uint8_t bytes[N_ANSWER];
            random = random * 1103515245 + 12345;
            size_t at = (random >> 16) % N_ANSWER, n = (random >> 8) % (N_ANSWER - at + 1);
            for (size_t j = 0; j < n; j++) {
                bytes[j] = is_taken[at + j] ? 0xff : answer[at + j];
                is_taken[at + j] = true;
            }
            feed(&stream, at, span_of(bytes, n), false);
        }
        feed(&stream, 0, span_of(answer, 0), false);
        for (size_t at = 0; at < N_ANSWER; at++)
            if (!is_taken[at])
                feed(&stream, at, span_of(answer + at, 1), false);
        feed(&stream, N_ANSWER, span_of(NULL, 0), true);
        assert_string_equal(log.text, told);
        assert_int_equal(stream.join.held_bytes, 0);
        http3_stream_free(&stream);
    }
}

static void an_end_before_the_bytes_waits_for_them(void **state)
{
    (void)state;
    struct http3_stream stream;
    struct log log;
    open_stream(&stream, &log, true, &limits_default);
    feed(&stream, N_ANSWER, span_of(NULL, 0), true);
    assert_false(http3_stream_has_ended(&stream));
    feed(&stream, 0, span_of(answer, N_ANSWER), false);
    assert_true(http3_stream_has_ended(&stream));
    http3_stream_free(&stream);
}

static void a_stream_that_ends_inside_a_frame_is_not_whole(void **state)
{
    (void)state;
    for (size_t n = 1; n < N_ANSWER; n++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, true, &limits_default);
        feed(&stream, 0, span_of(answer, n), true);
        assert_true(http3_stream_has_ended(&stream));
        bool is_between = n == 7 || n == 12 || n == 17 || n == 23;
        assert_int_equal(http3_stream_is_whole(&stream), is_between);
        http3_stream_free(&stream);
    }
}

static void control_streams_tell_settings_and_encoder_streams_their_bytes(void **state)
{
    (void)state;
    static const uint8_t control[] = {0, 4, 4, 1, 0x50, 0, 7, 4, 2, 1, 6, 6, 0, 0};
    static const uint8_t encoder[] = {2, 'a', 'b'}, push[] = {1, 0, 1, 1, 'x'},
                         unknown[] = {0x40, 0x21, 1, 1, 'x'};
    static const struct {
        struct span bytes;
        const char *told;
        bool is_encoder;
    } cases[] = {
        {{control, sizeof control}, "|setting 1=4096|setting 1=6", false},
        {{encoder, sizeof encoder}, "|encoder ab", true},
        {{push, sizeof push}, "", false},
        {{unknown, sizeof unknown}, "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, false, &limits_default);
        feed(&stream, 0, cases[i].bytes, false);
        assert_string_equal(log.text, cases[i].told);
        assert_int_equal(http3_stream_is_encoder(&stream), cases[i].is_encoder);
        http3_stream_free(&stream);
    }
}

static void a_head_longer_than_max_head_bytes_is_passed_over(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    struct http3_stream stream;
    struct log log;
    limits.max_head_bytes = 4;
    open_stream(&stream, &log, true, &limits);
    assert_int_equal(feed(&stream, 0, span_of(answer, N_ANSWER), true), FEED_OK);
    assert_string_equal(log.text, "one two|head end");
    http3_stream_free(&stream);
}

static void too_much_that_waits_gives_the_stream_up(void **state)
{
    (void)state;
    struct limits bytes = limits_default, holes = limits_default;
    bytes.max_reorder_bytes = 3;
    holes.max_stream_holes = 3;
    for (int kind = 0; kind < 2; kind++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, true, kind == 0 ? &bytes : &holes);
        for (uint64_t at = 1; at <= 3; at++)
            assert_int_equal(feed(&stream, 2 * at, span_str("x"), false), FEED_OK);
        assert_int_equal(feed(&stream, 8, span_str("x"), false), FEED_STOP);
        assert_int_equal(feed(&stream, 0, span_of(answer, N_ANSWER), true), FEED_STOP);
        assert_string_equal(log.text, "");
        http3_stream_free(&stream);
    }
}

static void offsets_at_the_end_of_all_numbers_do_no_harm(void **state)
{
    (void)state;
    struct http3_stream stream;
    struct log log;
    open_stream(&stream, &log, true, &limits_default);
    feed(&stream, UINT64_MAX, span_str("xyz"), true);
    feed(&stream, UINT64_MAX - 1, span_str("xyz"), true);
    feed(&stream, (UINT64_C(1) << 62) - 4, span_str("xyz"), false);
    feed(&stream, 0, span_of(answer, N_ANSWER), false);
    assert_string_equal(log.text, told);
    http3_stream_free(&stream);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    bool has_failed = true;
    for (uint64_t n = 1; has_failed; n++) {
        struct http3_stream stream;
        struct log log;
        open_stream(&stream, &log, true, &limits_default);
        alloc_fail_at(n);
        enum feed first = feed(&stream, 3, span_of(answer + 3, N_ANSWER - 3), true);
        enum feed second = feed(&stream, 0, span_of(answer, 3), false);
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        assert_int_equal(first == FEED_NOMEM || second == FEED_NOMEM, has_failed);
        http3_stream_free(&stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_out_however_the_stream_is_cut),
        cmocka_unit_test(the_order_of_pieces_does_not_matter),
        cmocka_unit_test(overlapping_pieces_keep_the_first_copy),
        cmocka_unit_test(an_end_before_the_bytes_waits_for_them),
        cmocka_unit_test(a_stream_that_ends_inside_a_frame_is_not_whole),
        cmocka_unit_test(control_streams_tell_settings_and_encoder_streams_their_bytes),
        cmocka_unit_test(a_head_longer_than_max_head_bytes_is_passed_over),
        cmocka_unit_test(too_much_that_waits_gives_the_stream_up),
        cmocka_unit_test(offsets_at_the_end_of_all_numbers_do_no_harm),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
