/* What is read out of a parcel is what was put into it, whatever became of that. */
#include "app/parcel.h"
#include "tests/support/alloc.h"
#include "tests/support/event_build.h"
#include "tests/support/event_dump.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Events go into a parcel and a dump alike. */
struct stand {
    struct parcel *parcel;
    struct event_dump said, read;
    struct event_sink dump;
};

static enum feed put(void *ctx, const struct event *event)
{
    struct stand *stand = ctx;
    const struct parcel_key key = {event->origin.ordinal, 0};
    assert_true(parcel_add(stand->parcel, event, key));
    return stand->dump.event(stand->dump.ctx, event);
}

static void stand_open(struct stand *stand)
{
    *stand = (struct stand){.parcel = parcel_open()};
    assert_non_null(stand->parcel);
    stand->dump = event_dump_sink(&stand->said);
}

static void play_locks(struct stand *stand)
{
    char texts[] = "/d/JaneSecond-60";
    struct span href = span_of(texts, 3);
    struct active_lock lock = {.token = 1,
                               .is_deep = true,
                               .root = href,
                               .owner = span_of(texts + 3, 4),
                               .timeout = span_of(texts + 7, 9)};
    struct resource resource = {
        .hrefs = &href, .n_hrefs = 1, .has_locks = true, .locks = &lock, .n_locks = 1};
    struct event_connection connection = {.number = 9};
    struct event event = {.kind = EVENT_LOCKS, .connection = &connection, .resource = &resource};
    event.origin.ordinal = 9;
    assert_int_equal(put(stand, &event), FEED_OK);
    memset(&lock, 'x', sizeof lock);
    memset(texts, 'x', sizeof texts);
}

static void play_document(struct stand *stand)
{
    struct event_build build;
    event_build_init(&build, (struct event_sink){put, stand}, 1);
    event_build_begin(&build);
    event_build_status(&build, "/d/a", 200, OUTCOME_OK);
    event_build_note(&build, ANOMALY_CAPTURE_GAP, 5, "a hole");
    event_build_status(&build, "/d/b", 423, OUTCOME_FAILED);
    event_build_status(&build, "/d/c", 423, OUTCOME_FAILED);
    event_build_end(&build, VERDICT_MIXED, NULL);
    play_locks(stand);
    memset(&build, 'x', sizeof build);
}

static void stand_close(struct stand *stand)
{
    parcel_close(stand->parcel);
    event_dump_free(&stand->said);
    event_dump_free(&stand->read);
}

static void copies_say_what_the_events_said(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_document(&stand);
    struct event_sink sink = event_dump_sink(&stand.read);
    for (const struct parcel_event *at = stand.parcel->first; at; at = at->next)
        assert_int_equal(sink.event(sink.ctx, &at->event), FEED_OK);
    assert_int_equal(stand.read.n_lines, stand.said.n_lines);
    for (size_t i = 0; i < stand.said.n_lines; i++)
        assert_string_equal(stand.read.lines[i].text, stand.said.lines[i].text);
    stand_close(&stand);
}

static void exchange_is_copied_again_only_when_it_changed(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    play_document(&stand);
    const struct parcel_event *begin = stand.parcel->first, *a = begin->next, *b = a->next;
    assert_ptr_equal(a->event.exchange, begin->event.exchange);
    assert_ptr_equal(a->event.request, begin->event.request);
    assert_int_equal(a->event.exchange->n_anomalies, 0);
    assert_int_equal(b->event.exchange->n_anomalies, 1);
    assert_string_equal(b->event.exchange->anomalies[0].text, "a hole");
    assert_ptr_equal(b->next->event.exchange, b->event.exchange);
    stand_close(&stand);
}

static void the_title_of_a_page_is_copied(void **state)
{
    (void)state;
    struct stand stand;
    struct event_build build;
    char title[] = "Sign in";
    stand_open(&stand);
    event_build_init(&build, (struct event_sink){put, &stand}, 1);
    const struct event event = {.kind = EVENT_EXCHANGE,
                                .connection = &build.connection,
                                .exchange = &build.exchange,
                                .request = &build.request,
                                .page_title = span_str(title)};
    assert_int_equal(put(&stand, &event), FEED_OK);
    memset(title, 'x', sizeof title - 1);
    assert_true(span_equal(stand.parcel->first->event.page_title, span_str("Sign in")));
    stand_close(&stand);
}

static enum feed put_or_fail(void *ctx, const struct event *event)
{
    const struct parcel_key key = {1, 0};
    return parcel_add(ctx, event, key) ? FEED_OK : FEED_NOMEM;
}

static void without_memory_a_parcel_is_as_it_was(void **state)
{
    (void)state;
    bool has_failed = true;
    for (uint64_t n = 1; has_failed; n++) {
        struct event_build build;
        alloc_fail_at(n);
        struct parcel *parcel = parcel_open();
        event_build_init(&build, (struct event_sink){put_or_fail, parcel}, 1);
        if (parcel) {
            event_build_begin(&build);
            assert_true((build.feed == FEED_OK) == (parcel->first != NULL));
        }
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        alloc_count(false);
        parcel_close(parcel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_say_what_the_events_said),
        cmocka_unit_test(exchange_is_copied_again_only_when_it_changed),
        cmocka_unit_test(the_title_of_a_page_is_copied),
        cmocka_unit_test(without_memory_a_parcel_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
