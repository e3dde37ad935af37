/* The linker sends our allocations here; all but the chosen one go on to the real functions. The
 * state is of one thread: tests that use it have no other. */
#include "tests/support/alloc.h"

#include <stddef.h>

static uint64_t countdown, n_counted;
static bool is_counting, has_failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

void alloc_fail_at(uint64_t n)
{
    countdown = n;
    n_counted = 0;
    is_counting = true;
    has_failed = false;
}

void alloc_count(bool is_on)
{
    is_counting = is_on;
}

bool alloc_has_failed(void)
{
    return has_failed;
}

uint64_t alloc_counted(void)
{
    return n_counted;
}

static bool must_fail(void)
{
    if (!is_counting)
        return false;
    n_counted++;
    if (countdown == 0 || --countdown > 0)
        return false;
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return must_fail() ? NULL : __real_realloc(old, size);
}
