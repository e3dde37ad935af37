/* What came back against what was asked for: each degree of difference between two hrefs with a
 * near miss, relations, duplicates, what is missing, and what a large multiget costs.
 * DOMAIN.md 1.5, 2.7. */
#include "dissector/dav/nfc.h"
#include "dissector/dav/reconcile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A multiget of these hrefs, in a collection. */
static struct request ask(const char *const *hrefs, size_t n, size_t max_hrefs)
{
    struct limits limits = limits_default;
    struct request request = {
        .is_seen = true,
        .operation = OPERATION_REPORT_CALENDAR_MULTIGET,
        .target = span_str("/cal/ann/"),
        .host = span_str("dav.example"),
        .is_body_whole = true,
    };
    limits.max_requested_hrefs = max_hrefs;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(
            request_hrefs_add(&request.hrefs, &limits, request.target, span_str(hrefs[i])),
            FEED_OK);
    request.n_hrefs = request.hrefs.n + request.hrefs.n_more;
    return request;
}

static struct resource answer(struct reconcile *reconcile, const char *text, uint64_t ordinal)
{
    struct span href = span_str(text);
    struct resource resource = {.ordinal = ordinal, .hrefs = &href, .n_hrefs = 1};
    assert_int_equal(reconcile_resource(reconcile, &resource), FEED_OK);
    resource.hrefs = NULL;
    return resource;
}

static const struct {
    const char *asked, *answered;
    uint32_t flag;     /* enum resource_flag; 0: equal by the specification */
    bool is_near_miss; /* another resource, although there is little to overlook */
} degrees[] = {
    /* 0: equal, and 1: equal by the specification */
    {"/cal/ann/a.ics", "/cal/ann/a.ics", 0, false},
    {"/cal/ann/a.ics", "http://DAV.example:80/cal/ann/a.ics", 0, false},
    {"/cal/ann/~a%c3%a4.ics", "/cal/ann/%7Ea%C3%A4.ics", 0, false},
    {"/cal/ann/a.ics", "/cal/ann/b.ics", 0, true},
    /* 2 */
    {"/cal/ann/sub/", "/cal/ann/sub", RESOURCE_SLASH_DRIFT, false},
    {"/cal/ann/sub/", "/cal/ann/su", RESOURCE_SLASH_DRIFT, true},
    /* 3 */
    {"/cal/ann/a@b.ics", "/cal/ann/a%40b.ics", RESOURCE_ENCODING_DRIFT, false},
    {"/cal/ann/a%24.ics", "/cal/ann/a$.ics", RESOURCE_ENCODING_DRIFT, false},
    {"/cal/ann/a%2Fb.ics", "/cal/ann/a/b.ics", RESOURCE_ENCODING_DRIFT, true},
    /* 4 */
    {"/cal/ann/%C3%A9.ics", "/cal/ann/e%CC%81.ics", RESOURCE_NFC_NFD, false},
    {"/cal/ann/%C3%A9.ics", "/cal/ann/e.ics", RESOURCE_NFC_NFD, true},
    /* 5 */
    {"/cal/ann/a%20b.ics", "/cal/ann/a%2520b.ics", RESOURCE_DOUBLE_ENCODED, false},
    {"/cal/ann/a%20b.ics", "/cal/ann/a%2521b.ics", RESOURCE_DOUBLE_ENCODED, true},
    {"/cal/ann/a.ics", "/cal//ann/a.ics", RESOURCE_DOUBLE_SLASH, false},
    {"/cal/ann/a.ics", "/cal//ann/b.ics", RESOURCE_DOUBLE_SLASH, true},
    /* 6 */
    {"/cal/ann/a.ics", "http://inner:8080/cal/ann/a.ics", RESOURCE_PROXY_REWRITE, false},
    {"/cal/ann/a.ics", "/dav/cal/ann/a.ics", RESOURCE_PROXY_REWRITE, false},
    {"/cal/ann/a.ics", "/dav/cal/ann/b.ics", RESOURCE_PROXY_REWRITE, true},
    /* 7 */
    {"/cal/ann/a.ics", "/cal/ann/A.ICS", RESOURCE_CASE_DRIFT, false},
    {"/cal/ann/%c3%a9.ics", "/cal/ann/%C3%89.ics", RESOURCE_CASE_DRIFT, true},
};

