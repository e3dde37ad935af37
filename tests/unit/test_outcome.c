/* The rule table of DOMAIN.md 2.4 and 2.5 row by row, and how statuses add up to classes and
 * verdicts. */
#include "dissector/dav/outcome.h"
#include "dissector/dav/outcome_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof *(array))

static const char caldav[] = "urn:ietf:params:xml:ns:caldav";

/* ---- the rule table ---- */

struct expected_rule {
    enum operation operation;
    enum level level;
    uint16_t code;
    uint32_t facts;
    enum outcome class;
    uint32_t flag;
};

static const struct expected_rule expected_rules[] = {
    /* 2.4: codes without a row, read and written */
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 200, 0, OUTCOME_OK, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 206, 0, OUTCOME_OK, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 226, 0, OUTCOME_OK, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 299, 0, OUTCOME_OK, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 207, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 208, 0, OUTCOME_UNCHANGED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 304, 0, OUTCOME_UNCHANGED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 102, 0, OUTCOME_PENDING, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 202, 0, OUTCOME_PENDING, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 301, 0, OUTCOME_REDIRECT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 308, 0, OUTCOME_REDIRECT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 418, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 419, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 420, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 424, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 425, 0, OUTCOME_PENDING, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 425, FACT_STORAGE, OUTCOME_FAILED, 0},
    {OPERATION_SEARCH, LEVEL_RESOURCE, 425, FACT_STORAGE, OUTCOME_FAILED, 0},
    {OPERATION_SEARCH, LEVEL_RESOURCE, 425, 0, OUTCOME_PENDING, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 599, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 600, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 99, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 0, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_OTHER, LEVEL_RESOURCE, 404, 0, OUTCOME_FAILED, 0},
    {OPERATION_GET, LEVEL_RESOURCE, 404, 0, OUTCOME_ABSENT, 0},
    /* PROPFIND and what is read alike */
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 200, FACT_EMPTY_PROP | FACT_ALONE, OUTCOME_NEUTRAL, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 200, FACT_EMPTY_PROP, OUTCOME_OK, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 404, FACT_EMPTY_PROP | FACT_ALONE, OUTCOME_ABSENT, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 410, 0, OUTCOME_ABSENT, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 401, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 403, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 418, FACT_EMPTY_PROP, OUTCOME_NEUTRAL, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 418, 0, OUTCOME_UNKNOWN, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 500, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_PROPSTAT, 507, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 404, FACT_MEMBER, OUTCOME_ABSENT, RESOURCE_VANISHED},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 410, FACT_MEMBER, OUTCOME_ABSENT, RESOURCE_VANISHED},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 404, FACT_TARGET, OUTCOME_ABSENT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 410, FACT_TARGET, OUTCOME_ABSENT, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 403, FACT_MEMBER, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 508, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 507, FACT_TARGET, OUTCOME_FAILED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 507, FACT_TARGET | FACT_LATER, OUTCOME_TRUNCATED, 0},
    {OPERATION_PROPFIND, LEVEL_RESOURCE, 507, FACT_TARGET | FACT_LIMIT, OUTCOME_TRUNCATED, 0},
    {OPERATION_BPROPFIND, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_EXPAND_PROPERTY, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_FILTER_FILES, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    /* PROPPATCH */
    {OPERATION_PROPPATCH, LEVEL_PROPSTAT, 200, FACT_EMPTY_PROP | FACT_ALONE, OUTCOME_OK, 0},
    {OPERATION_PROPPATCH, LEVEL_PROPSTAT, 424, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_PROPPATCH, LEVEL_PROPSTAT, 403, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPPATCH, LEVEL_PROPSTAT, 404, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPPATCH, LEVEL_PROPSTAT, 418, 0, OUTCOME_FAILED, 0},
    {OPERATION_BPROPPATCH, LEVEL_PROPSTAT, 418, 0, OUTCOME_FAILED, 0},
    {OPERATION_PROPPATCH, LEVEL_RESOURCE, 507, 0, OUTCOME_FAILED, 0},
    /* DELETE, COPY, MOVE */
    {OPERATION_DELETE, LEVEL_RESOURCE, 423, 0, OUTCOME_FAILED, 0},
    {OPERATION_DELETE, LEVEL_RESOURCE, 424, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_DELETE, LEVEL_RESOURCE, 204, 0, OUTCOME_OK, 0},
    {OPERATION_DELETE, LEVEL_RESOURCE, 404, FACT_MEMBER, OUTCOME_OK, RESOURCE_ALREADY_GONE},
    {OPERATION_DELETE, LEVEL_RESOURCE, 410, FACT_MEMBER, OUTCOME_OK, RESOURCE_ALREADY_GONE},
    {OPERATION_DELETE, LEVEL_RESOURCE, 404, FACT_TARGET, OUTCOME_FAILED, 0},
    {OPERATION_COPY, LEVEL_RESOURCE, 404, FACT_MEMBER, OUTCOME_FAILED, 0},
    {OPERATION_MOVE, LEVEL_RESOURCE, 502, 0, OUTCOME_FAILED, 0},
    {OPERATION_BCOPY, LEVEL_RESOURCE, 201, 0, OUTCOME_OK, 0},
    /* LOCK, MKCOL, MKCALENDAR */
    {OPERATION_LOCK, LEVEL_PROPSTAT, 424, 0, OUTCOME_DEPENDENT, 0},
    {OPERATION_LOCK, LEVEL_RESOURCE, 423, 0, OUTCOME_FAILED, 0},
    {OPERATION_MKCALENDAR, LEVEL_PROPSTAT, 403, 0, OUTCOME_FAILED, 0},
    {OPERATION_MKCOL, LEVEL_PROPSTAT, 200, 0, OUTCOME_OK, 0},
    /* sync-collection */
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 404, FACT_MEMBER, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 410, FACT_MEMBER, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 404, FACT_MEMBER | FACT_INITIAL,
     OUTCOME_ABSENT, RESOURCE_TOMBSTONE_INITIAL},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 410, FACT_MEMBER | FACT_INITIAL,
     OUTCOME_ABSENT, RESOURCE_TOMBSTONE_INITIAL},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 404, FACT_TARGET | FACT_INITIAL,
     OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 404, FACT_TARGET | FACT_TOKEN,
     OUTCOME_FAILED, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 410, FACT_TARGET | FACT_TOKEN,
     OUTCOME_FAILED, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 403, 0, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 405, 0, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 201, 0, OUTCOME_OK, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 507, FACT_TARGET, OUTCOME_TRUNCATED, 0},
    {OPERATION_REPORT_SYNC_COLLECTION, LEVEL_RESOURCE, 507, FACT_MEMBER, OUTCOME_FAILED, 0},
    /* multiget */
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_PROPSTAT, 200, FACT_DATA, OUTCOME_OK, 0},
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_PROPSTAT, 404, FACT_DATA, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_PROPSTAT, 404, 0, OUTCOME_ABSENT, 0},
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_PROPSTAT, 404, FACT_EMPTY_PROP | FACT_ALONE,
     OUTCOME_FAILED, 0},
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_PROPSTAT, 403, FACT_DATA, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_ADDRESSBOOK_MULTIGET, LEVEL_RESOURCE, 404, 0, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_ADDRESSBOOK_MULTIGET, LEVEL_RESOURCE, 410, 0, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_CALENDAR_MULTIGET, LEVEL_RESOURCE, 301, 0, OUTCOME_REDIRECT, 0},
    /* queries, searches */
    {OPERATION_REPORT_CALENDAR_QUERY, LEVEL_RESOURCE, 507, FACT_TARGET, OUTCOME_TRUNCATED, 0},
    {OPERATION_REPORT_ADDRESSBOOK_QUERY, LEVEL_RESOURCE, 507, FACT_TARGET, OUTCOME_TRUNCATED, 0},
    {OPERATION_SEARCH, LEVEL_RESOURCE, 507, FACT_TARGET, OUTCOME_TRUNCATED, 0},
    {OPERATION_SEARCH, LEVEL_RESOURCE, 507, FACT_MEMBER, OUTCOME_TRUNCATED, 0}, /* the scope */
    {OPERATION_SEARCH, LEVEL_RESOURCE, 409, FACT_TARGET, OUTCOME_FAILED, 0},
    {OPERATION_REPORT_PRINCIPAL_PROPERTY_SEARCH, LEVEL_RESOURCE, 507, FACT_TARGET,
     OUTCOME_TRUNCATED, 0},
    /* versioning, bulk */
    {OPERATION_MERGE, LEVEL_RESOURCE, 200, 0, OUTCOME_OK, 0},
    {OPERATION_UPDATE, LEVEL_RESOURCE, 409, 0, OUTCOME_FAILED, 0},
    {OPERATION_POST_BULK, LEVEL_RESOURCE, 403, 0, OUTCOME_FAILED, 0},
    {OPERATION_POST_BULK, LEVEL_PROPSTAT, 424, 0, OUTCOME_DEPENDENT, 0},
};

