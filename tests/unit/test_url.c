#include "output/address.h"
#include "output/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct built {
    struct record_url url;
    struct arena arena;
    struct buf scratch;
    bool is_built;
};

static int set_up(void **state)
{
    struct built *built = calloc(1, sizeof *built);
    arena_init(&built->arena, SIZE_MAX);
    buf_init(&built->scratch, SIZE_MAX);
    *state = built;
    return 0;
}

static int tear_down(void **state)
{
    struct built *built = *state;
    arena_free(&built->arena);
    buf_free(&built->scratch);
    free(built);
    return 0;
}

static void build(struct built *built, const char *target, const char *host, const char *tls)
{
    struct event_connection connection = {.tls_version = tls};
    struct exchange exchange = {.target = span_str(target)};
    exchange.request.fields[HTTP_HOST] = span_str(host);
    struct event event = {.connection = &connection, .exchange = &exchange};
    built->is_built = url_build(&built->url, &event, &built->arena, &built->scratch);
}

static void assert_span(struct span span, const char *text)
{
    assert_int_equal(span.ptr == NULL, text == NULL);
    assert_true(span_equal(span, span_str(text)));
}

static void targets_of_every_form_are_put_together(void **state)
{
    static const struct {
        const char *target, *host, *tls, *full, *domain, *path, *query;
    } rows[] = {
        {"/d/a%20b?x=1&y", "h.example", NULL, "http://h.example/d/a%20b?x=1&y", "h.example",
         "/d/a%20b", "x=1&y"},
        {"/d/", "h.example:8443", "1.3", "https://h.example:8443/d/", "h.example", "/d/", NULL},
        {"/", "[2001:db8::1]:80", NULL, "http://[2001:db8::1]:80/", "2001:db8::1", "/", NULL},
        {"*", "h.example", NULL, "http://h.example", "h.example", "*", NULL},
        {"/d?", "h.example", NULL, "http://h.example/d?", "h.example", "/d", NULL},
        {"/d#f?x", "h.example", NULL, "http://h.example/d#f?x", "h.example", "/d", NULL},
        {"/d?a#b", "h.example", NULL, "http://h.example/d?a#b", "h.example", "/d", "a"},
        {"http://p.example:81/x?y", "h.example", NULL, "http://p.example:81/x?y", "p.example", "/x",
         "y"},
        {"http://p.example", NULL, NULL, "http://p.example", "p.example", NULL, NULL},
        {"/d/?u=http://q/", "h.example", NULL, "http://h.example/d/?u=http://q/", "h.example",
         "/d/", "u=http://q/"},
        {"/d/", NULL, NULL, NULL, NULL, "/d/", NULL},
        {"/d/", "", NULL, NULL, NULL, "/d/", NULL},
        {"/d/", "h.example/evil", NULL, "http://h.example/d/", "h.example", "/d/", NULL},
        {"h.example:443", "h.example", NULL, NULL, "h.example", "h.example:443", NULL},
        {NULL, "h.example", NULL, NULL, "h.example", NULL, NULL},
        {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    };
    struct built *built = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        build(built, rows[i].target, rows[i].host, rows[i].tls);
        assert_true(built->is_built);
        assert_span(built->url.full, rows[i].full);
        assert_span(built->url.domain, rows[i].domain);
        assert_span(built->url.path, rows[i].path);
        assert_span(built->url.query, rows[i].query);
    }
}

static void credentials_appear_in_no_part(void **state)
{
    struct built *built = *state;
    build(built, "/d/?token=abc", "u:p@h.example:81", NULL);
    assert_span(built->url.full, "http://h.example:81/d/?token=***");
    assert_span(built->url.domain, "h.example");
    assert_span(built->url.query, "token=***");
    build(built,
          "http://u:"
          "p@h.example/d/?token=abc",
          NULL, NULL);
    assert_span(built->url.full, "http://***@h.example/d/?token=***");
    assert_span(built->url.domain, "h.example");
    assert_span(built->url.query, "token=***");
}

static void want_of_memory_is_said(void **state)
{
    struct built *built = *state;
    arena_init(&built->arena, 4);
    build(built, "/d/", "h.example", NULL);
    assert_false(built->is_built);
    arena_init(&built->arena, 16);
    build(built, "/d/", "h.example", NULL);
    assert_false(built->is_built);
}

static void addresses_are_written_and_read(void **state)
{
    (void)state;
    struct address four, six, none = {0};
    assert_true(address_parse("192.0.2.1", &four));
    assert_true(address_parse("2001:db8::1", &six));
    assert_false(address_parse("1.2.3", &none));
    char text[ADDRESS_TEXT_BYTES], endpoint[ENDPOINT_TEXT_BYTES];
    address_text(&four, text);
    assert_string_equal(text, "192.0.2.1");
    address_text(&six, text);
    assert_string_equal(text, "2001:db8::1");
    address_text(&none, text);
    assert_string_equal(text, "?");
    endpoint_text(&(struct endpoint){four, 80}, endpoint);
    assert_string_equal(endpoint, "192.0.2.1:80");
    endpoint_text(&(struct endpoint){six, 65535}, endpoint);
    assert_string_equal(endpoint, "[2001:db8::1]:65535");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(targets_of_every_form_are_put_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credentials_appear_in_no_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(want_of_memory_is_said, set_up, tear_down),
        cmocka_unit_test(addresses_are_written_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
