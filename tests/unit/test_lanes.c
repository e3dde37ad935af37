/* Frames in; what several lanes say is what a dissector says. flows_feed goes through a gate (ld
 * --wrap), so that a lane can be held up. */
#include "app/lanes.h"
#include "tests/support/event_dump.h"
#include "tests/support/packet.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>

#include <cmocka.h>

enum { LINKTYPE_ETHERNET = 1, MAX_PAYLOAD_BYTES = 1400 };

static const struct hash_key key = {1, 2};
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_size_t n_passed;

struct flows;
struct turn;
enum feed __real_flows_feed(struct flows *, const struct segment *, const struct turn *);
enum feed __wrap_flows_feed(struct flows *, const struct segment *, const struct turn *);

enum feed __wrap_flows_feed(struct flows *flows, const struct segment *segment,
                            const struct turn *turn)
{
    (void)pthread_mutex_lock(&gate);
    (void)pthread_mutex_unlock(&gate);
    atomic_fetch_add(&n_passed, 1);
    return __real_flows_feed(flows, segment, turn);
}

/* Whoever takes the frames: lanes, or a dissector. */
struct stand {
    struct lanes *lanes;
    struct dissector *dissector;
    struct event_dump dump;
    struct origin last;
    enum feed fed;
    size_t n_fed;
};

static void stand_open_with(struct stand *stand, size_t n_lanes, bool is_live,
                            const struct limits *limits)
{
    struct error error;
    *stand = (struct stand){.dump = {0}};
    const struct lanes_config config = {
        .n = n_lanes,
        .is_live = is_live,
        .limits = limits,
        .key = key,
        .sink = event_dump_sink(&stand->dump),
    };
    n_passed = 0;
    if (n_lanes > 0)
        stand->lanes = lanes_open(&config, &error);
    else
        stand->dissector = dissector_open(limits, &key, config.sink);
    assert_true(stand->lanes || stand->dissector);
}

static void stand_open(struct stand *stand, size_t n_lanes, bool is_live)
{
    stand_open_with(stand, n_lanes, is_live, &limits_default);
}

static void stand_finish(struct stand *stand)
{
    enum feed result =
        stand->lanes ? lanes_finish(stand->lanes) : dissector_finish(stand->dissector);
    assert_int_equal(result, FEED_OK);
}

static void stand_close(struct stand *stand)
{
    lanes_close(stand->lanes);
    dissector_close(stand->dissector);
    event_dump_free(&stand->dump);
}

/* ---- what is played ---- */

/* A frame, 2 ms after the last. */
static void play(struct stand *stand, unsigned number, enum dir dir, struct segment segment)
{
    uint8_t frame[PACKET_HEADER_BYTES + MAX_PAYLOAD_BYTES];
    struct endpoint client = {{4, {10, 0, (uint8_t)(number >> 8), (uint8_t)number}}, 40000};
    struct endpoint server = {{4, {192, 0, 2, 1}}, 80};
    segment.source = dir == DIR_CLIENT ? client : server;
    segment.destination = dir == DIR_CLIENT ? server : client;
    size_t len = packet_write(&segment, frame);
    struct span bytes = span_of(frame, len);
    stand->last.ordinal = ++stand->last.frame;
    stand->last.time_ns += 2000000;
    stand->n_fed++;
    stand->fed = stand->lanes ? lanes_feed(stand->lanes, LINKTYPE_ETHERNET, bytes, (uint32_t)len,
                                           &stand->last)
                              : dissector_feed(stand->dissector, LINKTYPE_ETHERNET, bytes,
                                               (uint32_t)len, &stand->last);
}

static void play_open(struct stand *stand, unsigned number)
{
    play(stand, number, DIR_CLIENT, (struct segment){.seq = 999, .flags = SEGMENT_SYN});
    play(stand, number, DIR_SERVER,
         (struct segment){.seq = 4999, .ack = 1000, .flags = SEGMENT_SYN | SEGMENT_ACK});
}

#define REQUEST "PROPFIND /d/ HTTP/1.1\r\nHost: a\r\nDepth: 1\r\nContent-Length: 0\r\n\r\n"
#define HEAD                                                                                       \
    "HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\nContent-Length: 184\r\n\r\n"
#define FIRST                                                                                      \
    "<multistatus xmlns='DAV:'><response><href>/d/a</href>"                                        \
    "<status>HTTP/1.1 423 Locked</status></response>"
