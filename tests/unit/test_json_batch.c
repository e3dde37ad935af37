/* Results in JSON where the HTTP status does not speak of them: only what can be nothing else
 * counts, or what was asked for. */
#include "dissector/dav/json_tree.h"
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct request post = {
    .is_seen = true,
    .operation = OPERATION_POST,
    .target = {(const uint8_t *)"/batch", 6},
};

static bool is_document(const char *body, bool expects_batch)
{
    struct document_case played = {
        .body = span_str(body),
        .http_status = 200,
        .request = &post,
        .reads_batches = !expects_batch,
        .expects_batch = expects_batch,
    };
    char *got = document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
    bool is_any = strlen(got) > 0;
    free(got);
    return is_any;
}

static void batches_of_known_services_count(void **state)
{
    static const char *const rows[] = {
        "{\"took\":3,\"errors\":true,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":429}}]}",
        "{\"responses\":[{\"id\":\"1\",\"status\":200,\"body\":{}}]}",
        "{\"Operations\":[{\"bulkId\":\"a\",\"status\":{\"code\":\"409\"}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"response\":{\"status\":\"201 Created\"}}]}",
        "{\"hasErrors\":true,\"results\":[{\"statusCode\":400}]}",
        "{\"compositeResponse\":[{\"httpStatusCode\":201,\"referenceId\":\"r\"}]}",
        "[{\"status_code\":200,\"body\":{}}]",
        "{\"items\":[{\"statusCode\":200,\"response\":\"x\"}],\"success\":true}",
        "[{\"success\":{\"id\":\"1\"}},{\"failure\":{\"error_code\":\"x\"}}]",
        "{\"id\":1,\"status\":200}\n{\"id\":2,\"status\":500}\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!is_document(rows[i], false))
            fail_msg("%s", rows[i]);
}

static void other_data_does_not(void **state)
{
    static const char *const rows[] = {
        "{\"items\":[{\"id\":1,\"status\":\"completed\"}]}",
        "{\"orders\":[{\"id\":1,\"status\":\"pending\"}]}",
        "{\"data\":[{\"name\":\"Germany\",\"code\":276},{\"name\":\"France\",\"code\":250}]}",
        "{\"items\":[{\"id\":1,\"status\":200},{\"id\":2}]}",
        "{\"data\":{\"user\":{}},\"errors\":[{\"message\":\"no such field\"}]}",
        "{\"status\":404,\"title\":\"Not Found\"}",
        "{\"items\":[]}",
        "{\"/a.txt\":{\"error\":false}}",
        "[1,2,3]",
        "{\"x\":1}\n{\"status\":200}\n",
        "{]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_document(rows[i], false))
            fail_msg("%s", rows[i]);
}

static void what_was_asked_for_is_read_as_under_207(void **state)
{
    (void)state;
    assert_true(is_document("{\"/a.txt\":{\"error\":false}}", true));
    assert_false(is_document("{\"version\":1}", true));
}

static char *answer_to_three(const char *body)
{
    struct request three = post;
    three.is_body_whole = true;
    three.n_objects = 3;
    struct document_case played = {.body = span_str(body), .request = &three};
    return document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
}

static void what_was_asked_for_and_has_no_result_is_missing(void **state)
{
    static const struct {
        const char *body, *end;
    } rows[] = {
        {"[{\"status\":200},{\"status\":200}]", "end mixed format=json n=2 flags=missing 200x2\n"},
        {"[{\"status\":200},{\"status\":200},{\"status\":200}]",
         "end all-ok format=json n=3 200x3\n"},
        /* several may stand in one error */
        {"{\"results\":[{\"id\":1}],\"errors\":[]}", "end all-ok format=json n=1\n"},
        /* the others went well, for there were more */
        {"{\"errors\":[{\"id\":1},{\"id\":2}]}", "end mixed format=json n=2\n"},
        {"{\"errors\":[{\"id\":1},{\"id\":2},{\"id\":3}]}", "end all-failed format=json n=3\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = answer_to_three(rows[i].body);
        assert_non_null(strstr(got, "\nend "));
        assert_string_equal(strstr(got, "\nend ") + 1, rows[i].end);
        free(got);
    }
}

int main(void)
{
    if (!json_tree_is_built_in())
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_of_known_services_count),
        cmocka_unit_test(other_data_does_not),
        cmocka_unit_test(what_was_asked_for_is_read_as_under_207),
        cmocka_unit_test(what_was_asked_for_and_has_no_result_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