static void every_row_of_the_rule_table_gives_its_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(expected_rules); i++) {
        const struct expected_rule *e = &expected_rules[i];
        struct ruling got = outcome_rule(e->operation, e->level, e->code, e->facts);
        if (got.class != e->class || got.flag != e->flag)
            fail_msg("row %zu (%s %s %u): class %d, flag %#x", i, operation_name(e->operation),
                     e->level == LEVEL_PROPSTAT ? "P" : "R", e->code, (int)got.class, got.flag);
    }
}

static size_t row_of(const struct expected_rule *e)
{
    return outcome_rule_row(e->operation, e->level, e->code, e->facts);
}

static bool differ_in_one(const struct expected_rule *a, const struct expected_rule *b)
{
    return (a->operation != b->operation) + (a->level != b->level) + (a->code != b->code) +
               (a->facts != b->facts) ==
           1;
}

/* What another row, or none, decides, and the row would if one thing were otherwise. */
static bool has_near_miss(size_t row)
{
    for (size_t i = 0; i < ARRAY_LEN(expected_rules); i++)
        for (size_t j = 0; row_of(&expected_rules[i]) == row && j < ARRAY_LEN(expected_rules); j++)
            if (row_of(&expected_rules[j]) != row &&
                differ_in_one(&expected_rules[i], &expected_rules[j]))
                return true;
    return false;
}

