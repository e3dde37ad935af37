/* What may stand in front of a protocol, whole, in parts, and what only looks like it. */
#include "dissector/preface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

struct row {
    const char *bytes;
    size_t len;
    uint8_t version; /* of the source it names */
    uint8_t last_byte;
    uint16_t port;
};

#define ROW(text) text, sizeof(text) - 1

static const struct row prefaces[] = {
    {ROW("PROXY TCP4 203.0.113.7 192.0.2.80 51234 80\r\n"), 4, 7, 51234},
    {ROW("PROXY TCP6 2001:db8::7 ::1 65535 80\r\n"), 6, 7, 65535},
    {ROW("PROXY TCP6 ::FFFF:0a09 ::1 1 80\r\n"), 6, 9, 1},
    {ROW("PROXY TCP6 1:2:3:4:5:6:7:8 :: 1 80\r\n"), 6, 8, 1},
    {ROW("PROXY UNKNOWN\r\n"), 0, 0, 0},
    {ROW("PROXY UNKNOWN a b c d\r\n"), 0, 0, 0},
    {ROW(SIGNATURE "\x21\x11\0\x0c\xcb\0\x71\x07\xc0\0\x02\x50\xc8\x22\0\x50"), 4, 7, 51234},
    {ROW(SIGNATURE "\x20\0\0\0"), 0, 0, 0},                   /* a check */
    {ROW(SIGNATURE "\x21\x31\0\x02zz"), 0, 0, 0},             /* a local socket */
    {ROW(SIGNATURE "\x21\x11\0\x04\xcb\0\x71\x07"), 0, 0, 0}, /* too short for addresses */
    /* damaged */
    {ROW("PROXY TCP4 203.0.113 192.0.2.80 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP4 203.0.113.7.9 192.0.2.80 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP4 203.0.113.256 192.0.2.80 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP4 203.0.113.7 192.0.2.80 66000 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 1:2:3 :: 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 1:2:3:4:5:6:7:8:9 :: 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 1::2::3 :: 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 12345:: :: 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 g:: :: 1 2\r\n"), 0, 0, 0},
    {ROW("PROXY TCP6 1:2:3:4:5:6:7:8:: :: 1 2\r\n"), 0, 0, 0},
    {ROW("\5\1\0\5\1\0\1\xc0\0\2\x50\0\x50"), 0, 0, 0},
    {ROW("\5\2\0\2\1\4demo\6secret\5\1\0\3\3dav\0\x50"), 0, 0, 0},
    {ROW("\5\1\0\5\1\0\4"
         "0123456789abcdef"
         "\0\x50"),
     0, 0, 0},
    {ROW("\5\0\5\0\0\1\xc0\0\2\x50\0\x50"), 0, 0, 0},
    {ROW("\5\2\1\0\5\0\0\3\3dav\0\x50"), 0, 0, 0},
    {ROW("\4\1\0\x50\xc0\0\2\x50"
         "demo\0"),
     0, 0, 0},
    {ROW("\4\1\0\x50\0\0\0\1"
         "demo\0dav\0"),
     0, 0, 0},
    {ROW("\0\x5a\0\x50\xc0\0\2\x50"), 0, 0, 0},
};

static void every_preface_is_found_whole_and_every_part_asks_for_more(void **state)
{
    (void)state;
    static const char behind[] = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i < sizeof prefaces / sizeof *prefaces; i++) {
        const struct row *row = &prefaces[i];
        char bytes[256];
        struct preface preface;
        memcpy(bytes, row->bytes, row->len);
        memcpy(bytes + row->len, behind, sizeof behind);
        for (size_t len = 1; len < row->len; len++)
            assert_int_equal(preface_find(span_of(bytes, len), &preface), PREFACE_MORE);
        for (size_t len = row->len; len < row->len + sizeof behind; len++) {
            assert_int_equal(preface_find(span_of(bytes, len), &preface), PREFACE_WHOLE);
            assert_int_equal(preface.len, row->len);
        }
        assert_int_equal(preface.source.address.version, row->version);
        assert_int_equal(preface.source.port, row->port);
        assert_int_equal(preface.source.address.bytes[row->version == 6 ? 15 : 3], row->last_byte);
    }
}

static void what_only_looks_like_a_preface_is_none(void **state)
{
    (void)state;
    static const struct row others[] = {
        {ROW("PROPFIND / HTTP/1.1\r\n"), 0, 0, 0},
        {ROW("PROXY / HTTP/1.1\r\n"), 0, 0, 0},
        {ROW(SIGNATURE "\x11\x11\0\0"), 0, 0, 0}, /* version 1 in binary */
        {ROW("\r\nGET / HTTP/1.1\r\n"), 0, 0, 0},
        {ROW("\5\0\x0b\3\x10\0\0\0"), 0, 0, 0},             /* DCE/RPC */
        {ROW("\5\1\0\5\2\0\1\xc0\0\2\x50\0\x50"), 0, 0, 0}, /* bind */
        {ROW("\5\1\0\6"), 0, 0, 0},
        {ROW("\5\0\5\1\0\1\0\0\0\0\0\0"), 0, 0, 0}, /* refused */
        {ROW("\0\x5b\0\0\0\0\0\0"), 0, 0, 0},       /* refused */
        {ROW("\4\2\0\x50"), 0, 0, 0},
        {ROW(""), 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct preface preface;
        assert_int_equal(preface_find(span_of(others[i].bytes, others[i].len), &preface),
                         PREFACE_NONE);
    }
}

static void a_preface_without_end_is_given_up(void **state)
{
    (void)state;
    static char line[600] = "PROXY TCP4 ", text[600] = "\4\1\0\x50\1\2\3\4";
    struct preface preface;
    memset(line + 11, '1', sizeof line - 11);
    memset(text + 8, 'a', sizeof text - 8);
    assert_int_equal(preface_find(span_of(line, 106), &preface), PREFACE_MORE);
    assert_int_equal(preface_find(span_of(line, 107), &preface), PREFACE_NONE);
    assert_int_equal(preface_find(span_of(text, 512), &preface), PREFACE_MORE);
    assert_int_equal(preface_find(span_of(text, 513), &preface), PREFACE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preface_is_found_whole_and_every_part_asks_for_more),
        cmocka_unit_test(what_only_looks_like_a_preface_is_none),
        cmocka_unit_test(a_preface_without_end_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