#define SECOND                                                                                     \
    "<response><href>/d/b</href><status>HTTP/1.1 200 OK</status></response></multistatus>"

enum { RESPONSE_BYTES = sizeof HEAD FIRST SECOND - 1 };

static void play_request(struct stand *stand, unsigned number)
{
    play(stand, number, DIR_CLIENT,
         (struct segment){
             .seq = 1000, .ack = 5000, .flags = SEGMENT_ACK, .payload = span_str(REQUEST)});
}

static void play_response(struct stand *stand, unsigned number, bool is_second)
{
    size_t first_len = sizeof HEAD FIRST - 1;
    play(stand, number, DIR_SERVER,
         (struct segment){.seq = (uint32_t)(5000 + (is_second ? first_len : 0)),
                          .ack = (uint32_t)(1000 + sizeof REQUEST - 1),
                          .flags = SEGMENT_ACK,
                          .payload = span_str(is_second ? SECOND : HEAD FIRST)});
}

static void play_end(struct stand *stand, unsigned number)
{
    play(stand, number, DIR_SERVER,
         (struct segment){.seq = 5000 + RESPONSE_BYTES,
                          .ack = (uint32_t)(1000 + sizeof REQUEST - 1),
                          .flags = SEGMENT_RST | SEGMENT_ACK});
}

/* Many connections, eight at a time: whole ones, some with a hole that a tick gives up, some that
 * go idle, some under way at the end. */
static void play_churn(struct stand *stand)
{
    enum { N = 1200, TOGETHER = 8 };
    for (unsigned from = 0; from < N; from += TOGETHER) {
        for (unsigned i = from; i < from + TOGETHER; i++)
            play_open(stand, i);
        for (unsigned i = from; i < from + TOGETHER; i++)
            play_request(stand, i);
        for (unsigned i = from; i < from + TOGETHER; i++)
            if (i % 5 != 0)
                play_response(stand, i, false);
        for (unsigned i = from; i < from + TOGETHER; i++)
            if (i % 7 != 0)
                play_response(stand, i, true);
        for (unsigned i = from; i < from + TOGETHER; i++)
            if (i % 3 != 0)
                play_end(stand, i);
        if (from == N / 2)
            stand->last.time_ns += INT64_C(2000000000000);
    }
}

/* ---- the tests ---- */

static void expect_same(const struct stand *one, const struct stand *several)
{
    assert_int_equal(several->dump.n_lines, one->dump.n_lines);
    for (size_t i = 0; i < one->dump.n_lines; i++)
        assert_string_equal(several->dump.lines[i].text, one->dump.lines[i].text);
}

static void churn_is_told_in_the_order_of_one_lane(void **state)
{
    (void)state;
    struct stand one;
    struct dissector_stats of_one, of_several;
    stand_open(&one, 0, false);
    play_churn(&one);
    stand_finish(&one);
    dissector_stats(one.dissector, &of_one);
    assert_true(one.dump.n_lines > 4000);
    for (size_t n = 1; n <= 9; n += 2) {
        struct stand several;
        stand_open(&several, n, false);
        play_churn(&several);
        stand_finish(&several);
        lanes_stats(several.lanes, &of_several);
        expect_same(&one, &several);
        assert_memory_equal(&of_several, &of_one, sizeof of_one);
        stand_close(&several);
    }
    stand_close(&one);
}

/* Each lane rounds its share up, by one at most. */
static void connections_that_are_over_are_shared_among_lanes(void **state)
{
    (void)state;
    enum { N_LANES = 4, N_OVER = 200, MAX = 40 };
    struct limits limits = limits_default;
    limits.max_lingering = MAX;
    struct stand stand;
    stand_open_with(&stand, N_LANES, false, &limits);
    for (unsigned i = 0; i < N_OVER; i++) {
        play_open(&stand, i);
        play_request(&stand, i);
        play_response(&stand, i, false);
        play_response(&stand, i, true);
        play_end(&stand, i);
    }
    assert_int_equal(lanes_sync(stand.lanes), FEED_OK);
    assert_in_range(lanes_n_connections(stand.lanes), MAX, MAX + N_LANES);
    stand_finish(&stand);
    stand_close(&stand);
}

