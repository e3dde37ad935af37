/* The endpoint of --metrics, asked over a real socket. */
#include "output/exporter.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof in;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
    (void)close(fd);
    return ntohs(in.sin_port);
}

struct rig {
    struct exporter *exporter;
    uint16_t port;
};

static int set_up(void **state)
{
    static struct rig rig;
    struct error error = {0};
    char place[16];
    rig.port = free_port();
    (void)snprintf(place, sizeof place, "%u", rig.port);
    rig.exporter = exporter_open(place, &error);
    *state = rig.exporter ? &rig : NULL;
    assert_true(rig.exporter || strstr(error.text, "not built in"));
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    if (rig)
        exporter_close(rig->exporter);
    return 0;
}

static int ask(const struct rig *rig, const char *request)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons(rig->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof in), 0);
    assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    return fd;
}

static const char *answer_to(const struct rig *rig, const char *request)
{
    static char answer[4096];
    size_t len = 0;
    int fd = ask(rig, request);
    for (ssize_t n = 1; n > 0 && len<sizeof answer - 1; len += n> 0 ? (size_t)n : 0)
        n = read(fd, answer + len, sizeof answer - 1 - len);
    answer[len] = '\0';
    (void)close(fd);
    return answer;
}

#define GET(path) "GET " path " HTTP/1.0\r\n\r\n"

static void metrics_are_those_published_last(void **state)
{
    struct rig *rig = *state;
    if (!rig)
        skip();
    exporter_publish(rig->exporter, span_str("a 1\n"));
    assert_non_null(strstr(answer_to(rig, GET("/metrics")), "\r\n\r\na 1\n"));
    exporter_publish(rig->exporter, span_str("a 2\n"));
    const char *answer = answer_to(rig, GET("/metrics"));
    assert_non_null(strstr(answer, "\r\n\r\na 2\n"));
    assert_non_null(strstr(answer, "Content-Type: text/plain; version=0.0.4"));
}

static void health_is_told_and_all_else_refused(void **state)
{
    struct rig *rig = *state;
    if (!rig)
        skip();
    assert_non_null(strstr(answer_to(rig, GET("/healthz")), " 200 OK\r\n"));
    assert_non_null(strstr(answer_to(rig, GET("/")), " 404 "));
    assert_non_null(strstr(answer_to(rig, "POST /metrics HTTP/1.0\r\n\r\n"), " 405 "));
}

static void clients_that_never_read_hold_nothing_up(void **state)
{
    struct rig *rig = *state;
    if (!rig)
        skip();
    int idle[EXPORTER_MAX_CLIENTS / 2];
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        idle[i] = ask(rig, "GET /metrics HT");
    exporter_publish(rig->exporter, span_str("a 3\n"));
    assert_non_null(strstr(answer_to(rig, GET("/metrics")), "\r\n\r\na 3\n"));
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        (void)close(idle[i]);
}

static void a_place_that_is_taken_is_refused_in_one_line(void **state)
{
    struct rig *rig = *state;
    if (!rig)
        skip();
    struct error error = {0};
    char place[16];
    (void)snprintf(place, sizeof place, "%u", rig->port);
    assert_null(exporter_open(place, &error));
    assert_non_null(strstr(error.text, "Address already in use"));
}

static void places_are_read(void **state)
{
    (void)state;
    struct error error;
    static const char *const good[] = {"9207", "127.0.0.1:9207", "[::1]:9207", "0.0.0.0:1"};
    static const char *const bad[] = {"",         "0",        "x",         "65536",
                                      ":9207",    "::1:9207", "[::1:9207", "localhost:9207",
                                      "1.2.3.4:", "[]:1",     "9207 "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(exporter_parse(good[i], &error));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (exporter_parse(bad[i], &error))
            fail_msg("\"%s\" was read", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read),
        cmocka_unit_test_setup_teardown(metrics_are_those_published_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_is_told_and_all_else_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clients_that_never_read_hold_nothing_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_is_taken_is_refused_in_one_line, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
