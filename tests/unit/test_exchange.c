/* exchange: conversations played through http1 whole, byte by byte and split at every byte; the
 * calls must be the same each time. */
#include "dissector/http/exchange.h"

#include "dissector/http/http1.h"
#include "tests/support/alloc.h"
#include "tests/support/http_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct scene {
    struct http_record record; /* how to play */
    const struct play *plays;
    const char *calls;
};

static void play_one(void *ctx, const struct play_way *way)
{
    const struct scene *scene = ctx;
    struct http_record record = scene->record;
    http_record_play(&record, scene->plays, way);
    assert_string_equal(call_log_end(&record.log), scene->calls);
    call_log_free(&record.log);
}

static void expect(struct scene scene)
{
    play_every_way(scene.plays, play_one, &scene);
}

static void expect_calls(const struct play *plays, const char *calls)
{
    expect((struct scene){.plays = plays, .calls = calls});
}

static void a_response_answers_its_request(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "PROPFIND /a HTTP/1.1\r\nContent-Length: 7\r\n\r\n<find/>"),
        says(DIR_SERVER, "HTTP/1.1 207 Multi-Status\r\nContent-Length: 5\r\n\r\n<ms/>"),
        says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect_calls(plays, "1 request PROPFIND /a [length 7]\n1 request-body <find/>\n"
                        "1 request-end complete 7\n1 response 207 [length 5]\n"
                        "1 response-body <ms/>\n1 response-end complete 5\n"
                        "1 ended PROPFIND /a 207\n"
                        "2 request GET /b [none]\n2 request-end complete 0\n"
                        "2 response 404 [length 0]\n2 response-end complete 0\n"
                        "2 ended GET /b 404\n");
}

static enum http_body decline_all(enum dir dir, const struct exchange *exchange)
{
    (void)dir, (void)exchange;
    return HTTP_BODY_UNWANTED;
}

static void unwanted_bodies_do_not_come(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde"),
        says(DIR_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.on_exchange = decline_all,
                          .calls = "1 request PUT /a [length 5]\n1 request-end complete 5\n"
                                   "1 response 200 [length 3]\n1 response-end complete 3\n"
                                   "1 ended PUT /a 200\n"});
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"
                         "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"
                         "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n2 ended GET /b 202\n3 ended GET /c 203\n"});
}

static void interim_responses_are_passed_over(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 100 Continue\r\n\r\n"),
        says(DIR_CLIENT, "x"),
        says(DIR_SERVER,
             "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
             "HTTP/1.1 101 Switching Protocols\r\n\r\n"
             "HTTP/1.1 204 x\r\n\r\n"),
        {0}};
    expect_calls(plays, "1 request PUT /a [length 1]\n1 request-body x\n1 request-end complete 1\n"
                        "1 response 204 [none]\n1 response-end complete 0\n1 ended PUT /a 204\n");
}

static void a_response_to_head_has_no_body(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 200 x\r\nContent-Length: 500\r\n\r\n"
                         "HTTP/1.1 200 x\r\nContent-Length: 2\r\n\r\nab"),
        {0}};
    expect_calls(plays, "1 request HEAD /a [none]\n1 request-end complete 0\n"
                        "2 request GET /b [none]\n2 request-end complete 0\n"
                        "1 response 200 [none]\n1 response-end complete 0\n1 ended HEAD /a 200\n"
                        "2 response 200 [length 2]\n2 response-body ab\n"
                        "2 response-end complete 2\n2 ended GET /b 200\n");
}

static void a_successful_connect_is_a_tunnel_and_a_refused_one_is_not(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "CONNECT h:443 HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 407 x\r\nContent-Length: 2\r\n\r\nno"),
        says(DIR_CLIENT, "CONNECT h:443 HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 200 x\r\nContent-Length: 2\r\n\r\n\x16\x03"),
        says(DIR_CLIENT, "\x16\x03\x01"),
        {0}};
    expect_calls(plays, "1 request CONNECT h:443 [none]\n1 request-end complete 0\n"
                        "1 response 407 [length 2]\n1 response-body no\n"
                        "1 response-end complete 2\n1 ended CONNECT h:443 407\n"
                        "2 request CONNECT h:443 [none]\n2 request-end complete 0\n"
                        "2 response 200 [none]\n2 response-end complete 0\n"
                        "2 ended CONNECT h:443 200\n");
}

static void an_upgrade_that_is_granted_is_a_tunnel(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"),
        says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
        {0}};
    expect_calls(plays, "1 request GET /a [none]\n1 request-end complete 0\n"
                        "1 response 101 [none]\n1 response-end complete 0\n1 ended GET /a 101\n");
}

