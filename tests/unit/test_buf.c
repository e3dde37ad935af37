#include "dissector/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/support/alloc.h"

static void expect_content(const struct buf *b, const char *expected)
{
    assert_true(span_equal(buf_span(b), span_str(expected)));
}

static void appended_bytes_stand_one_after_the_other(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    expect_content(&b, "");
    assert_int_equal(buf_append(&b, span_str("ab")), BUF_OK);
    assert_int_equal(buf_append(&b, span_of(NULL, 0)), BUF_OK);
    assert_int_equal(buf_append(&b, span_str("c")), BUF_OK);
    expect_content(&b, "abc");
    buf_free(&b);
}

static void it_grows_to_its_maximum_and_not_beyond(void **state)
{
    (void)state;
    enum { MAX_BYTES = 1000 };
    struct buf b;
    buf_init(&b, MAX_BYTES);
    for (size_t i = 0; i < MAX_BYTES; i++) {
        uint8_t byte = (uint8_t)i;
        assert_int_equal(buf_append(&b, span_of(&byte, 1)), BUF_OK);
    }
    assert_int_equal(buf_append(&b, span_str("x")), BUF_LIMIT);
    assert_int_equal(b.len, MAX_BYTES);
    for (size_t i = 0; i < MAX_BYTES; i++)
        assert_int_equal(b.ptr[i], (uint8_t)i);
    buf_free(&b);
}

static void what_does_not_fit_leaves_the_content_as_it_was(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    assert_int_equal(buf_append(&b, span_str("abc")), BUF_OK);
    assert_int_equal(buf_append(&b, span_str("de")), BUF_LIMIT);
    volatile size_t huge = SIZE_MAX; /* compilers refuse to copy what they know to be so much */
    assert_int_equal(buf_append(&b, (struct span){(const uint8_t *)"x", huge}), BUF_LIMIT);
    expect_content(&b, "abc");
    assert_int_equal(buf_append(&b, span_str("d")), BUF_OK);
    expect_content(&b, "abcd");
    buf_free(&b);
}

static void want_of_memory_leaves_the_content_as_it_was(void **state)
{
    (void)state;
    static const uint8_t large[1000];
    struct buf b;
    buf_init(&b, SIZE_MAX);
    assert_int_equal(buf_append(&b, span_str("abc")), BUF_OK);
    alloc_fail_at(1);
    enum buf_result result = buf_append(&b, span_of(large, sizeof large));
    alloc_fail_at(0);
    assert_int_equal(result, BUF_NOMEM);
    expect_content(&b, "abc");
    assert_int_equal(buf_append(&b, span_of(large, sizeof large)), BUF_OK);
    assert_int_equal(b.len, 3 + sizeof large);
    buf_free(&b);
}

static void secrets_are_appended_as_other_bytes_are(void **state)
{
    (void)state;
    struct buf b;
    char expected[200] = "";
    buf_init(&b, 190);
    for (int i = 0; i < 19; i++) {
        assert_int_equal(buf_append_secret(&b, span_str("0123456789")), BUF_OK);
        memcpy(expected + strlen(expected), "0123456789", 11);
    }
    expect_content(&b, expected);
    assert_int_equal(buf_append_secret(&b, span_str("x")), BUF_LIMIT);
    expect_content(&b, expected);
    buf_wipe_and_free(&b);
    assert_int_equal(b.capacity_bytes, 0);
    alloc_fail_at(1);
    assert_int_equal(buf_append_secret(&b, span_str("ab")), BUF_NOMEM);
    alloc_fail_at(0);
    expect_content(&b, "");
}

static void growing_byte_by_byte_moves_the_content_rarely(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    size_t n_grown = 0;
    for (size_t i = 0; i < 1 << 20; i++) {
        size_t before = b.capacity_bytes;
        assert_int_equal(buf_append(&b, span_str("x")), BUF_OK);
        n_grown += b.capacity_bytes != before;
    }
    assert_true(n_grown <= 20);
    buf_free(&b);
}

static void the_first_bytes_can_be_dropped(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_int_equal(buf_append(&b, span_str("abcdef")), BUF_OK);
    buf_drop_first(&b, 0);
    expect_content(&b, "abcdef");
    buf_drop_first(&b, 2);
    expect_content(&b, "cdef");
    buf_drop_first(&b, 4);
    expect_content(&b, "");
    assert_int_equal(buf_append(&b, span_str("0123456789")), BUF_OK); /* all the room is back */
    buf_drop_first(&b, 11);
    expect_content(&b, "");
    buf_free(&b);
}

static void clearing_keeps_the_memory_and_freeing_does_not(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_int_equal(buf_append(&b, span_str("abc")), BUF_OK);
    size_t capacity = b.capacity_bytes;
    buf_clear(&b);
    expect_content(&b, "");
    assert_int_equal(b.capacity_bytes, capacity);
    buf_free(&b);
    assert_int_equal(b.capacity_bytes, 0);
    assert_int_equal(buf_append(&b, span_str("0123456789")), BUF_OK);
    assert_int_equal(buf_append(&b, span_str("x")), BUF_LIMIT);
    buf_free(&b);
    buf_free(&b);
}

static void a_zeroed_buf_takes_nothing_and_can_be_freed(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_int_equal(buf_append(&b, span_of(NULL, 0)), BUF_OK);
    assert_int_equal(buf_append(&b, span_str("x")), BUF_LIMIT);
    buf_drop_first(&b, 1);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_bytes_stand_one_after_the_other),
        cmocka_unit_test(it_grows_to_its_maximum_and_not_beyond),
        cmocka_unit_test(what_does_not_fit_leaves_the_content_as_it_was),
        cmocka_unit_test(want_of_memory_leaves_the_content_as_it_was),
        cmocka_unit_test(secrets_are_appended_as_other_bytes_are),
        cmocka_unit_test(growing_byte_by_byte_moves_the_content_rarely),
        cmocka_unit_test(the_first_bytes_can_be_dropped),
        cmocka_unit_test(clearing_keeps_the_memory_and_freeing_does_not),
        cmocka_unit_test(a_zeroed_buf_takes_nothing_and_can_be_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
