#include "dissector/http/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MAX_LINE_BYTES = 100 };

struct row {
    const char *bytes;
    size_t len; /* 0 = as a string */
    enum protocol protocol;
};

static struct span bytes_of(const struct row *row)
{
    return span_of(row->bytes, row->len ? row->len : strlen(row->bytes));
}

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(detect_start(bytes_of(&rows[i]), MAX_LINE_BYTES), rows[i].protocol);
}

/* Every beginning of the bytes leaves the question open; all of them answer it. */
static void expect_only_at_end(const struct row *row)
{
    struct span bytes = bytes_of(row);
    for (size_t n = 0; n < bytes.len; n++)
        assert_int_equal(detect_start(span_first(bytes, n), MAX_LINE_BYTES), PROTOCOL_MORE);
    assert_int_equal(detect_start(bytes, MAX_LINE_BYTES), row->protocol);
}

static void a_start_is_known_when_its_first_line_is_whole(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"GET / HTTP/1.1\r\n", 0, PROTOCOL_HTTP1_REQUEST},
        {"\r\n\n\r\nPROPFIND http://a/b c HTTP/1.0\n", 0, PROTOCOL_HTTP1_REQUEST},
        {"M-!#$%&'*+.^_`|~9 * http/1.1\r\n", 0, PROTOCOL_HTTP1_REQUEST},
        {"HTTP/1.1 207 Multi-Status\r\n", 0, PROTOCOL_HTTP1_RESPONSE},
        {"HTTP/1.0 200\r\n", 0, PROTOCOL_HTTP1_RESPONSE},
        {"http/1.1 200 \xc3\xa4\n", 0, PROTOCOL_HTTP1_RESPONSE},
        {"GET /\x1b[2J\x7f HTTP/1.1\r\n", 0, PROTOCOL_HTTP1_REQUEST},
        {"HTTP/1.1 200 \x1b[2J\r\n", 0, PROTOCOL_HTTP1_RESPONSE},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, PROTOCOL_HTTP2_PREFACE},
        {"\x16\x03\x01\x02\x00", 5, PROTOCOL_TLS},
        {"\x15\x03\x03\x00\x02", 5, PROTOCOL_TLS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_only_at_end(&rows[i]);
}

static void what_is_no_start_is_something_else(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"SSH-2.0-OpenSSH_9.2\r\n", 0, PROTOCOL_OTHER},
        {"220 mail ESMTP\r\n", 0, PROTOCOL_OTHER},
        {"GET /\r\n", 0, PROTOCOL_OTHER},
        {"GET  HTTP/1.1\r\n", 0, PROTOCOL_OTHER},
        {"GET / HTTP/2.0\r\n", 0, PROTOCOL_OTHER},
        {"GET / HTTP/1.1 x\r\n", 0, PROTOCOL_OTHER},
        {"GET / RTSP/1.0\r\n", 0, PROTOCOL_OTHER},
        {"ilter name=\"V\"></C:filter>GET / HTTP/1.1\r\n", 0, PROTOCOL_OTHER},
        {"prop /></D:propfind>GET / HTTP/1.1\r\n", 0, PROTOCOL_OTHER},
        {" GET / HTTP/1.1\r\n", 0, PROTOCOL_OTHER},
        {"G(T / HTTP/1.1\r\n", 0, PROTOCOL_OTHER},
        {"HTTP/1.1 20 OK\r\n", 0, PROTOCOL_OTHER},
        {"HTTP/1.1 099 OK\r\n", 0, PROTOCOL_OTHER},
        {"HTTP/1.1 2000 OK\r\n", 0, PROTOCOL_OTHER},
        {"HTTP/2 200\r\n", 0, PROTOCOL_OTHER},
        {"HTTP/1.1200 OK\r\n", 0, PROTOCOL_OTHER},
        {"\x16\x03\x01\x00\x00", 5, PROTOCOL_OTHER},
        {"\x16\x03\x01\xff\xff", 5, PROTOCOL_OTHER},
        {"\x16\x03\x09\x00\x10", 5, PROTOCOL_OTHER},
        {"\x16\x02\x00\x00\x10", 5, PROTOCOL_OTHER},
        {"\x17\x03\x03\x00\x10", 5, PROTOCOL_OTHER},
        {"\x00\x01\x02", 3, PROTOCOL_OTHER},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void nothing_is_known_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(detect_start((struct span){NULL, 0}, MAX_LINE_BYTES), PROTOCOL_MORE);
}

