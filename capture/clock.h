/* clock: the time stamps of a pcapng interface (draft-ietf-opsawg-pcapng §4.2, if_tsresol and
 * if_tsoffset), made nanoseconds. */
#pragma once

#include <stdint.h>

struct clock {
    uint8_t resolution; /* if_tsresol: a tick is 10^-n s, or 2^-n s when the highest bit is set */
    int64_t offset_s;   /* if_tsoffset: added to every time */
};

/* Without if_tsresol a tick is a microsecond. */
#define CLOCK_DEFAULT ((struct clock){6, 0})

/* Nanoseconds since 1970; parts of a nanosecond are dropped, and what 64 bits cannot hold becomes
 * the nearest time they can. */
int64_t clock_time_ns(struct clock clock, uint64_t ticks);
