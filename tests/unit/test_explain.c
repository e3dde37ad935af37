/* The built-in manual: every row of its tables has an entry, and wrong names are told so. */
#include "dissector/dav/outcome_rules.h"
#include "dissector/dav/status_name.h"
#include "output/explain.h"
#include "output/explain_status.h"
#include "output/explain_word.h"
#include "output/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct writer text;
static struct error error;

static bool explains(const char *name)
{
    (void)writer_close(&text);
    writer_init_memory(&text, 65536);
    return explain(&text, name, &error);
}

static bool says(const char *words)
{
    return span_find(writer_span(&text), span_str(words)) < writer_span(&text).len;
}

static void assert_narrow(void)
{
    struct span rest = writer_span(&text);
    while (rest.len > 0) {
        size_t len = span_find_byte(rest, '\n');
        assert_true(len <= 100);
        rest = span_after(rest, len + 1);
    }
}

static void every_condition_has_an_entry(void **state)
{
    (void)state;
    for (size_t i = 0; condition_at(i); i++) {
        assert_true(explains(condition_at(i)->local) || rule_find(condition_at(i)->local));
        assert_true(says(condition_at(i)->local));
        assert_true(says(condition_at(i)->source));
        assert_narrow();
    }
}

static void every_status_has_an_entry_that_agrees_with_the_outcome_rules(void **state)
{
    (void)state;
    uint16_t before = 0;
    for (size_t i = 0; status_row_at(i); i++) {
        const struct status_row *row = status_row_at(i);
        assert_true(row->code > before);
        before = row->code;
        assert_int_equal(row->class,
                         outcome_rule(OPERATION_PROPFIND, LEVEL_RESOURCE, row->code, 0).class);
        char code[8];
        snprintf(code, sizeof code, "%u", (unsigned)row->code);
        assert_true(explains(code));
        assert_true(says(code));
        assert_true(says(outcome_name(row->class)));
        if (status_name(row->code))
            assert_true(says(status_name(row->code)));
        assert_narrow();
    }
    assert_true(before > 500);
}

static void every_registered_status_has_an_entry(void **state)
{
    (void)state;
    for (uint16_t code = 100; code < 600; code++)
        assert_true(!status_name(code) || status_row_find(code));
}

static void every_rule_has_an_entry_under_its_id_and_its_name(void **state)
{
    (void)state;
    size_t n = 0;
    for (; rule_at(n); n++) {
        const struct rule *rule = rule_at(n);
        char id[8];
        snprintf(id, sizeof id, "D%02zu", n + 1);
        assert_string_equal(rule->id, id);
        assert_true(rule->severity >= SEVERITY_INFO && rule->severity <= SEVERITY_CRITICAL);
        assert_true(rule->owner < OWNER_N);
        assert_true(strlen(rule->title) > 10 && strlen(rule->title) <= 80);
        assert_true(strlen(rule->description) > 20 && strlen(rule->advice) > 10);
        assert_true(strlen(rule->reference) > 3);
        assert_true(explains(rule->id));
        assert_true(says(rule->name) && says(severity_name(rule->severity)));
        assert_true(explains(rule->name));
        assert_true(says(rule->id) && says(owner_name(rule->owner)));
        assert_narrow();
    }
    assert_int_equal(n, 63);
}

static void assert_word(const char *name, const char *kind)
{
    assert_true(explains(name));
    assert_true(says(name) && says(kind) && says("Means"));
    assert_narrow();
}

static void every_verdict_class_and_flag_has_an_entry(void **state)
{
    (void)state;
    for (int i = 0; i < VERDICT_N; i++)
        assert_word(verdict_name((enum verdict)i), "verdict");
    for (int i = 0; i < OUTCOME_N; i++)
        assert_word(outcome_name((enum outcome)i), "class");
    for (unsigned i = 0; i < RESOURCE_FLAG_N; i++)
        assert_word(resource_flag_name(i), "flag");
    for (unsigned i = 0; i < DOCUMENT_FLAG_N; i++)
        assert_word(document_flag_name(i), "flag");
}

static void every_anomaly_has_an_entry_and_every_entry_an_anomaly(void **state)
{
    (void)state;
    size_t n = 0;
    for (size_t i = 0; explain_word_at(i); i++)
        n += strcmp(explain_word_at(i)->kind, "anomaly") == 0;
    assert_int_equal(n, ANOMALY_N);
    for (int i = 0; i < ANOMALY_N; i++)
        assert_word(anomaly_name((enum anomaly_kind)i), "(anomaly)");
}

