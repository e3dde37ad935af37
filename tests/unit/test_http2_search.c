/* http2_search: frames are found among other bytes, the same ones however these are cut. */
#include "dissector/http/http2_search.h"

#include "dissector/http/http2.h"
#include "tests/support/conv_http2.h"
#include "tests/support/http_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MAX_BYTES = 1 << 20, NOT_FOUND = -1 };

static void add_frames(struct buf *out, enum dir dir, const char *words, const char *lines)
{
    struct conv_http2 http2;
    struct span bad;
    const struct conv_http2_text text = {dir, span_str(words), span_str(lines)};
    conv_http2_init(&http2);
    assert_true(conv_http2_frames(&http2, &text, out, &bad));
    conv_http2_free(&http2);
}

/* Where in bytes, given in pieces, the frame begins that is found without knowing whose they are.
 */
static int find(struct http2_search *search, struct span bytes, size_t piece_bytes)
{
    struct origin origin = {0};
    http2_search_init(search);
    for (size_t at = 0; at < bytes.len; at += piece_bytes) {
        struct span piece = span_first(span_after(bytes, at), piece_bytes);
        size_t len = piece.len;
        if (http2_search_take(search, &piece, &origin, NULL) == HTTP2_FOUND_FRAME)
            return (int)(at + len - piece.len - http2_search_found(search).len);
    }
    return NOT_FOUND;
}

static void expect_found(struct span bytes, int at, enum dir dir)
{
    for (size_t piece_bytes = 1; piece_bytes <= bytes.len; piece_bytes++) {
        struct http2_search search;
        assert_int_equal(find(&search, bytes, piece_bytes), at);
        if (at != NOT_FOUND)
            assert_int_equal(search.dir, dir);
        http2_search_free(&search);
    }
}

static void expect_found_behind(const char *noise, enum dir dir, const char *lines)
{
    struct buf bytes;
    buf_init(&bytes, MAX_BYTES);
    assert_int_equal(buf_append(&bytes, span_str(noise)), BUF_OK);
    add_frames(&bytes, dir, "headers 5 end", lines);
    assert_int_equal(buf_append(&bytes, span_str("what follows")), BUF_OK);
    expect_found(buf_span(&bytes), (int)strlen(noise), dir);
    buf_free(&bytes);
}

static void heads_are_found_and_tell_their_direction(void **state)
{
    (void)state;
    expect_found_behind("", DIR_CLIENT, ":method: GET\n:path: /\n");
    expect_found_behind("noise", DIR_CLIENT, ":scheme: http\n");
    expect_found_behind("some text, and more", DIR_SERVER, ":status: 207\netag: 1\n");
    expect_found_behind("x", DIR_SERVER, "server: a\n");
    expect_found_behind("x", DIR_CLIENT, "user-agent: a\n");
}

static void what_may_be_of_either_side_is_not_believed(void **state)
{
    struct buf bytes;
    (void)state;
    buf_init(&bytes, MAX_BYTES);
    add_frames(&bytes, DIR_CLIENT, "headers 1", "x-other: 1\n");
    add_frames(&bytes, DIR_CLIENT, "headers 1", ":status: 207\nuser-agent: both\n");
    add_frames(&bytes, DIR_CLIENT, "headers 2", ":status: 207\n");
    add_frames(&bytes, DIR_CLIENT, "headers 1", ":status: 207\nUpper: case\n");
    add_frames(&bytes, DIR_CLIENT, "headers 1 open", ":status: 207\n");
    add_frames(&bytes, DIR_CLIENT, "settings", "");
    add_frames(&bytes, DIR_CLIENT, "data 1", "abc\n");
    expect_found(buf_span(&bytes), NOT_FOUND, DIR_CLIENT);
    buf_free(&bytes);
}

static void a_head_is_found_in_what_looked_like_a_longer_frame(void **state)
{
    static const char header[] = {0, 1, 0, HTTP2_HEADERS, 4, 0, 0, 0, 1};
    struct buf bytes;
    (void)state;
    buf_init(&bytes, MAX_BYTES);
    buf_append(&bytes, span_of(header, sizeof header));
    buf_append(&bytes, span_str("\x40\x7f")); /* no HPACK */
    add_frames(&bytes, DIR_SERVER, "headers 3", ":status: 207\n");
    for (int i = 0; i < 30; i++)
        buf_append(&bytes, span_str("0123456789"));
    expect_found(buf_span(&bytes), (int)sizeof header + 2, DIR_SERVER);
    buf_free(&bytes);
}

static void how_much_is_read_as_hpack_is_bounded(void **state)
{
    /* Every position may begin HEADERS of 257 bytes whose block is right up to its last byte. */
    static uint8_t bytes[400000];
    static const uint8_t header[] = {0, 1, 1, HTTP2_HEADERS, 4, 0, 0, 1, 1};
    struct http2_search search;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = header[i % sizeof header];
    find(&search, span_of(bytes, sizeof bytes), sizeof bytes);
    assert_true(search.n_work <= 65536 + 4 * search.n_searched + 257);
    assert_true(http2_search_buffered_bytes(&search) < 128 * 1024);
    http2_search_free(&search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_found_and_tell_their_direction),
        cmocka_unit_test(what_may_be_of_either_side_is_not_believed),
        cmocka_unit_test(a_head_is_found_in_what_looked_like_a_longer_frame),
        cmocka_unit_test(how_much_is_read_as_hpack_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
