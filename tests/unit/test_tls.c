#include "dissector/base/reader.h"
#include "tests/support/tls_play.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Real conversations from the corpus of fuzz_tls.c. */
static const char *const names[] = {"suite-0",  "suite-2",  "suite-8", "suite-16", "suite-18",
                                    "suite-27", "suite-29", "odd-0",   "odd-1",    "odd-2",
                                    "odd-3",    "odd-5",    "rsa-0",   "rsa-1",    "rsa-2"};
enum { N_NAMES = sizeof names / sizeof *names };

static struct tls_way way_without(int step)
{
    struct tls_way way = tls_way_plain;
    way.lost[0] = step;
    return way;
}

static struct tls_way way_told_behind(int step)
{
    struct tls_way way = tls_way_plain;
    way.told_behind = step;
    return way;
}

static void both_sides_come_out_plain_and_whole(void **state)
{
    struct tls_talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct tls_play played;
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        tls_play(&played, &talk, &tls_way_plain);
        assert_true(tls_is_open(&played.tls) && played.is_opened);
        assert_int_equal(tls_client(&played.tls), 0);
        assert_string_equal(tls_server_name(&played.tls), "dav.example");
        assert_true(span_find(tls_play_plain(&played, 0), span_str(" HTTP/1.1\r\n")) < 40);
        assert_true(
            span_starts(tls_play_plain(&played, 1), span_str("HTTP/1.1 207 Multi-Status\r\n")));
        for (int side = 0; side < 2; side++) {
            assert_int_equal(played.log.side[side].n_gaps, 0);
            assert_int_equal(played.log.side[side].n_notes, 0);
            assert_int_equal(played.log.side[side].n_finished, 1);
        }
        tls_play_free(&played);
    }
}

/* The key log tells nothing of the second connection. */
static void
a_session_resumed_by_a_ticket_opens_with_the_secret_of_its_first_connection(void **state)
{
    struct tls_talk first, resumed;
    struct tls_play played, alone;
    (void)state;
    tls_talk_load(&first, TLS_CORPUS, "ticket-0");
    tls_talk_load(&resumed, TLS_CORPUS, "ticket-1");
    tls_play(&played, &first, &tls_way_plain);
    tls_play_next(&played, &resumed, &tls_way_plain);
    assert_true(tls_is_open(&played.tls));
    assert_true(span_starts(tls_play_plain(&played, 0), span_str("PROPFIND ")));
    assert_true(span_starts(tls_play_plain(&played, 1), span_str("HTTP/1.1 207 Multi-Status\r\n")));
    tls_play(&alone, &resumed, &tls_way_plain);
    assert_false(tls_is_open(&alone.tls));
    tls_play_free(&played);
    tls_play_free(&alone);
}

static void expect_same(const struct tls_talk *talk, const struct tls_way *way)
{
    struct tls_play whole, other;
    tls_play(&whole, talk, &tls_way_plain);
    tls_play(&other, talk, way);
    assert_int_equal(other.retried, FEED_OK);
    for (int side = 0; side < 2; side++) {
        assert_true(span_equal(tls_play_plain(&whole, side), tls_play_plain(&other, side)));
        assert_int_equal(other.log.side[side].n_gaps, 0);
    }
    tls_play_free(&whole);
    tls_play_free(&other);
}

static void it_does_not_matter_how_the_bytes_are_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 64, 700};
    struct tls_talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
            struct tls_way way = tls_way_plain;
            way.n_bytes = pieces[k];
            expect_same(&talk, &way);
        }
    }
}

static void secrets_may_come_behind_any_step(void **state)
{
    struct tls_talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        for (int step = 0; step < tls_talk_n_steps(&talk); step++) {
            const struct tls_way way = way_told_behind(step);
            expect_same(&talk, &way);
        }
    }
}

static void what_waits_too_long_is_given_up(void **state)
{
    struct tls_talk talk;
    struct tls_play played;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    struct tls_way way = way_told_behind(tls_talk_n_steps(&talk) - 1);
    way.step_ns = 11 * INT64_C(1000000000);
    tls_play(&played, &talk, &way);
    assert_false(tls_is_open(&played.tls));
    assert_false(tls_is_waiting(&played.tls, INT64_MAX));
    tls_play_free(&played);
}

