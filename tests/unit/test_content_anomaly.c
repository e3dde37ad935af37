#include "tests/unit/content_rig.h"

/* The bytes of a literal, with the NULs in it. */
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

static struct span document(void)
{
    return span_str(RIG_DOCUMENT);
}

/* Bodies fed whole and byte by byte, that decode to the document with exactly one note. */
static void expect_document_with(const char *encoding, struct span body, enum anomaly_kind kind,
                                 const char *text)
{
    for (size_t step = 1; step <= body.len; step += body.len - 1) {
        struct rig rig;
        rig_open(&rig, &limits_default, encoding);
        for (size_t at = 0; at < body.len; at += step)
            assert_int_equal(rig_feed(&rig, span_first(span_after(body, at), step)), FEED_OK);
        rig_finish(&rig, END_COMPLETE);
        rig_expect_out(&rig, document());
        rig_expect_note(&rig, kind, text);
        assert_true(content_is_whole(&rig.content));
        rig_close(&rig);
    }
}

static void gzip_without_a_label_is_decoded(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    expect_document_with("", rig_span(&body), ANOMALY_CODING_UNLABELLED, "gzip");
    expect_document_with("identity", rig_span(&body), ANOMALY_CODING_UNLABELLED, "gzip");
}

static void gzip_in_gzip_with_one_label_is_decoded(void **state)
{
    (void)state;
    struct rig_body once = rig_coded(RIG_GZIP, document());
    struct rig_body twice = rig_coded(RIG_GZIP, rig_span(&once));
    expect_document_with("gzip", rig_span(&twice), ANOMALY_CODING_UNLABELLED, "gzip");
}

static void zlib_bytes_without_a_label_are_left_alone(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_ZLIB, document());
    struct rig rig;
    rig_play(&rig, "", rig_span(&body)); /* two weak bytes are no proof */
    rig_expect_out(&rig, rig_span(&body));
    assert_int_equal(rig.n_all_notes, 0);
    rig_close(&rig);
}

static void plain_content_with_a_label_is_passed_on(void **state)
{
    (void)state;
    static const char *const labels[] = {"gzip", "deflate", "br", "zstd", "utf-8"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        char text[64];
        assert_true(strlen(labels[i]) < 10);
        memcpy(text, labels[i], strlen(labels[i]) + 1);
        memcpy(text + strlen(labels[i]), " label on plain content", 24);
        expect_document_with(labels[i], document(), ANOMALY_CODING_MISLABELLED, text);
    }
}

static void one_coding_with_two_labels_is_decoded(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    expect_document_with("gzip, gzip", rig_span(&body), ANOMALY_CODING_MISLABELLED,
                         "gzip label on plain content");
}

static void plain_content_under_many_labels_is_noted_once(void **state)
{
    (void)state;
    expect_document_with("br, deflate, gzip", document(), ANOMALY_CODING_MISLABELLED,
                         "gzip label on plain content");
}

static void gzip_and_zlib_are_told_apart_whatever_the_label(void **state)
{
    (void)state;
    struct rig_body gzip = rig_coded(RIG_GZIP, document());
    struct rig_body zlib = rig_coded(RIG_ZLIB, document());
    expect_document_with("deflate", rig_span(&gzip), ANOMALY_CODING_MISLABELLED,
                         "deflate label on gzip");
    expect_document_with("gzip", rig_span(&zlib), ANOMALY_CODING_MISLABELLED,
                         "gzip label on deflate");
    expect_document_with("no-such-coding", rig_span(&gzip), ANOMALY_CODING_MISLABELLED,
                         "no-such-coding label on gzip");
}

static void plain_text_in_any_unicode_encoding_is_known_under_a_label(void **state)
{
    (void)state;
    static const struct span starts[] = {
        LITERAL("\xEF\xBB\xBF<?xml version='1.0'?>"),
        LITERAL("\xFE\xFF\0<\0?\0x\0m\0l\0 \0v\0e"),
        LITERAL("\xFF\xFE<\0?\0x\0m\0l\0 \0v\0e\0"),
        LITERAL("\0<\0?\0x\0m\0l\0 \0v\0e\0r"),
        LITERAL("<\0?\0x\0m\0l\0 \0v\0e\0r\0"),
        LITERAL("\r\n\t {\"responses\": [] }"),
        LITERAL("<a>\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4</a>"),
        LITERAL("<a>4567890123\xE2\x82\xAC\xE2\x82\xAC</a>"),
        LITERAL("<a>456789012\xF0\x9F\x98\x80</a>.."),
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct rig rig;
        rig_play(&rig, "deflate", starts[i]);
        rig_expect_out(&rig, starts[i]);
        rig_expect_note(&rig, ANOMALY_CODING_MISLABELLED, "deflate label on plain content");
        rig_close(&rig);
    }
}

