/* What may be a chunk-size line in a body whose framing was not seen. */
#include "dissector/http/chunk_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The body that is left of text, fed in pieces of n bytes, with '|' for each line taken out. */
static void expect(const char *text, const char *expected)
{
    for (size_t n = 1; n <= strlen(text); n++) {
        struct chunk_watch watch = {.n_held = 0};
        char got[400] = "";
        size_t len = 0;
        for (struct span rest = span_str(text); rest.len > 0; rest = span_after(rest, n)) {
            struct span piece = span_first(rest, n);
            while (piece.len > 0) {
                bool is_line;
                struct span body = chunk_watch_next(&watch, &piece, &is_line);
                assert_true(len + body.len + 1 < sizeof got);
                if (body.len > 0)
                    memcpy(got + len, body.ptr, body.len);
                len += body.len;
                if (is_line)
                    got[len++] = '|';
            }
        }
        assert_string_equal(got, expected);
    }
}

static void line_of_digits_is_taken_out(void **state)
{
    (void)state;
    expect("<a\r\n1f40\r\n>b\r\n0\r\nc", "<a|>b|c");
    expect("a\r\n\r\nB\r\nc", "a\r\n|c");
    expect("a\r\n12345678\r\nb", "a|b");
}

static void line_where_the_one_before_says_it_is_is_certain(void **state)
{
    (void)state;
    expect("<a\r\n3\r\nb\r\n\r\n2\r\ncd\r\n1\r\ne", "<a|b\r\ncde");
    expect("a\r\n1\r\nb\r\n9\r\n12\r\n34\r\n5\r\n1\r\nc", "a|b12\r\n34\r\n5c");
}

static void line_that_is_not_where_it_is_due_breaks_the_body_again(void **state)
{
    (void)state;
    expect("a\r\n2\r\nb\r\n3\r\ncde\r\n1\r\nf", "a|b|cdef");
    expect("a\r\n1\r\nb\r\n2\r\ncdefg\r\n1\r\nh", "a|bcd|efg|h");
    expect("a\r\n1\r\nb\r\n2\r\ncd\r\nx\r\n1\r\nh", "a|bcd|\r\nx|h");
}

static void nothing_is_body_behind_the_last_chunk(void **state)
{
    (void)state;
    expect("a\r\n1\r\nb\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", "a|b");
    expect("a\r\n0\r\n\r\n1\r\nb", "a||b");
}

static void extensions_belong_to_the_line(void **state)
{
    (void)state;
    expect("<a\r\n1f40;x\r\n>b\r\n2 ; n=\"a b\";m\r\nc", "<a|>b|c");
    expect("a\r\n1;x\r\nb\r\n2;y=z\r\ncd\r\n0;e\r\n\r\nH", "a|bcd");
    expect("a\r\n12 x\r\ny\r\n1;\x01\r\ny\r\n;x\r\nz", "a\r\n12 x\r\ny\r\n1;\x01\r\ny\r\n;x\r\nz");
    expect("a\r\n1;x\r\r\n2;y\r\nb", "a\r\n1;x\r|b");
}

static void longer_extensions_are_text(void **state)
{
    char text[CHUNK_WATCH_MAX_LINE_BYTES + 10] = "a\r\n1;";
    (void)state;
    memset(text + 5, 'x', CHUNK_WATCH_MAX_LINE_BYTES - 2);
    memcpy(text + 3 + CHUNK_WATCH_MAX_LINE_BYTES, "\r\nz", sizeof "\r\nz");
    expect(text, "a|z");
    memcpy(text + 3 + CHUNK_WATCH_MAX_LINE_BYTES, "x\r\nz", sizeof "x\r\nz");
    expect(text, text);
}

static void other_lines_stay(void **state)
{
    (void)state;
    expect("a\r\nb g\r\nx", "a\r\nb g\r\nx");
    expect("a\n12\nx", "a\n12\nx");
    expect("a\r\r\r\n12\rx", "a\r\r\r\n12\rx");
    expect("a\r\n123456789\r\nx", "a\r\n123456789\r\nx");
    expect("a\r\n12 \r\nb\r\r\nx", "a\r\n12 \r\nb\r\r\nx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_of_digits_is_taken_out),
        cmocka_unit_test(line_where_the_one_before_says_it_is_is_certain),
        cmocka_unit_test(line_that_is_not_where_it_is_due_breaks_the_body_again),
        cmocka_unit_test(nothing_is_body_behind_the_last_chunk),
        cmocka_unit_test(extensions_belong_to_the_line),
        cmocka_unit_test(longer_extensions_are_text),
        cmocka_unit_test(other_lines_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
