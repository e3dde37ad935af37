/* frame_ring: what is kept, what goes, and what of a connection is given out. */
#include "capture/frame_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct given {
    uint64_t ordinals[4096];
    size_t n;
};

static void note(void *ctx, const struct capture_frame *frame)
{
    struct given *given = ctx;
    assert_true(given->n < 4096);
    /* Every frame was filled with its ordinal. */
    for (size_t i = 0; i < frame->bytes.len; i++)
        assert_int_equal(frame->bytes.ptr[i], (uint8_t)frame->origin.ordinal);
    given->ordinals[given->n++] = frame->origin.ordinal;
}

static void push(struct frame_ring *ring, uint64_t ordinal, size_t len)
{
    uint8_t *bytes = malloc(len + 1);
    assert_non_null(bytes);
    memset(bytes, (uint8_t)ordinal, len);
    const struct capture_frame frame = {.bytes = span_of(bytes, len), .origin.ordinal = ordinal};
    frame_ring_push(ring, &frame);
    free(bytes);
}

static struct frame_wish all_of(uint64_t connection)
{
    return (struct frame_wish){connection, 1, UINT64_MAX, SIZE_MAX, false, 0};
}

static struct frame_wish going_on(uint64_t first, uint64_t last, uint64_t start)
{
    return (struct frame_wish){1, first, last, SIZE_MAX, true, start};
}

static void assert_given(struct frame_ring *ring, struct frame_wish wish, const char *expected)
{
    struct given given = {.n = 0};
    char text[256] = "";
    size_t n_left_out = frame_ring_give(ring, &wish, (struct frame_taker){note, &given});
    for (size_t i = 0; i < given.n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d ", (int)given.ordinals[i]);
    snprintf(text + strlen(text), sizeof text - strlen(text), "-%d", (int)n_left_out);
    assert_string_equal(text, expected);
}

static void frames_of_a_connection_come_in_their_order(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= 9; i++) {
        push(ring, i, 100);
        if (i % 3 != 0)
            frame_ring_assign(ring, i, i, i % 3);
    }
    assert_given(ring, all_of(1), "1 4 7 -0");
    assert_given(ring, all_of(2), "2 5 8 -0");
    assert_given(ring, all_of(9), "-0");
    assert_given(ring, (struct frame_wish){1, 4, 6, SIZE_MAX, false, 0}, "4 -0");
    frame_ring_close(ring);
}

static void a_frame_named_late_stands_in_its_place(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= 5; i++)
        push(ring, 10 * i, 10);
    frame_ring_assign(ring, 40, 40, 7);
    frame_ring_assign(ring, 20, 20, 7);
    frame_ring_assign(ring, 50, 50, 7);
    frame_ring_assign(ring, 20, 20, 8); /* the first one counts */
    frame_ring_assign(ring, 25, 25, 7); /* there is none */
    assert_given(ring, all_of(7), "20 40 50 -0");
    assert_given(ring, all_of(8), "-0");
    frame_ring_close(ring);
}

static void a_fragment_is_where_its_datagram_was_complete(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= 4; i++)
        push(ring, i, 10);
    frame_ring_assign(ring, 2, 2, 1);
    frame_ring_assign(ring, 1, 4, 1);
    frame_ring_assign(ring, 4, 4, 1);
    assert_given(ring, (struct frame_wish){1, 3, 4, SIZE_MAX, false, 0}, "1 4 -0");
    assert_given(ring, (struct frame_wish){1, 1, 3, SIZE_MAX, false, 0}, "2 -0");
    frame_ring_close(ring);
}

static struct frame_ring *ring_of_one_connection(uint64_t n_frames)
{
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= n_frames; i++) {
        push(ring, i, 10);
        frame_ring_assign(ring, i, i, 1);
    }
    return ring;
}

static void going_on_is_behind_the_last_one_given(void **state)
{
    (void)state;
    struct frame_ring *ring = ring_of_one_connection(6);
    assert_given(ring, going_on(2, 3, 2), "2 3 -0");
    assert_given(ring, going_on(5, 5, 5), "4 5 -0");
    assert_given(ring, going_on(3, 5, 1), "-0");
    assert_given(ring, going_on(6, 9, 1), "6 -0");
    assert_given(ring, all_of(1), "1 2 3 4 5 6 -0");
    frame_ring_close(ring);
}

