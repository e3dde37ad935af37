/* http1: every conversation is played whole, byte by byte and split at every byte, with and without
 * skipping what is not needed; the calls must be the same each time. */
#include "dissector/http/http1.h"
#include "tests/support/alloc.h"
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
    bool is_prefix; /* the calls only begin so */
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
    const char *calls = call_log_end(&record.log);
    if (scene->is_prefix)
        assert_true(span_starts(span_str(calls), span_str(scene->calls)));
    else
        assert_string_equal(calls, scene->calls);
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

static void a_status_line_is_no_trailer(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
                         "HTTP/1.1 204 y\r\nServer: a\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 x 1.1 chunked\nS body a\n"
                        "S note chunk no empty line behind the last chunk\nS end complete 1\n"
                        "S head 204 y 1.1 none\nS end complete 0\n");
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

static void a_loss_across_the_end_of_an_unwanted_body_is_what_lies_behind_it(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n\r\n0\r\n"),
        lacks(DIR_SERVER, 10),
        says(DIR_SERVER, "\r\n\r\nHTTP/1.1 204 No Content\r\nServer: a\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .on_message = decline_all,
                          .calls = "S head 200 OK 1.1 chunked\nS note capture-gap\n"
                                   "S end gap 8\nS lost\n"
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

/* ---- odd wire ---- */

static void bare_line_feeds_and_folds_are_read_and_noted(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER,
                                      "HTTP/1.1 200 OK\nServer: a\nContent-Length: 2\n\nab"
                                      "HTTP/1.1 200 OK\r\nServer: one\r\n\ttwo\r\n   three  \r\n"
                                      "Content-Length:\r\n 1\r\n\r\nc"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .shows_fields = true,
                          .calls = "S head 200 OK 1.1 length 2\nS field server a\n"
                                   "S field content-length 2\nS note bare-lf\n"
                                   "S body ab\nS end complete 2\n"
                                   "S head 200 OK 1.1 length 1\nS field server one two three\n"
                                   "S field content-length 1\nS note obs-fold\n"
                                   "S body c\nS end complete 1\n"});
}

static void unreadable_methods_are_followed_wherever_the_line_is_cut(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "G,T \r\r /a HTTP/1.1\r\n\r\n"
                                                  "G,T u://h/b HTTP/1.1\r\n\r\n"
                                                  "G,T h:/c HTTP/1.1\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "C head  /a 1.1 none\nC note start-line the method is no token\n"
                        "C end complete 0\n"
                        "C head  u://h/b 1.1 none\nC note start-line the method is no token\n"
                        "C end complete 0\n"
                        "C note start-line\nC lost\n");
}

static void odd_white_space_around_fields_and_start_lines_is_read(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "\r\n\n\r\nPROPFIND  \t/a b \tHTTP/1.1 \r\nDepth :\t 1 \r\nHost:\r\n\r\n"),
        says(DIR_SERVER, "\r\nHTTP/1.1  404\r\nServer:x\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .shows_fields = true,
                          .calls = "C head PROPFIND /a b 1.1 none\nC field host \n"
                                   "C field depth 1\n"
                                   "C note field-line white space before the colon\n"
                                   "C end complete 0\n"
                                   "S head 404  1.1 length 0\nS field server x\n"
                                   "S field content-length 0\nS end complete 0\n"});
}

static void any_method_target_and_version_of_http_1_is_read(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT,
                                      "VERSION-CONTROL http://a.example/x?y#z HTTP/1.1\r\n\r\n"
                                      "m!#$%&'*+-.^_`|~9 * http/1.0\r\n\r\n"
                                      "OPTIONS * HTTP/1\r\n\r\nGET /\xc3\xa4 HTTP/0.9\r\n\r\n"
                                      "GET / HTTP/1.15\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "C head VERSION-CONTROL http://a.example/x?y#z 1.1 none\nC end complete 0\n"
                        "C head m!#$%&'*+-.^_`|~9 * 1.0 none\nC end complete 0\n"
                        "C head OPTIONS * 1.0 none\nC end complete 0\n"
                        "C head GET /\xc3\xa4 0.9 none\nC end complete 0\n"
                        "C head GET / 1.15 none\nC end complete 0\n");
}

static void lines_that_are_no_fields_are_passed_over_and_noted(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT,
                                      "GET / HTTP/1.1\r\n folded onto nothing\r\nHost: a\r\n\r\n"
                                      "GET / HTTP/1.1\r\nno colon here\r\nHost: a\r\n\r\n"
                                      "GET / HTTP/1.1\r\nb(a)d: x\r\nHost: a\r\n\r\n"
                                      "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "C head GET / 1.1 none\nC note field-line no field name and colon\n"
                        "C end complete 0\n"
                        "C head GET / 1.1 none\nC note field-line no field name and colon\n"
                        "C end complete 0\n"
                        "C head GET / 1.1 none\nC note field-line no field name and colon\n"
                        "C end complete 0\n"
                        "C head GET / 1.1 none\nC note field-line NUL or CR in a value\n"
                        "C end complete 0\n");
}

