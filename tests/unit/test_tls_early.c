/* Early data of TLS 1.3 and losses. Two conversations: step 0 is the ClientHello with "one ", then
 * come "two " and "three "; 3 is what the server says to it, 4 the end of early data, if it was
 * accepted, and Finished; 5 a ticket; then "four ", "ONE " and "five ". */
#include "tests/support/tls_play.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ALL "18446744073709551615"
#define REST "0'four ' 1'ONE ' 0'five ' 0(fin) 1(fin)"

enum { NONE = TLS_WAY_NONE };

static void expect(const char *name, const struct tls_way *way, const char *story)
{
    struct tls_talk talk;
    struct tls_play play;
    tls_talk_load(&talk, TLS_CORPUS, name);
    tls_play(&play, &talk, way);
    assert_string_equal(stream_log_story(&play.log), story);
    tls_play_free(&play);
}

static void expect_without(const char *name, int first, int second, const char *story)
{
    struct tls_way way = tls_way_plain;
    way.lost[0] = first;
    way.lost[1] = second;
    expect(name, &way, story);
}

static void what_is_accepted_comes_before_what_is_sent_later(void **state)
{
    (void)state;
    expect("early", &tls_way_plain, "0'one two three four ' 1'ONE ' 0'five ' 0(fin) 1(fin)");
    expect("early-refused", &tls_way_plain, REST);
}

static void it_waits_for_secrets_and_for_bytes_as_all_does(void **state)
{
    struct tls_talk talk;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "early");
    for (int step = NONE; step < tls_talk_n_steps(&talk); step++) {
        struct tls_play play;
        struct tls_way way = tls_way_plain;
        way.told_behind = step;
        way.n_bytes = 7;
        tls_play(&play, &talk, &way);
        assert_true(span_equal(tls_play_plain(&play, 0), span_str("one two three four five ")));
        assert_true(span_equal(tls_play_plain(&play, 1), span_str("ONE ")));
        assert_int_equal(play.log.side[0].n_gaps, 0);
        tls_play_free(&play);
    }
}

static void what_is_lost_of_it_is_told_where_it_is_accepted(void **state)
{
    (void)state;
    expect_without("early", 1, NONE, "0'one ' 0(gap " ALL ") " REST);
    expect_without("early", 2, NONE, "0'one two ' 0(gap 6) " REST);
    expect_without("early", 1, 3, "0'one ' 0(gap " ALL ") " REST);
    expect_without("early", 2, 4, "0'one two ' 0(gap " ALL ") " REST);
    expect_without("early-refused", 1, NONE, REST);
    expect_without("early-refused", 2, 4, REST);
}

static void the_end_of_it_alone_may_be_lost_without_a_gap(void **state)
{
    (void)state;
    expect_without("early", 4, NONE, "0'one two three four ' 1'ONE ' 0'five ' 0(fin) 1(fin)");
}

static void it_counts_as_missing_where_nobody_says_whether_it_was_accepted(void **state)
{
    (void)state;
    expect_without("early", 3, 4, "0(gap " ALL ") " REST);
    expect_without("early-refused", 3, 4, "0(gap " ALL ") " REST);
}

/* Without the secret of early data. */
static void expect_sealed(const char *name, const struct tls_way *way, const char *story)
{
    struct tls_talk talk;
    struct tls_play play;
    tls_talk_load(&talk, TLS_CORPUS, name);
    talk.bytes[span_find(talk.lines, span_str("CLIENT_EARLY_TRAFFIC_SECRET"))] = '#';
    tls_play(&play, &talk, way);
    assert_string_equal(stream_log_story(&play.log), story);
    tls_play_free(&play);
}

static void it_is_missing_where_its_secret_is_not_known(void **state)
{
    (void)state;
    expect_sealed("early", &tls_way_plain, "0(gap " ALL ") " REST);
    expect_sealed("early-refused", &tls_way_plain, REST);
}

static void what_is_lost_behind_it_is_told_though_it_was_refused(void **state)
{
    const struct tls_way way = {.n_bytes = SIZE_MAX, .lost = {4, 6, 7}, .told_behind = NONE};
    (void)state;
    expect_sealed("early-refused", &way, "0(gap " ALL ") 0'five ' 0(fin) 1(gap " ALL ") 1(fin)");
}

static void of_more_than_its_limit_the_beginning_is_kept(void **state)
{
    struct limits limits = limits_default;
    struct tls_way way = tls_way_plain;
    (void)state;
    limits.max_tls_wait_bytes = 8;
    way.limits = &limits;
    expect("early", &way, "0'one two ' 0(gap " ALL ") " REST);
    expect("early-refused", &way, REST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_comes_before_what_is_sent_later),
        cmocka_unit_test(it_waits_for_secrets_and_for_bytes_as_all_does),
        cmocka_unit_test(what_is_lost_of_it_is_told_where_it_is_accepted),
        cmocka_unit_test(the_end_of_it_alone_may_be_lost_without_a_gap),
        cmocka_unit_test(it_counts_as_missing_where_nobody_says_whether_it_was_accepted),
        cmocka_unit_test(it_is_missing_where_its_secret_is_not_known),
        cmocka_unit_test(what_is_lost_behind_it_is_told_though_it_was_refused),
        cmocka_unit_test(of_more_than_its_limit_the_beginning_is_kept),
    };
    return crypt_is_built_in() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
