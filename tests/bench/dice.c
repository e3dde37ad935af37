/* A seed arrives, numbers leave. Not for secrets. */
#include "tests/bench/dice.h"

uint64_t dice_next(struct dice *d)
{
    uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t dice_below(struct dice *d, uint32_t n)
{
    return (uint32_t)((dice_next(d) >> 32) * n >> 32);
}

uint32_t dice_size(struct dice *d, uint32_t low, uint32_t high)
{
    uint32_t n_doublings = 0;
    while (low <= high >> (n_doublings + 1))
        n_doublings++;
    uint32_t from = low << dice_below(d, n_doublings + 1);
    uint32_t to = from > high / 2 ? high : 2 * from;
    return from + dice_below(d, to - from + 1);
}
