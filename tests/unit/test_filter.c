#include "output/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A record as far as a filter looks at one. */
struct subject {
    struct record record;
    struct request request;
    struct event_connection connection;
    struct exchange exchange;
    uint32_t by_status[STATUS_N];
};

static void subject_init(struct subject *s)
{
    *s = (struct subject){.connection = {.client = {.address = {4, {192, 0, 2, 7}}},
                                         .server = {.address = {4, {192, 0, 2, 1}}, .port = 80}}};
    s->exchange.method = span_str("REPORT");
    s->exchange.status = 207;
    s->exchange.request.fields[HTTP_HOST] = span_str("dav.example.org:8080");
    s->record.connection = &s->connection;
    s->record.exchange = &s->exchange;
    s->record.request = &s->request;
    s->record.operation = span_str("REPORT sync-collection");
    s->record.url.domain = span_str("dav.example.org");
    s->record.end.verdict = VERDICT_MIXED;
    s->record.end.by_status = s->by_status;
    s->by_status[423] = 1;
}

static bool parse(struct filter *filter, const char *option, const char *value)
{
    struct error error = {0};
    for (size_t i = 0; filter_option_at(i); i++) {
        if (strcmp(filter_option_at(i)->name, option) != 0)
            continue;
        bool is_parsed = filter_option_at(i)->parse(filter, value, &error);
        assert_int_equal(is_parsed, error.text[0] == '\0');
        return is_parsed;
    }
    fail_msg("no option %s", option);
    return false;
}

static bool chooses(const char *option, const char *value, const struct subject *s)
{
    struct filter filter = {0};
    assert_true(parse(&filter, option, value));
    assert_true(filter_is_set(&filter));
    return filter_choose(&filter, &s->record, false) == FILTER_CHOSEN;
}

static void an_unset_filter_chooses_everything(void **state)
{
    (void)state;
    struct subject s;
    subject_init(&s);
    struct filter filter = {0};
    assert_false(filter_is_set(&filter));
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_CHOSEN);
}

static void documents_are_chosen_by_what_is_known_of_them(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value;
        bool is_chosen;
    } rows[] = {
        {"only", "mixed", true},
        {"only", "all-ok, mixed", true},
        {"only", "all-ok,empty", false},
        {"status", "423", true},
        {"status", "400,4xx", true},
        {"status", "420-423", true},
        {"status", "5xx,404", false},
        {"status", "207", true}, /* the response's own */
        {"method", "report", true},
        {"method", "PROPFIND,REPORT", true},
        {"method", "REPORT sync-collection", true},
        {"method", "PROPFIND", false},
        {"host", "dav.example.org", true},
        {"host", "DAV.*:8080", true},
        {"host", "*.org", true},
        {"host", "*.com", false},
        {"client", "192.0.2.7", true},
        {"client", "192.0.2.0/24", true},
        {"client", "192.0.2.0/29", true},
        {"client", "192.0.2.0/30", false},
        {"client", "192.0.2.8", false},
        {"client", "0.0.0.0/0", true},
        {"client", "::/0", false},
        {"client", "2001:db8::1", false},
        {"href", "*", false}, /* none was seen to match */
    };
    struct subject s;
    subject_init(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(chooses(rows[i].option, rows[i].value, &s), rows[i].is_chosen);
}

static void values_without_sense_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value;
    } rows[] = {
        {"only", "good"},
        {"only", ""},
        {"only", "mixed,"},
        {"status", ""},
        {"status", "42"},
        {"status", "4xxx"},
        {"status", "0xx"},
        {"status", "500-400"},
        {"status", "423,"},
        {"status", "099"},
        {"status", "-5"},
        {"status", "400-"},
        {"client", "example"},
        {"client", ""},
        {"client", "192.0.2.0/33"},
        {"client", "1.2.3.4/"},
        {"client", "::1/129"},
        {"client", "192.0.2.0/x"},
        {"client", "1234567890123456789012345678901234567890123456789"},
        {"host", ""},
        {"href", ""},
        {"method", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct filter filter = {0};
        assert_false(parse(&filter, rows[i].option, rows[i].value));
    }
}

static void several_values_widen_and_several_options_narrow(void **state)
{
    (void)state;
    struct subject s;
    subject_init(&s);
    struct filter filter = {0};
    assert_true(parse(&filter, "client", "10.0.0.0/8"));
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_LEFT);
    assert_true(parse(&filter, "client", "192.0.2.0/24"));
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_CHOSEN);
    assert_true(parse(&filter, "only", "all-ok"));
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_OTHER_VERDICT);
    assert_true(parse(&filter, "only", "mixed"));
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_CHOSEN);
}

static void hrefs_are_matched_one_by_one(void **state)
{
    (void)state;
    struct subject s;
    subject_init(&s);
    struct filter filter = {0};
    assert_false(filter_matches_href(&filter, span_str("/d/a.ics")));
    assert_true(parse(&filter, "href", "*.ics"));
    assert_true(parse(&filter, "href", "/x"));
    assert_true(filter_matches_href(&filter, span_str("/d/a.ics")));
    assert_true(filter_matches_href(&filter, span_str("/x")));
    assert_false(filter_matches_href(&filter, span_str("/d/a.txt")));
    assert_int_equal(filter_choose(&filter, &s.record, true), FILTER_CHOSEN);
    assert_int_equal(filter_choose(&filter, &s.record, false), FILTER_LEFT);
}

static void an_unseen_request_is_known_by_its_guessed_operation_and_server(void **state)
{
    (void)state;
    struct subject s;
    subject_init(&s);
    s.exchange.method = (struct span){NULL, 0};
    s.exchange.request.fields[HTTP_HOST] = (struct span){NULL, 0};
    s.record.url.domain = (struct span){NULL, 0};
    assert_true(chooses("method", "REPORT", &s));
    assert_true(chooses("host", "192.0.2.*", &s));
    s.record.end.by_status = NULL;
    assert_false(chooses("status", "423", &s));
}

static void networks_of_both_versions_have_prefixes_to_the_bit(void **state)
{
    (void)state;
    struct subject s;
    subject_init(&s);
    s.connection.client.address = (struct address){6, {0x20, 0x01, 0x0d, 0xb8, 0x80}};
    assert_true(chooses("client", "2001:db8:8000::/33", &s));
    assert_false(chooses("client", "2001:db8::/33", &s));
    assert_true(chooses("client", "2001:db8::/32", &s));
    assert_true(chooses("client", "2001:db8:8000::", &s));
}

static void there_is_room_for_a_limited_number_of_values(void **state)
{
    (void)state;
    static const char *const lists[][2] = {
        {"method", "A"}, {"host", "a"}, {"href", "a"}, {"client", "10.0.0.1"}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct filter filter = {0};
        for (size_t n = 0; n < FILTER_MAX_VALUES; n++)
            assert_true(parse(&filter, lists[i][0], lists[i][1]));
        assert_false(parse(&filter, lists[i][0], lists[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unset_filter_chooses_everything),
        cmocka_unit_test(documents_are_chosen_by_what_is_known_of_them),
        cmocka_unit_test(values_without_sense_are_refused),
        cmocka_unit_test(several_values_widen_and_several_options_narrow),
        cmocka_unit_test(hrefs_are_matched_one_by_one),
        cmocka_unit_test(an_unseen_request_is_known_by_its_guessed_operation_and_server),
        cmocka_unit_test(networks_of_both_versions_have_prefixes_to_the_bit),
        cmocka_unit_test(there_is_room_for_a_limited_number_of_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