static void repeated_fields_are_joined_in_order(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 204 x\r\nDAV: 1\r\nVia: 1.1 a\r\ndav: 2,\r\n 3\r\nServer: s\r\n"
                         "Via: 1.0 b\r\nDAV:\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .shows_fields = true,
                          .calls = "S head 204 x 1.1 none\nS field server s\n"
                                   "S field via 1.1 a, 1.0 b\nS field dav 1, 2, 3, \n"
                                   "S note obs-fold\nS end complete 0\n"});
}

static bool has_seen_secrets;

static enum http_body look_for_secrets(enum dir dir, const struct http_head *head)
{
    (void)dir;
    has_seen_secrets = head->has_authorization && head->has_lock_token;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++)
        assert_null(head->fields[i].ptr);
    return HTTP_BODY_WANTED;
}

static void of_credentials_only_their_presence_is_told(void **state)
{
    (void)state;
    static const char *const fields[] = {"Authorization: Basic x", "proxy-authorization: y"};
    static const char *const locks[] = {"If: (<opaquelocktoken:1>)", "Lock-Token: <a:b>"};
    for (size_t i = 0; i < 2; i++) {
        char head[200];
        snprintf(head, sizeof head, "PUT / HTTP/1.1\r\n%s\r\nCookie: c\r\n%s\r\n\r\n", fields[i],
                 locks[i]);
        const struct play plays[] = {says(DIR_CLIENT, head), {0}};
        has_seen_secrets = false;
        expect((struct scene){.plays = plays,
                              .on_message = look_for_secrets,
                              .calls = "C head PUT / 1.1 none\nC end complete 0\n"});
        assert_true(has_seen_secrets);
    }
}

/* ---- lengths ---- */

static void equal_lengths_are_one_length(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2, 2\r\n\r\nab"
                         "HTTP/1.1 200 OK\r\nContent-Length: 1,1,\r\n\r\nc"),
        {0}};
    expect_calls(plays, "S head 200 OK 1.1 length 2\nS body ab\nS end complete 2\n"
                        "S head 200 OK 1.1 length 1\nS body c\nS end complete 1\n");
}

static void of_differing_lengths_the_first_counts_and_it_is_noted(void **state)
{
    (void)state;
    static const char *const others[] = {"2", "0", "x", "1, 2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char response[100];
        snprintf(response, sizeof response,
                 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: %s\r\n\r\na", others[i]);
        const struct play plays[] = {says(DIR_SERVER, response), {0}};
        expect_calls(plays, "S head 200 OK 1.1 length 1\n"
                            "S note length-conflict Content-Length values differ\nS body a\n"
                            "S end complete 1\n");
    }
}

static void a_length_that_is_no_number_is_as_if_absent(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"
                         "GET / HTTP/1.1\r\nContent-Length: 9223372036854775808\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\nab"),
        ends(DIR_SERVER, END_FIN),
        {0}};
    expect_calls(plays,
                 "C head GET / 1.1 none\nC note length-conflict Content-Length is no number\n"
                 "C end complete 0\n"
                 "C head GET / 1.1 none\nC note length-conflict Content-Length is no number\n"
                 "C end complete 0\n"
                 "S head 200 OK 1.1 until-close\n"
                 "S note length-conflict Content-Length is no number\n"
                 "S body ab\nS end complete 2\n");
}

static void transfer_encoding_wins_over_content_length(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "PUT / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        {0}};
    expect_calls(plays, "C head PUT / 1.1 chunked\n"
                        "C note length-conflict Content-Length beside Transfer-Encoding\n"
                        "C body a\nC end complete 1\n"
                        "C head GET / 1.1 none\nC end complete 0\n");
}

static void without_chunked_last_a_response_lasts_until_close(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT,
             "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"
             "PUT / HTTP/1.1\r\nTransfer-Encoding: x\r\nContent-Length: 1\r\n\r\na"
             "PUT / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nb"),
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n1\r\na"),
        ends(DIR_SERVER, END_FIN),
        {0}};
    expect_calls(plays, "C head PUT / 1.1 none\n"
                        "C note length-conflict Transfer-Encoding does not end with chunked\n"
                        "C end complete 0\nC head PUT / 1.1 length 1\n"
                        "C note length-conflict Content-Length beside Transfer-Encoding\n"
                        "C note length-conflict Transfer-Encoding does not end with chunked\n"
                        "C body a\nC end complete 1\n"
                        "C head PUT / 1.1 length 1\nC body b\nC end complete 1\n"
                        "S head 200 OK 1.1 until-close\n"
                        "S note length-conflict Transfer-Encoding does not end with chunked\n"
                        "S body 1\\r\\na\nS end complete 4\n");
}

/* ---- the stream ends ---- */

static void a_body_that_stops_early_ends_as_its_stream_did(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0",
    };
    static const enum end ways[] = {END_FIN, END_RESET, END_IDLE, END_CAPTURE, END_EVICTED};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        for (size_t j = 0; j < sizeof ways / sizeof *ways; j++) {
            char calls[120];
            const struct play plays[] = {
                says(DIR_SERVER, bodies[i]), ends(DIR_SERVER, ways[j]), {0}};
            snprintf(calls, sizeof calls, "S head 200 OK 1.1 %s\nS body ab\n%sS end %s 2\n",
                     i == 0 ? "length 9" : "chunked", j < 2 ? "S note truncated\n" : "",
                     end_name(ways[j]));
            expect_calls(plays, calls);
        }
    }
}

