#include "dissector/base/reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t wire[] = {0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88,
                               0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F};

static void network_order_is_big_endian(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(wire, sizeof wire));
    assert_int_equal(reader_u8(&r), 0x81);
    assert_int_equal(reader_u16(&r), 0x8283);
    assert_int_equal(reader_u32(&r), 0x84858687);
    assert_true(reader_u64(&r) == 0x88898A8B8C8D8E8F);
    assert_int_equal(r.left.len, 0);
    assert_false(r.failed);
}

static void little_endian_integers_begin_with_the_lowest_byte(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(wire, 6));
    assert_int_equal(reader_le16(&r), 0x8281);
    assert_int_equal(reader_le32(&r), 0x86858483);
    assert_false(r.failed);
}

static void spans_are_borrowed_in_order(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(wire, 5));
    reader_skip(&r, 1);
    struct span taken = reader_span(&r, 3);
    assert_ptr_equal(taken.ptr, wire + 1);
    assert_int_equal(taken.len, 3);
    assert_int_equal(reader_span(&r, 0).len, 0);
    assert_int_equal(reader_span(&r, 1).len, 1);
    assert_int_equal(reader_span(&r, 0).len, 0);
    assert_false(r.failed);
}

/* RFC 9000 Appendix A.1. */
static void integers_of_quic_say_their_own_length(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c,
                                    0x9d, 0x7f, 0x3e, 0x7d, 0x7b, 0xbd, 0x25};
    struct reader r = reader_of(span_of(bytes, sizeof bytes));
    assert_true(reader_varint(&r) == UINT64_C(151288809941952652));
    assert_true(reader_varint(&r) == 494878333);
    assert_true(reader_varint(&r) == 15293);
    assert_true(reader_varint(&r) == 37);
    assert_false(r.failed);
    r = reader_of(span_of(bytes, 7));
    assert_true(reader_varint(&r) == 0);
    assert_true(r.failed);
}

/* Each read with one byte too few: 0, failed, and failed for good. */
static void a_read_past_the_end_fails_for_good(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < 8; kind++) {
        static const size_t needs[] = {1, 2, 4, 8, 2, 4, 3, 3};
        struct reader r = reader_of(span_of(wire, needs[kind] - 1));
        uint64_t got = 0;
        switch (kind) {
        case 0:
            got = reader_u8(&r);
            break;
        case 1:
            got = reader_u16(&r);
            break;
        case 2:
            got = reader_u32(&r);
            break;
        case 3:
            got = reader_u64(&r);
            break;
        case 4:
            got = reader_le16(&r);
            break;
        case 5:
            got = reader_le32(&r);
            break;
        case 6:
            got = reader_span(&r, 3).len;
            break;
        default:
            reader_skip(&r, 3);
        }
        assert_int_equal(got, 0);
        assert_true(r.failed);
        assert_int_equal(reader_u8(&r), 0);
        assert_int_equal(reader_span(&r, 0).len, 0);
        assert_true(r.failed);
    }
}

static void a_length_beyond_all_memory_fails(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(wire, sizeof wire));
    reader_skip(&r, 1);
    reader_skip(&r, SIZE_MAX);
    assert_true(r.failed);
}

static void an_empty_span_has_nothing_to_read(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(NULL, 0));
    assert_int_equal(reader_span(&r, 0).len, 0);
    assert_false(r.failed);
    assert_int_equal(reader_u8(&r), 0);
    assert_true(r.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_order_is_big_endian),
        cmocka_unit_test(little_endian_integers_begin_with_the_lowest_byte),
        cmocka_unit_test(spans_are_borrowed_in_order),
        cmocka_unit_test(integers_of_quic_say_their_own_length),
        cmocka_unit_test(a_read_past_the_end_fails_for_good),
        cmocka_unit_test(a_length_beyond_all_memory_fails),
        cmocka_unit_test(an_empty_span_has_nothing_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
