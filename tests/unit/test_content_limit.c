#include "tests/unit/content_rig.h"

#define MIB (1024u * 1024u)

/* Decodes without keeping, so that the content may be large. */
struct meter {
    struct content content;
    uint64_t n_bytes;
    size_t n_notes, max_buffered_bytes;
    struct anomaly last;
};

static enum feed meter_take(void *ctx, struct span bytes, const struct origin *origin)
{
    struct meter *meter = ctx;
    (void)origin;
    meter->n_bytes += bytes.len;
    size_t now_bytes = content_buffered_bytes(&meter->content);
    if (now_bytes > meter->max_buffered_bytes)
        meter->max_buffered_bytes = now_bytes;
    return FEED_OK;
}

static void meter_note(void *ctx, const struct anomaly *anomaly)
{
    struct meter *meter = ctx;
    meter->n_notes++;
    meter->last = *anomaly;
}

static void meter_open(struct meter *meter, const struct limits *limits, const char *encoding)
{
    *meter = (struct meter){0};
    struct content_sink sink = {meter_take, meter_note, meter};
    assert_int_equal(content_init(&meter->content, limits, span_str(encoding), sink), FEED_OK);
}

static void expect_limit(struct meter *meter, const char *limit)
{
    content_finish(&meter->content, END_COMPLETE, &rig_origin);
    assert_int_equal(meter->n_notes, 1);
    assert_int_equal(meter->last.kind, ANOMALY_LIMIT);
    assert_string_equal(meter->last.text, limit);
    assert_false(content_is_whole(&meter->content));
    content_free(&meter->content);
}

/* n_mib of zeros deflated, in memory of the caller. */
static struct span deflate_zeros(size_t n_mib, int window_bits)
{
    static const uint8_t zeros[MIB];
    z_stream z = {0};
    size_t room = n_mib * 2048 + 1024;
    uint8_t *out = malloc(room);
    assert_non_null(out);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = out;
    z.avail_out = (uInt)room;
    for (size_t i = 0; i < n_mib; i++) {
        z.next_in = zeros;
        z.avail_in = MIB;
        deflate(&z, i + 1 < n_mib ? Z_NO_FLUSH : Z_FINISH);
    }
    struct span made = span_of(out, room - z.avail_out);
    deflateEnd(&z);
    return made;
}

static void a_bomb_is_stopped_early_in_constant_memory(void **state)
{
    (void)state;
    static const char *const encodings[] = {"gzip", "", "deflate"};
    struct span bomb = deflate_zeros(96, RIG_GZIP);
    for (size_t i = 0; i < 3; i++) {
        struct meter meter;
        meter_open(&meter, &limits_default, encodings[i]);
        assert_int_equal(content_feed(&meter.content, bomb, &rig_origin), FEED_STOP);
        assert_true(meter.n_bytes > limits_default.blowup_free_bytes / 2);
        assert_true(meter.n_bytes < limits_default.blowup_free_bytes + MIB);
        assert_true(meter.max_buffered_bytes < 512 * 1024);
        if (i == 0)
            expect_limit(&meter, "max_blowup_ratio");
        content_free(&meter.content);
    }
    free((void *)bomb.ptr);
}

/* 96 MiB of zeros. */
static struct span brotli_bomb(void)
{
    static const uint8_t bytes[] = {
        0xCB, 0xFF, 0xFF, 0x3F, 0x00, 0x24, 0x00, 0xE2, 0xB1, 0x40, 0x72, 0xEF, 0xFF, 0xF8,
        0xFF, 0xFF, 0x07, 0x80, 0x04, 0x40, 0x1C, 0x16, 0x80, 0xEE, 0xFD, 0x1F, 0xFF, 0xFF,
        0xFF, 0x00, 0x90, 0x00, 0x88, 0xC3, 0x02, 0xD0, 0xBD, 0xFF, 0xE3, 0xFF, 0xFF, 0x1F,
        0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xBA, 0xF7, 0x7F, 0xFC, 0xFF, 0xFF, 0x03, 0x40,
        0x02, 0x20, 0x0E, 0x0B, 0x40, 0xF7, 0xFE, 0x8F, 0xFF, 0xFF, 0x7F, 0x00, 0x48, 0x00,
        0xC4, 0x61, 0x01, 0xE8, 0xDE, 0xFF, 0xF1, 0xFF, 0xFF, 0x0F, 0x00, 0x09, 0x80, 0x38,
        0x2C, 0x00, 0xDD, 0xFB, 0x3F, 0xFE, 0xFF, 0xFF, 0x01, 0x20, 0x01, 0x10, 0x87, 0x05,
        0xA0, 0x7B, 0xFF, 0xC7, 0xFF, 0xFF, 0x3F, 0x00, 0x24, 0x00, 0xE2, 0xB0, 0x00, 0x74,
        0xEF, 0xFF, 0xF8, 0xFF, 0xFF, 0x07, 0x80, 0x04, 0x40, 0x1C, 0x16, 0x80, 0xEE, 0xFD,
        0x1F, 0xFF, 0xFF, 0xFF, 0x00, 0x90, 0x00, 0x88, 0xC3, 0x02, 0xD0, 0xBD, 0xFF, 0xE3,
        0xFF, 0xFF, 0x1F, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xBA, 0xF7, 0x7F, 0x03};
    return span_of(bytes, sizeof bytes);
}

