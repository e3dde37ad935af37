#include "dissector/dav/nfc.h"
#include "output/stored.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct stored_items stored;
static struct event_connection connection;
static struct exchange exchange;
static struct request request;
static struct event event;

static int set_up(void **state)
{
    (void)state;
    stored_init(&stored);
    connection = (struct event_connection){0};
    exchange = (struct exchange){0};
    request = (struct request){0};
    event = (struct event){
        .connection = &connection, .exchange = &exchange, .request = &request, .document = 9};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stored_free(&stored);
    return 0;
}

static void say(const char *method, const char *target, uint16_t status)
{
    exchange.method = span_str(method);
    exchange.target = span_str(target);
    exchange.status = status;
    exchange.response.first.time_ns = 1000;
    stored_note(&stored, &event);
}

/* How many items the listing of the folder lacks that shows one href. */
static unsigned n_missing(const char *folder, const char *shown)
{
    unsigned n = 0;
    stored_see(&stored, &event, span_str(shown));
    exchange.target = span_str(folder);
    exchange.request.first.time_ns = 2000;
    while (stored_missing(&stored, &event))
        n++;
    return n;
}

static void delete_that_was_sent_as_post_removes_what_was_stored(void **state)
{
    (void)state;
    say("PUT", "/d/a", 201);
    request.method = span_str("DELETE");
    request.is_method_overridden = true;
    say("POST", "/d/a", 204);
    assert_int_equal(n_missing("/d/", "/d/"), 0);
}

static void what_was_stored_is_missed_in_the_next_listing_of_its_folder_once(void **state)
{
    (void)state;
    say("PUT", "/d/a", 201);
    say("PUT", "/d/b", 204);
    say("PUT", "/d/c", 403);
    say("PUT", "/d/e/f", 201);
    assert_int_equal(n_missing("/other/", "/other/x"), 0);
    assert_int_equal(n_missing("/d/", "/d/a"), 1);
    assert_int_equal(n_missing("/d", "/d/a"), 0);
}

static void what_was_removed_is_not_missed(void **state)
{
    (void)state;
    say("PUT", "/d/a", 201);
    say("PUT", "/d/e/f", 201);
    say("DELETE", "/d/a", 204);
    say("MOVE", "/d/e", 201);
    assert_int_equal(n_missing("/d/", "/d/x"), 0);
    assert_int_equal(n_missing("/d/e/", "/d/e/x"), 0);
}

static void the_oldest_make_room_for_the_latest(void **state)
{
    char path[32];
    (void)state;
    for (unsigned i = 0; i < STORED_MAX + 10; i++) {
        snprintf(path, sizeof path, "/d/%u", i);
        say("PUT", path, 201);
    }
    assert_int_equal(n_missing("/d/", "/d/0"), STORED_MAX);
}

static void a_path_that_is_too_long_is_not_kept(void **state)
{
    char path[STORED_PATH_BYTES + 2] = "/d/";
    (void)state;
    memset(path + 3, 'a', STORED_PATH_BYTES - 3);
    say("PUT", path, 201);
    path[STORED_PATH_BYTES] = 'a';
    say("PUT", path, 201);
    assert_int_equal(n_missing("/d/", "/d/x"), 1);
}

static void what_is_listed_in_another_spelling_is_not_missed(void **state)
{
    (void)state;
    say("PUT", "/d/R%C3%A9sum%C3%A9.txt", 201);
    if (nfc_is_built_in())
        assert_int_equal(n_missing("/d/", "/d/Re%CC%81sume%CC%81.txt"), 0);
    else
        assert_int_equal(n_missing("/d/", "/d/R%c3%a9sum%c3%a9.txt"), 0);
    say("PUT", "/d/Name", 201);
    assert_int_equal(n_missing("/d/", "/d/name"), 0);
    say("PUT", "/d/a%20b", 201);
    assert_int_equal(n_missing("/d/", "/d/a%2520b"), 0);
}

static void what_is_removed_in_another_spelling_is_not_missed(void **state)
{
    (void)state;
    say("PUT", "/d/a", 201);
    say("DELETE", "/d/A", 204);
    assert_int_equal(n_missing("/d/", "/d/"), 0);
}

static void what_is_listed_with_a_slash_too_many_is_not_missed(void **state)
{
    (void)state;
    say("PUT", "/d/a", 201);
    assert_int_equal(n_missing("/d/", "/d//a"), 0);
}

static void what_another_account_stored_is_missed_in_its_own_listing_alone(void **state)
{
    (void)state;
    exchange.request.account = 1;
    say("PUT", "/d/a", 201);
    exchange.request.account = 2;
    say("PUT", "/d/b", 201);
    assert_int_equal(n_missing("/d/", "/d/b"), 0);
    exchange.request.account = 1;
    assert_int_equal(n_missing("/d/", "/d/x"), 1);
}

static void only_what_looks_like_a_part_is_passed_over(void **state)
{
    (void)state;
    say("PUT", "/d/a.zip-chunking-4711-3-0", 201);
    assert_int_equal(n_missing("/d/", "/d/a.zip"), 0);
    say("PUT", "/d/a-chunking-notes-4-5", 201);
    say("PUT", "/d/a-chunking-4-5", 201);
    assert_int_equal(n_missing("/d/", "/d/a.zip"), 2);
}

static void what_desktops_leave_beside_files_is_not_missed(void **state)
{
    (void)state;
    say("PUT", "/d/._a", 201);
    say("PUT", "/d/.DS_Store", 201);
    say("PUT", "/d/thumbs.db", 201);
    say("PUT", "/d/.~lock.a.odt%23", 201);
    assert_int_equal(n_missing("/d/", "/d/a"), 0);
    say("PUT", "/d/.profile", 201);
    assert_int_equal(n_missing("/d/", "/d/a"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(delete_that_was_sent_as_post_removes_what_was_stored,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_stored_is_missed_in_the_next_listing_of_its_folder_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_removed_is_not_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_make_room_for_the_latest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_that_is_too_long_is_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_listed_in_another_spelling_is_not_missed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_removed_in_another_spelling_is_not_missed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_listed_with_a_slash_too_many_is_not_missed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_another_account_stored_is_missed_in_its_own_listing_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_looks_like_a_part_is_passed_over, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_desktops_leave_beside_files_is_not_missed, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
