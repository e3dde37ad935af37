/* How long a TLS connection waits for its secrets: a real one from the corpus of fuzz_tls.c, of
 * which they are never told. */
#include "dissector/base/reader.h"
#include "dissector/tls/tls.h"
#include "tests/support/stream_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void on_opened(void *ctx)
{
    (void)ctx;
    fail();
}

static void feed_all(struct tls *tls, const struct origin *origin)
{
    static uint8_t bytes[16 * 1024];
    FILE *file = fopen(TLS_CORPUS "/suite-0", "rb");
    assert_non_null(file);
    struct span all = span_of(bytes, fread(bytes, 1, sizeof bytes, file));
    (void)fclose(file);
    struct reader r = reader_of(span_after(all, span_find_byte(all, '\0') + 1));
    while (r.left.len > 0) {
        struct stream_sink stream = tls_stream(tls, reader_u8(&r) & 1);
        assert_int_not_equal(stream_feed(stream, reader_span(&r, reader_u16(&r)), origin),
                             FEED_NOMEM);
    }
}

/* A connection that begins at this time, and is given up so much later. */
static void expect_given_up_after(int64_t begin_ns, int64_t period_ns)
{
    static const struct hash_key key = {1, 2};
    struct limits limits = limits_default;
    struct secrets secrets;
    struct stream_log log;
    struct tls tls;
    const struct origin origin = {.ordinal = 1, .time_ns = begin_ns};
    limits.tls_wait_ns = period_ns;
    stream_log_init(&log);
    secrets_init(&secrets, limits.max_tls_sessions, &key);
    secrets.may_grow = true;
    tls_init(&tls, &(struct tls_params){
                       .limits = &limits,
                       .secrets = &secrets,
                       .plain = {stream_log_sink(&log, 0), stream_log_sink(&log, 1)},
                       .opened = on_opened,
                   });
    feed_all(&tls, &origin);
    size_t held_bytes = tls_buffered_bytes(&tls);
    assert_true(tls_is_waiting(&tls, origin.time_ns + period_ns));
    assert_int_equal(tls_buffered_bytes(&tls), held_bytes);
    assert_false(tls_is_waiting(&tls, INT64_MAX));
    assert_true(tls_buffered_bytes(&tls) < held_bytes);
    assert_int_equal(stream_need_none(tls_stream(&tls, 0)), SINK_ALL);
    tls_free(&tls);
    secrets_free(&secrets);
    stream_log_free(&log);
}

static void after_tls_wait_ns_it_is_given_up(void **state)
{
    (void)state;
    expect_given_up_after(INT64_MAX - 501, 500);
}

/* Any int64_t can be a capture time. */
static void so_it_is_when_time_leaps(void **state)
{
    (void)state;
    expect_given_up_after(INT64_MIN + 1, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_tls_wait_ns_it_is_given_up),
        cmocka_unit_test(so_it_is_when_time_leaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