static void an_early_response_answers_the_request_still_being_sent(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
                                 says(DIR_SERVER, "HTTP/1.1 413 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "cdGET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "1 request PUT /a [length 4]\n1 request-body ab\n"
                        "1 response 413 [length 0]\n1 response-end complete 0\n"
                        "1 request-body cd\n1 request-end complete 4\n1 ended PUT /a 413\n"
                        "2 request GET /b [none]\n2 request-end complete 0\n"
                        "2 response 204 [none]\n2 response-end complete 0\n2 ended GET /b 204\n");
}

static void a_response_without_request_stands_alone(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 2\r\n\r\nab"
                                                  "HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\n"
                                                  "HTTP/1.1 207 x\r\nContent-Length: 2\r\n\r\ncd"),
                                 {0}};
    expect_calls(plays, "1 response 207 [length 2]\n1 response-body ab\n"
                        "1 response-end complete 2\n1 ended ? ? 207 !unpaired()\n"
                        "2 response 200 [length 99]\n2 response-end complete 0\n"
                        "2 ended ? ? 200 !unpaired()\n"
                        "3 response 207 [length 2]\n3 response-body cd\n"
                        "3 response-end complete 2\n3 ended ? ? 207 !unpaired()\n");
}

static void an_unwanted_body_without_request_does_not_come(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\nabcde"
                                                  "HTTP/1.1 204 x\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.on_exchange = decline_all,
                          .calls = "1 response 200 [length 5]\n1 response-end complete 5\n"
                                   "1 ended ? ? 200 !unpaired()\n"
                                   "2 response 204 [none]\n2 response-end complete 0\n"
                                   "2 ended ? ? 204 !unpaired()\n"});
}

static void what_is_open_when_the_capture_ends_ends_with_it(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\nPUT /b HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"),
        says(DIR_SERVER, "HTTP/1.1 200 x\r\n\r\nab"),
        {0}};
    expect_calls(plays, "1 request GET /a [none]\n1 request-end complete 0\n"
                        "2 request PUT /b [length 9]\n2 request-body x\n"
                        "1 response 200 [until-close]\n1 response-body ab\n"
                        "1 response-end capture 2 not-complete\n1 ended GET /a 200\n"
                        "2 request-end capture 1 not-complete\n2 ended PUT /b 0\n");
}

static void gaps_are_counted_and_noted_on_their_exchange(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\na"),
                                 lacks(DIR_CLIENT, 3),
                                 says(DIR_SERVER, "HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\nab"),
                                 lacks_cut(DIR_SERVER, 6),
                                 says(DIR_SERVER, "c"),
                                 {0}};
    expect_calls(plays, "1 request PUT /a [length 4]\n1 request-body a\n1 request-gap 3\n"
                        "1 request-end complete 4 not-complete\n"
                        "1 response 200 [length 9]\n1 response-body ab\n1 response-gap 6 cut\n"
                        "1 response-body c\n1 response-end complete 9 not-complete\n"
                        "1 ended PUT /a 200 !capture-gap() !snaplen()\n");
}

static void oddities_go_to_the_message_they_concern(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\n\n"),
        says(DIR_SERVER, "HTTP/1.1 100 x\nX\r\n\r\nHTTP/1.1 204 x\r\nServer : b\r\n\r\n"),
        says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 204 x\r\n\r\n"),
        {0}};
    expect((struct scene){
        .plays = plays,
        .record.shows_ends_only = true,
        .calls = "1 ended GET /a 204 !bare-lf() !bare-lf() !field-line(no field name and colon)"
                 " !field-line(white space before the colon)\n2 ended GET /b 204\n"});
}

static void what_is_odd_between_exchanges_goes_to_the_next(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\n\r\ntoo much\r\n"),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\nServer: a\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 204\n2 ended GET /b 204 !start-line()\n"});
}

/* ---- losses ---- */

static void a_lost_request_costs_the_pairing_of_its_response_alone(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
                                 lacks(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n2 ended ? ? 202 !unpaired()\n"
                                   "3 ended GET /c 203\n"});
}

static void a_request_from_before_the_loss_is_still_answered(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 lacks(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"
                                                  "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n"
                                   "2 ended ? ? 202 !unpaired()\n3 ended GET /c 203\n"});
}

static void a_request_right_after_a_lost_one_was_sent_before_the_answer_to_that(void **state)
{
    (void)state;
    const struct play plays[] = {lacks(DIR_CLIENT, 50),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"
                                                  "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){
        .plays = plays,
        .record.shows_ends_only = true,
        .calls = "1 ended GET /b 0\n2 ended ? ? 201 !unpaired()\n"
                 "3 ended ? ? 202 !unpaired()\n4 ended GET /c 0\n5 ended ? ? 203 !unpaired()\n"});
}