static void what_waits_beyond_its_bytes_is_given_up(void **state)
{
    struct limits limits = limits_default;
    struct tls_talk talk;
    struct tls_play played;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    struct tls_way way = way_told_behind(tls_talk_n_steps(&talk) - 1);
    way.limits = &limits;
    tls_play(&played, &talk, &way);
    assert_true(tls_is_open(&played.tls));
    tls_play_free(&played);
    limits.max_tls_wait_bytes = 1000;
    tls_play(&played, &talk, &way);
    assert_false(tls_is_open(&played.tls));
    assert_true(tls_buffered_bytes(&played.tls) < 1000);
    tls_play_free(&played);
}

static void a_hello_longer_than_its_limit_is_passed_over(void **state)
{
    struct limits limits = limits_default;
    struct tls_talk talk;
    struct tls_play played;
    (void)state;
    limits.max_tls_message_bytes = 100;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    struct tls_way way = tls_way_plain;
    way.limits = &limits;
    tls_play(&played, &talk, &way);
    assert_false(tls_is_open(&played.tls));
    assert_string_equal(tls_server_name(&played.tls), "");
    tls_play_free(&played);
}

/* What comes of both sides when a step is lost and so many numbers are tried behind it. */
static size_t n_plain_behind_loss(const struct tls_talk *talk, int step, size_t max_tries)
{
    struct limits limits = limits_default;
    struct tls_play played;
    limits.max_tls_tries = max_tries;
    struct tls_way way = way_without(step);
    way.limits = &limits;
    tls_play(&played, talk, &way);
    size_t n_bytes = tls_play_plain(&played, 0).len + tls_play_plain(&played, 1).len;
    tls_play_free(&played);
    return n_bytes;
}

static void behind_a_loss_no_more_numbers_are_tried_than_the_limit_says(void **state)
{
    struct tls_talk talk;
    int n_helped = 0;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    for (int step = 0; step < tls_talk_n_steps(&talk); step++) {
        size_t n_without = n_plain_behind_loss(&talk, step, 0);
        size_t n_with = n_plain_behind_loss(&talk, step, limits_default.max_tls_tries);
        assert_true(n_without <= n_with);
        n_helped += n_without < n_with;
    }
    assert_true(n_helped > 0);
}

static void without_secrets_nothing_is_said_and_nothing_more_is_needed(void **state)
{
    struct tls_talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct tls_play played;
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        const struct tls_way way = way_told_behind(TLS_WAY_NEVER);
        tls_play(&played, &talk, &way);
        assert_false(tls_is_open(&played.tls) || played.is_opened);
        assert_string_equal(tls_server_name(&played.tls), "dav.example");
        for (int side = 0; side < 2; side++) {
            struct stream_sink stream = tls_stream(&played.tls, side);
            assert_int_equal(played.log.side[side].n_calls, 0);
            assert_true(stream.ops->need_none(stream.ctx) == SINK_ALL);
        }
        tls_play_free(&played);
    }
}

/* Every byte that comes in spite of the loss is the one of the whole, in its order. */
static bool is_subsequence(struct span part, struct span whole)
{
    size_t at = 0;
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] == 0)
            continue;
        while (at < whole.len && whole.ptr[at] != part.ptr[i])
            at++;
        if (at == whole.len)
            return false;
        at++;
    }
    return true;
}

static void whatever_step_is_lost_nothing_false_is_said(void **state)
{
    struct tls_talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct tls_play whole, lossy;
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        tls_play(&whole, &talk, &tls_way_plain);
        for (int step = 0; step < tls_talk_n_steps(&talk); step++) {
            const struct tls_way way = way_without(step);
            tls_play(&lossy, &talk, &way);
            for (int side = 0; side < 2; side++)
                assert_true(
                    is_subsequence(tls_play_plain(&lossy, side), tls_play_plain(&whole, side)));
            tls_play_free(&lossy);
        }
        tls_play_free(&whole);
    }
}

