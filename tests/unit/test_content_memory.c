#include "tests/unit/content_rig.h"

#include "tests/support/alloc.h"

/* Plays bodies with the nth allocation failing, until n is greater than their number. Whenever one
 * fails the content says so, what came out before is right, and all is given back. */
static void sweep(const char *encoding, struct span body)
{
    uint64_t n = 1;
    for (bool has_failed = true; has_failed; n++) {
        struct rig rig = {0};
        buf_init(&rig.out, RIG_MAX_OUT_BYTES);
        assert_int_equal(buf_append(&rig.out, span_str(RIG_DOCUMENT)), BUF_OK); /* its memory */
        buf_clear(&rig.out);
        struct content_sink sink = {rig_take, rig_note, &rig};
        alloc_fail_at(n);
        enum feed result = content_init(&rig.content, &limits_default, span_str(encoding), sink);
        assert_int_equal(result, alloc_has_failed() ? FEED_NOMEM : FEED_OK);
        result = rig_feed(&rig, body);
        rig_finish(&rig, END_COMPLETE);
        has_failed = alloc_has_failed();
        alloc_fail_at(0);
        assert_int_equal(result, has_failed ? FEED_NOMEM : FEED_OK);
        assert_int_equal(content_is_whole(&rig.content), !has_failed);
        assert_int_equal(rig.n_all_notes, 0);
        rig_expect_out_begins(&rig, span_str(RIG_DOCUMENT));
        rig_close(&rig);
        assert_int_equal(content_buffered_bytes(&rig.content), 0);
    }
    assert_true(n > 3);
}

static void no_failing_allocation_is_taken_for_the_end_or_for_damage(void **state)
{
    (void)state;
    struct rig_body gzip = rig_coded(RIG_GZIP, span_str(RIG_DOCUMENT));
    struct rig_body zlib = rig_coded(RIG_ZLIB, span_str(RIG_DOCUMENT));
    struct rig_body twice = rig_coded(RIG_RAW, rig_span(&gzip));
    sweep("gzip", rig_span(&gzip));
    sweep("deflate", rig_span(&zlib));
    sweep("gzip, deflate", rig_span(&twice));
}

static void brotli_without_memory_is_no_damage(void **state)
{
    (void)state;
    if (!coding_find(span_str("br")))
        skip();
    sweep("br", rig_brotli());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_failing_allocation_is_taken_for_the_end_or_for_damage),
        cmocka_unit_test(brotli_without_memory_is_no_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
