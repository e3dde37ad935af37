/* JSON texts that are odd, damaged, too large or no results at all; and what a text says of its
 * results together. */
#include "dissector/dav/json_tree.h"
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct request post = {
    .is_seen = true,
    .operation = OPERATION_POST,
    .target = {(const uint8_t *)"/batch", 6},
};

static void expect_of(struct span body, const struct limits *limits, const char *expected)
{
    document_expect(&(struct document_case){.body = body, .request = &post, .limits = limits},
                    expected);
}

static void expect(const char *body, const char *expected)
{
    expect_of(span_str(body), NULL, expected);
}

static void expect_late(const char *body, const char *expected)
{
    document_expect(
        &(struct document_case){.body = span_str(body), .request = &post, .decides_late = true},
        expected);
}

static void a_number_beyond_every_type_keeps_its_digits(void **state)
{
    (void)state;
    expect("[{\"id\":123456789012345678901234567890,\"status\":200,\"x\":1e999},"
           "{\"id\":-0.5E+7,\"status\":4040},{\"id\":\"n\\\"1\",\"status\":-404},"
           "{\"id\":3,\"status\":12345678901234567890123}]",
           "begin batch\n"
           "123456789012345678901234567890 ok status=200\n"
           "-0.5E+7 unknown status=0 flags=status-malformed\n"
           "n\"1 unknown status=0 flags=status-malformed\n"
           "3 unknown status=0 flags=status-malformed\n"
           "end mixed status-unknown format=json n=4 flags=unknown 0x3 200x1\n");
}

static void codes_that_are_none_and_words_of_no_table_are_never_ok(void **state)
{
    (void)state;
    expect(
        "[{\"id\":1,\"status\":700},{\"id\":2,\"status\":99},{\"id\":3,\"status\":\"fine\"},"
        "{\"id\":4},{\"id\":5,\"status\":null},{\"id\":6,\"status\":207},{\"id\":7,\"code\":4711}]",
        "begin batch\n"
        "1 unknown status=0 flags=status-malformed\n"
        "2 unknown status=0 flags=status-malformed\n"
        "3 unknown desc=\"fine\"\n"
        "4 unknown flags=no-status\n"
        "5 unknown flags=no-status\n"
        "6 unknown status=207\n"
        "7 unknown flags=no-status\n"
        "end undecodable status-unknown format=json n=7 flags=unknown,outcome-unknown "
        "0x2 207x1\n");
}

static void a_word_that_begins_with_a_digit_is_a_word(void **state)
{
    (void)state;
    expect("[{\"id\":1,\"status\":\"2fa-required\"},{\"id\":2,\"status\":\"3rd\"},"
           "{\"id\":3,\"status\":\"20x fine\"},{\"id\":4,\"status\":\"404-not-found\"},"
           "{\"id\":5,\"status\":\"2026-01-02\"},{\"id\":6,\"status\":\"-\"},"
           "{\"id\":7,\"status\":\"5e\"},{\"id\":8,\"status\":\"404.1e+2x\"}]",
           "begin batch\n"
           "1 unknown desc=\"2fa-required\"\n"
           "2 unknown desc=\"3rd\"\n"
           "3 unknown desc=\"20x fine\"\n"
           "4 unknown desc=\"404-not-found\"\n"
           "5 unknown desc=\"2026-01-02\"\n"
           "6 unknown desc=\"-\"\n"
           "7 unknown desc=\"5e\"\n"
           "8 unknown desc=\"404.1e+2x\"\n"
           "end undecodable status-unknown format=json n=8 flags=unknown,outcome-unknown\n");
}

static void a_number_alone_or_before_a_reason_is_a_code(void **state)
{
    (void)state;
    expect("[{\"id\":1,\"status\":\"207 x\"},{\"id\":2,\"status\":\"404 \"},"
           "{\"id\":3,\"status\":\"HTTP/1.1 200 \"},{\"id\":4,\"status\":\"600 Odd\"},"
           "{\"id\":5,\"status\":\"0404\"},{\"id\":6,\"status\":\"404.1\"},"
           "{\"id\":7,\"status\":1e+3}]",
           "begin batch\n"
           "1 unknown status=207\n"
           "2 failed status=404\n"
           "3 ok status=200\n"
           "4 unknown status=0 flags=status-malformed\n"
           "5 unknown status=0 flags=status-malformed\n"
           "6 unknown status=0 flags=status-malformed\n"
           "7 unknown status=0 flags=status-malformed\n"
           "end mixed format=json n=7 flags=unknown 0x4 200x1 207x1 404x1\n");
}

