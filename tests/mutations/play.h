/* play: a trace through dissector and JSON renderer, as text to be compared. */
#pragma once

#include "tests/mutations/trace.h"

/* What a text leaves out, or-ed. Frame numbers and numbers of connections and exchanges always. */
enum play_mask {
    MASK_TIMES = 1, /* times, durations, latencies */
    MASK_ORDER = 2, /* of the documents: they are sorted */
};

/* A line a document, and one with what was counted of the traffic. The caller frees it. */
char *play(const struct trace *trace, unsigned mask);
