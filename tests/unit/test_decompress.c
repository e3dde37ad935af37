/* Compressed captures: every coding this build has, whole, joined, cut and damaged. */
#include "capture/decompress.h"

#include "capture/capture.h"
#include "tests/support/capture_build.h"
#include "tests/support/capture_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

/* A library whose header is there was found by the build, which looks for both together. */
#if __has_include(<zstd.h>)
#include <zstd.h>
#define TEST_ZSTD
#endif
#if __has_include(<lz4frame.h>)
#include <lz4frame.h>
#define TEST_LZ4
#endif
#if __has_include(<lzma.h>)
#include <lzma.h>
#define TEST_LZMA
#endif

enum { PACKED_BYTES = 1 << 20, N_FRAMES = 3000 };

static size_t pack_gzip(struct span in, uint8_t *out)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = out;
    z.avail_out = PACKED_BYTES;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return len;
}

#ifdef TEST_ZSTD
static size_t pack_zstd(struct span in, uint8_t *out)
{
    ZSTD_CCtx *c = ZSTD_createCCtx();
    assert_non_null(c);
    assert_int_equal(ZSTD_isError(ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1)), 0);
    size_t len = ZSTD_compress2(c, out, PACKED_BYTES, in.ptr, in.len);
    assert_false(ZSTD_isError(len));
    assert_int_equal(ZSTD_freeCCtx(c), 0);
    return len;
}
#endif

#ifdef TEST_LZ4
static size_t pack_lz4(struct span in, uint8_t *out)
{
    LZ4F_preferences_t how = {.frameInfo = {.blockSizeID = LZ4F_max64KB,
                                            .contentChecksumFlag = LZ4F_contentChecksumEnabled}};
    size_t len = LZ4F_compressFrame(out, PACKED_BYTES, in.ptr, in.len, &how);
    assert_false(LZ4F_isError(len));
    return len;
}
#endif

#ifdef TEST_LZMA
static size_t pack_xz(struct span in, uint8_t *out)
{
    size_t len = 0;
    assert_int_equal(
        lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, in.ptr, in.len, out, &len, PACKED_BYTES),
        LZMA_OK);
    return len;
}
#endif

static const struct packer {
    const struct decompress *coding;
    size_t (*pack)(struct span in, uint8_t *out);
} packers[] = {
    {&decompress_gzip, pack_gzip},
#ifdef TEST_ZSTD
    {&decompress_zstd, pack_zstd},
#endif
#ifdef TEST_LZ4
    {&decompress_lz4, pack_lz4},
#endif
#ifdef TEST_LZMA
    {&decompress_xz, pack_xz},
#endif
};

enum { N_PACKERS = sizeof packers / sizeof packers[0] };

/* A capture that does not pack well, so that damage meets some frames and not all. */
static struct capture_build make_capture(void)
{
    struct capture_build b = {0};
    build_section(&b);
    build_interface(&b, 1, 0, span_of(NULL, 0));
    uint32_t random = 1;
    for (unsigned i = 0; i < N_FRAMES; i++) {
        char packet[40];
        for (size_t j = 0; j < sizeof packet - 1; j++) {
            random = random * 1664525 + 1013904223;
            packet[j] = (char)('A' + (random >> 24) % 50);
        }
        packet[sizeof packet - 1] = '\0';
        build_packet(&b, 0, i, packet);
    }
    return b;
}

struct packed {
    char *expected; /* what the capture gives unpacked */
    struct capture_build content;
    struct capture_build bytes;
};

static struct packed make_packed(const struct packer *packer)
{
    struct packed p = {.content = make_capture()};
    p.expected = capture_log_bytes(build_span(&p.content));
    build_zeros(&p.bytes, PACKED_BYTES);
    p.bytes.len = packer->pack(build_span(&p.content), p.bytes.ptr);
    return p;
}

static void free_packed(struct packed *p)
{
    free(p->expected);
    build_free(&p->content);
    build_free(&p->bytes);
}

/* The frames are the first ones of expected, and then comes this line, and nothing else. */
static void assert_beginning(struct span bytes, const char *expected, const char *line)
{
    char *log = capture_log_bytes(bytes);
    const char *damage = strstr(log, "damaged");
    assert_non_null(damage);
    assert_memory_equal(log, expected, (size_t)(damage - log));
    assert_string_equal(damage, line);
    free(log);
}

static void every_coding_is_known_by_its_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        struct span head = span_first(build_span(&p.bytes), DECOMPRESS_HEAD_BYTES);
        assert_ptr_equal(decompress_find(head), packers[i].coding);
        assert_non_null(packers[i].coding->open);
        char *log = capture_log_bytes(build_span(&p.bytes));
        assert_string_equal(log, p.expected);
        free(log);
        free_packed(&p);
    }
    assert_null(decompress_find(span_str("\x0a\x0d\x0d\x0a....")));
    assert_null(decompress_find(span_str("")));
}

static void joined_pieces_and_padding_are_one_capture(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        struct span content = build_span(&p.content);
        struct capture_build joined = {0};
        for (size_t from = 0; from < content.len; from += 70001) {
            struct span piece = span_first(span_after(content, from), 70001);
            build_bytes(&joined, span_of(p.bytes.ptr, packers[i].pack(piece, p.bytes.ptr)));
            build_zeros(&joined, 4);
        }
        char *log = capture_log_bytes(build_span(&joined));
        assert_string_equal(log, p.expected);
        free(log);
        build_free(&joined);
        free_packed(&p);
    }
}