static void text_that_is_no_document_is_plain_under_a_gzip_label(void **state)
{
    (void)state;
    struct rig rig;
    rig_play(&rig, "gzip", span_str("x^ is no zlib header here"));
    rig_expect_out(&rig, span_str("x^ is no zlib header here"));
    rig_expect_note(&rig, ANOMALY_CODING_MISLABELLED, "gzip label on plain content");
    rig_close(&rig);
}

static void a_coding_nobody_knows_is_named(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig, &limits_default, "sd\x1B[1mch;q=1");
    struct span body = span_str("\x80\x81\x82\x83 neither text nor coded");
    assert_int_equal(rig_feed(&rig, body), FEED_STOP);
    rig_finish(&rig, END_COMPLETE);
    assert_string_equal(content_unknown(&rig.content), "sd?[1mch");
    rig_expect_note(&rig, ANOMALY_CODING_UNKNOWN, "sd?[1mch");
    assert_false(content_is_whole(&rig.content));
    assert_int_equal(rig.out.len, 0);
    rig_close(&rig);
}

static void a_long_unknown_name_is_cut(void **state)
{
    (void)state;
    struct rig rig;
    rig_play(&rig, "a-coding-with-a-name-longer-than-anybody-keeps",
             span_str("\x80\x81\x82\x83 neither text nor coded"));
    assert_true(strlen(content_unknown(&rig.content)) < 32);
    assert_non_null(strstr(content_unknown(&rig.content), "\xE2\x80\xA6"));
    rig_close(&rig);
}

static void an_unknown_coding_inside_a_known_one_is_named(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, span_str("\x80\x81\x82\x83 neither text nor coded"));
    struct rig rig;
    rig_play(&rig, "compress, gzip", rig_span(&body));
    assert_string_equal(content_unknown(&rig.content), "compress");
    assert_false(content_is_whole(&rig.content));
    rig_close(&rig);
}

static void bytes_behind_the_coded_content_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *encoding;
        enum rig_wrap wrap;
    } codings[] = {{"gzip", RIG_GZIP}, {"deflate", RIG_ZLIB}, {"deflate", RIG_RAW}};
    struct span trailing = span_str("</html>");
    for (size_t i = 0; i < 3; i++) {
        struct rig_body body = rig_coded(codings[i].wrap, document());
        rig_append(&body, trailing);
        expect_document_with(codings[i].encoding, rig_span(&body), ANOMALY_CODING_TRAILING,
                             codings[i].encoding);
        struct rig rig;
        rig_play(&rig, codings[i].encoding, rig_span(&body));
        assert_int_equal(rig.last.n_bytes, trailing.len);
        rig_close(&rig);
    }
}

static void brotli_and_zstd_end_before_what_trails_them(void **state)
{
    (void)state;
    static const char *const trailing[] = {"</html>", "\n", "(and so on", "(", "P"};
    for (size_t i = 0; i < sizeof trailing / sizeof trailing[0]; i++) {
        struct rig_body br = {.len = 0}, zstd = {.len = 0};
        rig_append(&br, rig_brotli());
        rig_append(&br, span_str(trailing[i]));
        rig_append(&zstd, rig_zstd());
        rig_append(&zstd, span_str(trailing[i]));
        if (coding_find(span_str("br")))
            expect_document_with("br", rig_span(&br), ANOMALY_CODING_TRAILING, "br");
        if (coding_find(span_str("zstd")) && i < 3) /* alone, the others may begin a frame */
            expect_document_with("zstd", rig_span(&zstd), ANOMALY_CODING_TRAILING, "zstd");
    }
}

static void a_wrong_check_sum_of_zstd_is_damage(void **state)
{
    (void)state;
    if (!coding_find(span_str("zstd")))
        skip();
    struct rig_body body = {.len = 0};
    rig_append(&body, rig_zstd());
    body.bytes[body.len - 1] ^= 1;
    struct rig rig;
    rig_play(&rig, "zstd", rig_span(&body));
    rig_expect_out(&rig, document());
    rig_expect_note(&rig, ANOMALY_CODING_DAMAGED, "zstd is corrupt");
    assert_false(content_is_whole(&rig.content));
    rig_close(&rig);
}

static void zstd_without_a_label_is_decoded(void **state)
{
    (void)state;
    if (!coding_find(span_str("zstd")))
        skip();
    expect_document_with("", rig_zstd(), ANOMALY_CODING_UNLABELLED, "zstd");
    expect_document_with("gzip", rig_zstd(), ANOMALY_CODING_MISLABELLED, "gzip label on zstd");
}

