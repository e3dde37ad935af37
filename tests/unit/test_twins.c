/* Handshakes on several sides of a translation; what goes on, and as whose. */
#include "dissector/net/twins.h"
#include "tests/support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

enum { END_BYTES = 32 };
enum { SYN = SEGMENT_SYN, SYN_ACK = SEGMENT_SYN | SEGMENT_ACK, ACK = SEGMENT_ACK };

static const struct hash_key key = {3, 4};
static struct limits limits;
static struct twins twins;
static char passed[4096]; /* a line for each segment */
static int64_t time_ns;
static uint64_t ordinal;

/* Ends of the legs: the client before and behind, the server before and behind. */
static const struct endpoint client = {{4, {192, 0, 2, 10}}, 40000};
static const struct endpoint other = {{4, {192, 0, 2, 11}}, 40000};
static const struct endpoint gateway = {{4, {172, 17, 0, 1}}, 40000};
static const struct endpoint published = {{4, {192, 0, 2, 80}}, 8080};
static const struct endpoint server = {{4, {172, 17, 0, 2}}, 80};

static void put_end(char *text, const struct endpoint *end)
{
    (void)snprintf(text, END_BYTES, "%u.%u:%u", end->address.bytes[0], end->address.bytes[3],
                   end->port);
}

static enum feed see(void *ctx, const struct segment *segment)
{
    char from[END_BYTES], to[END_BYTES];
    size_t len = strlen(passed);
    (void)ctx;
    put_end(from, &segment->source);
    put_end(to, &segment->destination);
    if (segment->is_twin && segment->payload.len == 0) {
        (void)snprintf(passed + len, sizeof passed - len, "%s %s is none\n", from, to);
        return FEED_OK;
    }
    if (segment->is_twin) {
        struct segment_twin twin;
        char nat_from[END_BYTES], nat_to[END_BYTES];
        assert_int_equal(segment->payload.len, sizeof twin);
        memcpy(&twin, segment->payload.ptr, sizeof twin);
        put_end(nat_from, &twin.end[0]);
        put_end(nat_to, &twin.end[1]);
        (void)snprintf(passed + len, sizeof passed - len, "%s %s is %s%s %s\n", from, to,
                       twin.is_before ? "before " : "", nat_from, nat_to);
        return FEED_OK;
    }
    (void)snprintf(passed + len, sizeof passed - len, "%s %s%s%s%s\n", from, to,
                   segment->flags & SYN ? " S" : "", segment->flags & ACK ? " A" : "",
                   segment->payload.len > 0 ? " data" : "");
    return FEED_OK;
}

static void setup_with(size_t max_handshakes, size_t max_translated)
{
    limits = limits_default;
    limits.max_handshakes = max_handshakes;
    limits.max_translated = max_translated;
    passed[0] = '\0';
    time_ns = 0;
    twins_init(&twins, &limits, &key, (struct segment_sink){see, NULL});
}

static void setup(void)
{
    setup_with(limits_default.max_handshakes, limits_default.max_translated);
}

/* Ends the test: what is still held comes now. */
static void expect(const char *text)
{
    assert_int_equal(twins_finish(&twins), FEED_OK);
    assert_string_equal(passed, text);
    twins_free(&twins);
}

static void say(const struct endpoint *from, const struct endpoint *to, struct segment segment)
{
    segment.source = *from;
    segment.destination = *to;
    segment.origin.time_ns = time_ns += 1000;
    segment.origin.ordinal = ++ordinal;
    assert_int_equal(twins_feed(&twins, &segment), FEED_OK);
}

static void syn(const struct endpoint *from, const struct endpoint *to)
{
    say(from, to, (struct segment){.flags = SYN, .seq = 999});
}

static void answer(const struct endpoint *from, const struct endpoint *to)
{
    say(from, to, (struct segment){.flags = SYN_ACK, .seq = 4999, .ack = 1000});
}

static void data(const struct endpoint *from, const struct endpoint *to)
{
    static const uint8_t text[] = "GET";
    say(from, to,
        (struct segment){
            .flags = ACK, .seq = 1000, .ack = 5000, .payload = span_of(text, sizeof text)});
}

