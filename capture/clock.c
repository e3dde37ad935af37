/* Ticks arrive, nanoseconds leave; see clock.h. */
#include "capture/clock.h"

#include "dissector/base/origin.h"

#include <stdbool.h>

enum { RESOLUTION_BINARY = 0x80, NS_DIGITS = 9, MAX_DIGITS = 19 };

struct split_time {
    uint64_t seconds;
    uint64_t ns; /* < SECOND_NS */
};

/* 10^n; n <= MAX_DIGITS, the largest that fits. */
static uint64_t power_of_ten(unsigned n)
{
    uint64_t power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

static struct split_time split_decimal(unsigned digits, uint64_t ticks)
{
    if (digits <= NS_DIGITS) {
        uint64_t ticks_per_s = power_of_ten(digits);
        return (struct split_time){ticks / ticks_per_s,
                                   ticks % ticks_per_s * power_of_ten(NS_DIGITS - digits)};
    }
    unsigned beyond_ns = digits - NS_DIGITS;
    uint64_t ns = beyond_ns <= MAX_DIGITS ? ticks / power_of_ten(beyond_ns) : 0;
    return (struct split_time){ns / SECOND_NS, ns % SECOND_NS};
}

/* Of a binary fraction 34 bits are taken, for 34 bits times 10^9 fit into 64 and already tell
 * apart 0.06 ns. */
static struct split_time split_binary(unsigned bits, uint64_t ticks)
{
    enum { MAX_BITS = 34, ALL_BITS = 64 };
    uint64_t seconds = bits < ALL_BITS ? ticks >> bits : 0;
    uint64_t fraction = bits < ALL_BITS ? ticks & (((uint64_t)1 << bits) - 1) : ticks;
    if (bits > MAX_BITS) {
        unsigned surplus = bits - MAX_BITS;
        fraction = surplus < ALL_BITS ? fraction >> surplus : 0;
        bits = MAX_BITS;
    }
    return (struct split_time){seconds, fraction * SECOND_NS >> bits};
}

int64_t clock_time_ns(struct clock clock, uint64_t ticks)
{
    unsigned exponent = clock.resolution & ~(unsigned)RESOLUTION_BINARY;
    struct split_time t = clock.resolution & RESOLUTION_BINARY ? split_binary(exponent, ticks)
                                                               : split_decimal(exponent, ticks);
    const int64_t max_s = INT64_MAX / SECOND_NS - 1;
    if (clock.offset_s > max_s || t.seconds > (uint64_t)(2 * max_s))
        return INT64_MAX;
    if (clock.offset_s < -3 * max_s)
        return INT64_MIN;
    int64_t seconds = (int64_t)t.seconds + clock.offset_s;
    if (seconds > max_s)
        return INT64_MAX;
    if (seconds < -max_s)
        return INT64_MIN;
    return seconds * SECOND_NS + (int64_t)t.ns;
}
