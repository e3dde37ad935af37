/* alloc: allocations that fail when a test says so. Every test program is linked so that malloc,
 * calloc and realloc of our code come here (ld --wrap); those inside shared libraries do not. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* From now on the nth allocation that counts fails, the others succeed; 0: none fails. Counting is
 * then on. */
void alloc_fail_at(uint64_t n);

/* Whether allocations count; off while the test's own code runs. */
void alloc_count(bool is_on);

/* Whether the nth came. */
bool alloc_has_failed(void);

/* How many allocations counted since alloc_fail_at. */
uint64_t alloc_counted(void);
