/* exchange: conversations played through http1 whole, byte by byte and split at every byte; the
 * calls must be the same each time. */
#include "dissector/http/exchange.h"

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
    enum http_body (*on_exchange)(enum dir dir, const struct exchange *exchange);
    bool shows_fields;
};

static void play_one(void *ctx, const struct play_way *way)
{
    const struct scene *scene = ctx;
    const struct limits *limits = scene->limits ? scene->limits : &limits_default;
    struct http_record record = {.on_exchange = scene->on_exchange,
                                 .shows_fields = scene->shows_fields};
    struct exchanges exchanges;
    struct http1 http1;
    struct origin last = {.ordinal = 100};
    call_log_begin(&record.log);
    exchanges_init(&exchanges, limits, http_record_exchange_sink(&record));
    http1_init(&http1, limits, exchanges_sink(&exchanges));
    struct stream_sink sinks[2] = {http1_stream(&http1, DIR_CLIENT),
                                   http1_stream(&http1, DIR_SERVER)};
    play_streams(sinks, scene->plays, way);
    exchanges_finish(&exchanges, END_CAPTURE, &last);
    assert_string_equal(call_log_end(&record.log), scene->calls);
    assert_int_equal(exchanges_buffered_bytes(&exchanges, NULL), 0);
    call_log_free(&record.log);
    exchanges_free(&exchanges);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_answers_its_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
