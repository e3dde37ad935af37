/* Parcels of several lanes in; their events in one order out. */
#include "app/merge.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { N_LANES = 3, MAX_SEEN = 32, MANY = 100 };

struct stand {
    struct queue queues[N_LANES];
    struct merge merge;
    uint64_t seen[MAX_SEEN]; /* numbers of connections */
    size_t n, stop_after;
};

static void stand_open(struct stand *stand)
{
    struct queue *queues[N_LANES];
    *stand = (struct stand){.stop_after = MANY};
    for (size_t i = 0; i < N_LANES; i++) {
        queue_init(&stand->queues[i], QUEUE_MAX);
        queues[i] = &stand->queues[i];
    }
    merge_init(&stand->merge, queues, N_LANES);
}

static void stand_close(struct stand *stand)
{
    merge_free(&stand->merge);
    for (size_t i = 0; i < N_LANES; i++)
        queue_free(&stand->queues[i]);
}

static void add(struct parcel *parcel, uint64_t place, uint64_t rank, uint64_t number)
{
    const struct event_connection connection = {.number = number};
    const struct event event = {
        .kind = EVENT_TLS_OPAQUE, .connection = &connection, .server_name = ""};
    assert_true(parcel_add(parcel, &event, (struct parcel_key){place, rank}));
}

static void send(struct stand *stand, size_t lane, struct parcel *parcel, bool is_last)
{
    parcel->is_last = is_last;
    assert_true(queue_push(&stand->queues[lane], parcel));
}

static void send_nothing(struct stand *stand, size_t lane)
{
    send(stand, lane, parcel_open(), true);
}

static enum feed note(void *ctx, const struct event *event)
{
    struct stand *stand = ctx;
    assert_true(stand->n < MAX_SEEN);
    stand->seen[stand->n++] = event->connection->number;
    return stand->n < stand->stop_after ? FEED_OK : FEED_STOP;
}

static enum feed merge(struct stand *stand)
{
    return merge_round(&stand->merge, (struct event_sink){note, stand});
}

static void expect(const struct stand *stand, const uint64_t *numbers, size_t n)
{
    assert_int_equal(stand->n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(stand->seen[i], numbers[i]);
}

static void places_of_all_lanes_make_one_order(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    struct parcel *a = parcel_open(), *b = parcel_open(), *more = parcel_open();
    add(a, 1, 0, 10);
    add(a, 5, 0, 50);
    add(a, 5, 0, 51);
    add(b, 2, 0, 20);
    add(more, 3, 0, 30);
    add(more, 9, 0, 90);
    send(&stand, 0, a, true);
    send(&stand, 1, b, false);
    send(&stand, 1, more, true);
    send_nothing(&stand, 2);
    assert_int_equal(merge(&stand), FEED_OK);
    expect(&stand, (uint64_t[]){10, 20, 30, 50, 51, 90}, 6);
    stand_close(&stand);
}

static void of_a_call_to_all_lanes_the_rank_decides(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    struct parcel *a = parcel_open(), *b = parcel_open(), *c = parcel_open();
    add(a, 4, 2, 2);
    add(a, 4, 7, 7);
    add(b, 4, 1, 1);
    add(b, 5, 0, 9);
    add(c, 4, 5, 5);
    send(&stand, 0, a, true);
    send(&stand, 1, b, true);
    send(&stand, 2, c, true);
    assert_int_equal(merge(&stand), FEED_OK);
    expect(&stand, (uint64_t[]){1, 2, 5, 7, 9}, 5);
    stand_close(&stand);
}

static void round_ends_where_its_batch_did(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    for (uint64_t round = 1; round <= 2; round++) {
        struct parcel *parcel = parcel_open();
        add(parcel, round, 0, round);
        send(&stand, 0, parcel, true);
        send_nothing(&stand, 1);
        send_nothing(&stand, 2);
    }
    assert_int_equal(merge(&stand), FEED_OK);
    expect(&stand, (uint64_t[]){1}, 1);
    assert_int_equal(merge(&stand), FEED_OK);
    expect(&stand, (uint64_t[]){1, 2}, 2);
    stand_close(&stand);
}

static void sink_that_stops_gets_nothing_more(void **state)
{
    (void)state;
    struct stand stand;
    stand_open(&stand);
    stand.stop_after = 1;
    struct parcel *a = parcel_open();
    add(a, 1, 0, 1);
    add(a, 2, 0, 2);
    send(&stand, 0, a, true);
    send_nothing(&stand, 1);
    send_nothing(&stand, 2);
    assert_int_equal(merge(&stand), FEED_STOP);
    expect(&stand, (uint64_t[]){1}, 1);
    stand_close(&stand);
}

static void lane_without_memory_is_heard(void **state)
{
    (void)state;
    for (int closes = 0; closes < 2; closes++) {
        struct stand stand;
        stand_open(&stand);
        send_nothing(&stand, 0);
        send_nothing(&stand, 1);
        if (closes) {
            queue_close(&stand.queues[2]);
        } else {
            struct parcel *last = parcel_open();
            last->result = FEED_NOMEM;
            send(&stand, 2, last, true);
        }
        assert_int_equal(merge(&stand), FEED_NOMEM);
        stand_close(&stand);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_of_all_lanes_make_one_order),
        cmocka_unit_test(of_a_call_to_all_lanes_the_rank_decides),
        cmocka_unit_test(round_ends_where_its_batch_did),
        cmocka_unit_test(sink_that_stops_gets_nothing_more),
        cmocka_unit_test(lane_without_memory_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
