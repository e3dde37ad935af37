/* Lists of names in JSON, and what is remembered of them. */
#include "output/json_names.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { N_LONG = 1000 };

static struct name name_of(const char *space, const char *local)
{
    return (struct name){span_str(space), span_str(local)};
}

static void write_object(struct writer *writer, struct json_names_memo *memo,
                         const struct name *names, size_t n)
{
    struct json json;
    writer_init_memory(writer, SIZE_MAX);
    json_begin(&json, writer);
    json_object(&json);
    if (memo)
        json_put_names_again(&json, "names", memo, names, n);
    else
        json_put_names(&json, "names", names, n);
    json_put_bool(&json, "behind", true);
    json_end(&json);
    assert_true(json_finish(&json));
}

/* Both ways write the same of names. */
static void assert_same(struct json_names_memo *memo, const struct name *names, size_t n)
{
    struct writer plain, again;
    write_object(&plain, NULL, names, n);
    write_object(&again, memo, names, n);
    assert_true(span_equal(writer_span(&plain), writer_span(&again)));
    assert_true(writer_span(&plain).len > strlen("{\"names\":[],\"behind\":true}"));
    (void)writer_close(&plain);
    (void)writer_close(&again);
}

static void a_list_is_the_same_from_memory(void **state)
{
    (void)state;
    const struct name one[] = {name_of("DAV:", "getetag"), name_of("", "bare"),
                               name_of("urn:\"x\"", "quoted\n")};
    const struct name other[] = {name_of("DAV:", "href")};
    struct json_names_memo memo;
    json_names_memo_init(&memo);
    assert_same(&memo, one, 3);
    assert_same(&memo, one, 3);
    assert_same(&memo, one, 2);
    assert_same(&memo, other, 1);
    assert_same(&memo, NULL, 0);
    assert_same(&memo, one, 3);
    json_names_memo_free(&memo);
}

static void a_list_too_long_to_be_kept_is_written_all_the_same(void **state)
{
    (void)state;
    static struct name names[N_LONG];
    struct json_names_memo memo;
    json_names_memo_init(&memo);
    for (size_t i = 0; i < N_LONG; i++)
        names[i] = name_of("urn:a-namespace", "and-a-name");
    assert_same(&memo, names, N_LONG);
    assert_same(&memo, names, 2);
    assert_same(&memo, names, N_LONG);
    json_names_memo_free(&memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_the_same_from_memory),
        cmocka_unit_test(a_list_too_long_to_be_kept_is_written_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