static void cut_content_gives_what_came_before_the_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        for (size_t len = DECOMPRESS_HEAD_BYTES; len < p.bytes.len; len += 1 + p.bytes.len / 20) {
            char line[100];
            (void)snprintf(line, sizeof line,
                           "damaged at %zu: cut: the file ends inside its %s content\n", len,
                           packers[i].coding->name);
            assert_beginning(span_first(build_span(&p.bytes), len), p.expected, line);
        }
        free_packed(&p);
    }
}

static void damaged_content_gives_what_came_before_it_and_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        for (size_t at = p.bytes.len - 3; at < p.bytes.len; at++)
            p.bytes.ptr[at] ^= 0x55; /* the end of every coding is checked */
        char *log = capture_log_bytes(build_span(&p.bytes));
        char reason[60];
        (void)snprintf(reason, sizeof reason, ": damaged %s content: ", packers[i].coding->name);
        const char *damage = strstr(log, "damaged at ");
        assert_non_null(damage);
        assert_memory_equal(log, p.expected, (size_t)(damage - log));
        assert_non_null(strstr(damage, reason));
        assert_ptr_equal(strchr(damage, '\n'), damage + strlen(damage) - 1);
        free(log);
        free_packed(&p);
    }
}

static void bytes_behind_the_content_are_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        char line[100];
        (void)snprintf(line, sizeof line, "damaged at %zu: other bytes follow the %s content\n",
                       p.bytes.len, packers[i].coding->name);
        build_bytes(&p.bytes, span_str("x"));
        assert_beginning(build_span(&p.bytes), p.expected, line);
        free_packed(&p);
    }
}

static void content_compressed_twice_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        struct capture_build twice = {0};
        build_zeros(&twice, PACKED_BYTES);
        twice.len = pack_gzip(build_span(&p.bytes), twice.ptr);
        char line[150];
        (void)snprintf(line, sizeof line,
                       "damaged at 0: compressed twice, %s inside gzip: unpack it once first "
                       "(offset in the unpacked content)\n",
                       packers[i].coding->name);
        assert_beginning(build_span(&twice), p.expected, line);
        build_free(&twice);
        free_packed(&p);
    }
}

static void damage_inside_says_that_its_offset_is_of_the_unpacked_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        struct packed p = make_packed(&packers[i]);
        struct span cut = span_first(build_span(&p.content), 48 + 72 + 10);
        p.bytes.len = packers[i].pack(cut, p.bytes.ptr);
        assert_beginning(build_span(&p.bytes), p.expected,
                         "damaged at 120: cut: only 10 bytes of the last block "
                         "(offset in the unpacked content)\n");
        free_packed(&p);
    }
}

#if defined TEST_ZSTD || defined TEST_LZ4
static void skippable_frames_are_passed_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PACKERS; i++) {
        if (!packers[i].coding->matches(span_str("\x50\x2a\x4d\x18")))
            continue;
        struct packed p = make_packed(&packers[i]);
        size_t size_bytes = p.bytes.len;
        build_u32(&p.bytes, 0x184d2a5f);
        build_u32(&p.bytes, 5);
        build_bytes(&p.bytes, span_str("12345"));
        build_bytes(&p.bytes, span_of(p.bytes.ptr, size_bytes));
        char *log = capture_log_bytes(build_span(&p.bytes));
        assert_memory_equal(log, p.expected, strlen(p.expected));
        assert_non_null(strstr(log, "\nframe 6000 "));
        free(log);
        free_packed(&p);
    }
}
#endif

#ifdef TEST_ZSTD
static void a_window_larger_than_the_limit_is_refused(void **state)
{
    (void)state;
    static const uint8_t head[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0}; /* 2^28 bytes */
    char *log = capture_log_bytes(span_of(head, sizeof head));
    assert_string_equal(log, "damaged at 0: damaged zstd content: Frame requires too much memory "
                             "for decoding\n");
    free(log);
}
#endif

#ifdef TEST_LZMA
static void a_dictionary_larger_than_the_limit_is_refused(void **state)
{
    (void)state;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0));
    options.dict_size = (uint32_t)1 << 28;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    uint8_t out[200];
    size_t len = 0;
    assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL,
                                               (const uint8_t *)"capture", 7, out, &len,
                                               sizeof out),
                     LZMA_OK);
    char *log = capture_log_bytes(span_of(out, len));
    assert_non_null(strstr(log, "damaged xz content: unpacking it takes more memory than this "
                                "program gives"));
    free(log);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_coding_is_known_by_its_content),
        cmocka_unit_test(joined_pieces_and_padding_are_one_capture),
        cmocka_unit_test(cut_content_gives_what_came_before_the_cut),
        cmocka_unit_test(damaged_content_gives_what_came_before_it_and_a_reason),
        cmocka_unit_test(bytes_behind_the_content_are_reported),
        cmocka_unit_test(content_compressed_twice_is_refused),
        cmocka_unit_test(damage_inside_says_that_its_offset_is_of_the_unpacked_content),
#if defined TEST_ZSTD || defined TEST_LZ4
        cmocka_unit_test(skippable_frames_are_passed_over),
#endif
#ifdef TEST_ZSTD
        cmocka_unit_test(a_window_larger_than_the_limit_is_refused),
#endif
#ifdef TEST_LZMA
        cmocka_unit_test(a_dictionary_larger_than_the_limit_is_refused),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