enum { N_DEGREES = sizeof degrees / sizeof *degrees };

static void each_degree_of_difference_has_its_flag(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_DEGREES; i++) {
        if (degrees[i].flag == RESOURCE_NFC_NFD && !nfc_is_built_in())
            continue;
        struct request request = ask(&degrees[i].asked, 1, 10);
        struct reconcile reconcile;
        reconcile_init(&reconcile, &request);
        struct resource got = answer(&reconcile, degrees[i].answered, 0);
        assert_int_equal(reconcile_finish(&reconcile), FEED_OK);
        bool is_right = degrees[i].is_near_miss ? (got.flags & RESOURCE_UNSOLICITED) != 0
                                                : got.flags == degrees[i].flag;
        if (!is_right || reconcile.n_missing != degrees[i].is_near_miss)
            fail_msg("%s %s: flags %x", degrees[i].asked, degrees[i].answered, (unsigned)got.flags);
        reconcile_free(&reconcile);
        request_free(&request);
    }
}

static bool has_degree(uint32_t flag, bool is_near_miss)
{
    for (size_t i = 0; i < N_DEGREES; i++)
        if (degrees[i].flag == flag && degrees[i].is_near_miss == is_near_miss)
            return true;
    return false;
}

static void no_degree_is_without_a_case_and_a_near_miss(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DRIFT_N; i++)
        for (int is_near_miss = 0; is_near_miss < 2; is_near_miss++)
            if (!has_degree((uint32_t)RESOURCE_SLASH_DRIFT << i, is_near_miss))
                fail_msg("%s: no %s", href_drift_name(i), is_near_miss ? "near miss" : "case");
}

static void a_resource_is_placed_by_its_path(void **state)
{
    static const struct {
        const char *href;
        enum relation relation;
    } rows[] = {
        {"/cal/ann/", RELATION_SELF},
        {"/cal/ann", RELATION_SELF},
        {"/cal/ann/a", RELATION_MEMBER},
        {"/cal/ann/a/", RELATION_MEMBER},
        {"/cal/ann/a/b", RELATION_DESCENDANT},
        {"/cal/", RELATION_ANCESTOR},
        {"/", RELATION_ANCESTOR},
        {"/cal/anna/", RELATION_OUTSIDE},
        {"/cal/bob/a", RELATION_OUTSIDE},
    };
    struct request request = {.is_seen = true,
                              .operation = OPERATION_REPORT_CALENDAR_QUERY,
                              .target = span_str("/cal/ann/")};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reconcile reconcile;
        reconcile_init(&reconcile, &request);
        assert_int_equal(answer(&reconcile, rows[i].href, 1).relation, rows[i].relation);
        reconcile_free(&reconcile);
    }
}

static void what_has_no_answer_is_named_once(void **state)
{
    static const char *const hrefs[] = {"/cal/ann/1", "/cal/ann/2", "/cal/ann/1", "/cal/ann/3"};
    struct request request = ask(hrefs, 4, 10);
    struct reconcile reconcile;
    (void)state;
    reconcile_init(&reconcile, &request);
    assert_int_equal(request.n_hrefs, 3);
    answer(&reconcile, "/cal/ann/2", 0);
    answer(&reconcile, "/cal/ann/2", 1);
    assert_true(answer(&reconcile, "/cal/ann/4", 2).flags & RESOURCE_UNSOLICITED);
    assert_int_equal(reconcile_finish(&reconcile), FEED_OK);
    assert_true(reconcile_knows_missing(&reconcile));
    assert_int_equal(reconcile.n_unsolicited, 1);
    assert_int_equal(reconcile.n_missing, 2);
    assert_true(span_equal(reconcile.missing[0], span_str("/cal/ann/1")));
    assert_true(span_equal(reconcile.missing[1], span_str("/cal/ann/3")));
    reconcile_free(&reconcile);
    request_free(&request);
}

