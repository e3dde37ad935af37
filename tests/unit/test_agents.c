#include "output/agents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void clients_of_webdav_are_told_by_name_however_often_asked(void **state)
{
    static const struct {
        const char *user_agent;
        bool is_webdav;
    } rows[] = {
        {"Mozilla/5.0 (Linux) mirall/3.9.0 (Nextcloud)", true},
        {"Mozilla/5.0 (Linux) Firefox/3.9.0 (Nextcloud)", false}, /* as long, and ends alike */
        {"davfs2/1.6.1 neon/0.32.4", true},
        {"curl/8.4.0", false},
        {"", false},
    };
    (void)state;
    struct agents agents = {0};
    for (size_t i = 0; i < 4 * sizeof rows / sizeof *rows; i++) {
        size_t row = i % (sizeof rows / sizeof *rows);
        bool is_webdav = agents_speak_webdav(&agents, span_str(rows[row].user_agent));
        assert_int_equal(is_webdav, rows[row].is_webdav);
    }
}

/* More than are kept, so that all entries are taken and taken over. */
static void an_answer_is_never_that_of_another_text(void **state)
{
    (void)state;
    struct agents agents = {0};
    char text[32];
    for (unsigned i = 0; i < 40 * AGENTS_MAX; i++) {
        unsigned number = i % (2 * AGENTS_MAX);
        bool is_webdav = number % 3 == 0;
        (void)snprintf(text, sizeof text, "%s/%u", is_webdav ? "cadaver" : "browser", number);
        assert_int_equal(agents_speak_webdav(&agents, span_str(text)), is_webdav);
    }
}

static void a_text_too_long_to_be_kept_is_looked_at(void **state)
{
    (void)state;
    struct agents agents = {0};
    uint8_t text[AGENT_BYTES + 8];
    memset(text, ' ', sizeof text);
    assert_false(agents_speak_webdav(&agents, span_of(text, sizeof text)));
    memcpy(text + AGENT_BYTES, "litmus/1", 8);
    assert_true(agents_speak_webdav(&agents, span_of(text, sizeof text)));
    assert_false(agents_speak_webdav(&agents, span_of(text, AGENT_BYTES)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_of_webdav_are_told_by_name_however_often_asked),
        cmocka_unit_test(an_answer_is_never_that_of_another_text),
        cmocka_unit_test(a_text_too_long_to_be_kept_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
