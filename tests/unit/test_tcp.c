/* What each segment of a connection makes of the two streams, told as a story (stream_log.h). */
#include "dissector/net/tcp.h"
#include "tests/support/alloc.h"
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
    limits.reorder_frames = 0;
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

static void send_cut(int side, uint32_t at, const char *text, uint32_t cut_bytes)
{
    struct segment segment = make(side, at, 0, text);
    segment.cut_bytes = cut_bytes;
    assert_int_equal(feed(side, segment), FEED_OK);
}

/* len bytes of 'x'. */
static enum feed send_many(int side, uint32_t at, uint32_t ack, size_t len)
{
    static uint8_t many[1 << 20];
    assert_true(len <= sizeof many);
    memset(many, 'x', sizeof many);
    struct segment segment = make(side, at, ack, "");
    segment.payload = span_of(many, len);
    return feed(side, segment);
}

static void send_flags(int side, uint32_t at, uint32_t ack, uint8_t flags)
{
    struct segment segment = make(side, at, ack, "");
    segment.flags = flags;
    (void)feed(side, segment);
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

static void what_was_captured_first_comes_first(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "def");
    send(1, 0, 6, "200");
    send(1, 3, 6, "404");
    send(0, 6, 3, "ghi");
    send(0, 0, 0, "abc");
    assert_story("0'abcdef' 1'200404' 0'ghi'");
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

/* Order of one side. */

static void sequence_numbers_wrap_without_notice(void **state)
{
    (void)state;
    shake_hands();
    send(1, 0, 0, "0123456789");
    send(1, 20, 0, "uvwxyz");
    send(1, 10, 0, "abcdefghij");
    assert_story("1'0123456789abcdefghijuvwxyz'");
}

static void many_segments_in_reverse_order_are_put_right(void **state)
{
    (void)state;
    shake_hands();
    for (uint32_t at = 16000; at > 0; at--)
        send(0, at, 0, at % 2 ? "b" : "a");
    assert_story("");
    send(0, 0, 0, "a");
    assert_int_equal(stream_log.side[0].bytes.len, 16001);
    for (size_t i = 0; i < 16001; i++)
        assert_int_equal(stream_log.side[0].bytes.ptr[i], i % 2 ? 'b' : 'a');
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
}

static void held_bytes_keep_the_origin_of_their_own_segment(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "def");
    uint64_t ordinal = origin.ordinal;
    send(0, 0, 0, "abc");
    assert_int_equal(stream_log.side[0].last.ordinal, ordinal);
}

/* Whether the last bytes of side came from that offset in its stream, and their sender had seen so
 * much of the peer's. */
static void assert_places(int side, uint32_t sent_at, uint32_t seen_to)
{
    const struct origin *last = &stream_log.side[side].last;
    assert_int_equal((uint32_t)last->sent_at, begin[side] + sent_at);
    assert_int_equal((uint32_t)last->seen_to, begin[!side] + seen_to);
}

static void bytes_tell_their_place_and_what_their_sender_had_seen(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    assert_places(0, 0, 0);
    send(1, 0, 3, "200");
    send(1, 3, 3, " OK");
    assert_places(1, 3, 3);
    send(0, 6, 6, "ghi");
    send(0, 3, 4, "def");
    assert_places(0, 6, 6);
}

static void what_made_up_segments_acknowledge_tells_nothing(void **state)
{
    (void)state;
    struct segment segment = make(0, 0, 0, "abc");
    segment.ack = 1;
    assert_int_equal(feed(0, segment), FEED_OK);
    finish(END_CAPTURE);
    assert_true(stream_log.side[0].bytes.len == 3);
    assert_int_equal(stream_log.side[0].last.seen_to, 0);
}

/* Without a handshake, and with one number that all segments acknowledge, if any. */
static void play_made_up(uint8_t flags, uint32_t ack)
{
    static const char *const texts[] = {"GET", "200", "PUT", "201"};
    for (uint32_t i = 0; i < 4; i++) {
        struct segment segment = make((int)i % 2, i / 2 * 3, 0, texts[i]);
        segment.flags = flags;
        segment.ack = ack;
        assert_int_equal(feed((int)i % 2, segment), FEED_OK);
    }
    finish(END_CAPTURE);
    assert_story("0'GET' 1'200' 0'PUT' 1'201' 0(capture) 1(capture)");
}

static void made_up_segments_come_as_they_were_captured(void **state)
{
    (void)state;
    play_made_up(SEGMENT_ACK, 0);
}

static void made_up_segments_without_acknowledgements_come_as_they_were_captured(void **state)
{
    (void)state;
    play_made_up(0, 0);
}

static void what_waits_for_the_beginning_of_the_other_side_is_limited(void **state)
{
    (void)state;
    struct segment segment = make(0, 0, 0, "GET");
    segment.flags = 0;
    assert_int_equal(feed(0, segment), FEED_OK);
    origin.time_ns += limits.reorder_quiet_ns;
    segment = make(1, 0, 0, "200");
    segment.flags = 0;
    assert_int_equal(feed(1, segment), FEED_OK);
    limits.max_reorder_segments = 1;
    for (uint32_t i = 0; i < 2; i++) {
        segment = make(0, 3 + 3 * i, 0, "PUT");
        segment.flags = 0;
        assert_int_equal(feed(0, segment), FEED_OK);
    }
    assert_story("0'GET' 1'200' 0'PUTPUT'");
}

static void buffered_bytes_count_payload_and_bookkeeping(void **state)
{
    (void)state;
    shake_hands();
    assert_int_equal(send_many(0, 10, 0, 100000), FEED_OK);
    assert_in_range(tcp_buffered_bytes(&tcp), 100001, 101000);
    send(0, 200000, 0, "x");
    assert_in_range(tcp_buffered_bytes(&tcp), 100050, 101000);
}

/* Order between the sides. */

static void neighbours_of_both_sides_are_put_right_together(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 3, "PUT");
    send(1, 3, 6, "201");
    send(1, 0, 3, "200");
    send(0, 0, 0, "GET");
    assert_story("0'GET' 1'200' 0'PUT' 1'201'");
}

static void where_both_sides_acknowledge_each_other_side_0_goes_first(void **state)
{
    (void)state;
    shake_hands();
    send(1, 0, 3, "200");
    send(0, 0, 3, "GET");
    assert_story("0'GET' 1'200'");
}

static void an_earlier_copy_frees_held_bytes_from_what_a_later_one_acknowledged(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 3, "GET");
    assert_story("");
    send(0, 0, 0, "GET");
    assert_story("0'GET'");
}

