/* Shapes of results in JSON beyond the services of DOMAIN.md 4.3: HAL, OData, JSON:API, JMAP. */
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

static void expect(const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body), .request = &post}, expected);
}

/* What of a list without its partner nobody can say. */
static void expect_late(const char *body, const char *expected)
{
    document_expect(
        &(struct document_case){.body = span_str(body), .request = &post, .decides_late = true},
        expected);
}

/* Under 200, when batches are wanted there. */
static bool counts_under_200(const char *body)
{
    struct document_case played = {
        .body = span_str(body), .http_status = 200, .request = &post, .reads_batches = true};
    char *got = document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
    bool is_any = strlen(got) > 0;
    free(got);
    return is_any;
}

static void results_that_hal_embeds(void **state)
{
    (void)state;
    expect(
        "{\"_links\":{\"self\":{\"href\":\"/batch\"}},\"_embedded\":{\"results\":[{\"status\":201,"
        "\"_links\":{\"self\":{\"href\":\"/x/1\"}}},{\"status\":409,\"title\":\"in use\","
        "\"_links\":{\"self\":{\"href\":\"/x/2\"}}},{\"title\":\"who knows\"}]}}",
        "begin batch\n"
        "/x/1 ok status=201\n"
        "/x/2 failed status=409 desc=\"in use\"\n"
        "#3 unknown flags=no-href,no-status desc=\"who knows\"\n"
        "end mixed format=json n=3 flags=unknown 201x1 409x1\n");
}

static void lists_that_hal_embeds_side_by_side(void **state)
{
    (void)state;
    expect("{\"_embedded\":{\"orders\":[{\"id\":1,\"status\":200}],"
           "\"notes\":[{\"text\":\"not a result\"}],"
           "\"refunds\":[{\"id\":2,\"status\":500}]}}",
           "begin batch\n"
           "1 ok status=200\n"
           "2 failed status=500\n"
           "end mixed format=json n=2 200x1 500x1\n");
}

static void errors_that_hal_embeds(void **state)
{
    (void)state;
    expect(
        "{\"total\":1,\"_embedded\":{\"errors\":[{\"path\":\"/name\",\"message\":\"too long\"}]}}",
        "begin batch\n"
        "/name failed desc=\"too long\"\n"
        "end mixed unlisted-presumed-ok format=json n=1\n");
    expect_late("{\"_embedded\":{\"items\":[{\"id\":\"1\"}]},\"errors\":[{\"id\":\"2\"}]}",
                "begin batch\n"
                "1 ok\n"
                "2 failed\n"
                "end mixed format=json n=2\n");
}

static void results_of_odata(void **state)
{
    (void)state;
    expect("{\"d\":{\"results\":[{\"__metadata\":{\"uri\":\"/A(1)\"},\"status\":200},"
           "{\"__metadata\":{\"uri\":\"/A(2)\"},\"status\":\"404\",\"error\":{\"code\":\"X/1\","
           "\"message\":{\"lang\":\"en\",\"value\":\"no A\"}}}]}}",
           "begin batch\n"
           "/A(1) ok status=200\n"
           "/A(2) failed status=404 desc=\"no A\"\n"
           "end mixed format=json n=2 200x1 404x1\n");
    expect("{\"d\":[{\"id\":1,\"status\":500}]}", "begin batch\n"
                                                  "1 failed status=500\n"
                                                  "end all-failed format=json n=1 500x1\n");
    expect("{\"@odata.context\":\"#A\",\"value\":[{\"@odata.id\":\"A(1)\",\"status\":204},"
           "{\"@id\":\"A(2)\",\"@Core.DataModificationException\":{\"failedOperation\":\"update\","
           "\"responseCode\":412,\"info\":{\"code\":\"1\",\"message\":\"changed\"}}}]}",
           "begin batch\n"
           "A(1) ok status=204\n"
           "A(2) failed status=412\n"
           "end mixed format=json n=2 204x1 412x1\n");
}

static void documents_of_json_api(void **state)
{
    (void)state;
    expect("{\"errors\":[{\"status\":\"422\",\"code\":\"17\",\"title\":\"Invalid\",\"detail\":\"no "
           "name\",\"source\":{\"pointer\":\"/data/0/attributes/name\"}},{\"status\":\"409\"}]}",
           "begin batch\n"
           "/data/0/attributes/name failed status=422 desc=\"no name\"\n"
           "#2 failed status=409 flags=no-href\n"
           "end mixed unlisted-presumed-ok format=json n=2 409x1 422x1\n");
    expect_late(
        "{\"data\":{\"type\":\"articles\",\"id\":\"1\",\"attributes\":{\"status\":\"failed\"}},"
        "\"errors\":[{\"status\":\"403\",\"id\":\"e1\",\"detail\":\"not yours\"}]}",
        "begin batch\n"
        "1 ok\n"
        "e1 failed status=403 desc=\"not yours\"\n"
        "end mixed format=json n=2 403x1\n");
    expect("{\"atomic:results\":[{\"data\":{\"type\":\"articles\",\"id\":\"7\"}},{}]}",
           "begin batch\n"
           "7 ok\n"
           "#2 unknown flags=no-href,no-status\n"
           "end mixed status-unknown format=json n=2 flags=unknown\n");
}

