/* pcapng: what its blocks give, and what is left of it when they are damaged. */
#include "capture/capture.h"

#include "tests/support/capture_build.h"
#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NO_OPTIONS ((struct span){NULL, 0})
#define ABCD(n) "frame " #n " link 1 at 0.000001000 len 4/4 if 0 -: abcd\n"

static struct capture_build begin_capture(bool is_big)
{
    struct capture_build b = {.is_big = is_big};
    build_section(&b);
    build_interface(&b, 1, 0, NO_OPTIONS);
    return b;
}

static void assert_log(struct capture_build *b, const char *expected)
{
    char *log = capture_log_bytes(build_span(b));
    assert_string_equal(log, expected);
    free(log);
    build_free(b);
}

static void poke_u32(struct capture_build *b, size_t at, uint32_t value)
{
    struct capture_build word = {.is_big = b->is_big};
    build_u32(&word, value);
    memcpy(b->ptr + at, word.ptr, 4);
    build_free(&word);
}

static void sections_keep_their_own_byte_order_and_interfaces(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(true);
    build_packet(&b, 0, 1, "abcd");
    b.is_big = false;
    build_section(&b);
    build_interface(&b, 113, 0, NO_OPTIONS);
    build_interface(&b, 276, 0, NO_OPTIONS);
    build_packet(&b, 1, 0x100000002, "efg");
    build_packet(&b, 0, 3, "hi");
    build_packet(&b, 2, 3, "jk");
    assert_log(&b, ABCD(1) "frame 2 link 276 at 4294.967298000 len 3/3 if 1 -: efg\n"
                           "frame 3 link 113 at 0.000003000 len 2/2 if 0 -: hi\n"
                           "damaged at 224: packet of interface 2, which is not described; "
                           "block passed over\n");
}

static void interface_options_give_name_resolution_and_offset(void **state)
{
    (void)state;
    for (unsigned is_big = 0; is_big < 2; is_big++) {
        struct capture_build options = {.is_big = is_big};
        uint8_t nanoseconds = 9;
        build_option(&options, 2,
                     span_str("eth\x1b"
                              "0"));
        build_option(&options, 9, span_of(&nanoseconds, 1));
        build_u16(&options, 14); /* if_tsoffset */
        build_u16(&options, 8);
        build_u64(&options, 1000);
        build_option(&options, 0, NO_OPTIONS);
        build_option(&options, 2, span_str("behind the end"));
        struct capture_build b = {.is_big = is_big};
        build_section(&b);
        build_interface(&b, 1, 0, build_span(&options));
        build_packet(&b, 0, 5000000007, "abcd");
        assert_log(&b, "frame 1 link 1 at 1005.000000007 len 4/4 if 0 eth?0: abcd\n");
        build_free(&options);
    }
}

static void simple_packets_take_length_and_time_from_what_is_known(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_section(&b);
    build_interface(&b, 1, 4, NO_OPTIONS);
    build_packet(&b, 0, 1, "abcd");
    size_t begin = build_block(&b, 3);
    build_u32(&b, 1500);
    build_bytes(&b, span_str("efgh"));
    build_block_end(&b, begin);
    begin = build_block(&b, 3);
    build_u32(&b, 3);
    build_bytes(&b, span_str("ijk"));
    build_block_end(&b, begin);
    assert_log(&b, ABCD(1) "frame 2 link 1 at 0.000001000 len 4/1500 if 0 -: efgh\n"
                           "frame 3 link 1 at 0.000001000 len 3/3 if 0 -: ijk\n");
}

static void obsolete_packets_are_read(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(true);
    build_interface(&b, 101, 0, NO_OPTIONS);
    size_t begin = build_block(&b, 2);
    build_u16(&b, 1);
    build_u16(&b, 7); /* drops */
    build_u32(&b, 0);
    build_u32(&b, 2000001);
    build_u32(&b, 4);
    build_u32(&b, 60);
    build_bytes(&b, span_str("abcd"));
    build_block_end(&b, begin);
    assert_log(&b, "frame 1 link 101 at 2.000001000 len 4/60 if 1 -: abcd\n");
}

