#include "dissector/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/alloc.h"

struct entry {
    struct table_node node;
    uint64_t key;
    bool is_in;
};

static bool has_key(const struct table_node *node, const void *key)
{
    return ((const struct entry *)node)->key == *(const uint64_t *)key;
}

static uint64_t spread(uint64_t key)
{
    key = (key ^ key >> 31) * 0x9e3779b97f4a7c15;
    return key ^ key >> 29;
}

static struct entry *find(const struct table *table, uint64_t key)
{
    return (struct entry *)table_find(table, spread(key), has_key, &key);
}

static void insert(struct table *table, struct entry *entry, uint64_t key)
{
    entry->key = key;
    entry->is_in = true;
    assert_true(table_insert(table, &entry->node, spread(key), (int64_t)key));
}

static void a_zeroed_table_is_empty_and_can_be_freed(void **state)
{
    (void)state;
    struct table table = {0};
    assert_null(find(&table, 1));
    assert_null(table_oldest(&table));
    assert_int_equal(table_n_excess(&table), 0);
    table_free(&table);
    table_free(&table);
}

static void an_entry_is_found_by_its_key_until_it_is_removed(void **state)
{
    (void)state;
    struct table table;
    table_init(&table, 10, 10);
    struct entry a, b;
    insert(&table, &a, 1);
    insert(&table, &b, 2);
    assert_ptr_equal(find(&table, 1), &a);
    assert_ptr_equal(find(&table, 2), &b);
    assert_null(find(&table, 3));
    table_remove(&table, &a.node);
    assert_null(find(&table, 1));
    assert_ptr_equal(find(&table, 2), &b);
    assert_int_equal(table_n_nodes(&table), 1);
    table_free(&table);
}

static void equal_hashes_are_told_apart_by_their_keys(void **state)
{
    (void)state;
    struct table table;
    table_init(&table, 1000, 1000);
    struct entry entries[300];
    for (size_t i = 0; i < 300; i++) {
        entries[i].key = i;
        assert_true(table_insert(&table, &entries[i].node, 42, 0));
    }
    for (uint64_t key = 0; key < 300; key++)
        assert_ptr_equal(table_find(&table, 42, has_key, &key), &entries[key]);
    uint64_t absent = 300;
    assert_null(table_find(&table, 42, has_key, &absent));
    assert_null(table_find(&table, 43, has_key, &entries[0].key));
    table_free(&table);
}

static void touching_makes_an_entry_the_newest(void **state)
{
    (void)state;
    struct table table;
    table_init(&table, 10, 10);
    struct entry entries[4];
    for (size_t i = 0; i < 4; i++)
        insert(&table, &entries[i], i);
    assert_int_equal(table_touched_ns(&entries[2].node), 2);

    table_touch(&table, &entries[0].node, 10); /* the oldest */
    table_touch(&table, &entries[2].node, 11); /* from the middle */
    table_touch(&table, &entries[2].node, 12); /* the newest */

    static const size_t by_age[] = {1, 3, 0, 2};
    struct table_node *node = table_oldest(&table);
    for (size_t i = 0; i < 4; i++, node = table_newer(node))
        assert_ptr_equal(node, &entries[by_age[i]].node);
    assert_null(node);
    assert_int_equal(table_touched_ns(&entries[0].node), 10);
    assert_int_equal(table_touched_ns(&entries[2].node), 12);
    assert_int_equal(table_touched_ns(&entries[1].node), 1);
    table_free(&table);
}

static void a_walk_survives_the_removal_of_what_it_stands_on(void **state)
{
    (void)state;
    enum { N = 100 };
    struct table table;
    table_init(&table, N, N);
    struct entry entries[N];
    for (size_t i = 0; i < N; i++)
        insert(&table, &entries[i], i);
    uint64_t n_seen = 0;
    for (struct table_node *node = table_oldest(&table), *next; node; node = next) {
        next = table_newer(node);
        assert_int_equal(((struct entry *)node)->key, n_seen++);
        if (n_seen % 3 != 0)
            table_remove(&table, node);
    }
    assert_int_equal(n_seen, N);
    assert_int_equal(table_n_nodes(&table), N / 3);
    for (uint64_t key = 0; key < N; key++)
        assert_int_equal(find(&table, key) != NULL, (key + 1) % 3 == 0);
    table_free(&table);
}

