/* tests/support/conv, conv_coding, conv_play and packet: a written conversation becomes the frames
 * that it says. What the frames hold is read by net/, not by the code that wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "dissector/base/buf.h"
#include "dissector/net/net.h"
#include "tests/support/conv_play.h"

/* What net/ read: payload of each direction in order of arrival, and the segments' lengths. */
struct seen {
    char text[2][4096];
    size_t len[2];
    char lengths[256]; /* of segments with payload: "c12 s100 " */
    char marks[256];   /* of segments without payload: "S SA A F R" */
};

static struct conv load(const char *text)
{
    char path[] = "/tmp/conv-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct conv conv;
    conv_load(&conv, path);
    unlink(path);
    return conv;
}

static void append(char *text, size_t size_bytes, const char *piece)
{
    size_t len = strlen(text);
    snprintf(text + len, size_bytes - len, "%s", piece);
}

static enum feed take_segment(void *ctx, const struct segment *s)
{
    struct seen *seen = ctx;
    unsigned side = s->destination.port == 8080 ? 0 : 1;
    char word[32];
    if (s->payload.len == 0) {
        snprintf(word, sizeof word, "%s%s%s%s ", s->flags & SEGMENT_SYN ? "S" : "",
                 s->flags & SEGMENT_FIN ? "F" : "", s->flags & SEGMENT_RST ? "R" : "",
                 s->flags & SEGMENT_ACK ? "A" : "");
        append(seen->marks, sizeof seen->marks, word);
        return FEED_OK;
    }
    snprintf(word, sizeof word, "%c%zu ", "cs"[side], s -> payload.len);
    append(seen->lengths, sizeof seen->lengths, word);
    memcpy(seen->text[side] + seen->len[side], s->payload.ptr, s->payload.len);
    seen->len[side] += s->payload.len;
    return FEED_OK;
}

struct reader_of_frames {
    struct net net;
    struct origin origin;
};

static void take_frame(void *ctx, struct span frame, int64_t time_ns)
{
    struct reader_of_frames *r = ctx;
    r->origin.ordinal++;
    r->origin.time_ns = time_ns;
    assert_int_equal(net_feed(&r->net, 1, frame, (uint32_t)frame.len, &r->origin), FEED_OK);
}

static struct seen play(const char *text, const struct conv_plan *plan)
{
    struct seen seen = {0};
    struct reader_of_frames r = {0};
    struct conv conv = load(text);
    net_init(&r.net, &limits_default, (struct segment_sink){take_segment, &seen});
    conv_play(&conv, plan, (struct conv_frame_sink){take_frame, &r});
    assert_int_equal(net_stats(&r.net)->n_malformed, 0);
    net_free(&r.net);
    conv_free(&conv);
    return seen;
}

static void lines_are_sent_with_crlf_unless_they_end_in_a_backslash(void **state)
{
    (void)state;
    struct seen seen =
        play("# comment\n>>> a\n>>>\n>>> b\\\n<<< c\\n\\x00\\\\\\\n", &conv_plan_whole);
    assert_string_equal(seen.text[0], "a\r\n\r\nb");
    assert_int_equal(seen.len[1], 4);
    assert_memory_equal(seen.text[1], "c\n\0\\", 4);
}

static void the_length_of_the_encoded_body_is_filled_in(void **state)
{
    (void)state;
    struct seen seen =
        play("<<< L: @length\n<<<\n<<< @body chunked 2\nabc\n@end\n", &conv_plan_whole);
    assert_string_equal(seen.text[1], "L: 19\r\n\r\n2\r\nab\r\n2\r\nc\n\r\n0\r\n\r\n");
}

static void a_repeated_line_counts_from_zero(void **state)
{
    (void)state;
    struct seen seen = play(">>> @body\n@repeat 3 {n}-{n}\n@end\n", &conv_plan_whole);
    assert_string_equal(seen.text[0], "0-0\n1-1\n2-2\n");
}

static void lost_bytes_are_missing_where_the_gap_says(void **state)
{
    (void)state;
    struct seen seen = play("gap <<< 3 after 2\n<<< abcdefg\n", &conv_plan_whole);
    assert_string_equal(seen.text[1], "abfg\r\n");
    assert_string_equal(seen.lengths, "s2 s4 ");
}

static void a_turn_is_one_segment_and_the_plan_splits_it(void **state)
{
    (void)state;
    const char *text = ">>> abc\n>>> d\n<<< efgh\n";
    assert_string_equal(play(text, &conv_plan_whole).lengths, "c8 s6 ");
    struct conv_plan plan = conv_plan_whole;
    plan.split_at = 9;
    assert_string_equal(play(text, &plan).lengths, "c8 s1 s5 ");
    plan = conv_plan_whole;
    plan.cut_at = 9;
    assert_string_equal(play(text, &plan).lengths, "c8 s1 ");
    plan = conv_plan_whole;
    plan.max_segment_bytes = 3;
    assert_string_equal(play(text, &plan).lengths, "c3 c3 c2 s3 s3 ");
}

static void swapped_and_repeated_segments_come_as_named(void **state)
{
    (void)state;
    struct conv_plan plan = conv_plan_whole;
    plan.max_segment_bytes = 2;
    plan.is_swapped = true;
    assert_string_equal(play(">>> abcd\\\n", &plan).text[0], "cdab");
    plan.is_swapped = false;
    plan.is_repeated = true;
    assert_string_equal(play(">>> abcd\\\n", &plan).text[0], "ababcdcd");
}

static void connections_begin_and_end_as_tcp_does(void **state)
{
    (void)state;
    assert_string_equal(play(">>> a\nclose\n", &conv_plan_whole).marks, "S SA A A FA A FA A ");
    assert_string_equal(play("midway\n>>> a\nreset <<<\n", &conv_plan_whole).marks, "A RA ");
}

static void one_captured_direction_shows_nothing_of_the_other(void **state)
{
    (void)state;
    struct seen seen = play("only <<<\n>>> a\n<<< b\n", &conv_plan_whole);
    assert_int_equal(seen.len[0], 0);
    assert_string_equal(seen.text[1], "b\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_sent_with_crlf_unless_they_end_in_a_backslash),
        cmocka_unit_test(the_length_of_the_encoded_body_is_filled_in),
        cmocka_unit_test(a_repeated_line_counts_from_zero),
        cmocka_unit_test(lost_bytes_are_missing_where_the_gap_says),
        cmocka_unit_test(a_turn_is_one_segment_and_the_plan_splits_it),
        cmocka_unit_test(swapped_and_repeated_segments_come_as_named),
        cmocka_unit_test(connections_begin_and_end_as_tcp_does),
        cmocka_unit_test(one_captured_direction_shows_nothing_of_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