static void a_line_is_waited_for_within_its_limit(void **state)
{
    (void)state;
    char line[200] = "GET /";
    memset(line + 5, 'a', sizeof line - 5);
    assert_int_equal(detect_start(span_of(line, 100), 100), PROTOCOL_MORE);
    assert_int_equal(detect_start(span_of(line, 101), 100), PROTOCOL_OTHER);
    memset(line, 'a', sizeof line);
    assert_int_equal(detect_start(span_of(line, 64), 200), PROTOCOL_MORE);
    assert_int_equal(detect_start(span_of(line, 65), 200), PROTOCOL_OTHER);
}

static void expect_resync(const char *text, const char *from, enum protocol protocol)
{
    enum protocol found;
    struct span bytes = span_str(text);
    size_t at = detect_resync(bytes, &found);
    assert_int_equal(found, protocol);
    assert_int_equal(at, from ? (size_t)(strstr(text, from) - text) : bytes.len);
}

static void a_message_in_the_middle_begins_with_a_start_line_and_a_field(void **state)
{
    (void)state;
    expect_resync("GET / HTTP/1.1\r\nHost: a\r\n", "GET", PROTOCOL_HTTP1_REQUEST);
    expect_resync("x\r\nHTTP/1.1 200 OK\nServer:a\n", "HTTP", PROTOCOL_HTTP1_RESPONSE);
    expect_resync("x\nHTTP/1.1 204 No Content\r\n\r\n", "HTTP", PROTOCOL_HTTP1_RESPONSE);
    expect_resync("</D:multistatus>HTTP/1.1 207 x\r\nServer: a\r\n", "HTTP",
                  PROTOCOL_HTTP1_RESPONSE);
    expect_resync("</D:propfind>PROPFIND /a HTTP/1.1\r\nHost: a\r\n", "PROPFIND",
                  PROTOCOL_HTTP1_REQUEST);
    expect_resync("HTTP/1.1 200 OK HTTP/1.1 207 x\r\nServer: a\r\n", "HTTP",
                  PROTOCOL_HTTP1_RESPONSE);
    expect_resync("{\"a\":1}HTTP/1.1 200 HTTP/1.1 207 x\r\nServer: a\r\n", "HTTP/1.1 207",
                  PROTOCOL_HTTP1_RESPONSE);
}

static void only_a_request_at_a_line_start_may_have_control_characters(void **state)
{
    (void)state;
    expect_resync("x\r\nPROPFIND /\x1b[2J HTTP/1.1\r\nHost: a\r\n", "PROPFIND",
                  PROTOCOL_HTTP1_REQUEST);
    expect_resync("x\r\nPROPFIND \x1b HTTP/1.1\r\nHost: a\r\n", NULL, PROTOCOL_OTHER);
    expect_resync("x\r\nword /\x1b HTTP/1.1\r\nHost: a\r\n", NULL, PROTOCOL_OTHER);
    expect_resync("</a>PROPFIND /\x1b HTTP/1.1\r\nHost: a\r\n", NULL, PROTOCOL_OTHER);
    expect_resync("HTTP/1.1 200 \x1b\r\nServer: a\r\n", NULL, PROTOCOL_OTHER);
}

