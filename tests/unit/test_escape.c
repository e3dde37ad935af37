#include "output/escape.h"
#include "tests/support/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct escaped {
    const char *in;
    size_t len;
    const char *text, *json, *csv;
};

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct escaped rows[] = {
    {BYTES("/d/a b.txt"), "/d/a b.txt", "/d/a b.txt", "/d/a b.txt"},
    {BYTES("ü漢🙂"), "ü漢🙂", "ü漢🙂", "ü漢🙂"},
    {BYTES(""), "", "", ""},
    {BYTES("a\"b"), "a\"b", "a\\\"b", "\"a\"\"b\""},
    {BYTES("a\\b"), "a\\\\b", "a\\\\b", "a\\\\b"},
    {BYTES("a\tb\nc\rd"), "a\\tb\\nc\\rd", "a\\tb\\nc\\rd", "a\\tb\\nc\\rd"},
    {BYTES("\x1b[31m\x07"), "\\x1b[31m\\x07", "\\u001b[31m\\u0007", "\\x1b[31m\\x07"},
    {BYTES("\0\x7f"), "\\x00\\x7f", "\\u0000\\u007f", "\\x00\\x7f"},
    /* C1 as UTF-8, and as a byte that is no UTF-8 */
    {BYTES("\xC2\x9B\x9B"), "\\u{9b}\\x9b", "\\u009b\xEF\xBF\xBD", "\\u{9b}\\x9b"},
    /* right-to-left override, line separator */
    {BYTES("\xE2\x80\xAE\xE2\x80\xA8"), "\\u{202e}\\u{2028}", "\\u202e\\u2028",
     "\\u{202e}\\u{2028}"},
    /* overlong, surrogate, cut at the end */
    {BYTES("\xC0\xAF"), "\\xc0\\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD", "\\xc0\\xaf"},
    {BYTES("\xED\xA0\x80"), "\\xed\\xa0\\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
     "\\xed\\xa0\\x80"},
    {BYTES("a\xE2\x82"), "a\\xe2\\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD", "a\\xe2\\x82"},
    /* a noncharacter beyond the first plane: a surrogate pair in JSON */
    {BYTES("\xF0\x9F\xBF\xBF"), "\\u{1ffff}", "\\ud83f\\udfff", "\\u{1ffff}"},
    {BYTES("a,b"), "a,b", "a,b", "\"a,b\""},
    {BYTES("a;b"), "a;b", "a;b", "\"a;b\""},
    {BYTES(" a"), " a", " a", "\" a\""},
    {BYTES("a "), "a ", "a ", "\"a \""},
    {BYTES("=cmd|' /C calc'!A0"), "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0",
     "'=cmd|' /C calc'!A0"},
    {BYTES("+1"), "+1", "+1", "'+1"},
    {BYTES("-1"), "-1", "-1", "'-1"},
    {BYTES("@SUM(1)"), "@SUM(1)", "@SUM(1)", "'@SUM(1)"},
    {BYTES("＝1"), "＝1", "＝1", "'＝1"},
    {BYTES("＠SUM(1)"), "＠SUM(1)", "＠SUM(1)", "'＠SUM(1)"},
    {BYTES("漢＝1"), "漢＝1", "漢＝1", "漢＝1"},
    {BYTES("\t=1"), "\\t=1", "\\t=1", "'\\t=1"},
    {BYTES("\r=1"), "\\r=1", "\\r=1", "'\\r=1"},
    {BYTES("=1,2"), "=1,2", "=1,2", "\"'=1,2\""},
};

static void no_captured_byte_can_steer_an_output(void **state)
{
    (void)state;
    struct written written;
    written_begin(&written);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span in = span_of(rows[i].in, rows[i].len);
        escape_text(&written.writer, in);
        assert_string_equal(written_text(&written), rows[i].text);
        escape_json(&written.writer, in);
        assert_string_equal(written_text(&written), rows[i].json);
        escape_csv(&written.writer, in);
        assert_string_equal(written_text(&written), rows[i].csv);
    }
}

static void every_byte_alone_comes_out_printable(void **state)
{
    (void)state;
    struct written written;
    written_begin(&written);
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t in = (uint8_t)byte;
        escape_text(&written.writer, span_of(&in, 1));
        escape_csv(&written.writer, span_of(&in, 1));
        escape_json(&written.writer, span_of(&in, 1));
        for (const char *c = written_text(&written); *c; c++)
            assert_true((*c >= 0x20 && *c < 0x7F) || strchr("\xEF\xBF\xBD", *c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_captured_byte_can_steer_an_output),
        cmocka_unit_test(every_byte_alone_comes_out_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