static void a_body_whose_last_chunk_was_seen_is_complete(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: "),
        ends(DIR_SERVER, END_RESET),
        {0}};
    expect_calls(plays, "S head 200 OK 1.1 chunked\nS body ab\nS end complete 2\n");
}

static void a_head_that_stops_early_tells_what_was_seen_of_it(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\nHost: a\r\nDepth: 1"),
                                 says(DIR_SERVER, "HTTP/1.1 207 x\r\n"),
                                 ends(DIR_CLIENT, END_FIN),
                                 ends(DIR_SERVER, END_CAPTURE),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .shows_fields = true,
                          .calls = "C head GET /a 1.1 none partial\nC field host a\n"
                                   "C note truncated\nC end fin 0\n"
                                   "S head 207 x 1.1 until-close partial\nS end capture 0\n"});
}

static void a_start_line_that_stops_early_is_no_message(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET / HTTP/1.1\r"),
                                 says(DIR_SERVER, "HTTP/1.1 20"),
                                 ends(DIR_CLIENT, END_FIN),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect_calls(plays, "");
}

static void after_the_end_nothing_is_taken(void **state)
{
    (void)state;
    struct http_record record = {0};
    struct http1 http1;
    struct origin origin = {0};
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
    assert_int_equal(client.ops->finish(client.ctx, END_FIN, &origin), FEED_OK);
    struct span head = span_str("GET / HTTP/1.1\r\n\r\n");
    assert_int_equal(client.ops->feed(client.ctx, head, &origin), FEED_STOP);
    assert_int_equal(client.ops->finish(client.ctx, END_FIN, &origin), FEED_STOP);
    assert_string_equal(call_log_end(&record.log), "");
    call_log_free(&record.log);
    http1_free(&http1);
}

/* ---- gaps ---- */

static void a_gap_inside_a_known_length_is_passed_on_and_framing_goes_on(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 20\r\n\r\n01234"),
        lacks(DIR_SERVER, 4),
        says(DIR_SERVER, "9"),
        lacks_cut(DIR_SERVER, 10),
        says(DIR_SERVER, "HTTP/1.1 204 x\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 x 1.1 length 20\nS body 01234\nS gap 4\nS body 9\n"
                        "S gap 10 cut\nS end complete 20\nS head 204 x 1.1 none\n"
                        "S end complete 0\n");
}

static void a_gap_inside_a_chunk_is_passed_on_and_framing_goes_on(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0"),
        lacks(DIR_SERVER, 8),
        says(DIR_SERVER, "9\r\n5\r\n"),
        lacks(DIR_SERVER, 5),
        says(DIR_SERVER, "\r\n0\r\n\r\nHTTP/1.1 204 x\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 x 1.1 chunked\nS body 0\nS gap 8\nS body 9\nS gap 5\n"
                        "S end complete 15\nS head 204 x 1.1 none\nS end complete 0\n");
}

static void a_gap_in_a_body_until_close_is_passed_on(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.0 207 x\r\n\r\nab"),
                                 lacks(DIR_SERVER, 8),
                                 says(DIR_SERVER, "cd"),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect_calls(plays, "S head 207 x 1.0 until-close\nS body ab\nS gap 8\nS body cd\n"
                        "S end complete 12\n");
}

static void a_gap_beyond_the_body_ends_it_and_the_next_message_is_found(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 10\r\n\r\n01"),
        lacks(DIR_SERVER, 100),
        says(DIR_SERVER, "rest of a body\nHTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 x 1.1 length 10\nS body 01\nS gap 8\nS end gap 10\nS lost\n"
                        "S head 204 x 1.1 none\nS end complete 0\n");
}

static void a_gap_beyond_an_unwanted_body_leaves_it_complete(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\n01"),
                                 lacks(DIR_SERVER, 100),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
                                 {0}};
    /* Skipping, TCP speaks of the gap only from the body's end on. */
    expect((struct scene){.plays = plays,
                          .on_message = decline_all,
                          .calls = "S head 200 x 1.1 length 10\nS end complete 10\n",
                          .is_prefix = true});
}

static void a_gap_beyond_a_chunk_ends_the_message(void **state)
{
    (void)state;
    static const char *const heads[] = {"a\r\n01", "a\r\n0123456789", "a\r\n0123456789\r",
                                        "a\r\n0123456789\r\n5"};
    static const char *const calls[] = {"S body 01\nS gap 8\n",
                                        "S body 0123456789\nS note capture-gap\nS gap 0\n",
                                        "S body 0123456789\nS note capture-gap\nS gap 0\n",
                                        "S body 0123456789\nS note capture-gap\nS gap 0\n"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char expected[300];
        const struct play plays[] = {
            says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n"),
            says(DIR_SERVER, heads[i]),
            lacks(DIR_SERVER, 100),
            says(DIR_SERVER, "23\r\n0\r\n\r\nHTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
            {0}};
        snprintf(expected, sizeof expected,
                 "S head 207 x 1.1 chunked\n%sS end gap 10\nS lost\nS head 204 x 1.1 none\n"
                 "S end complete 0\n",
                 calls[i]);
        expect_calls(plays, expected);
    }
}

static void a_gap_in_the_trailers_leaves_the_body_complete(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX"),
        lacks_cut(DIR_SERVER, 100),
        says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 207 x 1.1 chunked\nS body a\nS note snaplen\nS end complete 1\n"
                        "S lost\nS head 204 x 1.1 none\nS end complete 0\n");
}

