/* Reading Content-Type and Prefer. */
#include "dissector/dav/media_type.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void check_span(struct span got, const char *wanted)
{
    assert_int_equal(got.len, strlen(wanted));
    assert_memory_equal(got.ptr ? got.ptr : (const uint8_t *)"", wanted, got.len);
}

static struct span charset_of(const char *content_type)
{
    return media_parameter(span_str(content_type), span_str("charset"));
}

static void the_type_stands_before_its_parameters(void **state)
{
    (void)state;
    check_span(media_type_of(span_str(" application/xml ; charset=utf-8")), "application/xml");
    check_span(media_type_of(span_str("text/xml")), "text/xml");
    check_span(media_type_of(span_str("")), "");
}

static void a_parameter_is_found_in_any_place_case_and_quotes(void **state)
{
    (void)state;
    check_span(charset_of("text/xml;charset=utf-8"), "utf-8");
    check_span(charset_of("text/xml; a=\"x;charset=no\"; Charset = \"iso-8859-1\" "), "iso-8859-1");
    check_span(charset_of("text/xml; xcharset=utf-8"), "");
    check_span(charset_of("text/xml"), "");
}

static void xml_is_known_by_name_or_suffix(void **state)
{
    (void)state;
    assert_true(media_type_is_xml(span_str("Text/XML")));
    assert_true(media_type_is_xml(span_str("application/xml")));
    assert_true(media_type_is_xml(span_str("application/dav+xml")));
    assert_false(media_type_is_xml(span_str("+xml")));
    assert_false(media_type_is_xml(span_str("text/html")));
    assert_false(media_type_is_xml(span_str("application/json")));
}

static void json_is_known_by_name_or_suffix(void **state)
{
    (void)state;
    assert_true(media_type_is_json(span_str("Application/JSON")));
    assert_true(media_type_is_json(span_str("application/fhir+json")));
    assert_false(media_type_is_json(span_str("+json")));
    assert_false(media_type_is_json(span_str("application/xml")));
}

static void a_preference_is_found_in_a_list(void **state)
{
    (void)state;
    struct span minimal = span_str("return=minimal");
    assert_true(media_has_token(span_str("return=minimal"), minimal));
    assert_true(media_has_token(span_str("wait=10, Return = \"minimal\"; x=1"), minimal));
    assert_false(media_has_token(span_str("return=representation"), minimal));
    assert_false(media_has_token(span_str("depth-noroot"), minimal));
    assert_true(media_has_token(span_str("a, depth-noroot"), span_str("depth-noroot")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_stands_before_its_parameters),
        cmocka_unit_test(a_parameter_is_found_in_any_place_case_and_quotes),
        cmocka_unit_test(xml_is_known_by_name_or_suffix),
        cmocka_unit_test(json_is_known_by_name_or_suffix),
        cmocka_unit_test(a_preference_is_found_in_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
