#include "tests/unit/content_rig.h"

static const char document_text[] = RIG_DOCUMENT;

static struct span document(void)
{
    return span_str(document_text);
}

/* Labels with bodies that decode to the document without a note. */
struct sample {
    const char *encoding;
    struct rig_body body;
};

enum { MAX_SAMPLES = 24 };

struct samples {
    struct sample all[MAX_SAMPLES];
    size_t n;
};

static void add(struct samples *samples, const char *encoding, struct rig_body body)
{
    assert_true(samples->n < MAX_SAMPLES);
    samples->all[samples->n++] = (struct sample){encoding, body};
}

static struct rig_body plain_body(struct span plain)
{
    struct rig_body body = {.len = 0};
    rig_append(&body, plain);
    return body;
}

/* With every optional field of the header, RFC 1952 §2.3. */
static struct rig_body gzip_with_all_fields(void)
{
    struct rig_body body = {.len = 0};
    gz_header header = {.extra = (Bytef *)"extra",
                        .extra_len = 5,
                        .hcrc = 1,
                        .text = 1,
                        .name = (Bytef *)"name.xml",
                        .comment = (Bytef *)"a comment"};
    rig_deflate(&body, RIG_GZIP, document(), &header);
    return body;
}

static struct rig_body gzip_in_members(void)
{
    struct rig_body body = {.len = 0};
    size_t third = document().len / 3;
    rig_deflate(&body, RIG_GZIP, span_first(document(), third), NULL);
    rig_deflate(&body, RIG_GZIP, span_of(NULL, 0), NULL);
    rig_deflate(&body, RIG_GZIP, span_after(document(), third), NULL);
    return body;
}

static struct rig_body gzip_with_padding(void)
{
    struct rig_body body = rig_coded(RIG_GZIP, document());
    static const uint8_t zeros[100];
    rig_append(&body, span_of(zeros, sizeof zeros));
    return body;
}

static int make_samples(void **state)
{
    struct samples *samples = calloc(1, sizeof *samples);
    assert_non_null(samples);
    struct rig_body gzip = rig_coded(RIG_GZIP, document());
    struct rig_body zlib = rig_coded(RIG_ZLIB, document());
    struct rig_body raw = rig_coded(RIG_RAW, document());
    add(samples, "", plain_body(document()));
    add(samples, "identity", plain_body(document()));
    add(samples, "gzip", gzip);
    add(samples, "x-gzip", gzip);
    add(samples, " \tGZip ; q=1.0 ,", gzip);
    add(samples, "\"gzip\", identity, ,", gzip);
    add(samples, "gzip", gzip_with_all_fields());
    add(samples, "gzip", gzip_in_members());
    add(samples, "gzip", gzip_with_padding());
    add(samples, "deflate", zlib);
    add(samples, "Deflate", raw);
    add(samples, "gzip, gzip", rig_coded(RIG_GZIP, rig_span(&gzip)));
    add(samples, "deflate,gzip", rig_coded(RIG_GZIP, rig_span(&raw)));
    add(samples, "gzip,deflate", rig_coded(RIG_ZLIB, rig_span(&gzip)));
    if (coding_find(span_str("br"))) {
        add(samples, "br", plain_body(rig_brotli()));
        add(samples, "br, gzip", rig_coded(RIG_GZIP, rig_brotli()));
        add(samples, "gzip, br", plain_body(rig_gzip_in_brotli()));
    }
    if (coding_find(span_str("zstd"))) {
        add(samples, "zstd", plain_body(rig_zstd()));
        add(samples, "zstd, gzip", rig_coded(RIG_GZIP, rig_zstd()));
        add(samples, "gzip, zstd", plain_body(rig_gzip_in_zstd()));
    }
    *state = samples;
    return 0;
}

static int free_samples(void **state)
{
    free(*state);
    return 0;
}

static void expect_document(struct rig *rig)
{
    assert_int_equal(rig->n_all_notes, 0);
    assert_true(content_is_whole(&rig->content));
    assert_null(content_unknown(&rig->content));
    rig_expect_out(rig, document());
    rig_close(rig);
}

