#include "output/pages.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pages pages;
static struct event_connection connection;
static struct exchange exchange;
static struct event event;

static int set_up(void **state)
{
    (void)state;
    pages = (struct pages){0};
    exchange = (struct exchange){.target = span_str("/c/")};
    exchange.request.fields[HTTP_USER_AGENT] = span_str("client/1");
    event = (struct event){.connection = &connection, .exchange = &exchange, .document = 7};
    return 0;
}

static void a_page_waits_until_patience_is_over(void **state)
{
    struct page page;
    (void)state;
    event.origin.time_ns = 1000;
    pages_wait(&pages, 5, &event, (struct page_size){30, 1});
    assert_false(pages_take(&pages, 1099, 100, &page));
    assert_true(pages_take(&pages, 1100, 100, &page));
    assert_string_equal(page.path, "/c/");
    assert_string_equal(page.user_agent, "client/1");
    assert_int_equal(page.n_items, 30);
    assert_false(pages_take(&pages, 5000, 100, &page));
}

static void who_goes_on_waits_no_more(void **state)
{
    struct page page;
    (void)state;
    pages_wait(&pages, 5, &event, (struct page_size){1, 1});
    pages_wait(&pages, 6, &event, (struct page_size){2, 1});
    pages_continue(&pages, 5);
    assert_true(pages_take(&pages, 0, 0, &page));
    assert_int_equal(page.n_items, 2);
    assert_false(pages_take(&pages, 0, 0, &page));
}

static void what_was_not_chosen_is_forgotten(void **state)
{
    struct page page;
    (void)state;
    pages_wait(&pages, 5, &event, (struct page_size){1, 1});
    pages_forget(&pages, 8);
    pages_forget(&pages, 7);
    assert_false(pages_take(&pages, 0, 0, &page));
}

static void the_oldest_make_room_and_long_texts_are_cut(void **state)
{
    char path[2 * PAGE_TEXT_BYTES];
    struct page page;
    (void)state;
    memset(path, 'a', sizeof path);
    exchange.target = span_of(path, sizeof path);
    for (uint64_t i = 0; i <= PAGES_MAX; i++)
        pages_wait(&pages, i + 1, &event, (struct page_size){i, 1});
    for (uint64_t i = 1; i <= PAGES_MAX; i++) {
        assert_true(pages_take(&pages, 0, 0, &page));
        assert_int_equal(page.n_items, i);
        assert_int_equal(strlen(page.path), PAGE_TEXT_BYTES - 1);
    }
    assert_false(pages_take(&pages, 0, 0, &page));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_page_waits_until_patience_is_over, set_up),
        cmocka_unit_test_setup(who_goes_on_waits_no_more, set_up),
        cmocka_unit_test_setup(what_was_not_chosen_is_forgotten, set_up),
        cmocka_unit_test_setup(the_oldest_make_room_and_long_texts_are_cut, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
