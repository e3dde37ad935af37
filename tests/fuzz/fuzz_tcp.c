/* A script of segments: flags and side, sequence and acknowledgement number, length and payload. */
#include "dissector/base/reader.h"
#include "dissector/net/tcp.h"
#include "tests/support/stream_log.h"

#include <assert.h>

static enum feed play(struct tcp *tcp, struct reader *r, struct origin *origin)
{
    static const uint8_t flags[] = {0x10, 0x10, 0x10, 0x02, 0x12, 0x11, 0x04, 0x13};
    uint8_t head = reader_u8(r);
    struct segment segment = {.flags = flags[head & 7], .seq = reader_u32(r), .ack = 0};
    segment.ack = reader_u32(r);
    segment.payload = reader_span(r, reader_u8(r) * (head & 0x20 ? 16u : 1u));
    segment.cut_bytes = head & 0x40 ? reader_u8(r) : 0;
    origin->ordinal++;
    origin->time_ns += head & 0x80 ? INT64_C(1000000000) * (reader_u8(r) - 64) : 1;
    segment.origin = *origin;
    (void)tcp_is_reuse(tcp, head >> 4 & 1, &segment);
    return r->failed ? FEED_STOP : tcp_feed(tcp, head >> 4 & 1, &segment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stream_log log;
    struct tcp tcp;
    struct tcp_stats stats = {0};
    struct limits limits = {
        .max_reorder_bytes = 1000, .max_reorder_segments = 8, .reorder_ns = 1000000000};
    struct origin origin = {.ordinal = 0};
    struct reader r = reader_of(span_of(data, size));
    stream_log_init(&log);
    log.side[0].none_bytes = reader_u8(&r) * UINT64_C(16);
    log.side[1].none_bytes = reader_u8(&r) * UINT64_C(65536);
    log.side[1].none_after = 4;
    struct stream_sink sinks[2] = {stream_log_sink(&log, 0), stream_log_sink(&log, 1)};
    tcp_init(&tcp, &limits, &stats, sinks);
    while (play(&tcp, &r, &origin) == FEED_OK)
        assert(tcp_buffered_bytes(&tcp) < 20000);
    tcp_finish(&tcp, END_CAPTURE, &origin);
    assert(tcp_is_closed(&tcp) && tcp_buffered_bytes(&tcp) == 0);
    assert(log.side[0].n_finished == 1 && log.side[1].n_finished == 1);
    stream_log_free(&log);
    return 0;
}
