/* conv_dissect: a conversation played into the dissector. */
#pragma once

#include "tests/support/conv_play.h"
#include "tests/support/event_dump.h"

struct conv_result {
    struct event_dump dump;
    size_t n_before_finish; /* lines that came while frames did; the others came from finish */
    enum feed feed;         /* FEED_OK: every frame and the finish were taken */
    bool has_failed;        /* the allocation that was to fail was asked for */
};

/* failing_allocation: of the dissector's allocations the nth fails (tests/support/alloc.h); 0: none
 * does. The dump in the result is the caller's to free. */
struct conv_result conv_dissect(const struct conv *conv, const struct conv_plan *plan,
                                uint64_t failing_allocation);

/* The whole conversation, its events into a sink of the caller's. Of each frame no more than
 * snaplen_bytes were captured. */
enum feed conv_dissect_into(const struct conv *conv, size_t snaplen_bytes, struct event_sink sink);
