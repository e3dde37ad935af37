#include "output/collect.h"
#include "output/tally.h"
#include "tests/support/event_build.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};

/* Events of documents into a tally. */
struct tallying {
    struct collect collect;
    struct tally tally;
};

static enum feed take(void *ctx, const struct event *event)
{
    struct tallying *t = ctx;
    struct record record;
    if (collect_event(&t->collect, event, &record) == COLLECT_RECORD)
        tally_add(&t->tally, &record);
    return FEED_OK;
}

static int set_up(void **state)
{
    struct tallying *t = calloc(1, sizeof *t);
    collect_init(&t->collect, NULL, RESOURCES_PROBLEMS, 0);
    tally_init(&t->tally, &key);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct tallying *t = *state;
    collect_free(&t->collect);
    tally_free(&t->tally);
    free(t);
    return 0;
}

static void begin(struct event_build *build, struct tallying *t, unsigned number)
{
    event_build_init(build, (struct event_sink){take, t}, number);
}

static void documents_are_counted_by_everything_that_is_asked(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    begin(&build, t, 1);
    build.exchange.request.fields[HTTP_USER_AGENT] = span_str("cadaver/0.23");
    event_build_status(&build, "/a", 200, OUTCOME_OK);
    event_build_status(&build, "/b", 423, OUTCOME_FAILED);
    event_build_end(&build, VERDICT_MIXED, NULL);
    begin(&build, t, 2);
    build.end.operation = OPERATION_DELETE;
    build.exchange.status = 424;
    build.connection.client.address.bytes[3] = 8;
    event_build_status(&build, "/b", 423, OUTCOME_FAILED);
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    const struct tally *tally = &t->tally;
    assert_int_equal(tally->total.n_documents, 2);
    assert_int_equal(tally->total.n_resources, 3);
    assert_int_equal(tally->total.by_verdict[VERDICT_MIXED], 1);
    assert_int_equal(tally->total.by_class[OUTCOME_FAILED], 2);
    assert_int_equal(tally->by_status[423], 2);
    assert_int_equal(tally->by_status[200], 1);
    assert_int_equal(tally->n_not_207, 1);
    assert_int_equal(roster_n_entries(&tally->operations), 2);
    assert_int_equal(roster_n_entries(&tally->clients), 2);
    assert_int_equal(roster_n_entries(&tally->servers), 1);
    assert_int_equal(roster_n_entries(&tally->user_agents), 1);
    assert_int_equal(problems_n(&tally->problems), 2); /* one an operation */
}

static void entries_are_sorted_by_problems_then_documents_then_name(void **state)
{
    struct tallying *t = *state;
    static const struct {
        const char *name;
        uint64_t n_documents, n_failed;
    } rows[] = {{"c", 1, 0}, {"b", 5, 0}, {"a", 1, 0}, {"bad", 1, 3}};
    for (size_t i = 0; i < 4; i++) {
        struct counts counts = {.n_documents = rows[i].n_documents};
        counts.by_class[OUTCOME_FAILED] = rows[i].n_failed;
        struct roster_key entry = {.name = span_str(rows[i].name)};
        assert_non_null(roster_add(&t->tally.operations, &entry, &counts));
    }
    struct roster_sorted sorted;
    assert_true(roster_sort(&t->tally.operations, &sorted));
    assert_int_equal(sorted.n, 4);
    assert_string_equal(sorted.entries[0]->name, "bad");
    assert_string_equal(sorted.entries[1]->name, "b");
    assert_string_equal(sorted.entries[2]->name, "a");
    assert_string_equal(sorted.entries[3]->name, "c");
    free(sorted.entries);
    assert_true(roster_sort(&t->tally.clients, &sorted));
    assert_null(sorted.entries);
    assert_int_equal(sorted.n, 0);
}

static void beyond_its_limit_a_roster_counts_the_others_together(void **state)
{
    struct tallying *t = *state;
    struct counts counts = {.n_documents = 1, .n_resources = 2};
    char name[16];
    for (unsigned i = 0; i < ROSTER_MAX_ENTRIES + 5; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        struct roster_key entry = {.name = span_str(name)};
        const struct roster_entry *added = roster_add(&t->tally.user_agents, &entry, &counts);
        assert_int_equal(added != NULL, i < ROSTER_MAX_ENTRIES);
    }
    struct roster_key first = {.name = span_str("0")};
    assert_int_equal(roster_add(&t->tally.user_agents, &first, &counts)->counts.n_documents, 2);
    assert_int_equal(roster_n_entries(&t->tally.user_agents), ROSTER_MAX_ENTRIES);
    assert_int_equal(t->tally.user_agents.others.n_documents, 5);
    assert_int_equal(t->tally.user_agents.others.n_resources, 10);
}

