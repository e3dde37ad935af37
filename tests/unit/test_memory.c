#include "output/memory.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key hash_key = {1, 2};
static struct memory memory;
static struct event_connection connection;
static struct exchange exchange;
static struct event event;

static int set_up(void **state)
{
    (void)state;
    memory_init(&memory, &hash_key);
    connection.client = (struct endpoint){{4, {192, 0, 2, 7}}, 50000};
    connection.server = (struct endpoint){{4, {192, 0, 2, 80}}, 80};
    exchange = (struct exchange){0};
    event = (struct event){.connection = &connection, .exchange = &exchange};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    memory_free(&memory);
    return 0;
}

static struct memo_key about(enum memo_kind kind, const char *path)
{
    return (struct memo_key){.kind = kind, .event = &event, .path = span_str(path)};
}

static void a_memo_counts_and_knows_first_and_last(void **state)
{
    struct memo_key key = about(MEMO_GOOD, "/d/");
    (void)state;
    assert_null(memory_find(&memory, &key));
    event.origin = (struct origin){.frame = 3, .time_ns = 100};
    memory_note(&memory, &key)->value = 7;
    event.origin = (struct origin){.frame = 9, .time_ns = 200};
    const struct memo *memo = memory_note(&memory, &key);
    assert_int_equal(memo->n, 2);
    assert_int_equal(memo->value, 7);
    assert_int_equal(memo->first_ns, 100);
    assert_int_equal(memo->last_ns, 200);
    assert_int_equal(memo->frame, 9);
    memory_forget(&memory, &key);
    assert_null(memory_find(&memory, &key));
}

static void spelling_and_port_of_the_client_do_not_matter(void **state)
{
    struct memo_key key = about(MEMO_TOKEN, "/a%20b/"), same = about(MEMO_TOKEN, "/%61%20b");
    (void)state;
    memory_note(&memory, &key);
    connection.client.port = 50001;
    assert_non_null(memory_find(&memory, &same));
}

static void nothing_is_remembered_of_what_nobody_named(void **state)
{
    struct memo_key key = about(MEMO_FAILING, "");
    (void)state;
    assert_null(memory_note(&memory, &key));
    assert_null(memory_find(&memory, &key));
}

static void kind_path_server_and_what_is_more_tell_memos_apart(void **state)
{
    struct memo_key key = about(MEMO_GOOD, "/d/"), other = key;
    (void)state;
    memory_note(&memory, &key);
    other.kind = MEMO_GONE;
    assert_null(memory_find(&memory, &other));
    other = about(MEMO_GOOD, "/e/");
    assert_null(memory_find(&memory, &other));
    other = key;
    other.more = span_str("x");
    assert_null(memory_find(&memory, &other));
    connection.server.port = 81;
    assert_null(memory_find(&memory, &key));
}

static void personal_memos_are_of_one_client_and_program_others_of_the_server(void **state)
{
    struct memo_key personal = about(MEMO_TOKEN, "/d/"), common = about(MEMO_GOOD, "/d/");
    (void)state;
    memory_note(&memory, &personal);
    memory_note(&memory, &common);
    exchange.request.fields[HTTP_USER_AGENT] = span_str("other/1");
    assert_null(memory_find(&memory, &personal));
    assert_non_null(memory_find(&memory, &common));
    exchange.request.fields[HTTP_USER_AGENT] = span_str("");
    connection.client.address.bytes[3] = 8;
    assert_null(memory_find(&memory, &personal));
    assert_non_null(memory_find(&memory, &common));
}

static void personal_memos_are_of_one_account_over_all_connections(void **state)
{
    struct memo_key key = about(MEMO_TOKEN, "/d/");
    (void)state;
    exchange.request.account = 1;
    memory_note(&memory, &key);
    connection.number = 2;
    connection.client.port = 50001;
    assert_non_null(memory_find(&memory, &key));
    exchange.request.account = 2;
    assert_null(memory_find(&memory, &key));
}

/* From the last time it was noted, not from the first. */
static void what_does_not_happen_again_fades(void **state)
{
    static const int64_t week_ns = 7 * 24 * 3600 * INT64_C(1000000000);
    static const int64_t times_ns[] = {0, week_ns - 1, 2 * week_ns - 2};
    struct memo_key key = about(MEMO_REFUSED, "/d/x");
    const struct memo *memo = NULL;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        event.origin.time_ns = times_ns[i];
        memo = memory_note(&memory, &key);
        assert_int_equal(memo->n, i + 1);
    }
    event.origin.time_ns = 3 * week_ns - 2;
    assert_null(memory_find(&memory, &key));
    memo = memory_note(&memory, &key);
    assert_int_equal(memo->n, 1);
    assert_int_equal(memo->value, 0);
    assert_int_equal(memo->first_ns, event.origin.time_ns);
}

static void every_kind_fades_some_time(void **state)
{
    (void)state;
    for (int kind = 0; kind < MEMO_N; kind++) {
        struct memo_key key = about((enum memo_kind)kind, "/d/");
        event.origin.time_ns = 0;
        memory_note(&memory, &key);
        event.origin.time_ns = 1000000000;
        assert_non_null(memory_find(&memory, &key));
        event.origin.time_ns = INT64_MAX;
        assert_null(memory_find(&memory, &key));
    }
}

static void what_was_not_used_for_longest_is_forgotten_first(void **state)
{
    char path[32];
    (void)state;
    for (unsigned i = 0; i <= MEMORY_MAX; i++) {
        snprintf(path, sizeof path, "/%u", i);
        struct memo_key key = about(MEMO_GOOD, path), first = about(MEMO_GOOD, "/0");
        memory_note(&memory, &key);
        memory_note(&memory, &first);
    }
    struct memo_key first = about(MEMO_GOOD, "/0"), second = about(MEMO_GOOD, "/1");
    assert_non_null(memory_find(&memory, &first));
    assert_null(memory_find(&memory, &second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_memo_counts_and_knows_first_and_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spelling_and_port_of_the_client_do_not_matter, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_remembered_of_what_nobody_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(kind_path_server_and_what_is_more_tell_memos_apart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            personal_memos_are_of_one_client_and_program_others_of_the_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(personal_memos_are_of_one_account_over_all_connections,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_happen_again_fades, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_kind_fades_some_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_used_for_longest_is_forgotten_first, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