static void behind_a_translated_destination_goes_what_came_before_it(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&client, &server);
    answer(&server, &client);
    answer(&published, &client);
    data(&client, &published);
    data(&client, &server);
    data(&server, &client);
    expect("192.10:40000 192.80:8080 S\n"
           "192.80:8080 192.10:40000 S A\n"
           "192.10:40000 192.80:8080 is 192.10:40000 172.2:80\n"
           "192.10:40000 172.2:80 is none\n" /* its end may have been captured early */
           "192.10:40000 192.80:8080 S\n"
           "192.80:8080 192.10:40000 S A\n"
           "192.10:40000 192.80:8080 A data\n"
           "192.10:40000 192.80:8080 A data\n"
           "192.80:8080 192.10:40000 A data\n");
}

static void several_translations_in_a_row_are_one_connection(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&client, &server);
    syn(&gateway, &server);
    syn(&gateway, &server); /* on a second interface */
    answer(&server, &gateway);
    answer(&server, &gateway);
    answer(&server, &client);
    answer(&published, &client);
    passed[0] = '\0';
    data(&gateway, &server);
    data(&client, &server);
    expect("192.10:40000 192.80:8080 A data\n192.10:40000 192.80:8080 A data\n");
}

/* br_netfilter undoes the translation of the source on the bridge, that of the destination later.
 */
static void a_direction_that_was_translated_by_half_belongs_to_it(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&gateway, &server);
    answer(&server, &gateway);
    answer(&server, &client);
    answer(&published, &client);
    assert_non_null(strstr(passed, " is 172.1:40000 172.2:80\n"));
    passed[0] = '\0';
    data(&server, &client);
    expect("192.80:8080 192.10:40000 A data\n");
}

static void a_proxy_has_a_number_of_its_own(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    say(&gateway, &server, (struct segment){.flags = SYN, .seq = 70000});
    say(&server, &gateway, (struct segment){.flags = SYN_ACK, .seq = 4999, .ack = 70001});
    answer(&published, &client);
    expect("192.10:40000 192.80:8080 S\n"
           "172.1:40000 172.2:80 S\n"
           "172.2:80 172.1:40000 S A\n"
           "192.80:8080 192.10:40000 S A\n");
}

static void another_number_of_the_server_makes_two(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&client, &server);
    answer(&server, &client);
    say(&published, &client, (struct segment){.flags = SYN_ACK, .seq = 800, .ack = 1000});
    data(&client, &server);
    expect("192.10:40000 192.80:8080 S\n"
           "192.80:8080 192.10:40000 S A\n"
           "192.10:40000 172.2:80 S\n"
           "172.2:80 192.10:40000 S A\n"
           "192.10:40000 172.2:80 A data\n");
}

/* As in captures that a program made up. */
static void one_number_for_all_connections_proves_nothing(void **state)
{
    struct endpoint ports = {client.address, 40001};
    (void)state;
    setup();
    syn(&client, &server); /* one after another */
    answer(&server, &client);
    syn(&other, &server);
    answer(&server, &other);
    assert_string_equal(passed, "192.10:40000 172.2:80 S\n"
                                "172.2:80 192.10:40000 S A\n"
                                "192.11:40000 172.2:80 S\n"
                                "172.2:80 192.11:40000 S A\n");
    passed[0] = '\0';
    syn(&client, &server); /* all at once */
    syn(&other, &server);
    answer(&server, &client);
    answer(&server, &other);
    data(&other, &server);
    assert_non_null(strstr(passed, "192.11:40000 172.2:80 S\n"));
    assert_non_null(strstr(passed, "172.2:80 192.11:40000 S A\n192.11:40000 172.2:80 A data\n"));
    passed[0] = '\0';
    syn(&client, &published); /* other ports alone, however they are answered */
    syn(&ports, &published);
    answer(&published, &ports);
    answer(&published, &client);
    expect("192.10:40000 192.80:8080 S\n"
           "192.10:40001 192.80:8080 S\n"
           "192.80:8080 192.10:40001 S A\n"
           "192.80:8080 192.10:40000 S A\n");
}