static void a_gap_between_messages_or_in_a_start_line_loses_the_place(void **state)
{
    (void)state;
    static const char *const starts[] = {"", "\r", "HTTP/1.1 2", "HTTP/1.1 200 OK\r"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        const struct play plays[] = {
            says(DIR_SERVER, starts[i]),
            lacks(DIR_SERVER, 50),
            says(DIR_SERVER,
                 "tent-Length: 10\r\n\r\n0123456789HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
            {0}};
        expect_calls(plays, "S note capture-gap\nS lost\nS head 204 x 1.1 none\n"
                            "S end complete 0\n");
    }
}

static void a_gap_in_a_head_leaves_what_was_seen_of_it(void **state)
{
    (void)state;
    static const char *const starts[] = {"HTTP/1.1 207 OK\r\n", "HTTP/1.1 207 OK\r\nServer: b\r",
                                         "HTTP/1.1 207 OK\r\nServer: b\r\nDAV: 1\r\n\r"};
    static const char *const fields[] = {"", "", "S field server b\nS field dav 1\n"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        char calls[200];
        const struct play plays[] = {
            says(DIR_SERVER, starts[i]),
            lacks_cut(DIR_SERVER, 50),
            says(DIR_SERVER,
                 "tent-Length: 10\r\n\r\n0123456789HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
            {0}};
        snprintf(
            calls, sizeof calls,
            "S head 207 OK 1.1 until-close partial\n%sS note snaplen\nS gap 0 cut\nS end gap 0\n"
            "S lost\nS head 204 x 1.1 none\nS field server a\nS end complete 0\n",
            fields[i]);
        expect((struct scene){.plays = plays, .shows_fields = true, .calls = calls});
    }
}

static void a_tunnel_whose_head_has_a_gap_is_a_tunnel(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 101 x\r\nUpgrade: x\r\n"),
                                 lacks(DIR_SERVER, 50),
                                 says(DIR_SERVER, "\x81\x05hello"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = say_tunnel,
                          .calls = "S head 101 x 1.1 none partial\nS note capture-gap\n"
                                   "S end gap 0\n"});
}

static void a_gap_while_searching_loses_what_was_searched(void **state)
{
    (void)state;
    const struct play plays[] = {
        lacks(DIR_CLIENT, 50),
        says(DIR_CLIENT, "GET /half HTTP/1.1\r\n"),
        lacks(DIR_CLIENT, 50),
        says(DIR_CLIENT, "Host: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        {0}};
    expect_calls(plays, "C note capture-gap\nC lost\nC note capture-gap\nC lost\n"
                        "C head GET / 1.1 none\nC end complete 0\n");
}

static void responses_lost_within_a_request_head_are_told_again_behind_it(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHo"),
        lacks(DIR_SERVER, 50),
        says(DIR_CLIENT, "st: a\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
        {0}};
    expect_calls(plays, "C head GET /a 1.1 none\nC end complete 0\nS note capture-gap\nS lost\n"
                        "C head GET /b 1.1 none\nS lost\nC end complete 0\n"
                        "C head GET /c 1.1 none\nC end complete 0\n");
}

/* ---- damage ---- */

static void bytes_that_are_no_start_line_are_noted_and_passed_over(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 204 x\r\n\r\n\x01\x02 what is this\r\n"
                         "HTTP/1.1 205 x\r\nServer: a\r\n\r\n"),
        says(DIR_CLIENT, "GET / HTTP/2.0\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        {0}};
    expect_calls(plays, "S head 204 x 1.1 none\nS end complete 0\nS note start-line\nS lost\n"
                        "S head 205 x 1.1 until-close\n"
                        "C note start-line\nC lost\nC head GET / 1.1 none\nC end complete 0\n");
}

static void a_message_is_found_behind_the_last_bytes_of_a_body(void **state)
{
    (void)state;
    const struct play plays[] = {
        lacks(DIR_SERVER, 5),
        says(DIR_SERVER, "<D:status>HTTP/1.1 200 OK</D:status>\r\n</D:multistatus>"
                         "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
        lacks(DIR_CLIENT, 5),
        says(DIR_CLIENT, "<D:prop/></D:propfind>PROPFIND /a HTTP/1.1\r\nDepth: 0\r\n\r\n"),
        {0}};
    expect_calls(plays, "S note capture-gap\nS lost\nS head 204 x 1.1 none\nS end complete 0\n"
                        "C note capture-gap\nC lost\nC head PROPFIND /a 1.1 none\n"
                        "C end complete 0\n");
}

static void a_status_line_inside_a_document_is_no_message(void **state)
{
    (void)state;
    const struct play plays[] = {lacks(DIR_SERVER, 5),
                                 says(DIR_SERVER,
                                      "<D:status>\r\nHTTP/1.1 200 OK\r\n</D:status>\r\n"
                                      "HTTP/1.1 200 OK</D:status>\r\n<D:href>a:b</D:href>\r\n"
                                      "HTTP/1.1 404 Not Found\r\n  indented: text\r\n"
                                      "<D:status>HTTP/1.1 200 OK</D:status>\r\nUrn:x\r\n"
                                      "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "S note capture-gap\nS lost\n");
}

static void a_long_line_is_searched_at_its_end(void **state)
{
    (void)state;
    static char line[3 * HTTP1_RESYNC_WINDOW_BYTES], target[HTTP1_RESYNC_WINDOW_BYTES - 40];
    char start[sizeof target + 60], calls[sizeof target + 120];
    memset(target, 't', sizeof target - 1);
    snprintf(start, sizeof start, "PROPFIND /%s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    snprintf(calls, sizeof calls,
             "C note capture-gap\nC lost\nC head PROPFIND /%s 1.1 none\nC end complete 0\n",
             target);
    for (size_t n = 0; n < sizeof line; n += HTTP1_RESYNC_WINDOW_BYTES / 4) {
        memset(line, '>', n);
        line[n] = '\0';
        const struct play plays[] = {
            lacks(DIR_CLIENT, 5), says(DIR_CLIENT, line), says(DIR_CLIENT, start), {0}};
        struct scene scene = {.plays = plays, .calls = calls};
        play_one(&scene, &(struct play_way){0});
        play_one(&scene, &(struct play_way){.piece_bytes = 1});
        play_one(&scene, &(struct play_way){.piece_bytes = 1000});
    }
}

static void a_chunk_that_cannot_be_read_ends_the_message(void **state)
{
    (void)state;
    static const struct {
        const char *body, *calls;
    } rows[] = {
        {"zz\r\n", "S note chunk no chunk size\nS end damaged 0\n"},
        {"\r\n", "S note chunk no chunk size\nS end damaged 0\n"},
        {"8000000000000000\r\n", "S note chunk no chunk size\nS end damaged 0\n"},
        {"1 x\r\n", "S note chunk no chunk size\nS end damaged 0\n"},
        {"1\r\nab\r\n", "S body a\nS note chunk no line end after a chunk\nS end damaged 1\n"},
        {"1\r\na\rb\r\n", "S body a\nS note chunk no line end after a chunk\nS end damaged 1\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char expected[300];
        const struct play plays[] = {
            says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n"),
            says(DIR_SERVER, rows[i].body),
            says(DIR_SERVER, "0\r\n\r\nHTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
            {0}};
        snprintf(expected, sizeof expected,
                 "S head 207 x 1.1 chunked\n%sS lost\nS head 204 x 1.1 none\nS end complete 0\n",
                 rows[i].calls);
        expect_calls(plays, expected);
    }
}

/* ---- a body that may not be there ---- */

static enum http_body say_unsure(enum dir dir, const struct http_head *head)
{
    (void)dir, (void)head;
    return HTTP_BODY_UNSURE;
}

static void a_message_where_a_doubtful_body_had_to_be_proves_its_absence(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER,
                                      "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n"
                                      "HTTP/1.1 204 No Content\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 204 No Content\n\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = say_unsure,
                          .calls = "S head 200 OK 1.1 length 900\nS end complete 0\n"
                                   "S head 200 OK 1.1 chunked\nS end complete 0\n"
                                   "S head 200 OK 1.1 until-close\nS end complete 0\n"
                                   "S head 204 No Content 1.1 none\nS end complete 0\n"
                                   "S head 200 OK 1.1 until-close\nS end complete 0\n"
                                   "S head 204 No Content 1.1 none\nS note bare-lf\n"
                                   "S end complete 0\n"});
}

/* RFC 9112 §6.3 has it last until the connection closes; here the client knew better. */
static void a_body_without_length_ends_where_the_next_answer_begins(void **state)
{
    (void)state;
    static const char head[] = "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n";
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, head),
                                 says(DIR_SERVER, "one"),
                                 says(DIR_SERVER, "HTTP/1.1 text\r\nA: b\r\n"),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, head),
                                 says(DIR_CLIENT, "GET /d HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "two"),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .calls = "C head GET /a 1.1 none\nC end complete 0\n"
                                   "S head 200 OK 1.1 until-close\n"
                                   "S body oneHTTP/1.1 text\\r\\nA: b\\r\\n\n"
                                   "C head GET /b 1.1 none\nC end complete 0\n"
                                   "S end complete 24\nS head 204 x 1.1 none\nS end complete 0\n"
                                   "C head GET /c 1.1 none\nC end complete 0\n"
                                   "S head 200 OK 1.1 until-close\n"
                                   "C head GET /d 1.1 none\nC end complete 0\n"
                                   "S body two\nS end complete 3\n"});
}

static void a_doubtful_body_that_is_there_is_passed_on(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "<D:multistatus/>",    "HTTP/1.1 2xx\r\nA: ", "HTTP/1.1 200 OK\r\n<", "HTTP", "H",
        "HTTP/1.1 200 OK\r\nA"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char head[100], expected[300];
        struct call_log body;
        size_t n = strlen(bodies[i]);
        snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
        const struct play plays[] = {says(DIR_SERVER, head),
                                     says(DIR_SERVER, bodies[i]),
                                     says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
                                     {0}};
        call_log_begin(&body);
        call_log_bytes(&body, "S body", span_str(bodies[i]));
        snprintf(expected, sizeof expected,
                 "S head 200 OK 1.1 length %zu\n%sS end complete %zu\nS head 204 x 1.1 none\n"
                 "S end complete 0\n",
                 n, call_log_end(&body), n);
        expect((struct scene){.plays = plays, .on_message = say_unsure, .calls = expected});
        call_log_free(&body);
    }
}

static void a_doubtful_body_is_taken_for_one_when_the_stream_ends_or_breaks(void **state)
{
    (void)state;
    const struct play ended[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nHTTP/1.1 200 OK\r\nSer"),
        ends(DIR_SERVER, END_FIN),
        {0}};
    expect((struct scene){.plays = ended,
                          .on_message = say_unsure,
                          .calls = "S head 200 OK 1.1 length 90\n"
                                   "S body HTTP/1.1 200 OK\\r\\nSer\nS note truncated\n"
                                   "S end fin 20\n"});
    const struct play broken[] = {
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTT"),
        lacks(DIR_SERVER, 6),
        says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = broken,
                          .on_message = say_unsure,
                          .calls = "S head 200 OK 1.1 length 9\nS body HTT\nS gap 6\n"
                                   "S end complete 9\nS head 204 x 1.1 none\nS end complete 0\n"});
}

static void nothing_where_a_doubtful_body_may_follow_is_no_truncation(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
                                 ends(DIR_SERVER, END_FIN),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .on_message = say_unsure,
                          .calls = "S head 200 OK 1.1 length 9\nS end fin 0\n"});
}

