#include "dissector/base/reader.h"
#include "dissector/tls/keylog.h"
#include "dissector/tls/tls.h"
#include "tests/support/stream_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Real conversations, as tests/fuzz/fuzz_tls.c reads them: the lines of a key log, a NUL, and what
 * each side sent in one segment. The client stands first. */
enum { MAX_FILE_BYTES = 16 * 1024, NONE = -1 };

static const char *const names[] = {"suite-0",  "suite-2",  "suite-8", "suite-16", "suite-18",
                                    "suite-27", "suite-29", "odd-0",   "odd-1",    "odd-2",
                                    "odd-3",    "odd-5",    "rsa-0",   "rsa-1",    "rsa-2"};
enum { N_NAMES = sizeof names / sizeof *names };

struct talk {
    uint8_t bytes[MAX_FILE_BYTES];
    struct span lines, steps;
};

static void load(struct talk *talk, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, TLS_CORPUS "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct span all = span_of(talk->bytes, fread(talk->bytes, 1, sizeof talk->bytes, file));
    (void)fclose(file);
    size_t n_lines = span_find_byte(all, '\0');
    talk->lines = span_first(all, n_lines);
    talk->steps = span_after(all, n_lines + 1);
}

/* How a talk is played. */
struct way {
    size_t n_bytes;  /* of a feed */
    int lost;        /* a step that is missing, or NONE */
    int told_behind; /* the secrets come behind this step; NONE: before all; -2: never */
    int64_t step_ns;
    const struct limits *limits; /* NULL: the default */
};

static const struct way plainly = {SIZE_MAX, NONE, NONE, 0, NULL};

struct played {
    struct secrets secrets;
    struct stream_log log;
    struct tls tls;
    bool is_opened;
};

static void on_opened(void *ctx)
{
    struct played *played = ctx;
    assert_non_null(tls_version(&played->tls));
    played->is_opened = true;
}

static void tell(struct played *played, struct span lines)
{
    struct keylog keylog;
    keylog_init(&keylog, &played->secrets);
    assert_int_equal(keylog_feed(&keylog, lines), FEED_OK);
    assert_int_equal(keylog_finish(&keylog), FEED_OK);
    keylog_free(&keylog);
}

static void send_step(struct played *played, struct span bytes, int side, const struct way *way)
{
    static struct origin origin = {.ordinal = 1};
    struct stream_sink stream = tls_stream(&played->tls, side);
    origin.ordinal++;
    origin.time_ns += way->step_ns;
    for (; bytes.len > 0; bytes = span_after(bytes, way->n_bytes))
        stream.ops->feed(stream.ctx, span_first(bytes, way->n_bytes), &origin);
}

/* A connection, with the secrets that are there. */
static void play_one(struct played *played, const struct talk *talk, const struct way *way)
{
    const struct origin end = {.ordinal = 1000};
    stream_log_init(&played->log);
    if (way->told_behind == NONE)
        tell(played, talk->lines);
    const struct tls_params params = {
        .limits = way->limits ? way->limits : &limits_default,
        .secrets = &played->secrets,
        .plain = {stream_log_sink(&played->log, 0), stream_log_sink(&played->log, 1)},
        .opened = on_opened,
        .ctx = played,
    };
    tls_init(&played->tls, &params);
    struct reader r = reader_of(talk->steps);
    for (int i = 0; r.left.len > 0; i++) {
        int side = reader_u8(&r) & 1;
        struct span bytes = reader_span(&r, reader_u16(&r));
        struct stream_sink stream = tls_stream(&played->tls, side);
        if (i == way->lost)
            stream.ops->gap(stream.ctx, bytes.len, false, &end);
        else
            send_step(played, bytes, side, way);
        if (i != way->told_behind)
            continue;
        tell(played, talk->lines);
        assert_int_equal(tls_retry(&played->tls), FEED_OK);
    }
    for (int side = 0; side < 2; side++)
        tls_stream(&played->tls, side)
            .ops->finish(tls_stream(&played->tls, side).ctx, END_FIN, &end);
}

static void play(struct played *played, const struct talk *talk, const struct way *way)
{
    const struct hash_key key = {1, 2};
    *played = (struct played){.is_opened = false};
    secrets_init(&played->secrets, 16, &key);
    played->secrets.may_grow = way->told_behind >= 0;
    play_one(played, talk, way);
}

static void clear(struct played *played)
{
    tls_free(&played->tls);
    secrets_free(&played->secrets);
    stream_log_free(&played->log);
}

static struct span plain(const struct played *played, int side)
{
    return buf_span(&played->log.side[side].bytes);
}

