#include "output/top.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct top top;

static int set_up(void **state)
{
    (void)state;
    top = (struct top){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    top_free(&top);
    return 0;
}

static void add_numbered(unsigned i, uint64_t n)
{
    char text[32];
    snprintf(text, sizeof text, "/d/%u", i);
    top_add(&top, span_str(text), n);
}

static void few_texts_are_counted_exactly(void **state)
{
    (void)state;
    top_add(&top, span_str("a"), 1);
    top_add(&top, span_str("b"), 2);
    top_add(&top, span_str("a"), 3);
    top_sort(&top);
    assert_int_equal(top.n, 2);
    assert_true(span_equal(top_text(&top.entries[0]), span_str("a")));
    assert_int_equal(top.entries[0].n, 4);
    assert_false(top.is_overflown);
}

static void a_frequent_text_survives_any_number_of_rare_ones(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        top_add(&top, span_str("often"), 1);
        add_numbered(i, 1);
        add_numbered(i + 10000, 1);
    }
    top_sort(&top);
    assert_true(top.is_overflown);
    assert_int_equal(top.n, TOP_MAX);
    assert_true(span_equal(top_text(&top.entries[0]), span_str("often")));
    assert_in_range(top.entries[0].n, 5000, 5000 + 15000 / TOP_MAX);
}

static void the_common_folder_is_that_of_all_texts_also_of_those_left_out(void **state)
{
    (void)state;
    top_add(&top, span_str("/a/b/c.txt"), 1);
    assert_true(span_equal(top_common(&top), span_str("/a/b/")));
    top_add(&top, span_str("/a/bc/d.txt"), 1);
    assert_true(span_equal(top_common(&top), span_str("/a/")));
    top_add(&top, span_str("x"), 1);
    assert_int_equal(top_common(&top).len, 0);
    top_add(&top, span_str("/a/b/c.txt"), 1);
    assert_int_equal(top_common(&top).len, 0);
}

static void urls_of_different_hosts_have_nothing_in_common(void **state)
{
    (void)state;
    top_add(&top, span_str("http://a.example/d/x"), 1);
    top_add(&top, span_str("http://b.example/d/x"), 1);
    assert_int_equal(top_common(&top).len, 0);
}

static void merging_adds_counts_and_what_is_common(void **state)
{
    struct top more = {0};
    (void)state;
    top_add(&top, span_str("/a/x"), 2);
    top_add(&more, span_str("/a/x"), 3);
    top_add(&more, span_str("/a/y/z"), 1);
    top_merge(&top, &more);
    top_sort(&top);
    assert_int_equal(top.n, 2);
    assert_int_equal(top.entries[0].n, 5);
    assert_true(span_equal(top_common(&top), span_str("/a/")));
    top_free(&more);
}

static void a_long_text_is_cut_at_a_character_and_found_again(void **state)
{
    uint8_t text[TOP_TEXT_BYTES * 2];
    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "é", 2);
    top_add(&top, span_of(text, sizeof text), 1);
    top_add(&top, span_of(text, sizeof text), 1);
    struct span kept = top_text(&top.entries[0]);
    assert_int_equal(top.n, 1);
    assert_int_equal(top.entries[0].n, 2);
    assert_true(kept.len <= TOP_TEXT_BYTES);
    assert_memory_equal(kept.ptr + kept.len - 3, "…", 3);
    assert_int_equal((kept.len - 3) % 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(few_texts_are_counted_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frequent_text_survives_any_number_of_rare_ones, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            the_common_folder_is_that_of_all_texts_also_of_those_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(urls_of_different_hosts_have_nothing_in_common, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(merging_adds_counts_and_what_is_common, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_text_is_cut_at_a_character_and_found_again, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
