/* tests/support/alloc: the chosen allocation fails, no other does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dissector/base/buf.h"
#include "tests/support/alloc.h"

/* Called through volatile pointers: a compiler may leave out an allocation that nothing uses. */
static void *(*volatile allocate)(size_t) = malloc;
static void *(*volatile allocate_zeroed)(size_t, size_t) = calloc;
static void *(*volatile reallocate)(void *, size_t) = realloc;

static void only_the_nth_allocation_fails(void **state)
{
    (void)state;
    alloc_fail_at(2);
    void *first = allocate(8), *second = allocate_zeroed(1, 8), *third = reallocate(NULL, 8);
    alloc_fail_at(0);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    free(first);
    free(third);
}

static void what_is_not_counted_does_not_fail(void **state)
{
    (void)state;
    alloc_fail_at(1);
    alloc_count(false);
    void *not_counted = allocate(8);
    alloc_count(true);
    void *counted = allocate(8);
    alloc_fail_at(0);
    assert_non_null(not_counted);
    assert_null(counted);
    free(not_counted);
}

static void allocations_inside_the_libraries_of_the_tree_fail_too(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    alloc_fail_at(1);
    enum buf_result result = buf_append(&b, span_str("x"));
    assert_true(alloc_has_failed());
    alloc_fail_at(0);
    assert_int_equal(result, BUF_NOMEM);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_nth_allocation_fails),
        cmocka_unit_test(what_is_not_counted_does_not_fail),
        cmocka_unit_test(allocations_inside_the_libraries_of_the_tree_fail_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
