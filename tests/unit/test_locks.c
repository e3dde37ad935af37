#include "output/locks.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};
static struct locks locks;
static struct event_connection connection = {.server = {{4, {192, 0, 2, 80}}, 80}};

static int set_up(void **state)
{
    (void)state;
    locks_init(&locks, &key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    locks_free(&locks);
    return 0;
}

static void note(enum operation operation, const char *target, uint16_t status, enum depth depth)
{
    struct exchange exchange = {.target = span_str(target), .status = status};
    struct request request = {.operation = operation, .depth = depth};
    struct event event = {.kind = EVENT_EXCHANGE,
                          .connection = &connection,
                          .exchange = &exchange,
                          .request = &request};
    locks_note(&locks, &event);
}

static void see(const char *href, const char *owner, const char *timeout)
{
    struct span hrefs[] = {span_str(href)};
    struct resource resource = {.hrefs = hrefs, .n_hrefs = 1};
    resource.values[VALUE_LOCK_OWNER] = span_str(owner);
    resource.values[VALUE_LOCK_TIMEOUT] = span_str(timeout);
    struct exchange exchange = {.response = {.first = {.frame = 9}}};
    struct event event = {.kind = EVENT_RESOURCE, .connection = &connection, .exchange = &exchange};
    locks_see(&locks, &event, &resource);
}

static bool is_locked(const char *href)
{
    return locks_find(&locks, &connection.server, span_str(href)) != NULL;
}

static void a_lock_holds_until_it_is_given_back(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/a%20b", 201, DEPTH_0);
    assert_true(is_locked("http://dav.example/d/a%20b"));
    assert_false(is_locked("/d/a"));
    note(OPERATION_UNLOCK, "/d/a%20b", 409, DEPTH_UNKNOWN);
    assert_true(is_locked("/d/a%20b"));
    note(OPERATION_UNLOCK, "/d/a%20b", 204, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/a%20b"));
}

static void only_a_deep_lock_holds_below(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/flat/", 200, DEPTH_0);
    note(OPERATION_LOCK, "/deep/", 200, DEPTH_INFINITY);
    assert_false(is_locked("/flat/a"));
    assert_true(is_locked("/deep/a/b/c"));
    assert_false(is_locked("/deeper/a"));
    assert_false(is_locked("/"));
}

static void a_lock_that_was_refused_is_none(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/a", 423, DEPTH_0);
    assert_false(is_locked("/d/a"));
}

static void another_server_has_other_locks(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    struct endpoint other = connection.server;
    other.port = 81;
    assert_null(locks_find(&locks, &other, span_str("/d/a")));
}

static void the_oldest_locks_make_room(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= LOCKS_MAX; i++) {
        char target[32];
        snprintf(target, sizeof target, "/d/%u", i);
        note(OPERATION_LOCK, target, 200, DEPTH_0);
    }
    assert_false(is_locked("/d/0"));
    assert_true(is_locked("/d/1"));
    assert_true(is_locked("/d/4096"));
}

static void what_moved_away_took_no_lock_along(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    note(OPERATION_MOVE, "/d/a", 201, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/a"));
}

static void a_listing_names_the_owner_and_does_not_say_who_locked(void **state)
{
    (void)state;
    see("/d/a", "Jane", "Second-600");
    see("/d/b", "", "");
    const struct lock *lock = locks_find(&locks, &connection.server, span_str("/d/a"));
    assert_non_null(lock);
    assert_false(lock->is_given);
    assert_string_equal(lock->owner, "Jane");
    assert_string_equal(lock->timeout, "Second-600");
    assert_int_equal(lock->since.frame, 9);
    assert_false(is_locked("/d/b"));
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    assert_true(locks_find(&locks, &connection.server, span_str("/d/a"))->is_given);
}

static void a_new_lock_has_not_the_owner_of_the_one_before(void **state)
{
    (void)state;
    see("/d/a", "Jane", "Second-600");
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    const struct lock *lock = locks_find(&locks, &connection.server, span_str("/d/a"));
    assert_string_equal(lock->owner, "");
    assert_string_equal(lock->timeout, "");
}

static void a_long_owner_is_cut(void **state)
{
    char owner[2 * LOCK_OWNER_BYTES];
    (void)state;
    memset(owner, 'x', sizeof owner);
    owner[sizeof owner - 1] = '\0';
    see("/d/a", owner, "");
    const struct lock *lock = locks_find(&locks, &connection.server, span_str("/d/a"));
    assert_int_equal(strlen(lock->owner), LOCK_OWNER_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock_holds_until_it_is_given_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_a_deep_lock_holds_below, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_was_refused_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_server_has_other_locks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_moved_away_took_no_lock_along, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_listing_names_the_owner_and_does_not_say_who_locked,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_lock_has_not_the_owner_of_the_one_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_owner_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_locks_make_room, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
