#include "output/collect.h"
#include "output/routes.h"
#include "tests/support/event_build.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};
static struct collect collect;
static struct routes routes;

static enum feed take(void *ctx, const struct event *event)
{
    struct record record;
    (void)ctx;
    if (collect_event(&collect, event, &record) == COLLECT_RECORD)
        routes_add(&routes, &record);
    return FEED_OK;
}

static int set_up(void **state)
{
    (void)state;
    collect_init(&collect, NULL, RESOURCES_PROBLEMS, 0);
    routes_init(&routes, &key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    collect_free(&collect);
    routes_free(&routes);
    return 0;
}

static void begin(struct event_build *build, unsigned number, const char *target)
{
    event_build_init(build, (struct event_sink){take, NULL}, number);
    build->exchange.target = span_str(target);
}

static void end(struct event_build *build)
{
    build->end.is_complete = true;
    event_build_end(build, VERDICT_MIXED, NULL);
}

static void a_folder_and_what_is_in_it_are_one_collection(void **state)
{
    struct event_build build;
    struct routes_sorted sorted;
    (void)state;
    begin(&build, 1, "/d/");
    end(&build);
    begin(&build, 2, "/d/a.txt");
    end(&build);
    begin(&build, 3, "/e/");
    end(&build);
    begin(&build, 4, "/d/");
    build.connection.client.address.bytes[3] = 9;
    end(&build);
    assert_true(routes_sort(&routes, &sorted));
    assert_int_equal(sorted.n, 3);
    assert_string_equal(sorted.routes[0]->collection, "/d/");
    assert_string_equal(sorted.routes[0]->operation, "PROPFIND");
    assert_int_equal(sorted.routes[0]->figures.counts.n_documents, 2);
    free(sorted.routes);
}

static void what_depends_on_a_failure_is_no_cause(void **state)
{
    struct event_build build;
    (void)state;
    begin(&build, 1, "/d/");
    event_build_status(&build, "/d/x", 423, OUTCOME_FAILED);
    event_build_status(&build, "/d/y", 424, OUTCOME_DEPENDENT);
    event_build_status(&build, "/d/z", 424, OUTCOME_DEPENDENT);
    end(&build);
    assert_int_equal(figures_n_causes(&routes.total), 1);
}

static void refuse(struct event_build *build, uint16_t status, const char *condition)
{
    const struct span href = span_str("/d/x");
    const struct name name = {span_str("DAV:"), span_str(condition)};
    const struct resource resource = {
        .hrefs = &href,
        .n_hrefs = 1,
        .status = {.code = status, .is_present = true},
        .conditions = {.names = &name, .n = condition[0] != '\0'},
        .class = OUTCOME_FAILED,
    };
    event_build_resource(build, &resource);
}

static void failures_are_told_by_status_and_condition(void **state)
{
    struct event_build build;
    struct cause sorted[CAUSES_MAX];
    (void)state;
    begin(&build, 1, "/d/");
    refuse(&build, 403, "need-privileges");
    for (int i = 0; i < 3; i++)
        refuse(&build, 423, "lock-token-submitted");
    refuse(&build, 423, "");
    event_build_status(&build, "/d/good", 200, OUTCOME_OK);
    end(&build);
    causes_sort(&routes.total.causes, sorted);
    assert_int_equal(routes.total.causes.n, 3);
    assert_int_equal(sorted[0].status, 423);
    assert_string_equal(sorted[0].condition, "{DAV:}lock-token-submitted");
    assert_int_equal(sorted[0].n, 3);
    assert_string_equal(sorted[1].condition, "{DAV:}need-privileges");
    assert_int_equal(sorted[2].status, 423);
    assert_string_equal(sorted[2].condition, "");
}

static void pairs_beyond_the_limit_are_counted_together(void **state)
{
    struct event_build build;
    (void)state;
    begin(&build, 1, "/d/");
    for (uint16_t i = 0; i < CAUSES_MAX + 3; i++)
        refuse(&build, 400 + i, "");
    refuse(&build, 400, "");
    end(&build);
    assert_int_equal(routes.total.causes.n, CAUSES_MAX);
    assert_int_equal(routes.total.causes.n_others, 3);
    assert_int_equal(routes.total.causes.cells[0].n, 2);
}

static void drift_and_what_the_server_calls_itself_are_told(void **state)
{
    struct event_build build;
    struct routes_sorted sorted;
    (void)state;
    begin(&build, 1, "/d/");
    build.exchange.response.fields[HTTP_SERVER] = span_str("Demo/1");
    build.end.flags = DOCUMENT_HREF_DRIFT | DOCUMENT_SLASH_DRIFT | DOCUMENT_CASE_DRIFT;
    end(&build);
    begin(&build, 2, "/d/");
    build.exchange.response.fields[HTTP_SERVER] = (struct span){NULL, 0};
    build.end.flags = DOCUMENT_HREF_DRIFT | DOCUMENT_CASE_DRIFT;
    end(&build);
    assert_true(routes_sort(&routes, &sorted));
    assert_string_equal(sorted.routes[0]->product, "Demo/1");
    assert_int_equal(sorted.routes[0]->figures.by_drift[0], 1);
    assert_int_equal(sorted.routes[0]->figures.by_drift[6], 2);
    free(sorted.routes);
}

static void items_bytes_and_pages_are_measured_of_whole_documents(void **state)
{
    struct event_build build;
    (void)state;
    begin(&build, 1, "/d/");
    event_build_status(&build, "/d/x", 200, OUTCOME_OK);
    event_build_status(&build, "/d/y", 200, OUTCOME_OK);
    build.end.flags = DOCUMENT_TRUNCATED;
    end(&build);
    begin(&build, 2, "/d/");
    build.end.is_complete = false;
    event_build_end(&build, VERDICT_INCOMPLETE, "capture-gap");
    assert_int_equal(routes.total.n_pages, 1);
    assert_int_equal(routes.total.measures[MEASURE_ITEMS].n, 1);
    assert_int_equal(routes.total.measures[MEASURE_ITEMS].max, 2);
    assert_int_equal(routes.total.measures[MEASURE_FIRST_BYTE_NS].n, 2);
}

static void play_page(unsigned number, const char *sent, const char *given, bool is_last)
{
    struct event_build build;
    begin(&build, number, "/c/");
    build.request.operation = OPERATION_REPORT_SYNC_COLLECTION;
    build.request.is_body_whole = true;
    build.request.has_sync_token = sent != NULL;
    build.request.sync_token = span_str(sent ? sent : "");
    build.end.operation = OPERATION_REPORT_SYNC_COLLECTION;
    build.end.root = ROOT_MULTISTATUS;
    build.end.flags = is_last ? 0 : DOCUMENT_TRUNCATED;
    build.end.has_sync_token = true;
    build.end.sync_token = span_str(given);
    end(&build);
}

static void pages_are_counted_for_each_synchronisation(void **state)
{
    (void)state;
    const struct histogram *pages = &routes.total.measures[MEASURE_PAGES];
    play_page(1, NULL, "1", false);
    play_page(2, "1", "2", false);
    play_page(3, "2", "3", true);
    assert_int_equal(pages->n, 1);
    assert_int_equal(pages->max, 3);
    play_page(4, "3", "4", true); /* goes on with nothing: that one was over */
    play_page(5, "4", "5", false);
    play_page(6, NULL, "6", true); /* not continued, but begun anew */
    assert_int_equal(pages->n, 4);
    assert_int_equal(pages->max, 3);
    assert_int_equal(histogram_quantile(pages, 50), 1);
}

static void tokens_that_look_like_credentials_lead_on_too(void **state)
{
    (void)state;
    play_page(1, NULL, "http://h/?sync-token=1", false);
    play_page(2, "http://h/?sync-token=1", "http://h/?sync-token=2", true);
    play_page(3, NULL, "http://h/?sync-token=3", false);
    play_page(4, "http://h/?sync-token=1", "http://h/?sync-token=2", true);
    assert_int_equal(routes.total.measures[MEASURE_PAGES].n, 3);
    assert_int_equal(routes.total.measures[MEASURE_PAGES].max, 2);
}

static void routes_beyond_the_limit_share_an_entry(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUTES_MAX + 20; i++) {
        struct event_build build;
        char target[32];
        snprintf(target, sizeof target, "/%u/", i);
        begin(&build, i + 1, target);
        end(&build);
    }
    struct routes_sorted sorted;
    assert_true(routes_sort(&routes, &sorted));
    assert_int_equal(sorted.n, ROUTES_MAX);
    assert_int_equal(routes.others.counts.n_documents, 20);
    assert_int_equal(routes.total.counts.n_documents, ROUTES_MAX + 20);
    free(sorted.routes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_and_what_is_in_it_are_one_collection, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_depends_on_a_failure_is_no_cause, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failures_are_told_by_status_and_condition, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(pairs_beyond_the_limit_are_counted_together, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(drift_and_what_the_server_calls_itself_are_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(items_bytes_and_pages_are_measured_of_whole_documents,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_are_counted_for_each_synchronisation, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(tokens_that_look_like_credentials_lead_on_too, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(routes_beyond_the_limit_share_an_entry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
