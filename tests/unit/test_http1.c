/* http1: every conversation is played whole, byte by byte and split at every byte, with and without
 * skipping what is not needed; the calls must be the same each time. */
#include "dissector/http/http1.h"
#include "tests/support/http_record.h"
#include "tests/support/stream_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct scene {
    const struct limits *limits;
    const struct play *plays;
    const char *calls;
    enum http_body (*on_message)(enum dir dir, const struct http_head *head);
    bool shows_fields;
};

static void play_one(void *ctx, const struct play_way *way)
{
    const struct scene *scene = ctx;
    struct http_record record = {.on_message = scene->on_message,
                                 .shows_fields = scene->shows_fields};
    struct http1 http1;
    call_log_begin(&record.log);
    http1_init(&http1, scene->limits ? scene->limits : &limits_default, http_record_sink(&record));
    struct stream_sink sinks[2] = {http1_stream(&http1, DIR_CLIENT),
                                   http1_stream(&http1, DIR_SERVER)};
    play_streams(sinks, scene->plays, way);
    assert_string_equal(call_log_end(&record.log), scene->calls);
    call_log_free(&record.log);
    http1_free(&http1);
}

static void expect(struct scene scene)
{
    play_every_way(scene.plays, play_one, &scene);
}

static void expect_calls(const struct play *plays, const char *calls)
{
    expect((struct scene){.plays = plays, .calls = calls});
}

static enum http_body decline_all(enum dir dir, const struct http_head *head)
{
    (void)dir, (void)head;
    return HTTP_BODY_UNWANTED;
}

static enum http_body say_absent(enum dir dir, const struct http_head *head)
{
    (void)head;
    return dir == DIR_SERVER ? HTTP_BODY_ABSENT : HTTP_BODY_WANTED;
}

static enum http_body say_tunnel(enum dir dir, const struct http_head *head)
{
    (void)head;
    return dir == DIR_SERVER ? HTTP_BODY_TUNNEL : HTTP_BODY_WANTED;
}

/* ---- framing ---- */

static void a_body_of_known_length_ends_by_itself(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PROPFIND /a HTTP/1.1\r\n"
                                                  "Content-Length: 7\r\n\r\n<find/>"),
                                 says(DIR_SERVER, "HTTP/1.1 207 Multi-Status\r\n"
                                                  "Content-Length: 5\r\n\r\n<ms/>"),
                                 {0}};
    expect_calls(plays, "C head PROPFIND /a 1.1 length 7\nC body <find/>\nC end complete 7\n"
                        "S head 207 Multi-Status 1.1 length 5\nS body <ms/>\nS end complete 5\n");
}

static void chunks_are_joined_and_extensions_and_trailers_passed_over(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
                         "3;name=value;q=\"x;y\"\r\nabc\r\n 0A  \r\n0123456789\r\n"
                         "000\r\nX-Sum: 12\r\nOther: x\r\n\r\n"
                         "HTTP/1.1 204 No Content\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 Multi-Status 1.1 chunked\nS body abc0123456789\n"
                        "S end complete 13\nS head 204 No Content 1.1 none\nS end complete 0\n");
}

static void a_response_without_length_lasts_until_the_connection_closes(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.0 200 OK\r\n\r\nabc"), ends(DIR_SERVER, END_FIN), {0}};
    expect_calls(plays, "S head 200 OK 1.0 until-close\nS body abc\nS end complete 3\n");
}

static void until_close_is_complete_only_when_the_sender_closed(void **state)
{
    (void)state;
    static const enum end ways[] = {END_RESET, END_IDLE, END_CAPTURE, END_EVICTED, END_REPLACED};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char calls[120];
        const struct play plays[] = {
            says(DIR_SERVER, "HTTP/1.0 200 OK\r\n\r\nabc"), ends(DIR_SERVER, ways[i]), {0}};
        snprintf(calls, sizeof calls, "S head 200 OK 1.0 until-close\nS body abc\n%sS end %s 3\n",
                 ways[i] == END_RESET ? "S note truncated\n" : "", end_name(ways[i]));
        expect_calls(plays, calls);
    }
}

static void a_request_without_length_has_no_body(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "C head GET /a 1.0 none\nC end complete 0\n"
                        "C head GET /b 1.1 none\nC end complete 0\n");
}

static void no_body_follows_1xx_204_and_304(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 100 Continue\r\n\r\n"
                         "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"
                         "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 100 Continue 1.1 none\nS end complete 0\n"
                        "S head 204 No Content 1.1 none\nS end complete 0\n"
                        "S head 304 Not Modified 1.1 none\nS end complete 0\n"
                        "S head 200 OK 1.1 length 0\nS end complete 0\n");
}

static void an_absent_body_is_not_waited_for(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER,
                                      "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = say_absent,
                          .calls = "S head 200 OK 1.1 length 500\nS end complete 0\n"
                                   "S head 200 OK 1.1 chunked\nS end complete 0\n"});
}

