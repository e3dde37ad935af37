/* Where constructs end: the quick look finds what the careful one finds. */
#include "dissector/dav/xml_scan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct limits small_limits = {
    .max_name_bytes = 16,
    .max_attributes = 2,
    .max_construct_bytes = 32,
};

/* Bytes of whole plain constructs that xml_scan_next finds one by one, up to the first that is
 * something else, or ends beyond n. */
static size_t plain_by_steps(struct span text, size_t n)
{
    struct xml_scan scan;
    xml_scan_init(&scan, &small_limits);
    size_t at = 0, whole = 0;
    while (at < text.len) {
        bool is_whole;
        at += xml_scan_next(&scan, span_after(text, at), &is_whole);
        if (scan.state == XML_SCAN_REFUSED || (is_whole && scan.construct != XML_PLAIN) || at > n)
            break;
        if (is_whole)
            whole = at;
    }
    return whole;
}

static const char *const texts[] = {
    "<a><b>text</b></a>",
    "<a>one &amp; two</a>",
    "<a><!-- x --></a>",
    "<a><![CDATA[x]]></a>",
    "<?xml version='1.0'?><a/>",
    "<a><b c='>'>d</b></a>",
    "<a><averyverylongname></a>",
    "<a></a><!DOCTYPE a>",
    "<a><></a>",
    "<a>]]</a>",
    "text only",
    "<a><b",
    "<a/></></a >",
};

static void what_is_found_at_once_is_what_is_found_by_steps(void **state)
{
    (void)state;
    size_t n_found = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t cut = 1; cut <= strlen(texts[i]); cut++) {
            struct span text = span_of(texts[i], cut);
            struct xml_scan scan;
            xml_scan_init(&scan, &small_limits);
            size_t n = xml_scan_simple(&scan, text);
            assert_int_equal(plain_by_steps(text, n), n);
            assert_int_equal(scan.state, XML_SCAN_TEXT);
            n_found += n;
        }
    assert_true(n_found > 200);
}

static void most_of_a_listing_is_found_at_once(void **state)
{
    (void)state;
    struct xml_scan scan;
    xml_scan_init(&scan, &limits_default);
    struct span text = span_str("<a><b>text</b>\n<c/></a> <d e='f'>");
    assert_int_equal(xml_scan_simple(&scan, text), strlen("<a><b>text</b>\n<c/></a>"));
    assert_int_equal(scan.construct, XML_PLAIN);
}

static void nothing_is_found_inside_a_construct(void **state)
{
    (void)state;
    struct xml_scan scan;
    bool is_whole;
    xml_scan_init(&scan, &small_limits);
    assert_int_equal(xml_scan_next(&scan, span_str("<a"), &is_whole), 2);
    assert_false(is_whole);
    assert_int_equal(xml_scan_simple(&scan, span_str("b><c>")), 0);
    xml_scan_init(&scan, &small_limits);
    assert_int_equal(xml_scan_next(&scan, span_str("]]"), &is_whole), 2);
    assert_false(is_whole);
    assert_int_equal(xml_scan_simple(&scan, span_str("<c>")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_at_once_is_what_is_found_by_steps),
        cmocka_unit_test(most_of_a_listing_is_found_at_once),
        cmocka_unit_test(nothing_is_found_inside_a_construct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
