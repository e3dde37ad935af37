#include "output/locks.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};
static struct locks locks;
static struct event_connection connection = {.server = {{4, {192, 0, 2, 80}}, 80}};

enum { REQUEST_FRAME = 8, ANSWER_FRAME = 9 };

/* An exchange of this second; each has frames of its own. */
struct scene {
    int64_t second;
    uint64_t asked_token, answered_token;
    uint64_t body_bytes;
    bool is_shared;
    bool is_in_next_capture; /* where frames are counted anew */
};

static struct scene scene;

static int set_up(void **state)
{
    (void)state;
    locks_init(&locks, &key);
    scene = (struct scene){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    locks_free(&locks);
    return 0;
}

static struct exchange exchange_of(const char *target, uint16_t status)
{
    uint64_t ordinal = (uint64_t)scene.second * 10;
    uint64_t frame = scene.is_in_next_capture ? 0 : ordinal;
    struct origin asked = {.ordinal = ordinal + REQUEST_FRAME,
                           .frame = frame + REQUEST_FRAME,
                           .time_ns = scene.second * 1000000000};
    struct origin answered = {.ordinal = ordinal + ANSWER_FRAME,
                              .frame = frame + ANSWER_FRAME,
                              .time_ns = asked.time_ns + 1};
    return (struct exchange){
        .target = span_str(target),
        .status = status,
        .request = {.is_seen = true,
                    .first = asked,
                    .lock_token = scene.asked_token,
                    .body_bytes = scene.body_bytes},
        .response = {.first = answered, .lock_token = scene.answered_token},
    };
}

static void note(enum operation operation, const char *target, uint16_t status, enum depth depth)
{
    struct exchange exchange = exchange_of(target, status);
    struct request request = {
        .operation = operation, .depth = depth, .wants_shared_lock = scene.is_shared};
    struct event event = {.kind = EVENT_EXCHANGE,
                          .connection = &connection,
                          .exchange = &exchange,
                          .request = &request};
    locks_note(&locks, &event);
    scene = (struct scene){.second = scene.second};
}

static void tell(enum event_kind kind, const char *href, const struct active_lock *active, size_t n)
{
    struct span hrefs[] = {span_str(href)};
    struct resource resource = {
        .hrefs = hrefs, .n_hrefs = 1, .has_locks = true, .locks = active, .n_locks = n};
    struct exchange exchange = exchange_of(href, 200);
    struct event event = {.kind = kind, .connection = &connection, .exchange = &exchange};
    locks_see(&locks, &event, &resource);
}

/* Token 0, empty texts: not told. */
static struct active_lock active(uint64_t token, const char *owner, const char *timeout)
{
    return (struct active_lock){
        .token = token, .owner = span_str(owner), .timeout = span_str(timeout)};
}

static void see(const char *href, const struct active_lock *active, size_t n)
{
    tell(EVENT_RESOURCE, href, active, n);
}

static void see_one(const char *href, const struct active_lock active)
{
    see(href, &active, 1);
}

/* A LOCK that tells its token, owner and timeout, and is given. */
static void lock_with(const char *target, struct active_lock active)
{
    tell(EVENT_LOCKS, target, &active, 1);
    scene.answered_token = active.token;
    scene.body_bytes = 100;
    note(OPERATION_LOCK, target, 200, active.is_deep ? DEPTH_INFINITY : DEPTH_0);
}

static const struct lock *found[LOCKS_OF_ONE];

static size_t find(const char *href)
{
    const struct lock_question question = {&connection.server, span_str(href),
                                           scene.second * 1000000000};
    return locks_find(&locks, &question, found);
}

static bool is_locked(const char *href)
{
    return find(href) > 0;
}

static void assert_owners(const char *href, const char *owners)
{
    char text[LOCKS_OF_ONE * LOCK_OWNER_BYTES] = "";
    size_t n = find(href), len = 0;
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ", found[i]->owner);
    assert_string_equal(text, owners);
}

static void a_lock_at_the_end_of_all_time_holds(void **state)
{
    (void)state;
    scene.second = INT64_MAX / 1000000000 - 1;
    lock_with("/d/a", active(1, "Ann", "Second-600"));
    assert_true(is_locked("/d/a"));
}

static void frames_of_several_captures_are_not_the_same(void **state)
{
    (void)state;
    lock_with("/d/a", active(1, "Ann", "Infinite"));
    scene.second = 5;
    scene.is_in_next_capture = true;
    see("/d/a", NULL, 0);
    assert_false(is_locked("/d/a"));
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

static void where_all_is_removed_no_lock_is_left(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    note(OPERATION_DELETE, "/", 204, DEPTH_INFINITY);
    assert_false(is_locked("/d/a"));
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
    const struct lock_question question = {&other, span_str("/d/a"), 0};
    assert_int_equal(locks_find(&locks, &question, found), 0);
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

static void a_removal_ends_the_locks_in_what_is_removed(void **state)
{
    (void)state;
    note(OPERATION_LOCK, "/d/sub/a", 200, DEPTH_0);
    note(OPERATION_LOCK, "/d/sub2", 200, DEPTH_0);
    note(OPERATION_DELETE, "/d/sub/", 207, DEPTH_UNKNOWN);
    assert_true(is_locked("/d/sub/a"));
    note(OPERATION_DELETE, "/d/sub/", 204, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/sub/a"));
    assert_true(is_locked("/d/sub2"));
    note(OPERATION_DELETE, "/", 204, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/sub2"));
}

/* Of more paths than are kept, so that folders were left empty and filled anew. */
static void a_removal_ends_them_in_any_folder_above(void **state)
{
    char path[64];
    (void)state;
    for (unsigned i = 0; i < LOCKS_MAX + 500; i++) {
        (void)snprintf(path, sizeof path, "/d/%u/%u/a", i % 700, i);
        note(OPERATION_LOCK, path, 200, DEPTH_0);
    }
    note(OPERATION_DELETE, "/d/699", 204, DEPTH_UNKNOWN);
    (void)snprintf(path, sizeof path, "/d/699/%u/a", 699 + 700 * 5);
    assert_false(is_locked(path));
    assert_true(is_locked("/d/1/3501/a"));
    note(OPERATION_DELETE, "/d/1/3501", 204, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/1/3501/a"));
    note(OPERATION_DELETE, "/d", 204, DEPTH_UNKNOWN);
    assert_int_equal(table_n_nodes(&locks.table), 0);
    for (size_t i = 0; i < LOCK_FOLDERS; i++)
        assert_int_equal(locks.n_in[i], 0);
}

static void a_lock_ends_by_its_timeout(void **state)
{
    (void)state;
    lock_with("/d/a", active(1, "Jane", "Second-600.5"));
    lock_with("/d/b", active(2, "Joe", "Infinite"));
    lock_with("/d/c", active(3, "Jim", "Second-99999999999999999999"));
    scene.second = 599;
    assert_true(is_locked("/d/a"));
    scene.second = 601;
    assert_false(is_locked("/d/a"));
    assert_true(is_locked("/d/b"));
    assert_true(is_locked("/d/c"));
}

static void a_refresh_begins_the_time_anew(void **state)
{
    (void)state;
    lock_with("/d/",
              (struct active_lock){.token = 1, .is_deep = true, .timeout = span_str("Second-600")});
    scene.second = 500;
    scene.asked_token = 1;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_UNKNOWN);
    scene.second = 1000;
    assert_int_equal(find("/d/a"), 1);
    assert_int_equal(found[0]->since.time_ns, 1);
    scene.second = 1101;
    assert_false(is_locked("/d/a"));
}

static void a_refresh_with_another_timeout_has_that(void **state)
{
    const struct active_lock shorter = active(1, "", "Second-60");
    (void)state;
    lock_with("/d/a", active(1, "Jane", "Second-600"));
    scene.second = 10;
    tell(EVENT_LOCKS, "/d/a", &shorter, 1);
    scene.asked_token = 1;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_UNKNOWN);
    assert_owners("/d/a", "Jane ");
    scene.second = 71;
    assert_false(is_locked("/d/a"));
}

static void shared_locks_are_kept_apart_by_their_tokens(void **state)
{
    (void)state;
    struct active_lock jane = active(1, "Jane", "Second-600"), joe = active(2, "Joe", "Infinite");
    jane.is_shared = joe.is_shared = true;
    lock_with("/d/a", jane);
    lock_with("/d/a", joe);
    assert_owners("/d/a", "Jane Joe ");
    scene.asked_token = 1;
    note(OPERATION_UNLOCK, "/d/a", 204, DEPTH_UNKNOWN);
    assert_owners("/d/a", "Joe ");
    scene.asked_token = 3;
    note(OPERATION_UNLOCK, "/d/a", 204, DEPTH_UNKNOWN);
    assert_owners("/d/a", "Joe ");
}

static void an_exclusive_lock_was_given_because_no_other_held(void **state)
{
    (void)state;
    lock_with("/d/a", active(1, "Jane", ""));
    lock_with("/d/a", active(2, "Joe", ""));
    assert_owners("/d/a", "Joe ");
}

static void a_lock_whose_token_only_the_head_tells_is_the_one_in_the_body(void **state)
{
    const struct active_lock told = active(0, "Jane", "Second-600");
    (void)state;
    tell(EVENT_LOCKS, "/d/a", &told, 1);
    scene.answered_token = 7;
    scene.body_bytes = 100;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    assert_owners("/d/a", "Jane ");
    assert_true(found[0]->is_given);
    assert_string_equal(found[0]->timeout, "Second-600");
    scene.asked_token = 7;
    note(OPERATION_UNLOCK, "/d/a", 204, DEPTH_UNKNOWN);
    assert_false(is_locked("/d/a"));
}

static void of_many_shared_locks_the_latest_are_known(void **state)
{
    static const char *const owners[] = {"a", "b", "c", "d", "e"};
    (void)state;
    for (uint64_t i = 0; i < 5; i++) {
        struct active_lock lock = active(i + 1, owners[i], "");
        lock.is_shared = true;
        lock_with("/d/a", lock);
    }
    assert_owners("/d/a", "b c d e ");
}

static void a_lock_from_above_is_listed_below_and_stays_one(void **state)
{
    (void)state;
    struct active_lock deep = active(1, "Jane", "");
    deep.is_deep = true;
    lock_with("/d/", deep);
    see_one("/d/a", active(1, "Jane", "Second-30"));
    assert_owners("/d/b", "Jane ");
    assert_owners("/d/a", "Jane ");
    assert_string_equal(found[0]->timeout, "Second-30");
    deep = active(2, "Joe", "");
    deep.is_deep = true;
    deep.root = span_str("http://dav.example/e/");
    see_one("/e/f/a", deep);
    assert_owners("/e/b", "Joe ");
    deep.token = 3;
    deep.root = span_str("/of/a/proxy/");
    see_one("/g/a", deep);
    assert_owners("/g/a", "Joe ");
}

static void what_a_later_listing_does_not_show_is_over(void **state)
{
    (void)state;
    struct active_lock jane = active(1, "Jane", ""), joe = active(2, "Joe", "");
    jane.is_shared = joe.is_shared = true;
    lock_with("/d/a", jane);
    lock_with("/d/a", joe);
    see_one("/d/b", active(3, "Jim", ""));
    see("/d/a", NULL, 0); /* it was asked for before */
    assert_owners("/d/a", "Jane Joe ");
    scene.second = 1;
    see("/d/c", NULL, 0);
    see_one("/d/a", joe);
    assert_owners("/d/a", "Joe ");
    scene.second = 2;
    see("/d/a", NULL, 0);
    assert_false(is_locked("/d/a"));
    assert_true(is_locked("/d/b"));
}

static void a_listing_names_the_owner_and_does_not_say_who_locked(void **state)
{
    (void)state;
    see_one("/d/a", active(0, "Jane", "Second-600"));
    see("/d/b", NULL, 0);
    assert_owners("/d/a", "Jane ");
    assert_false(found[0]->is_given);
    assert_string_equal(found[0]->timeout, "Second-600");
    assert_int_equal(found[0]->since.frame, ANSWER_FRAME);
    assert_false(is_locked("/d/b"));
    scene.second = 1;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    assert_int_equal(find("/d/a"), 1);
    assert_true(found[0]->is_given);
}

static void a_listing_without_tokens_speaks_of_the_lock_that_is_known(void **state)
{
    (void)state;
    lock_with("/d/a", active(1, "Jane", ""));
    scene.second = 1;
    see_one("/d/a", active(0, "Jane", "Second-600"));
    assert_int_equal(find("/d/a"), 1);
    assert_true(found[0]->is_given);
    see_one("/d/a", active(0, "Joe", ""));
    assert_owners("/d/a", "Jane Joe ");
}

static void a_new_lock_has_not_the_owner_of_the_one_before(void **state)
{
    (void)state;
    see_one("/d/a", active(0, "Jane", "Second-600"));
    scene.second = 1;
    scene.body_bytes = 100;
    note(OPERATION_LOCK, "/d/a", 200, DEPTH_0);
    assert_owners("/d/a", " ");
    assert_string_equal(found[0]->timeout, "");
}

static void a_long_owner_is_cut(void **state)
{
    char owner[2 * LOCK_OWNER_BYTES];
    (void)state;
    memset(owner, 'x', sizeof owner);
    owner[sizeof owner - 1] = '\0';
    see_one("/d/a", active(0, owner, ""));
    assert_int_equal(find("/d/a"), 1);
    assert_int_equal(strlen(found[0]->owner), LOCK_OWNER_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock_at_the_end_of_all_time_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(frames_of_several_captures_are_not_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_lock_holds_until_it_is_given_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_all_is_removed_no_lock_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_a_deep_lock_holds_below, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_was_refused_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_server_has_other_locks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_locks_make_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_moved_away_took_no_lock_along, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_removal_ends_the_locks_in_what_is_removed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_removal_ends_them_in_any_folder_above, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_ends_by_its_timeout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refresh_begins_the_time_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refresh_with_another_timeout_has_that, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shared_locks_are_kept_apart_by_their_tokens, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_exclusive_lock_was_given_because_no_other_held, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_lock_whose_token_only_the_head_tells_is_the_one_in_the_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_many_shared_locks_the_latest_are_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_lock_from_above_is_listed_below_and_stays_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_a_later_listing_does_not_show_is_over, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_listing_names_the_owner_and_does_not_say_who_locked,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_listing_without_tokens_speaks_of_the_lock_that_is_known,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_lock_has_not_the_owner_of_the_one_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_owner_is_cut, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
