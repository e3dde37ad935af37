#include "dissector/dav/status_line.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct row {
    const char *text;
    uint16_t code;
    bool is_odd;
    const char *reason;
};

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct status_line line = status_line_parse(span_str(rows[i].text));
        assert_true(line.is_present);
        assert_int_equal(line.code, rows[i].code);
        assert_int_equal(line.is_odd, rows[i].is_odd);
        assert_true(span_equal(line.reason, span_str(rows[i].reason)));
    }
}

static void status_lines_as_specified_are_not_odd(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"HTTP/1.1 200 OK", 200, false, "OK"},
        {"HTTP/1.0 404 Not Found", 404, false, "Not Found"},
        {"HTTP/0.0 200 OK", 200, false, "OK"},
        {"HTTP/1.1 424 (status)", 424, false, "(status)"},
        {"HTTP/1.1 212 Well OK", 212, false, "Well OK"},
        {"HTTP/1.1 599 Odd", 599, false, "Odd"},
        {"HTTP/1.1 207 Multi-Status", 207, false, "Multi-Status"},
        {"HTTP/1.1 201 Created", 201, false, "Created"},
        {"HTTP/1.1 418 I'm a teapot", 418, false, "I'm a teapot"},
        {"HTTP/1.1 425 Insufficient Space on Resource", 425, false,
         "Insufficient Space on Resource"},
        {"HTTP/1.1 403 Verboten: 404 ist es nicht", 403, false, "Verboten: 404 ist es nicht"},
        {"\n\t HTTP/1.1 200 OK \r\n", 200, false, "OK"},
        {"HTTP/1.1 200 ", 200, false, ""},
        {"\n HTTP/1.1 200 \n", 200, false, ""},
        {"HTTP/1.1 200   ", 200, false, ""},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void readable_variants_are_odd(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"HTTP/2 200", 200, true, "HTTP/2 200"},
        {"HTTP/2 200 OK", 200, true, "HTTP/2 200 OK"},
        {"HTTP/1.1 200", 200, true, "HTTP/1.1 200"},
        {"HTTP/1.1 200\n ", 200, true, "HTTP/1.1 200"},
        {"HTTP/1.1 200\t", 200, true, "HTTP/1.1 200"},
        {"HTTP/2 200 ", 200, true, "HTTP/2 200"},
        {"200 ", 200, true, "200"},
        {"200 OK", 200, true, "200 OK"},
        {"200", 200, true, "200"},
        {"HTTP/1.1  200  OK", 200, true, "HTTP/1.1  200  OK"},
        {"HTTP/1.1\t200 OK", 200, true, "HTTP/1.1\t200 OK"},
        {"http/1.1 200 OK", 200, true, "http/1.1 200 OK"},
        {"HTTP/.1 200 OK", 200, true, "HTTP/.1 200 OK"},
        {"HTTP/1. 200 OK", 200, true, "HTTP/1. 200 OK"},
        {"Status: 999 far", 999, true, "Status: 999 far"},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void text_without_a_code_has_none(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"HTTP/1.1", 0, false, "HTTP/1.1"},
        {"HTTP/1.1 2000 OK", 0, false, "HTTP/1.1 2000 OK"},
        {"HTTP/1.1 20 OK", 0, false, "HTTP/1.1 20 OK"},
        {"HTTP/1.1 099 Low", 0, false, "HTTP/1.1 099 Low"},
        {"OK", 0, false, "OK"},
        {"HTTP/1.1 200OK", 0, false, "HTTP/1.1 200OK"},
        {"HTTP/1.1 2x0 OK", 0, false, "HTTP/1.1 2x0 OK"},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void empty_status_is_absent(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "\r\n\t "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct status_line line = status_line_parse(span_str(texts[i]));
        assert_false(line.is_present);
        assert_false(line.is_odd);
        assert_int_equal(line.code, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_lines_as_specified_are_not_odd),
        cmocka_unit_test(readable_variants_are_odd),
        cmocka_unit_test(text_without_a_code_has_none),
        cmocka_unit_test(empty_status_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
