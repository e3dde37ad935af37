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

static struct request posted_with(enum request_field field, const char *value)
{
    struct request_head head = {.method = span_str("POST"), .target = span_str("/a/")};
    head.fields[field] = span_str(value);
    struct request request;
    request_set_head(&request, &head);
    return request;
}

static void post_stands_for_the_method_that_a_field_names(void **state)
{
    (void)state;
    static const enum request_field fields[] = {REQUEST_X_HTTP_METHOD_OVERRIDE,
                                                REQUEST_X_HTTP_METHOD, REQUEST_X_METHOD_OVERRIDE};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct request request = posted_with(fields[i], " PROPFIND ");
        assert_int_equal(request.operation, OPERATION_PROPFIND);
        check_span(request.method, "PROPFIND");
        assert_true(request.is_method_overridden);
    }
}

static void post_stays_what_it_is_when_no_known_method_is_named_and_so_does_another(void **state)
{
    (void)state;
    struct request request = posted_with(REQUEST_X_HTTP_METHOD_OVERRIDE, "BREW\x1b[31m");
    assert_int_equal(request.operation, OPERATION_POST);
    assert_false(request.is_method_overridden);
    assert_false(posted_with(REQUEST_X_HTTP_METHOD, "POST").is_method_overridden);
    request = with(REQUEST_X_HTTP_METHOD_OVERRIDE, "DELETE");
    assert_int_equal(request.operation, OPERATION_PROPFIND);
    assert_false(request.is_method_overridden);
}

static void depth_and_preferences_are_read(void **state)
{
    (void)state;
    assert_int_equal(with(REQUEST_DEPTH, "infinity").depth, DEPTH_INFINITY);
    assert_true(with(REQUEST_DEPTH, "1,noroot").is_noroot);
    assert_true(with(REQUEST_PREFER, "wait=1, depth-noroot").is_noroot);
    assert_true(with(REQUEST_PREFER, "return=minimal").is_minimal);
    assert_true(with(REQUEST_PREFER, "return-minimal").is_minimal);
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
        cmocka_unit_test(post_stands_for_the_method_that_a_field_names),
        cmocka_unit_test(post_stays_what_it_is_when_no_known_method_is_named_and_so_does_another),
        cmocka_unit_test(depth_and_preferences_are_read),
        cmocka_unit_test(the_first_proxy_says_what_the_client_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