static void a_statistic(struct capture_build *b, uint32_t interface_id, const uint64_t counts[3])
{
    static const uint16_t codes[3] = {4, 7, 5}; /* received, dropped by the system, by interface */
    size_t begin = build_block(b, 5);
    build_u32(b, interface_id);
    build_u64(b, 0);
    for (size_t i = 0; i < 3; i++) {
        build_u16(b, codes[i]);
        build_u16(b, 8);
        build_u64(b, counts[i]);
    }
    build_block_end(b, begin);
}

static void statistics_count_the_last_word_of_every_interface(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    build_interface(&b, 1, 0, NO_OPTIONS);
    a_statistic(&b, 0, (uint64_t[]){100, 1, 10});
    a_statistic(&b, 1, (uint64_t[]){1000, 2, 0});
    a_statistic(&b, 0, (uint64_t[]){150, 3, 10});
    b.is_big = true;
    build_section(&b);
    build_interface(&b, 1, 0, NO_OPTIONS);
    a_statistic(&b, 0, (uint64_t[]){1, 0, 0});
    assert_log(&b, "counts 1151 5 10\n");
}

static void secrets_are_given_in_their_place(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    build_packet(&b, 0, 1, "abcd");
    size_t begin = build_block(&b, 10);
    build_u32(&b, 0x544c534b);
    build_u32(&b, 5);
    build_bytes(&b, span_str("lines"));
    build_block_end(&b, begin);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, ABCD(1) "secrets 544c534b: lines\n" ABCD(2));
}

static void blocks_wireshark_numbers_take_a_number_and_others_none(void **state)
{
    (void)state;
    static const uint32_t types[] = {9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad, 4, 0x208, 0x12345};
    struct capture_build b = begin_capture(false);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t begin = build_block(&b, types[i]);
        build_bytes(&b, span_str("unread"));
        build_block_end(&b, begin);
    }
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, ABCD(7));
}

static void lengths_without_their_padding_are_understood(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    size_t begin = b.len;
    build_packet(&b, 0, 1, "abc");
    poke_u32(&b, begin + 4, (uint32_t)(b.len - begin - 1));
    poke_u32(&b, b.len - 4, (uint32_t)(b.len - begin - 1));
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "frame 1 link 1 at 0.000001000 len 3/3 if 0 -: abc\n" ABCD(2));
}

static void a_packet_longer_than_its_block_is_lost_alone(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    size_t begin = b.len;
    build_packet(&b, 0, 1, "abcd");
    poke_u32(&b, begin + 20, 5);
    build_packet(&b, 0, 1, "abcd");
    begin = build_block(&b, 6); /* not even its fields */
    build_block_end(&b, begin);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b,
               "damaged at 48: packet longer than its block; block passed over\n" ABCD(
                   2) "damaged at 120: packet longer than its block; block passed over\n" ABCD(4));
}

static void a_block_whose_lengths_differ_is_lost_alone(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    build_packet(&b, 0, 1, "abcd");
    poke_u32(&b, b.len - 4, 40);
    build_packet(&b, 0, 1, "abcd");
    size_t begin = build_block(&b, 0x777);
    build_block_end(&b, begin);
    poke_u32(&b, b.len - 4, 16);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "damaged at 48: a block begins with length 36 and ends with 40; "
                   "block passed over\n" ABCD(
                       2) "damaged at 120: a block begins with length 12 and ends with 16; "
                          "block passed over\n" ABCD(3));
}

static void two_blocks_whose_lengths_differ_end_the_reading(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    for (unsigned i = 0; i < 2; i++) {
        build_packet(&b, 0, 1, "abcd");
        poke_u32(&b, b.len - 4, 40);
    }
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "damaged at 48: a block begins with length 36 and ends with 40; "
                   "block passed over\n"
                   "damaged at 84: a block begins with length 36 and ends with 40; "
                   "reading ends after two of them\n");
}