static bool is_expected(size_t row)
{
    for (size_t i = 0; i < ARRAY_LEN(expected_rules); i++)
        if (row_of(&expected_rules[i]) == row)
            return true;
    return false;
}

static void no_row_of_the_rule_table_is_without_a_case_and_a_near_miss(void **state)
{
    (void)state;
    for (size_t row = 0; row < outcome_n_rules(); row++)
        if (!is_expected(row) || !has_near_miss(row))
            fail_msg("row %zu: no %s", row, is_expected(row) ? "near miss" : "case");
}

/* ---- resources ---- */

/* A resource under construction: one href and up to four propstats. */
struct sample {
    struct resource resource;
    struct span href;
    struct propstat propstats[4];
    struct name names[4];
};

static struct sample *with_status(struct sample *s, const char *href, uint16_t code)
{
    *s = (struct sample){.href = span_str(href)};
    s->resource.hrefs = &s->href;
    s->resource.n_hrefs = 1;
    s->resource.status = (struct status_line){.code = code, .is_present = code != 0};
    s->resource.propstats = s->propstats;
    return s;
}

/* local NULL: the propstat's prop is empty. */
static struct sample *add_propstat(struct sample *s, uint16_t code, const char *local)
{
    size_t i = s->resource.n_propstats++;
    s->names[i] = (struct name){span_str("DAV:"), span_str(local)};
    s->propstats[i] = (struct propstat){.status = {.code = code, .is_present = true},
                                        .has_prop = true,
                                        .properties = &s->names[i],
                                        .n_properties = local ? 1 : 0};
    return s;
}

static struct request asked(enum operation operation)
{
    return (struct request){.is_seen = true,
                            .operation = operation,
                            .target = span_str("/d/"),
                            .destination = span_str("/e/"),
                            .is_body_whole = true,
                            .has_sync_token = true};
}

/* As reconcile does it. */
static void relate(struct sample *s, const struct request *request)
{
    if (!request->is_seen)
        return;
    s->resource.relation = href_relation(request->target, s->href);
    enum relation relation = href_relation(request->destination, s->href);
    s->resource.is_of_destination = relation == RELATION_SELF || relation == RELATION_MEMBER;
    if (s->resource.is_of_destination)
        s->resource.relation = relation;
}

static enum outcome judged(struct sample *s, const struct request *request)
{
    struct outcome_tally none = {0};
    relate(s, request);
    outcome_judge(&s->resource, s->propstats, &none, request);
    return s->resource.class;
}

static void a_read_that_delivered_something_is_ok_and_degraded_by_failures(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPFIND);
    with_status(&s, "/d/a", 0);
    add_propstat(add_propstat(&s, 200, "getetag"), 403, "acl");
    assert_int_equal(judged(&s, &request), OUTCOME_OK);
    assert_int_equal(s.resource.flags, RESOURCE_DEGRADED);
    assert_int_equal(s.propstats[1].class, OUTCOME_FAILED);
}