static void a_response_to_a_lost_request_comes_behind_the_gap(void **state)
{
    (void)state;
    shake_hands();
    send(1, 0, 3, "200");
    assert_story("");
    origin.time_ns += limits.reorder_ns;
    assert_int_equal(tcp_tick(&tcp, &origin), FEED_OK);
    assert_story("0(gap 3) 1'200'");
    send(0, 3, 3, "PUT");
    send(1, 3, 6, "201");
    assert_story("0(gap 3) 1'200' 0'PUT' 1'201'");
}

static void a_gap_ends_where_held_bytes_of_the_same_side_begin(void **state)
{
    (void)state;
    shake_hands();
    send(0, 5, 3, "B");
    send(1, 0, 6, "200");
    finish(END_CAPTURE);
    assert_story("0(gap 5) 0'B' 1'200' 0(capture) 1(capture)");
}

static void of_two_holes_the_one_noticed_first_is_given_up_first(void **state)
{
    (void)state;
    shake_hands();
    send(1, 3, 0, "second");
    send(0, 3, 0, "second");
    finish(END_CAPTURE);
    assert_story("1(gap 3) 1'second' 0(gap 3) 0'second' 0(capture) 1(capture)");
}

/* One direction. */

static void a_direction_alone_is_delivered_at_once_when_it_acknowledges_nothing_new(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 0, "GET");
    send(0, 3, 0, "PUT");
    assert_story("0'GETPUT'");
}

static void a_direction_alone_waits_once_and_then_no_more(void **state)
{
    (void)state;
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    send(1, 0, 3, "200");
    assert_story("");
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    assert_story("1'200'");
    send(1, 3, 600, "201");
    send(1, 6, 700, "204");
    assert_story("1'200201204'");
    finish(END_CAPTURE);
    assert_story("1'200201204' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 0);
}

static void a_direction_alone_waits_for_no_more_than_the_start_limit(void **state)
{
    (void)state;
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    assert_int_equal(send_many(1, 0, 3, TCP_START_BYTES), FEED_OK);
    assert_int_equal(stream_log.side[1].n_calls, 0);
    send(1, TCP_START_BYTES, 3, "x");
    assert_int_equal(stream_log.side[1].bytes.len, TCP_START_BYTES + 1);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
}

static void a_direction_that_turns_up_late_is_waited_for_again(void **state)
{
    (void)state;
    a_direction_alone_waits_once_and_then_no_more(state);
    close_tcp(NULL);
    open_tcp(NULL);
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    send(1, 0, 3, "200");
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    send(0, 3, 3, "PUT");
    send(1, 3, 12, "201");
    send(0, 6, 3, "DELETE");
    finish(END_CAPTURE);
    assert_story("1'200' 0(gap 3) 0'PUTDELETE' 1'201' 0(capture) 1(capture)");
}

/* Beginning. */

static void data_on_the_syn_is_delivered(void **state)
{
    (void)state;
    struct segment syn = make(0, UINT32_MAX, 0, "early");
    syn.flags = SEGMENT_SYN;
    assert_int_equal(feed(0, syn), FEED_OK);
    send(0, 5, 0, "later");
    assert_story("0'earlylater'");
}

static void a_syn_captured_behind_the_data_still_begins_the_stream(void **state)
{
    (void)state;
    send(0, 3, 0, "def");
    send(0, 0, 0, "abc");
    assert_story("");
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    assert_story("0'abcdef'");
    assert_int_equal(stats.n_gaps, 0);
}

static void the_syn_ack_tells_where_the_other_side_began(void **state)
{
    (void)state;
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    send(0, 3, 0, "def");
    assert_story("");
    send(0, 0, 0, "abc");
    assert_story("0'abcdef'");
}

static void a_lost_syn_ack_changes_nothing(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 0, "GET");
    send(1, 0, 3, "200");
    send(0, 3, 3, "PUT");
    send(1, 3, 6, "201");
    finish(END_CAPTURE);
    assert_story("0'GET' 1'200' 0'PUT' 1'201' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 0);
}

static void joined_midway_a_stream_begins_with_its_first_byte_and_without_a_gap(void **state)
{
    (void)state;
    send(0, 700, 50, "GET");
    send(1, 50, 703, "200");
    assert_story("");
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    assert_story("0'GET' 1'200'");
    send(0, 703, 53, "PUT");
    assert_story("0'GET' 1'200' 0'PUT'");
    assert_int_equal(stats.n_gaps, 0);
}

static void joined_midway_what_was_sent_behind_the_first_request_and_not_seen_is_a_gap(void **state)
{
    (void)state;
    send(0, 700, 50, "GET");
    send(0, 703, 53, "PUT");
    send(1, 53, 706, "201");
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 0'PUT' 1'201' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 1);
    assert_int_equal(stats.missing_bytes, 3);
}

static void joined_midway_a_gap_comes_behind_what_was_sent_before_it_in_any_order(void **state)
{
    (void)state;
    send(0, 703, 53, "PUT");
    send(1, 53, 706, "201");
    send(0, 700, 50, "GET");
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 0'PUT' 1'201' 0(capture) 1(capture)");
}

static void a_hole_within_which_the_peer_spoke_is_a_gap_before_and_one_behind_that(void **state)
{
    (void)state;
    shake_hands();
    send(1, 6, 6, "201");
    send(0, 3, 3, "PUT");
    send(0, 0, 0, "GET");
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 0'PUT' 1(gap 3) 1'201' 0(capture) 1(capture)");
}

static void
of_two_holes_the_one_comes_first_behind_which_nothing_of_the_other_is_acknowledged(void **state)
{
    (void)state;
    shake_hands();
    send(1, 3, 6, "200");
    send(0, 3, 0, "PUT");
    finish(END_CAPTURE);
    assert_story("0(gap 3) 0'PUT' 1(gap 3) 1'200' 0(capture) 1(capture)");
}

static void a_hole_ends_where_what_the_peer_says_behind_its_own_hole_acknowledges_it(void **state)
{
    (void)state;
    shake_hands();
    send(1, 6, 9, "201");
    send(0, 6, 3, "PUT");
    finish(END_CAPTURE);
    assert_story("1(gap 3) 0(gap 6) 0'PUT' 1(gap 3) 1'201' 0(capture) 1(capture)");
}

static void a_fin_that_was_acknowledged_before_it_was_captured_is_no_part_of_a_gap(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    fin(0, 3, 4);
    fin(1, 3, 3);
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 1(fin) 0(fin)");
    assert_int_equal(stats.missing_bytes, 3);
}

static void a_lost_syn_ack_hides_no_gap_before_the_first_answer(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 0, "GET");
    send(0, 3, 3, "PUT");
    send(1, 3, 6, "201");
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 0'PUT' 1'201' 0(capture) 1(capture)");
}

