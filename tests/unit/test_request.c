#include "dissector/dav/request_properties.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void depth_is_read_tolerantly(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum depth depth;
        bool is_noroot;
    } rows[] = {
        {"0", DEPTH_0, false},
        {"1", DEPTH_1, false},
        {"infinity", DEPTH_INFINITY, false},
        {" Infinity ", DEPTH_INFINITY, false},
        {"1,noroot", DEPTH_1, true},
        {"1, NoRoot", DEPTH_1, true},
        {"infinity,noroot", DEPTH_INFINITY, true},
        {"", DEPTH_UNKNOWN, false},
        {"2", DEPTH_UNKNOWN, false},
        {"1,", DEPTH_1, false},
        {"1,sideways", DEPTH_UNKNOWN, false},
        {"noroot", DEPTH_UNKNOWN, false},
        {",noroot", DEPTH_UNKNOWN, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request = {.depth = DEPTH_0, .is_noroot = true};
        request_set_depth(&request, span_str(rows[i].value));
        assert_int_equal(request.depth, rows[i].depth);
        assert_int_equal(request.is_noroot, rows[i].is_noroot);
    }
}

/* Decodes text in feeds of max_bytes. */
static struct request decode(enum operation operation, const char *text, size_t max_bytes)
{
    struct request request = {.is_seen = true, .operation = operation};
    struct request_body *body;
    assert_int_equal(request_body_open(&body, &limits_default, &request), FEED_OK);
    enum feed feed = FEED_OK;
    for (struct span left = span_str(text); left.len > 0 && feed == FEED_OK;
         left = span_after(left, max_bytes))
        feed = request_body_feed(body, span_first(left, max_bytes));
    assert_int_not_equal(feed, FEED_NOMEM);
    assert_true(request_body_buffered_bytes(body) > 0);
    request_body_finish(body, true);
    request_body_close(body);
    return request;
}

struct row {
    enum operation asked;
    const char *body;
    enum operation operation;
    bool is_whole, has_sync_token, names_properties;
    uint64_t n_hrefs;
};

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t max_bytes = 1; max_bytes < 1000; max_bytes *= 7) {
            struct request got = decode(rows[i].asked, rows[i].body, max_bytes);
            assert_int_equal(got.operation, rows[i].operation);
            assert_int_equal(got.is_body_whole, rows[i].is_whole);
            assert_int_equal(got.has_sync_token, rows[i].has_sync_token);
            assert_int_equal(got.names_properties, rows[i].names_properties);
            assert_int_equal(got.n_hrefs, rows[i].n_hrefs);
            request_free(&got);
        }
}

static void report_is_refined_by_its_root(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OPERATION_REPORT,
         "<?xml version='1.0'?><D:sync-collection xmlns:D='DAV:'><D:sync-token>http://x/1"
         "</D:sync-token><D:prop><D:getetag/></D:prop></D:sync-collection>",
         OPERATION_REPORT_SYNC_COLLECTION, true, true, true, 0},
        {OPERATION_REPORT,
         "<D:sync-collection xmlns:D='DAV:'><D:sync-token> \n</D:sync-token></D:sync-collection>",
         OPERATION_REPORT_SYNC_COLLECTION, true, false, false, 0},
        {OPERATION_REPORT,
         "<C:calendar-multiget xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns='DAV:'>"
         "<prop><getetag/><x><href/></x></prop><href>/1</href><href>/2</href>"
         "</C:calendar-multiget>",
         OPERATION_REPORT_CALENDAR_MULTIGET, true, false, true, 2},
        {OPERATION_REPORT, "<u:whatever xmlns:u='u:'/>", OPERATION_REPORT, true, false, false, 0},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void properties_are_named_wherever_prop_stands(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OPERATION_PROPFIND, "<propfind xmlns='DAV:'><prop><a/></prop></propfind>",
         OPERATION_PROPFIND, true, false, true, 0},
        {OPERATION_PROPFIND, "<propfind xmlns='DAV:'><allprop/></propfind>", OPERATION_PROPFIND,
         true, false, false, 0},
        {OPERATION_PROPPATCH,
         "<propertyupdate xmlns='DAV:'><set><prop><a/></prop></set></propertyupdate>",
         OPERATION_PROPPATCH, true, false, true, 0},
        {OPERATION_SEARCH,
         "<searchrequest xmlns='DAV:'><basicsearch><select><prop><a/></prop></select>"
         "</basicsearch></searchrequest>",
         OPERATION_SEARCH, true, false, true, 0},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void targets_of_batches_are_counted(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OPERATION_BPROPFIND,
         "<propfind xmlns='DAV:'><target><href>a</href><href>b</href><href>c</href></target>"
         "<prop><d/></prop></propfind>",
         OPERATION_BPROPFIND, true, false, true, 3},
        {OPERATION_POST,
         "<M:multiput xmlns:M='http://me.com/_namespace/' xmlns='DAV:'><M:resource><href>/1</href>"
         "</M:resource><M:resource><set><prop><x/></prop></set></M:resource></M:multiput>",
         OPERATION_POST_BULK, true, false, true, 0},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void property_that_is_named_again_counts_once(void **state)
{
    (void)state;
    static const char body[] =
        "<M:multiput xmlns:M='http://me.com/_namespace/' xmlns='DAV:' xmlns:x='urn:x'>"
        "<M:resource><set><prop><a/><x:a/></prop></set></M:resource>"
        "<M:resource><set><prop><x:a/><a/><b/></prop></set></M:resource></M:multiput>";
    struct request request = decode(OPERATION_POST, body, 7);
    const struct name a = {span_str("DAV:"), span_str("a")}, c = {span_str("DAV:"), span_str("c")};
    const struct name xa = {span_str("urn:x"), span_str("a")};
    assert_int_equal(request.n_properties, 3);
    assert_int_equal(request.n_properties_more, 0);
    assert_int_equal(request_properties_find(&request, &a), 0);
    assert_int_equal(request_properties_find(&request, &xa), 1);
    assert_int_equal(request_properties_find(&request, &c), 3);
    request_free(&request);
}

