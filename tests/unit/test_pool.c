#include "dissector/base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BLOCK_BYTES = 100 };

static bool is_zeroed(const uint8_t *block)
{
    bool is_zero = true;
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        is_zero = is_zero && block[i] == 0;
    return is_zero;
}

static void every_block_is_zeroed_and_its_own(void **state)
{
    (void)state;
    struct pool pool = {0};
    for (int round = 0; round < 3; round++) {
        uint8_t *blocks[2 * POOL_MAX_FREE];
        for (size_t i = 0; i < 2 * POOL_MAX_FREE; i++) {
            blocks[i] = pool_take(&pool, BLOCK_BYTES);
            assert_non_null(blocks[i]);
            assert_true(is_zeroed(blocks[i]));
            memset(blocks[i], (int)(i + 1), BLOCK_BYTES);
        }
        for (size_t i = 0; i < 2 * POOL_MAX_FREE; i++)
            assert_int_equal(blocks[i][BLOCK_BYTES - 1], i + 1);
        for (size_t i = 0; i < 2 * POOL_MAX_FREE; i++)
            pool_give(&pool, blocks[i]);
        assert_true(pool.n_free <= POOL_MAX_FREE);
    }
    pool_free(&pool);
    assert_int_equal(pool.n_free, 0);
}

static void without_a_pool_the_allocator_gives_and_takes(void **state)
{
    (void)state;
    uint8_t *block = pool_take(NULL, BLOCK_BYTES);
    assert_non_null(block);
    assert_true(is_zeroed(block));
    pool_give(NULL, block);
    pool_give(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_is_zeroed_and_its_own),
        cmocka_unit_test(without_a_pool_the_allocator_gives_and_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
