#include "output/collect.h"
#include "tests/support/alloc.h"
#include "tests/support/event_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* What came of the last event. */
struct collecting {
    struct collect collect;
    struct record record;
    enum collect_result result;
    size_t n_records, n_left, n_refused;
};

static enum feed take(void *ctx, const struct event *event)
{
    struct collecting *c = ctx;
    c->result = collect_event(&c->collect, event, &c->record);
    c->n_records += c->result == COLLECT_RECORD;
    c->n_left += c->result == COLLECT_LEFT;
    c->n_refused += c->result == COLLECT_NOMEM;
    return c->result == COLLECT_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* As event_build_end, but leaves the record valid. */
static void end(struct event_build *build, struct collecting *c, enum verdict verdict)
{
    build->end.verdict = verdict;
    struct event event = {.kind = EVENT_DOCUMENT_END,
                          .origin = build->exchange.response.last,
                          .connection = &build->connection,
                          .exchange = &build->exchange,
                          .request = &build->request,
                          .document = build->document,
                          .end = &build->end};
    (void)take(c, &event);
}

static struct event_sink sink_of(struct collecting *c)
{
    return (struct event_sink){take, c};
}

static size_t n_kept(const struct record *record)
{
    size_t n = 0;
    for (const struct record_resource *r = record->resources; r; r = r->next)
        n++;
    return n;
}

static void a_record_comes_at_the_end_of_its_document_with_all_its_resources(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&build, sink_of(&c), 1);
    event_build_begin(&build);
    assert_int_equal(c.result, COLLECT_MORE);
    event_build_status(&build, "/d/a", 423, OUTCOME_FAILED);
    event_build_status(&build, "/d/b", 200, OUTCOME_OK);
    assert_int_equal(c.result, COLLECT_MORE);
    end(&build, &c, VERDICT_MIXED);
    assert_int_equal(c.result, COLLECT_RECORD);
    assert_int_equal(n_kept(&c.record), 2);
    assert_true(span_equal(c.record.resources->hrefs[0], span_str("/d/a")));
    assert_true(span_equal(c.record.operation, span_str("PROPFIND")));
    assert_true(span_equal(c.record.url.full, span_str("http://dav.example.org/d/")));
    assert_int_equal(c.record.end.verdict, VERDICT_MIXED);
    assert_false(c.record.is_limited);
    assert_int_equal(record_n_omitted(&c.record, RESOURCES_ALL), 0);
    assert_int_equal(record_n_omitted(&c.record, RESOURCES_PROBLEMS), 1);
    assert_int_equal(record_n_omitted(&c.record, RESOURCES_NONE), 2);
    collect_free(&c.collect);
}

static void documents_of_several_connections_interleave(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build a, b;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&a, sink_of(&c), 1);
    event_build_init(&b, sink_of(&c), 2);
    event_build_begin(&a);
    event_build_begin(&b);
    event_build_status(&a, "/a/1", 200, OUTCOME_OK);
    event_build_status(&b, "/b/1", 200, OUTCOME_OK);
    event_build_status(&a, "/a/2", 200, OUTCOME_OK);
    end(&b, &c, VERDICT_ALL_OK);
    assert_int_equal(n_kept(&c.record), 1);
    assert_true(span_equal(c.record.resources->hrefs[0], span_str("/b/1")));
    end(&a, &c, VERDICT_ALL_OK);
    assert_int_equal(n_kept(&c.record), 2);
    assert_true(span_equal(c.record.resources->next->hrefs[0], span_str("/a/2")));
    collect_free(&c.collect);
}

static void a_document_without_beginning_or_resources_gives_a_record_too(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&build, sink_of(&c), 1);
    event_build_end(&build, VERDICT_EMPTY, "no-match");
    assert_int_equal(c.n_records, 1);
    collect_free(&c.collect);
}

static void tokens_are_shown_without_credentials(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&build, sink_of(&c), 1);
    build.request.sync_token = span_str("http://u:p@h/1");
    build.end.sync_token = span_str("http://u:p@h/2");
    end(&build, &c, VERDICT_EMPTY);
    assert_true(span_equal(c.record.token_sent, span_str("http://***@h/1")));
    assert_true(span_equal(c.record.token_given, span_str("http://***@h/2")));
    collect_free(&c.collect);
}

