/* Frames of a conversation go into a dissector of their own, its events into a dump. */
#include "tests/support/conv_dissect.h"

#include "dissector/dissector.h"
#include "tests/support/alloc.h"

enum { LINKTYPE_ETHERNET = 1 };

struct feeder {
    struct dissector *dissector;
    struct origin origin;
    struct event_sink dump;
    size_t snaplen_bytes;
    enum feed result;
};

static enum feed take_event(void *ctx, const struct event *event)
{
    struct feeder *f = ctx;
    alloc_count(false);
    enum feed result = f->dump.event(f->dump.ctx, event);
    alloc_count(true);
    return result;
}

static void feed_frame(void *ctx, struct span frame, int64_t time_ns)
{
    struct feeder *f = ctx;
    if (f->result != FEED_OK)
        return;
    f->origin.ordinal++;
    f->origin.frame++;
    f->origin.time_ns = time_ns;
    alloc_count(true);
    f->result = dissector_feed(f->dissector, LINKTYPE_ETHERNET, span_first(frame, f->snaplen_bytes),
                               (uint32_t)frame.len, &f->origin);
    alloc_count(false);
}

struct conv_result conv_dissect(const struct conv *conv, const struct conv_plan *plan,
                                uint64_t failing_allocation)
{
    struct conv_result result = {.feed = FEED_NOMEM};
    struct feeder f = {.dump = event_dump_sink(&result.dump), .snaplen_bytes = SIZE_MAX};
    const struct hash_key key = {1, 2};
    alloc_fail_at(failing_allocation);
    f.dissector = dissector_open(&limits_default, &key, (struct event_sink){take_event, &f});
    alloc_count(false);
    if (f.dissector) {
        conv_play(conv, plan, (struct conv_frame_sink){feed_frame, &f});
        result.n_before_finish = result.dump.n_lines;
        alloc_count(true);
        enum feed finish = dissector_finish(f.dissector);
        result.feed = f.result != FEED_OK ? f.result : finish;
        dissector_close(f.dissector);
    }
    result.has_failed = alloc_has_failed();
    alloc_fail_at(0);
    return result;
}

enum feed conv_dissect_into(const struct conv *conv, size_t snaplen_bytes, struct event_sink sink)
{
    struct feeder f = {.snaplen_bytes = snaplen_bytes, .result = FEED_NOMEM};
    const struct hash_key key = {1, 2};
    f.dissector = dissector_open(&limits_default, &key, sink);
    if (!f.dissector)
        return FEED_NOMEM;
    f.result = FEED_OK;
    conv_play(conv, &conv_plan_whole, (struct conv_frame_sink){feed_frame, &f});
    enum feed finish = dissector_finish(f.dissector);
    dissector_close(f.dissector);
    return f.result != FEED_OK ? f.result : finish;
}