static void a_word_of_two_kinds_shows_both(void **state)
{
    (void)state;
    assert_true(explains("Capture-Gap"));
    assert_true(says("(reason of a verdict)") && says("(anomaly)"));
    assert_true(explains("truncated"));
    assert_true(says("(class of a resource)") && says("(anomaly)"));
}

/* As decode, document and outcome give them. */
static void every_reason_has_an_entry(void **state)
{
    static const char *const reasons[] = {
        "no-match",  "suspicious",      "target-absent",  "wire-truncated", "capture-gap",
        "snaplen",   "capture-ended",   "joined-midway",  "stalled",        "evicted",
        "limit",     "framing-damaged", "coding-damaged", "coding-unknown", "not-well-formed",
        "dtd",       "extra-output",    "no-root",        "html",           "json",
        "multipart", "plain-text",      "empty-body",     "status-unknown", "unlisted-presumed-ok",
    };
    (void)state;
    size_t n = 0;
    for (size_t i = 0; explain_word_at(i); i++)
        n += strcmp(explain_word_at(i)->kind, "reason of a verdict") == 0;
    assert_int_equal(n, sizeof reasons / sizeof *reasons);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        assert_word(reasons[i], "reason of a verdict");
}

static void a_word_that_is_also_a_finding_shows_both(void **state)
{
    (void)state;
    assert_true(explains("proxy-rewrite"));
    assert_true(says("D16") && says("(flag)"));
}

static void case_does_not_matter(void **state)
{
    (void)state;
    assert_true(explains("d36") && says("D36 locked"));
    assert_true(explains("Valid-Sync-Token") && says("valid-sync-token"));
}

static void a_name_in_several_namespaces_shows_all_and_in_one_only_that(void **state)
{
    (void)state;
    assert_true(explains("no-uid-conflict"));
    assert_true(says("ns:caldav") && says("ns:carddav"));
    assert_true(explains("{urn:ietf:params:xml:ns:carddav}no-uid-conflict"));
    assert_true(!says("ns:caldav") && says("ns:carddav"));
}

static void a_wrong_name_is_told_with_names_that_are_near(void **state)
{
    (void)state;
    assert_false(explains("lock-token-submited"));
    assert_non_null(strstr(error.text, "near to it: lock-token-submitted"));
    assert_false(explains("uid-conflict"));
    assert_non_null(strstr(error.text, "no-uid-conflict"));
    assert_int_equal(writer_span(&text).len, 0);
}

static void a_wrong_name_cannot_steer_the_terminal(void **state)
{
    (void)state;
    assert_false(explains("\x1b[31mred\x07"));
    assert_string_equal(error.text, "nothing is known of '?[31mred?': no condition, status, "
                                    "finding or word");
}

static void nothing_near_is_told_without_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {"999", "0", "D99", "", "{DAV:}", "{DAV:", "zzzzzzzzzzzzzz"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(explains(wrong[i]));
        assert_non_null(strstr(error.text, "nothing is known"));
        assert_null(strstr(error.text, "near"));
    }
    char endless[300];
    memset(endless, 'l', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_false(explains(endless));
}

static int close_text(void **state)
{
    (void)state;
    return writer_close(&text) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_condition_has_an_entry),
        cmocka_unit_test(every_status_has_an_entry_that_agrees_with_the_outcome_rules),
        cmocka_unit_test(every_registered_status_has_an_entry),
        cmocka_unit_test(every_rule_has_an_entry_under_its_id_and_its_name),
        cmocka_unit_test(every_verdict_class_and_flag_has_an_entry),
        cmocka_unit_test(every_anomaly_has_an_entry_and_every_entry_an_anomaly),
        cmocka_unit_test(a_word_of_two_kinds_shows_both),
        cmocka_unit_test(every_reason_has_an_entry),
        cmocka_unit_test(a_word_that_is_also_a_finding_shows_both),
        cmocka_unit_test(case_does_not_matter),
        cmocka_unit_test(a_name_in_several_namespaces_shows_all_and_in_one_only_that),
        cmocka_unit_test(a_wrong_name_is_told_with_names_that_are_near),
        cmocka_unit_test(a_wrong_name_cannot_steer_the_terminal),
        cmocka_unit_test(nothing_near_is_told_without_names),
    };
    writer_init_memory(&text, 65536);
    return cmocka_run_group_tests(tests, NULL, close_text);
}