static void both_sides_may_open_at_once_with_one_number(void **state)
{
    (void)state;
    setup();
    syn(&client, &server);
    syn(&server, &client);
    answer(&client, &server);
    answer(&server, &client);
    expect("192.10:40000 172.2:80 S\n"
           "172.2:80 192.10:40000 S\n"
           "192.10:40000 172.2:80 S A\n"
           "172.2:80 192.10:40000 S A\n");
}

static void what_is_held_goes_on_before_anything_that_does_not_fit(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&client, &server);
    data(&client, &server); /* the answers were not captured */
    expect("192.10:40000 192.80:8080 S\n"
           "192.10:40000 172.2:80 S\n"
           "192.10:40000 172.2:80 A data\n");
}

static void what_is_held_goes_on_when_no_answer_comes_in_time(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    syn(&client, &server);
    assert_int_equal(twins_tick(&twins, time_ns + limits.handshake_ns - 1), FEED_OK);
    assert_string_equal(passed, "192.10:40000 192.80:8080 S\n");
    assert_int_equal(twins_tick(&twins, time_ns + limits.handshake_ns), FEED_OK);
    expect("192.10:40000 192.80:8080 S\n192.10:40000 172.2:80 S\n");
}

static void a_late_second_syn_is_no_twin(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    time_ns += limits.handshake_ns;
    syn(&client, &server);
    assert_string_equal(passed, "192.10:40000 192.80:8080 S\n192.10:40000 172.2:80 S\n");
    twins_free(&twins);
}

static void more_copies_than_are_held_are_no_twin(void **state)
{
    (void)state;
    setup();
    syn(&client, &published);
    for (int i = 0; i < 17; i++)
        syn(&client, &server);
    answer(&server, &client);
    answer(&published, &client);
    assert_null(strstr(passed, " is "));
    assert_non_null(strstr(passed, "172.2:80 192.10:40000 S A\n"));
    twins_free(&twins);
}

static void open_twin(void)
{
    syn(&client, &published);
    syn(&client, &server);
    answer(&server, &client);
    answer(&published, &client);
    passed[0] = '\0';
}

static void a_twin_ends_with_a_new_connection_between_its_ends(void **state)
{
    (void)state;
    setup();
    open_twin();
    say(&client, &server, (struct segment){.flags = SYN, .seq = 123456});
    data(&client, &server);
    expect("192.10:40000 172.2:80 S\n192.10:40000 172.2:80 A data\n");
}

static void a_twin_is_forgotten_when_it_was_idle_too_long(void **state)
{
    (void)state;
    setup();
    open_twin();
    time_ns += limits.connection_idle_ns - 5000;
    data(&client, &server);
    time_ns += limits.connection_idle_ns;
    data(&client, &server);
    expect("192.10:40000 192.80:8080 A data\n192.10:40000 172.2:80 A data\n");
}

static void play_number(uint32_t number, bool is_whole)
{
    struct endpoint from = client;
    from.port = (uint16_t)(10000 + number);
    say(&from, &published, (struct segment){.flags = SYN, .seq = number});
    say(&from, &server, (struct segment){.flags = SYN, .seq = number});
    if (!is_whole)
        return;
    say(&server, &from, (struct segment){.flags = SYN_ACK, .seq = 7, .ack = number + 1});
    say(&published, &from, (struct segment){.flags = SYN_ACK, .seq = 7, .ack = number + 1});
    passed[0] = '\0';
}

static void max_handshakes_bounds_the_syns_without_answer(void **state)
{
    (void)state;
    setup_with(100, 100);
    for (uint32_t i = 0; i < 101; i++)
        play_number(i, false), passed[0] = i < 100 ? '\0' : passed[0];
    assert_int_equal(table_n_nodes(&twins.hellos), 95);
    assert_non_null(strstr(passed, "192.10:10000 172.2:80 S\n")); /* the oldest were given up */
    for (uint32_t i = 200; i < 5000; i++)
        play_number(i, false), passed[0] = '\0';
    assert_in_range(twins_buffered_bytes(&twins), 1, 400 * 1024);
    twins_free(&twins);
}