/* ---- limits and memory ---- */

static void beyond_max_head_bytes_the_rest_of_a_head_is_passed_over(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_head_bytes = 64;
    const struct play plays[] = {
        says(DIR_CLIENT,
             "GET / HTTP/1.1\r\nX: 0123456789012345678901234567890123456789\r\n\r\n"
             "GET / HTTP/1.1\r\nX: 01234567890123456789012345678901234567890\r\n"
             "Y: z\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"
             "GET /0123456789012345678901234567890123456789012345678901234567890 HTTP/1.1\r\n\r\n"
             "GET /c HTTP/1.1\r\nHost: a\r\n\r\n"),
        {0}};
    expect((struct scene){
        .plays = plays,
        .limits = &limits,
        .calls = "C head GET / 1.1 none\nC end complete 0\n"
                 "C head GET / 1.1 none partial\n"
                 "C note limit max_head_bytes\nC end evicted 0\nC lost\n"
                 "C head GET /b 1.1 none\nC end complete 0\n"
                 "C note limit max_head_bytes\nC lost\n"
                 "C head GET /0123456789012345678901234567890123456789012345678901234567890 "
                 "1.1 none partial\nC note limit max_head_bytes\nC end evicted 0\nC lost\n"
                 "C head GET /c 1.1 none\nC end complete 0\n"});
}