static void a_lost_client_hello_is_found_again_among_the_secrets(void **state)
{
    struct limits none = limits_default;
    struct tls_talk talk;
    (void)state;
    none.max_tls_tries = 0;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct tls_play whole, lossy;
        tls_talk_load(&talk, TLS_CORPUS, names[i]);
        if (talk.lines.ptr[0] == 'R') /* a premaster secret needs the random */
            continue;
        tls_play(&whole, &talk, &tls_way_plain);
        struct tls_way way = way_without(0);
        tls_play(&lossy, &talk, &way);
        assert_true(tls_is_open(&lossy.tls));
        assert_true(span_equal(tls_play_plain(&lossy, 1), tls_play_plain(&whole, 1)));
        tls_play_free(&lossy);
        way.limits = &none;
        tls_play(&lossy, &talk, &way);
        assert_true(is_subsequence(tls_play_plain(&lossy, 1), tls_play_plain(&whole, 1)));
        tls_play_free(&lossy);
        tls_play_free(&whole);
    }
}

static void put_master(struct secrets *secrets, uint8_t number)
{
    uint8_t random[HELLO_RANDOM_BYTES] = {number}, master[SECRET_MAX_BYTES] = {number};
    const struct secret_id id = {SECRET_OF_RANDOM, span_of(random, sizeof random)};
    assert_true(secrets_put(secrets, &id, SECRET_MASTER, span_of(master, sizeof master)));
}

/* Of a session that is known the ClientHello is lost, and those of other connections are tried. */
static void a_secret_that_is_only_tried_is_not_remembered_by_the_session(void **state)
{
    struct tls_talk talk;
    struct tls_play play;
    const struct tls_way without_hello = way_without(0), never = way_told_behind(TLS_WAY_NEVER);
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-16");
    tls_play(&play, &talk, &never);
    put_master(&play.secrets, 1);
    for (int i = 0; i < 2; i++) {
        tls_play_next(&play, &talk, &without_hello);
        assert_true(span_starts(tls_play_plain(&play, 0), span_str("PROPPATCH ")));
    }
    const struct keys_facts *facts = &play.tls.facts;
    const struct secret_id session = {SECRET_OF_SESSION,
                                      span_of(facts->server_session, facts->server_session_len)};
    struct span told = keys_secret(&play.secrets, facts, SECRET_MASTER);
    assert_true(session.bytes.len > 0 && told.len > 0);
    assert_true(span_equal(secrets_find(&play.secrets, &session, SECRET_MASTER), told));
    tls_play_free(&play);
}

/* What comes out of a talk without its ClientHello and the first record of both sides behind
 * ChangeCipherSpec, when so many other connections are known besides. */
static size_t n_plain_among(size_t n_others, const struct limits *limits)
{
    struct tls_talk talk;
    struct tls_play play;
    const struct tls_way way = {
        .n_bytes = SIZE_MAX, .lost = {0, 2, 3}, .told_behind = TLS_WAY_NONE, .limits = limits};
    tls_talk_load(&talk, TLS_CORPUS, "suite-16");
    tls_play(&play, &talk, &tls_way_plain);
    for (size_t i = secrets_n_entries(&play.secrets); i <= n_others; i++)
        put_master(&play.secrets, (uint8_t)i);
    tls_play_next(&play, &talk, &way);
    size_t n_bytes = tls_play_plain(&play, 0).len;
    tls_play_free(&play);
    return n_bytes;
}

/* In TLS 1.0 a record behind a loss does not open, though its keys are known. */
static void a_record_that_does_not_open_costs_no_more_when_the_client_hello_is_lost(void **state)
{
    enum { KEY_EXCHANGE_BYTES = 267, CHANGE_CIPHER_BYTES = 6 }; /* in front of Finished */
    struct tls_talk talk;
    struct tls_play whole, lossy;
    const struct tls_way way = {.n_bytes = SIZE_MAX,
                                .lost = {0, 2, TLS_WAY_NONE},
                                .n_kept = KEY_EXCHANGE_BYTES + CHANGE_CIPHER_BYTES,
                                .told_behind = TLS_WAY_NONE};
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-27");
    tls_play(&whole, &talk, &tls_way_plain);
    tls_play(&lossy, &talk, &way);
    assert_string_equal(tls_version(&lossy.tls), "1.0");
    assert_true(span_equal(tls_play_plain(&lossy, 0), tls_play_plain(&whole, 0)));
    assert_true(span_equal(tls_play_plain(&lossy, 1), tls_play_plain(&whole, 1)));
    tls_play_free(&whole);
    tls_play_free(&lossy);
}