static void hrefs_beyond_the_limit_are_counted_and_nothing_is_unsolicited(void **state)
{
    static const char *const hrefs[] = {"/cal/ann/1", "/cal/ann/2", "/cal/ann/3"};
    struct request request = ask(hrefs, 3, 2);
    struct reconcile reconcile;
    (void)state;
    reconcile_init(&reconcile, &request);
    assert_int_equal(request.n_hrefs, 3);
    assert_false(answer(&reconcile, "/cal/ann/3", 0).flags & RESOURCE_UNSOLICITED);
    assert_int_equal(reconcile_finish(&reconcile), FEED_OK);
    assert_int_equal(reconcile.n_missing, 2);
    reconcile_free(&reconcile);
    request_free(&request);
}

static void without_the_whole_request_nothing_is_missing(void **state)
{
    static const char *const hrefs[] = {"/cal/ann/1", "/cal/ann/2"};
    struct request request = ask(hrefs, 2, 10);
    struct reconcile reconcile;
    (void)state;
    request.is_body_whole = false;
    reconcile_init(&reconcile, &request);
    assert_false(answer(&reconcile, "/cal/ann/9", 0).flags & RESOURCE_UNSOLICITED);
    assert_int_equal(reconcile_finish(&reconcile), FEED_OK);
    assert_false(reconcile_knows_missing(&reconcile));
    assert_int_equal(reconcile.n_missing, 0);
    reconcile_free(&reconcile);
    request_free(&request);
}

/* Every answer is found by a hash: with 50,000 hrefs, each written otherwise than it was asked for,
 * a search one by one would compare two and a half milliards of pairs and not end. */
static void a_multiget_of_fifty_thousand_is_reconciled_in_bounded_memory(void **state)
{
    enum { N = 50000 };
    struct request request = ask(NULL, 0, N);
    struct reconcile reconcile;
    char text[64];
    (void)state;
    for (int i = 0; i < N; i++) {
        int len = snprintf(text, sizeof text, "/cal/ann/%d@x.ics", i);
        assert_int_equal(request_hrefs_add(&request.hrefs, &limits_default, request.target,
                                           span_of(text, (size_t)len)),
                         FEED_OK);
    }
    reconcile_init(&reconcile, &request);
    for (int i = N - 1; i > 0; i--) {
        snprintf(text, sizeof text, "/cal/ann/%d%%40x.ics", i);
        assert_int_equal(answer(&reconcile, text, (uint64_t)(N - 1 - i)).flags,
                         RESOURCE_ENCODING_DRIFT);
    }
    assert_int_equal(reconcile_finish(&reconcile), FEED_OK);
    assert_int_equal(reconcile.n_missing, 1);
    assert_true(span_equal(reconcile.missing[0], span_str("/cal/ann/0@x.ics")));
    assert_true(reconcile_bytes(&reconcile) + request_bytes(&request) < 100 * N);
    reconcile_free(&reconcile);
    request_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_degree_of_difference_has_its_flag),
        cmocka_unit_test(no_degree_is_without_a_case_and_a_near_miss),
        cmocka_unit_test(a_resource_is_placed_by_its_path),
        cmocka_unit_test(what_has_no_answer_is_named_once),
        cmocka_unit_test(hrefs_beyond_the_limit_are_counted_and_nothing_is_unsolicited),
        cmocka_unit_test(without_the_whole_request_nothing_is_missing),
        cmocka_unit_test(a_multiget_of_fifty_thousand_is_reconciled_in_bounded_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