static void no_wrong_byte_in_brotli_or_zstd_does_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rig_body good = {.len = 0};
        rig_append(&good, i ? rig_zstd() : rig_brotli());
        for (size_t at = 0; at < good.len; at++) {
            struct rig_body bad = good;
            bad.bytes[at] ^= 0x55;
            struct rig rig;
            rig_play(&rig, i ? "zstd" : "br", rig_span(&bad));
            /* zstd has a check sum; brotli has none and may give something else */
            assert_true(i == 0 || !content_is_whole(&rig.content));
            assert_true(rig.n_all_notes > 0 || content_is_whole(&rig.content));
            rig_close(&rig);
        }
    }
}

static void what_only_begins_like_a_further_member_is_trailing(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    rig_append(&body, span_str("\x1F no member"));
    expect_document_with("gzip", rig_span(&body), ANOMALY_CODING_TRAILING, "gzip");
}

static void bytes_behind_padding_are_trailing(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    rig_append(&body, span_of("\0\0\0\x1F\x8B", 5));
    expect_document_with("gzip", rig_span(&body), ANOMALY_CODING_TRAILING, "gzip");
}

/* A whole answer needs a whole check: no single wrong byte may pass for the document. */
static void no_wrong_byte_in_gzip_gives_a_whole_wrong_document(void **state)
{
    (void)state;
    static const uint8_t flips[] = {0x01, 0x80, 0xFF};
    struct rig_body good = rig_coded(RIG_GZIP, document());
    for (size_t at = 0; at < good.len * sizeof flips; at++) {
        struct rig_body bad = good;
        bad.bytes[at / sizeof flips] ^= flips[at % sizeof flips];
        struct rig rig;
        rig_play(&rig, "gzip", rig_span(&bad));
        if (content_is_whole(&rig.content)) /* time, operating system and the like */
            rig_expect_out(&rig, document());
        else
            assert_int_equal(rig.n_notes[ANOMALY_CODING_DAMAGED], 1);
        rig_close(&rig);
    }
}

/* Damage cuts gzip at the same byte however the body was cut. */
static void damage_is_met_at_the_same_byte_at_any_cut(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    for (size_t at = 0; at < body.len; at++) {
        struct rig_body bad = body;
        struct rig whole, bytewise;
        bad.bytes[at] ^= 0x55;
        rig_play(&whole, "gzip", rig_span(&bad));
        rig_open(&bytewise, &limits_default, "gzip");
        for (size_t i = 0; i < bad.len; i++)
            rig_feed(&bytewise, span_of(bad.bytes + i, 1));
        rig_finish(&bytewise, END_COMPLETE);
        rig_expect_out(&bytewise, buf_span(&whole.out));
        assert_memory_equal(whole.n_notes, bytewise.n_notes, sizeof whole.n_notes);
        assert_int_equal(content_is_whole(&whole.content), content_is_whole(&bytewise.content));
        rig_close(&whole);
        rig_close(&bytewise);
    }
}

static void a_wrong_check_sum_is_damage_after_all_the_content(void **state)
{
    (void)state;
    static const enum rig_wrap wraps[] = {RIG_GZIP, RIG_ZLIB};
    for (size_t i = 0; i < 2; i++) {
        struct rig_body body = rig_coded(wraps[i], document());
        body.bytes[body.len - 1] ^= 1;
        struct rig rig;
        rig_play(&rig, i == 0 ? "gzip" : "deflate", rig_span(&body));
        rig_expect_out(&rig, document());
        rig_expect_note(&rig, ANOMALY_CODING_DAMAGED,
                        i == 0 ? "gzip is corrupt" : "deflate is corrupt");
        assert_int_equal(rig.last.offset, document().len);
        assert_true(rig.last.has_offset);
        assert_false(content_is_whole(&rig.content));
        rig_close(&rig);
    }
}

static void damage_in_a_later_member_keeps_the_members_before(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    size_t first_len = body.len;
    rig_deflate(&body, RIG_GZIP, document(), NULL);
    body.bytes[first_len + 2] = 9; /* no such method */
    struct rig rig;
    rig_play(&rig, "gzip", rig_span(&body));
    rig_expect_out(&rig, document());
    rig_expect_note(&rig, ANOMALY_CODING_DAMAGED, "gzip is corrupt");
    rig_close(&rig);
}

