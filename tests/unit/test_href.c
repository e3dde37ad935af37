/* Parts, forms and relations of hrefs. */
#include "dissector/dav/href.h"
#include "dissector/dav/href_drift.h"
#include "dissector/dav/nfc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof *(array))

static bool is(struct span got, const char *text)
{
    return text ? span_equal(got, span_str(text)) : got.ptr == NULL;
}

static void a_url_is_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *href, *scheme, *authority, *path;
    } rows[] = {
        {"http://example.org:8080/d/a", "http", "example.org:8080", "/d/a"},
        {"HTTPS://user@example.org/d", "HTTPS", "example.org", "/d"},
        {"http://example.org", "http", "example.org", "/"},
        {"http://example.org?q", "http", "example.org", "/"},
        {"http://example.org#f", "http", "example.org", "/"},
        {"http://[2001:db8::1]:81/x", "http", "[2001:db8::1]:81", "/x"},
        {"/d/a?x=1#y", NULL, NULL, "/d/a"},
        {"//d/a", NULL, NULL, "//d/a"},
        {"a.ics", NULL, NULL, "a.ics"},
        {"a:b.vcf", NULL, NULL, "a:b.vcf"},
        {"://x/y", NULL, NULL, "://x/y"},
        {"", NULL, NULL, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span href = span_str(rows[i].href);
        assert_true(is(href_scheme(href), rows[i].scheme));
        assert_true(is(href_authority(href), rows[i].authority));
        assert_true(is(href_path(href), rows[i].path));
    }
}

static void a_scheme_before_another_is_told(void **state)
{
    (void)state;
    static const char *const twice[] = {"https:https://h/d", "http:http://h/d", "http://https://h/",
                                        "https://https://h/d", "http://http://h"};
    static const char *const once[] = {"http://h/d",
                                       "https://https/d",
                                       "http://h/http://h/d",
                                       "/http://h/d",
                                       "http:/h/d",
                                       "http//h/d",
                                       ""};
    for (size_t i = 0; i < ARRAY_LEN(twice); i++)
        assert_true(href_repeats_scheme(span_str(twice[i])));
    for (size_t i = 0; i < ARRAY_LEN(once); i++)
        assert_false(href_repeats_scheme(span_str(once[i])));
}

static void a_spelling_that_no_other_equals_is_canonical(void **state)
{
    (void)state;
    static const char *const canonical[] = {"/d/a%20b", "/%C3%A9/", "/d/100%",
                                            "/d/%zz",   "/%2F%",    ""};
    static const char *const others[] = {"/%7ea",   "/d/a%2Db", "/%c3%A9",
                                         "/%C3%a9", "/d//a",    "/%20%61"};
    for (size_t i = 0; i < ARRAY_LEN(canonical); i++)
        assert_true(href_is_canonical(span_str(canonical[i])));
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        assert_false(href_is_canonical(span_str(others[i])));
}

static bool same_authority(const char *a, const char *b)
{
    return href_same_authority(span_str(a), span_str(b));
}

static void authorities_are_the_same_without_case_and_default_port(void **state)
{
    (void)state;
    assert_true(same_authority("Example.org", "example.ORG"));
    assert_true(same_authority("example.org:443", "example.org"));
    assert_true(same_authority("example.org", "example.org:80"));
    assert_false(same_authority("example.org:8080", "example.org"));
    assert_false(same_authority("example.org", "example.com"));
}

/* The form of an href asked for under /d. */
static void assert_form(const char *href, uint32_t overlooked, const char *expected)
{
    struct buf form;
    buf_init(&form, 1024);
    assert_true(href_form(&form, span_str(href), span_str("/d"), overlooked));
    if (!is(buf_span(&form), expected))
        fail_msg("%s: %.*s", href, (int)form.len, (const char *)form.ptr);
    buf_free(&form);
}

static void what_is_equal_by_the_specification_has_one_form(void **state)
{
    (void)state;
    assert_form("/a%7Eb%2d%41", 0, "/a~b-A");
    assert_form("/%c3%a4%2f", 0, "/%C3%A4%2F");
    assert_form("/%4%zz%", 0, "/%4%zz%");
    assert_form("http://h/a", 0, "/a");
    assert_form("/a/./b/../c", 0, "/a/c");
    assert_form("/a/b/..", 0, "/a/");
    assert_form("/../a", 0, "/a");
    assert_form("/.a/..b", 0, "/.a/..b");
    assert_form("/a#f", 0, "/a");
    assert_form("/a?q=%7e", 0, "/a?q=~");
}

static void a_relative_reference_is_a_member(void **state)
{
    (void)state;
    assert_form("a.ics", 0, "/d/a.ics");
    assert_form("a:b.vcf", 0, "/d/a:b.vcf");
    assert_form("./a", 0, "/d/a");
    assert_form("", 0, "/d/");
}