/* The first PUT asks when the first answer had come, and no byte of the second. */
static void a_lost_syn_ack_moves_no_gap_before_the_request_that_came_first(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 0, "GET");
    send(0, 3, 3, "PUT");
    send(1, 5, 6, "1");
    finish(END_CAPTURE);
    assert_story("0'GET' 1(gap 3) 0'PUT' 1(gap 2) 1'1' 0(capture) 1(capture)");
}

static void requests_sent_together_do_not_make_a_gap_before_the_first_answer(void **state)
{
    (void)state;
    send(0, 700, 50, "GET");
    send(0, 703, 50, "PUT");
    send(1, 50, 706, "200");
    send(1, 53, 706, "201");
    finish(END_CAPTURE);
    assert_story("0'GETPUT' 1'200201' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 0);
}

static void joined_in_an_answer_what_was_on_its_way_before_is_no_gap(void **state)
{
    (void)state;
    send(0, 700, 50, "");
    send(1, 60, 700, "rest");
    send(0, 700, 64, "PUT");
    send(1, 64, 703, "201");
    finish(END_CAPTURE);
    assert_story("1'rest' 0'PUT' 1'201' 0(capture) 1(capture)");
    assert_int_equal(stats.n_gaps, 0);
}

static void joined_midway_no_more_than_the_start_limit_waits(void **state)
{
    (void)state;
    for (uint32_t at = 0; at <= TCP_START_BYTES; at += 1024)
        assert_int_equal(send_many(0, 5000 + at, 0, 1024), FEED_OK);
    assert_int_equal(stream_log.side[0].bytes.len, TCP_START_BYTES + 1024);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
}

static void joined_midway_segments_in_reverse_order_lose_nothing(void **state)
{
    (void)state;
    send(0, 106, 50, "ghi");
    send(0, 103, 50, "def");
    send(0, 100, 50, "abc");
    finish(END_CAPTURE);
    assert_story("0'abcdefghi' 0(capture) 1(capture)");
}

static void a_connection_of_nothing_but_acknowledgements_ends_quietly(void **state)
{
    (void)state;
    send(0, 700, 50, "");
    send(1, 50, 700, "");
    fin(0, 700, 50);
    fin(1, 50, 701);
    finish(END_IDLE);
    assert_story("0(fin) 1(fin)");
}

static void whether_the_beginning_was_seen_is_known_of_each_side(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    assert_true(tcp_has_beginning(&tcp, 0));
    assert_false(tcp_has_beginning(&tcp, 1));
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    assert_true(tcp_has_beginning(&tcp, 1));
    close_tcp(state);
    open_tcp(state);
    send(1, 0, 3, "200");
    assert_false(tcp_has_beginning(&tcp, 1));
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    assert_true(tcp_has_beginning(&tcp, 1));
    assert_true(tcp_has_beginning(&tcp, 0));
    close_tcp(state);
    open_tcp(state);
    send(0, 0, 0, "GET");
    finish(END_CAPTURE);
    assert_false(tcp_has_beginning(&tcp, 0));
}

static void what_a_side_says_first_tells_where_the_other_one_begins(void **state)
{
    (void)state;
    for (int has_lost = 0; has_lost < 2; has_lost++) {
        close_tcp(state);
        open_tcp(state);
        send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
        send(0, 0, 0, "GET");
        assert_true(tcp_has_beginning(&tcp, 1)); /* the SYN+ACK may be captured late */
        send(1, has_lost ? 3 : 0, 3, "200");
        finish(END_CAPTURE);
        assert_true(tcp_has_beginning(&tcp, 1));
        assert_int_equal(stats.n_gaps, has_lost);
    }
}

static void what_came_before_the_first_words_of_the_other_side_tells_no_beginning(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 12, "GET");
    send(1, 7, 0, "ready");
    finish(END_CAPTURE);
    assert_false(tcp_has_beginning(&tcp, 1));
}

/* Holes and their limits. */

static void a_hole_is_given_up_when_more_bytes_than_the_limit_wait(void **state)
{
    (void)state;
    limits.max_reorder_bytes = 10;
    shake_hands();
    send(0, 3, 0, "0123456789");
    assert_story("");
    send(0, 13, 0, "x");
    assert_story("0(gap 3) 0'0123456789x'");
}

static void a_hole_is_given_up_when_more_segments_than_the_limit_wait(void **state)
{
    (void)state;
    limits.max_reorder_segments = 3;
    shake_hands();
    send(0, 3, 0, "a");
    send(0, 5, 0, "b");
    send(0, 7, 0, "c");
    assert_story("");
    send(0, 9, 0, "d");
    assert_story("0(gap 3) 0'a'");
    send(0, 11, 0, "e");
    assert_story("0(gap 3) 0'a' 0(gap 1) 0'b'");
}

static void a_hole_is_given_up_after_its_time_by_a_tick(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "abc");
    origin.time_ns += limits.reorder_ns - 1;
    tcp_tick(&tcp, &origin);
    assert_story("");
    origin.time_ns++;
    tcp_tick(&tcp, &origin);
    assert_story("0(gap 3) 0'abc'");
}

static void a_hole_is_given_up_after_its_time_by_the_next_segment(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "abc");
    origin.time_ns += limits.reorder_ns;
    send(1, 0, 0, "");
    assert_story("0(gap 3) 0'abc'");
}

static void a_hole_in_a_slow_capture_waits_until_enough_frames_have_come(void **state)
{
    (void)state;
    limits.reorder_frames = 3;
    shake_hands();
    send(0, 3, 0, "abc");
    origin.time_ns += limits.reorder_ns;
    send(1, 0, 0, "");
    send(1, 0, 0, "");
    assert_story("");
    send(1, 0, 0, "");
    assert_story("0(gap 3) 0'abc'");
}

static void a_hole_where_nothing_more_is_captured_waits_its_longest_time(void **state)
{
    (void)state;
    limits.reorder_frames = 3;
    shake_hands();
    send(0, 3, 0, "abc");
    origin.time_ns += limits.reorder_quiet_ns - 1;
    tcp_tick(&tcp, &origin);
    assert_story("");
    origin.time_ns++;
    tcp_tick(&tcp, &origin);
    assert_story("0(gap 3) 0'abc'");
}

static void each_hole_has_its_own_time(void **state)
{
    (void)state;
    shake_hands();
    send(0, 3, 0, "abc");
    origin.time_ns += limits.reorder_ns / 2;
    send(0, 9, 0, "ghi");
    origin.time_ns += limits.reorder_ns / 2;
    tcp_tick(&tcp, &origin);
    assert_story("0(gap 3) 0'abc'");
    send(0, 6, 0, "def");
    assert_story("0(gap 3) 0'abcdefghi'");
}

