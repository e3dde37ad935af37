#include "output/finding.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};

struct fixture {
    struct findings findings;
    struct event_connection connection;
    struct witness witness;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    findings_init(&f->findings, &key);
    f->connection.client = (struct endpoint){{4, {192, 0, 2, 7}}, 50000};
    f->connection.server = (struct endpoint){{4, {192, 0, 2, 80}}, 80};
    f->witness = (struct witness){.connection = &f->connection, .place = {0, 0, 12, 15, 1000}};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    findings_free(&f->findings);
    free(f);
    return 0;
}

static struct sighting sighting_of(const char *rule, enum severity severity, const char *cause)
{
    struct sighting sighting = {
        .rule = rule_find(rule), .severity = severity, .owner = OWNER_SERVER};
    snprintf(sighting.cause, sizeof sighting.cause, "%s", cause);
    snprintf(sighting.detail, sizeof sighting.detail, "%s %s", rule, severity_name(severity));
    return sighting;
}

/* Takes the hrefs of the sighting. */
static void add(struct fixture *f, struct sighting *sighting)
{
    struct sightings all = {.items = {sighting}, .n = 1};
    findings_add(&f->findings, &all, &f->witness);
    top_free(&sighting->hrefs);
}

static void add_simple(struct fixture *f, const char *rule, enum severity severity,
                       const char *cause)
{
    struct sighting sighting = sighting_of(rule, severity, cause);
    add(f, &sighting);
}

static void assert_title(const struct finding *finding, const char *expected)
{
    char title[FINDING_TITLE_BYTES];
    finding_title(finding, title);
    assert_string_equal(title, expected);
}

static void occurrences_of_one_rule_cause_and_server_are_one_finding(void **state)
{
    struct fixture *f = *state;
    add_simple(f, "D36", SEVERITY_WARNING, "x");
    f->witness.place = (struct place){0, 0, 40, 41, 500};
    f->connection.client.address.bytes[3] = 8;
    add_simple(f, "D36", SEVERITY_ERROR, "x");
    f->witness.place = (struct place){0, 0, 50, 51, 700};
    add_simple(f, "D36", SEVERITY_INFO, "x");
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    assert_int_equal(sorted.n, 1);
    const struct finding *finding = sorted.findings[0];
    assert_int_equal(finding->n, 3);
    assert_int_equal(finding->n_exchanges, 3);
    assert_int_equal(finding->severity, SEVERITY_ERROR);
    assert_string_equal(finding->detail, "D36 error");
    assert_int_equal(finding->first_ns, 500);
    assert_int_equal(finding->last_ns, 1000);
    assert_int_equal(finding->clients.n, 2);
    assert_true(span_equal(top_text(&finding->clients.entries[0]), span_str("192.0.2.8")));
    assert_true(span_equal(top_text(&finding->servers.entries[0]), span_str("192.0.2.80:80")));
    assert_title(finding, "Something is locked: 3 times");
    free(sorted.findings);
}

static void another_cause_server_or_rule_is_another_finding(void **state)
{
    struct fixture *f = *state;
    add_simple(f, "D36", SEVERITY_WARNING, "x");
    add_simple(f, "D36", SEVERITY_WARNING, "y");
    add_simple(f, "D43", SEVERITY_WARNING, "x");
    f->connection.server.port = 81;
    add_simple(f, "D36", SEVERITY_WARNING, "x");
    assert_int_equal(findings_n(&f->findings), 4);
}

static void the_most_harmful_finding_comes_first(void **state)
{
    struct fixture *f = *state;
    add_simple(f, "D36", SEVERITY_WARNING, "");
    add_simple(f, "D36", SEVERITY_WARNING, "");
    add_simple(f, "D43", SEVERITY_WARNING, "");
    add_simple(f, "D44", SEVERITY_CRITICAL, "");
    add_simple(f, "D51", SEVERITY_INFO, "");
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    static const char *const order[] = {"D44", "D36", "D43", "D51"};
    assert_int_equal(sorted.n, 4);
    for (size_t i = 0; i < sorted.n; i++)
        assert_string_equal(sorted.findings[i]->rule->id, order[i]);
    free(sorted.findings);
}

static void the_first_places_stay_and_of_the_others_the_latest(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 1; i <= 100; i++) {
        f->witness.place.first_frame = i;
        add_simple(f, "D36", SEVERITY_WARNING, "");
    }
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    static const uint64_t frames[] = {1, 2, 3, 4, 97, 98, 99, 100};
    assert_int_equal(sorted.findings[0]->n_places, FINDING_MAX_PLACES);
    for (size_t i = 0; i < FINDING_MAX_PLACES; i++)
        assert_int_equal(sorted.findings[0]->places[i].first_frame, frames[i]);
    free(sorted.findings);
}