static void everything_in_a_resource_is_copied_and_credentials_masked(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&build, sink_of(&c), 1);
    char href[] = "http://u:p@h/a", location[] = "/x?token=1", uid[] = "uid", text[] = "text";
    char space[] = "DAV:", local[] = "locked";
    struct span hrefs[] = {span_str(href), span_str("/b")};
    struct name names[] = {{span_str(space), span_str(local)}, {span_str(space), span_str(uid)}};
    struct propstat propstats[] = {
        {.status = {.code = 200}, .properties = names, .n_properties = 2, .class = OUTCOME_OK},
        {.status = {.code = 403, .reason = span_str(text)},
         .conditions = {.names = names, .n = 1, .hrefs = hrefs, .n_hrefs = 1},
         .description = span_str(text),
         .class = OUTCOME_FAILED}};
    struct resource resource = {.hrefs = hrefs,
                                .n_hrefs = 2,
                                .propstats = propstats,
                                .n_propstats = 2,
                                .location = span_str(location),
                                .uid = span_str(uid),
                                .class = OUTCOME_FAILED};
    event_build_resource(&build, &resource);
    event_build_resource(&build, &resource);
    memset(href, 'x', sizeof href - 1);
    memset(location, 'x', sizeof location - 1);
    memset(uid, 'x', sizeof uid - 1);
    memset(text, 'x', sizeof text - 1);
    memset(space, 'x', sizeof space - 1);
    memset(local, 'x', sizeof local - 1);
    end(&build, &c, VERDICT_ALL_FAILED);
    const struct resource all = record_read(c.record.resources), *kept = &all;
    assert_true(span_equal(kept->hrefs[0], span_str("http://***@h/a")));
    assert_true(span_equal(kept->hrefs[1], span_str("/b")));
    assert_true(span_equal(kept->location, span_str("/x?token=***")));
    assert_true(span_equal(kept->uid, span_str("uid")));
    assert_true(span_equal(kept->propstats[0].properties[1].local, span_str("uid")));
    assert_true(span_equal(kept->propstats[0].properties[1].space, span_str("DAV:")));
    struct record_cause cause = record_cause(kept);
    assert_int_equal(cause.status, 403);
    assert_true(span_equal(cause.description, span_str("text")));
    assert_true(span_equal(cause.conditions->names[0].local, span_str("locked")));
    assert_true(span_equal(cause.conditions->hrefs[0], span_str("http://***@h/a")));
    collect_free(&c.collect);
}

static void what_resources_share_is_kept_once(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&build, sink_of(&c), 1);
    event_build_status(&build, "/a", 200, OUTCOME_OK);
    event_build_status(&build, "/b", 423, OUTCOME_FAILED);
    event_build_status(&build, "/c", 200, OUTCOME_OK);
    end(&build, &c, VERDICT_MIXED);
    const struct record_resource *a = c.record.resources, *b = a->next;
    assert_ptr_equal(b->next->pattern, a->pattern);
    assert_ptr_not_equal(b->pattern, a->pattern);
    struct resource last = record_read(b->next);
    assert_int_equal(last.class, OUTCOME_OK);
    assert_int_equal(last.status.code, 200);
    assert_true(span_equal(last.hrefs[0], span_str("/c")));
    collect_free(&c.collect);
}

static void only_problems_are_kept_when_nobody_shows_more(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_PROBLEMS, 0);
    event_build_init(&build, sink_of(&c), 1);
    event_build_status(&build, "/ok", 200, OUTCOME_OK);
    event_build_status(&build, "/bad", 403, OUTCOME_FAILED);
    end(&build, &c, VERDICT_MIXED);
    assert_int_equal(n_kept(&c.record), 1);
    assert_false(c.record.is_limited);
    assert_int_equal(c.record.end.n_resources, 2);
    collect_free(&c.collect);
}

static void a_filter_on_hrefs_sees_resources_that_are_not_kept(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    struct filter filter = {.hrefs = {"/wanted"}, .n_hrefs = 1};
    collect_init(&c.collect, &filter, RESOURCES_PROBLEMS, 0);
    event_build_init(&build, sink_of(&c), 1);
    event_build_status(&build, "/wanted", 200, OUTCOME_OK);
    end(&build, &c, VERDICT_ALL_OK);
    assert_int_equal(c.result, COLLECT_RECORD);
    event_build_init(&build, sink_of(&c), 2);
    event_build_status(&build, "/other", 200, OUTCOME_OK);
    end(&build, &c, VERDICT_ALL_OK);
    assert_int_equal(c.result, COLLECT_LEFT);
    assert_int_equal(c.n_left, 1);
    collect_free(&c.collect);
}