/* RFC 8878 §3.1.1: a frame of blocks that each repeat one byte 128 KiB long. */
static struct span zstd_bomb(size_t n_mib)
{
    enum { BLOCK_BYTES = 128 * 1024, RLE = 1 };
    static const uint8_t head[] = {0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3};
    size_t n_blocks = n_mib * (MIB / BLOCK_BYTES), len = sizeof head + 4 * n_blocks;
    uint8_t *bytes = malloc(len);
    assert_non_null(bytes);
    memcpy(bytes, head, sizeof head);
    for (size_t i = 0; i < n_blocks; i++) {
        uint32_t block = (uint32_t)BLOCK_BYTES << 3 | RLE << 1 | (i + 1 == n_blocks);
        uint8_t *at = bytes + sizeof head + 4 * i;
        at[0] = (uint8_t)block;
        at[1] = (uint8_t)(block >> 8);
        at[2] = (uint8_t)(block >> 16);
        at[3] = 0;
    }
    return span_of(bytes, len);
}

/* They need a window of what came before, which is all they hold. */
static void expect_stopped(struct span bomb, const char *encoding)
{
    struct meter meter;
    if (!coding_find(span_str(encoding)))
        return;
    meter_open(&meter, &limits_default, encoding);
    assert_int_equal(content_feed(&meter.content, bomb, &rig_origin), FEED_STOP);
    assert_true(meter.n_bytes > limits_default.blowup_free_bytes / 2);
    assert_true(meter.n_bytes < limits_default.blowup_free_bytes + MIB);
    assert_true(meter.max_buffered_bytes < 16 * MIB);
    expect_limit(&meter, "max_blowup_ratio");
}

static void bombs_of_brotli_and_zstd_are_stopped_early_too(void **state)
{
    (void)state;
    struct span zstd = zstd_bomb(96);
    expect_stopped(brotli_bomb(), "br");
    expect_stopped(zstd, "zstd");
    free((void *)(uintptr_t)zstd.ptr);
}

static void their_content_is_cut_at_its_greatest_length_too(void **state)
{
    static const char *const encodings[] = {"br", "zstd"};
    const struct span bodies[] = {rig_brotli(), rig_zstd()};
    struct span document = span_str(RIG_DOCUMENT);
    struct limits limits = limits_default;
    (void)state;
    limits.max_decoded_bytes = document.len - 1;
    for (size_t i = 0; i < 2; i++) {
        struct rig rig;
        if (!coding_find(span_str(encodings[i])))
            continue;
        rig_open(&rig, &limits, encodings[i]);
        rig_feed(&rig, bodies[i]);
        rig_finish(&rig, END_COMPLETE);
        rig_expect_out(&rig, span_first(document, document.len - 1));
        rig_expect_note(&rig, ANOMALY_LIMIT, "max_decoded_bytes");
        rig_close(&rig);
    }
}

/* The inner coding is small; what comes out of it is not, or the other way round. */
static void a_bomb_in_a_coding_is_measured_against_the_wire(void **state)
{
    (void)state;
    struct span bomb = deflate_zeros(40, RIG_ZLIB);
    struct rig_body outer = rig_coded(RIG_GZIP, bomb);
    struct meter meter;
    meter_open(&meter, &limits_default, "deflate, gzip");
    assert_int_equal(content_feed(&meter.content, rig_span(&outer), &rig_origin), FEED_STOP);
    assert_true(meter.n_bytes <= limits_default.blowup_free_bytes + CODING_WINDOW_BYTES);
    expect_limit(&meter, "max_blowup_ratio");
    free((void *)bomb.ptr);
}

static void a_blow_up_within_the_free_bytes_is_fine(void **state)
{
    (void)state;
    struct span body = deflate_zeros(16, RIG_GZIP);
    struct meter meter;
    meter_open(&meter, &limits_default, "gzip");
    assert_int_equal(content_feed(&meter.content, body, &rig_origin), FEED_OK);
    content_finish(&meter.content, END_COMPLETE, &rig_origin);
    assert_int_equal(meter.n_bytes, 16 * MIB);
    assert_int_equal(meter.n_notes, 0);
    assert_true(content_is_whole(&meter.content));
    content_free(&meter.content);
    free((void *)body.ptr);
}