static void a_multiget_without_the_data_failed_whatever_else_it_delivers(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_REPORT_CALENDAR_MULTIGET);
    add_propstat(add_propstat(with_status(&s, "/d/a", 0), 200, "getetag"), 403, "calendar-data");
    s.names[1].space = span_str(caldav);
    assert_int_equal(judged(&s, &request), OUTCOME_FAILED);
    add_propstat(add_propstat(with_status(&s, "/d/a", 0), 200, "calendar-data"), 403, "acl");
    s.names[0].space = span_str(caldav);
    assert_int_equal(judged(&s, &request), OUTCOME_OK);
    request = asked(OPERATION_REPORT_CALENDAR_QUERY);
    add_propstat(add_propstat(with_status(&s, "/d/a", 0), 200, "getetag"), 403, "calendar-data");
    s.names[1].space = span_str(caldav);
    assert_int_equal(judged(&s, &request), OUTCOME_OK);
    assert_int_equal(s.resource.flags, RESOURCE_DEGRADED);
}

static enum outcome judged_in(struct sample *s, struct outcome_tally *tally)
{
    struct request unseen = {0};
    outcome_judge(&s->resource, s->propstats, tally, &unseen);
    outcome_add(tally, &s->resource);
    return s->resource.class;
}

static struct sample *with_data(struct sample *s, const char *href)
{
    add_propstat(with_status(s, href, 0), 200, "calendar-data");
    s->names[0].space = span_str(caldav);
    return s;
}

static void without_the_request_a_404_before_any_property_is_not_known(void **state)
{
    (void)state;
    struct sample s;
    struct request unseen = {0};
    struct outcome_tally tally = {.root = ROOT_MULTISTATUS};
    const char *reason;
    assert_int_equal(judged_in(with_status(&s, "/d/a", 404), &tally), OUTCOME_UNKNOWN);
    assert_int_equal(judged_in(with_status(&s, "/d/b", 410), &tally), OUTCOME_UNKNOWN);
    assert_int_equal(outcome_verdict(&tally, &unseen, 207, &reason), VERDICT_UNDECODABLE);
    assert_int_equal(judged_in(with_data(&s, "/d/c"), &tally), OUTCOME_OK);
    assert_int_equal(outcome_operation(&tally, &unseen), OPERATION_REPORT_CALENDAR_MULTIGET);
    assert_int_equal(outcome_verdict(&tally, &unseen, 207, &reason), VERDICT_MIXED);
    assert_string_equal(reason, "status-unknown");
}

static void without_the_request_a_404_behind_data_is_the_failure_of_a_multiget(void **state)
{
    (void)state;
    struct sample s;
    struct request unseen = {0};
    struct outcome_tally tally = {.root = ROOT_MULTISTATUS};
    const char *reason;
    assert_int_equal(judged_in(with_data(&s, "/d/c"), &tally), OUTCOME_OK);
    assert_int_equal(judged_in(with_status(&s, "/d/a", 404), &tally), OUTCOME_FAILED);
    assert_int_equal(outcome_verdict(&tally, &unseen, 207, &reason), VERDICT_MIXED);
    assert_null(reason);
}

static void a_404_between_properties_and_data_keeps_a_guessed_multiget_from_being_ok(void **state)
{
    (void)state;
    struct sample s;
    struct request unseen = {0};
    struct outcome_tally tally = {.root = ROOT_MULTISTATUS};
    const char *reason;
    add_propstat(with_status(&s, "/d/", 0), 200, "getetag");
    assert_int_equal(judged_in(&s, &tally), OUTCOME_OK);
    assert_int_equal(judged_in(with_status(&s, "/d/a", 404), &tally), OUTCOME_ABSENT);
    assert_int_equal(outcome_verdict(&tally, &unseen, 207, &reason), VERDICT_ALL_OK);
    assert_int_equal(judged_in(with_data(&s, "/d/c"), &tally), OUTCOME_OK);
    assert_int_equal(outcome_verdict(&tally, &unseen, 207, &reason), VERDICT_MIXED);
    assert_string_equal(reason, "status-unknown");
}

static void a_read_without_any_of_the_named_properties_still_exists(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPFIND);
    add_propstat(with_status(&s, "/d/a", 0), 404, "quota");
    assert_int_equal(judged(&s, &request), OUTCOME_OK);
    assert_int_equal(s.resource.flags, RESOURCE_NO_REQUESTED_PROPERTY);
}

static void a_404_over_an_empty_prop_is_an_absent_resource(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPFIND);
    add_propstat(with_status(&s, "/d/a", 0), 404, NULL);
    assert_int_equal(judged(&s, &request), OUTCOME_ABSENT);
}

