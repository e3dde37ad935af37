/* origin: where and when bytes were captured. It rides beside every span through the stages, so
 * that each event can name its frames. For bytes assembled from several frames it is the origin of
 * the frame that completed them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct origin {
    uint64_t ordinal; /* place in the whole timeline of all inputs, from 1; orders events */
    uint64_t frame;   /* number inside its own capture, from 1, as Wireshark counts */
    uint32_t source;  /* index of the capture file or interface, as capture/ gives it */
    int64_t time_ns;  /* capture time, nanoseconds since 1970-01-01 UTC */
    /* Of bytes that TCP brought, positions in its two streams (net/tcp.h); 0: not known. */
    uint64_t sent_at; /* of the first of them */
    uint64_t seen_to; /* the sender had received the peer's bytes before this, and none behind */
};

#define SECOND_NS INT64_C(1000000000)

/* Whether at now_ns a period has passed since since_ns. Any int64_t can be a capture time. */
static inline bool origin_has_passed(int64_t since_ns, int64_t now_ns, int64_t period_ns)
{
    return now_ns > since_ns && (uint64_t)now_ns - (uint64_t)since_ns >= (uint64_t)period_ns;
}