static void the_ratio_is_met_exactly(void **state)
{
    (void)state;
    struct span body = deflate_zeros(1, RIG_GZIP);
    struct limits limits = limits_default;
    limits.blowup_free_bytes = 0;
    for (uint64_t ratio = 100; ratio <= 2000; ratio += 1900) {
        limits.max_blowup_ratio = ratio;
        struct meter meter;
        meter_open(&meter, &limits, "gzip");
        assert_int_equal(content_feed(&meter.content, body, &rig_origin),
                         ratio == 100 ? FEED_STOP : FEED_OK);
        if (ratio == 100)
            expect_limit(&meter, "max_blowup_ratio");
        content_free(&meter.content);
    }
    free((void *)body.ptr);
}

/* The most that is allowed comes out, and one byte more is the limit, however it is fed. */
static void content_is_cut_exactly_at_its_greatest_length(void **state)
{
    (void)state;
    struct span document = span_str(RIG_DOCUMENT);
    struct rig_body gzip = rig_coded(RIG_GZIP, document);
    struct limits limits = limits_default;
    for (size_t i = 0; i < 4; i++) {
        bool is_gzip = i % 2, is_bytewise = i / 2;
        struct span body = is_gzip ? rig_span(&gzip) : document;
        for (size_t excess = 0; excess < 2; excess++) {
            limits.max_decoded_bytes = document.len - excess;
            struct rig rig;
            rig_open(&rig, &limits, is_gzip ? "gzip" : "");
            for (size_t at = 0; at < body.len; at += is_bytewise ? 1 : body.len)
                rig_feed(&rig, span_first(span_after(body, at), is_bytewise ? 1 : body.len));
            rig_finish(&rig, END_COMPLETE);
            rig_expect_out(&rig, span_first(document, document.len - excess));
            assert_int_equal(content_is_whole(&rig.content), excess == 0);
            assert_int_equal(rig.n_all_notes, excess);
            if (excess)
                rig_expect_note(&rig, ANOMALY_LIMIT, "max_decoded_bytes");
            rig_close(&rig);
        }
    }
}

/* n labels on content that is coded so often. */
static void play_stack(struct rig *rig, const char *encoding, size_t n_codings)
{
    struct rig_body body = {.len = 0};
    rig_append(&body, span_str(RIG_DOCUMENT));
    for (size_t i = 0; i < n_codings; i++)
        body = rig_coded(RIG_GZIP, rig_span(&body));
    rig_play(rig, encoding, rig_span(&body));
}

static void so_many_codings_are_undone_and_no_more(void **state)
{
    (void)state;
    struct rig rig;
    assert_int_equal(limits_default.max_codings, 4);
    play_stack(&rig, "gzip,gzip,gzip,gzip", 4);
    rig_expect_out(&rig, span_str(RIG_DOCUMENT));
    assert_true(content_is_whole(&rig.content));
    rig_close(&rig);

    play_stack(&rig, "gzip,gzip,gzip,gzip,gzip", 5);
    rig_expect_note(&rig, ANOMALY_LIMIT, "max_codings");
    assert_int_equal(rig.out.len, 0);
    assert_false(content_is_whole(&rig.content));
    rig_close(&rig);
}

static void codings_without_a_label_count_too(void **state)
{
    (void)state;
    struct rig rig;
    play_stack(&rig, "", 5);
    assert_int_equal(rig.n_notes[ANOMALY_CODING_UNLABELLED], 5);
    assert_int_equal(rig.n_notes[ANOMALY_LIMIT], 1);
    assert_int_equal(rig.out.len, 0);
    rig_close(&rig);
}

static void what_the_codings_hold_is_counted_and_given_back(void **state)
{
    (void)state;
    struct rig rig;
    struct rig_body body = rig_coded(RIG_GZIP, span_str(RIG_DOCUMENT));
    rig_open(&rig, &limits_default, "gzip");
    size_t before = content_buffered_bytes(&rig.content);
    rig_feed(&rig, span_first(rig_span(&body), body.len / 2)); /* zlib needs its window from here */
    assert_true(content_buffered_bytes(&rig.content) >= before + 2 * CODING_WINDOW_BYTES);
    content_free(&rig.content);
    assert_int_equal(content_buffered_bytes(&rig.content), 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bomb_is_stopped_early_in_constant_memory),
        cmocka_unit_test(bombs_of_brotli_and_zstd_are_stopped_early_too),
        cmocka_unit_test(their_content_is_cut_at_its_greatest_length_too),
        cmocka_unit_test(a_bomb_in_a_coding_is_measured_against_the_wire),
        cmocka_unit_test(a_blow_up_within_the_free_bytes_is_fine),
        cmocka_unit_test(the_ratio_is_met_exactly),
        cmocka_unit_test(content_is_cut_exactly_at_its_greatest_length),
        cmocka_unit_test(so_many_codings_are_undone_and_no_more),
        cmocka_unit_test(codings_without_a_label_count_too),
        cmocka_unit_test(what_the_codings_hold_is_counted_and_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