static void max_translated_bounds_the_twins(void **state)
{
    struct endpoint from = client;
    (void)state;
    setup_with(100, 100);
    for (uint32_t i = 0; i < 101; i++)
        play_number(i, true);
    assert_int_equal(table_n_nodes(&twins.legs), 100);
    from.port = 10000;
    data(&from, &server);
    from.port = 10100;
    data(&from, &server);
    expect("192.10:10000 172.2:80 A data\n192.10:10100 192.80:8080 A data\n");
}

static void max_translated_bounds_the_undecided_too(void **state)
{
    (void)state;
    setup_with(1000, 100);
    play_number(0, true);
    for (uint32_t i = 1; i < 200; i++)
        play_number(i, false);
    assert_int_equal(table_n_nodes(&twins.legs), 100);
    passed[0] = '\0';
    syn(&client, &published);
    syn(&client, &server);
    assert_non_null(strstr(passed, "192.10:40000 172.2:80 S\n")); /* not held: there is no place */
    assert_int_equal(table_n_nodes(&twins.legs), 100);
    twins_free(&twins);
}

static void without_memory_there_are_two_connections(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 12; i++) {
        setup();
        limits.max_sightings = 0;
        alloc_fail_at(i);
        syn(&client, &published);
        syn(&client, &server);
        answer(&server, &client);
        answer(&published, &client);
        data(&client, &server);
        bool has_failed = alloc_has_failed();
        alloc_fail_at(0);
        assert_non_null(strstr(passed, has_failed ? "172.2:80 A data" : "192.80:8080 A data"));
        twins_free(&twins);
        if (!has_failed)
            return;
    }
    fail();
}

/* What a side says midway: numbers, text and hop limit as given. */
struct saying {
    uint32_t seq, ack;
    const char *text;
    uint8_t hop_limit;
};

static void utter(const struct endpoint *from, const struct endpoint *to, struct saying saying)
{
    say(from, to,
        (struct segment){.flags = ACK | SEGMENT_PSH,
                         .seq = saying.seq,
                         .ack = saying.ack,
                         .hop_limit = saying.hop_limit,
                         .payload = span_str(saying.text)});
}

static const struct saying request = {7000, 9000, "PROPFIND /a", 64};
static const struct saying passed_request = {7000, 9000, "PROPFIND /a", 63};
static const struct saying response = {9000, 7011, "HTTP/1.1 207", 64};
static const struct saying passed_response = {9000, 7011, "HTTP/1.1 207", 63};

static void without_a_handshake_the_payload_tells_of_the_twin(void **state)
{
    (void)state;
    setup();
    utter(&client, &published, request);
    utter(&client, &server, passed_request);
    utter(&server, &client, response);
    utter(&published, &client, passed_response);
    expect("192.10:40000 192.80:8080 A data\n"
           "192.10:40000 172.2:80 is none\n"
           "192.10:40000 192.80:8080 is 192.10:40000 172.2:80\n"
           "192.10:40000 192.80:8080 A data\n"
           "192.80:8080 192.10:40000 A data\n"
           "192.80:8080 192.10:40000 A data\n");
}

static void the_syn_of_a_twin_may_be_captured_behind_its_payload(void **state)
{
    /* Its own; its own, before payload that was lost; another one's. */
    static const uint32_t syns[] = {6999, 500, 123456};
    (void)state;
    for (size_t i = 0; i < sizeof syns / sizeof *syns; i++) {
        setup();
        utter(&client, &published, request);
        utter(&client, &server, passed_request);
        passed[0] = '\0';
        say(&client, &server, (struct segment){.flags = SYN, .seq = syns[i]});
        expect(i < 2 ? "192.10:40000 192.80:8080 S\n" : "192.10:40000 172.2:80 S\n");
    }
}