static void numbers_and_secrets_are_tried_together_no_more_than_the_limit_says(void **state)
{
    struct limits limits = limits_default;
    (void)state;
    limits.max_tls_tries = 8;
    assert_true(n_plain_among(0, &limits) > 0);
    assert_int_equal(n_plain_among(7, &limits), n_plain_among(0, &limits));
    assert_int_equal(n_plain_among(8, &limits), 0);
}

/* Steps of the talk: 4 "one " and a key update of the client, 5 "two "; 6 and 7 the same of the
 * server, 8 another key update, 9 "THREE". */
static void a_lost_key_update_hides_only_what_was_lost_with_it(void **state)
{
    static const struct {
        int lost, side;
        const char *rest;
        bool has_lost_data;
    } cases[] = {{4, 0, "two ", true}, {6, 1, "TWO THREE", true}, {8, 1, "ONE TWO THREE", false}};
    struct tls_talk talk;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "update");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tls_play played;
        const struct tls_way way = way_without(cases[i].lost);
        tls_play(&played, &talk, &way);
        assert_true(span_equal(tls_play_plain(&played, cases[i].side), span_str(cases[i].rest)));
        assert_int_equal(played.log.side[cases[i].side].n_gaps, cases[i].has_lost_data);
        tls_play_free(&played);
    }
}

static void a_changed_record_is_noted_and_missing(void **state)
{
    struct tls_talk talk;
    struct tls_play whole, changed;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    tls_play(&whole, &talk, &tls_way_plain);
    /* The last bytes are of the client's close_notify; those of the answer stand far before. */
    struct span seen = tls_play_plain(&whole, 1);
    size_t n_answer = seen.len;
    bool is_noted = false;
    for (size_t back = 60; back < n_answer && !is_noted; back += 10) {
        uint8_t *at = &talk.bytes[(size_t)(talk.steps.ptr - talk.bytes) + talk.steps.len - back];
        *at ^= 0x10;
        tls_play(&changed, &talk, &tls_way_plain);
        is_noted = changed.log.side[1].n_notes > 0;
        if (is_noted)
            assert_int_equal(changed.log.side[1].note.kind, ANOMALY_TLS_RECORD);
        assert_true(is_subsequence(tls_play_plain(&changed, 1), seen));
        tls_play_free(&changed);
        *at ^= 0x10;
    }
    tls_play_free(&whole);
}

static uint8_t *last_byte_of_step(struct tls_talk *talk, int step)
{
    struct span bytes = {NULL, 0};
    struct reader r = reader_of(talk->steps);
    for (int i = 0; i <= step; i++) {
        reader_skip(&r, 1);
        bytes = reader_span(&r, reader_u16(&r));
    }
    return &talk->bytes[bytes.ptr - talk->bytes + (ptrdiff_t)bytes.len - 1];
}

/* Steps of the talk: 3 the request, 4 and 5 a ticket each, 6 the answer. */
static void the_first_record_of_new_keys_may_be_a_changed_one(void **state)
{
    struct tls_talk talk;
    struct tls_play whole, changed;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    tls_play(&whole, &talk, &tls_way_plain);
    for (int step = 3; step <= 4; step++) {
        uint8_t *at = last_byte_of_step(&talk, step);
        *at ^= 1;
        tls_play(&changed, &talk, &tls_way_plain);
        *at ^= 1;
        assert_int_equal(changed.log.side[0].n_gaps, step == 3);
        assert_int_equal(changed.log.side[1].n_notes, step == 4);
        assert_true(span_equal(tls_play_plain(&changed, 1), tls_play_plain(&whole, 1)));
        tls_play_free(&changed);
    }
    tls_play_free(&whole);
}

static void an_answer_that_does_not_come_out_is_told_at_the_end(void **state)
{
    enum { ANSWER = 6, CLOSE_NOTIFY = 8 };
    struct tls_talk talk;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    for (int told_behind = TLS_WAY_NONE; told_behind <= CLOSE_NOTIFY; told_behind++) {
        struct tls_play play;
        struct tls_way way = way_told_behind(told_behind);
        way.lost[0] = ANSWER;
        way.lost[1] = CLOSE_NOTIFY;
        tls_play(&play, &talk, &way);
        assert_int_equal(tls_play_plain(&play, 1).len, 0);
        assert_int_equal(play.log.side[1].n_gaps, 1);
        assert_int_equal(play.log.side[1].n_finished, 1);
        tls_play_free(&play);
    }
}