static void a_chunk_size_line_beyond_its_limit_ends_the_message(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_chunk_line_bytes = 10;
    const struct play plays[] = {says(DIR_SERVER,
                                      "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      "1;345678\r\na\r\n1;3456789\r\nb\r\n0\r\n\r\n"
                                      "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .limits = &limits,
                          .calls = "S head 207 x 1.1 chunked\nS body a\n"
                                   "S note limit max_chunk_line_bytes\nS end evicted 1\nS lost\n"
                                   "S head 204 x 1.1 none\nS end complete 0\n"});
}

static void trailers_beyond_max_head_bytes_end_a_complete_message(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_head_bytes = 64;
    const struct play plays[] = {
        says(DIR_SERVER, "HTTP/1.1 207 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
                         "A: 0123456789012345678901234\r\nB: 0123456789012345678901234\r\n"
                         "C: d\r\n\r\nHTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .limits = &limits,
                          .calls = "S head 207 x 1.1 chunked\nS body a\n"
                                   "S note limit max_head_bytes\nS end complete 1\nS lost\n"
                                   "S head 204 x 1.1 none\nS end complete 0\n"});
}

static void fields_beyond_max_fields_count_for_the_framing_alone(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_fields = 2;
    const struct play plays[] = {
        says(DIR_SERVER,
             "HTTP/1.1 200 x\r\nX: a\r\nServer: b\r\nDAV: 1\r\nContent-Length: 1\r\n\r\nc"),
        {0}};
    expect((struct scene){.plays = plays,
                          .limits = &limits,
                          .shows_fields = true,
                          .calls = "S head 200 x 1.1 length 1\nS field server b\n"
                                   "S field content-length 1\nS note limit max_fields\n"
                                   "S body c\nS end complete 1\n"});
}

static void a_value_beyond_max_field_bytes_is_cut(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_field_bytes = 4;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 200 x\r\nServer: abcd\r\nDAV: 12345\r\n"
                                                  "Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .limits = &limits,
                          .shows_fields = true,
                          .calls = "S head 200 x 1.1 chunked\nS field server abcd\n"
                                   "S field transfer-encoding x, c\nS field dav 1234\n"
                                   "S note limit max_field_bytes\nS end complete 0\n"});
}

