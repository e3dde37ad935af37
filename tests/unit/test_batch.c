/* Segments and calls in; the same out. */
#include "app/batch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct origin origin = {.ordinal = 7, .frame = 5, .source = 1, .time_ns = 99};

static void segments_are_copied(void **state)
{
    (void)state;
    struct batch batch;
    char bytes[] = "first", more[] = "the second";
    struct segment segment = {.seq = 1, .payload = span_str(bytes), .origin = origin};
    batch_init(&batch);
    assert_non_null(batch_add_segment(&batch, 3, &segment));
    segment.seq = 2;
    segment.payload = span_str(more);
    assert_non_null(batch_add_segment(&batch, 4, &segment));
    memset(bytes, 'x', sizeof bytes);
    memset(more, 'x', sizeof more);
    struct segment first = batch_segment(&batch, &batch.items[0]);
    struct segment second = batch_segment(&batch, &batch.items[1]);
    assert_true(span_equal(first.payload, span_str("first")));
    assert_true(span_equal(second.payload, span_str("the second")));
    assert_int_equal(first.seq, 1);
    assert_int_equal(second.origin.ordinal, 7);
    assert_int_equal(batch.items[1].place, 4);
    batch_free(&batch);
}

static void calls_stand_between_segments(void **state)
{
    (void)state;
    struct batch batch;
    const struct segment segment = {.payload = span_str("a")};
    batch_init(&batch);
    assert_non_null(batch_add_segment(&batch, 1, &segment));
    assert_non_null(batch_add(&batch, BATCH_TICK, 2, &origin));
    assert_non_null(batch_add_segment(&batch, 3, &segment));
    assert_int_equal(batch.n, 3);
    assert_int_equal(batch.items[1].kind, BATCH_TICK);
    assert_int_equal(batch.items[1].place, 2);
    assert_int_equal(batch.items[1].segment.origin.time_ns, 99);
    assert_int_equal(batch.items[2].kind, BATCH_SEGMENT);
    batch_free(&batch);
}

static void bytes_or_items_make_it_full(void **state)
{
    (void)state;
    static const uint8_t bytes[BATCH_BYTES / 2];
    const struct segment large = {.payload = span_of(bytes, sizeof bytes)}, empty = {0};
    struct batch batch;
    batch_init(&batch);
    assert_non_null(batch_add_segment(&batch, 1, &large));
    assert_false(batch_is_full(&batch));
    assert_non_null(batch_add_segment(&batch, 2, &large));
    assert_true(batch_is_full(&batch));
    batch_clear(&batch);
    for (int i = 0; i < BATCH_ITEMS; i++) {
        assert_false(batch_is_full(&batch));
        assert_non_null(batch_add_segment(&batch, 3, &empty));
    }
    assert_true(batch_is_full(&batch));
    batch_free(&batch);
}

static void what_a_long_wait_made_it_take_is_given_back(void **state)
{
    (void)state;
    static const uint8_t bytes[BATCH_BYTES / 2];
    const struct segment large = {.payload = span_of(bytes, sizeof bytes)}, empty = {0};
    struct batch batch;
    batch_init(&batch);
    for (int i = 0; i < 2 * BATCH_PATIENCE; i++) {
        assert_false(batch_is_overfull(&batch));
        assert_non_null(batch_add_segment(&batch, 1, &large));
    }
    assert_true(batch_is_overfull(&batch));
    batch_clear(&batch);
    assert_int_equal(batch.n, 0);
    assert_true(batch.bytes.capacity_bytes <= 2 * BATCH_BYTES);
    for (int i = 0; i < BATCH_PATIENCE * BATCH_ITEMS; i++) {
        assert_false(batch_is_overfull(&batch));
        assert_non_null(batch_add_segment(&batch, 2, &empty));
    }
    assert_true(batch_is_overfull(&batch));
    batch_clear(&batch);
    assert_true(batch.capacity <= 2 * BATCH_ITEMS);
    batch_free(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_copied),
        cmocka_unit_test(calls_stand_between_segments),
        cmocka_unit_test(bytes_or_items_make_it_full),
        cmocka_unit_test(what_a_long_wait_made_it_take_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
