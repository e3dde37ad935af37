/* What a request's head tells. */
#include "dissector/dav/request_head.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct request with(enum request_field field, const char *value)
{
    struct request_head head = {.method = span_str("PROPFIND"), .target = span_str("/a/")};
    if (field < REQUEST_FIELD_N)
        head.fields[field] = span_str(value);
    struct request request;
    request_set_head(&request, &head);
    return request;
}

static void check_span(struct span got, const char *wanted)
{
    assert_true(span_equal(got, span_str(wanted)));
}

static void fields_are_found_by_name_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(request_field_find(span_str("DEPTH")), REQUEST_DEPTH);
    assert_int_equal(request_field_find(span_str("x-forwarded-Host")), REQUEST_X_FORWARDED_HOST);
    assert_int_equal(request_field_find(span_str("authorization")), REQUEST_FIELD_N);
    assert_int_equal(request_field_find(span_str("")), REQUEST_FIELD_N);
}

static void the_start_line_alone_leaves_the_rest_unknown(void **state)
{
    (void)state;
    struct request request = with(REQUEST_FIELD_N, "");
    assert_true(request.is_seen);
    assert_int_equal(request.operation, OPERATION_PROPFIND);
    check_span(request.target, "/a/");
    assert_int_equal(request.depth, DEPTH_UNKNOWN);
    assert_false(request.is_proxied || request.is_minimal || request.is_noroot);
}

static void depth_and_preferences_are_read(void **state)
{
    (void)state;
    assert_int_equal(with(REQUEST_DEPTH, "infinity").depth, DEPTH_INFINITY);
    assert_true(with(REQUEST_DEPTH, "1,noroot").is_noroot);
    assert_true(with(REQUEST_PREFER, "wait=1, depth-noroot").is_noroot);
    assert_true(with(REQUEST_PREFER, "return=minimal").is_minimal);
    assert_true(with(REQUEST_BRIEF, "T").is_minimal);
}

static void the_first_proxy_says_what_the_client_asked_for(void **state)
{
    (void)state;
    struct request request = with(REQUEST_X_FORWARDED_HOST, "one.example , two.example");
    check_span(request.forwarded_host, "one.example");
    assert_true(request.is_proxied);
    request = with(REQUEST_FORWARDED, "for=192.0.2.1;host=\"a.example\", host=b.example");
    check_span(request.forwarded_host, "a.example");
    assert_true(with(REQUEST_VIA, "1.1 p").is_proxied);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_by_name_in_any_case),
        cmocka_unit_test(the_start_line_alone_leaves_the_rest_unknown),
        cmocka_unit_test(depth_and_preferences_are_read),
        cmocka_unit_test(the_first_proxy_says_what_the_client_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