static void properties_beyond_max_properties_are_counted_and_not_kept(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    struct request request = {.is_seen = true};
    const struct name names[] = {{span_str("DAV:"), span_str("a")},
                                 {span_str("DAV:"), span_str("b")},
                                 {span_str("DAV:"), span_str("a")}};
    limits.max_properties = 1;
    arena_init(&request.arena, limits.max_resource_bytes);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(request_properties_add(&request, &limits, &names[i]), FEED_OK);
    assert_int_equal(request.n_properties, 1);
    assert_int_equal(request.n_properties_more, 1);
    request_free(&request);
}

static void requests_in_json_are_counted(void **state)
{
    static const struct {
        const char *body;
        bool is_whole;
        uint64_t n_objects;
    } rows[] = {
        {"[{\"a\":1},{\"b\":[1,2]},{}]", true, 3},
        {"[\"a\",\"b\", 3 ]", true, 3},
        {"{\"requests\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"x\":{\"y\":1}}", true, 2},
        {"{\"fields\":[\"a\",\"b\"]}", true, 0},
        {"{\"a\":[{}],\"b\":[{},{}]}", true, 0},
        {"[]", true, 0},
        {"{}", true, 0},
        {"[{\"a\":1},{\"b\":", false, 0},
        {"[}", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t max_bytes = 1; max_bytes < 1000; max_bytes *= 7) {
            struct request got = decode(OPERATION_POST, rows[i].body, max_bytes);
            assert_int_equal(got.is_body_whole, rows[i].is_whole);
            assert_int_equal(got.n_objects, rows[i].n_objects);
            request_free(&got);
        }
}

static void other_bodies_teach_nothing(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OPERATION_PUT, "BEGIN:VCALENDAR", OPERATION_PUT, false, false, false, 0},
        {OPERATION_POST, "{\"a\":1}", OPERATION_POST, true, false, false, 0},
        {OPERATION_PROPFIND, "", OPERATION_PROPFIND, false, false, false, 0},
        {OPERATION_PROPFIND, "<propfind xmlns='DAV:'><prop>", OPERATION_PROPFIND, false, false,
         true, 0},
        {OPERATION_REPORT, "<!DOCTYPE x []><x/>", OPERATION_REPORT, false, false, false, 0},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void deep_filters_are_passed_over(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {OPERATION_REPORT,
         "<C:calendar-query xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns='DAV:'><C:filter>"
         "<a><b><c><d><e><prop/><href/></e></d></c></b></a></C:filter></C:calendar-query>",
         OPERATION_REPORT_CALENDAR_QUERY, true, false, false, 0},
    };
    expect_rows(rows, sizeof rows / sizeof *rows);
}

static void body_that_was_not_wholly_seen_is_not_whole(void **state)
{
    (void)state;
    struct request request = {.operation = OPERATION_PROPFIND};
    struct request_body *body;
    assert_int_equal(request_body_open(&body, &limits_default, &request), FEED_OK);
    request_body_feed(body, span_str("<propfind xmlns='DAV:'><prop/></propfind>"));
    request_body_finish(body, false);
    request_body_close(body);
    assert_false(request.is_body_whole);
    assert_true(request.names_properties);
    request_free(&request);
    request_free(&request);
    request_body_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_is_read_tolerantly),
        cmocka_unit_test(report_is_refined_by_its_root),
        cmocka_unit_test(properties_are_named_wherever_prop_stands),
        cmocka_unit_test(targets_of_batches_are_counted),
        cmocka_unit_test(property_that_is_named_again_counts_once),
        cmocka_unit_test(properties_beyond_max_properties_are_counted_and_not_kept),
        cmocka_unit_test(requests_in_json_are_counted),
        cmocka_unit_test(other_bodies_teach_nothing),
        cmocka_unit_test(deep_filters_are_passed_over),
        cmocka_unit_test(body_that_was_not_wholly_seen_is_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