static void causes_beyond_the_limit_are_gathered_and_counted(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 1000; i++) {
        char cause[16];
        snprintf(cause, sizeof cause, "%u", i);
        add_simple(f, "D40", SEVERITY_INFO, cause);
    }
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    assert_int_equal(sorted.n, FINDINGS_OF_RULE + 1);
    assert_true(sorted.findings[0]->is_rest);
    assert_int_equal(sorted.findings[0]->n, 1000 - FINDINGS_OF_RULE);
    free(sorted.findings);
}

static void a_finding_that_is_old_makes_room_and_stays_counted(void **state)
{
    struct fixture *f = *state;
    char cause[16];
    for (unsigned i = 0; i < FINDINGS_OF_RULE; i++) {
        snprintf(cause, sizeof cause, "%u", i);
        f->witness.place.time_ns = 1000 + i;
        add_simple(f, "D40", i == 0 ? SEVERITY_ERROR : SEVERITY_INFO, cause);
    }
    f->witness.place.time_ns = 1000 + FINDING_LASTS_NS;
    add_simple(f, "D40", SEVERITY_INFO, "new");
    add_simple(f, "D40", SEVERITY_INFO, "newer");
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    assert_int_equal(sorted.n, FINDINGS_OF_RULE + 1);
    const struct finding *rest = sorted.findings[0]; /* with the error */
    assert_true(rest->is_rest);
    assert_int_equal(rest->n, 2);
    assert_int_equal(rest->n_exchanges, 2);
    assert_int_equal(rest->first_ns, 1000);
    assert_int_equal(rest->last_ns, 1000 + FINDING_LASTS_NS);
    assert_int_equal(rest->n_places, 2);
    assert_string_equal(rest->detail, "D40 error");
    size_t n_new = 0;
    for (size_t i = 0; i < sorted.n; i++)
        n_new += strcmp(sorted.findings[i]->cause, "new") == 0;
    assert_int_equal(n_new, 1);
    free(sorted.findings);
}

static void a_title_names_one_resource_and_counts_several(void **state)
{
    struct fixture *f = *state;
    struct sighting one = sighting_of("D36", SEVERITY_ERROR, "one");
    one.n_resources = 1;
    top_add(&one.hrefs, span_str("/docs/a\x1b[31m.txt"), 1);
    add(f, &one);
    struct sighting many = sighting_of("D36", SEVERITY_WARNING, "many");
    for (unsigned i = 0; i < 14; i++) {
        char href[32];
        snprintf(href, sizeof href, "/docs/%u/x", i);
        top_add(&many.hrefs, span_str(href), 1);
        many.n_resources++;
    }
    add(f, &many);
    struct findings_sorted sorted;
    assert_true(findings_sort(&f->findings, &sorted));
    assert_title(sorted.findings[0], "Something is locked: /docs/a?[31m.txt");
    assert_title(sorted.findings[1], "Something is locked: 14 resources in /docs/");
    free(sorted.findings);
}

static void what_was_in_doubt_is_meant_once_its_server_is_known(void **state)
{
    struct fixture *f = *state;
    struct sighting doubtful = sighting_of("D41", SEVERITY_INFO, "");
    struct findings_sorted sorted;
    doubtful.doubted = SEVERITY_WARNING;
    doubtful.doubt = 7;
    add(f, &doubtful);
    findings_confirm(&f->findings, 8);
    assert_true(findings_sort(&f->findings, &sorted));
    assert_int_equal(sorted.findings[0]->severity, SEVERITY_INFO);
    free(sorted.findings);
    findings_confirm(&f->findings, 7);
    assert_true(findings_sort(&f->findings, &sorted));
    assert_int_equal(sorted.findings[0]->severity, SEVERITY_WARNING);
    assert_int_equal(sorted.findings[0]->n, 1);
    free(sorted.findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(occurrences_of_one_rule_cause_and_server_are_one_finding,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_cause_server_or_rule_is_another_finding, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_most_harmful_finding_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_places_stay_and_of_the_others_the_latest, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(causes_beyond_the_limit_are_gathered_and_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_finding_that_is_old_makes_room_and_stays_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_title_names_one_resource_and_counts_several, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_in_doubt_is_meant_once_its_server_is_known, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