static void every_coding_is_undone_when_fed_whole(void **state)
{
    const struct samples *samples = *state;
    for (size_t i = 0; i < samples->n; i++) {
        struct rig rig;
        rig_play(&rig, samples->all[i].encoding, rig_span(&samples->all[i].body));
        expect_document(&rig);
    }
}

static void every_coding_is_undone_byte_by_byte(void **state)
{
    const struct samples *samples = *state;
    for (size_t i = 0; i < samples->n; i++) {
        const struct rig_body *body = &samples->all[i].body;
        struct rig rig;
        rig_open(&rig, &limits_default, samples->all[i].encoding);
        for (size_t at = 0; at < body->len; at++)
            assert_int_equal(rig_feed(&rig, span_of(body->bytes + at, 1)), FEED_OK);
        rig_finish(&rig, END_COMPLETE);
        expect_document(&rig);
    }
}

static void every_coding_is_undone_at_every_split(void **state)
{
    const struct samples *samples = *state;
    for (size_t i = 0; i < samples->n; i++) {
        struct span body = rig_span(&samples->all[i].body);
        for (size_t at = 0; at <= body.len; at++) {
            struct rig rig;
            rig_open(&rig, &limits_default, samples->all[i].encoding);
            rig_feed(&rig, span_first(body, at));
            rig_feed(&rig, span_after(body, at));
            rig_finish(&rig, END_COMPLETE);
            expect_document(&rig);
        }
    }
}

/* Where a cut coded body is whole all the same: gzip may end between members and in padding. */
static bool may_end_at(const struct rig_body *body, size_t at)
{
    struct rig rig;
    rig_play(&rig, "gzip", span_first(rig_span(body), at));
    bool may_end = content_is_whole(&rig.content);
    rig_close(&rig);
    return may_end;
}

static void a_body_cut_anywhere_gives_a_prefix_and_is_not_whole(void **state)
{
    const struct samples *samples = *state;
    for (size_t i = 2; i < samples->n; i++) {
        struct span body = rig_span(&samples->all[i].body);
        for (size_t len = 1; len < body.len; len++) {
            struct rig rig;
            rig_open(&rig, &limits_default, samples->all[i].encoding);
            rig_feed(&rig, span_first(body, len));
            rig_finish(&rig, END_FIN);
            rig_expect_out_begins(&rig, document());
            assert_int_equal(rig.n_all_notes, 0);
            if (content_is_whole(&rig.content))
                assert_true(may_end_at(&samples->all[i].body, len));
            rig_close(&rig);
        }
    }
}

static void a_gzip_member_is_whole_at_its_last_byte_only(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    for (size_t len = 1; len < body.len; len++)
        assert_false(may_end_at(&body, len));
    assert_true(may_end_at(&body, body.len));
}

/* All that the bytes so far can tell has been told, also before the body ends. */
static void what_can_be_decoded_is_passed_on_at_once(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    struct rig rig;
    rig_open(&rig, &limits_default, "gzip");
    rig_feed(&rig, span_first(rig_span(&body), body.len - 8)); /* all but CRC and length */
    rig_expect_out(&rig, document());
    rig_close(&rig);
}

static void two_zstd_frames_are_one_content(void **state)
{
    (void)state;
    if (!coding_find(span_str("zstd")))
        skip();
    struct rig_body body = plain_body(rig_zstd());
    static const uint8_t skippable[] = {0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 'x', 'y'};
    rig_append(&body, span_of(skippable, sizeof skippable));
    rig_append(&body, rig_zstd());
    struct rig_body twice = plain_body(document());
    rig_append(&twice, document());
    for (size_t at = 0; at <= body.len; at++) {
        struct rig rig;
        rig_open(&rig, &limits_default, "zstd");
        rig_feed(&rig, span_first(rig_span(&body), at));
        rig_feed(&rig, span_after(rig_span(&body), at));
        rig_finish(&rig, END_COMPLETE);
        assert_true(content_is_whole(&rig.content));
        assert_int_equal(rig.n_all_notes, 0);
        rig_expect_out(&rig, rig_span(&twice));
        rig_close(&rig);
    }
}