static void a_copy_that_comes_too_late_is_a_retransmission(void **state)
{
    (void)state;
    a_hole_is_given_up_after_its_time_by_a_tick(state);
    send(0, 0, 0, "xyz");
    assert_story("0(gap 3) 0'abc'");
    assert_int_equal(stats.n_retransmitted, 1);
}

static void bytes_the_peer_acknowledged_and_nobody_saw_are_a_gap_at_the_end(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(1, 0, 10, "");
    finish(END_IDLE);
    assert_story("0'abc' 0(gap 7) 0(idle) 1(idle)");
}

static void any_capture_time_is_safe(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MAX, INT64_MIN, 0, INT64_MIN, INT64_MAX};
    shake_hands();
    for (uint32_t i = 0; i < 5; i++) {
        origin.time_ns = times[i];
        send(0, 10 + 10 * i, 0, "x");
        tcp_tick(&tcp, &origin);
    }
    finish(END_CAPTURE);
    assert_int_equal(stream_log.side[0].bytes.len, 51);
}

/* Retransmission and overlap. */

static void retransmissions_are_counted_and_change_nothing(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 0, 0, "abc");
    send(0, 5, 0, "fgh");
    send(0, 5, 0, "fgh");
    send(0, 6, 0, "g");
    assert_int_equal(stats.n_retransmitted, 3);
    send(0, 3, 0, "de");
    assert_story("0'abcdefgh'");
    assert_int_equal(stats.n_reordered, 1);
}

static void keep_alive_probes_are_retransmissions_of_one_byte_or_none(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 2, 0, "c");
    send(0, 2, 0, "");
    send(1, 0, 3, "");
    send(0, 3, 0, "def");
    assert_story("0'abcdef'");
    assert_int_equal(stats.n_retransmitted, 1);
    assert_int_equal(stats.n_overlap_conflicts, 0);
}

static void a_zero_window_probe_brings_the_byte_it_carries(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 3, 0, "d");
    send(0, 3, 0, "d");
    send(0, 3, 0, "def");
    assert_story("0'abcdef'");
}

static void overlapping_segment_keeps_the_first_copy(void **state)
{
    (void)state;
    shake_hands();
    send(0, 4, 0, "EFGH");
    send(0, 2, 0, "cdefghij");
    assert_int_equal(stats.n_overlap_conflicts, 1);
    assert_int_equal(stream_log.side[0].n_notes, 1);
    assert_int_equal(stream_log.side[0].note.kind, ANOMALY_OVERLAP_CONFLICT);
    assert_int_equal(stream_log.side[0].note.n_bytes, 4);
    send(0, 0, 0, "abc");
    assert_int_equal(stats.n_overlap_conflicts, 1);
    assert_memory_equal(stream_log.side[0].bytes.ptr, "abcdEFGHij", 10);
    assert_int_equal(stream_log.side[0].bytes.len, 10);
}

static void a_segment_fills_every_hole_it_covers(void **state)
{
    (void)state;
    shake_hands();
    send(0, 2, 0, "c");
    send(0, 4, 0, "e");
    send(0, 7, 0, "h");
    send(0, 0, 0, "abcdefghij");
    assert_story("0'abcdefghij'");
    assert_int_equal(stats.n_overlap_conflicts, 0);
}

static void delivered_bytes_are_not_compared(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 0, 0, "xyzd");
    assert_story("0'abcd'");
    assert_int_equal(stats.n_overlap_conflicts, 0);
}

/* The snap length. */

static void a_cut_payload_is_a_cut_gap_at_once(void **state)
{
    (void)state;
    shake_hands();
    send_cut(0, 0, "abc", 7);
    send(0, 10, 0, "klm");
    assert_story("0'abc' 0(cut 7) 0'klm'");
    assert_int_equal(stats.missing_bytes, 7);
    assert_int_equal(stats.n_gaps, 1);
}

static void frames_of_headers_alone_are_cut_gaps(void **state)
{
    (void)state;
    shake_hands();
    send_cut(0, 0, "", 1000);
    send_cut(1, 0, "", 500);
    send_cut(0, 1000, "", 1000);
    assert_story("0(cut 1000) 1(cut 500) 0(cut 1000)");
}

static void a_cut_payload_that_waits_stays_a_cut_gap(void **state)
{
    (void)state;
    shake_hands();
    send_cut(0, 10, "klm", 7);
    send_cut(0, 10, "klm", 7);
    send(0, 20, 0, "uvw");
    send(0, 0, 0, "abcdefghij");
    assert_story("0'abcdefghijklm' 0(cut 7) 0'uvw'");
}

static void a_whole_copy_that_comes_while_the_cut_one_waits_fills_it(void **state)
{
    (void)state;
    shake_hands();
    send_cut(0, 3, "de", 3);
    send(0, 3, 0, "defgh");
    send(0, 0, 0, "abc");
    assert_story("0'abcdefgh'");
    assert_int_equal(stats.n_gaps, 0);
}

static void a_cut_copy_of_whole_bytes_changes_nothing(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abcdef");
    send_cut(0, 0, "abc", 3);
    send(0, 9, 0, "j");
    send_cut(0, 9, "", 1);
    send(0, 6, 0, "ghi");
    assert_story("0'abcdefghij'");
}

/* What the sink does not need. */

static void skipped_bytes_are_neither_kept_nor_ordered_nor_missed(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[1].none_bytes = 1000;
    send(1, 0, 0, "HEAD");
    assert_int_equal(send_many(1, 104, 0, 100), FEED_OK);
    assert_int_equal(send_many(1, 504, 0, 100), FEED_OK);
    assert_int_equal(send_many(1, 304, 0, 100), FEED_OK);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    assert_int_equal(stream_log.side[1].n_skip_bytes, 600);
    send(1, 1004, 0, "next");
    assert_int_equal(stream_log.side[1].n_skip_bytes, 1000);
    assert_int_equal(stream_log.side[1].bytes.len, 8);
    assert_memory_equal(stream_log.side[1].bytes.ptr, "HEADnext", 8);
    assert_int_equal(stats.n_gaps + stats.n_reordered + stats.missing_bytes, 0);
}

static void a_segment_may_begin_in_the_skipped_range_and_end_behind_it(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].none_bytes = 5;
    send(0, 0, 0, "abc");
    send(0, 3, 0, "01234def");
    assert_story("0'abc' 0(skip 5) 0'def'");
}

