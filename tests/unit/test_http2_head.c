#include "dissector/http/http2_head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void add(struct http2_head *head, const char *name, const char *value)
{
    const struct hpack_field field = {.name = span_str(name), .value = span_str(value)};
    assert_true(http2_head_add(head, &field));
}

static void expect(const struct http2_head *head, enum http_field field, const char *value)
{
    assert_true(span_equal(head->head.fields[field], span_str(value)));
}

static void fields_that_come_in_turns_are_each_joined(void **state)
{
    (void)state;
    struct http2_head head;
    http2_head_init(&head, &limits_default);
    add(&head, "via", "");
    add(&head, "dav", "1");
    add(&head, "via", "a");
    add(&head, "dav", "2");
    add(&head, "via", "b");
    add(&head, "dav", "");
    http2_head_finish(&head);
    expect(&head, HTTP_VIA, ", a, b");
    expect(&head, HTTP_DAV, "1, 2, ");
    http2_head_free(&head);
}

/* A header block may name what stands in a table by one byte, as often as there may be fields. */
static void values_repeated_in_turns_take_no_more_room_than_their_limits(void **state)
{
    (void)state;
    enum { MAX_BYTES = 100, N_TURNS = 200 };
    const struct limits limits = {.max_fields = 2 * N_TURNS, .max_field_bytes = MAX_BYTES};
    struct http2_head head;
    http2_head_init(&head, &limits);
    for (int i = 0; i < N_TURNS; i++) {
        add(&head, "via", "abcdefg");
        add(&head, "dav", "1234567");
    }
    http2_head_finish(&head);
    assert_int_equal(head.head.fields[HTTP_VIA].len, MAX_BYTES);
    assert_int_equal(head.head.fields[HTTP_DAV].len, MAX_BYTES);
    assert_true(span_starts(head.head.fields[HTTP_VIA], span_str("abcdefg, abcdefg, ")));
    assert_true(head.head.is_cut[HTTP_VIA] && head.head.is_cut[HTTP_DAV]);
    assert_true(head.is_noted[HTTP2_NOTE_MAX_FIELD_BYTES]);
    assert_false(head.is_noted[HTTP2_NOTE_MAX_FIELDS]);
    assert_in_range(head.text.len, 2 * MAX_BYTES, 3 * MAX_BYTES);
    http2_head_free(&head);
}

static void a_byte_that_no_value_may_have_is_noted(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\rb", "a\nb"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http2_head head;
        http2_head_init(&head, &limits_default);
        add(&head, "via", "a b");
        assert_false(head.is_noted[HTTP2_NOTE_FORBIDDEN_BYTE]);
        add(&head, "via", bad[i]);
        add(&head, "via", "c");
        assert_true(head.is_noted[HTTP2_NOTE_FORBIDDEN_BYTE]);
        http2_head_free(&head);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_that_come_in_turns_are_each_joined),
        cmocka_unit_test(values_repeated_in_turns_take_no_more_room_than_their_limits),
        cmocka_unit_test(a_byte_that_no_value_may_have_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