static void a_good_code_beside_an_error_is_a_contradiction(void **state)
{
    (void)state;
    expect("[{\"id\":1,\"status\":200,\"error\":{\"message\":\"lost\"}},"
           "{\"id\":2,\"status\":200,\"error\":null,\"errors\":[]},"
           "{\"id\":3,\"success\":true,\"errors\":[\"late\"]}]",
           "begin batch\n"
           "1 failed status=200 flags=contradiction desc=\"lost\"\n"
           "2 ok status=200\n"
           "3 failed flags=contradiction desc=\"late\"\n"
           "end mixed format=json n=3 flags=contradiction 200x2\n");
}

static void what_the_text_says_of_the_whole_is_compared(void **state)
{
    static const struct {
        const char *body;
        bool is_contradiction;
    } rows[] = {
        {"{\"errors\":false,\"items\":[{\"status\":500}]}", true},
        {"{\"errors\":true,\"items\":[{\"status\":500}]}", false},
        {"{\"errors\":true,\"items\":[{\"status\":201}]}", true},
        {"{\"errors\":false,\"items\":[{\"status\":201}]}", false},
        {"{\"errors\":false,\"items\":[{\"status\":404}]}", false}, /* it was to be deleted */
        {"{\"success\":true,\"results\":[{\"status\":409}]}", true},
        {"{\"success\":false,\"results\":[{\"status\":409}]}", false},
        {"{\"hasErrors\":false,\"results\":[{\"status\":409}]}", true},
        {"{\"has_errors\":true,\"results\":[{\"status\":409}]}", false},
        {"{\"numErrors\":2,\"results\":[{\"status\":409}]}", true},
        {"{\"numErrors\":1,\"results\":[{\"status\":409}]}", false},
        {"{\"meta\":{\"total\":2,\"failed\":1},\"data\":[{\"id\":1}],\"errors\":[{\"id\":2}]}",
         false},
        {"{\"meta\":{\"total\":3,\"failed\":1},\"data\":[{\"id\":1}],\"errors\":[{\"id\":2}]}",
         true},
        {"{\"metadata\":{\"failure\":0},\"results\":[{\"status\":409}]}", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document_case played = {.body = span_str(rows[i].body), .request = &post};
        char *got = document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
        bool is_flagged = strstr(got, "contradiction") != NULL;
        if (is_flagged != rows[i].is_contradiction)
            fail_msg("%s\n%s", rows[i].body, got);
        free(got);
    }
}

static void lists_without_results_are_empty(void **state)
{
    (void)state;
    expect("{\"items\":[]}", "begin batch\nend empty format=json n=0\n");
    expect("[]", "begin batch\nend empty format=json n=0\n");
    expect("{\"succeeded\":[],\"failed\":[]}", "begin batch\nend empty format=json n=0\n");
}

static void what_holds_no_results_is_undecodable(void **state)
{
    (void)state;
    const char *expected =
        "begin none\nend undecodable json format=json n=0 flags=outcome-unknown\n";
    expect("{}", expected);
    expect("{\"id\":7,\"name\":\"x\"}", expected);
    expect("{\"a\":{\"b\":1},\"c\":[1,2,3]}", expected);
}

static void text_around_json_is_passed_over(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF \r\n[{\"id\":1,\"status\":200}]\r\n  ",
           "begin batch\n1 ok status=200\nend all-ok format=json n=1 200x1\n");
    expect("[{\"id\":1,\"status\":200}] trailing",
           "begin batch\n"
           "1 ok status=200\n"
           "note json-malformed @24 bytes behind the end\n"
           "end undecodable extra-output format=json n=1 flags=outcome-unknown 200x1\n");
    expect("\x1E{\"id\":1,\"status\":200}\n\x1E{\"id\":2,\"status\":404}\n",
           "begin none\nend undecodable plain-text format=other n=0 flags=outcome-unknown\n");
}

static void damaged_json_is_undecodable_and_says_where(void **state)
{
    static const struct {
        const char *body;
        unsigned at;
    } rows[] = {
        {"[{\"id\":1,\"status\":20O}]", 21},
        {"[{\"id\":1,\"status\":200},]", 24},
        {"{\"items\":[}}", 10},
        {"[{\"id\":1 \"status\":200}]", 17},
        {"[{\"id\":\"\x80\",\"status\":200}]", 7},
        {"[{\"id\":01,\"status\":200}]", 9},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document_case played = {.body = span_str(rows[i].body), .request = &post};
        char *got = document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
        char expected[64];
        snprintf(expected, sizeof expected, "note json-malformed @%u", rows[i].at);
        if (!strstr(got, expected) || !strstr(got, "end undecodable not-well-formed format=json"))
            fail_msg("%s\n%s", rows[i].body, got);
        free(got);
    }
}

static void results_before_the_damage_are_listed(void **state)
{
    static const char *const rests[] = {
        "{\"id\":3,\"status\":20O}]}",              /* no number */
        "{\"id\":3,\"status\":}]}",                 /* no value */
        "{\"id\":\"\x80\",\"status\":200}]}",       /* no UTF-8 */
        "{\"id\":3 \"status\":200}]}",              /* no comma */
        "{\"id\":\"\\x\",\"status\":200}]}",        /* no escape */
        "}}",                                       /* closes what is not open */
        "]}",                                       /* a comma behind the last */
        "{\"id\":3,\"status\":200}],\"more\":tru}", /* behind the list */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        char body[256];
        snprintf(body, sizeof body,
                 "{\"items\":[{\"id\":1,\"status\":200},{\"id\":2,\"status\":409},%s", rests[i]);
        char *got = document_play(&(struct document_case){.body = span_str(body), .request = &post},
                                  &(struct document_plan){.cut_at = SIZE_MAX});
        const char *begin = "begin batch\n1 ok status=200\n2 failed status=409\n";
        if (strncmp(got, begin, strlen(begin)) != 0 || !strstr(got, "note json-malformed @") ||
            !strstr(got, "end undecodable not-well-formed format=json n="))
            fail_msg("%s\n%s", body, got);
        free(got);
    }
}

static void what_stands_before_a_break_is_told(void **state)
{
    static const char whole[] =
        "{\"took\":1,\"items\":[{\"id\":1,\"status\":{\"code\":201}},"
        "{\"id\":2,\"status\":{\"code\":201},\"error\":{\"reason\":\"x\"}}]}";
    (void)state;
    struct document_case played = {.body = span_str(whole), .request = &post};
    struct document_plan plan = {.cut_at =
                                     sizeof whole - 1 - strlen(",\"error\":{\"reason\":\"x\"}}]}")};
    char *got = document_play(&played, &plan);
    assert_string_equal(got, "begin batch\n"
                             "1 ok status=201\n"
                             "end incomplete wire-truncated format=json n=1 201x1\n");
    free(got);
    plan = (struct document_plan){.cut_at = SIZE_MAX, .gap_at = 60, .gap_bytes = 4};
    got = document_play(&played, &plan);
    assert_string_equal(got, "begin batch\n"
                             "1 ok status=201\n"
                             "end incomplete capture-gap format=json n=1 201x1\n");
    free(got);
}

static void what_is_open_behind_the_list_has_no_part_in_it(void **state)
{
    static const char body[] =
        "{\"multistatus\":{\"responses\":[{\"href\":\"/batch/1\",\"status\":200}],"
        "\"x\":{\"y\":{\"z\":[";
    (void)state;
    char *got = document_play(&(struct document_case){.body = span_str(body), .request = &post},
                              &(struct document_plan){.cut_at = SIZE_MAX});
    assert_string_equal(got, "begin multistatus\n"
                             "/batch/1 ok status=200\n"
                             "end incomplete wire-truncated format=json n=1 200x1\n");
    free(got);
}

static void damaged_line_ends_the_lines(void **state)
{
    (void)state;
    expect_late("{\"id\":1,\"status\":200}\n{\"id\":2,\"status\":2x}\n{\"id\":3,\"status\":200}\n",
                "begin batch\n"
                "1 ok status=200\n"
                "note json-malformed @41 in a line\n"
                "end undecodable not-well-formed format=json n=1 flags=outcome-unknown 200x1\n");
}

/* ---- limits ---- */

static void text_beyond_max_json_bytes_is_incomplete(void **state)
{
    struct limits limits = limits_default;
    (void)state;
    limits.max_json_bytes = 23;
    expect_of(span_str("[{\"id\":1,\"status\":200}]"), &limits,
              "begin batch\n1 ok status=200\nend all-ok format=json n=1 200x1\n");
    limits.max_json_bytes = 23;
    expect_of(span_str("[{\"id\":1,\"status\":200},{\"id\":2,\"status\":200}]"), &limits,
              "begin batch\n"
              "1 ok status=200\n"
              "note limit @0 max_json_bytes\n"
              "end incomplete limit format=json n=1 flags=cut 200x1\n");
}

static void tree_beyond_max_json_tree_bytes_is_incomplete(void **state)
{
    struct limits limits = limits_default;
    (void)state;
    limits.max_json_tree_bytes = 1000;
    expect_of(span_str("[{\"id\":1,\"status\":200},{},{},{}]"), &limits,
              "begin batch\n"
              "1 ok status=200\n"
              "note limit @0 max_json_tree_bytes\n"
              "end incomplete limit format=json n=1 flags=cut 200x1\n");
}

static void nesting_beyond_max_depth_is_incomplete(void **state)
{
    struct limits limits = limits_default;
    (void)state;
    limits.max_depth = 4;
    expect_of(span_str("[{\"id\":1,\"status\":200,\"x\":[[1]]}]"), &limits,
              "begin batch\n1 ok status=200\nend all-ok format=json n=1 200x1\n");
    limits.max_depth = 3;
    expect_of(span_str("[{\"id\":1,\"status\":200,\"x\":[[1]]}]"), &limits,
              "begin none\n"
              "note limit @0 max_depth\n"
              "end incomplete limit format=json n=0 flags=cut\n");
}

static void long_texts_are_cut_at_a_character_and_say_so(void **state)
{
    struct limits limits = limits_default;
    (void)state;
    limits.max_text_bytes = 4;
    expect_of(span_str("[{\"id\":\"abc\\u00e4\",\"status\":400,\"message\":\"long\"}]"), &limits,
              "begin batch\n"
              "note limit @0 max_text_bytes\n"
              "abc failed status=400 flags=cut desc=\"long\"\n"
              "end all-failed format=json n=1 flags=cut 400x1\n");
}

static void texts_may_hold_any_character(void **state)
{
    (void)state;
    expect("[{\"id\":\"a\\u0001\\ud83d\\ude00\\/\",\"status\":200}]",
           "begin batch\na\x01\xF0\x9F\x98\x80/ ok status=200\nend all-ok format=json n=1 200x1\n");
}

/* Looked at anew from each of its digits this would take hours. */
static void digits_that_are_no_number_are_passed_over_at_once(void **state)
{
    static uint8_t text[4 * 1024 * 1024];
    struct json_node *root;
    size_t damaged_at;
    (void)state;
    memset(text, '1', sizeof text);
    text[0] = '[';
    text[sizeof text - 1] = '.';
    assert_int_equal(json_tree_load(span_of(text, sizeof text), &root, &damaged_at),
                     JSON_TREE_DAMAGED);
    assert_int_equal(damaged_at, sizeof text);
    memset(text + 1, '0', sizeof text - 2);
    assert_int_equal(json_tree_load(span_of(text, sizeof text), &root, &damaged_at),
                     JSON_TREE_DAMAGED);
    assert_int_equal(damaged_at, 1); /* where they begin */
}

int main(void)
{
    if (!json_tree_is_built_in())
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_that_are_no_number_are_passed_over_at_once),
        cmocka_unit_test(a_number_beyond_every_type_keeps_its_digits),
        cmocka_unit_test(codes_that_are_none_and_words_of_no_table_are_never_ok),
        cmocka_unit_test(a_word_that_begins_with_a_digit_is_a_word),
        cmocka_unit_test(a_number_alone_or_before_a_reason_is_a_code),
        cmocka_unit_test(a_good_code_beside_an_error_is_a_contradiction),
        cmocka_unit_test(what_the_text_says_of_the_whole_is_compared),
        cmocka_unit_test(lists_without_results_are_empty),
        cmocka_unit_test(what_holds_no_results_is_undecodable),
        cmocka_unit_test(text_around_json_is_passed_over),
        cmocka_unit_test(damaged_json_is_undecodable_and_says_where),
        cmocka_unit_test(results_before_the_damage_are_listed),
        cmocka_unit_test(what_stands_before_a_break_is_told),
        cmocka_unit_test(what_is_open_behind_the_list_has_no_part_in_it),
        cmocka_unit_test(damaged_line_ends_the_lines),
        cmocka_unit_test(text_beyond_max_json_bytes_is_incomplete),
        cmocka_unit_test(tree_beyond_max_json_tree_bytes_is_incomplete),
        cmocka_unit_test(nesting_beyond_max_depth_is_incomplete),
        cmocka_unit_test(long_texts_are_cut_at_a_character_and_say_so),
        cmocka_unit_test(texts_may_hold_any_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
