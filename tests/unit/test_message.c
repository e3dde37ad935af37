#include "dissector/http/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_field_is_found_by_its_name_in_any_case(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++) {
        char upper[40];
        const char *name = http_field_name((enum http_field)i);
        size_t n = strlen(name);
        for (size_t j = 0; j <= n; j++)
            upper[j] = (char)(name[j] >= 'a' && name[j] <= 'z' ? name[j] - 32 : name[j]);
        assert_int_equal(http_field_find(span_str(name)), i);
        assert_int_equal(http_field_find(span_str(upper)), i);
        assert_int_equal(http_field_find(span_of(name, n - 1)) == i, false);
    }
}

static void fields_that_carry_secrets_have_no_row(void **state)
{
    (void)state;
    static const char *const names[] = {"authorization",
                                        "proxy-authorization",
                                        "cookie",
                                        "set-cookie",
                                        "www-authenticate",
                                        "proxy-authenticate",
                                        "authentication-info",
                                        "if",
                                        "lock-token",
                                        "x-auth-token",
                                        "referer",
                                        "x-api-key",
                                        "requesttoken",
                                        "",
                                        "x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(http_field_find(span_str(names[i])), HTTP_FIELD_N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_found_by_its_name_in_any_case),
        cmocka_unit_test(fields_that_carry_secrets_have_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