static void an_empty_body_is_whole_whatever_its_label(void **state)
{
    (void)state;
    static const char *const encodings[] = {"", "gzip", "deflate, gzip", "br", "no-such-coding"};
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        struct rig rig;
        rig_play(&rig, encodings[i], span_of(NULL, 0));
        assert_true(content_is_whole(&rig.content));
        assert_int_equal(rig.n_all_notes, 0);
        rig_expect_out(&rig, span_of(NULL, 0));
        rig_close(&rig);
    }
}

static void empty_content_in_a_coding_is_whole(void **state)
{
    (void)state;
    struct rig_body body = rig_coded(RIG_GZIP, span_of(NULL, 0));
    struct rig rig;
    rig_play(&rig, "gzip, gzip", rig_span(&body));
    assert_true(content_is_whole(&rig.content));
    assert_int_equal(rig.n_all_notes, 0);
    rig_close(&rig);
}

static void plain_content_is_passed_on_without_a_copy(void **state)
{
    (void)state;
    struct rig_body body = plain_body(document());
    struct rig rig;
    rig_open(&rig, &limits_default, "");
    for (size_t len = 1; len <= 15; len++)
        rig_feed(&rig, span_of(&"0123456789abcdef"[len], 1));
    assert_int_equal(rig.out.len, 0);
    rig_feed(&rig, rig_span(&body));
    assert_int_equal(rig.out.len, 15 + body.len);
    assert_true(content_buffered_bytes(&rig.content) < 512);
    rig_close(&rig);
}

static void a_sink_that_needs_no_more_is_fed_no_more(void **state)
{
    (void)state;
    struct rig_body body = gzip_in_members();
    struct rig rig;
    rig_open(&rig, &limits_default, "gzip");
    rig.stop_after_bytes = 1;
    assert_int_equal(rig_feed(&rig, rig_span(&body)), FEED_STOP);
    assert_int_equal(rig_feed(&rig, rig_span(&body)), FEED_STOP);
    rig_finish(&rig, END_COMPLETE);
    assert_true(rig.out.len < document().len);
    assert_int_equal(rig.n_all_notes, 0);
    assert_true(content_is_whole(&rig.content)); /* nothing says that it is damaged */
    rig_close(&rig);
}

static void a_zeroed_content_can_be_freed_and_a_freed_one_again(void **state)
{
    (void)state;
    struct content content = {0};
    content_free(&content);
    struct rig rig;
    struct rig_body body = rig_coded(RIG_GZIP, document());
    rig_play(&rig, "gzip", rig_span(&body));
    content_free(&rig.content);
    rig_close(&rig);
}

static void codings_built_in_are_named_for_the_version(void **state)
{
    (void)state;
    assert_string_equal(content_coding_name(0), "gzip");
    assert_string_equal(content_coding_name(1), "deflate");
    size_t n = 0;
    while (content_coding_name(n))
        n++;
    assert_in_range(n, 2, 4);
    assert_null(content_coding_name(n + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_coding_is_undone_when_fed_whole),
        cmocka_unit_test(every_coding_is_undone_byte_by_byte),
        cmocka_unit_test(every_coding_is_undone_at_every_split),
        cmocka_unit_test(a_body_cut_anywhere_gives_a_prefix_and_is_not_whole),
        cmocka_unit_test(a_gzip_member_is_whole_at_its_last_byte_only),
        cmocka_unit_test(what_can_be_decoded_is_passed_on_at_once),
        cmocka_unit_test(two_zstd_frames_are_one_content),
        cmocka_unit_test(an_empty_body_is_whole_whatever_its_label),
        cmocka_unit_test(empty_content_in_a_coding_is_whole),
        cmocka_unit_test(plain_content_is_passed_on_without_a_copy),
        cmocka_unit_test(a_sink_that_needs_no_more_is_fed_no_more),
        cmocka_unit_test(a_zeroed_content_can_be_freed_and_a_freed_one_again),
        cmocka_unit_test(codings_built_in_are_named_for_the_version),
    };
    return cmocka_run_group_tests(tests, make_samples, free_samples);
}
