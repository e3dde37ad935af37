/* What each segment of a connection makes of the two streams, told as a story (stream_log.h). */
#include "dissector/net/tcp.h"
#include "tests/support/stream_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

/* Sequence numbers of the first bytes; side 1's wrap at its 17th byte. */
static const uint32_t begin[2] = {1000, 0xFFFFFFF0};

static struct limits limits;
static struct tcp_stats stats;
static struct stream_log stream_log;
static struct tcp tcp;
static struct origin origin;

static int open_tcp(void **state)
{
    (void)state;
    limits = limits_default;
    stats = (struct tcp_stats){0};
    origin = (struct origin){.time_ns = 1000 * SECOND_NS};
    stream_log_init(&stream_log);
    struct stream_sink sinks[2] = {stream_log_sink(&stream_log, 0),
                                   stream_log_sink(&stream_log, 1)};
    tcp_init(&tcp, &limits, &stats, sinks);
    return 0;
}

static int close_tcp(void **state)
{
    (void)state;
    tcp_free(&tcp);
    tcp_free(&tcp);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    stream_log_free(&stream_log);
    return 0;
}

/* A segment of side at an offset in its stream that acknowledges the peer's up to another. */
static struct segment make(int side, uint32_t at, uint32_t ack, const char *text)
{
    return (struct segment){.seq = begin[side] + at,
                            .ack = begin[!side] + ack,
                            .flags = SEGMENT_ACK,
                            .payload = span_str(text)};
}

static enum feed feed(int side, struct segment segment)
{
    origin.ordinal++;
    origin.frame++;
    segment.origin = origin;
    return tcp_feed(&tcp, side, &segment);
}

static void send(int side, uint32_t at, uint32_t ack, const char *text)
{
    assert_int_equal(feed(side, make(side, at, ack, text)), FEED_OK);
}

static void send_flags(int side, uint32_t at, uint32_t ack, uint8_t flags)
{
    struct segment segment = make(side, at, ack, "");
    segment.flags = flags;
    feed(side, segment);
}

static void shake_hands(void)
{
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    send(0, 0, 0, "");
}

static void fin(int side, uint32_t at, uint32_t ack)
{
    send_flags(side, at, ack, SEGMENT_FIN | SEGMENT_ACK);
}

static void finish(enum end why)
{
    tcp_finish(&tcp, why, &origin);
    assert_true(tcp_is_closed(&tcp));
}

static void assert_story(const char *expected)
{
    assert_string_equal(stream_log_story(&stream_log), expected);
}

static void a_conversation_in_order_is_passed_on_without_holding(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    send(1, 0, 3, "200");
    send(1, 3, 3, " OK");
    send(0, 3, 6, "PUT");
    send(1, 6, 6, "201");
    fin(1, 9, 6);
    fin(0, 6, 10);
    assert_story("0'GET' 1'200 OK' 0'PUT' 1'201' 1(fin) 0(fin)");
    assert_true(tcp_is_closed(&tcp));
    assert_int_equal(stats.n_reordered + stats.n_retransmitted + stats.n_gaps, 0);
}

static void neighbours_in_the_wrong_order_are_put_right(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "def");
    assert_story("");
    assert_true(tcp_buffered_bytes(&tcp) > 0);
    send(0, 0, 0, "abc");
    assert_story("0'abcdef'");
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    assert_int_equal(stats.n_reordered, 1);
}

static void a_response_captured_before_its_request_waits_for_it(void **state)
{
    (void)state;
    shake_hands();
    send(1, 0, 3, "200");
    assert_story("");
    send(0, 0, 0, "GET");
    assert_story("0'GET' 1'200'");
}

static void a_hole_is_a_gap_at_the_end(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 5, 0, "fgh");
    finish(END_CAPTURE);
    assert_story("0'abc' 0(gap 2) 0'fgh' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 1);
    assert_int_equal(stats.missing_bytes, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_tcp, close_tcp)
    const struct CMUnitTest tests[] = {
        TEST(a_conversation_in_order_is_passed_on_without_holding),
        TEST(neighbours_in_the_wrong_order_are_put_right),
        TEST(a_response_captured_before_its_request_waits_for_it),
        TEST(a_hole_is_a_gap_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
