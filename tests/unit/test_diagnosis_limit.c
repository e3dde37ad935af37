/* The limits of the rules at work: what finds no room is counted, and nothing grows. */
#include "output/diagnosis.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key hash_key = {1, 2};
static struct diagnosis diagnosis;
static struct event_connection connection;
static struct exchange exchange;
static struct request request;

static int set_up(void **state)
{
    (void)state;
    diagnosis_init(&diagnosis, &hash_key);
    connection = (struct event_connection){
        .client = {{4, {192, 0, 2, 7}}, 50000},
        .server = {{4, {192, 0, 2, 80}}, 80},
    };
    exchange = (struct exchange){
        .method = span_str("PROPPATCH"), .target = span_str("/d/"), .status = 207};
    request = (struct request){.is_seen = true, .operation = OPERATION_PROPPATCH};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    diagnosis_free(&diagnosis);
    return 0;
}

static void take(enum event_kind kind, uint64_t document, const struct resource *resource)
{
    static const struct document_end end = {
        .operation = OPERATION_PROPPATCH, .root = ROOT_MULTISTATUS, .verdict = VERDICT_ALL_FAILED};
    const struct event event = {
        .kind = kind,
        .origin = {.ordinal = 1, .frame = 1, .time_ns = 1000},
        .connection = &connection,
        .exchange = &exchange,
        .request = &request,
        .document = document,
        .resource = resource,
        .end = kind == EVENT_DOCUMENT_END ? &end : NULL,
    };
    assert_int_equal(diagnosis_event(&diagnosis, &event), FEED_OK);
    if (kind == EVENT_DOCUMENT_END)
        diagnosis_settle(&diagnosis, true);
}

/* A property that may not be set: D40, with the property as cause. */
static void take_refusal(uint64_t document, const char *property)
{
    const struct span href = span_str("/d/x");
    const struct name protected = {span_str("DAV:"), span_str("cannot-modify-protected-property")};
    const struct name name = {span_str("DAV:"), span_str(property)};
    const struct propstat propstat = {
        .status = {.code = 403, .is_present = true},
        .has_prop = true,
        .properties = &name,
        .n_properties = 1,
        .conditions = {.names = &protected, .n = 1},
        .class = OUTCOME_FAILED,
    };
    const struct resource resource = {
        .hrefs = &href,
        .n_hrefs = 1,
        .propstats = &propstat,
        .n_propstats = 1,
        .relation = RELATION_MEMBER,
        .class = OUTCOME_FAILED,
    };
    take(EVENT_RESOURCE, document, &resource);
}

static size_t n_of_rule(const char *id)
{
    struct findings_sorted sorted;
    size_t n = 0;
    assert_true(findings_sort(&diagnosis.findings, &sorted));
    for (size_t i = 0; i < sorted.n; i++)
        n += strcmp(sorted.findings[i]->rule->id, id) == 0;
    free(sorted.findings);
    return n;
}

static void documents_beyond_the_limit_are_not_looked_at_and_counted(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= DIAGNOSIS_MAX_OPEN + 1; i++)
        take(EVENT_DOCUMENT_BEGIN, i, NULL);
    take_refusal(DIAGNOSIS_MAX_OPEN + 1, "getetag");
    take(EVENT_DOCUMENT_END, DIAGNOSIS_MAX_OPEN + 1, NULL);
    assert_int_equal(n_of_rule("D40"), 0);
    assert_int_equal(diagnosis.findings.n_lost, 1);
    take_refusal(1, "getetag");
    take(EVENT_DOCUMENT_END, 1, NULL);
    assert_int_equal(n_of_rule("D40"), 1);
    assert_int_equal(diagnosis.findings.n_lost, 1);
}

static void causes_of_one_document_beyond_the_limit_are_counted(void **state)
{
    char property[32];
    (void)state;
    for (unsigned i = 0; i <= SIGHTINGS_MAX; i++) {
        snprintf(property, sizeof property, "p%u", i);
        take_refusal(1, property);
        assert_int_equal(diagnosis.findings.n_lost, 0);
    }
    take(EVENT_DOCUMENT_END, 1, NULL);
    assert_int_equal(diagnosis.findings.n_lost, 1);
    assert_true(n_of_rule("D40") > SIGHTINGS_MAX / 2);
}

static void endless_causes_and_details_are_cut(void **state)
{
    static char property[2000];
    (void)state;
    memset(property, 'p', sizeof property - 1);
    take_refusal(1, property);
    take(EVENT_DOCUMENT_END, 1, NULL);
    struct findings_sorted sorted;
    assert_true(findings_sort(&diagnosis.findings, &sorted));
    for (size_t i = 0; i < sorted.n; i++) {
        assert_true(strlen(sorted.findings[i]->cause) < SIGHTING_CAUSE_BYTES);
        assert_true(strlen(sorted.findings[i]->detail) < SIGHTING_DETAIL_BYTES);
    }
    free(sorted.findings);
    assert_int_equal(n_of_rule("D40"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(documents_beyond_the_limit_are_not_looked_at_and_counted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(causes_of_one_document_beyond_the_limit_are_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(endless_causes_and_details_are_cut, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
