#include "dissector/tls/record.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/support/call_log.h"

/* Records of the test have a body that says what it is; the taker of one that is not sure knows its
 * own by the first letter. */
enum { MAX_WIRE_BYTES = 4096 };

struct wire {
    uint8_t bytes[MAX_WIRE_BYTES];
    size_t len;
};

static void add_record(struct wire *wire, const char *body)
{
    size_t len = strlen(body);
    const uint8_t header[] = {RECORD_DATA, 3, 3, (uint8_t)(len >> 8), (uint8_t)len};
    memcpy(wire->bytes + wire->len, header, sizeof header);
    memcpy(wire->bytes + wire->len + sizeof header, body, len);
    wire->len += sizeof header + len;
}

static enum record_answer on_record(void *ctx, const struct record *record)
{
    if (!record->is_sure && record->body.ptr[0] != 'r')
        return RECORD_REFUSED;
    call_log_line(ctx, "%d %.*s lost %d in %d", record->type, (int)record->body.len,
                  (const char *)record->body.ptr, (int)record->lost.n_bytes,
                  (int)record->lost.n_records);
    return RECORD_TAKEN;
}

struct way {
    size_t n;              /* bytes of a feed */
    size_t gap_at, n_gap;  /* these are missing */
    uint64_t max_searched; /* 0: plenty */
};

static enum feed play(const struct wire *wire, const struct way *way, struct call_log *log)
{
    struct records records;
    const struct origin origin = {.ordinal = 1, .frame = 1};
    enum feed result = FEED_OK;
    call_log_begin(log);
    records_init(&records, way->max_searched ? way->max_searched : 100000,
                 (struct record_sink){on_record, log});
    for (size_t at = 0; at < wire->len;) {
        size_t until = at < way->gap_at && way->gap_at < wire->len ? way->gap_at : wire->len;
        size_t n = way->n < until - at ? way->n : until - at;
        if (at == way->gap_at && way->n_gap > 0) {
            records_gap(&records, way->n_gap, false);
            at += way->n_gap;
            continue;
        }
        result = records_feed(&records, span_of(wire->bytes + at, n), &origin);
        at += n;
    }
    struct record_loss lost = records_lost(&records);
    if (lost.n_bytes > 0)
        call_log_line(log, "end lost %d", (int)lost.n_bytes);
    records_free(&records);
    return result;
}

static void expect(const struct wire *wire, struct way way, const char *expected)
{
    for (way.n = 1; way.n < 40; way.n++) {
        struct call_log log;
        play(wire, &way, &log);
        assert_string_equal(call_log_end(&log), expected);
        call_log_free(&log);
    }
}

static struct wire three_records(void)
{
    struct wire wire = {.len = 0};
    add_record(&wire, "r-first");  /* at 0, 12 bytes */
    add_record(&wire, "r-second"); /* at 12, 13 bytes */
    add_record(&wire, "r-third");  /* at 25 */
    return wire;
}

static void records_come_whole_however_the_bytes_are_cut(void **state)
{
    struct wire wire = three_records();
    (void)state;
    expect(&wire, (struct way){.gap_at = SIZE_MAX},
           "23 r-first lost 0 in 0\n23 r-second lost 0 in 0\n23 r-third lost 0 in 0\n");
}

static void a_gap_inside_a_record_costs_that_record(void **state)
{
    struct wire wire = three_records();
    (void)state;
    expect(&wire, (struct way){.gap_at = 18, .n_gap = 3},
           "23 r-first lost 0 in 0\n23 r-third lost 13 in 1\n");
    expect(&wire, (struct way){.gap_at = 18, .n_gap = 7},
           "23 r-first lost 0 in 0\n23 r-third lost 13 in 1\n");
}

static void a_gap_over_the_end_of_a_record_costs_as_far_as_the_next_header(void **state)
{
    struct wire wire = three_records();
    (void)state;
    expect(&wire, (struct way){.gap_at = 6, .n_gap = 8}, "23 r-third lost 25 in 0\n");
}

static void a_whole_record_in_a_gap_is_counted_in_bytes(void **state)
{
    struct wire wire = three_records();
    (void)state;
    expect(&wire, (struct way){.gap_at = 12, .n_gap = 13},
           "23 r-first lost 0 in 0\n23 r-third lost 13 in 0\n");
}

static void what_only_looks_like_a_header_is_passed_over(void **state)
{
    struct wire wire = {.len = 0};
    (void)state;
    add_record(&wire, "r-first");
    add_record(&wire, "r-\x17\x03\x03x");
    memcpy(wire.bytes + wire.len - 1, "\x01\x02", 2); /* length 258 of a false record */
    add_record(&wire, "r-third");
    add_record(&wire, "r-last");
    wire.len = wire.len > MAX_WIRE_BYTES ? MAX_WIRE_BYTES : wire.len;
    struct call_log log;
    play(&wire, &(struct way){.n = 1000, .gap_at = 12, .n_gap = 7}, &log);
    assert_non_null(strstr(call_log_end(&log), "23 r-first"));
    call_log_free(&log);
}

static void the_end_tells_what_is_missing(void **state)
{
    struct wire wire = three_records();
    (void)state;
    wire.len -= 2;
    expect(&wire, (struct way){.gap_at = SIZE_MAX},
           "23 r-first lost 0 in 0\n23 r-second lost 0 in 0\nend lost 10\n");
}

static void beyond_the_limit_nothing_more_is_searched(void **state)
{
    struct wire wire = {.len = MAX_WIRE_BYTES};
    struct call_log log;
    (void)state;
    memset(wire.bytes, 'x', sizeof wire.bytes);
    assert_int_equal(
        play(&wire, &(struct way){.n = 10, .gap_at = SIZE_MAX, .max_searched = 1000}, &log),
        FEED_STOP);
    call_log_end(&log);
    call_log_free(&log);
}

/* Two records and a byte that is none, again and again: each time what comes behind is searched at
 * once, and no more is kept than there was to be searched. */
static void what_breaks_off_behind_a_find_is_searched_at_once(void **state)
{
    enum { N_TIMES = 10, N_FEEDS = 1000 };
    struct wire wire = {.len = 0};
    struct records records;
    struct call_log log;
    const struct origin origin = {.ordinal = 1, .frame = 1};
    size_t n_lines = 0;
    (void)state;
    for (int i = 0; i < N_TIMES; i++) {
        add_record(&wire, "r");
        add_record(&wire, "r");
        wire.bytes[wire.len++] = 'x';
    }
    call_log_begin(&log);
    records_init(&records, 100000, (struct record_sink){on_record, &log});
    records_gap(&records, 1, false);
    for (int i = 0; i < N_FEEDS; i++)
        assert_int_equal(records_feed(&records, span_of(wire.bytes, wire.len), &origin), FEED_OK);
    records_free(&records);
    for (const char *at = call_log_end(&log); (at = strchr(at, '\n')); at++)
        n_lines++;
    assert_int_equal(n_lines, 2 * N_TIMES * N_FEEDS);
    call_log_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_whole_however_the_bytes_are_cut),
        cmocka_unit_test(a_gap_inside_a_record_costs_that_record),
        cmocka_unit_test(a_gap_over_the_end_of_a_record_costs_as_far_as_the_next_header),
        cmocka_unit_test(a_whole_record_in_a_gap_is_counted_in_bytes),
        cmocka_unit_test(what_only_looks_like_a_header_is_passed_over),
        cmocka_unit_test(the_end_tells_what_is_missing),
        cmocka_unit_test(beyond_the_limit_nothing_more_is_searched),
        cmocka_unit_test(what_breaks_off_behind_a_find_is_searched_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
