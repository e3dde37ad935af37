/* histogram: how values spread, in bounded memory: a quantile is at most one eighth too high, never
 * too low. Buckets are eighths of powers of two; values below 16 are exact. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 8 * 62 };

struct histogram {
    uint64_t n, max;
    /* the rest is private */
    uint32_t buckets[HISTOGRAM_BUCKETS]; /* a full one stays full */
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* One value that was added grew from one to another; from 0: it is a new one. */
void histogram_grow(struct histogram *histogram, uint64_t from, uint64_t to);

/* The value that percent of 100 values do not exceed; 0 when there are none. */
uint64_t histogram_quantile(const struct histogram *histogram, unsigned percent);