static void what_the_peer_acknowledged_of_a_skipped_range_has_gone_by(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].none_bytes = 100;
    send(0, 0, 0, "PUT");
    send(1, 0, 103, "201");
    assert_story("0'PUT' 0(skip 100) 1'201'");
}

static void a_skipped_range_that_waited_has_gone_by_before_the_peer_answers(void **state)
{
    (void)state;
    stream_log.side[1].none_bytes = 10;
    send(0, 0, 13, "201");
    send(1, 3, 0, "0123456789");
    send(1, 0, 0, "PUT");
    finish(END_CAPTURE);
    assert_story("1'PUT' 1(skip 10) 0'201' 0(capture) 1(capture)");
}

static void a_loss_across_the_end_of_a_skipped_range_is_missed_from_there_on(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].none_bytes = 100;
    send(0, 0, 0, "PUT");
    send(0, 150, 0, "GET");
    finish(END_CAPTURE);
    assert_story("0'PUT' 0(skip 100) 0(gap 47) 0'GET' 0(capture) 1(capture)");
}

static void held_bytes_that_turn_out_unneeded_are_dropped(void **state)
{
    (void)state;
    shake_hands();
    send(0, 10, 0, "x");
    send(0, 20, 0, "y");
    stream_log.side[0].none_bytes = 100;
    send(0, 0, 0, "PUT");
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    assert_story("0'PUT' 0(skip 7) 0(skip 1) 0(skip 9) 0(skip 1)");
}

static void a_loss_of_gigabytes_inside_a_skipped_range_costs_nothing(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[1].none_bytes = UINT64_C(4000000000);
    send(1, 0, 0, "GET");
    uint32_t at = 3;
    for (int i = 0; i < 3; i++) {
        at += 1000000000;
        send(1, at, 0, "x");
    }
    send(1, 4000000003u, 0, "next");
    assert_story("1'GET' 1(skip 1000000001) 1(skip 1000000000) 1(skip 1000000000) "
                 "1(skip 999999999) 1'next'");
}

static void when_neither_side_needs_anything_the_answer_is_stop(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].none_bytes = SINK_ALL;
    stream_log.side[1].none_bytes = SINK_ALL;
    send(0, 0, 0, "abc");
    assert_int_equal(send_many(1, 0, 3, 5), FEED_STOP);
    assert_int_equal(send_many(1, 5000, 3, 5), FEED_STOP);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    finish(END_CAPTURE);
    assert_int_equal(stream_log.side[0].why, END_CAPTURE);
    assert_int_equal(stats.n_gaps, 0);
}

static void a_sink_that_stops_is_told_no_more_bytes(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].answer = FEED_STOP;
    send(0, 0, 0, "abc");
    send(0, 3, 0, "def");
    send(0, 10, 0, "ghi");
    assert_story("0'abc'");
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    stream_log.side[1].answer = FEED_STOP;
    assert_int_equal(send_many(1, 0, 0, 1), FEED_STOP);
}

static void a_fin_inside_a_skipped_range_ends_the_stream_there(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[1].none_bytes = 1000;
    send(1, 0, 0, "abc");
    send(1, 10, 0, "xxx");
    fin(1, 20, 0);
    assert_story("1'abc' 1(skip 10) 1(skip 7) 1(fin)");
}

static void the_end_inside_a_skipped_range_skips_what_was_seen(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[1].none_bytes = 1000;
    send(1, 0, 0, "abc");
    send(1, 10, 0, "xxx");
    finish(END_CAPTURE);
    assert_story("1'abc' 1(skip 10) 0(capture) 1(capture)");
}

/* Memory. */

static void a_sink_without_memory_settles_the_connection(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].answer = FEED_NOMEM;
    assert_int_equal(send_many(0, 0, 0, 3), FEED_NOMEM);
    assert_int_equal(send_many(1, 0, 0, 3), FEED_NOMEM);
    assert_int_equal(tcp_tick(&tcp, &origin), FEED_NOMEM);
    assert_int_equal(stream_log.side[0].n_calls, 1);
    assert_int_equal(stream_log.side[1].n_calls, 0);
}

static void no_memory_to_hold_a_segment_settles_the_connection(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 2; n++) {
        shake_hands();
        alloc_fail_at(n);
        enum feed answer = send_many(0, 10, 0, 100);
        alloc_fail_at(0);
        alloc_count(false);
        assert_int_equal(answer, FEED_NOMEM);
        assert_int_equal(send_many(0, 0, 0, 10), FEED_NOMEM);
        close_tcp(state);
        open_tcp(state);
    }
}

/* FIN. */

static void a_fin_is_delivered_when_everything_before_it_was(void **state)
{
    (void)state;
    shake_hands();
    fin(0, 6, 0);
    send(0, 3, 0, "def");
    assert_story("");
    send(0, 0, 0, "abc");
    assert_story("0'abcdef' 0(fin)");
    assert_false(tcp_is_closed(&tcp));
}

static void a_fin_carries_its_data_and_comes_twice(void **state)
{
    (void)state;
    shake_hands();
    struct segment last = make(0, 0, 0, "bye");
    last.flags |= SEGMENT_FIN;
    assert_int_equal(feed(0, last), FEED_OK);
    assert_int_equal(feed(0, last), FEED_OK);
    assert_story("0'bye' 0(fin)");
}

static void data_behind_a_fin_is_ignored(void **state)
{
    (void)state;
    shake_hands();
    fin(0, 3, 0);
    send(0, 2, 0, "cdef");
    send(0, 10, 0, "x");
    send(0, 0, 0, "ab");
    send(0, 3, 0, "d");
    assert_story("0'abc' 0(fin)");
}

static void a_fin_before_bytes_already_seen_is_ignored(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abcdef");
    fin(0, 2, 0);
    send(0, 6, 0, "ghi");
    assert_story("0'abcdefghi'");
}

static void a_fin_behind_a_hole_waits_and_then_ends_behind_the_gap(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    fin(0, 10, 0);
    assert_story("0'abc'");
    assert_true(tcp_is_waiting(&tcp));
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    assert_story("0'abc' 0(gap 7) 0(fin)");
}

static void a_fin_waits_for_the_peers_bytes_it_acknowledges(void **state)
{
    (void)state;
    shake_hands();
    fin(0, 0, 3);
    assert_story("");
    send(1, 0, 0, "200");
    assert_story("1'200' 0(fin)");
}

static void a_fin_nobody_captured_comes_before_the_one_that_acknowledges_it(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    send(1, 0, 3, "200");
    fin(1, 3, 4);
    finish(END_CAPTURE);
    assert_story("0'GET' 1'200' 0(fin) 1(fin)");
    assert_int_equal(stats.n_gaps, 0);
}