static void impossible_lengths_end_the_reading(void **state)
{
    (void)state;
    static const struct {
        uint32_t length;
        const char *log;
    } cases[] = {
        {0, ABCD(1) "damaged at 84: impossible block length 0; reading ends\n"},
        {11, ABCD(1) "damaged at 84: impossible block length 11; reading ends\n"},
        {0xffffffff, ABCD(1) "damaged at 84: impossible block length 4294967295; reading ends\n"},
        {0xfffffffc, ABCD(1) "damaged at 84: cut: only 36 bytes of the last block\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct capture_build b = begin_capture(false);
        build_packet(&b, 0, 1, "abcd");
        size_t begin = b.len;
        build_packet(&b, 0, 1, "abcd");
        poke_u32(&b, begin + 4, cases[i].length);
        assert_log(&b, cases[i].log);
    }
}

static void an_unknown_byte_order_ends_the_reading(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    poke_u32(&b, 8, 0x11111111);
    assert_log(&b, "damaged at 0: section header without byte order; reading ends\n");
}

static void a_section_of_an_unknown_version_is_passed_over(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    poke_u32(&b, 12, 2);
    build_packet(&b, 0, 1, "abcd");
    b.is_big = true;
    size_t second = b.len;
    build_section(&b);
    build_interface(&b, 1, 0, NO_OPTIONS);
    build_packet(&b, 0, 1, "abcd");
    assert_int_equal(second, 84);
    assert_log(&b, "damaged at 0: section of unknown version 2.0; passed over\n" ABCD(2));
}

static void a_section_header_without_version_is_passed_over_with_its_section(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    size_t begin = build_block(&b, 0x0a0d0d0a);
    build_u32(&b, 0x1a2b3c4d);
    build_block_end(&b, begin);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "damaged at 48: section header too short; section passed over\n");
}

static void damaged_descriptions_do_not_shift_the_other_interfaces(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_section(&b);
    size_t begin = build_block(&b, 1);
    build_u32(&b, 1);
    build_block_end(&b, begin);
    build_interface(&b, 101, 0, span_of("\2\0\100\0eth0", 8)); /* a name of 64 bytes */
    build_packet(&b, 1, 1, "abcd");
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "damaged at 28: interface description too short; block passed over\n"
                   "damaged at 44: an option runs past the end of its block; "
                   "what follows in it passed over\n"
                   "frame 1 link 101 at 0.000001000 len 4/4 if 1 -: abcd\n"
                   "damaged at 108: packet of interface 0, which is not described; "
                   "block passed over\n");
}

static void damaged_statistics_and_secrets_are_lost_alone(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    a_statistic(&b, 5, (uint64_t[]){1, 2, 3});
    size_t begin = build_block(&b, 5);
    build_u32(&b, 0);
    build_block_end(&b, begin);
    begin = build_block(&b, 5);
    build_zeros(&b, 12);
    build_u32(&b, 4 | 9 << 16); /* an option of 9 bytes */
    build_block_end(&b, begin);
    begin = build_block(&b, 10);
    build_u32(&b, 0x544c534b);
    build_u32(&b, 100);
    build_block_end(&b, begin);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "damaged at 48: statistics of an interface that is not described; "
                   "block passed over\n"
                   "damaged at 108: statistics too short; block passed over\n"
                   "damaged at 124: an option runs past the end of its block; "
                   "what follows in it passed over\n"
                   "damaged at 152: secrets longer than their block; block passed over\n" ABCD(1));
}

static void too_long_blocks_are_passed_over_and_reported(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(false);
    size_t begin = build_block(&b, 6);
    build_zeros(&b, CAPTURE_MAX_BLOCK_BYTES - 12);
    build_block_end(&b, begin);
    begin = build_block(&b, 6);
    build_zeros(&b, CAPTURE_MAX_BLOCK_BYTES - 8);
    build_block_end(&b, begin);
    begin = build_block(&b, 0x777); /* not kept in memory, so any length will do */
    build_zeros(&b, CAPTURE_MAX_BLOCK_BYTES - 8);
    build_block_end(&b, begin);
    build_packet(&b, 0, 1, "abcd");
    assert_log(&b, "frame 1 link 1 at 0.000000000 len 0/0 if 0 -: \n"
                   "damaged at 16777264: a block of 16777220 bytes, more than 16777216; "
                   "block passed over\n" ABCD(3));
}

static void interfaces_beyond_the_limit_are_reported(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_section(&b);
    for (size_t i = 0; i < CAPTURE_MAX_INTERFACES + 1; i++)
        build_interface(&b, 1, 0, NO_OPTIONS);
    build_packet(&b, CAPTURE_MAX_INTERFACES, 1, "abcd");
    build_packet(&b, CAPTURE_MAX_INTERFACES - 1, 1, "abcd");
    assert_log(&b, "damaged at 1310748: more than 65536 interfaces; block passed over\n"
                   "damaged at 1310768: packet of interface 65536, which is not described; "
                   "block passed over\n"
                   "frame 2 link 1 at 0.000001000 len 4/4 if 65535 -: abcd\n");
}