static int n_steps(const struct talk *talk)
{
    int n = 0;
    for (struct reader r = reader_of(talk->steps); r.left.len > 0; n++) {
        reader_skip(&r, 1);
        reader_skip(&r, reader_u16(&r));
    }
    return n;
}

static void both_sides_come_out_plain_and_whole(void **state)
{
    struct talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct played played;
        load(&talk, names[i]);
        play(&played, &talk, &plainly);
        assert_true(tls_is_open(&played.tls) && played.is_opened);
        assert_int_equal(tls_client(&played.tls), 0);
        assert_string_equal(tls_server_name(&played.tls), "dav.example");
        assert_true(span_find(plain(&played, 0), span_str(" HTTP/1.1\r\n")) < 40);
        assert_true(span_starts(plain(&played, 1), span_str("HTTP/1.1 207 Multi-Status\r\n")));
        for (int side = 0; side < 2; side++) {
            assert_int_equal(played.log.side[side].n_gaps, 0);
            assert_int_equal(played.log.side[side].n_notes, 0);
            assert_int_equal(played.log.side[side].n_finished, 1);
        }
        clear(&played);
    }
}

/* The key log tells nothing of the second connection. */
static void
a_session_resumed_by_a_ticket_opens_with_the_secret_of_its_first_connection(void **state)
{
    struct talk first, resumed;
    struct played played, alone;
    (void)state;
    load(&first, "ticket-0");
    load(&resumed, "ticket-1");
    play(&played, &first, &plainly);
    tls_free(&played.tls);
    stream_log_free(&played.log);
    play_one(&played, &resumed, &plainly);
    assert_true(tls_is_open(&played.tls));
    assert_true(span_starts(plain(&played, 0), span_str("PROPFIND ")));
    assert_true(span_starts(plain(&played, 1), span_str("HTTP/1.1 207 Multi-Status\r\n")));
    play(&alone, &resumed, &plainly);
    assert_false(tls_is_open(&alone.tls));
    clear(&played);
    clear(&alone);
}

static void expect_same(const struct talk *talk, const struct way *way)
{
    struct played whole, other;
    play(&whole, talk, &plainly);
    play(&other, talk, way);
    for (int side = 0; side < 2; side++) {
        assert_true(span_equal(plain(&whole, side), plain(&other, side)));
        assert_int_equal(other.log.side[side].n_gaps, 0);
    }
    clear(&whole);
    clear(&other);
}

static void it_does_not_matter_how_the_bytes_are_cut(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 64, 700};
    struct talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        load(&talk, names[i]);
        for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
            expect_same(&talk,
                        &(struct way){.n_bytes = pieces[k], .lost = NONE, .told_behind = NONE});
    }
}

static void secrets_may_come_behind_any_step(void **state)
{
    struct talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        load(&talk, names[i]);
        for (int step = 0; step < n_steps(&talk); step++)
            expect_same(&talk, &(struct way){SIZE_MAX, NONE, step, 0, NULL});
    }
}

static void what_waits_too_long_is_given_up(void **state)
{
    struct talk talk;
    struct played played;
    (void)state;
    load(&talk, "suite-0");
    const struct way way = {SIZE_MAX, NONE, n_steps(&talk) - 1, 11 * INT64_C(1000000000), NULL};
    play(&played, &talk, &way);
    assert_false(tls_is_open(&played.tls));
    assert_false(tls_is_waiting(&played.tls, INT64_MAX));
    clear(&played);
}

static void what_waits_beyond_its_bytes_is_given_up(void **state)
{
    struct limits limits = limits_default;
    struct talk talk;
    struct played played;
    (void)state;
    load(&talk, "suite-0");
    const struct way way = {SIZE_MAX, NONE, n_steps(&talk) - 1, 0, &limits};
    play(&played, &talk, &way);
    assert_true(tls_is_open(&played.tls));
    clear(&played);
    limits.max_tls_wait_bytes = 1000;
    play(&played, &talk, &way);
    assert_false(tls_is_open(&played.tls));
    assert_true(tls_buffered_bytes(&played.tls) < 1000);
    clear(&played);
}

static void a_hello_longer_than_its_limit_is_passed_over(void **state)
{
    struct limits limits = limits_default;
    struct talk talk;
    struct played played;
    (void)state;
    limits.max_tls_message_bytes = 100;
    load(&talk, "suite-0");
    play(&played, &talk, &(struct way){SIZE_MAX, NONE, NONE, 0, &limits});
    assert_false(tls_is_open(&played.tls));
    assert_string_equal(tls_server_name(&played.tls), "");
    clear(&played);
}

