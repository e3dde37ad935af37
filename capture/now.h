/* now: the machine's clocks in nanoseconds. */
#pragma once

#include "dissector/base/origin.h"

#include <stdint.h>
#include <time.h>

/* CLOCK_REALTIME, which frames are stamped with, or CLOCK_MONOTONIC for time that only passes. */
static inline int64_t now_ns(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}