static void what_never_becomes_http_is_given_up(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_search_bytes = 40;
    const struct play plays[] = {says(DIR_CLIENT, "this is no HTTP at all, not even a bit\n\n\n"
                                                  "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                                 {0}};
    expect(
        (struct scene){.plays = plays, .limits = &limits, .calls = "C note start-line\nC lost\n"});
    const struct play known[] = {says(DIR_CLIENT, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                                 says(DIR_CLIENT, "this is no HTTP at all, not even a bit\n\n\n"
                                                  "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = known,
                          .limits = &limits,
                          .calls = "C head GET / 1.1 none\nC end complete 0\n"
                                   "C note start-line\nC lost\n"
                                   "C head GET / 1.1 none\nC end complete 0\n"});
}

static size_t most_buffered(const char *start, const char *piece, size_t n_pieces)
{
    struct http_record record = {0};
    struct http1 http1;
    struct origin origin = {0};
    size_t most = 0;
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink server = http1_stream(&http1, DIR_SERVER);
    server.ops->feed(server.ctx, span_str(start), &origin);
    for (size_t i = 0; i < n_pieces; i++) {
        server.ops->feed(server.ctx, span_str(piece), &origin);
        size_t now = http1_buffered_bytes(&http1);
        most = now > most ? now : most;
    }
    call_log_free(&record.log);
    http1_free(&http1);
    return most;
}

static void whatever_never_ends_is_buffered_within_bounds(void **state)
{
    (void)state;
    size_t n = 200000;
    const char *line = "HTTP/1.1 200 OK\r\nServer: a\r\n";
    const char *chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_true(most_buffered(line, "X: 0123456789\r\n", n) <= 2 * limits_default.max_head_bytes);
    assert_true(most_buffered("", "HTTP/1.1 200 0123456789", n) <=
                2 * limits_default.max_head_bytes);
    assert_true(most_buffered(chunked, "00000000", n) <= 4 * limits_default.max_chunk_line_bytes);
    assert_true(most_buffered("garbage", "more garbage", n) <= 4 * HTTP1_RESYNC_WINDOW_BYTES);
    assert_int_equal(most_buffered("HTTP/1.1 200 OK\r\n\r\n", "body", 100), 0);
}

static struct span fed;

static enum http_body look_where_it_lies(enum dir dir, const struct http_head *head)
{
    (void)dir;
    assert_ptr_equal(head->target.ptr, fed.ptr + 4);
    assert_ptr_equal(head->fields[HTTP_HOST].ptr, fed.ptr + 23);
    return HTTP_BODY_WANTED;
}

static void a_head_in_one_feed_is_not_copied(void **state)
{
    (void)state;
    struct http_record record = {.on_message = look_where_it_lies};
    struct http1 http1;
    struct origin origin = {0};
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
    fed = span_str("GET /a HTTP/1.1\r\nHost: here\r\n\r\n");
    assert_int_equal(client.ops->feed(client.ctx, fed, &origin), FEED_OK);
    assert_int_equal(http1_buffered_bytes(&http1), 0);
    assert_string_equal(call_log_end(&record.log), "C head GET /a 1.1 none\nC end complete 0\n");
    call_log_free(&record.log);
    http1_free(&http1);
}

static struct origin first_seen;

static enum http_body remember_first(enum dir dir, const struct http_head *head)
{
    (void)dir;
    first_seen = head->first;
    return HTTP_BODY_WANTED;
}

static void a_head_knows_the_frame_of_its_first_byte(void **state)
{
    (void)state;
    struct http_record record = {.on_message = remember_first};
    struct http1 http1;
    call_log_begin(&record.log);
    http1_init(&http1, &limits_default, http_record_sink(&record));
    struct stream_sink sinks[2] = {http1_stream(&http1, DIR_CLIENT),
                                   http1_stream(&http1, DIR_SERVER)};
    const struct play plays[] = {says(DIR_CLIENT, "\r\n"),
                                 says(DIR_CLIENT, "GE"),
                                 says(DIR_CLIENT, "T / HTTP/1.1\r\n"),
                                 says(DIR_CLIENT, "\r\n"),
                                 {0}};
    play_streams(sinks, plays, &(struct play_way){0});
    assert_int_equal(first_seen.frame, 2);
    call_log_free(&record.log);
    http1_free(&http1);
}

static void when_memory_runs_out_both_directions_settle(void **state)
{
    (void)state;
    static const char head[] = "GET / HTTP/1.1\r\nDAV: 1\r\nDAV: 2\r\n\r\n";
    struct origin origin = {0};
    uint64_t n = 0;
    bool has_failed = true;
    while (has_failed) {
        struct http_record record = {0};
        struct http1 http1;
        call_log_begin(&record.log);
        http1_init(&http1, &limits_default, http_record_sink(&record));
        struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
        struct stream_sink server = http1_stream(&http1, DIR_SERVER);
        enum feed answer = FEED_OK;
        alloc_fail_at(++n);
        for (size_t i = 0; i < sizeof head - 1 && answer == FEED_OK; i++)
            answer = client.ops->feed(client.ctx, span_of(head + i, 1), &origin);
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        assert_int_equal(answer, has_failed ? FEED_NOMEM : FEED_OK);
        if (has_failed) {
            assert_int_equal(server.ops->finish(server.ctx, END_FIN, &origin), FEED_NOMEM);
            assert_int_equal(client.ops->gap(client.ctx, 1, false, &origin), FEED_NOMEM);
        }
        call_log_free(&record.log);
        http1_free(&http1);
    }
    assert_true(n > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_known_length_ends_by_itself),
        cmocka_unit_test(chunks_are_joined_and_extensions_and_trailers_passed_over),
        cmocka_unit_test(a_status_line_is_no_trailer),
        cmocka_unit_test(a_response_without_length_lasts_until_the_connection_closes),
        cmocka_unit_test(until_close_is_complete_only_when_the_sender_closed),
        cmocka_unit_test(a_request_without_length_has_no_body),
        cmocka_unit_test(no_body_follows_1xx_204_and_304),
        cmocka_unit_test(an_absent_body_is_not_waited_for),
        cmocka_unit_test(a_tunnel_ends_http_in_both_directions),
        cmocka_unit_test(a_tunnel_needs_nothing_more),
        cmocka_unit_test(unwanted_bodies_are_framed_and_not_shown),
        cmocka_unit_test(a_loss_inside_an_unwanted_body_costs_nothing),
        cmocka_unit_test(a_loss_across_the_end_of_an_unwanted_body_is_what_lies_behind_it),
        cmocka_unit_test(what_is_left_of_an_unwanted_body_is_declared_unneeded),
        cmocka_unit_test(a_body_declined_midway_is_no_longer_passed_on),
        cmocka_unit_test(bare_line_feeds_and_folds_are_read_and_noted),
        cmocka_unit_test(unreadable_methods_are_followed_wherever_the_line_is_cut),
        cmocka_unit_test(odd_white_space_around_fields_and_start_lines_is_read),
        cmocka_unit_test(any_method_target_and_version_of_http_1_is_read),
        cmocka_unit_test(lines_that_are_no_fields_are_passed_over_and_noted),
        cmocka_unit_test(repeated_fields_are_joined_in_order),
        cmocka_unit_test(of_credentials_only_their_presence_is_told),
        cmocka_unit_test(equal_lengths_are_one_length),
        cmocka_unit_test(of_differing_lengths_the_first_counts_and_it_is_noted),
        cmocka_unit_test(a_length_that_is_no_number_is_as_if_absent),
        cmocka_unit_test(transfer_encoding_wins_over_content_length),
        cmocka_unit_test(without_chunked_last_a_response_lasts_until_close),
        cmocka_unit_test(a_body_that_stops_early_ends_as_its_stream_did),
        cmocka_unit_test(a_body_whose_last_chunk_was_seen_is_complete),
        cmocka_unit_test(a_head_that_stops_early_tells_what_was_seen_of_it),
        cmocka_unit_test(a_start_line_that_stops_early_is_no_message),
        cmocka_unit_test(after_the_end_nothing_is_taken),
        cmocka_unit_test(a_gap_inside_a_known_length_is_passed_on_and_framing_goes_on),
        cmocka_unit_test(a_gap_inside_a_chunk_is_passed_on_and_framing_goes_on),
        cmocka_unit_test(a_gap_in_a_body_until_close_is_passed_on),
        cmocka_unit_test(a_gap_beyond_the_body_ends_it_and_the_next_message_is_found),
        cmocka_unit_test(a_gap_beyond_an_unwanted_body_leaves_it_complete),
        cmocka_unit_test(a_gap_beyond_a_chunk_ends_the_message),
        cmocka_unit_test(a_gap_in_the_trailers_leaves_the_body_complete),
        cmocka_unit_test(a_gap_between_messages_or_in_a_start_line_loses_the_place),
        cmocka_unit_test(a_gap_in_a_head_leaves_what_was_seen_of_it),
        cmocka_unit_test(a_tunnel_whose_head_has_a_gap_is_a_tunnel),
        cmocka_unit_test(a_gap_while_searching_loses_what_was_searched),
        cmocka_unit_test(responses_lost_within_a_request_head_are_told_again_behind_it),
        cmocka_unit_test(bytes_that_are_no_start_line_are_noted_and_passed_over),
        cmocka_unit_test(a_message_is_found_behind_the_last_bytes_of_a_body),
        cmocka_unit_test(a_status_line_inside_a_document_is_no_message),
        cmocka_unit_test(a_long_line_is_searched_at_its_end),
        cmocka_unit_test(a_chunk_that_cannot_be_read_ends_the_message),
        cmocka_unit_test(a_message_where_a_doubtful_body_had_to_be_proves_its_absence),
        cmocka_unit_test(a_body_without_length_ends_where_the_next_answer_begins),
        cmocka_unit_test(a_doubtful_body_that_is_there_is_passed_on),
        cmocka_unit_test(a_doubtful_body_is_taken_for_one_when_the_stream_ends_or_breaks),
        cmocka_unit_test(nothing_where_a_doubtful_body_may_follow_is_no_truncation),
        cmocka_unit_test(beyond_max_head_bytes_the_rest_of_a_head_is_passed_over),
        cmocka_unit_test(a_chunk_size_line_beyond_its_limit_ends_the_message),
        cmocka_unit_test(trailers_beyond_max_head_bytes_end_a_complete_message),
        cmocka_unit_test(fields_beyond_max_fields_count_for_the_framing_alone),
        cmocka_unit_test(a_value_beyond_max_field_bytes_is_cut),
        cmocka_unit_test(what_never_becomes_http_is_given_up),
        cmocka_unit_test(whatever_never_ends_is_buffered_within_bounds),
        cmocka_unit_test(a_head_in_one_feed_is_not_copied),
        cmocka_unit_test(a_head_knows_the_frame_of_its_first_byte),
        cmocka_unit_test(when_memory_runs_out_both_directions_settle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
