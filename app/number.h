/* number: numbers on the command line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Reads decimal digits and at most one letter of units, which counts in either case; unit i stands
 * for factors[i]. False: it is none, it is 0, or it is above max. */
struct number_units {
    const char *letters;
    const uint64_t *factors;
};

bool number_read(const char *text, const struct number_units *units, uint64_t max, uint64_t *out);

/* K, M, G, T: powers of 1024. s, m, h, d: seconds. None. */
extern const struct number_units number_sizes, number_durations, number_plain;