static void beyond_the_limit_counts_stay_exact_and_problems_still_find_room(void **state)
{
    (void)state;
    enum { LIMIT_BYTES = 256 * 1024, N_OK = 5000, N_BAD = 20 };
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, LIMIT_BYTES);
    event_build_init(&build, sink_of(&c), 1);
    for (unsigned i = 0; i < N_OK; i++)
        event_build_status(&build, "/a/listing/is/long", 200, OUTCOME_OK);
    for (unsigned i = 0; i < N_BAD; i++)
        event_build_status(&build, "/bad", 423, OUTCOME_FAILED);
    assert_true(c.collect.kept_bytes <= LIMIT_BYTES);
    end(&build, &c, VERDICT_MIXED);
    size_t n = n_kept(&c.record);
    assert_true(n > N_BAD && n < N_OK);
    assert_true(c.record.is_limited);
    assert_true(c.record.end.flags & DOCUMENT_CUT);
    assert_int_equal(record_n_omitted(&c.record, RESOURCES_ALL), N_OK + N_BAD - n);
    assert_int_equal(record_n_omitted(&c.record, RESOURCES_PROBLEMS), N_OK);
    collect_free(&c.collect);
}

static void one_document_leaves_room_to_the_others(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build a, b;
    collect_init(&c.collect, NULL, RESOURCES_ALL, COLLECT_MAX_BYTES);
    c.collect.max_document_bytes = 64 * 1024;
    event_build_init(&a, sink_of(&c), 1);
    event_build_init(&b, sink_of(&c), 2);
    for (unsigned i = 0; i < 2000; i++)
        event_build_status(&a, "/a", 423, OUTCOME_FAILED);
    event_build_status(&b, "/b", 200, OUTCOME_OK);
    end(&b, &c, VERDICT_ALL_OK);
    assert_false(c.record.is_limited);
    assert_int_equal(n_kept(&c.record), 1);
    end(&a, &c, VERDICT_ALL_FAILED);
    assert_true(c.record.is_limited);
    collect_free(&c.collect);
}

static void memory_comes_back_with_each_document(void **state)
{
    (void)state;
    struct collecting c = {0};
    struct event_build build;
    collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
    for (unsigned i = 1; i < 5; i++) {
        event_build_init(&build, sink_of(&c), i);
        event_build_status(&build, "/a", 200, OUTCOME_OK);
        event_build_end(&build, VERDICT_ALL_OK, NULL);
        assert_int_equal(c.collect.kept_bytes, 0);
    }
    event_build_init(&build, sink_of(&c), 9);
    event_build_status(&build, "/open", 200, OUTCOME_OK);
    collect_free(&c.collect); /* with a document open */
}

/* Every allocation fails once: a resource that finds no memory is left out and counted, a document
 * that finds none ends the run; nothing leaks. */
static void want_of_memory_is_survived(void **state)
{
    (void)state;
    bool was_limited = false, was_refused = false;
    for (uint64_t nth = 1;; nth++) {
        struct collecting c = {0};
        struct event_build build;
        collect_init(&c.collect, NULL, RESOURCES_ALL, 0);
        event_build_init(&build, sink_of(&c), 1);
        alloc_fail_at(nth);
        for (unsigned i = 0; i < 50; i++)
            event_build_status(&build, "/a?token=x", 200, OUTCOME_OK);
        end(&build, &c, VERDICT_ALL_OK);
        bool has_failed = alloc_has_failed();
        alloc_fail_at(0);
        was_refused |= c.n_refused > 0;
        if (c.result == COLLECT_RECORD) {
            was_limited |= c.record.is_limited;
            assert_int_equal(record_n_omitted(&c.record, RESOURCES_ALL) + n_kept(&c.record), 50);
        }
        collect_free(&c.collect);
        if (!has_failed)
            break;
    }
    assert_true(was_limited && was_refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_at_the_end_of_its_document_with_all_its_resources),
        cmocka_unit_test(documents_of_several_connections_interleave),
        cmocka_unit_test(a_document_without_beginning_or_resources_gives_a_record_too),
        cmocka_unit_test(tokens_are_shown_without_credentials),
        cmocka_unit_test(everything_in_a_resource_is_copied_and_credentials_masked),
        cmocka_unit_test(what_resources_share_is_kept_once),
        cmocka_unit_test(only_problems_are_kept_when_nobody_shows_more),
        cmocka_unit_test(a_filter_on_hrefs_sees_resources_that_are_not_kept),
        cmocka_unit_test(beyond_the_limit_counts_stay_exact_and_problems_still_find_room),
        cmocka_unit_test(one_document_leaves_room_to_the_others),
        cmocka_unit_test(memory_comes_back_with_each_document),
        cmocka_unit_test(want_of_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
