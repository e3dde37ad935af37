/* What rules are asked about. */
#include "output/detector.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A detection that looks at one healthy member of a listing. */
struct scene {
    struct request request;
    struct exchange exchange;
    struct span href;
    struct resource resource;
    struct event event;
    struct detection detection;
};

static struct resource *fill(struct scene *s, const char *href)
{
    *s = (struct scene){
        .request = {.is_seen = true, .operation = OPERATION_PROPFIND},
        .exchange = {.status = 207},
        .href = span_str(href),
        .resource = {.n_hrefs = 1, .relation = RELATION_MEMBER, .class = OUTCOME_OK},
    };
    s->resource.hrefs = &s->href;
    s->event = (struct event){.kind = EVENT_RESOURCE,
                              .exchange = &s->exchange,
                              .request = &s->request,
                              .resource = &s->resource};
    return &s->resource;
}

static uint32_t traits_of(struct scene *s)
{
    detection_look_at(&s->detection, &s->event);
    return trait_find(&s->detection);
}

static void a_healthy_resource_has_none(void **state)
{
    (void)state;
    struct scene s;
    fill(&s, "/d/a.txt");
    assert_int_equal(traits_of(&s), TRAIT_ANY);
}

static void hrefs_that_need_a_closer_look_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *href;
        uint32_t traits;
    } rows[] = {
        {"/d/", TRAIT_HREF_SLASH},
        {"/d/a%20b", TRAIT_HREF_ESCAPE},
        {"/d/?x/", TRAIT_HREF_ODD | TRAIT_HREF_SLASH},
        {"/d/#x", TRAIT_HREF_ODD},
        {"/d/a b", TRAIT_HREF_ODD},
        {"http://h/a", TRAIT_HREF_ODD},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene s;
        fill(&s, rows[i].href);
        assert_int_equal(traits_of(&s), TRAIT_ANY | rows[i].traits);
    }
}

static void each_value_is_a_trait(void **state)
{
    (void)state;
    static const uint32_t traits[VALUE_N] = {
        [VALUE_LAST_MODIFIED] = TRAIT_DATE,    [VALUE_CREATION_DATE] = TRAIT_DATE,
        [VALUE_SYNC_TOKEN] = TRAIT_MARK,       [VALUE_CTAG] = TRAIT_MARK,
        [VALUE_QUOTA_AVAILABLE] = TRAIT_QUOTA, [VALUE_PERMISSIONS] = TRAIT_RIGHTS,
        [VALUE_RESOURCETYPE] = TRAIT_TYPE_ODD, [VALUE_DISPLAYNAME] = TRAIT_WORDS,
        [VALUE_PRINCIPAL] = TRAIT_PRINCIPAL,
    };
    for (size_t i = 0; i < VALUE_N; i++) {
        struct scene s;
        fill(&s, "/a")->values[i] = span_str("x");
        assert_int_equal(traits_of(&s), TRAIT_ANY | traits[i]);
    }
}

static void what_failed_is_shown_to_the_rules_about_failures(void **state)
{
    (void)state;
    struct scene s;
    struct resource *resource = fill(&s, "/a");
    resource->class = OUTCOME_FAILED;
    resource->flags = RESOURCE_DUPLICATE;
    resource->description = span_str("no");
    resource->conditions.n = 1;
    assert_int_equal(traits_of(&s), TRAIT_ANY | TRAIT_FAILED | TRAIT_NOT_OK | TRAIT_FLAGGED |
                                        TRAIT_WORDS | TRAIT_CONDITION);
    fill(&s, "/a")->class = OUTCOME_PENDING;
    assert_int_equal(traits_of(&s), TRAIT_ANY | TRAIT_NOT_OK);
}

static void the_request_and_its_status_are_traits_too(void **state)
{
    (void)state;
    struct scene s;
    fill(&s, "/a");
    s.exchange.status = 403;
    s.request.operation = OPERATION_PROPPATCH;
    assert_int_equal(traits_of(&s), TRAIT_ANY | TRAIT_REFUSED | TRAIT_CHANGED);
    fill(&s, "/a")->relation = RELATION_SELF;
    s.request.operation = OPERATION_REPORT_CALENDAR_MULTIGET;
    assert_int_equal(traits_of(&s), TRAIT_ANY | TRAIT_SELF | TRAIT_BY_NAME);
}

static void a_rule_about_resources_names_what_it_looks_for(void **state)
{
    (void)state;
    for (size_t i = 0; detector_at(i); i++)
        assert_int_equal(!detector_at(i)->resource, !detector_at(i)->traits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_resource_has_none),
        cmocka_unit_test(hrefs_that_need_a_closer_look_are_told_apart),
        cmocka_unit_test(each_value_is_a_trait),
        cmocka_unit_test(what_failed_is_shown_to_the_rules_about_failures),
        cmocka_unit_test(the_request_and_its_status_are_traits_too),
        cmocka_unit_test(a_rule_about_resources_names_what_it_looks_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
