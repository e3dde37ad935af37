/* Large answers stream through: what is kept of them does not grow with their values, only with the
 * marks by which duplicate hrefs are found, at most 32 bytes each (limits.max_distinct_hrefs).
 * Quadratic time would not end here before the test's time is up. */
#include "dissector/dav/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint64_t n_members, n_resources;

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    return FEED_OK;
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    (void)ctx, (void)origin;
    n_members += resource->relation == RELATION_MEMBER && resource->class == OUTCOME_OK;
    return FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    (void)ctx;
    fail_msg("%s", anomaly->text);
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    (void)ctx, (void)origin;
    assert_int_equal(end->verdict, VERDICT_ALL_OK);
    n_resources = end->n_resources;
}

static const struct document_ops ops = {on_begin, on_resource, on_note, on_end, NULL};

static void feed(struct document *document, const char *text)
{
    const struct origin origin = {.ordinal = 1};
    assert_int_equal(document_feed(document, span_str(text), &origin), FEED_OK);
}

/* The most that is kept of a listing of n members, each with a value of 200 bytes. */
static size_t kept_bytes_of(uint64_t n)
{
    const struct request request = {.is_seen = true,
                                    .operation = OPERATION_PROPFIND,
                                    .target = span_str("/d/"),
                                    .depth = DEPTH_1,
                                    .is_body_whole = true};
    const struct document_params params = {
        .limits = &limits_default, .request = &request, .http_status = 207};
    const struct document_finish_params finish = {.why = END_COMPLETE};
    const struct origin origin = {.ordinal = 1};
    struct document *document;
    size_t most = 0;
    n_members = n_resources = 0;
    assert_int_equal(document_open(&document, &params, &ops, NULL), FEED_OK);
    feed(document, "<D:multistatus xmlns:D='DAV:'>");
    for (uint64_t i = 0; i < n; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "<D:response><D:href>/d/%08u</D:href><D:propstat><D:prop><D:displayname>%0200u"
                 "</D:displayname></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                 "</D:response>",
                 (unsigned)i, 0U);
        feed(document, text);
        size_t kept = document_buffered_bytes(document);
        most = kept > most ? kept : most;
    }
    feed(document, "</D:multistatus>");
    document_finish(document, &finish, &origin);
    document_close(document);
    assert_int_equal(n_members, n);
    assert_int_equal(n_resources, n);
    return most;
}

static void a_listing_of_200000_members_keeps_no_more_than_marks(void **state)
{
    size_t few = kept_bytes_of(50000), more = kept_bytes_of(100000), many = kept_bytes_of(200000);
    (void)state;
    assert_true(few < 50000 * 32 + 256 * 1024);
    assert_true(more < 100000 * 32 + 256 * 1024);
    assert_true(many < 200000 * 32 + 256 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listing_of_200000_members_keeps_no_more_than_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
