/* Documents while memory runs out, in libxml2 and in our own code: every allocation fails once. */
#include "dissector/dav/document.h"
#include "tests/support/alloc.h"

#include <libxml/xmlmemory.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char body[] =
    "<?xml version='1.0'?><D:multistatus xmlns:D='DAV:'>"
    "<D:response xmlns:a='u:a'><D:href>/f/a<![CDATA[x]]></D:href><D:propstat><D:prop>"
    "<a:b c='d&amp;'>&amp;</a:b><e xmlns='u:f'/></D:prop><D:status>HTTP/1.1 200 OK</D:status>"
    "</D:propstat><D:error><D:g><D:href>/h</D:href></D:g></D:error></D:response>"
    "<D:response><D:href>/f/b</D:href><D:status>HTTP/1.1 404 No</D:status>"
    "<D:responsedescription>gone</D:responsedescription></D:response>"
    "<D:sync-token>t</D:sync-token></D:multistatus>";

/* Of libxml2's allocations: the one to fail, counting down; below 0: none. */
static long xml_left = -1;

static bool xml_fails(void)
{
    return xml_left >= 0 && xml_left-- == 0;
}

static void *xml_malloc(size_t n)
{
    return xml_fails() ? NULL : malloc(n);
}

static void *xml_realloc(void *ptr, size_t n)
{
    return xml_fails() ? NULL : realloc(ptr, n);
}

static char *xml_strdup(const char *text)
{
    return xml_fails() ? NULL : strdup(text);
}

static void xml_free(void *ptr)
{
    free(ptr);
}

struct seen {
    uint64_t n_resources;
    bool is_whole;
};

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    return FEED_OK;
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    struct seen *seen = ctx;
    (void)resource, (void)origin;
    seen->n_resources++;
    return FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    (void)ctx, (void)anomaly;
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    struct seen *seen = ctx;
    (void)origin;
    seen->is_whole = end->is_complete || end->verdict == VERDICT_ALL_OK;
}

/* False: the document ran out of memory and was given up. */
static bool play(struct seen *seen)
{
    static const struct document_ops ops = {on_begin, on_resource, on_note, on_end, NULL};
    static const struct request request = {.is_seen = true, .operation = OPERATION_PROPFIND};
    struct document_params params = {
        .limits = &limits_default, .request = &request, .http_status = 207};
    struct origin origin = {.ordinal = 1, .frame = 1};
    struct document *document;
    *seen = (struct seen){0};
    enum feed feed = document_open(&document, &params, &ops, seen);
    for (struct span left = span_str(body); left.len > 0 && feed == FEED_OK;
         left = span_after(left, 50))
        feed = document_feed(document, span_first(left, 50), &origin);
    if (feed != FEED_NOMEM)
        document_finish(document, &(struct document_finish_params){.why = END_COMPLETE}, &origin);
    document_close(document);
    return feed != FEED_NOMEM;
}

static void expect_honest(bool has_ended, const struct seen *seen)
{
    assert_true(!has_ended || !seen->is_whole || seen->n_resources == 2);
}

static void document_is_given_up_when_libxml2_has_no_memory(void **state)
{
    (void)state;
    struct seen seen;
    unsigned n_given_up = 0;
    xmlMemSetup(xml_free, xml_malloc, xml_realloc, xml_strdup);
    bool has_failed = true;
    for (long n = 0; has_failed; n++) {
        xml_left = n;
        bool has_ended = play(&seen);
        has_failed = xml_left < 0;
        expect_honest(has_ended, &seen);
        n_given_up += !has_ended;
    }
    xml_left = -1;
    assert_true(n_given_up > 10);
    assert_true(play(&seen) && seen.is_whole);
}

static void document_is_given_up_when_we_have_no_memory(void **state)
{
    (void)state;
    struct seen seen;
    unsigned n_given_up = 0;
    bool has_failed = true;
    for (uint64_t n = 1; has_failed; n++) {
        alloc_fail_at(n);
        bool has_ended = play(&seen);
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        expect_honest(has_ended, &seen);
        n_given_up += !has_ended;
    }
    assert_true(n_given_up > 5);
    assert_true(play(&seen) && seen.is_whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_is_given_up_when_libxml2_has_no_memory),
        cmocka_unit_test(document_is_given_up_when_we_have_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
