#include "output/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct redact redact;
static struct buf seen;

/* Keeps the value that the test looks at. */
static enum feed take_event(void *ctx, const struct event *event)
{
    const enum value *wanted = ctx;
    buf_clear(&seen);
    assert_int_equal(buf_append(&seen, event->resource->values[*wanted]), BUF_OK);
    return FEED_OK;
}

static bool is_hidden(enum value value, const char *text)
{
    static const struct hash_key key = {1, 2};
    struct span hrefs[] = {span_str("/d/")};
    struct resource resource = {.hrefs = hrefs, .n_hrefs = 1};
    const struct event event = {.kind = EVENT_RESOURCE, .resource = &resource};
    resource.values[value] = span_str(text);
    buf_init(&seen, SIZE_MAX);
    redact_init(&redact, &key, (struct event_sink){take_event, &value});
    struct event_sink sink = redact_sink(&redact);
    assert_int_equal(sink.event(sink.ctx, &event), FEED_OK);
    bool is_same = span_equal(buf_span(&seen), span_str(text));
    redact_free(&redact);
    buf_free(&seen);
    return !is_same;
}

static void texts_of_people_are_hidden(void **state)
{
    (void)state;
    assert_true(is_hidden(VALUE_DISPLAYNAME, "Jane's plans"));
    assert_true(is_hidden(VALUE_PRINCIPAL, "/principals/users/jane/"));
    assert_false(is_hidden(VALUE_ETAG, "\"1\""));
}

static void times_stay_and_what_is_none_is_hidden(void **state)
{
    (void)state;
    assert_false(is_hidden(VALUE_LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_false(is_hidden(VALUE_LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 +0000"));
    assert_false(is_hidden(VALUE_CREATION_DATE, "1994-11-06T08:49:37Z"));
    assert_true(is_hidden(VALUE_LAST_MODIFIED, "when Jane came back"));
    assert_true(is_hidden(VALUE_CREATION_DATE, "by Jane"));
}

/* Keeps what is left of a lock. */
static enum feed take_lock(void *ctx, const struct event *event)
{
    const struct active_lock *lock = &event->resource->locks[0];
    const struct span texts[] = {lock->root, lock->owner, lock->timeout};
    (void)ctx;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(buf_append(&seen, texts[i]), BUF_OK);
        assert_int_equal(buf_append(&seen, span_str(" ")), BUF_OK);
    }
    return FEED_OK;
}

static bool shows_of_lock(const char *timeout, const char *text)
{
    static const struct hash_key key = {1, 2};
    struct span hrefs[] = {span_str("/d/")};
    struct active_lock lock = {
        .root = span_str("/janes/"), .owner = span_str("jane"), .timeout = span_str(timeout)};
    struct resource resource = {
        .hrefs = hrefs, .n_hrefs = 1, .has_locks = true, .locks = &lock, .n_locks = 1};
    const struct event event = {.kind = EVENT_LOCKS, .resource = &resource};
    buf_init(&seen, SIZE_MAX);
    redact_init(&redact, &key, (struct event_sink){take_lock, NULL});
    struct event_sink sink = redact_sink(&redact);
    assert_int_equal(sink.event(sink.ctx, &event), FEED_OK);
    bool is_shown = span_find(buf_span(&seen), span_str(text)) < seen.len;
    redact_free(&redact);
    buf_free(&seen);
    return is_shown;
}

static void of_a_lock_only_its_time_stays(void **state)
{
    (void)state;
    assert_false(shows_of_lock("Second-600", "jane"));
    assert_true(shows_of_lock("Second-600", "Second-600"));
    assert_true(shows_of_lock("Infinite", "Infinite"));
    assert_false(shows_of_lock("Second-jane", "jane"));
}

static enum feed take_title(void *ctx, const struct event *event)
{
    buf_clear(&seen);
    assert_int_equal(buf_append(ctx, event->page_title), BUF_OK);
    return FEED_OK;
}

static void the_title_of_a_page_is_hidden(void **state)
{
    (void)state;
    static const struct hash_key key = {1, 2};
    const struct event event = {.kind = EVENT_EXCHANGE, .page_title = span_str("Hello, Jane")};
    buf_init(&seen, SIZE_MAX);
    redact_init(&redact, &key, (struct event_sink){take_title, &seen});
    struct event_sink sink = redact_sink(&redact);
    assert_int_equal(sink.event(sink.ctx, &event), FEED_OK);
    assert_true(seen.len > 0);
    assert_false(span_equal(buf_span(&seen), event.page_title));
    redact_free(&redact);
    buf_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_people_are_hidden),
        cmocka_unit_test(times_stay_and_what_is_none_is_hidden),
        cmocka_unit_test(of_a_lock_only_its_time_stays),
        cmocka_unit_test(the_title_of_a_page_is_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