static void bytes_that_acknowledge_a_fin_nobody_captured_wait_only_once(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    send(1, 0, 4, "200");
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    send(1, 3, 4, " OK");
    assert_story("0'GET' 1'200 OK'");
}

/* RST. */

static void a_reset_finishes_both_streams(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    send_flags(1, 0, 3, SEGMENT_RST | SEGMENT_ACK);
    assert_story("0'GET' 1(reset) 0(reset)");
    assert_true(tcp_is_closed(&tcp));
    assert_int_equal(send_many(0, 3, 0, 3), FEED_STOP);
    assert_int_equal(stream_log.side[0].n_finished, 1);
}

static void a_reset_outside_the_window_is_ignored(void **state)
{
    (void)state;
    static const uint32_t places[] = {70000, 1u << 30, 0u - 70000};
    shake_hands();
    for (size_t i = 0; i < 3; i++)
        send_flags(1, places[i], 0, SEGMENT_RST);
    send(0, 0, 0, "GET");
    assert_story("0'GET'");
    assert_int_equal(stats.n_disbelieved, 3);
}

static void a_reset_captured_before_the_last_bytes_lets_them_come(void **state)
{
    (void)state;
    shake_hands();
    send_flags(0, 3, 3, SEGMENT_RST | SEGMENT_ACK);
    assert_story("");
    send(1, 0, 3, "200");
    (void)feed(0, make(0, 0, 0, "GET"));
    assert_story("0'GET' 1'200' 0(reset) 1(reset)");
}

static void a_reset_captured_before_the_syn_lets_all_bytes_before_it_come(void **state)
{
    (void)state;
    send(0, 0, 0, "GET");
    send_flags(0, 6, 0, SEGMENT_RST | SEGMENT_ACK);
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    (void)feed(0, make(0, 3, 0, "PUT"));
    assert_story("0'GETPUT' 0(reset) 1(reset)");
}

static void a_reset_captured_before_the_syn_ack_lets_the_answer_come(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send(0, 0, 0, "GET");
    send_flags(0, 3, 3, SEGMENT_RST | SEGMENT_ACK);
    send(1, 0, 3, "200");
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    assert_story("0'GET' 1'200' 0(reset) 1(reset)");
}

static void a_reset_captured_before_the_syn_ack_of_its_side_lets_its_bytes_come(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send_flags(1, 3, 3, SEGMENT_RST | SEGMENT_ACK);
    send_flags(1, UINT32_MAX, 0, SEGMENT_SYN | SEGMENT_ACK);
    send(0, 0, 0, "GET");
    assert_story("0'GET'");
    (void)feed(1, make(1, 0, 3, "200"));
    assert_story("0'GET' 1'200' 1(reset) 0(reset)");
}

static void a_reset_that_acknowledges_nothing_lets_the_peers_bytes_come(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    send_flags(0, 3, 0, SEGMENT_RST);
    send(1, 0, 3, "200");
    send_flags(0, 3, 0, SEGMENT_RST);
    send(1, 3, 3, " OK");
    assert_true(tcp_is_waiting(&tcp));
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    assert_story("0'GET' 1'200 OK' 0(reset) 1(reset)");
}

static void a_reset_behind_a_hole_ends_the_connection_after_its_time(void **state)
{
    (void)state;
    shake_hands();
    send_flags(0, 30, 0, SEGMENT_RST);
    assert_false(tcp_is_closed(&tcp));
    origin.time_ns += limits.reorder_ns;
    tcp_tick(&tcp, &origin);
    assert_story("0(gap 30) 0(reset) 1(reset)");
}

static void a_reset_that_waits_is_the_end_whatever_comes_first(void **state)
{
    (void)state;
    shake_hands();
    assert_false(tcp_is_waiting(&tcp));
    send_flags(0, 30, 0, SEGMENT_RST);
    assert_true(tcp_is_waiting(&tcp));
    finish(END_IDLE);
    assert_story("0(gap 30) 0(reset) 1(reset)");
    assert_false(tcp_is_waiting(&tcp));
}

static void a_refused_connection_is_closed(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    struct segment refusal = make(1, 0, 0, "");
    refusal.seq = 0;
    refusal.flags = SEGMENT_RST | SEGMENT_ACK;
    feed(1, refusal);
    assert_story("1(reset) 0(reset)");
}

static void a_refusal_that_does_not_acknowledge_the_syn_is_ignored(void **state)
{
    (void)state;
    send_flags(0, UINT32_MAX, 0, SEGMENT_SYN);
    send_flags(1, 0, 1u << 30, SEGMENT_RST | SEGMENT_ACK);
    send_flags(1, 0, 0, SEGMENT_RST);
    assert_false(tcp_is_closed(&tcp));
}

static void a_reset_of_a_connection_never_seen_closes_it(void **state)
{
    (void)state;
    send_flags(0, 5, 0, SEGMENT_RST);
    assert_true(tcp_is_closed(&tcp));
}

/* Disbelief. */

static void a_stray_segment_far_ahead_does_nothing(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 50000000, 0, "stray");
    send(0, 50000000, 0, "stray");
    assert_story("0'abc'");
    send(0, 3, 0, "def");
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    send(0, 50000005, 0, "more");
    send(0, 6, 0, "ghi");
    finish(END_CAPTURE);
    assert_story("0'abcdefghi' 0(capture) 1(capture)");
    assert_int_equal(stats.n_disbelieved, 2);
    assert_int_equal(stats.n_gaps, 0);
}

static void a_loss_of_any_size_is_recovered_from_when_two_segments_agree(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 100000003, 0, "one");
    send(0, 100000006, 0, "two");
    finish(END_CAPTURE);
    assert_story("0'abc' 0(gap 100000000) 0'onetwo' 0(capture) 1(capture)");
    assert_int_equal(stats.missing_bytes, 100000000);
}

static void a_loss_of_both_sides_is_recovered_from_by_one_exchange(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "abc");
    send(0, 100000000, 200000000, "GET");
    send(1, 200000000, 100000003, "200");
    finish(END_CAPTURE);
    assert_story("0'abc' 0(gap 99999997) 0'GET' 1(gap 200000000) 1'200' 0(capture) 1(capture)");
}

static void a_forged_acknowledgement_far_ahead_does_nothing(void **state)
{
    (void)state;
    shake_hands();
    send(1, 0, 500000000, "x");
    send(1, 0, 500000000, "x");
    send(0, 0, 1, "abc");
    finish(END_CAPTURE);
    assert_story("1'x' 0'abc' 0(capture) 1(capture)");
}

static void a_fin_far_ahead_does_nothing(void **state)
{
    (void)state;
    shake_hands();
    fin(0, 500000000, 0);
    send(0, 0, 0, "abc");
    fin(0, 3, 0);
    assert_story("0'abc' 0(fin)");
}

