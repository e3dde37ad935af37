/* conv_play: the steps of a conversation as captured frames. TCP is right: handshake, sequence and
 * acknowledgement numbers (the server's wrap around early), FIN, RST. */
#pragma once

#include "tests/support/conv.h"

#define CONV_NOWHERE SIZE_MAX

/* How the same conversation is cut into segments, and how much of it was captured. */
struct conv_plan {
    size_t max_segment_bytes; /* of payload */
    size_t split_at;          /* a segment ends before this captured byte; or CONV_NOWHERE */
    size_t cut_at;            /* the capture ends before this captured byte; or CONV_NOWHERE */
    bool is_repeated;         /* every data segment comes twice */
    bool is_swapped;          /* data segments of a turn come in the order 2 1 4 3 ... */
};

/* One segment a turn (as far as TCP can), nothing cut. */
extern const struct conv_plan conv_plan_whole;

struct conv_frame_sink {
    void (*frame)(void *ctx, struct span frame, int64_t time_ns);
    void *ctx;
};

void conv_play(const struct conv *conv, const struct conv_plan *plan, struct conv_frame_sink sink);
