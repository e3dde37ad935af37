/* How long connections are known: frames of many connections, counted by what is begun anew. */
#include "dissector/dissector.h"
#include "tests/support/packet.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LINKTYPE_ETHERNET = 1, MAX_LINGERING = 3, REQUEST_SEQ = 1001 };

struct stand {
    struct limits limits;
    struct dissector *dissector;
    struct origin last;
    bool is_behind; /* what comes was captured behind the translation of the server's address */
    uint16_t server_port; /* 0: 80 */
};

static enum feed on_event(void *ctx, const struct event *event)
{
    (void)ctx, (void)event;
    return FEED_OK;
}

/* Of special what is not 0 takes the place of the defaults. */
static void stand_open_with(struct stand *stand, const struct limits *special)
{
    *stand = (struct stand){.limits = limits_default};
    stand->limits.max_lingering = MAX_LINGERING;
    if (special->max_connections > 0)
        stand->limits.max_connections = special->max_connections;
    if (special->max_memory_bytes > 0)
        stand->limits.max_memory_bytes = special->max_memory_bytes;
    const struct hash_key key = {1, 2};
    stand->dissector = dissector_open(&stand->limits, &key, (struct event_sink){on_event, NULL});
    assert_non_null(stand->dissector);
}

static void stand_open(struct stand *stand)
{
    static const struct limits nothing_special;
    stand_open_with(stand, &nothing_special);
}

static struct endpoint side(enum dir dir, uint16_t connection)
{
    bool is_client = dir == DIR_CLIENT;
    return (struct endpoint){
        .address = {.version = 4, .bytes = {192, 0, 2, is_client ? 1 : 2}},
        .port = is_client ? connection : 80,
    };
}

/* One frame, a microsecond after the last. */
static void play(struct stand *stand, uint16_t connection, enum dir dir, struct segment segment)
{
    uint8_t frame[PACKET_HEADER_BYTES + 100];
    segment.source = side(dir, connection);
    segment.destination = side(dir_other(dir), connection);
    if (stand->server_port > 0)
        (dir == DIR_CLIENT ? &segment.destination : &segment.source)->port = stand->server_port;
    if (stand->is_behind) {
        struct endpoint *server = dir == DIR_CLIENT ? &segment.destination : &segment.source;
        server->address.bytes[3] = 3;
        segment.hop_limit = 63;
    }
    size_t len = packet_write(&segment, frame);
    stand->last.ordinal = ++stand->last.frame;
    stand->last.time_ns += 1000;
    assert_int_equal(dissector_feed(stand->dissector, LINKTYPE_ETHERNET, span_of(frame, len),
                                    (uint32_t)len, &stand->last),
                     FEED_OK);
}

static void play_open(struct stand *stand, uint16_t connection)
{
    play(stand, connection, DIR_CLIENT, (struct segment){.seq = 1000, .flags = SEGMENT_SYN});
    play(stand, connection, DIR_SERVER,
         (struct segment){.seq = 5000, .ack = 1001, .flags = SEGMENT_SYN | SEGMENT_ACK});
}

static void play_request(struct stand *stand, uint16_t connection)
{
    play(stand, connection, DIR_CLIENT,
         (struct segment){.seq = REQUEST_SEQ,
                          .ack = 5001,
                          .flags = SEGMENT_ACK,
                          .payload = span_str("GET / HTTP/1.1\r\nHost: a\r\n\r\n")});
}

static void play_reset(struct stand *stand, uint16_t connection)
{
    play(stand, connection, DIR_SERVER,
         (struct segment){.seq = 5001, .ack = 1028, .flags = SEGMENT_RST | SEGMENT_ACK});
}

static void play_whole(struct stand *stand, uint16_t connection)
{
    play_open(stand, connection);
    play_request(stand, connection);
    play_reset(stand, connection);
}

static uint64_t n_connections(const struct stand *stand)
{
    struct dissector_stats stats;
    dissector_stats(stand->dissector, &stats);
    return stats.n_connections;
}

static void late_copy_belongs_to_the_closed_connection(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_whole(&stand, 1);
    play_request(&stand, 1);
    assert_int_equal(n_connections(&stand), 1);
    dissector_close(stand.dissector);
}

static void a_closed_connection_that_was_translated_counts_as_such(void **state)
{
    (void)state;
    struct stand stand;
    struct dissector_stats stats;
    stand_open(&stand);
    play_whole(&stand, 1);
    stand.is_behind = true;
    play_request(&stand, 1);
    dissector_stats(stand.dissector, &stats);
    assert_int_equal(stats.n_connections, 1);
    assert_int_equal(stats.n_translated, 1);
    dissector_close(stand.dissector);
}

static void closed_connection_is_forgotten_after_its_time(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_whole(&stand, 1);
    stand.last.time_ns += stand.limits.closed_linger_ns + SECOND_NS;
    play_request(&stand, 1);
    assert_int_equal(n_connections(&stand), 2);
    dissector_close(stand.dissector);
}