static void what_nothing_confirmed_is_forgotten_at_the_end(void **state)
{
    (void)state;
    shake_hands();
    send(0, 50000000, 0, "stray");
    assert_true(tcp_buffered_bytes(&tcp) > 0);
    finish(END_CAPTURE);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    assert_story("0(capture) 1(capture)");
}

static void joined_midway_bytes_far_behind_are_not_the_beginning(void **state)
{
    (void)state;
    send(0, 100000000, 0, "abc");
    send(0, 0, 0, "xyz");
    send(0, 0, 0, "xyz");
    finish(END_CAPTURE);
    assert_story("0'abc' 0(capture) 1(capture)");
}

/* Reuse of the ports. */

static struct segment make_syn(int side, uint32_t seq)
{
    struct segment syn = make(side, 0, 0, "");
    syn.seq = seq;
    syn.flags = SEGMENT_SYN;
    return syn;
}

static bool is_reuse(int side, struct segment segment)
{
    return tcp_is_reuse(&tcp, side, &segment);
}

static void the_syn_sent_again_is_no_new_connection(void **state)
{
    (void)state;
    struct segment syn = make_syn(0, begin[0] - 1);
    assert_false(is_reuse(0, syn));
    shake_hands();
    assert_false(is_reuse(0, syn));
    send(0, 0, 0, "GET");
    assert_false(is_reuse(0, syn));
    feed(0, syn);
    assert_story("0'GET'");
}

static void a_forged_syn_ends_nothing(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    struct segment forged = make_syn(0, 77777777);
    assert_false(is_reuse(0, forged));
    feed(0, forged);
    assert_false(is_reuse(0, forged));
    assert_false(is_reuse(1, make(1, 0, 3, "200")));
    send(1, 0, 3, "200");
    assert_false(is_reuse(0, make(0, 3, 3, "PUT")));
    send(0, 3, 3, "PUT");
    assert_story("0'GET' 1'200' 0'PUT'");
}

static void a_new_syn_and_the_syn_ack_that_answers_it_are_a_new_connection(void **state)
{
    (void)state;
    shake_hands();
    struct segment syn = make_syn(0, 77777777);
    assert_false(is_reuse(0, syn));
    feed(0, syn);
    struct segment answer = make_syn(1, 99);
    answer.flags |= SEGMENT_ACK;
    answer.ack = 77777778;
    assert_true(is_reuse(1, answer));
    answer.flags |= SEGMENT_RST;
    assert_false(is_reuse(1, answer));
}

static void in_one_direction_the_bytes_behind_a_new_syn_prove_it(void **state)
{
    (void)state;
    shake_hands();
    feed(0, make_syn(0, 77777777));
    struct segment next = make(0, 0, 0, "GET");
    next.seq = 77777778;
    assert_true(is_reuse(0, next));
    next.seq = 77777779;
    assert_false(is_reuse(0, next));
}

static void a_syn_on_a_closed_connection_is_a_new_one_at_once(void **state)
{
    (void)state;
    shake_hands();
    fin(0, 0, 0);
    fin(1, 0, 1);
    assert_true(tcp_is_closed(&tcp));
    assert_true(is_reuse(0, make_syn(0, 77777777)));
    assert_false(is_reuse(0, make_syn(0, begin[0] - 1)));
    assert_false(is_reuse(0, make(0, 1, 1, "late")));
}

static void a_syn_is_a_new_connection_at_once_when_the_old_one_is_not_needed(void **state)
{
    (void)state;
    shake_hands();
    stream_log.side[0].answer = stream_log.side[1].answer = FEED_STOP;
    send(0, 0, 0, "GET");
    assert_int_equal(send_many(1, 0, 3, 1), FEED_STOP);
    assert_true(is_reuse(0, make_syn(0, 77777777)));
    assert_false(is_reuse(0, make_syn(0, begin[0] - 1)));
}