static void a_form_leaves_out_what_is_overlooked_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        uint32_t overlooked;
        const char *href, *form, *near_miss;
    } rows[] = {
        {DRIFT_SLASH, "/d/", "/d", "/d//"},
        {DRIFT_ENCODING, "/a%40b%20", "/a@b ", "/a%2540b "},
        {DRIFT_DOUBLE_ENCODED, "/a%2540b", "/a@b", "/a%252540b"},
        {DRIFT_DOUBLE_SLASH, "//a///b", "/a/b", "/a%2F/b"},
        {DRIFT_CASE, "/Calendar/ABC", "/calendar/abc", "/c\xC3\x84lendar/abc"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_form(rows[i].href, rows[i].overlooked, rows[i].form);
        struct buf near_miss;
        buf_init(&near_miss, 1024);
        assert_true(
            href_form(&near_miss, span_str(rows[i].near_miss), span_str("/"), rows[i].overlooked));
        assert_false(is(buf_span(&near_miss), rows[i].form));
        buf_free(&near_miss);
    }
    assert_form("/a%2Fb", DRIFT_ANY, "/a%2fb");
    assert_form("/", DRIFT_SLASH, "/");
}

static void decomposed_letters_are_composed(void **state)
{
    (void)state;
    if (!nfc_is_built_in())
        skip();
    assert_form("/e\xCC\x81", DRIFT_UNICODE, "/\xC3\xA9");
    assert_form("/e%CC%81%20", DRIFT_UNICODE, "/\xC3\xA9%20");
    assert_form("/e%CC%81", 0, "/e%CC%81");
    assert_form("/\xE2\x84\xAB", DRIFT_UNICODE, "/\xC3\x85");
    assert_form("/e%CC%FF", DRIFT_UNICODE, "/e\xCC\xFF");
    assert_form("/e", DRIFT_UNICODE, "/e");
}

static void relations_follow_the_segments(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path;
        enum relation relation;
    } rows[] = {
        {"/d/", "/d/", RELATION_SELF},
        {"/d", "/d/", RELATION_SELF},
        {"/", "/", RELATION_SELF},
        {"/d/", "/d/a", RELATION_MEMBER},
        {"/d", "/d/a/", RELATION_MEMBER},
        {"/", "/a", RELATION_MEMBER},
        {"/d/", "/d/a/b", RELATION_DESCENDANT},
        {"/d/", "/d/a/b/", RELATION_DESCENDANT},
        {"/d/e/", "/d/", RELATION_ANCESTOR},
        {"/d/e/", "/", RELATION_ANCESTOR},
        {"/d/", "/da", RELATION_OUTSIDE},
        {"/da/", "/d", RELATION_OUTSIDE},
        {"/d/", "/e/a", RELATION_OUTSIDE},
        {"/d/", "/d//a", RELATION_OUTSIDE},
        {"/d/", "/d/a//b", RELATION_OUTSIDE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(href_relation(span_str(rows[i].target), span_str(rows[i].path)),
                         rows[i].relation);
}

static void a_relation_told_as_written_is_that_of_the_forms(void **state)
{
    (void)state;
    static const char *const targets[] = {"/",     "/d",    "/d/",  "/d/%7ee/",
                                          "/d/..", "/d/./", "/d//", "/d%2"};
    static const char *const below[] = {"",       "/",           "/a", "/a/",  "/a/b", "/a/b/",
                                        "/.",     "/..",         "//", "/a//", "/%2e", "/%41",
                                        "/a.b",   "/a/../b",     "fa", "/a?b", "/a#b", "a",
                                        "/a%2fb", "/a/%2E%2E/b", "/.a"};
    size_t n_told = 0;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        for (size_t j = 0; j < ARRAY_LEN(below); j++) {
            char text[64];
            struct span target = span_str(targets[i]);
            snprintf(text, sizeof text, "%s%s", targets[i], below[j]);
            enum relation told = href_relation_as_written(target, span_str(text));
            if (told == RELATION_UNKNOWN)
                continue;
            struct href_drift drift;
            uint32_t drifts;
            href_drift_init(&drift, target);
            assert_int_equal(
                told, href_drift_relation(&drift, target, href_path(span_str(text)), &drifts));
            assert_int_equal(drifts, 0);
            href_drift_free(&drift);
            n_told++;
        }
    assert_true(n_told > 25);
    assert_int_equal(href_relation_as_written(span_str("/d/"), span_str("/d")), RELATION_UNKNOWN);
    assert_int_equal(href_relation_as_written(span_str("/d/"), span_str("/e/a")), RELATION_UNKNOWN);
}

static void every_drift_and_relation_has_a_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DRIFT_N; i++)
        assert_true(strlen(href_drift_name(i)) > 0);
    for (int i = 0; i < RELATION_N; i++)
        assert_true(strlen(relation_name((enum relation)i)) > 0);
    assert_string_equal(href_drift_name(2), "nfc-nfd");
    assert_string_equal(relation_name(RELATION_ANCESTOR), "ancestor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_taken_apart),
        cmocka_unit_test(a_scheme_before_another_is_told),
        cmocka_unit_test(a_spelling_that_no_other_equals_is_canonical),
        cmocka_unit_test(authorities_are_the_same_without_case_and_default_port),
        cmocka_unit_test(what_is_equal_by_the_specification_has_one_form),
        cmocka_unit_test(a_relative_reference_is_a_member),
        cmocka_unit_test(a_form_leaves_out_what_is_overlooked_and_nothing_else),
        cmocka_unit_test(decomposed_letters_are_composed),
        cmocka_unit_test(relations_follow_the_segments),
        cmocka_unit_test(a_relation_told_as_written_is_that_of_the_forms),
        cmocka_unit_test(every_drift_and_relation_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