/* Its SYN and what it acknowledged, when more time went by than it lingers. */
static uint64_t count_with_late_parts(struct stand *stand, uint32_t seq)
{
    play_whole(stand, 1);
    stand->last.time_ns += stand->limits.closed_linger_ns + SECOND_NS;
    play(stand, 1, DIR_CLIENT,
         (struct segment){.seq = REQUEST_SEQ, .ack = 5001, .flags = SEGMENT_ACK});
    play(stand, 1, DIR_SERVER,
         (struct segment){.seq = 5001, .ack = 1028, .flags = SEGMENT_ACK | SEGMENT_FIN});
    play(stand, 1, DIR_CLIENT, (struct segment){.seq = seq, .flags = SEGMENT_SYN});
    assert_int_equal(dissector_finish(stand->dissector), FEED_OK);
    uint64_t n = n_connections(stand);
    dissector_close(stand->dissector);
    return n;
}

static void parts_of_a_closed_connection_captured_late_are_no_connection(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    assert_int_equal(count_with_late_parts(&stand, 1000), 1);
    stand_open(&stand);
    assert_int_equal(count_with_late_parts(&stand, 77777777), 2); /* the ports are used again */
    stand_open(&stand);
    stand.limits.reorder_frames = 1;
    assert_int_equal(count_with_late_parts(&stand, 1000), 2);
    stand_open(&stand);
    stand.limits.reorder_quiet_ns = stand.limits.closed_linger_ns;
    assert_int_equal(count_with_late_parts(&stand, 1000), 2);
}

static void a_closed_connection_that_is_played_again_is_another(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_whole(&stand, 1);
    stand.last.time_ns += stand.limits.closed_linger_ns + SECOND_NS;
    play_whole(&stand, 1);
    assert_int_equal(dissector_finish(stand.dissector), FEED_OK);
    assert_int_equal(n_connections(&stand), 2);
    dissector_close(stand.dissector);
}

static void late_copy_makes_a_closed_connection_known_for_longer(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_whole(&stand, 1);
    for (int i = 0; i < 3; i++) {
        stand.last.time_ns += stand.limits.closed_linger_ns - SECOND_NS;
        play_request(&stand, 1);
    }
    assert_int_equal(n_connections(&stand), 1);
    dissector_close(stand.dissector);
}

static void only_so_many_closed_connections_are_known(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    for (uint16_t i = 1; i <= MAX_LINGERING; i++)
        play_whole(&stand, i);
    size_t bytes = dissector_buffered_bytes(stand.dissector);
    for (uint16_t i = MAX_LINGERING + 1; i <= 4 * MAX_LINGERING; i++)
        play_whole(&stand, i);
    assert_true(dissector_buffered_bytes(stand.dissector) <= bytes);
    play_request(&stand, 4 * MAX_LINGERING);
    assert_int_equal(n_connections(&stand), 4 * MAX_LINGERING);
    play_request(&stand, 3 * MAX_LINGERING);
    assert_int_equal(dissector_finish(stand.dissector), FEED_OK);
    assert_int_equal(n_connections(&stand), 4 * MAX_LINGERING + 1);
    dissector_close(stand.dissector);
}

static void any_number_can_be_a_time(void **state)
{
    (void)state;
    static const int64_t times_ns[] = {INT64_MIN, INT64_MAX - 10000, INT64_MIN + 10000, 0};
    struct stand stand;
    stand_open(&stand);
    for (uint16_t i = 0; i < 4; i++) {
        stand.last.time_ns = times_ns[i];
        play_whole(&stand, i + 1);
        play_open(&stand, i + 100);
    }
    assert_int_equal(n_connections(&stand), 8);
    assert_int_equal(dissector_finish(stand.dissector), FEED_OK);
    dissector_close(stand.dissector);
}

static void open_connection_rests_longer_than_a_closed_one(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_open(&stand, 1);
    stand.last.time_ns += stand.limits.connection_idle_ns - SECOND_NS;
    play_request(&stand, 1);
    assert_int_equal(n_connections(&stand), 1);
    stand.last.time_ns += stand.limits.connection_idle_ns + SECOND_NS;
    play_request(&stand, 1);
    assert_int_equal(n_connections(&stand), 2);
    dissector_close(stand.dissector);
}

static void waiting_connection_that_closes_is_known_and_forgotten_as_any(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    for (uint16_t i = 1; i <= 2 * MAX_LINGERING; i++) {
        play_open(&stand, i);
        play(&stand, i, DIR_CLIENT,
             (struct segment){.seq = 2000, .flags = SEGMENT_ACK, .payload = span_str("x")});
        if (i % 2)
            play_reset(&stand, i);
    }
    stand.last.time_ns += 2 * stand.limits.connection_idle_ns;
    dissector_tick(stand.dissector, &stand.last);
    play_whole(&stand, 1);
    assert_int_equal(n_connections(&stand), 2 * MAX_LINGERING + 1);
    dissector_close(stand.dissector);
}

enum { MAX_TOLD = 32 };

struct told {
    uint64_t connections[MAX_TOLD]; /* by ordinal */
};

