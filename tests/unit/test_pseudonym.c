/* pseudonym: what stays of a URL, a host and an address, and that the same is the same. */
#include "output/pseudonym.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena arena;
static struct pseudonyms pseudonyms = {{1, 2}, &arena};

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 20);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Each token's ten hexadecimal digits become "#". */
static const char *form(struct span s)
{
    static char text[256];
    size_t n = 0;
    for (size_t i = 0; i < s.len && n + 1 < sizeof text; i++) {
        size_t digits = 0;
        while (i + digits < s.len && strchr("0123456789abcdef", s.ptr[i + digits]))
            digits++;
        bool is_token = digits == 10;
        text[n++] = is_token ? '#' : (char)s.ptr[i];
        i += is_token ? digits - 1 : 0;
    }
    text[n] = '\0';
    return text;
}

static void assert_url(const char *url, const char *expected)
{
    assert_string_equal(form(pseudonym_url(&pseudonyms, span_str(url))), expected);
}

static void form_of_a_url_stays(void **state)
{
    (void)state;
    assert_url("/anna/Notes%20of%202026/", "/x#/x#/");
    assert_url("/", "/");
    assert_url("", "");
    assert_url("*", "x#");
    assert_url("//anna//b", "//x#//x#");
    assert_url("b.txt", "x#");
    assert_url("/remote.php/dav/calendars/anna/home.ics", "/remote.php/dav/calendars/x#/x#.ics");
    assert_url("/.well-known/carddav", "/.well-known/carddav");
    assert_url("https://u@dav.example:8443/anna?token=s#part",
               "https://***@h#.example:8443/x#?q##q#");
}

static bool is_same(const char *a, const char *b)
{
    return span_equal(pseudonym_url(&pseudonyms, span_str(a)),
                      pseudonym_url(&pseudonyms, span_str(b)));
}

static void the_same_name_is_the_same(void **state)
{
    (void)state;
    assert_true(is_same("/anna/b%63", "/%61nna/bc"));
    assert_false(is_same("/anna", "/Anna"));
    assert_false(is_same("/anna", "/anna/"));
    assert_true(is_same("http://DAV.corp/", "http://dav.corp/"));
    struct pseudonyms others = {{3, 4}, &arena};
    assert_false(span_equal(pseudonym_url(&pseudonyms, span_str("/anna")),
                            pseudonym_url(&others, span_str("/anna"))));
}

static void hosts_that_are_addresses_become_the_same_addresses(void **state)
{
    (void)state;
    const struct address address = {.version = 4, .bytes = {192, 0, 2, 7}};
    struct address other = pseudonym_address(&pseudonyms, &address);
    char expected[64];
    snprintf(expected, sizeof expected, "10.%d.%d.%d:81", other.bytes[1], other.bytes[2],
             other.bytes[3]);
    struct span host = pseudonym_host(&pseudonyms, span_str("192.0.2.7:81"));
    assert_true(span_equal(host, span_str(expected)));
    host = pseudonym_host(&pseudonyms, span_str("[2001:db8::7]:443"));
    assert_true(span_starts(host, span_str("[fd00::")));
    assert_true(span_equal(span_after(host, host.len - 5), span_str("]:443")));
    assert_string_equal(form(pseudonym_host(&pseudonyms, span_str("a.b:80x"))), "h#.example");
}

static void unknown_addresses_stay_unknown(void **state)
{
    (void)state;
    const struct address nothing = {.version = 0};
    assert_int_equal(pseudonym_address(&pseudonyms, &nothing).version, 0);
    assert_null(pseudonym_url(&pseudonyms, (struct span){NULL, 0}).ptr);
    assert_null(pseudonym_text(&pseudonyms, (struct span){NULL, 0}).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(form_of_a_url_stays, begin, finish),
        cmocka_unit_test_setup_teardown(the_same_name_is_the_same, begin, finish),
        cmocka_unit_test_setup_teardown(hosts_that_are_addresses_become_the_same_addresses, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(unknown_addresses_stay_unknown, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