static void a_name_is_printable_and_cut(void **state)
{
    struct tallying *t = *state;
    char name[2 * ROSTER_NAME_BYTES];
    memset(name, 'x', sizeof name);
    name[0] = '\x1b';
    struct roster_key entry = {.name = span_of(name, sizeof name)};
    const struct roster_entry *added =
        roster_add(&t->tally.user_agents, &entry, &(struct counts){0});
    assert_int_equal(added->name[0], '?');
    assert_true(strlen(added->name) < ROSTER_NAME_BYTES);
    assert_non_null(strstr(added->name, "…"));
}

static void the_same_problem_is_kept_once_with_its_first_places(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    for (unsigned i = 1; i <= 5; i++) {
        begin(&build, t, i);
        event_build_status(&build, "/b", 423, OUTCOME_FAILED);
        event_build_status(&build, "/c?token=x", 424, OUTCOME_DEPENDENT);
        event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    }
    struct problems_sorted sorted;
    assert_true(problems_sort(&t->tally.problems, &sorted));
    assert_int_equal(sorted.n, 2);
    assert_true(span_equal(sorted.problems[0]->href, span_str("/b"))); /* failed before dependent */
    assert_true(span_equal(sorted.problems[1]->href, span_str("/c?token=***")));
    assert_int_equal(sorted.problems[0]->n, 5);
    assert_int_equal(sorted.problems[0]->status, 423);
    assert_int_equal(sorted.problems[0]->n_places, PROBLEM_MAX_PLACES);
    assert_int_equal(sorted.problems[0]->places[1].first_frame, 23);
    assert_int_equal(sorted.problems[0]->places[1].last_frame, 25);
    assert_int_equal(sorted.problems[0]->last_ns - sorted.problems[0]->first_ns,
                     INT64_C(240) * 1000000000);
    assert_string_equal(sorted.problems[0]->operation->name, "PROPFIND");
    assert_string_equal(sorted.problems[0]->server->name, "dav.example.org");
    free(sorted.problems);
}

static void failures_without_href_are_told_apart_by_uid(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    begin(&build, t, 1);
    struct span href = span_str("");
    for (unsigned i = 0; i < 3; i++) {
        struct resource resource = {.hrefs = &href,
                                    .n_hrefs = 1,
                                    .status = {.code = 403, .is_present = true},
                                    .uid = span_str(i == 0 ? "one" : "two"),
                                    .class = OUTCOME_FAILED};
        event_build_resource(&build, &resource);
    }
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    struct problems_sorted sorted;
    assert_true(problems_sort(&t->tally.problems, &sorted));
    assert_int_equal(sorted.n, 2);
    assert_true(span_equal(sorted.problems[0]->uid, span_str("two")));
    assert_int_equal(sorted.problems[0]->n, 2);
    assert_int_equal(sorted.problems[0]->n_places, 1); /* both in the same response */
    free(sorted.problems);
}

static void long_lists_of_conditions_keep_whole_names(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    struct name names[20];
    for (size_t i = 0; i < 20; i++)
        names[i] = (struct name){span_str("DAV:"), span_str("lock-token-submitted")};
    struct span href = span_str("/a");
    struct resource resource = {.hrefs = &href,
                                .n_hrefs = 1,
                                .status = {.code = 423, .is_present = true},
                                .conditions = {.names = names, .n = 20},
                                .class = OUTCOME_FAILED};
    begin(&build, t, 1);
    event_build_resource(&build, &resource);
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    struct problems_sorted sorted;
    assert_true(problems_sort(&t->tally.problems, &sorted));
    size_t len = strlen(sorted.problems[0]->conditions);
    assert_int_equal(len, 12 * strlen("lock-token-submitted ") - 1);
    free(sorted.problems);
}