static void a_tunnel_ends_http_in_both_directions(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "CONNECT a:443 HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01"),
                                 says(DIR_CLIENT, "GET / HTTP/1.1\r\n\r\n"),
                                 lacks(DIR_SERVER, 10),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = say_tunnel,
                          .calls = "C head CONNECT a:443 1.1 none\nC end complete 0\n"
                                   "S head 200 OK 1.1 until-close\nS end complete 0\n"});
}

static void a_tunnel_needs_nothing_more(void **state)
{
    (void)state;
    struct http_record record = {.on_message = say_tunnel};
    struct http1 http1;
    struct origin origin = {0};
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink server = http1_stream(&http1, DIR_SERVER);
    struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
    struct span head = span_str("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    assert_int_equal(server.ops->feed(server.ctx, head, &origin), FEED_STOP);
    assert_true(server.ops->need_none(server.ctx) == SINK_ALL);
    assert_true(client.ops->need_none(client.ctx) == SINK_ALL);
    assert_int_equal(client.ops->feed(client.ctx, head, &origin), FEED_STOP);
    assert_int_equal(client.ops->gap(client.ctx, 5, false, &origin), FEED_STOP);
    /* In parentheses: cmocka has a macro of this name. */
    assert_int_equal((client.ops->skip)(client.ctx, 5, &origin), FEED_STOP);
    call_log_free(&record.log);
    http1_free(&http1);
}

/* ---- bodies that nobody wants ---- */

static void unwanted_bodies_are_framed_and_not_shown(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER,
                                      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"
                                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      "5\r\nabcde\r\n4\r\nabcd\r\n0\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\n\r\nand so on"),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = decline_all,
                          .calls = "S head 200 OK 1.1 length 10\nS end complete 10\n"
                                   "S head 200 OK 1.1 chunked\nS end complete 9\n"
                                   "S head 200 OK 1.1 until-close\nS end complete 9\n"});
}

static void a_loss_inside_an_unwanted_body_costs_nothing(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n01234"),
        lacks(DIR_SERVER, 990),
        says(DIR_SERVER, "56789HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        lacks(DIR_SERVER, 5),
        says(DIR_SERVER, "HTTP/1.1 204 No Content\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .on_message = decline_all,
                          .calls = "S head 200 OK 1.1 length 1000\nS end complete 1000\n"
                                   "S head 200 OK 1.1 length 5\nS end complete 5\n"
                                   "S head 204 No Content 1.1 none\nS end complete 0\n"});
}

static uint64_t need_after(const char *text)
{
    struct http_record record = {.on_message = decline_all};
    struct http1 http1;
    struct origin origin = {0};
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink server = http1_stream(&http1, DIR_SERVER);
    assert_int_equal(server.ops->feed(server.ctx, span_str(text), &origin), FEED_OK);
    uint64_t need_none = server.ops->need_none(server.ctx);
    call_log_free(&record.log);
    http1_free(&http1);
    return need_none;
}

static void what_is_left_of_an_unwanted_body_is_declared_unneeded(void **state)
{
    (void)state;
    assert_int_equal(need_after("HTTP/1.1 200 OK\r\nContent-Length: 10"), 0);
    assert_int_equal(need_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012"), 7);
    assert_int_equal(need_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), 0);
    assert_int_equal(need_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n01"),
                     253);
    assert_true(need_after("HTTP/1.1 200 OK\r\n\r\n012") == SINK_ALL);
}

static void a_body_declined_midway_is_no_longer_passed_on(void **state)
{
    (void)state;
    struct http_record record = {.body_answer = FEED_STOP};
    struct http1 http1;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01"),
        says(DIR_SERVER, "23456789"),
        says(DIR_SERVER, "HTTP/1.1 204 No Content\r\n\r\n"),
        {0}};
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink sinks[2] = {http1_stream(&http1, DIR_CLIENT),
                                   http1_stream(&http1, DIR_SERVER)};
    play_streams(sinks, plays, &(struct play_way){0});
    assert_string_equal(call_log_end(&record.log),
                        "S head 200 OK 1.1 length 10\nS body 01\nS end complete 10\n"
                        "S head 204 No Content 1.1 none\nS end complete 0\n");
    call_log_free(&record.log);
    http1_free(&http1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_known_length_ends_by_itself),
        cmocka_unit_test(chunks_are_joined_and_extensions_and_trailers_passed_over),
        cmocka_unit_test(a_response_without_length_lasts_until_the_connection_closes),
        cmocka_unit_test(until_close_is_complete_only_when_the_sender_closed),
        cmocka_unit_test(a_request_without_length_has_no_body),
        cmocka_unit_test(no_body_follows_1xx_204_and_304),
        cmocka_unit_test(an_absent_body_is_not_waited_for),
        cmocka_unit_test(a_tunnel_ends_http_in_both_directions),
        cmocka_unit_test(a_tunnel_needs_nothing_more),
        cmocka_unit_test(unwanted_bodies_are_framed_and_not_shown),
        cmocka_unit_test(a_loss_inside_an_unwanted_body_costs_nothing),
        cmocka_unit_test(what_is_left_of_an_unwanted_body_is_declared_unneeded),
        cmocka_unit_test(a_body_declined_midway_is_no_longer_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