static void placeholders_alone_leave_an_existing_resource(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPFIND);
    add_propstat(with_status(&s, "/d/a", 0), 418, NULL);
    assert_int_equal(judged(&s, &request), OUTCOME_OK);
    assert_int_equal(s.resource.flags, RESOURCE_NO_PROPERTIES);
}

static void a_refused_proppatch_fails_whatever_else_is_said(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPPATCH);
    add_propstat(add_propstat(with_status(&s, "/d/", 0), 424, "displayname"), 403, "getetag");
    assert_int_equal(judged(&s, &request), OUTCOME_FAILED);
    assert_int_equal(s.resource.flags, 0);
    assert_int_equal(s.resource.retry, RETRY_AFTER_FIX);
    add_propstat(add_propstat(with_status(&s, "/d/", 0), 200, "displayname"), 403, "getetag");
    assert_int_equal(judged(&s, &request), OUTCOME_FAILED);
    assert_int_equal(s.resource.flags, RESOURCE_CONTRADICTION);
}

static void a_proppatch_without_culprit_says_so(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPPATCH);
    add_propstat(with_status(&s, "/d/", 0), 424, "displayname");
    assert_int_equal(judged(&s, &request), OUTCOME_FAILED);
    assert_int_equal(s.resource.flags, RESOURCE_CULPRIT_MISSING);
}

static void a_success_beside_an_error_condition_contradicts_itself(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_DELETE);
    static const struct name locked = {{(const uint8_t *)"DAV:", 4},
                                       {(const uint8_t *)"lock-token-submitted", 20}};
    with_status(&s, "/d/a", 423)->resource.conditions =
        (struct conditions){.names = &locked, .n = 1};
    assert_int_equal(judged(&s, &request), OUTCOME_FAILED);
    assert_int_equal(s.resource.flags, 0);
    with_status(&s, "/d/a", 204)->resource.conditions =
        (struct conditions){.names = &locked, .n = 1};
    judged(&s, &request);
    assert_int_equal(s.resource.flags, RESOURCE_CONTRADICTION);
    add_propstat(with_status(&s, "/d/a", 0), 200, "getetag");
    s.propstats[0].conditions = (struct conditions){.names = &locked, .n = 1};
    judged(&s, &request);
    assert_int_equal(s.resource.flags, RESOURCE_CONTRADICTION);
}

static void a_lock_that_depends_on_another_resource_is_dependent(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_LOCK);
    add_propstat(with_status(&s, "/d/", 0), 424, "lockdiscovery");
    assert_int_equal(judged(&s, &request), OUTCOME_DEPENDENT);
}

static void a_status_of_300_or_more_beats_propstats_beside_it(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_REPORT_SYNC_COLLECTION);
    add_propstat(with_status(&s, "/d/a.ics", 404), 418, NULL);
    assert_int_equal(judged(&s, &request), OUTCOME_ABSENT);
    add_propstat(with_status(&s, "/d/a.ics", 200), 404, NULL);
    assert_int_equal(judged(&s, &request), OUTCOME_ABSENT);
}

static void a_first_synchronisation_must_not_list_removals(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_REPORT_SYNC_COLLECTION);
    request.has_sync_token = false;
    assert_int_equal(judged(with_status(&s, "/d/a.ics", 404), &request), OUTCOME_ABSENT);
    assert_int_equal(s.resource.flags, RESOURCE_TOMBSTONE_INITIAL);
}

static void a_resource_that_was_not_wholly_seen_is_unknown(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_PROPFIND);
    add_propstat(with_status(&s, "/d/a", 0), 200, "getetag");
    s.resource.flags = RESOURCE_PARTIAL;
    assert_int_equal(judged(&s, &request), OUTCOME_UNKNOWN);
}

static void neither_status_nor_propstat_is_unknown(void **state)
{
    (void)state;
    struct sample s;
    struct request request = asked(OPERATION_DELETE);
    assert_int_equal(judged(with_status(&s, "/d/a", 0), &request), OUTCOME_UNKNOWN);
}

