#include "output/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_masked(const char *url, const char *expected)
{
    struct buf scratch;
    buf_init(&scratch, SIZE_MAX);
    struct span masked = secret_mask(span_str(url), &scratch);
    assert_int_equal(masked.len, strlen(expected));
    assert_memory_equal(masked.ptr, expected, masked.len);
    buf_free(&scratch);
}

static void userinfo_is_masked_wherever_a_url_begins(void **state)
{
    (void)state;
    assert_masked("http://u:p@h/d/", "http://***@h/d/");
    assert_masked("https://token@h:8443?x=1", "https://***@h:8443?x=1");
    assert_masked("//u:p@h/d", "//***@h/d");
    assert_masked("http://u:p@q@h/", "http://***@h/");
    assert_masked("/proxy/http://u:p@h/d", "/proxy/http://***@h/d");
    assert_masked("/r?to=http://u:p@h/&x=1", "/r?to=http://***@h/&x=1");
    assert_masked("http://u:p@h", "http://***@h");
}

static void an_at_sign_in_a_path_stays(void **state)
{
    (void)state;
    assert_masked("/cal/a@example.org/x.ics", "/cal/a@example.org/x.ics");
    assert_masked("http://h/cal/a@example.org/", "http://h/cal/a@example.org/");
    assert_masked("http://@h/", "http://@h/");
    assert_masked("http://user:long-pass", "http://***");
    assert_masked("http://user:123456789", "http://***");
    assert_masked("http://u:p/w@h/", "http://***/w@h/");
    assert_masked("/r?to=http%3A%2F%2Fu%3Ap", "/r?to=http%3A%2F%2F***");
    assert_masked("http://h:80/", "http://h:80/");
    assert_masked("http://h:/", "http://h:/");
    assert_masked("http://[::1]:80/", "http://[::1]:80/");
    assert_masked("http://[::1]/", "http://[::1]/");
    assert_masked("http://[::1", "http://[::1");
    assert_masked("see http://h:80, or not", "see http://h:80, or not");
    assert_masked("/r?to=http%3A%2F%2Fh%3A80%2F", "/r?to=http%3A%2F%2Fh%3A80%2F");
    assert_masked("mailto:a@example.org", "mailto:a@example.org");
    assert_masked("", "");
    assert_masked("http://", "http://");
}

static void values_of_credential_parameters_are_masked(void **state)
{
    (void)state;
    static const char *const names[] = {
        "access_token",
        "token",
        "password",
        "passwd",
        "pwd",
        "secret",
        "api_key",
        "apikey",
        "API-KEY",
        "signature",
        "sig",
        "key",
        "auth",
        "code",
        "session",
        "sessionid",
        "sid",
        "jwt",
        "id_token",
        "refresh.token",
        "client_secret",
        "X-Amz-Signature",
        "tok%65n",
        "%54oken",
        "X-Amz-Credential",
        "authorization",
        "ticket",
        "passphrase",
        "pw",
        "db_pwd",
        "PHPSESSID",
        "secret_key",
        "subscription-key",
        "SAMLResponse",
        "code_verifier",
    };
    char url[128], expected[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(url, sizeof url, "/d/?a=1&%s=s3cr3t&b=2", names[i]);
        (void)snprintf(expected, sizeof expected, "/d/?a=1&%s=***&b=2", names[i]);
        assert_masked(url, expected);
    }
    assert_masked("/d?token=a=b?c", "/d?token=***");
    assert_masked("/d?token=x#auth=y;z=1", "/d?token=***#auth=***;z=1");
    assert_masked("http://h/?token=http://u:p@h/", "http://h/?token=***");
}

static void credentials_behind_a_semicolon_in_a_path_are_masked(void **state)
{
    (void)state;
    assert_masked("/d/;jsessionid=A1/x;v=2?b=1", "/d/;jsessionid=***/x;v=2?b=1");
    assert_masked("/d;jsessionid=A1", "/d;jsessionid=***");
    assert_masked("/d;jsessionid=A1;sid=2?sid=3", "/d;jsessionid=***;sid=***?sid=***");
    assert_masked("/d;v=1/token=2;/key=3", "/d;v=1/token=2;/key=3");
}

static void in_a_query_urls_stand_percent_encoded(void **state)
{
    (void)state;
    assert_masked("/login?to=https%3A%2F%2Fu%3Ap%40h%2Fd&x=1",
                  "/login?to=https%3A%2F%2F***%40h%2Fd&x=1");
    assert_masked("/login?to=https%3a%2f%2fu:p@q%40h", "/login?to=https%3a%2f%2f***%40h");
    assert_masked("/login?to=https%3A%2F%2Fh%2Fa%40b", "/login?to=https%3A%2F%2Fh%2Fa%40b");
    assert_masked("/login?to=%2Fd%3Fa%3D1%26token%3Ds%26b%3D2&c=3",
                  "/login?to=%2Fd%3Fa%3D1%26token%3D***%26b%3D2&c=3");
    assert_masked("/d?password=a%26b&c=3", "/d?password=***&c=3");
    assert_masked("/d/what%3Ftoken%3D1", "/d/what%3Ftoken%3D1");
}

static void other_parameters_stay(void **state)
{
    (void)state;
    assert_masked("/d?export&page=2&monkey=1&keyboard=2", "/d?export&page=2&monkey=1&keyboard=2");
    assert_masked("/d?token=&token&=x", "/d?token=&token&=x");
    assert_masked("/token=a/key=b", "/token=a/key=b");
    assert_masked("/d?%zz=1&%4", "/d?%zz=1&%4");
}

static void the_end_of_a_very_long_name_tells(void **state)
{
    (void)state;
    char url[600], expected[600], name[500];
    memset(name, 'x', sizeof name);
    (void)snprintf(url, sizeof url, "/?%.*s_token=1", (int)sizeof name, name);
    (void)snprintf(expected, sizeof expected, "/?%.*s_token=***", (int)sizeof name, name);
    assert_masked(url, expected);
}

static void without_memory_everything_is_masked(void **state)
{
    (void)state;
    struct buf scratch;
    buf_init(&scratch, 5);
    struct span masked = secret_mask(span_str("http://u:p@h/"), &scratch);
    assert_true(span_equal(masked, span_str("***")));
    buf_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(userinfo_is_masked_wherever_a_url_begins),
        cmocka_unit_test(an_at_sign_in_a_path_stays),
        cmocka_unit_test(values_of_credential_parameters_are_masked),
        cmocka_unit_test(credentials_behind_a_semicolon_in_a_path_are_masked),
        cmocka_unit_test(in_a_query_urls_stand_percent_encoded),
        cmocka_unit_test(other_parameters_stay),
        cmocka_unit_test(the_end_of_a_very_long_name_tells),
        cmocka_unit_test(without_memory_everything_is_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