/* What comes of both sides when a step is lost and so many numbers are tried behind it. */
static size_t n_plain_behind_loss(const struct talk *talk, int step, size_t max_tries)
{
    struct limits limits = limits_default;
    struct played played;
    limits.max_tls_tries = max_tries;
    play(&played, talk, &(struct way){SIZE_MAX, step, NONE, 0, &limits});
    size_t n_bytes = plain(&played, 0).len + plain(&played, 1).len;
    clear(&played);
    return n_bytes;
}

static void behind_a_loss_no_more_numbers_are_tried_than_the_limit_says(void **state)
{
    struct talk talk;
    int n_helped = 0;
    (void)state;
    load(&talk, "suite-0");
    for (int step = 0; step < n_steps(&talk); step++) {
        size_t n_without = n_plain_behind_loss(&talk, step, 0);
        size_t n_with = n_plain_behind_loss(&talk, step, limits_default.max_tls_tries);
        assert_true(n_without <= n_with);
        n_helped += n_without < n_with;
    }
    assert_true(n_helped > 0);
}

static void without_secrets_nothing_is_said_and_nothing_more_is_needed(void **state)
{
    struct talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct played played;
        load(&talk, names[i]);
        play(&played, &talk, &(struct way){SIZE_MAX, NONE, -2, 0, NULL});
        assert_false(tls_is_open(&played.tls) || played.is_opened);
        assert_string_equal(tls_server_name(&played.tls), "dav.example");
        for (int side = 0; side < 2; side++) {
            struct stream_sink stream = tls_stream(&played.tls, side);
            assert_int_equal(played.log.side[side].n_calls, 0);
            assert_true(stream.ops->need_none(stream.ctx) == SINK_ALL);
        }
        clear(&played);
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
    struct talk talk;
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct played whole, lossy;
        load(&talk, names[i]);
        play(&whole, &talk, &plainly);
        for (int step = 0; step < n_steps(&talk); step++) {
            play(&lossy, &talk, &(struct way){SIZE_MAX, step, NONE, 0, NULL});
            for (int side = 0; side < 2; side++)
                assert_true(is_subsequence(plain(&lossy, side), plain(&whole, side)));
            clear(&lossy);
        }
        clear(&whole);
    }
}

static void a_lost_client_hello_is_found_again_among_the_secrets(void **state)
{
    struct limits none = limits_default;
    struct talk talk;
    (void)state;
    none.max_tls_tries = 0;
    for (size_t i = 0; i < N_NAMES; i++) {
        struct played whole, lossy;
        load(&talk, names[i]);
        if (talk.lines.ptr[0] == 'R') /* a premaster secret needs the random */
            continue;
        play(&whole, &talk, &plainly);
        play(&lossy, &talk, &(struct way){SIZE_MAX, 0, NONE, 0, NULL});
        assert_true(tls_is_open(&lossy.tls));
        assert_true(span_equal(plain(&lossy, 1), plain(&whole, 1)));
        clear(&lossy);
        play(&lossy, &talk, &(struct way){SIZE_MAX, 0, NONE, 0, &none});
        assert_true(is_subsequence(plain(&lossy, 1), plain(&whole, 1)));
        clear(&lossy);
        clear(&whole);
    }
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
    struct talk talk;
    (void)state;
    load(&talk, "update");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct played played;
        play(&played, &talk, &(struct way){SIZE_MAX, cases[i].lost, NONE, 0, NULL});
        assert_true(span_equal(plain(&played, cases[i].side), span_str(cases[i].rest)));
        assert_int_equal(played.log.side[cases[i].side].n_gaps, cases[i].has_lost_data);
        clear(&played);
    }
}

static void a_changed_record_is_noted_and_missing(void **state)
{
    struct talk talk;
    struct played whole, changed;
    (void)state;
    load(&talk, "suite-0");
    play(&whole, &talk, &plainly);
    /* The last bytes are of the client's close_notify; those of the answer stand far before. */
    struct span seen = plain(&whole, 1);
    size_t n_answer = seen.len;
    bool is_noted = false;
    for (size_t back = 60; back < n_answer && !is_noted; back += 10) {
        uint8_t *at = &talk.bytes[(size_t)(talk.steps.ptr - talk.bytes) + talk.steps.len - back];
        *at ^= 0x10;
        play(&changed, &talk, &plainly);
        is_noted = changed.log.side[1].n_notes > 0;
        if (is_noted)
            assert_int_equal(changed.log.side[1].note.kind, ANOMALY_TLS_RECORD);
        assert_true(is_subsequence(plain(&changed, 1), seen));
        clear(&changed);
        *at ^= 0x10;
    }
    clear(&whole);
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
        cmocka_unit_test(a_lost_key_update_hides_only_what_was_lost_with_it),
        cmocka_unit_test(a_changed_record_is_noted_and_missing),
    };
    return crypt_is_built_in() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