static void an_answer_tells_of_the_twin_when_the_request_was_not_seen(void **state)
{
    (void)state;
    setup();
    utter(&server, &client, response);
    utter(&published, &client, passed_response);
    expect("172.2:80 192.10:40000 A data\n"
           "192.80:8080 192.10:40000 is none\n"
           "172.2:80 192.10:40000 is 192.80:8080 192.10:40000\n"
           "172.2:80 192.10:40000 A data\n");
}

static void a_handshake_without_one_of_its_segments_is_no_reason_to_tell_twice(void **state)
{
    (void)state;
    for (int lost = 0; lost < 4; lost++) {
        setup();
        if (lost != 0)
            syn(&client, &published);
        if (lost != 1)
            syn(&client, &server);
        if (lost != 2)
            answer(&server, &client);
        if (lost != 3)
            answer(&published, &client);
        utter(&client, &published, request);
        passed[0] = '\0';
        utter(&client, &server, passed_request);
        assert_non_null(strstr(passed, "192.10:40000 192.80:8080 is 192.10:40000 172.2:80\n"
                                       "192.10:40000 192.80:8080 A data\n"));
        twins_free(&twins);
    }
}

static void behind_two_translations_a_twin_follows_what_it_is_the_twin_of(void **state)
{
    (void)state;
    setup();
    syn(&client, &server);
    syn(&gateway, &server);
    answer(&server, &gateway);
    answer(&server, &client);
    say(&client, &published,
        (struct segment){.flags = ACK,
                         .seq = 1000,
                         .ack = 5000,
                         .hop_limit = 64,
                         .payload = span_str("PROPFIND /a")});
    say(&client, &server,
        (struct segment){.flags = ACK,
                         .seq = 1000,
                         .ack = 5000,
                         .hop_limit = 63,
                         .payload = span_str("PROPFIND /a")});
    passed[0] = '\0';
    data(&gateway, &server);
    data(&server, &gateway);
    expect("192.10:40000 192.80:8080 A data\n192.80:8080 192.10:40000 A data\n");
}

static void halves_of_both_sides_belong_to_a_twin_without_handshake_too(void **state)
{
    (void)state;
    setup();
    utter(&client, &published, request);
    utter(&gateway, &server, passed_request);
    utter(&server, &gateway, response);
    assert_non_null(strstr(passed, "192.10:40000 172.2:80 is none\n"));
    passed[0] = '\0';
    utter(&server, &client, response); /* on the bridge: nobody counts a hop */
    utter(&published, &client, passed_response);
    expect("192.80:8080 192.10:40000 A data\n"
           "192.80:8080 192.10:40000 A data\n");
}

/* On the bridge again, and the request is captured behind its answer, or lost. */
static void an_answer_that_was_translated_by_half_belongs_to_its_twin(void **state)
{
    (void)state;
    setup();
    utter(&server, &gateway, response);
    utter(&server, &client, response);
    assert_string_equal(passed, "172.2:80 172.1:40000 A data\n");
    utter(&published, &client, passed_response);
    assert_string_equal(passed, "172.2:80 172.1:40000 A data\n"
                                "192.80:8080 192.10:40000 is none\n"
                                "192.80:8080 172.1:40000 is none\n"
                                "172.2:80 192.10:40000 is none\n"
                                "172.2:80 172.1:40000 is 192.80:8080 192.10:40000\n"
                                "172.2:80 172.1:40000 A data\n"
                                "172.2:80 172.1:40000 A data\n");
    passed[0] = '\0';
    utter(&client, &published, request);
    utter(&gateway, &server, passed_request);
    expect("172.1:40000 172.2:80 A data\n172.1:40000 172.2:80 A data\n");
}