static void a_client_that_pipelines_after_a_loss_may_have_done_so_in_it(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 lacks(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /d HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"
                                                  "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n2 ended GET /c 0\n3 ended GET /d 0\n"
                                   "4 ended ? ? 202 !unpaired()\n5 ended ? ? 203 !unpaired()\n"});
}

static void a_client_that_asks_before_the_body_came_pipelines(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 1\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "xHTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 lacks(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /d HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n2 ended GET /b 202\n"
                                   "3 ended ? ? 203 !unpaired()\n4 ended GET /d 0\n"
                                   "5 ended ? ? 204 !unpaired()\n"});
}

static void a_client_that_asks_within_a_body_pipelines_though_nobody_wants_it(void **state)
{
    (void)state;
    const struct play plays[] = {lacks(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 2\r\n\r\na"),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "bHTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record = {.shows_ends_only = true, .on_exchange = decline_all},
                          .calls = "2 ended GET /b 0\n1 ended ? ? 201 !unpaired()\n"
                                   "3 ended ? ? 202 !unpaired()\n"});
}

static void a_lost_response_leaves_its_request_unanswered(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
        lacks(DIR_SERVER, 50),
        says(DIR_SERVER, "of some body\nHTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
        says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 0 !capture-gap()\n"
                                   "2 ended ? ? 201 !unpaired()\n3 ended GET /b 202\n"});
}

static void a_broken_response_costs_itself_alone(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 201 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        lacks(DIR_SERVER, 50),
        says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201 !capture-gap()\n2 ended GET /b 202\n"});
}

static void heads_with_a_gap_still_pair(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PROPFIND /a HTTP/1.1\r\nHost"),
                                 lacks_cut(DIR_CLIENT, 50),
                                 says(DIR_SERVER, "HTTP/1.1 207 x\r\nServer"),
                                 lacks_cut(DIR_SERVER, 50),
                                 says(DIR_CLIENT, "PROPFIND /b HTTP/1.1\r\nHost: a\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended PROPFIND /a 207 partial partial !snaplen() !snaplen()\n"
                                   "2 ended PROPFIND /b 207\n"});
}

static void a_response_lost_while_its_request_is_sent_ends_with_the_request(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
                                 lacks(DIR_SERVER, 50),
                                 says(DIR_CLIENT, "cd"),
                                 says(DIR_SERVER, "its end\r\n"
                                                  "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "1 request PUT /a [length 4]\n1 request-body abcd\n"
                        "1 request-end complete 4\n1 ended PUT /a 0 !capture-gap()\n"
                        "2 response 201 [length 0]\n2 response-end complete 0\n"
                        "2 ended ? ? 201 !unpaired()\n");
}

/* What was lost may have been no answer, as a ticket of TLS is none. */
static void a_response_right_behind_a_loss_answers_the_only_request(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PROPFIND /a HTTP/1.1\r\n\r\n"),
                                 lacks(DIR_SERVER, 250),
                                 says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "PROPFIND /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect_calls(plays, "1 request PROPFIND /a [none]\n1 request-end complete 0\n"
                        "1 response 207 [length 0]\n1 response-end complete 0\n"
                        "1 ended PROPFIND /a 207 !capture-gap()\n"
                        "2 request PROPFIND /b [none]\n2 request-end complete 0\n"
                        "2 response 207 [length 0]\n2 response-end complete 0\n"
                        "2 ended PROPFIND /b 207\n");
}

static void what_servers_say_unasked_answers_no_request_behind_a_loss(void **state)
{
    (void)state;
    const char *const heads[] = {"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n",
                                 "HTTP/1.1 408 x\r\nContent-Length: 0\r\n\r\n"};
    for (size_t i = 0; i < 2; i++) {
        const struct play plays[] = {says(DIR_CLIENT, "PROPFIND /a HTTP/1.1\r\n\r\n"),
                                     lacks(DIR_SERVER, 250),
                                     says(DIR_SERVER, heads[i]),
                                     {0}};
        char expected[256];
        snprintf(expected, sizeof expected,
                 "1 request PROPFIND /a [none]\n1 request-end complete 0\n"
                 "1 ended PROPFIND /a 0 !capture-gap()\n"
                 "2 response %.3s [length 0]\n2 response-end complete 0\n"
                 "2 ended ? ? %.3s !unpaired()\n",
                 heads[i] + 9, heads[i] + 9);
        expect_calls(plays, expected);
    }
}

