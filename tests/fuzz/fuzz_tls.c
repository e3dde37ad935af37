/* A key log up to the first NUL, then steps: side, what (bytes, a gap, an end, a retry), length and
 * bytes. With secrets that fit, records open; with any, nothing is read that is not there, and what
 * waits stays inside its limit. */
#include "dissector/base/reader.h"
#include "dissector/tls/keylog.h"
#include "dissector/tls/tls.h"
#include "tests/support/stream_log.h"

#include <assert.h>

static void on_opened(void *ctx)
{
    (void)ctx;
}

static void step(struct tls *tls, struct reader *r, struct origin *origin)
{
    uint8_t head = reader_u8(r);
    struct stream_sink stream = tls_stream(tls, head & 1);
    struct span bytes = reader_span(r, reader_u16(r));
    origin->ordinal++;
    origin->time_ns += (int64_t)(head >> 4) * 1000000000;
    if (head & 2)
        stream.ops->gap(stream.ctx, bytes.len, head & 4, origin);
    else if (head & 8)
        assert(tls_retry(tls) != FEED_NOMEM);
    else
        stream.ops->feed(stream.ctx, bytes, origin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct hash_key key = {1, 2};
    struct stream_log log;
    struct secrets secrets;
    struct keylog keylog;
    struct tls tls;
    struct origin origin = {.ordinal = 0};
    struct span input = span_of(data, size);
    size_t n_lines = span_find_byte(input, '\0');
    stream_log_init(&log);
    secrets_init(&secrets, 16, &key);
    secrets.may_grow = size % 2;
    keylog_init(&keylog, &secrets);
    keylog_feed(&keylog, span_first(input, n_lines));
    keylog_finish(&keylog);
    const struct tls_params params = {
        .limits = &limits_default,
        .secrets = &secrets,
        .plain = {stream_log_sink(&log, 0), stream_log_sink(&log, 1)},
        .opened = on_opened,
    };
    tls_init(&tls, &params);
    for (struct reader r = reader_of(span_after(input, n_lines + 1)); r.left.len > 0 && !r.failed;)
        step(&tls, &r, &origin);
    assert(tls_buffered_bytes(&tls) < 2 * limits_default.max_tls_wait_bytes + (1 << 18));
    for (int side = 0; side < 2; side++)
        tls_stream(&tls, side).ops->finish(tls_stream(&tls, side).ctx, END_CAPTURE, &origin);
    tls_free(&tls);
    keylog_free(&keylog);
    secrets_free(&secrets);
    stream_log_free(&log);
    return 0;
}
