/* Buckets by the position of the highest bit and the three bits behind it; see histogram.h. */
#include "output/histogram.h"

#include <stdbool.h>

static unsigned octave_of(uint64_t value)
{
    unsigned n = 0;
    while (value >> n > 15)
        n++;
    return n;
}

/* Octave 0 holds 0 to 15 one by one, octave n the values from 8 << n on in steps of 1 << n. */
static size_t bucket_of(uint64_t value)
{
    unsigned octave = octave_of(value);
    return (size_t)octave * 8 + (size_t)(value >> octave);
}

static uint64_t highest_in(size_t bucket)
{
    if (bucket < 16)
        return bucket;
    size_t octave = bucket / 8 - 1, step = bucket % 8 + 8;
    return ((uint64_t)(step + 1) << octave) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    uint32_t *bucket = &histogram->buckets[bucket_of(value)];
    histogram->n++;
    if (value > histogram->max)
        histogram->max = value;
    if (*bucket < UINT32_MAX)
        (*bucket)++;
}

void histogram_grow(struct histogram *histogram, uint64_t from, uint64_t to)
{
    uint32_t *bucket = &histogram->buckets[bucket_of(from)];
    bool is_there = from > 0 && histogram->n > 0 && *bucket > 0;
    if (is_there && *bucket < UINT32_MAX)
        (*bucket)--;
    if (is_there)
        histogram->n--;
    histogram_add(histogram, to);
}

uint64_t histogram_quantile(const struct histogram *histogram, unsigned percent)
{
    uint64_t n = 0, total = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        total += histogram->buckets[i];
    uint64_t wanted = total / 100 * percent + (total % 100 * percent + 99) / 100;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS && total > 0; i++) {
        n += histogram->buckets[i];
        if (n < wanted || histogram->buckets[i] == 0)
            continue;
        uint64_t highest = highest_in(i);
        return highest < histogram->max ? highest : histogram->max;
    }
    return 0;
}