#define CALLS                                                                                      \
    "[\"Email/set\",{\"accountId\":\"a\",\"created\":{\"k1\":{\"id\":\"M1\"}},\"updated\":"        \
    "{\"M2\":null},\"destroyed\":[\"M3\"],\"notCreated\":{\"k2\":{\"type\":\"overQuota\","         \
    "\"description\":\"full\"}},\"notUpdated\":{\"M4\":{\"type\":\"invalidProperties\","           \
    "\"properties\":[\"from\",\"to\"]}},"                                                          \
    "\"notDestroyed\":null},\"c1\"]"

static void method_calls_of_jmap(void **state)
{
    (void)state;
    expect("{\"methodResponses\":[" CALLS ",[\"error\",{\"type\":\"unknownMethod\"},\"c2\"],"
           "[\"error\",{\"type\":\"invalidResultReference\"},\"c3\"],"
           "[\"Email/get\",{\"list\":[],\"notFound\":[\"M9\"]},\"c4\"],"
           "[\"Email/query\",{\"ids\":[],\"created\":{\"x\":1}},\"c5\"]],\"sessionState\":\"1\"}",
           "begin batch\n"
           "k1 ok\n"
           "M2 ok\n"
           "M3 ok\n"
           "k2 failed desc=\"full\"\n"
           "M4 failed desc=\"invalidProperties: from, to\"\n"
           "c2 failed desc=\"unknownMethod\"\n"
           "c3 dependent desc=\"invalidResultReference\"\n"
           "M9 absent\n"
           "c4 ok\n"
           "c5 ok\n"
           "end mixed format=json n=10\n");
    expect("{\"methodResponses\":[[\"error\",{\"type\":\"invalidResultReference\"},\"c1\"]]}",
           "begin batch\n"
           "c1 failed desc=\"invalidResultReference\"\n"
           "end all-failed format=json n=1\n");
    expect("{\"methodResponses\":[[\"Email/set\",{\"newState\":\"2\"},\"c1\"]]}",
           "begin batch\n"
           "c1 ok\n"
           "end all-ok format=json n=1\n");
}

static void one_thing_may_be_changed_several_times(void **state)
{
    (void)state;
    expect("{\"errors\":true,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}},{\"delete\":{"
           "\"_id\":\"1\",\"status\":409}}]}",
           "begin batch\n"
           "1 ok status=201\n"
           "1 failed status=409\n"
           "end mixed format=json n=2 201x1 409x1\n");
}

static void what_only_looks_like_method_calls_is_none(void **state)
{
    static const char *const rows[] = {
        "{\"methodResponses\":[[\"Email/set\",{},1,2]]}",
        "{\"methodResponses\":[[\"Email/set\",[],\"c1\"]]}",
        "{\"methodResponses\":[[\"Email/set\",{}]]}",
        "{\"methodResponses\":7}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i], "begin none\n"
                        "end undecodable json format=json n=0 flags=outcome-unknown\n");
}

static void under_200_counts_what_can_be_nothing_else(void **state)
{
    (void)state;
    assert_true(counts_under_200("{\"methodResponses\":[" CALLS "]}"));
    assert_true(counts_under_200("{\"_embedded\":{\"results\":[{\"id\":1,\"status\":409}]}}"));
    assert_true(counts_under_200("{\"d\":{\"results\":[{\"id\":1,\"status\":409}]}}"));
    assert_true(counts_under_200("{\"value\":[{\"id\":1,\"status\":409}]}"));
    assert_false(counts_under_200("{\"methodResponses\":[{\"id\":1}]}"));
    assert_false(
        counts_under_200("{\"_embedded\":{\"orders\":[{\"id\":1,\"status\":\"shipped\"}]}}"));
    assert_false(counts_under_200("{\"d\":{\"results\":[{\"ID\":1,\"Status\":\"failed\"}]}}"));
    assert_false(counts_under_200("{\"value\":[{\"ID\":1,\"Status\":\"Open\"},{\"ID\":2}]}"));
    assert_false(counts_under_200("{\"data\":{\"type\":\"a\",\"id\":\"1\"},\"links\":{}}"));
    assert_false(counts_under_200("{\"atomic:results\":[{\"data\":{\"id\":\"1\"}}]}"));
}

/* The memory limit is kept between feeds, the tree is made within one. */
static void room_for_the_tree_is_counted_before_it_is_there(void **state)
{
    enum { N = 1000 };
    static const char item[] = "{\"status\":200},";
    struct document_params params = {
        .limits = &limits_default, .request = &post, .http_status = 207};
    static const struct document_ops none;
    struct origin origin = {.ordinal = 1};
    struct document *document;
    (void)state;
    assert_int_equal(document_open(&document, &params, &none, NULL), FEED_OK);
    assert_int_equal(document_feed(document, span_str("[    "), &origin), FEED_OK);
    size_t before = document_buffered_bytes(document);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(document_feed(document, span_str(item), &origin), FEED_OK);
    size_t taken = document_buffered_bytes(document) - before;
    assert_in_range(taken, N * (256 + 4 * (sizeof item - 1)), N * 1024);
    document_close(document);
}

int main(void)
{
    if (!json_tree_is_built_in())
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_that_hal_embeds),
        cmocka_unit_test(lists_that_hal_embeds_side_by_side),
        cmocka_unit_test(errors_that_hal_embeds),
        cmocka_unit_test(results_of_odata),
        cmocka_unit_test(documents_of_json_api),
        cmocka_unit_test(method_calls_of_jmap),
        cmocka_unit_test(one_thing_may_be_changed_several_times),
        cmocka_unit_test(what_only_looks_like_method_calls_is_none),
        cmocka_unit_test(under_200_counts_what_can_be_nothing_else),
        cmocka_unit_test(room_for_the_tree_is_counted_before_it_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