static void retry_follows_the_status(void **state)
{
    static const struct {
        uint16_t code;
        enum retry retry;
    } rows[] = {
        {423, RETRY_LATER},     {429, RETRY_LATER},     {500, RETRY_LATER},
        {502, RETRY_LATER},     {503, RETRY_LATER},     {504, RETRY_LATER},
        {401, RETRY_AFTER_FIX}, {403, RETRY_AFTER_FIX}, {409, RETRY_AFTER_FIX},
        {412, RETRY_AFTER_FIX}, {415, RETRY_AFTER_FIX}, {422, RETRY_AFTER_FIX},
        {507, RETRY_AFTER_FIX}, {508, RETRY_AFTER_FIX}, {400, RETRY_NEVER},
        {405, RETRY_NEVER},     {410, RETRY_NEVER},     {413, RETRY_NEVER},
        {501, RETRY_NEVER},     {204, RETRY_NONE},      {425, RETRY_LATER},
    };
    (void)state;
    struct request request = asked(OPERATION_COPY);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sample s;
        judged(with_status(&s, "/d/a", rows[i].code), &request);
        if (s.resource.retry != rows[i].retry)
            fail_msg("%u: retry %d", rows[i].code, (int)s.resource.retry);
    }
}

/* ---- documents ---- */

struct item {
    const char *href;
    uint16_t code;
    uint16_t propstat_codes[2];
};

static struct outcome_tally tallied(const struct item *items, size_t n,
                                    const struct request *request)
{
    struct outcome_tally tally = {0};
    for (size_t i = 0; i < n; i++) {
        struct sample s;
        with_status(&s, items[i].href, items[i].code);
        s.resource.ordinal = i;
        for (int k = 0; k < 2 && items[i].propstat_codes[k]; k++)
            add_propstat(&s, items[i].propstat_codes[k], "getetag");
        relate(&s, request);
        outcome_judge(&s.resource, s.propstats, &tally, request);
        outcome_add(&tally, &s.resource);
    }
    return tally;
}

struct expected_verdict {
    const char *what;
    enum operation operation;
    uint16_t http_status;
    struct item items[3];
    enum verdict verdict;
    const char *reason;
};

