#include "output/json_writer.h"
#include "tests/support/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct written written;
    struct json json;
};

static void begin(struct fixture *f)
{
    written_begin(&f->written);
    json_begin(&f->json, &f->written.writer);
}

static void assert_line(struct fixture *f, bool is_valid, const char *line)
{
    assert_int_equal(json_finish(&f->json), is_valid);
    assert_string_equal(written_text(&f->written), line);
    (void)writer_close(&f->written.writer);
}

static void values_of_every_kind_are_written(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_object(&f.json);
    json_put_text(&f.json, "text", "a\"b");
    json_put_number(&f.json, "max", UINT64_MAX);
    json_put_bool(&f.json, "yes", true);
    json_put_bool(&f.json, "no", false);
    json_put_time(&f.json, "time", 1);
    json_put_array(&f.json, "list");
    json_number(&f.json, 1);
    json_string(&f.json, span_str("\xFF"));
    json_object(&f.json);
    json_end(&f.json);
    json_array(&f.json);
    json_end(&f.json);
    json_end(&f.json);
    json_key_bytes(&f.json, span_str("k\n"));
    struct span parts[] = {span_str("{"), span_str("DAV:"), span_str("}a")};
    json_string_of(&f.json, parts, 3);
    json_end(&f.json);
    assert_line(&f, true,
                "{\"text\":\"a\\\"b\",\"max\":18446744073709551615,\"yes\":true,\"no\":false,"
                "\"time\":\"1970-01-01T00:00:00.000000001Z\",\"list\":[1,\"\xEF\xBF\xBD\",{},[]],"
                "\"k\\n\":\"{DAV:}a\"}\n");
}

static void what_is_unknown_has_no_member(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_object(&f.json);
    json_put_text(&f.json, "a", NULL);
    json_put_string(&f.json, "b", (struct span){NULL, 0});
    json_put_string(&f.json, "c", span_str(""));
    json_end(&f.json);
    assert_line(&f, true, "{\"c\":\"\"}\n");
}

static void a_value_without_key_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_object(&f.json);
    json_number(&f.json, 1);
    json_put_number(&f.json, "a", 1);
    assert_line(&f, false, "{}\n");
}

static void a_key_without_value_is_completed(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_object(&f.json);
    json_key(&f.json, "a");
    json_key(&f.json, "b");
    json_number(&f.json, 1);
    json_end(&f.json);
    assert_line(&f, false, "{\"a\":null}\n");
}

static void an_end_behind_a_key_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_object(&f.json);
    json_key(&f.json, "a");
    json_end(&f.json);
    assert_line(&f, false, "{\"a\":null}\n");
}

static void a_key_in_an_array_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_array(&f.json);
    json_put_number(&f.json, "a", 1);
    assert_line(&f, false, "[]\n");
}

static void a_second_value_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_number(&f.json, 1);
    json_number(&f.json, 2);
    assert_line(&f, false, "1\n");
}

static void an_end_too_many_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    json_array(&f.json);
    json_end(&f.json);
    json_end(&f.json);
    assert_line(&f, false, "[]\n");
}

static void nothing_at_all_is_null(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_line(&f, false, "null\n");
}

static void a_level_too_deep_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (unsigned i = 0; i < JSON_MAX_DEPTH + 1; i++)
        json_array(&f.json);
    assert_line(&f, false, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_written),
        cmocka_unit_test(what_is_unknown_has_no_member),
        cmocka_unit_test(a_value_without_key_is_refused),
        cmocka_unit_test(a_key_without_value_is_completed),
        cmocka_unit_test(an_end_behind_a_key_is_refused),
        cmocka_unit_test(a_key_in_an_array_is_refused),
        cmocka_unit_test(a_second_value_is_refused),
        cmocka_unit_test(an_end_too_many_is_refused),
        cmocka_unit_test(nothing_at_all_is_null),
        cmocka_unit_test(a_level_too_deep_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