static void play_bulk(struct stand *stand, unsigned number, uint32_t i)
{
    static const uint8_t bytes[MAX_PAYLOAD_BYTES];
    play(stand, number, DIR_SERVER,
         (struct segment){.seq = 5000 + i * MAX_PAYLOAD_BYTES,
                          .ack = 1000,
                          .flags = SEGMENT_ACK,
                          .payload = span_of(bytes, sizeof bytes)});
}

static void play_whole(struct stand *stand, unsigned number)
{
    play_open(stand, number);
    play_request(stand, number);
    play_response(stand, number, false);
    play_response(stand, number, true);
    play_end(stand, number);
}

static void skewed_flow_leaves_the_others_as_they_are(void **state)
{
    (void)state;
    struct stand stands[2];
    for (size_t s = 0; s < 2; s++) {
        stand_open(&stands[s], s * 4, false);
        for (uint32_t i = 0; i < 3000; i++) {
            play_bulk(&stands[s], 1, i);
            if (i % 100 == 0)
                play_whole(&stands[s], 2 + i);
        }
        stand_finish(&stands[s]);
    }
    expect_same(&stands[0], &stands[1]);
    stand_close(&stands[0]);
    stand_close(&stands[1]);
}

static void full_queue_drops_and_counts_when_live(void **state)
{
    (void)state;
    enum { N_OTHERS = 20 };
    struct stand stand;
    struct dissector_stats stats;
    stand_open(&stand, 2, true);
    (void)pthread_mutex_lock(&gate);
    for (uint32_t i = 0; lanes_n_dropped(stand.lanes) == 0; i++)
        play_bulk(&stand, 1, i);
    for (unsigned i = 0; i < N_OTHERS; i++)
        play_whole(&stand, 2 + i);
    (void)pthread_mutex_unlock(&gate);
    stand_finish(&stand);
    lanes_stats(stand.lanes, &stats);
    assert_int_equal(n_passed + lanes_n_dropped(stand.lanes), stand.n_fed);
    /* Those of the other lane are all there. */
    assert_in_range(stats.n_exchanges, 1, N_OTHERS - 1);
    assert_int_equal(stats.n_requests_without_response, 0);
    stand_close(&stand);
}

static void full_queue_is_waited_for_when_it_is_a_file(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, 2, false);
    for (uint32_t i = 0; i < 10000; i++)
        play_bulk(&stand, 1, i);
    stand_finish(&stand);
    assert_int_equal(n_passed, stand.n_fed);
    assert_int_equal(lanes_n_dropped(stand.lanes), 0);
    stand_close(&stand);
}

static void live_event_comes_with_the_next_tick(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, 2, true);
    play_whole(&stand, 1);
    assert_int_equal(lanes_tick(stand.lanes, &stand.last), FEED_OK);
    assert_true(stand.dump.n_lines > 0);
    stand_close(&stand);
}

static enum feed stop(void *ctx, const struct event *event)
{
    (void)event;
    ++*(size_t *)ctx;
    return FEED_STOP;
}

static void nobody_reads_and_all_lanes_end(void **state)
{
    (void)state;
    struct error error;
    size_t n_events = 0;
    struct stand stand = {.fed = FEED_OK};
    const struct lanes_config config = {
        .n = 3, .limits = &limits_default, .key = key, .sink = {stop, &n_events}};
    stand.lanes = lanes_open(&config, &error);
    assert_non_null(stand.lanes);
    for (unsigned i = 0; stand.fed == FEED_OK; i++)
        play_whole(&stand, i);
    assert_int_equal(stand.fed, FEED_STOP);
    assert_int_equal(n_events, 1);
    assert_int_equal(lanes_finish(stand.lanes), FEED_STOP);
    lanes_close(stand.lanes);
}

static void lanes_end_in_the_middle_of_everything(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand, 4, false);
    for (unsigned i = 0; i < 2000; i++)
        play_whole(&stand, i);
    stand_close(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(churn_is_told_in_the_order_of_one_lane),
        cmocka_unit_test(connections_that_are_over_are_shared_among_lanes),
        cmocka_unit_test(skewed_flow_leaves_the_others_as_they_are),
        cmocka_unit_test(full_queue_drops_and_counts_when_live),
        cmocka_unit_test(full_queue_is_waited_for_when_it_is_a_file),
        cmocka_unit_test(live_event_comes_with_the_next_tick),
        cmocka_unit_test(nobody_reads_and_all_lanes_end),
        cmocka_unit_test(lanes_end_in_the_middle_of_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