static void beyond_their_limits_problems_are_only_counted(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    char href[32];
    begin(&build, t, 1);
    for (unsigned i = 0; i < PROBLEMS_MAX + 7; i++) {
        (void)snprintf(href, sizeof href, "/%u", i);
        event_build_status(&build, href, 403, OUTCOME_FAILED);
    }
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    assert_int_equal(problems_n(&t->tally.problems), PROBLEMS_MAX);
    assert_int_equal(t->tally.problems.n_more, 7);
    assert_int_equal(t->tally.total.by_class[OUTCOME_FAILED], PROBLEMS_MAX + 7);
}

static void problems_with_very_long_hrefs_take_bounded_memory(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    enum { HREF_BYTES = 1024 * 1024 };
    char *href = malloc(HREF_BYTES + 1);
    memset(href, 'x', HREF_BYTES);
    href[HREF_BYTES] = '\0';
    begin(&build, t, 1);
    for (unsigned i = 0; i < 20; i++) {
        href[0] = (char)('a' + i);
        event_build_status(&build, href, 403, OUTCOME_FAILED);
    }
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
    assert_int_equal(problems_n(&t->tally.problems), 15);
    assert_int_equal(t->tally.problems.n_more, 5);
    free(href);
}

static void documents_that_leave_things_open_are_kept_up_to_a_limit(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    static const struct {
        enum verdict verdict;
        const char *reason;
        bool is_doubt;
    } rows[] = {
        {VERDICT_ALL_OK, NULL, false},       {VERDICT_EMPTY, "no-match", false},
        {VERDICT_EMPTY, "suspicious", true}, {VERDICT_INCOMPLETE, "capture-gap", true},
        {VERDICT_ALL_FAILED, NULL, true}, /* nothing in it says what failed */
    };
    size_t n_expected = 0;
    for (unsigned i = 0; i < 5; i++) {
        begin(&build, t, i + 1);
        event_build_note(&build, ANOMALY_CAPTURE_GAP, 9, "");
        event_build_end(&build, rows[i].verdict, rows[i].reason);
        n_expected += rows[i].is_doubt;
        assert_int_equal(t->tally.n_doubts, n_expected);
    }
    assert_string_equal(t->tally.doubts[0].url, "http://dav.example.org/d/");
    assert_int_equal(t->tally.doubts[1].anomaly.kind, ANOMALY_CAPTURE_GAP);
    assert_int_equal(t->tally.doubts[1].place.first_frame, 43);
    for (unsigned i = 0; i < TALLY_MAX_DOUBTS; i++) {
        begin(&build, t, 100 + i);
        event_build_end(&build, VERDICT_UNDECODABLE, "html");
    }
    assert_int_equal(t->tally.n_doubts, TALLY_MAX_DOUBTS);
    assert_int_equal(t->tally.n_doubts_more, n_expected);
}

static void reasons_are_counted_by_verdict_up_to_a_limit(void **state)
{
    struct tallying *t = *state;
    struct event_build build;
    static char reasons[TALLY_MAX_REASONS + 1][8];
    for (unsigned i = 0; i <= TALLY_MAX_REASONS; i++) {
        (void)snprintf(reasons[i], sizeof reasons[i], "r%u", i);
        begin(&build, t, i + 1);
        event_build_end(&build, VERDICT_EMPTY, reasons[i]);
    }
    begin(&build, t, 900);
    event_build_end(&build, VERDICT_EMPTY, "r0");
    assert_int_equal(t->tally.n_reasons, TALLY_MAX_REASONS);
    assert_int_equal(t->tally.reasons[0].n, 2);
    assert_int_equal(t->tally.total.by_verdict[VERDICT_EMPTY], TALLY_MAX_REASONS + 2);
}

int main(void)
{
#define WITH_TALLY(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_TALLY(documents_are_counted_by_everything_that_is_asked),
        WITH_TALLY(entries_are_sorted_by_problems_then_documents_then_name),
        WITH_TALLY(beyond_its_limit_a_roster_counts_the_others_together),
        WITH_TALLY(a_name_is_printable_and_cut),
        WITH_TALLY(the_same_problem_is_kept_once_with_its_first_places),
        WITH_TALLY(failures_without_href_are_told_apart_by_uid),
        WITH_TALLY(long_lists_of_conditions_keep_whole_names),
        WITH_TALLY(beyond_their_limits_problems_are_only_counted),
        WITH_TALLY(problems_with_very_long_hrefs_take_bounded_memory),
        WITH_TALLY(documents_that_leave_things_open_are_kept_up_to_a_limit),
        WITH_TALLY(reasons_are_counted_by_verdict_up_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