static void tell(void *ctx, uint64_t ordinal, uint64_t completed, uint64_t connection)
{
    struct told *told = ctx;
    assert_true(ordinal < MAX_TOLD);
    assert_int_equal(completed, ordinal);
    assert_int_equal(told->connections[ordinal], 0);
    told->connections[ordinal] = connection;
}

static uint64_t n_http_behind_other_bytes(uint16_t client_port, uint16_t server_port)
{
    struct stand stand;
    struct dissector_stats stats;
    stand_open(&stand);
    stand.server_port = server_port;
    play(&stand, client_port, DIR_CLIENT,
         (struct segment){.seq = REQUEST_SEQ - 6,
                          .ack = 5001,
                          .flags = SEGMENT_ACK,
                          .payload = span_str("text\r\n")});
    play_request(&stand, client_port);
    assert_int_equal(dissector_finish(stand.dissector), FEED_OK);
    dissector_stats(stand.dissector, &stats);
    dissector_close(stand.dissector);
    return stats.n_http_connections;
}

static void joined_midway_the_port_tells_who_asks_unless_both_are_such_as_clients_have(void **state)
{
    (void)state;
    assert_int_equal(n_http_behind_other_bytes(40000, 80), 1);
    assert_int_equal(n_http_behind_other_bytes(80, 40000), 0);
    assert_int_equal(n_http_behind_other_bytes(40000, 50000), 1);
}

static void every_frame_of_a_connection_is_told(void **state)
{
    (void)state;
    static const uint64_t expected[MAX_TOLD] = {0, 1, 1, 3, 3, 1, 3, 1, 3, 0, 10, 10, 10, 10};
    struct told told = {{0}};
    struct stand stand;
    stand_open(&stand);
    dissector_tell_frames(stand.dissector, (struct frame_sink){tell, &told});
    play_open(&stand, 1);
    play_open(&stand, 2);
    play_request(&stand, 1);
    play_request(&stand, 2);
    play_reset(&stand, 1);
    play_reset(&stand, 2);
    play_reset(&stand, 3); /* of a connection that nobody knows */
    play_whole(&stand, 4);
    assert_memory_equal(told.connections, expected, sizeof expected);
    dissector_close(stand.dissector);
}

static uint64_t n_evicted(const struct stand *stand)
{
    struct dissector_stats stats;
    dissector_stats(stand->dissector, &stats);
    return stats.n_evicted_connections;
}

static void beyond_max_connections_the_least_useful_of_the_oldest_goes(void **state)
{
    (void)state;
    struct stand stand;
    stand_open_with(&stand, &(struct limits){.max_connections = 100});
    play_open(&stand, 1);
    play_request(&stand, 1); /* HTTP, so it stays */
    for (uint16_t i = 2; i <= 101; i++)
        play_open(&stand, i);
    assert_int_equal(dissector_n_connections(stand.dissector), 95);
    assert_int_equal(n_evicted(&stand), 6);
    play_request(&stand, 1);
    assert_int_equal(n_connections(&stand), 101);
    play_open(&stand, 2);
    assert_int_equal(n_connections(&stand), 102);
    dissector_close(stand.dissector);
}

static void beyond_max_memory_bytes_connections_are_given_up(void **state)
{
    (void)state;
    struct stand stand;
    struct limits limits = {.max_memory_bytes = 512 * 1024};
    stand_open_with(&stand, &limits);
    for (uint16_t i = 1; i <= 1000; i++) {
        play_open(&stand, i);
        play_request(&stand, i);
        assert_true(dissector_buffered_bytes(stand.dissector) <= limits.max_memory_bytes);
    }
    assert_int_equal(n_connections(&stand), 1000);
    assert_int_equal(n_evicted(&stand) + dissector_n_connections(stand.dissector), 1000);
    assert_true(n_evicted(&stand) > 0);
    dissector_close(stand.dissector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_copy_belongs_to_the_closed_connection),
        cmocka_unit_test(a_closed_connection_that_was_translated_counts_as_such),
        cmocka_unit_test(closed_connection_is_forgotten_after_its_time),
        cmocka_unit_test(parts_of_a_closed_connection_captured_late_are_no_connection),
        cmocka_unit_test(a_closed_connection_that_is_played_again_is_another),
        cmocka_unit_test(late_copy_makes_a_closed_connection_known_for_longer),
        cmocka_unit_test(only_so_many_closed_connections_are_known),
        cmocka_unit_test(any_number_can_be_a_time),
        cmocka_unit_test(open_connection_rests_longer_than_a_closed_one),
        cmocka_unit_test(waiting_connection_that_closes_is_known_and_forgotten_as_any),
        cmocka_unit_test(
            joined_midway_the_port_tells_who_asks_unless_both_are_such_as_clients_have),
        cmocka_unit_test(every_frame_of_a_connection_is_told),
        cmocka_unit_test(beyond_max_connections_the_least_useful_of_the_oldest_goes),
        cmocka_unit_test(beyond_max_memory_bytes_connections_are_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