static void beyond_its_maximum_it_asks_to_be_cut_down_to_what_it_keeps(void **state)
{
    (void)state;
    struct table table;
    table_init(&table, 10, 7);
    struct entry entries[11];
    for (size_t i = 0; i < 10; i++)
        insert(&table, &entries[i], i);
    assert_int_equal(table_n_excess(&table), 0);
    insert(&table, &entries[10], 10);
    assert_int_equal(table_n_excess(&table), 4);
    for (size_t n = table_n_excess(&table); n > 0; n--)
        table_remove(&table, table_oldest(&table));
    assert_int_equal(table_n_nodes(&table), 7);
    assert_int_equal(table_n_excess(&table), 0);
    assert_null(find(&table, 3));
    assert_ptr_equal(find(&table, 4), &entries[4]);
    table_free(&table);
}

/* The same steps on a table and on a plain array of flags must give the same answers. */
static void it_agrees_with_a_plain_list_while_it_grows_and_shrinks(void **state)
{
    (void)state;
    enum { N_KEYS = 5000, N_STEPS = 60000 };
    struct entry *entries = calloc(N_KEYS, sizeof *entries);
    assert_non_null(entries);
    struct table table;
    table_init(&table, N_KEYS, N_KEYS);
    uint64_t random = 1;
    size_t n_in = 0;
    for (size_t step = 0; step < N_STEPS; step++) {
        random = random * 6364136223846793005 + 1442695040888963407;
        uint64_t key = (random >> 33) % N_KEYS;
        struct entry *entry = &entries[key];
        assert_ptr_equal(find(&table, key), entry->is_in ? entry : NULL);
        if (!entry->is_in) {
            insert(&table, entry, key);
            n_in++;
        } else if (step % 3 == 0) {
            table_remove(&table, &entry->node);
            entry->is_in = false;
            n_in--;
        } else {
            table_touch(&table, &entry->node, 0);
            assert_null(table_newer(&entry->node));
        }
        assert_int_equal(table_n_nodes(&table), n_in);
    }
    size_t n_walked = 0;
    for (struct table_node *node = table_oldest(&table); node; node = table_newer(node))
        n_walked++;
    assert_int_equal(n_walked, n_in);
    assert_true(table_buffered_bytes(&table) >= n_in * sizeof(void *));
    table_free(&table);
    assert_int_equal(table_buffered_bytes(&table), 0);
    free(entries);
}

static void a_freed_table_can_be_used_again(void **state)
{
    (void)state;
    struct table table;
    table_init(&table, 2, 1);
    struct entry a, b;
    insert(&table, &a, 1);
    table_free(&table);
    assert_null(find(&table, 1));
    assert_null(table_oldest(&table));
    insert(&table, &b, 1);
    assert_ptr_equal(find(&table, 1), &b);
    insert(&table, &a, 2);
    assert_int_equal(table_n_excess(&table), 0);
    table_free(&table);
}

static void without_memory_it_takes_nothing_in(void **state)
{
    (void)state;
    struct table table;
    struct entry entry = {.key = 1};
    table_init(&table, 10, 10);
    alloc_fail_at(1);
    assert_false(table_insert(&table, &entry.node, spread(1), 0));
    alloc_fail_at(0);
    assert_int_equal(table_n_nodes(&table), 0);
    assert_null(table_oldest(&table));
    insert(&table, &entry, 1);
    assert_ptr_equal(find(&table, 1), &entry);
    table_free(&table);
}

static void without_memory_to_grow_it_goes_on_with_longer_chains(void **state)
{
    (void)state;
    enum { N = 500 };
    struct table table;
    struct entry entries[N];
    table_init(&table, N, N);
    for (size_t i = 0; i < N; i++) {
        alloc_fail_at(i > 0 && i < 300 ? 1 : 0);
        insert(&table, &entries[i], i);
    }
    alloc_fail_at(0);
    for (uint64_t key = 0; key < N; key++)
        assert_ptr_equal(find(&table, key), &entries[key]);
    table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_table_is_empty_and_can_be_freed),
        cmocka_unit_test(an_entry_is_found_by_its_key_until_it_is_removed),
        cmocka_unit_test(equal_hashes_are_told_apart_by_their_keys),
        cmocka_unit_test(touching_makes_an_entry_the_newest),
        cmocka_unit_test(a_walk_survives_the_removal_of_what_it_stands_on),
        cmocka_unit_test(beyond_its_maximum_it_asks_to_be_cut_down_to_what_it_keeps),
        cmocka_unit_test(it_agrees_with_a_plain_list_while_it_grows_and_shrinks),
        cmocka_unit_test(without_memory_it_takes_nothing_in),
        cmocka_unit_test(without_memory_to_grow_it_goes_on_with_longer_chains),
        cmocka_unit_test(a_freed_table_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
