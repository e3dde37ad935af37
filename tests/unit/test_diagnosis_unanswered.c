/* Requests without an answer in captures of the client's side alone: they were answered, if the
 * client goes on. */
#include "output/diagnosis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct hash_key hash_key = {1, 2};
static struct diagnosis diagnosis;

/* A request of this minute, and half a minute later what ended the wait for its answer. */
static void ask(int64_t minute, bool is_closed)
{
    const struct origin asked = {
        .ordinal = (uint64_t)minute * 10 + 1, .frame = 1, .time_ns = minute * 60 * SECOND_NS};
    const struct origin over = {
        .ordinal = asked.ordinal + 1, .frame = 2, .time_ns = asked.time_ns + 30 * SECOND_NS};
    const struct event_connection connection = {.client = {{4, {192, 0, 2, 7}}, 50000},
                                                .server = {{4, {192, 0, 2, 80}}, 80}};
    const struct exchange exchange = {
        .method = span_str("PROPFIND"),
        .target = span_str("/d/"),
        .request = {.is_seen = true, .is_complete = true, .first = asked, .last = asked},
        .is_closed = is_closed,
        .closed_by = DIR_CLIENT,
        .closed_why = END_FIN,
        .closed_at = over};
    const struct request request = {.is_seen = true, .operation = OPERATION_PROPFIND};
    const struct event event = {.kind = EVENT_EXCHANGE,
                                .origin = over,
                                .connection = &connection,
                                .exchange = &exchange,
                                .request = &request};
    assert_int_equal(diagnosis_event(&diagnosis, &event), FEED_OK);
    (void)diagnosis_settle(&diagnosis, true);
}

static size_t n_findings_of_two(bool is_closed)
{
    diagnosis_init(&diagnosis, &hash_key);
    ask(1, is_closed);
    ask(2, is_closed);
    size_t n = findings_n(&diagnosis.findings);
    diagnosis_free(&diagnosis);
    return n;
}

static void who_goes_on_with_the_connection_was_answered(void **state)
{
    (void)state;
    assert_int_equal(n_findings_of_two(false), 0);
}

static void who_ends_it_and_asks_again_has_given_up(void **state)
{
    (void)state;
    assert_int_equal(n_findings_of_two(true), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_goes_on_with_the_connection_was_answered),
        cmocka_unit_test(who_ends_it_and_asks_again_has_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