static void a_registered_method_may_have_any_target(void **state)
{
    (void)state;
    expect_resync("x\r\nGET ?q={a} HTTP/1.1\r\nHost: a\r\n", "GET", PROTOCOL_HTTP1_REQUEST);
    expect_resync("x\r\nREPORT \xc3\xa4|\"<^>` HTTP/1.1\r\nHost: a\r\n", "REPORT",
                  PROTOCOL_HTTP1_REQUEST);
    expect_resync("x\r\nUse ?q={a} HTTP/1.1\r\nHost: a\r\n", NULL, PROTOCOL_OTHER);
    expect_resync("xGET ?q={a} HTTP/1.1\r\nHost: a\r\n", NULL, PROTOCOL_OTHER);
    expect_resync("PUT a=\"b\"/>GET / HTTP/1.1\r\nHost: a\r\n", "GET", PROTOCOL_HTTP1_REQUEST);
}

static void text_of_a_document_is_no_message(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n</D:status>\r\n",
        "HTTP/1.1 200 OK\r\nServer",
        "HTTP/1.1 200 OK\r\nServer : a\r\n",
        "HTTP/1.1 200 OK\r\n folded: a\r\n",
        "HTTP/1.1 200 OK\r\n\rx",
        "HTTP/1.1 200 OK\n\n</D:status>\n",
        "<D:status>\r\n HTTP/1.1 200 OK\r\n\n",
        "<D:status>\nHTTP/1.1 200 OK\n\r\n",
        "<D:status>HTTP/1.1 200 OK</D:status>\r\nserver: a\r\n",
        "<p>see GET / HTTP/1.1</p>\r\nHost: a\r\n",
        "say GET x HTTP/1.1\r\nHost: a\r\n",
        "say GET / HTTP/1.1\r\nHost: a\r\n",
        "aHTTP/1.1\r\nHost: a\r\n",
        "HTTP/1.1\r\nHost: a\r\n",
        "/ HTTP/1.1\r\nHost: a\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_resync(texts[i], NULL, PROTOCOL_OTHER);
}

static void a_method_is_read_behind_the_last_word_of_a_body(void **state)
{
    (void)state;
    expect_resync("x=1&y=twoGET /a HTTP/1.1\r\nHost: a\r\n", "GET", PROTOCOL_HTTP1_REQUEST);
    expect_resync("x=2VERSION-CONTROL * HTTP/1.1\r\nHost: a\r\n", "VERSION",
                  PROTOCOL_HTTP1_REQUEST);
    expect_resync("x=oCONNECT a:1 HTTP/1.1\r\nHost: a\r\n", "CONNECT", PROTOCOL_HTTP1_REQUEST);
    expect_resync("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n", "CONNECT", PROTOCOL_HTTP1_REQUEST);
    expect_resync("prop /></D:propfind>GET / HTTP/1.1\r\nHost: a\r\n", "GET",
                  PROTOCOL_HTTP1_REQUEST);
    expect_resync("\5\1\1PPROPFIND /a HTTP/1.1\r\nHost: a\r\n", "PROPFIND", PROTOCOL_HTTP1_REQUEST);
    expect_resync("\1PUNLOCK /a HTTP/1.1\r\nHost: a\r\n", "UNLOCK", PROTOCOL_HTTP1_REQUEST);
    expect_resync("\1BMOVE /a HTTP/1.1\r\nHost: a\r\n", "BMOVE", PROTOCOL_HTTP1_REQUEST);
    expect_resync("\1PREBIND /a HTTP/1.1\r\nHost: a\r\n", "PREBIND", PROTOCOL_HTTP1_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registered_method_may_have_any_target),
        cmocka_unit_test(a_start_is_known_when_its_first_line_is_whole),
        cmocka_unit_test(what_is_no_start_is_something_else),
        cmocka_unit_test(nothing_is_known_of_nothing),
        cmocka_unit_test(a_line_is_waited_for_within_its_limit),
        cmocka_unit_test(a_message_in_the_middle_begins_with_a_start_line_and_a_field),
        cmocka_unit_test(only_a_request_at_a_line_start_may_have_control_characters),
        cmocka_unit_test(text_of_a_document_is_no_message),
        cmocka_unit_test(a_method_is_read_behind_the_last_word_of_a_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