/* Steps of the talk: 6 "four ", 7 "ONE ", 8 "five ". */
static void an_answer_that_does_not_open_is_told_before_what_is_asked_next(void **state)
{
    struct tls_talk talk;
    struct tls_play play;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "early");
    *last_byte_of_step(&talk, 7) ^= 1;
    tls_play(&play, &talk, &tls_way_plain);
    assert_string_equal(stream_log_story(&play.log),
                        "0'one two three four ' 1(tls-record) 1(gap 18446744073709551615) 0'five ' "
                        "0(fin) 1(fin)");
    tls_play_free(&play);
}

/* Steps of the talk: 5 a ticket, 6 the answer, 8 close_notify. */
static void nobody_can_tell_how_much_is_missing_when_a_ticket_is_lost_with_it(void **state)
{
    struct tls_talk talk;
    struct tls_play play;
    struct tls_way way = way_without(5);
    (void)state;
    way.lost[1] = 6;
    tls_talk_load(&talk, TLS_CORPUS, "suite-0");
    tls_play(&play, &talk, &way);
    assert_int_equal(play.log.side[1].n_gaps, 1);
    assert_true(play.log.side[1].n_gap_bytes == SINK_ALL);
    tls_play_free(&play);
}

/* Steps of the talk: 3 and 4 a ticket each, 8 a key update of the server. */
static void a_lost_ticket_is_no_gap_whatever_comes_before_the_answer(void **state)
{
    struct tls_talk talk;
    (void)state;
    tls_talk_load(&talk, TLS_CORPUS, "odd-2");
    for (int step = 3; step <= 4; step++) {
        struct tls_play play;
        const struct tls_way way = way_without(step);
        tls_play(&play, &talk, &way);
        assert_true(span_starts(tls_play_plain(&play, 1), span_str("HTTP/1.1 ")));
        assert_int_equal(play.log.side[1].n_gaps, 0);
        tls_play_free(&play);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_come_out_plain_and_whole),
        cmocka_unit_test(
            a_session_resumed_by_a_ticket_opens_with_the_secret_of_its_first_connection),
        cmocka_unit_test(it_does_not_matter_how_the_bytes_are_cut),
        cmocka_unit_test(secrets_may_come_behind_any_step),
        cmocka_unit_test(what_waits_too_long_is_given_up),
        cmocka_unit_test(what_waits_beyond_its_bytes_is_given_up),
        cmocka_unit_test(a_hello_longer_than_its_limit_is_passed_over),
        cmocka_unit_test(behind_a_loss_no_more_numbers_are_tried_than_the_limit_says),
        cmocka_unit_test(without_secrets_nothing_is_said_and_nothing_more_is_needed),
        cmocka_unit_test(whatever_step_is_lost_nothing_false_is_said),
        cmocka_unit_test(a_lost_client_hello_is_found_again_among_the_secrets),
        cmocka_unit_test(a_secret_that_is_only_tried_is_not_remembered_by_the_session),
        cmocka_unit_test(a_record_that_does_not_open_costs_no_more_when_the_client_hello_is_lost),
        cmocka_unit_test(numbers_and_secrets_are_tried_together_no_more_than_the_limit_says),
        cmocka_unit_test(a_lost_key_update_hides_only_what_was_lost_with_it),
        cmocka_unit_test(a_changed_record_is_noted_and_missing),
        cmocka_unit_test(an_answer_that_does_not_come_out_is_told_at_the_end),
        cmocka_unit_test(an_answer_that_does_not_open_is_told_before_what_is_asked_next),
        cmocka_unit_test(nobody_can_tell_how_much_is_missing_when_a_ticket_is_lost_with_it),
        cmocka_unit_test(a_lost_ticket_is_no_gap_whatever_comes_before_the_answer),
        cmocka_unit_test(the_first_record_of_new_keys_may_be_a_changed_one),
    };
    return crypt_is_built_in() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
