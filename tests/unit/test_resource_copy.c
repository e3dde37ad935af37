/* Which resources are alike. */
#include "dissector/dav/resource_copy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct span hrefs[] = {{(const uint8_t *)"/a", 2}};
static const struct name names[] = {
    {{(const uint8_t *)"DAV:", 4}, {(const uint8_t *)"getetag", 7}},
    {{(const uint8_t *)"DAV:", 4}, {(const uint8_t *)"getctag", 7}},
};

/* A resource with a property that was delivered. */
struct sample {
    struct propstat propstat;
    struct resource resource;
};

static struct resource *fill(struct sample *s)
{
    *s = (struct sample){
        .propstat = {.status = {.code = 200, .is_present = true, .reason = span_str("OK")},
                     .has_prop = true,
                     .properties = names,
                     .n_properties = 1},
        .resource = {.hrefs = hrefs, .n_hrefs = 1, .propstats = &s->propstat, .n_propstats = 1},
    };
    return &s->resource;
}

static void place_hrefs_and_values_make_no_difference(void **state)
{
    (void)state;
    struct sample one, two;
    struct resource *a = fill(&one), *b = fill(&two);
    b->ordinal = 7;
    b->offset = b->end = 100;
    b->hrefs = NULL;
    b->n_hrefs = 0;
    b->values[VALUE_ETAG] = span_str("\"1\"");
    assert_true(resource_is_alike(a, b));
}

/* After each change of b; the next one is made to a fresh b. */
static void expect_different(const struct resource *a, struct sample *s)
{
    assert_false(resource_is_alike(a, &s->resource));
    assert_false(resource_is_alike(&s->resource, a));
    fill(s);
}

static void every_fact_makes_a_difference(void **state)
{
    (void)state;
    struct sample one, two;
    struct resource *a = fill(&one), *b = fill(&two);
    bool *facts[] = {&b->is_of_destination,     &b->is_of_json,         &b->is_told,
                     &b->is_collection,         &b->has_type,           &b->is_folder_type,
                     &b->has_nested_collection, &b->is_unauthenticated, &b->offers_sync,
                     &b->has_privileges,        &b->status.is_present,  &b->status.is_odd};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        *facts[i] = true;
        expect_different(a, &two);
    }
    uint32_t *numbers[] = {&b->privileges, &b->needed, &b->flags};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = 1;
        expect_different(a, &two);
    }
    b->class = OUTCOME_FAILED;
    expect_different(a, &two);
    b->retry = RETRY_LATER;
    expect_different(a, &two);
    b->relation = RELATION_SELF;
    expect_different(a, &two);
    b->nested_status = 404;
    expect_different(a, &two);
    b->schedule_status = 307;
    expect_different(a, &two);
    b->status.code = 404;
    expect_different(a, &two);
}

static void every_text_and_list_makes_a_difference(void **state)
{
    (void)state;
    struct sample one, two;
    struct resource *a = fill(&one), *b = fill(&two);
    struct span *texts[] = {
        &b->status.reason, &b->description,           &b->location,
        &b->uid,           &two.propstat.description, &two.propstat.status.reason};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = span_str("other");
        expect_different(a, &two);
    }
    b->description = span_str("");
    expect_different(a, &two); /* there, and empty */
    b->conditions = (struct conditions){.names = names, .n = 1};
    expect_different(a, &two);
    two.propstat.conditions = (struct conditions){.hrefs = hrefs, .n_hrefs = 1};
    expect_different(a, &two);
    b->n_propstats = 0;
    expect_different(a, &two);
}

static void every_part_of_a_propstat_makes_a_difference(void **state)
{
    (void)state;
    struct sample one, two;
    struct resource *a = fill(&one);
    fill(&two);
    two.propstat.status.code = 404;
    expect_different(a, &two);
    two.propstat.class = OUTCOME_ABSENT;
    expect_different(a, &two);
    two.propstat.has_prop = false;
    expect_different(a, &two);
    two.propstat.n_properties_more = 1;
    expect_different(a, &two);
    two.propstat.n_properties = 2;
    expect_different(a, &two);
    two.propstat.properties = names + 1;
    expect_different(a, &two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place_hrefs_and_values_make_no_difference),
        cmocka_unit_test(every_fact_makes_a_difference),
        cmocka_unit_test(every_text_and_list_makes_a_difference),
        cmocka_unit_test(every_part_of_a_propstat_makes_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
