/* Resets kept until their connection begins: which are given back, and to what. */
#include "dissector/strays.h"
#include "tests/support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {5, 6};
static struct limits limits;
static struct strays strays;
static struct turn turn;

static int open_strays(void **state)
{
    (void)state;
    limits = limits_default;
    turn = (struct turn){0};
    strays_init(&strays, &limits);
    return 0;
}

static int close_strays(void **state)
{
    (void)state;
    strays_free(&strays);
    return 0;
}

/* Of the client at a port, or to it. */
static struct segment make(uint16_t port, bool is_back)
{
    const struct endpoint client = {{4, {192, 0, 2, 1}}, port}, server = {{4, {192, 0, 2, 2}}, 80};
    return (struct segment){.source = is_back ? server : client,
                            .destination = is_back ? client : server,
                            .seq = port,
                            .flags = SEGMENT_RST};
}

static void keep(uint16_t port)
{
    const struct segment reset = make(port, false);
    turn_next(&turn, &key, &reset);
    strays_keep(&strays, &reset, &turn);
}

/* Whether there is a reset for what begins with a segment in either direction. */
static bool take(uint16_t port, bool is_back)
{
    const struct segment first = make(port, is_back);
    struct segment reset;
    turn_next(&turn, &key, &first);
    bool is_taken = strays_take(&strays, &first, &turn, &reset);
    if (is_taken)
        assert_int_equal(reset.seq, port);
    return is_taken;
}

static void a_reset_is_told_once_to_what_begins_between_its_endpoints(void **state)
{
    (void)state;
    keep(1);
    keep(2);
    assert_false(take(3, false));
    assert_true(take(2, true));
    assert_false(take(2, true));
    assert_true(take(1, false));
}

static void what_is_far_in_the_capture_is_of_another_connection(void **state)
{
    (void)state;
    limits.reorder_frames = 3;
    keep(1);
    turn.number += limits.reorder_frames - 1;
    assert_false(take(1, false));
    keep(2);
    turn.clock_ns += limits.reorder_quiet_ns;
    assert_false(take(2, false));
}

static void max_strays_bounds_what_is_kept(void **state)
{
    (void)state;
    limits.max_strays = 2;
    assert_int_equal(strays_buffered_bytes(&strays), 0);
    for (uint16_t port = 1; port <= 3; port++)
        keep(port);
    assert_in_range(strays_buffered_bytes(&strays), 1, 1024);
    assert_false(take(1, false));
    assert_true(take(2, false));
    assert_true(take(3, false));
}

static void without_memory_or_places_none_is_kept(void **state)
{
    (void)state;
    alloc_fail_at(1);
    keep(1);
    alloc_fail_at(0);
    assert_false(take(1, false));
    limits.max_strays = 0;
    keep(1);
    assert_false(take(1, false));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_strays, close_strays)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reset_is_told_once_to_what_begins_between_its_endpoints),
        TEST(what_is_far_in_the_capture_is_of_another_connection),
        TEST(max_strays_bounds_what_is_kept),
        TEST(without_memory_or_places_none_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