static void names_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct capture_build b = {0};
    build_section(&b);
    for (size_t i = 0; i < CAPTURE_MAX_NAMES + 2; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "if%zu", i % (CAPTURE_MAX_NAMES + 1));
        struct capture_build option = {0};
        build_option(&option, 2, span_str(name));
        build_interface(&b, 1, 0, build_span(&option));
        build_free(&option);
    }
    build_packet(&b, CAPTURE_MAX_NAMES - 1, 1, "abcd");
    build_packet(&b, CAPTURE_MAX_NAMES, 1, "abcd");
    build_packet(&b, CAPTURE_MAX_NAMES + 1, 1, "abcd");
    assert_log(&b, "frame 1 link 1 at 0.000001000 len 4/4 if 4095 if4095: abcd\n"
                   "frame 2 link 1 at 0.000001000 len 4/4 if 4096 -: abcd\n"
                   "frame 3 link 1 at 0.000001000 len 4/4 if 4097 if0: abcd\n");
}

static void a_file_cut_anywhere_gives_its_whole_blocks_and_one_damage(void **state)
{
    (void)state;
    struct capture_build b = begin_capture(true);
    size_t ends[8];
    size_t n_ends = 0;
    ends[n_ends++] = 28;
    ends[n_ends++] = b.len;
    const size_t n_before = n_ends;
    for (unsigned i = 0; i < 3; i++) {
        build_packet(&b, 0, 1, "abcd");
        ends[n_ends++] = b.len;
        size_t begin = build_block(&b, 0x777); /* taken without looking at it */
        build_zeros(&b, 16);
        build_block_end(&b, begin);
        ends[n_ends++] = b.len;
    }
    char *whole = capture_log_bytes(build_span(&b));
    const size_t line_len = strlen(whole) / 3;
    for (size_t len = 4; len < b.len; len++) {
        char *log = capture_log_bytes(span_first(build_span(&b), len));
        size_t n_blocks = 0;
        while (n_blocks < n_ends && ends[n_blocks] <= len)
            n_blocks++;
        size_t last_end = n_blocks > 0 ? ends[n_blocks - 1] : 0;
        size_t n_frames = n_blocks > n_before ? (n_blocks - n_before + 1) / 2 : 0;
        assert_memory_equal(log, whole, n_frames * line_len);
        char expected[100] = "";
        if (len > last_end)
            (void)snprintf(expected, sizeof expected,
                           "damaged at %zu: cut: only %zu bytes of the last block\n", last_end,
                           len - last_end);
        assert_string_equal(log + n_frames * line_len, expected);
        free(log);
    }
    free(whole);
    build_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_keep_their_own_byte_order_and_interfaces),
        cmocka_unit_test(interface_options_give_name_resolution_and_offset),
        cmocka_unit_test(simple_packets_take_length_and_time_from_what_is_known),
        cmocka_unit_test(obsolete_packets_are_read),
        cmocka_unit_test(statistics_count_the_last_word_of_every_interface),
        cmocka_unit_test(secrets_are_given_in_their_place),
        cmocka_unit_test(blocks_wireshark_numbers_take_a_number_and_others_none),
        cmocka_unit_test(lengths_without_their_padding_are_understood),
        cmocka_unit_test(a_packet_longer_than_its_block_is_lost_alone),
        cmocka_unit_test(a_block_whose_lengths_differ_is_lost_alone),
        cmocka_unit_test(two_blocks_whose_lengths_differ_end_the_reading),
        cmocka_unit_test(impossible_lengths_end_the_reading),
        cmocka_unit_test(an_unknown_byte_order_ends_the_reading),
        cmocka_unit_test(a_section_of_an_unknown_version_is_passed_over),
        cmocka_unit_test(a_section_header_without_version_is_passed_over_with_its_section),
        cmocka_unit_test(damaged_descriptions_do_not_shift_the_other_interfaces),
        cmocka_unit_test(damaged_statistics_and_secrets_are_lost_alone),
        cmocka_unit_test(too_long_blocks_are_passed_over_and_reported),
        cmocka_unit_test(interfaces_beyond_the_limit_are_reported),
        cmocka_unit_test(names_beyond_the_limit_are_left_out),
        cmocka_unit_test(a_file_cut_anywhere_gives_its_whole_blocks_and_one_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