static void a_coding_cut_by_the_sender_is_damage(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    struct rig rig;
    rig_play(&rig, "gzip", span_first(rig_span(&body), body.len - 1));
    rig_expect_note(&rig, ANOMALY_CODING_DAMAGED, "gzip ends too early");
    assert_false(content_is_whole(&rig.content));
    rig_close(&rig);
}

static void a_coding_cut_by_something_else_is_no_damage_and_not_whole(void **state)
{
    (void)state;
    static const enum end ends[] = {END_FIN, END_RESET,   END_IDLE,    END_CAPTURE,
                                    END_GAP, END_EVICTED, END_REPLACED};
    struct rig_body body = rig_coded(RIG_GZIP, document());
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct rig rig;
        rig_open(&rig, &limits_default, "gzip");
        rig_feed(&rig, span_first(rig_span(&body), body.len - 1));
        rig_finish(&rig, ends[i]);
        assert_int_equal(rig.n_all_notes, 0);
        assert_false(content_is_whole(&rig.content));
        rig_close(&rig);
    }
}

static void coded_bytes_behind_a_gap_are_not_wanted(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    for (size_t at = 0; at < body.len; at++) {
        struct rig rig;
        rig_open(&rig, &limits_default, "gzip");
        rig_feed(&rig, span_first(rig_span(&body), at));
        assert_int_equal(content_gap(&rig.content, &rig_origin), FEED_STOP);
        assert_int_equal(rig_feed(&rig, span_after(rig_span(&body), at)), FEED_STOP);
        rig_finish(&rig, END_COMPLETE);
        rig_expect_out_begins(&rig, document());
        assert_false(content_is_whole(&rig.content));
        assert_int_equal(rig.n_all_notes, 0);
        rig_close(&rig);
    }
}

static void plain_content_goes_on_behind_a_gap(void **state)
{
    (void)state;
    for (size_t at = 0; at <= document().len; at++) {
        struct rig rig;
        rig_open(&rig, &limits_default, "");
        rig_feed(&rig, span_first(document(), at));
        assert_int_equal(content_gap(&rig.content, &rig_origin), FEED_OK);
        assert_int_equal(rig.out.len, at); /* what waited is out */
        /* What stands behind the gap is no start, whatever it looks like. */
        assert_int_equal(rig_feed(&rig, span_str("\x1F\x8B\x08 and so on")), FEED_OK);
        rig_finish(&rig, END_COMPLETE);
        assert_int_equal(rig.out.len, at + 13);
        assert_int_equal(rig.n_all_notes, 0);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_without_a_label_is_decoded),
        cmocka_unit_test(gzip_in_gzip_with_one_label_is_decoded),
        cmocka_unit_test(zlib_bytes_without_a_label_are_left_alone),
        cmocka_unit_test(plain_content_with_a_label_is_passed_on),
        cmocka_unit_test(one_coding_with_two_labels_is_decoded),
        cmocka_unit_test(plain_content_under_many_labels_is_noted_once),
        cmocka_unit_test(gzip_and_zlib_are_told_apart_whatever_the_label),
        cmocka_unit_test(plain_text_in_any_unicode_encoding_is_known_under_a_label),
        cmocka_unit_test(text_that_is_no_document_is_plain_under_a_gzip_label),
        cmocka_unit_test(a_coding_nobody_knows_is_named),
        cmocka_unit_test(a_long_unknown_name_is_cut),
        cmocka_unit_test(an_unknown_coding_inside_a_known_one_is_named),
        cmocka_unit_test(bytes_behind_the_coded_content_are_counted),
        cmocka_unit_test(brotli_and_zstd_end_before_what_trails_them),
        cmocka_unit_test(a_wrong_check_sum_of_zstd_is_damage),
        cmocka_unit_test(zstd_without_a_label_is_decoded),
        cmocka_unit_test(no_wrong_byte_in_brotli_or_zstd_does_harm),
        cmocka_unit_test(what_only_begins_like_a_further_member_is_trailing),
        cmocka_unit_test(bytes_behind_padding_are_trailing),
        cmocka_unit_test(no_wrong_byte_in_gzip_gives_a_whole_wrong_document),
        cmocka_unit_test(damage_is_met_at_the_same_byte_at_any_cut),
        cmocka_unit_test(a_wrong_check_sum_is_damage_after_all_the_content),
        cmocka_unit_test(damage_in_a_later_member_keeps_the_members_before),
        cmocka_unit_test(a_coding_cut_by_the_sender_is_damage),
        cmocka_unit_test(a_coding_cut_by_something_else_is_no_damage_and_not_whole),
        cmocka_unit_test(coded_bytes_behind_a_gap_are_not_wanted),
        cmocka_unit_test(plain_content_goes_on_behind_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