static void a_client_that_pipelines_is_not_trusted_after_a_loss(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
                                 lacks(DIR_SERVER, 50),
                                 says(DIR_CLIENT, "GET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /d HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 201\n2 ended GET /b 0 !capture-gap()\n"
                                   "3 ended GET /c 0\n4 ended ? ? 202 !unpaired()\n"
                                   "5 ended GET /d 0\n6 ended ? ? 203 !unpaired()\n"});
}

static void a_client_that_pipelines_behind_a_loss_is_not_trusted_either(void **state)
{
    (void)state;
    const struct play plays[] = {lacks(DIR_CLIENT, 50),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"
                                                  "HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n"),
                                 says(DIR_CLIENT, "GET /d HTTP/1.1\r\n\r\n"),
                                 says(DIR_SERVER, "HTTP/1.1 203 x\r\nContent-Length: 0\r\n\r\n"),
                                 {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /b 0\n2 ended GET /c 0\n"
                                   "3 ended ? ? 201 !unpaired()\n4 ended ? ? 202 !unpaired()\n"
                                   "5 ended GET /d 0\n6 ended ? ? 203 !unpaired()\n"});
}

/* ---- what is kept ---- */

static void userinfo_is_never_kept(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "MOVE http://u:p@h/a?x=http://u:p@i/ HTTP/1.1\r\nHost: u:p@h:80\r\n"
                         "Destination: https://u@v:p@h/b@c\r\n"
                         "Forwarded: for=1;host=\"u:p@h\"\r\nX-Forwarded-Host: u:p@h\r\n\r\n"),
        says(DIR_SERVER,
             "HTTP/1.1 201 x\r\nLocation: //u:p@h/b\r\nContent-Length: 0\r\n"
             "Content-Location: http://u:p@[::1]:80\r\nLink: <http://u:p@h>; rel=a\r\n\r\n"),
        says(DIR_CLIENT, "CONNECT u:p@h:1 HTTP/1.1\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_fields = true,
                          .calls = "1 request MOVE http://h/a?x=http://i/ [none]\n"
                                   "C field host h:80\nC field forwarded \n"
                                   "C field x-forwarded-host h\n"
                                   "C field destination https://h/b@c\n1 request-end complete 0\n"
                                   "1 response 201 [length 0]\n"
                                   "S field content-length 0\n"
                                   "S field content-location http://[::1]:80\n"
                                   "S field location //h/b\nS field link <http://h>; rel=a\n"
                                   "1 response-end complete 0\n"
                                   "1 ended MOVE http://h/a?x=http://i/ 201\n"
                                   "2 request CONNECT h:1 [none]\n2 request-end complete 0\n"
                                   "2 ended CONNECT h:1 0\n"});
}

static void a_target_with_at_signs_in_its_path_is_kept_as_sent(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET //u@x/principals/a:b@c?d@e HTTP/1.1\r\n\r\n"), {0}};
    expect((struct scene){.plays = plays,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET //u@x/principals/a:b@c?d@e 0\n"});
}

static void a_long_target_is_cut_and_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *target, *kept;
    } rows[] = {
        {"/234567890", "/234567890"},
        {"/2345678901", "/234567890!"},
        {"http://user:password-that-is-long@h/", "http://h/"},
        {"http://user:password-that-is-long@host/", "http://hos!"},
        {"http://host.example/", "http://hos!"},
    };
    struct limits limits = limits_default;
    limits.max_target_bytes = 10;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char request[100], calls[100];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n\r\n", rows[i].target);
        const struct play plays[] = {says(DIR_CLIENT, request), {0}};
        bool is_cut = strchr(rows[i].kept, '!') != NULL;
        snprintf(calls, sizeof calls, "1 ended GET %.10s%s 0\n", rows[i].kept, is_cut ? "!" : "");
        if (!is_cut)
            snprintf(calls, sizeof calls, "1 ended GET %s 0\n", rows[i].kept);
        expect((struct scene){.plays = plays,
                              .record.limits = &limits,
                              .record.shows_ends_only = true,
                              .calls = calls});
    }
}

static void a_value_cut_inside_userinfo_loses_it_all(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_field_bytes = 12;
    const struct play plays[] = {
        says(DIR_CLIENT, "MOVE /a HTTP/1.1\r\nDestination: http://user:password@h/\r\n\r\n"), {0}};
    expect((struct scene){.plays = plays,
                          .record.limits = &limits,
                          .record.shows_fields = true,
                          .calls = "1 request MOVE /a [none]\nC field destination http://\n"
                                   "1 request-end complete 0\n"
                                   "1 ended MOVE /a 0 !limit(max_field_bytes)\n"});
}

static size_t n_looks;