static void what_may_be_translated_by_half_is_held_until_something_else_comes(void **state)
{
    enum { AGAIN, SAID_ON, LATE, FAR, ELSEWHERE, END, WAYS };
    static const char held[] = "172.2:80 192.10:40000 A data\n";
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        setup();
        utter(&server, &gateway, response);
        utter(&server, &client, response);
        assert_true(twins_buffered_bytes(&twins) > limits.max_sightings * sizeof(struct sighting));
        if (way == AGAIN) /* as programs do that make captures up: another one is held */
            utter(&server, &other, response);
        if (way == SAID_ON)
            utter(&client, &server, request);
        if (way == LATE)
            assert_int_equal(twins_tick(&twins, time_ns + limits.sighting_ns), FEED_OK);
        for (uint32_t i = 0; i < (way == FAR ? 4u : way == ELSEWHERE ? 3u : 0u); i++)
            utter(&other, &published, (struct saying){i, 2, "GET /", 64});
        if (way <= FAR)
            assert_non_null(strstr(passed, held));
        else
            assert_null(strstr(passed, held));
        assert_int_equal(twins_finish(&twins), FEED_OK);
        assert_non_null(strstr(passed, held));
        assert_null(strstr(passed, " is "));
        twins_free(&twins);
    }
}

static void what_does_not_come_next_is_not_held(void **state)
{
    (void)state;
    setup();
    utter(&server, &gateway, response);
    ordinal += 3;
    utter(&server, &client, response);
    assert_string_equal(passed, "172.2:80 172.1:40000 A data\n172.2:80 192.10:40000 A data\n");
    twins_free(&twins);
}

static void without_memory_what_may_be_translated_by_half_is_not_held(void **state)
{
    (void)state;
    setup();
    utter(&server, &gateway, response);
    alloc_fail_at(1);
    utter(&server, &client, response);
    alloc_fail_at(0);
    assert_string_equal(passed, "172.2:80 172.1:40000 A data\n172.2:80 192.10:40000 A data\n");
    twins_free(&twins);
}

static void what_is_passed_on_between_other_ends_tells_nothing_of_what_is_held(void **state)
{
    (void)state;
    setup();
    utter(&server, &gateway, response);
    utter(&server, &client, response);
    utter(&published, &other, passed_response); /* shares no end with it */
    expect("172.2:80 172.1:40000 A data\n"
           "192.80:8080 192.11:40000 is none\n"
           "192.80:8080 192.10:40000 is none\n"
           "172.2:80 192.11:40000 is none\n"
           "172.2:80 192.10:40000 is 192.80:8080 192.11:40000\n"
           "172.2:80 192.10:40000 A data\n"
           "172.2:80 192.10:40000 A data\n");
}

static void who_opens_after_the_same_was_answered_is_no_twin(void **state)
{
    static const struct saying first = {1000, 5000, "PROPFIND /", 64};
    static const struct saying passed_first = {1000, 5000, "PROPFIND /", 63};
    (void)state;
    setup();
    syn(&client, &server);
    answer(&server, &client);
    syn(&other, &server);
    answer(&server, &other);
    passed[0] = '\0';
    for (int i = 0; i < 2; i++) {
        utter(&client, &server, first);
        utter(&other, &server, passed_first);
    }
    utter(&client, &server, first); /* nor is the first one of the second */
    expect("192.10:40000 172.2:80 A data\n192.11:40000 172.2:80 A data\n"
           "192.10:40000 172.2:80 A data\n192.11:40000 172.2:80 A data\n"
           "192.10:40000 172.2:80 A data\n");
}

static void another_text_with_the_same_numbers_parts_a_twin(void **state)
{
    static const struct saying other_response = {9000, 7011, "HTTP/1.1 207 b", 63};
    (void)state;
    for (int is_second = 0; is_second < 2; is_second++) {
        setup();
        utter(&client, &published, request);
        utter(&client, &server, passed_request);
        if (is_second)
            utter(&published, &client, response);
        utter(&server, &client, other_response);
        if (!is_second) /* too late for this one */
            utter(&published, &client, response);
        passed[0] = '\0';
        utter(&server, &client, (struct saying){9014, 7011, "more", 63});
        expect("172.2:80 192.10:40000 A data\n");
    }
}

