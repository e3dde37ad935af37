#include "dissector/tls/tls_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { BODY_BYTES = 0x120, RECORD_BYTES = RECORD_HEADER_BYTES + BODY_BYTES };

/* n records of data with bodies that are nothing else. */
static size_t make_records(uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n * RECORD_BYTES; i++)
        out[i] = (uint8_t)(0x80 + i * 7);
    for (size_t i = 0; i < n; i++) {
        static const uint8_t header[] = {23, 3, 3, BODY_BYTES >> 8, BODY_BYTES & 0xFF};
        memcpy(out + i * RECORD_BYTES, header, sizeof header);
    }
    return n * RECORD_BYTES;
}

static void three_headers_in_a_row_are_tls_however_they_are_cut(void **state)
{
    uint8_t bytes[4 * RECORD_BYTES];
    size_t len = make_records(bytes, 4);
    (void)state;
    for (size_t cut = 1; cut < RECORD_BYTES; cut++) {
        /* It begins in the middle of a record. */
        struct span rest = span_of(bytes + 10, len - 10);
        struct tls_search search = {0};
        enum tls_found found = TLS_FOUND_NOTHING;
        for (; rest.len > 0 && found == TLS_FOUND_NOTHING; rest = span_after(rest, cut))
            found = tls_search_feed(&search, span_first(rest, cut));
        assert_int_equal(found, TLS_FOUND_RECORDS);
    }
}

static void a_record_that_fills_its_segment_is_tls(void **state)
{
    uint8_t bytes[RECORD_BYTES];
    struct tls_search search = {0};
    (void)state;
    size_t len = make_records(bytes, 1);
    assert_int_equal(tls_search_feed(&search, span_of(bytes, len)), TLS_FOUND_RECORDS);
}

static void one_header_alone_is_nothing(void **state)
{
    uint8_t bytes[2 * RECORD_BYTES];
    struct tls_search search = {0};
    (void)state;
    size_t len = make_records(bytes, 2);
    bytes[RECORD_BYTES] = 'x';
    assert_int_equal(tls_search_feed(&search, span_of(bytes, len)), TLS_FOUND_NOTHING);
    assert_int_equal(tls_search_feed(&search, span_of(bytes, RECORD_BYTES - 1)), TLS_FOUND_NOTHING);
}

static void a_hello_is_one_before_it_is_whole(void **state)
{
    static const uint8_t hello[] = {22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3};
    uint8_t longer[sizeof hello];
    struct tls_search search = {0};
    (void)state;
    assert_int_equal(tls_search_feed(&search, span_of(hello, sizeof hello)), TLS_FOUND_HELLO);
    memcpy(longer, hello, sizeof hello);
    longer[7] = 2; /* than its record */
    assert_int_equal(tls_search_feed(&search, span_of(longer, sizeof longer)), TLS_FOUND_NOTHING);
}

static void a_hello_tells_whose_it_is_once_there_is_enough_of_it(void **state)
{
    uint8_t hello[] = {22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 'x'};
    (void)state;
    for (size_t len = 0; len <= sizeof hello; len++)
        assert_int_equal(tls_hello_of(span_of(hello, len)),
                         len < TLS_HELLO_HEAD_BYTES ? TLS_HELLO_MORE : TLS_HELLO_CLIENT);
    hello[5] = 2;
    assert_int_equal(tls_hello_of(span_of(hello, sizeof hello)), TLS_HELLO_SERVER);
    hello[5] = 11; /* a certificate */
    assert_int_equal(tls_hello_of(span_of(hello, sizeof hello)), TLS_HELLO_NONE);
    hello[1] = 4;
    assert_int_equal(tls_hello_of(span_of(hello, 2)), TLS_HELLO_NONE);
    hello[0] = 23;
    assert_int_equal(tls_hello_of(span_of(hello, 1)), TLS_HELLO_NONE);
}

static void text_is_nothing(void **state)
{
    static const char text[] = "HTTP/1.1 207 Multi-Status\r\nContent-Length: 5\r\n\r\n<a/>\n";
    struct tls_search search = {0};
    (void)state;
    assert_int_equal(tls_search_feed(&search, span_str(text)), TLS_FOUND_NOTHING);
    assert_int_equal(tls_search_feed(&search, span_of(NULL, 0)), TLS_FOUND_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_headers_in_a_row_are_tls_however_they_are_cut),
        cmocka_unit_test(a_record_that_fills_its_segment_is_tls),
        cmocka_unit_test(one_header_alone_is_nothing),
        cmocka_unit_test(a_hello_is_one_before_it_is_whole),
        cmocka_unit_test(a_hello_tells_whose_it_is_once_there_is_enough_of_it),
        cmocka_unit_test(text_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