static enum http_body look(enum dir dir, const struct exchange *exchange)
{
    if (dir == DIR_CLIENT)
        return n_looks % 2 ? HTTP_BODY_WANTED : HTTP_BODY_UNWANTED;
    n_looks++;
    assert_int_equal(exchange->request.first.frame, 1);
    assert_int_equal(exchange->request.head_end.frame, 2);
    assert_int_equal(exchange->request.last.frame, 3);
    assert_true(exchange->request.has_authorization);
    assert_true(exchange->request.has_lock_token);
    assert_int_equal(exchange->request.version_minor, 1);
    assert_int_equal(exchange->response.first.frame, 4);
    assert_int_equal(exchange->response.version_minor, 0);
    assert_true(exchange->request.is_complete);
    return HTTP_BODY_WANTED;
}

static void an_exchange_knows_its_frames_and_that_credentials_were_sent(void **state)
{
    (void)state;
    const struct play plays[] = {
        says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n"),
        says(DIR_CLIENT, "Cookie: secret\r\nIf: (<secret>)\r\nContent-Length: 4\r\n\r\nab"),
        says(DIR_CLIENT, "cd"),
        says(DIR_SERVER, "HTTP/1.0 201 x\r\nSet-Cookie: secret\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    for (n_looks = 0; n_looks < 2;) {
        struct http_record record = {.on_exchange = look, .shows_fields = true};
        size_t n_before = n_looks;
        http_record_play(&record, plays, &(struct play_way){0});
        assert_int_equal(n_looks, n_before + 1);
        assert_null(strstr(call_log_end(&record.log), "secret"));
        assert_null(strstr(call_log_end(&record.log), "c2Vj"));
        call_log_free(&record.log);
    }
}

static enum http_body look_at_cut(enum dir dir, const struct exchange *exchange)
{
    n_looks += dir == DIR_CLIENT;
    assert_true(exchange->request.is_partial);
    assert_int_equal(exchange->request.first.frame, 1);
    assert_int_equal(exchange->request.head_end.frame, 2);
    assert_int_equal(exchange->request.last.frame, 2);
    return HTTP_BODY_WANTED;
}

static void a_head_that_is_cut_ends_with_what_was_seen_of_it(void **state)
{
    (void)state;
    const struct play plays[] = {says(DIR_CLIENT, "PUT /a HTTP/1.1\r\nHost: h\r\n"),
                                 says(DIR_CLIENT, "Content-"),
                                 lacks(DIR_CLIENT, 50),
                                 says(DIR_CLIENT, "GET /b HTTP/1.1\r\n"),
                                 {0}};
    struct http_record record = {.on_exchange = look_at_cut};
    n_looks = 0;
    http_record_play(&record, plays, &(struct play_way){0});
    assert_int_equal(n_looks, 1);
    call_log_free(&record.log);
}

/* ---- limits and memory ---- */

static void beyond_max_pipelined_the_waiting_requests_are_given_up(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_pipelined = 2;
    const struct play plays[] = {
        says(DIR_CLIENT, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
        says(DIR_SERVER, "HTTP/1.1 201 x\r\nContent-Length: 0\r\n\r\n"),
        {0}};
    expect((struct scene){.plays = plays,
                          .record.limits = &limits,
                          .record.shows_ends_only = true,
                          .calls = "1 ended GET /a 0 !limit(max_pipelined)\n"
                                   "2 ended GET /b 0 !limit(max_pipelined)\n"
                                   "3 ended GET /c 0\n4 ended ? ? 201 !unpaired()\n"});
}

static void anomalies_beyond_their_limit_are_only_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_anomalies = 3;
    const struct play plays[] = {says(DIR_SERVER, "HTTP/1.1 207 x\r\nContent-Length: 99\r\n\r\n<"),
                                 lacks(DIR_SERVER, 1),
                                 says(DIR_SERVER, "a"),
                                 lacks_cut(DIR_SERVER, 1),
                                 says(DIR_SERVER, "b"),
                                 lacks(DIR_SERVER, 1),
                                 says(DIR_SERVER, "c"),
                                 lacks(DIR_SERVER, 1),
                                 {0}};
    expect((struct scene){
        .plays = plays,
        .record.limits = &limits,
        .record.shows_ends_only = true,
        .calls = "1 ended ? ? 207 !unpaired() !capture-gap() !snaplen() and 2 more\n"});
}

static void what_is_kept_is_accounted(void **state)
{
    (void)state;
    struct http_record record = {0};
    struct exchanges exchanges;
    struct http1 http1;
    struct origin origin = {0};
    call_log_begin(&record.log);
    exchanges_init(&exchanges, &limits_default, http_record_exchange_sink(&record));
    http1_init(&http1, &limits_default, exchanges_sink(&exchanges));
    struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
    client.ops->feed(client.ctx, span_str("GET / HTTP/1.1\r\n\r\n"), &origin);
    size_t small = exchanges_buffered_bytes(&exchanges);
    assert_true(small >= sizeof(struct exchange));
    client.ops->feed(client.ctx, span_str("GET / HTTP/1.1\r\nHost: 0123456789\r\n\r\n"), &origin);
    size_t both = exchanges_buffered_bytes(&exchanges);
    assert_int_equal(both, 2 * small + 10);
    struct anomaly anomaly = anomaly_make(ANOMALY_BARE_LF, &origin, 0, NULL);
    client.ops->note(client.ctx, &anomaly);
    assert_true(exchanges_buffered_bytes(&exchanges) >= both + sizeof anomaly);
    exchanges_free(&exchanges);
    assert_int_equal(exchanges_buffered_bytes(&exchanges), 0);
    call_log_free(&record.log);
    http1_free(&http1);
}

static void when_memory_runs_out_the_connection_settles(void **state)
{
    (void)state;
    struct origin origin = {0};
    bool has_failed = true;
    uint64_t n = 0;
    while (has_failed) {
        struct http_record record = {0};
        struct exchanges exchanges;
        struct http1 http1;
        call_log_begin(&record.log);
        exchanges_init(&exchanges, &limits_default, http_record_exchange_sink(&record));
        http1_init(&http1, &limits_default, exchanges_sink(&exchanges));
        struct stream_sink client = http1_stream(&http1, DIR_CLIENT);
        struct stream_sink server = http1_stream(&http1, DIR_SERVER);
        alloc_fail_at(++n);
        enum feed answer =
            client.ops->feed(client.ctx, span_str("GET / HTTP/1.1\r\n\r\n"), &origin);
        if (answer == FEED_OK)
            answer =
                server.ops->feed(server.ctx, span_str("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 2"), &origin);
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        assert_int_equal(answer, has_failed ? FEED_NOMEM : FEED_OK);
        exchanges_finish(&exchanges, END_EVICTED, &origin);
        exchanges_free(&exchanges);
        call_log_free(&record.log);
        http1_free(&http1);
    }
    assert_true(n > 3);
}

static void without_memory_an_anomaly_is_only_counted(void **state)
{
    (void)state;
    struct origin origin = {0};
    struct http_record record = {0};
    struct exchanges exchanges;
    call_log_begin(&record.log);
    exchanges_init(&exchanges, &limits_default, http_record_exchange_sink(&record));
    struct http_sink sink = exchanges_sink(&exchanges);
    struct http_head head = {.method = span_str("GET"), .target = span_str("/")};
    sink.ops->head(sink.ctx, DIR_CLIENT, 0, &head, &origin);
    struct anomaly anomaly = anomaly_make(ANOMALY_BARE_LF, &origin, 0, NULL);
    alloc_fail_at(1);
    sink.ops->note(sink.ctx, DIR_CLIENT, 0, &anomaly);
    alloc_fail_at(0);
    exchanges_finish(&exchanges, END_CAPTURE, &origin);
    assert_non_null(strstr(call_log_end(&record.log), "1 ended GET / 0 and 1 more\n"));
    call_log_free(&record.log);
    exchanges_free(&exchanges);
}

/* ---- a tunnel that was not seen to be granted ---- */

struct tunnel {
    struct http_record record;
    struct exchanges exchanges;
    struct origin origin;
};

static void tunnel_open(struct tunnel *tunnel)
{
    *tunnel = (struct tunnel){.record = {.shows_ends_only = true}};
    call_log_begin(&tunnel->record.log);
    exchanges_init(&tunnel->exchanges, &limits_default, http_record_exchange_sink(&tunnel->record));
}

static void tunnel_ask(struct tunnel *tunnel, const char *method)
{
    struct http_sink sink = exchanges_sink(&tunnel->exchanges);
    struct http_head request = {.method = span_str(method), .target = span_str("h:443")};
    sink.ops->head(sink.ctx, DIR_CLIENT, 0, &request, &tunnel->origin);
    sink.ops->end(sink.ctx, DIR_CLIENT, 0, END_COMPLETE, 0, &tunnel->origin);
}

static void tunnel_answer(struct tunnel *tunnel, uint16_t status, enum http_framing framing)
{
    struct http_sink sink = exchanges_sink(&tunnel->exchanges);
    struct http_head response = {.status = status, .framing = framing};
    sink.ops->head(sink.ctx, DIR_SERVER, 0, &response, &tunnel->origin);
}

static bool tunnel_may_begin(const struct tunnel *tunnel)
{
    return exchanges_may_connect(&tunnel->exchanges);
}

static void tunnel_close(struct tunnel *tunnel)
{
    call_log_free(&tunnel->record.log);
    exchanges_free(&tunnel->exchanges);
}

static void a_connect_may_be_granted_unseen_until_it_is_answered(void **state)
{
    struct tunnel tunnel;
    struct http_sink sink = exchanges_sink(&tunnel.exchanges);
    (void)state;
    tunnel_open(&tunnel);
    tunnel_ask(&tunnel, "CONNECT");
    assert_true(tunnel_may_begin(&tunnel));
    tunnel_answer(&tunnel, 407, HTTP_FRAMING_UNTIL_CLOSE);
    assert_false(tunnel_may_begin(&tunnel));
    sink.ops->end(sink.ctx, DIR_SERVER, 0, END_COMPLETE, 0, &tunnel.origin);
    tunnel_ask(&tunnel, "GET");
    assert_false(tunnel_may_begin(&tunnel));
    tunnel_close(&tunnel);
}

static void an_answer_that_nobody_asked_for_may_grant_a_connect(void **state)
{
    static const struct {
        uint16_t status;
        enum http_framing framing;
        bool may_grant;
    } rows[] = {
        {199, HTTP_FRAMING_UNTIL_CLOSE, false}, {200, HTTP_FRAMING_UNTIL_CLOSE, true},
        {299, HTTP_FRAMING_UNTIL_CLOSE, true},  {300, HTTP_FRAMING_UNTIL_CLOSE, false},
        {200, HTTP_FRAMING_LENGTH, false},      {200, HTTP_FRAMING_CHUNKED, false},
        {204, HTTP_FRAMING_NONE, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tunnel tunnel;
        tunnel_open(&tunnel);
        tunnel_answer(&tunnel, rows[i].status, rows[i].framing);
        assert_int_equal(tunnel_may_begin(&tunnel), rows[i].may_grant);
        tunnel_ask(&tunnel, "GET");
        assert_false(tunnel_may_begin(&tunnel));
        tunnel_close(&tunnel);
    }
}

static void a_tunnel_ends_what_grants_it_where_that_was_seen_to_end(void **state)
{
    struct tunnel tunnel;
    (void)state;
    tunnel_open(&tunnel);
    tunnel.record.shows_ends_only = false;
    tunnel.origin = (struct origin){.ordinal = 1, .frame = 1};
    tunnel_answer(&tunnel, 200, HTTP_FRAMING_UNTIL_CLOSE);
    const struct origin later = {.ordinal = 2, .frame = 2};
    assert_int_equal(exchanges_connect(&tunnel.exchanges, &later), FEED_OK);
    assert_true(exchanges_is_connected(&tunnel.exchanges));
    assert_string_equal(call_log_end(&tunnel.record.log), "1 response 200 [until-close]\n"
                                                          "1 response-end complete 0\n"
                                                          "1 ended ? ? 200 !unpaired()\n");
    tunnel_close(&tunnel);
}

static void a_tunnel_ends_the_connect_whose_answer_is_lost(void **state)
{
    const struct anomaly gap = anomaly_make(ANOMALY_CAPTURE_GAP, &(struct origin){0}, 39, NULL);
    const struct http_hole hole = {.n_bytes = gap.n_bytes};
    struct tunnel tunnel;
    struct http_sink sink = exchanges_sink(&tunnel.exchanges);
    (void)state;
    tunnel_open(&tunnel);
    tunnel_ask(&tunnel, "CONNECT");
    sink.ops->note(sink.ctx, DIR_SERVER, 0, &gap);
    sink.ops->lost(sink.ctx, DIR_SERVER, &hole, &tunnel.origin);
    assert_int_equal(exchanges_connect(&tunnel.exchanges, &tunnel.origin), FEED_OK);
    assert_string_equal(call_log_end(&tunnel.record.log),
                        "1 ended CONNECT h:443 0 !capture-gap()\n");
    tunnel_close(&tunnel);
}

/* ---- streams of HTTP/2 ---- */

static void responses_on_streams_pair_by_stream(void **state)
{
    (void)state;
    struct origin origin = {0};
    struct http_record record = {.shows_ends_only = true};
    struct exchanges exchanges;
    call_log_begin(&record.log);
    exchanges_init(&exchanges, &limits_default, http_record_exchange_sink(&record));
    struct http_sink sink = exchanges_sink(&exchanges);
    struct http_head request = {.method = span_str("PROPFIND"), .framing = HTTP_FRAMING_STREAM};
    struct http_head response = {.framing = HTTP_FRAMING_STREAM};
    for (uint32_t stream = 1; stream <= 5; stream += 2) {
        static const char *const targets[] = {"/1", "/3", "/5"};
        request.target = span_str(targets[stream / 2]);
        sink.ops->head(sink.ctx, DIR_CLIENT, stream, &request, &origin);
    }
    for (uint32_t stream = 5; stream > 0 && stream <= 5; stream -= 2) {
        response.status = (uint16_t)(200 + stream);
        sink.ops->head(sink.ctx, DIR_SERVER, stream, &response, &origin);
    }
    for (uint32_t stream = 1; stream <= 5; stream += 2) {
        sink.ops->end(sink.ctx, DIR_CLIENT, stream, END_COMPLETE, 0, &origin);
        sink.ops->end(sink.ctx, DIR_SERVER, stream, END_COMPLETE, 0, &origin);
    }
    assert_string_equal(call_log_end(&record.log), "1 ended PROPFIND /1 201\n"
                                                   "2 ended PROPFIND /3 203\n"
                                                   "3 ended PROPFIND /5 205\n");
    call_log_free(&record.log);
    exchanges_free(&exchanges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_answers_its_request),
        cmocka_unit_test(unwanted_bodies_do_not_come),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(interim_responses_are_passed_over),
        cmocka_unit_test(a_response_to_head_has_no_body),
        cmocka_unit_test(a_successful_connect_is_a_tunnel_and_a_refused_one_is_not),
        cmocka_unit_test(an_upgrade_that_is_granted_is_a_tunnel),
        cmocka_unit_test(an_early_response_answers_the_request_still_being_sent),
        cmocka_unit_test(a_response_without_request_stands_alone),
        cmocka_unit_test(an_unwanted_body_without_request_does_not_come),
        cmocka_unit_test(what_is_open_when_the_capture_ends_ends_with_it),
        cmocka_unit_test(gaps_are_counted_and_noted_on_their_exchange),
        cmocka_unit_test(oddities_go_to_the_message_they_concern),
        cmocka_unit_test(what_is_odd_between_exchanges_goes_to_the_next),
        cmocka_unit_test(a_lost_request_costs_the_pairing_of_its_response_alone),
        cmocka_unit_test(a_request_from_before_the_loss_is_still_answered),
        cmocka_unit_test(a_request_right_after_a_lost_one_was_sent_before_the_answer_to_that),
        cmocka_unit_test(a_client_that_pipelines_after_a_loss_may_have_done_so_in_it),
        cmocka_unit_test(a_client_that_asks_before_the_body_came_pipelines),
        cmocka_unit_test(a_client_that_asks_within_a_body_pipelines_though_nobody_wants_it),
        cmocka_unit_test(a_lost_response_leaves_its_request_unanswered),
        cmocka_unit_test(a_broken_response_costs_itself_alone),
        cmocka_unit_test(heads_with_a_gap_still_pair),
        cmocka_unit_test(a_response_lost_while_its_request_is_sent_ends_with_the_request),
        cmocka_unit_test(a_response_right_behind_a_loss_answers_the_only_request),
        cmocka_unit_test(what_servers_say_unasked_answers_no_request_behind_a_loss),
        cmocka_unit_test(a_client_that_pipelines_is_not_trusted_after_a_loss),
        cmocka_unit_test(a_client_that_pipelines_behind_a_loss_is_not_trusted_either),
        cmocka_unit_test(userinfo_is_never_kept),
        cmocka_unit_test(a_target_with_at_signs_in_its_path_is_kept_as_sent),
        cmocka_unit_test(a_long_target_is_cut_and_says_so),
        cmocka_unit_test(a_value_cut_inside_userinfo_loses_it_all),
        cmocka_unit_test(an_exchange_knows_its_frames_and_that_credentials_were_sent),
        cmocka_unit_test(a_head_that_is_cut_ends_with_what_was_seen_of_it),
        cmocka_unit_test(beyond_max_pipelined_the_waiting_requests_are_given_up),
        cmocka_unit_test(anomalies_beyond_their_limit_are_only_counted),
        cmocka_unit_test(what_is_kept_is_accounted),
        cmocka_unit_test(when_memory_runs_out_the_connection_settles),
        cmocka_unit_test(without_memory_an_anomaly_is_only_counted),
        cmocka_unit_test(a_connect_may_be_granted_unseen_until_it_is_answered),
        cmocka_unit_test(an_answer_that_nobody_asked_for_may_grant_a_connect),
        cmocka_unit_test(a_tunnel_ends_what_grants_it_where_that_was_seen_to_end),
        cmocka_unit_test(a_tunnel_ends_the_connect_whose_answer_is_lost),
        cmocka_unit_test(responses_on_streams_pair_by_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
