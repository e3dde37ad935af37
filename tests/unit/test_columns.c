#include "output/columns.h"
#include "output/width.h"
#include "tests/support/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct written out;
static struct columns columns;

static int begin(void **state)
{
    (void)state;
    written_begin(&out);
    return 0;
}

static void columns_align_left_and_right_and_leave_no_blanks_at_the_end(void **state)
{
    (void)state;
    columns_init(&columns, "lrl");
    columns_text(&columns, "one");
    columns_text(&columns, "1");
    columns_text(&columns, "x");
    columns_text(&columns, "three");
    columns_text(&columns, "333");
    columns_text(&columns, "");
    columns_finish(&columns, &out.writer);
    assert_string_equal(written_text(&out), "  one      1  x\n"
                                            "  three  333\n");
}

static void wide_and_combining_characters_keep_the_columns_straight(void **state)
{
    (void)state;
    columns_init(&columns, "ll");
    columns_text(&columns, "漢字");
    columns_text(&columns, "a");
    columns_text(&columns, "e\xCC\x81");
    columns_text(&columns, "b");
    columns_finish(&columns, &out.writer);
    assert_string_equal(written_text(&out), "  漢字  a\n"
                                            "  e\xCC\x81     b\n");
}

static void a_long_cell_is_shortened_in_the_middle(void **state)
{
    (void)state;
    char long_path[151] = "/begin/";
    memset(long_path + 7, 'x', 136);
    memcpy(long_path + 143, "end.txt", 8);
    columns_init(&columns, "lsr");
    columns_text(&columns, "423 Locked");
    columns_text(&columns, long_path);
    columns_text(&columns, "7");
    columns_finish(&columns, &out.writer);
    const char *line = written_text(&out);
    assert_int_equal(width_text(span_str(line)) - 1, COLUMNS_MAX_WIDTH);
    assert_non_null(strstr(line, "  423 Locked  /begin/x"));
    assert_non_null(strstr(line, "x…x"));
    assert_non_null(strstr(line, "end.txt  7\n"));
}

static void a_shortened_column_keeps_some_width(void **state)
{
    (void)state;
    char text[200];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    columns_init(&columns, "ls");
    columns_text(&columns, text);
    columns_text(&columns, text);
    columns_finish(&columns, &out.writer);
    const char *line = written_text(&out);
    assert_int_equal(width_text(span_str(line)) - 1, 2 + 199 + 2 + COLUMNS_MIN_SHORT);
}

static void a_note_stands_behind_the_first_column_within_the_width(void **state)
{
    (void)state;
    columns_init(&columns, "ll");
    columns_text(&columns, "12");
    columns_text(&columns, "x");
    writer_text(columns_note(&columns), "note");
    columns_text(&columns, "1");
    columns_text(&columns, "y");
    columns_finish(&columns, &out.writer);
    assert_string_equal(written_text(&out), "  12  x\n"
                                            "      note\n"
                                            "  1   y\n");
    columns_init(&columns, "l");
    columns_text(&columns, "1");
    writer_repeat(columns_note(&columns), 'n', 200);
    columns_finish(&columns, &out.writer);
    const char *text = written_text(&out);
    assert_int_equal(width_text(span_str(text)) - strlen("  1\n") - 1, COLUMNS_MAX_WIDTH);
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    columns_init(&columns, "ll");
    columns_finish(&columns, &out.writer);
    assert_string_equal(written_text(&out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_align_left_and_right_and_leave_no_blanks_at_the_end),
        cmocka_unit_test(wide_and_combining_characters_keep_the_columns_straight),
        cmocka_unit_test(a_long_cell_is_shortened_in_the_middle),
        cmocka_unit_test(a_shortened_column_keeps_some_width),
        cmocka_unit_test(a_note_stands_behind_the_first_column_within_the_width),
        cmocka_unit_test(nothing_gives_nothing),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
