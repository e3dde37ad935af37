/* Pointers between threads: in order, all of them, and an end. */
#include "app/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 10000 };

static int items[MANY];

static void what_comes_first_is_taken_first(void **state)
{
    (void)state;
    struct queue queue;
    queue_init(&queue, 2);
    for (int round = 0; round < 3; round++) {
        assert_true(queue_push(&queue, &items[0]));
        assert_false(queue_is_full(&queue));
        assert_true(queue_push(&queue, &items[1]));
        assert_true(queue_is_full(&queue));
        assert_ptr_equal(queue_take(&queue), &items[0]);
        assert_ptr_equal(queue_take(&queue), &items[1]);
    }
    queue_free(&queue);
}

static void closed_queue_gives_what_it_has_and_takes_nothing(void **state)
{
    (void)state;
    struct queue queue;
    queue_init(&queue, 2);
    assert_true(queue_push(&queue, &items[0]));
    queue_close(&queue);
    assert_false(queue_push(&queue, &items[1]));
    assert_ptr_equal(queue_take(&queue), &items[0]);
    assert_null(queue_take(&queue));
    queue_free(&queue);
}

static void *push_all(void *ctx)
{
    for (int i = 0; i < MANY; i++)
        if (!queue_push(ctx, &items[i]))
            return NULL;
    queue_close(ctx);
    return NULL;
}

static void full_and_empty_queues_are_waited_for(void **state)
{
    (void)state;
    struct queue queue;
    pthread_t pusher;
    queue_init(&queue, 3);
    assert_int_equal(pthread_create(&pusher, NULL, push_all, &queue), 0);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(queue_take(&queue), &items[i]);
    assert_null(queue_take(&queue));
    assert_int_equal(pthread_join(pusher, NULL), 0);
    queue_free(&queue);
}

static void who_waits_for_room_goes_on_when_it_is_closed(void **state)
{
    (void)state;
    struct queue queue;
    pthread_t pusher;
    queue_init(&queue, 1);
    assert_int_equal(pthread_create(&pusher, NULL, push_all, &queue), 0);
    assert_ptr_equal(queue_take(&queue), &items[0]);
    queue_close(&queue);
    assert_int_equal(pthread_join(pusher, NULL), 0);
    queue_free(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_first_is_taken_first),
        cmocka_unit_test(closed_queue_gives_what_it_has_and_takes_nothing),
        cmocka_unit_test(full_and_empty_queues_are_waited_for),
        cmocka_unit_test(who_waits_for_room_goes_on_when_it_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
