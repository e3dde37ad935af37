/* dice: numbers that look random and are the same in every run of the same seed (SplitMix64,
 * Steele, Lea and Flood 2014). */
#pragma once

#include <stdint.h>

struct dice {
    uint64_t state; /* any value is a seed */
};

uint64_t dice_next(struct dice *d);

/* 0 .. n - 1; n > 0. */
uint32_t dice_below(struct dice *d, uint32_t n);

/* low .. high; every doubling of low is as likely as the next (sizes of files and documents are so
 * spread). 0 < low <= high. */
uint32_t dice_size(struct dice *d, uint32_t low, uint32_t high);