static const struct expected_verdict expected_verdicts[] = {
    {"listing with an absent property",
     OPERATION_PROPFIND,
     207,
     {{"/d/", 0, {200, 404}}, {"/d/a", 0, {200}}},
     VERDICT_ALL_OK,
     NULL},
    {"listing with an unreadable member",
     OPERATION_PROPFIND,
     207,
     {{"/d/", 0, {200}}, {"/d/a", 403, {0}}},
     VERDICT_MIXED,
     NULL},
    {"listing with nothing but refusals",
     OPERATION_PROPFIND,
     207,
     {{"/d/", 403, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"listing without resources", OPERATION_PROPFIND, 207, {{0}}, VERDICT_EMPTY, "suspicious"},
    {"listing of what is not there",
     OPERATION_PROPFIND,
     207,
     {{"/d/", 404, {0}}},
     VERDICT_EMPTY,
     "target-absent"},
    {"query without a match",
     OPERATION_REPORT_CALENDAR_QUERY,
     207,
     {{0}},
     VERDICT_EMPTY,
     "no-match"},
    {"search without a hit", OPERATION_SEARCH, 207, {{0}}, VERDICT_EMPTY, "no-match"},
    {"synchronisation without a change",
     OPERATION_REPORT_SYNC_COLLECTION,
     207,
     {{0}},
     VERDICT_EMPTY,
     "no-match"},
    {"multiget without an answer",
     OPERATION_REPORT_CALENDAR_MULTIGET,
     207,
     {{0}},
     VERDICT_EMPTY,
     "suspicious"},
    {"write without an item", OPERATION_DELETE, 207, {{0}}, VERDICT_EMPTY, "suspicious"},
    {"delta with a removal and a page end",
     OPERATION_REPORT_SYNC_COLLECTION,
     207,
     {{"/d/1.ics", 0, {200}}, {"/d/2.ics", 404, {0}}, {"/d/", 507, {0}}},
     VERDICT_ALL_OK,
     NULL},
    {"multiget with one gone",
     OPERATION_REPORT_CALENDAR_MULTIGET,
     207,
     {{"/d/1.ics", 0, {200}}, {"/d/2.ics", 404, {0}}},
     VERDICT_MIXED,
     NULL},
    {"refused PROPPATCH",
     OPERATION_PROPPATCH,
     207,
     {{"/d/", 0, {424, 403}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"PROPPATCH that claims partial success",
     OPERATION_PROPPATCH,
     207,
     {{"/d/", 0, {200, 403}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"PROPPATCH that worked", OPERATION_PROPPATCH, 207, {{"/d/", 0, {200}}}, VERDICT_ALL_OK, NULL},
    {"DELETE that left one", OPERATION_DELETE, 207, {{"/d/x", 423, {0}}}, VERDICT_MIXED, NULL},
    {"DELETE refused in validation",
     OPERATION_DELETE,
     207,
     {{"/d/x", 423, {0}}, {"/d/", 424, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"DELETE that broke off",
     OPERATION_DELETE,
     207,
     {{"/d/x", 500, {0}}, {"/d/", 424, {0}}},
     VERDICT_MIXED,
     NULL},
    {"DELETE under a top-level 424",
     OPERATION_DELETE,
     424,
     {{"/d/x", 423, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"DELETE answered for the target alone",
     OPERATION_DELETE,
     207,
     {{"/d/", 403, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"DELETE that worked", OPERATION_DELETE, 200, {{"/d/", 200, {0}}}, VERDICT_ALL_OK, NULL},
    {"DELETE of what lies in a locked folder",
     OPERATION_DELETE,
     207,
     {{"/", 423, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"COPY with one failure", OPERATION_COPY, 207, {{"/e/x", 409, {0}}}, VERDICT_MIXED, NULL},
    {"COPY answered for the destination alone",
     OPERATION_COPY,
     207,
     {{"/e/", 412, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"MOVE answered for the destination alone",
     OPERATION_MOVE,
     207,
     {{"/e/", 404, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"MOVE not executed",
     OPERATION_MOVE,
     207,
     {{"/d/x", 423, {0}}, {"/d/", 424, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"LOCK refused below",
     OPERATION_LOCK,
     207,
     {{"/d/x", 423, {0}}, {"/d/", 424, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"LOCK under 207 is never granted",
     OPERATION_LOCK,
     207,
     {{"/d/", 200, {0}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"MKCALENDAR refused",
     OPERATION_MKCALENDAR,
     207,
     {{"/d/", 0, {200, 403}}},
     VERDICT_ALL_FAILED,
     NULL},
    {"bulk change with one refusal",
     OPERATION_POST_BULK,
     207,
     {{"/d/9.ics", 0, {200}}, {"", 403, {0}}, {"", 403, {0}}},
     VERDICT_MIXED,
     NULL},
    {"nothing but unreadable statuses",
     OPERATION_PROPFIND,
     207,
     {{"/d/", 0, {0}}},
     VERDICT_UNDECODABLE,
     "status-unknown"},
};

static void every_kind_of_document_gets_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(expected_verdicts); i++) {
        const struct expected_verdict *e = &expected_verdicts[i];
        struct request request = asked(e->operation);
        size_t n = 0;
        while (n < ARRAY_LEN(e->items) && e->items[n].href)
            n++;
        request.n_hrefs = n + 1;
        struct outcome_tally tally = tallied(e->items, n, &request);
        const char *reason;
        enum verdict got = outcome_verdict(&tally, &request, e->http_status, &reason);
        if (got != e->verdict || !span_equal(span_str(reason), span_str(e->reason)))
            fail_msg("%s: verdict %d, reason %s", e->what, (int)got, reason ? reason : "none");
    }
}

static void unlisted_targets_of_a_batch_method_count_as_done(void **state)
{
    (void)state;
    static const struct item failure[] = {{"/d/x", 423, {0}}};
    struct request request = asked(OPERATION_BDELETE);
    const char *reason;
    request.n_hrefs = 3;
    struct outcome_tally tally = tallied(failure, 1, &request);
    assert_int_equal(outcome_verdict(&tally, &request, 207, &reason), VERDICT_MIXED);
    request.n_hrefs = 1;
    assert_int_equal(outcome_verdict(&tally, &request, 207, &reason), VERDICT_ALL_FAILED);
}

static void an_unseen_operation_is_told_from_the_shape(void **state)
{
    (void)state;
    struct request unseen = {0};
    static const struct item listing[] = {{"/d/", 0, {200}}, {"/d/a", 404, {0}}};
    static const struct item failures[] = {{"/d/x", 423, {0}}, {"/d/", 424, {0}}};
    struct outcome_tally tally = tallied(listing, 2, &unseen);
    assert_int_equal(outcome_operation(&tally, &unseen), OPERATION_PROPFIND);
    tally = tallied(failures, 2, &unseen);
    assert_int_equal(outcome_operation(&tally, &unseen), OPERATION_DELETE);
    tally.root = ROOT_ERROR; /* may be the answer to anything */
    assert_int_equal(outcome_operation(&tally, &unseen), OPERATION_OTHER);
    tally.root = ROOT_MULTISTATUS;
    tally.has_sync_token = true;
    assert_int_equal(outcome_operation(&tally, &unseen), OPERATION_REPORT_SYNC_COLLECTION);

    struct sample s;
    add_propstat(with_status(&s, "/c/a.ics", 0), 200, "calendar-data");
    s.names[0].space = span_str(caldav);
    struct outcome_tally data = {0};
    outcome_judge(&s.resource, s.propstats, &data, &unseen);
    outcome_add(&data, &s.resource);
    assert_int_equal(outcome_operation(&data, &unseen), OPERATION_REPORT_CALENDAR_QUERY);
}

static void flags_of_the_whole_document(void **state)
{
    (void)state;
    struct outcome_tally none = {0};
    struct request request = asked(OPERATION_REPORT_SYNC_COLLECTION);
    assert_int_equal(outcome_flags(&none, &request, 207), DOCUMENT_TOKEN_MISSING);
    none.has_sync_token = true;
    assert_int_equal(outcome_flags(&none, &request, 207), 0);
    request = asked(OPERATION_PUT);
    assert_int_equal(outcome_flags(&none, &request, 207), DOCUMENT_UNEXPECTED);
    request = asked(OPERATION_MKCALENDAR);
    static const struct item done[] = {{"/d/", 0, {200}}};
    struct outcome_tally tally = tallied(done, 1, &request);
    assert_int_equal(outcome_flags(&tally, &request, 207), DOCUMENT_UNUSUAL);
    request = asked(OPERATION_MKCOL);
    assert_int_equal(outcome_flags(&tally, &request, 207), DOCUMENT_UNUSUAL);
    request.is_bodiless = true;
    assert_int_equal(outcome_flags(&tally, &request, 207), DOCUMENT_UNEXPECTED);
    assert_int_equal(outcome_flags(&tally, &request, 403), 0);
    request = asked(OPERATION_REPORT_CALENDAR_QUERY);
    static const struct item page[] = {{"/d/", 507, {0}}, {"/d/x", 0, {0}}};
    tally = tallied(page, 2, &request);
    assert_int_equal(outcome_flags(&tally, &request, 207), DOCUMENT_TRUNCATED | DOCUMENT_UNKNOWN);
}

static void several_hrefs_count_one_each(void **state)
{
    (void)state;
    struct sample s;
    struct span hrefs[2] = {span_str("/d/a"), span_str("/d/b")};
    struct request request = asked(OPERATION_DELETE);
    struct outcome_tally tally = {0};
    with_status(&s, "/d/a", 423);
    s.resource.hrefs = hrefs;
    s.resource.n_hrefs = 2;
    outcome_judge(&s.resource, s.propstats, &tally, &request);
    outcome_add(&tally, &s.resource);
    assert_int_equal(tally.n_resources, 2);
    assert_int_equal(tally.by_class[OUTCOME_FAILED], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_rule_table_gives_its_class),
        cmocka_unit_test(no_row_of_the_rule_table_is_without_a_case_and_a_near_miss),
        cmocka_unit_test(a_read_that_delivered_something_is_ok_and_degraded_by_failures),
        cmocka_unit_test(a_multiget_without_the_data_failed_whatever_else_it_delivers),
        cmocka_unit_test(without_the_request_a_404_before_any_property_is_not_known),
        cmocka_unit_test(without_the_request_a_404_behind_data_is_the_failure_of_a_multiget),
        cmocka_unit_test(a_404_between_properties_and_data_keeps_a_guessed_multiget_from_being_ok),
        cmocka_unit_test(a_read_without_any_of_the_named_properties_still_exists),
        cmocka_unit_test(a_404_over_an_empty_prop_is_an_absent_resource),
        cmocka_unit_test(placeholders_alone_leave_an_existing_resource),
        cmocka_unit_test(a_refused_proppatch_fails_whatever_else_is_said),
        cmocka_unit_test(a_proppatch_without_culprit_says_so),
        cmocka_unit_test(a_success_beside_an_error_condition_contradicts_itself),
        cmocka_unit_test(a_lock_that_depends_on_another_resource_is_dependent),
        cmocka_unit_test(a_status_of_300_or_more_beats_propstats_beside_it),
        cmocka_unit_test(a_first_synchronisation_must_not_list_removals),
        cmocka_unit_test(a_resource_that_was_not_wholly_seen_is_unknown),
        cmocka_unit_test(neither_status_nor_propstat_is_unknown),
        cmocka_unit_test(retry_follows_the_status),
        cmocka_unit_test(every_kind_of_document_gets_its_verdict),
        cmocka_unit_test(unlisted_targets_of_a_batch_method_count_as_done),
        cmocka_unit_test(an_unseen_operation_is_told_from_the_shape),
        cmocka_unit_test(flags_of_the_whole_document),
        cmocka_unit_test(several_hrefs_count_one_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