static void segments_that_end_elsewhere_part_no_twin(void **state)
{
    static const struct saying longer = {9000, 7011, "HTTP/1.1 207 Multi-Status", 64};
    static const struct saying passed_longer = {9000, 7011, "HTTP/1.1 207 Multi-Status", 63};
    (void)state;
    setup();
    utter(&client, &published, request);
    utter(&client, &server, passed_request);
    utter(&server, &client, response);
    utter(&published, &client, passed_response);
    utter(&server, &client, longer); /* sent anew */
    utter(&published, &client, passed_longer);
    say(&server, &client, /* segments made by one of the interfaces */
        (struct segment){.flags = ACK, .seq = 9000, .ack = 7011, .payload = span_str("HTTP")});
    utter(&published, &client, passed_longer);
    passed[0] = '\0';
    utter(&server, &client, longer);
    expect("192.80:8080 192.10:40000 A data\n");
}

static void what_is_before_may_come_second(void **state)
{
    (void)state;
    setup();
    utter(&client, &server, passed_request);
    utter(&client, &published, request);
    expect("192.10:40000 172.2:80 A data\n"
           "192.10:40000 192.80:8080 is none\n"
           "192.10:40000 172.2:80 is before 192.10:40000 192.80:8080\n"
           "192.10:40000 172.2:80 A data\n");
}

/* Each as the second connection's first words. */
static void connections_that_say_nearly_the_same_are_two(void **state)
{
    static const struct saying near_misses[] = {
        {7001, 9000, "PROPFIND /a", 63}, /* another connection of the same client program */
        {7000, 9001, "PROPFIND /a", 63},  {7000, 9000, "PROPFIND /b", 63},
        {7000, 9000, "PROPFIND /a/", 63}, {7000, 9000, "PROPFIND /a", 64}, /* made up */
        {7000, 9000, "PROPFIND /a", 128},                                  /* another system */
    };
    (void)state;
    for (size_t i = 0; i < sizeof near_misses / sizeof *near_misses; i++) {
        setup();
        utter(&client, &published, request);
        utter(&client, &server, near_misses[i]);
        expect("192.10:40000 192.80:8080 A data\n192.10:40000 172.2:80 A data\n");
    }
}

static void what_is_said_again_is_no_twin(void **state)
{
    struct endpoint ports = {client.address, 40001};
    (void)state;
    setup();
    utter(&client, &published, request);
    utter(&client, &published, passed_request); /* once more, by another route */
    utter(&ports, &published, request);         /* ports alone */
    time_ns += limits.sighting_ns;
    utter(&client, &server, passed_request); /* late */
    expect("192.10:40000 192.80:8080 A data\n"
           "192.10:40000 192.80:8080 A data\n"
           "192.10:40001 192.80:8080 A data\n"
           "192.10:40000 172.2:80 A data\n");
}

static void texts_differ_at_their_beginning_or_at_their_end(void **state)
{
    static const char text[] = "PROPFIND /calendars/one/ HTTP/1.1\r\nHost: dav.example\r\n"
                               "Depth: 1\r\nContent-Length: 0\r\nCookie: 12345678\r\n\r\n";
    char changed[sizeof text];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        setup();
        memcpy(changed, text, sizeof text);
        changed[i == 0 ? 20 : sizeof text - 20] ^= 1;
        utter(&client, &published, (struct saying){7000, 9000, text, 64});
        utter(&client, &server, (struct saying){7000, 9000, changed, 63});
        assert_null(strstr(passed, " is "));
        twins_free(&twins);
    }
}

static void max_sightings_bounds_what_a_copy_is_found_by(void **state)
{
    (void)state;
    setup();
    limits.max_sightings = 1;
    utter(&client, &published, request);
    utter(&other, &published, (struct saying){1, 2, "GET /", 64}); /* takes the only place */
    utter(&client, &server, passed_request);
    assert_int_equal(twins_buffered_bytes(&twins), sizeof(struct sighting));
    assert_null(strstr(passed, " is "));
    utter(&client, &published, passed_request);
    utter(&client, &server, request);
    assert_non_null(strstr(passed, " is "));
    twins_free(&twins);
}