static void who_asks_for_all_takes_nothing_from_who_goes_on(void **state)
{
    (void)state;
    struct frame_ring *ring = ring_of_one_connection(4);
    assert_given(ring, going_on(1, 2, 1), "1 2 -0");
    assert_given(ring, all_of(1), "1 2 3 4 -0");
    assert_given(ring, going_on(3, 4, 3), "3 4 -0");
    frame_ring_close(ring);
}

static void wishes_out_of_order_lose_nothing(void **state)
{
    (void)state;
    struct frame_ring *ring = ring_of_one_connection(9);
    assert_given(ring, going_on(6, 8, 6), "6 7 8 -0");
    assert_given(ring, going_on(2, 3, 2), "2 3 -0");
    assert_given(ring, going_on(5, 7, 5), "4 5 -0");
    assert_given(ring, going_on(9, 9, 9), "9 -0");
    frame_ring_close(ring);
}

static void a_wish_for_fewer_bytes_leaves_out_the_oldest(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= 4; i++) {
        push(ring, i, 100);
        frame_ring_assign(ring, i, i, 1);
    }
    assert_given(ring, (struct frame_wish){1, 1, 9, 299, false, 0}, "3 4 -2");
    assert_given(ring, (struct frame_wish){1, 1, 9, 400, false, 0}, "1 2 3 4 -0");
    frame_ring_close(ring);
}

/* Sizes that never divide the ring evenly: every frame stays in one piece, and only whole. */
static void the_oldest_go_when_bytes_are_short(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    assert_int_equal(frame_ring_oldest(ring), 0);
    for (uint64_t i = 1; i <= 3000; i++) {
        push(ring, i, 5000 + i * 7 % 1511);
        frame_ring_assign(ring, i, i, 1 + i % 2);
    }
    struct given odd = {.n = 0}, even = {.n = 0};
    struct frame_wish wish = all_of(1);
    (void)frame_ring_give(ring, &wish, (struct frame_taker){note, &even});
    wish = all_of(2);
    (void)frame_ring_give(ring, &wish, (struct frame_taker){note, &odd});
    size_t n = odd.n + even.n;
    assert_true(n > FRAME_RING_MIN_BYTES / 2 / 6511 && n < FRAME_RING_MIN_BYTES / 5000);
    assert_int_equal(frame_ring_oldest(ring), 3000 - n + 1);
    assert_true(odd.ordinals[0] + even.ordinals[0] == 2 * (3000 - n + 1) + 1);
    frame_ring_close(ring);
}

static void the_oldest_go_when_places_are_short(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    for (uint64_t i = 1; i <= 100000; i++)
        push(ring, i, 0);
    assert_true(frame_ring_oldest(ring) > 90000 && frame_ring_oldest(ring) < 99000);
    frame_ring_assign(ring, 100000, 100000, 5);
    assert_given(ring, all_of(5), "100000 -0");
    frame_ring_close(ring);
}

static void nothing_is_kept_before_a_frame_larger_than_the_ring(void **state)
{
    (void)state;
    struct frame_ring *ring = frame_ring_open(FRAME_RING_MIN_BYTES);
    push(ring, 1, 10);
    frame_ring_assign(ring, 1, 1, 1);
    push(ring, 2, FRAME_RING_MIN_BYTES);
    frame_ring_assign(ring, 2, 2, 1);
    push(ring, 3, 10);
    frame_ring_assign(ring, 3, 3, 1);
    assert_given(ring, all_of(1), "3 -0");
    assert_int_equal(frame_ring_oldest(ring), 3);
    frame_ring_close(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_a_connection_come_in_their_order),
        cmocka_unit_test(a_frame_named_late_stands_in_its_place),
        cmocka_unit_test(a_fragment_is_where_its_datagram_was_complete),
        cmocka_unit_test(going_on_is_behind_the_last_one_given),
        cmocka_unit_test(who_asks_for_all_takes_nothing_from_who_goes_on),
        cmocka_unit_test(wishes_out_of_order_lose_nothing),
        cmocka_unit_test(a_wish_for_fewer_bytes_leaves_out_the_oldest),
        cmocka_unit_test(the_oldest_go_when_bytes_are_short),
        cmocka_unit_test(the_oldest_go_when_places_are_short),
        cmocka_unit_test(nothing_is_kept_before_a_frame_larger_than_the_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