static void bytes_far_behind_twice_are_a_new_connection_whose_syn_was_lost(void **state)
{
    (void)state;
    shake_hands();
    send(0, 0, 0, "GET");
    struct segment first = make(0, 0u - 1000000000u, 0, "PUT"), second = first;
    assert_false(is_reuse(0, first));
    feed(0, first);
    assert_false(is_reuse(0, first));
    second.seq += 3;
    assert_true(is_reuse(0, second));
    assert_story("0'GET'");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_tcp, close_tcp)
    const struct CMUnitTest tests[] = {
        TEST(a_conversation_in_order_is_passed_on_without_holding),
        TEST(neighbours_in_the_wrong_order_are_put_right),
        TEST(a_response_captured_before_its_request_waits_for_it),
        TEST(what_was_captured_first_comes_first),
        TEST(a_hole_is_a_gap_at_the_end),
        TEST(sequence_numbers_wrap_without_notice),
        TEST(many_segments_in_reverse_order_are_put_right),
        TEST(held_bytes_keep_the_origin_of_their_own_segment),
        TEST(bytes_tell_their_place_and_what_their_sender_had_seen),
        TEST(what_made_up_segments_acknowledge_tells_nothing),
        TEST(made_up_segments_come_as_they_were_captured),
        TEST(what_waits_for_the_beginning_of_the_other_side_is_limited),
        TEST(made_up_segments_without_acknowledgements_come_as_they_were_captured),
        TEST(buffered_bytes_count_payload_and_bookkeeping),
        TEST(neighbours_of_both_sides_are_put_right_together),
        TEST(where_both_sides_acknowledge_each_other_side_0_goes_first),
        TEST(an_earlier_copy_frees_held_bytes_from_what_a_later_one_acknowledged),
        TEST(a_response_to_a_lost_request_comes_behind_the_gap),
        TEST(a_gap_ends_where_held_bytes_of_the_same_side_begin),
        TEST(of_two_holes_the_one_noticed_first_is_given_up_first),
        TEST(a_direction_alone_is_delivered_at_once_when_it_acknowledges_nothing_new),
        TEST(a_direction_alone_waits_once_and_then_no_more),
        TEST(a_direction_alone_waits_for_no_more_than_the_start_limit),
        TEST(a_direction_that_turns_up_late_is_waited_for_again),
        TEST(data_on_the_syn_is_delivered),
        TEST(a_syn_captured_behind_the_data_still_begins_the_stream),
        TEST(the_syn_ack_tells_where_the_other_side_began),
        TEST(a_lost_syn_ack_changes_nothing),
        TEST(joined_midway_a_stream_begins_with_its_first_byte_and_without_a_gap),
        TEST(joined_midway_what_was_sent_behind_the_first_request_and_not_seen_is_a_gap),
        TEST(joined_midway_a_gap_comes_behind_what_was_sent_before_it_in_any_order),
        TEST(a_hole_within_which_the_peer_spoke_is_a_gap_before_and_one_behind_that),
        TEST(of_two_holes_the_one_comes_first_behind_which_nothing_of_the_other_is_acknowledged),
        TEST(a_hole_ends_where_what_the_peer_says_behind_its_own_hole_acknowledges_it),
        TEST(a_fin_that_was_acknowledged_before_it_was_captured_is_no_part_of_a_gap),
        TEST(a_lost_syn_ack_hides_no_gap_before_the_first_answer),
        TEST(a_lost_syn_ack_moves_no_gap_before_the_request_that_came_first),
        TEST(requests_sent_together_do_not_make_a_gap_before_the_first_answer),
        TEST(joined_in_an_answer_what_was_on_its_way_before_is_no_gap),
        TEST(joined_midway_no_more_than_the_start_limit_waits),
        TEST(joined_midway_segments_in_reverse_order_lose_nothing),
        TEST(a_connection_of_nothing_but_acknowledgements_ends_quietly),
        TEST(whether_the_beginning_was_seen_is_known_of_each_side),
        TEST(what_a_side_says_first_tells_where_the_other_one_begins),
        TEST(what_came_before_the_first_words_of_the_other_side_tells_no_beginning),
        TEST(a_hole_is_given_up_when_more_bytes_than_the_limit_wait),
        TEST(a_hole_is_given_up_when_more_segments_than_the_limit_wait),
        TEST(a_hole_is_given_up_after_its_time_by_a_tick),
        TEST(a_hole_is_given_up_after_its_time_by_the_next_segment),
        TEST(a_hole_in_a_slow_capture_waits_until_enough_frames_have_come),
        TEST(a_hole_where_nothing_more_is_captured_waits_its_longest_time),
        TEST(each_hole_has_its_own_time),
        TEST(a_copy_that_comes_too_late_is_a_retransmission),
        TEST(bytes_the_peer_acknowledged_and_nobody_saw_are_a_gap_at_the_end),
        TEST(any_capture_time_is_safe),
        TEST(retransmissions_are_counted_and_change_nothing),
        TEST(keep_alive_probes_are_retransmissions_of_one_byte_or_none),
        TEST(a_zero_window_probe_brings_the_byte_it_carries),
        TEST(overlapping_segment_keeps_the_first_copy),
        TEST(a_segment_fills_every_hole_it_covers),
        TEST(delivered_bytes_are_not_compared),
        TEST(a_cut_payload_is_a_cut_gap_at_once),
        TEST(frames_of_headers_alone_are_cut_gaps),
        TEST(a_cut_payload_that_waits_stays_a_cut_gap),
        TEST(a_whole_copy_that_comes_while_the_cut_one_waits_fills_it),
        TEST(a_cut_copy_of_whole_bytes_changes_nothing),
        TEST(skipped_bytes_are_neither_kept_nor_ordered_nor_missed),
        TEST(a_segment_may_begin_in_the_skipped_range_and_end_behind_it),
        TEST(what_the_peer_acknowledged_of_a_skipped_range_has_gone_by),
        TEST(a_skipped_range_that_waited_has_gone_by_before_the_peer_answers),
        TEST(a_loss_across_the_end_of_a_skipped_range_is_missed_from_there_on),
        TEST(held_bytes_that_turn_out_unneeded_are_dropped),
        TEST(a_loss_of_gigabytes_inside_a_skipped_range_costs_nothing),
        TEST(when_neither_side_needs_anything_the_answer_is_stop),
        TEST(a_sink_that_stops_is_told_no_more_bytes),
        TEST(a_fin_inside_a_skipped_range_ends_the_stream_there),
        TEST(the_end_inside_a_skipped_range_skips_what_was_seen),
        TEST(a_sink_without_memory_settles_the_connection),
        TEST(no_memory_to_hold_a_segment_settles_the_connection),
        TEST(a_fin_is_delivered_when_everything_before_it_was),
        TEST(a_fin_carries_its_data_and_comes_twice),
        TEST(data_behind_a_fin_is_ignored),
        TEST(a_fin_before_bytes_already_seen_is_ignored),
        TEST(a_fin_behind_a_hole_waits_and_then_ends_behind_the_gap),
        TEST(a_fin_waits_for_the_peers_bytes_it_acknowledges),
        TEST(a_fin_nobody_captured_comes_before_the_one_that_acknowledges_it),
        TEST(bytes_that_acknowledge_a_fin_nobody_captured_wait_only_once),
        TEST(a_reset_finishes_both_streams),
        TEST(a_reset_outside_the_window_is_ignored),
        TEST(a_reset_captured_before_the_last_bytes_lets_them_come),
        TEST(a_reset_captured_before_the_syn_lets_all_bytes_before_it_come),
        TEST(a_reset_captured_before_the_syn_ack_lets_the_answer_come),
        TEST(a_reset_captured_before_the_syn_ack_of_its_side_lets_its_bytes_come),
        TEST(a_reset_that_acknowledges_nothing_lets_the_peers_bytes_come),
        TEST(a_reset_behind_a_hole_ends_the_connection_after_its_time),
        TEST(a_reset_that_waits_is_the_end_whatever_comes_first),
        TEST(a_refused_connection_is_closed),
        TEST(a_refusal_that_does_not_acknowledge_the_syn_is_ignored),
        TEST(a_reset_of_a_connection_never_seen_closes_it),
        TEST(a_stray_segment_far_ahead_does_nothing),
        TEST(a_loss_of_any_size_is_recovered_from_when_two_segments_agree),
        TEST(a_loss_of_both_sides_is_recovered_from_by_one_exchange),
        TEST(a_forged_acknowledgement_far_ahead_does_nothing),
        TEST(a_fin_far_ahead_does_nothing),
        TEST(what_nothing_confirmed_is_forgotten_at_the_end),
        TEST(joined_midway_bytes_far_behind_are_not_the_beginning),
        TEST(the_syn_sent_again_is_no_new_connection),
        TEST(a_forged_syn_ends_nothing),
        TEST(a_new_syn_and_the_syn_ack_that_answers_it_are_a_new_connection),
        TEST(in_one_direction_the_bytes_behind_a_new_syn_prove_it),
        TEST(a_syn_on_a_closed_connection_is_a_new_one_at_once),
        TEST(a_syn_is_a_new_connection_at_once_when_the_old_one_is_not_needed),
        TEST(bytes_far_behind_twice_are_a_new_connection_whose_syn_was_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