static void other_numbers_between_the_ends_of_a_twin_part_it(void **state)
{
    static const struct saying next = {7011, 9012, "PUT /", 64};
    static const struct saying foreign = {4000000000, 3000000000, "PUT /", 64};
    (void)state;
    setup();
    utter(&client, &published, request);
    utter(&client, &server, passed_request);
    passed[0] = '\0';
    utter(&client, &server, foreign); /* one may be forged */
    utter(&client, &server, next);
    utter(&client, &server, foreign);
    utter(&client, &server, foreign);
    utter(&client, &server, next);
    expect("192.10:40000 172.2:80 A data\n"
           "192.10:40000 192.80:8080 A data\n"
           "192.10:40000 172.2:80 A data\n"
           "192.10:40000 172.2:80 A data\n"
           "192.10:40000 172.2:80 A data\n");
}

/* Who answers what he knows nothing of has no numbers of his own. */
static void a_reset_with_any_numbers_goes_by_its_twin(void **state)
{
    (void)state;
    setup();
    open_twin();
    say(&server, &client, (struct segment){.flags = SEGMENT_RST, .seq = 3000000000});
    data(&client, &server);
    expect("192.80:8080 192.10:40000\n192.10:40000 192.80:8080 A data\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_translated_destination_goes_what_came_before_it),
        cmocka_unit_test(several_translations_in_a_row_are_one_connection),
        cmocka_unit_test(a_direction_that_was_translated_by_half_belongs_to_it),
        cmocka_unit_test(a_proxy_has_a_number_of_its_own),
        cmocka_unit_test(another_number_of_the_server_makes_two),
        cmocka_unit_test(one_number_for_all_connections_proves_nothing),
        cmocka_unit_test(both_sides_may_open_at_once_with_one_number),
        cmocka_unit_test(what_is_held_goes_on_before_anything_that_does_not_fit),
        cmocka_unit_test(what_is_held_goes_on_when_no_answer_comes_in_time),
        cmocka_unit_test(a_late_second_syn_is_no_twin),
        cmocka_unit_test(more_copies_than_are_held_are_no_twin),
        cmocka_unit_test(a_twin_ends_with_a_new_connection_between_its_ends),
        cmocka_unit_test(a_twin_is_forgotten_when_it_was_idle_too_long),
        cmocka_unit_test(max_handshakes_bounds_the_syns_without_answer),
        cmocka_unit_test(max_translated_bounds_the_twins),
        cmocka_unit_test(max_translated_bounds_the_undecided_too),
        cmocka_unit_test(without_a_handshake_the_payload_tells_of_the_twin),
        cmocka_unit_test(the_syn_of_a_twin_may_be_captured_behind_its_payload),
        cmocka_unit_test(an_answer_tells_of_the_twin_when_the_request_was_not_seen),
        cmocka_unit_test(a_handshake_without_one_of_its_segments_is_no_reason_to_tell_twice),
        cmocka_unit_test(behind_two_translations_a_twin_follows_what_it_is_the_twin_of),
        cmocka_unit_test(halves_of_both_sides_belong_to_a_twin_without_handshake_too),
        cmocka_unit_test(an_answer_that_was_translated_by_half_belongs_to_its_twin),
        cmocka_unit_test(what_may_be_translated_by_half_is_held_until_something_else_comes),
        cmocka_unit_test(what_does_not_come_next_is_not_held),
        cmocka_unit_test(without_memory_what_may_be_translated_by_half_is_not_held),
        cmocka_unit_test(what_is_passed_on_between_other_ends_tells_nothing_of_what_is_held),
        cmocka_unit_test(who_opens_after_the_same_was_answered_is_no_twin),
        cmocka_unit_test(another_text_with_the_same_numbers_parts_a_twin),
        cmocka_unit_test(segments_that_end_elsewhere_part_no_twin),
        cmocka_unit_test(what_is_before_may_come_second),
        cmocka_unit_test(connections_that_say_nearly_the_same_are_two),
        cmocka_unit_test(what_is_said_again_is_no_twin),
        cmocka_unit_test(texts_differ_at_their_beginning_or_at_their_end),
        cmocka_unit_test(max_sightings_bounds_what_a_copy_is_found_by),
        cmocka_unit_test(other_numbers_between_the_ends_of_a_twin_part_it),
        cmocka_unit_test(a_reset_with_any_numbers_goes_by_its_twin),
        cmocka_unit_test(without_memory_there_are_two_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
