/* http2: every conversation is played whole, byte by byte and split at every byte, with and without
 * skipping what is not needed; the calls must be the same each time. */
#include "dissector/http/http2.h"
#include "tests/support/conv_http2.h"
#include "tests/support/http_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MAX_FRAMES = 32, MAX_BYTES = 1 << 20 };

/* Plays being written: each frame one step. */
struct script {
    struct conv_http2 http2;
    struct buf bytes[MAX_FRAMES];
    struct play plays[MAX_FRAMES + 1];
    size_t n;
};

static void begin(struct script *script)
{
    *script = (struct script){.n = 0};
    conv_http2_init(&script->http2);
}

static void add(struct script *script, struct play play)
{
    assert_true(script->n < MAX_FRAMES);
    script->plays[script->n++] = play;
}

/* words as in tests/conv. */
static void send(struct script *script, enum dir dir, const char *words, const char *lines)
{
    const struct conv_http2_text text = {dir, span_str(words), span_str(lines)};
    struct buf *out = &script->bytes[script->n];
    struct span bad;
    buf_init(out, MAX_BYTES);
    assert_true(conv_http2_frames(&script->http2, &text, out, &bad));
    add(script, says_bytes(dir, buf_span(out)));
}

static void open_connection(struct script *script)
{
    begin(script);
    send(script, DIR_CLIENT, "preface", "");
    send(script, DIR_CLIENT, "settings", "");
    send(script, DIR_SERVER, "settings", "");
}

#define PROPFIND ":method: PROPFIND\n:scheme: http\n:authority: h\n:path: /a\n"
#define MULTI_STATUS ":status: 207\n"

struct scene {
    const struct limits *limits;
    const struct play *plays;
    const char *calls;
    enum http_body (*on_message)(enum dir dir, const struct http_head *head);
    bool shows_fields, is_joined;
};

static void play_one(void *ctx, const struct play_way *way)
{
    const struct scene *scene = ctx;
    struct http_record record = {.on_message = scene->on_message,
                                 .shows_fields = scene->shows_fields};
    struct http2 http2;
    call_log_begin(&record.log);
    http2_init(&http2, scene->limits ? scene->limits : &limits_default, http_record_sink(&record));
    if (scene->is_joined) {
        http2_join(&http2, DIR_CLIENT);
        http2_join(&http2, DIR_SERVER);
    }
    struct stream_sink sinks[2] = {http2_stream(&http2, DIR_CLIENT),
                                   http2_stream(&http2, DIR_SERVER)};
    play_streams(sinks, scene->plays, way);
    assert_string_equal(call_log_end(&record.log), scene->calls);
    call_log_free(&record.log);
    http2_free(&http2);
}

static void expect(struct script *script, struct scene scene)
{
    scene.plays = script->plays;
    play_every_way(script->plays, play_one, &scene);
    for (size_t i = 0; i < script->n; i++)
        buf_free(&script->bytes[i]);
    conv_http2_free(&script->http2);
}

static void expect_calls(struct script *script, const char *calls)
{
    expect(script, (struct scene){.calls = calls});
}

static enum http_body decline_all(enum dir dir, const struct http_head *head)
{
    (void)dir, (void)head;
    return HTTP_BODY_UNWANTED;
}

/* ---- messages ---- */

static void a_request_and_its_answer_come_with_their_stream(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1", PROPFIND);
    send(&s, DIR_CLIENT, "data 1 end", "<find/>\n");
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1", "<ms>\n");
    send(&s, DIR_SERVER, "data 1 end", "</ms>\n");
    expect_calls(&s, "C1 head PROPFIND /a 2.0 stream\nC1 body <find/>\\n\nC1 end complete 8\n"
                     "S1 head 207  2.0 stream\nS1 body <ms>\\n</ms>\\n\nS1 end complete 11\n");
}

static void only_allowed_fields_leave_and_credentials_never(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end",
         PROPFIND "authorization: Basic c2VjcmV0\ncookie: sid=secret\nx-secret: 1\nhost: other\n"
                  "depth: 0\nvia: a\nvia: b\n");
    expect(&s, (struct scene){.calls = "C1 head PROPFIND /a 2.0 none\nC field host h\n"
                                       "C field via a, b\nC field depth 0\nC1 end complete 0\n",
                              .shows_fields = true});
}

static void a_content_length_that_data_does_not_come_to_is_noted(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS "content-length: 3\n");
    send(&s, DIR_SERVER, "data 1 end", "ab\n");
    send(&s, DIR_SERVER, "headers 3", MULTI_STATUS "content-length: 3\n");
    send(&s, DIR_SERVER, "data 3 end", "abc\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body ab\\n\nS1 end complete 3\n"
                     "S3 head 207  2.0 stream\nS3 body abc\\n\n"
                     "S3 note length-conflict Content-Length is not what DATA comes to\n"
                     "S3 end complete 4\n");
}

static void a_body_nobody_wants_is_skipped_and_counted(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", ":status: 200\n");
    send(&s, DIR_SERVER, "data 1 pad 20", "much that is not needed\n");
    send(&s, DIR_SERVER, "data 1 end", "and more\n");
    expect(&s, (struct scene){.calls = "S1 head 200  2.0 stream\nS1 end complete 33\n",
                              .on_message = decline_all});
}

static void what_is_skipped_is_declared_up_to_the_end_of_the_frame(void **state)
{
    struct script s;
    struct http_record record = {.on_message = decline_all};
    struct http2 http2;
    struct origin origin = {0};
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", ":status: 200\n");
    send(&s, DIR_SERVER, "data 1 pad 9", "0123456789\n");
    call_log_begin(&record.log);
    http2_init(&http2, &limits_default, http_record_sink(&record));
    struct stream_sink stream = http2_stream(&http2, DIR_SERVER);
    stream.ops->feed(stream.ctx, s.plays[2].bytes, &origin);
    stream.ops->feed(stream.ctx, s.plays[3].bytes, &origin);
    assert_int_equal(stream.ops->need_none(stream.ctx), 0);
    stream.ops->feed(stream.ctx, span_first(s.plays[4].bytes, 10), &origin);
    assert_int_equal(stream.ops->need_none(stream.ctx), 11); /* then the padding */
    (stream.ops->skip)(stream.ctx, 11, &origin);
    assert_int_equal(stream.ops->need_none(stream.ctx), 9);
    (stream.ops->skip)(stream.ctx, 9, &origin);
    assert_int_equal(stream.ops->need_none(stream.ctx), 0);
    stream.ops->finish(stream.ctx, END_CAPTURE, &origin);
    assert_int_equal(stream.ops->need_none(stream.ctx), SINK_ALL);
    assert_string_equal(call_log_end(&record.log), "S1 head 200  2.0 stream\nS1 end capture 11\n");
    call_log_free(&record.log);
    http2_free(&http2);
    for (size_t i = 0; i < s.n; i++)
        buf_free(&s.bytes[i]);
    conv_http2_free(&s.http2);
}

static void what_is_open_ends_with_the_connection(void **state)
{
    static const enum end ways[] = {END_FIN, END_RESET, END_CAPTURE, END_IDLE};
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct script s;
        char calls[160];
        open_connection(&s);
        send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
        send(&s, DIR_SERVER, "data 1", "<ms>\n");
        add(&s, ends(DIR_SERVER, ways[i]));
        snprintf(calls, sizeof calls, "S1 head 207  2.0 stream\nS1 body <ms>\\n\n%sS1 end %s 5\n",
                 ways[i] <= END_RESET ? "S1 note truncated\n" : "", end_name(ways[i]));
        expect_calls(&s, calls);
    }
}

static void a_head_that_breaks_off_at_the_end_is_told_and_not_called_complete(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND "depth: 0\n");
    s.plays[s.n - 1].bytes.len -= 3;
    add(&s, ends(DIR_CLIENT, END_CAPTURE));
    expect_calls(&s, "C1 head PROPFIND /a 2.0 stream partial\nC1 end capture 0\n");
}

/* ---- gaps ---- */

static void a_gap_in_data_is_exact(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1 end", "0123456789\n");
    struct span frame = s.plays[s.n - 1].bytes;
    s.plays[s.n - 1].bytes = span_first(frame, 9 + 3);
    add(&s, lacks_cut(DIR_SERVER, 4));
    add(&s, says_bytes(DIR_SERVER, span_after(frame, 9 + 3 + 4)));
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body 012\nS1 gap 4 cut\nS1 body 789\\n\n"
                     "S1 end complete 11\nS3 head 204  2.0 none\nS3 end complete 0\n");
}

static void a_gap_over_a_frame_header_is_a_gap_of_what_is_open_and_not_of_what_follows(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1", "012\n");
    add(&s, lacks(DIR_SERVER, 20));
    send(&s, DIR_SERVER, "data 1", "789\n");
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    send(&s, DIR_SERVER, "data 1 end", "x\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body 012\\n\nS1 note capture-gap\nS1 gap 0\n"
                     "S1 body 789\\n\nS3 head 204  2.0 none\nS3 end complete 0\n"
                     "S1 body x\\n\nS1 end gap 10\n");
}

static void a_gap_of_unknown_length_in_data_is_told_with_what_comes_next(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1", "0123456789\n");
    s.plays[s.n - 1].bytes.len -= 5;
    add(&s, lacks(DIR_SERVER, SINK_ALL));
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    send(&s, DIR_SERVER, "data 1 end", "x\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body 012345\nS3 head 204  2.0 none\n"
                     "S3 end complete 0\nS1 note capture-gap\nS1 gap 0\nS1 body x\\n\n"
                     "S1 end gap 8\n");
}

static void content_length_proves_that_a_gap_took_nothing(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS "content-length: 8\n");
    send(&s, DIR_SERVER, "data 1", "012\n");
    add(&s, lacks(DIR_SERVER, 20));
    send(&s, DIR_SERVER, "data 1 end", "789\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body 012\\n789\\n\nS1 end complete 8\n");
}

static void the_end_of_a_body_may_lie_in_a_gap(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1", "012\n");
    add(&s, lacks(DIR_SERVER, 20));
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    add(&s, ends(DIR_SERVER, END_FIN));
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 body 012\\n\nS3 head 204  2.0 none\n"
                     "S3 end complete 0\nS1 note capture-gap\nS1 gap 0\nS1 end gap 4\n");
}

static void an_answer_whose_head_is_lost_is_over_at_its_end(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND);
    add(&s, lacks(DIR_SERVER, 30));
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    send(&s, DIR_SERVER, "data 1 end", "x\n");
    expect_calls(&s, "C1 head PROPFIND /a 2.0 none\nC1 end complete 0\nS3 head 204  2.0 none\n"
                     "S3 end complete 0\nS1 note capture-gap\nclosed 1\n");
}

static void padding_whose_length_is_lost_leaves_a_gap_of_unknown_size(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "data 1 pad 3", "0123\n");
    struct span frame = s.plays[s.n - 1].bytes;
    s.plays[s.n - 1].bytes = span_first(frame, 9);
    add(&s, lacks(DIR_SERVER, 2));
    add(&s, says_bytes(DIR_SERVER, span_after(frame, 9 + 2)));
    send(&s, DIR_SERVER, "data 1 end", "x\n");
    expect_calls(&s, "S1 head 207  2.0 stream\nS1 note capture-gap\nS1 gap 0\nS1 body x\\n\n"
                     "S1 end gap 2\n");
}

static void joined_midway_the_next_head_is_found(void **state)
{
    struct script s;
    (void)state;
    begin(&s);
    add(&s, says(DIR_SERVER, "the end of something, then \\x00\\x00\\x05\\x01\\x04, and"));
    send(&s, DIR_SERVER, "data 1 end", "of a stream that nobody knows\n");
    send(&s, DIR_SERVER, "window 1 1000", "");
    send(&s, DIR_SERVER, "headers 3 end", ":status: 204\n");
    expect(&s, (struct scene){.calls = "S3 head 204  2.0 none\nS3 end complete 0\n",
                              .is_joined = true});
}

/* ---- limits and floods ---- */

static void beyond_max_streams_the_oldest_is_given_up(void **state)
{
    struct limits limits = limits_default;
    struct script s;
    (void)state;
    limits.max_streams = 2;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND);
    send(&s, DIR_CLIENT, "headers 3", PROPFIND);
    send(&s, DIR_CLIENT, "headers 5 end", PROPFIND);
    send(&s, DIR_CLIENT, "headers 7 end", PROPFIND);
    expect(&s, (struct scene){.limits = &limits,
                              .calls = "C1 head PROPFIND /a 2.0 none\nC1 end complete 0\n"
                                       "C3 head PROPFIND /a 2.0 stream\n"
                                       "S1 note limit max_streams\nclosed 1\n"
                                       "C5 head PROPFIND /a 2.0 none\nC5 end complete 0\n"
                                       "C3 note limit max_streams\nC3 end evicted 0\n"
                                       "S3 note limit max_streams\nclosed 3\n"
                                       "C7 head PROPFIND /a 2.0 none\nC7 end complete 0\n"});
}

static void a_header_block_longer_than_max_head_bytes_is_cut(void **state)
{
    struct limits limits = limits_default;
    struct script s;
    (void)state;
    limits.max_head_bytes = 40;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end split 20",
         PROPFIND "depth: 0\nuser-agent: a client with a long name\n");
    send(&s, DIR_CLIENT, "headers 3 end", "@size 0\n@size 4096\n" PROPFIND);
    expect(&s, (struct scene){.limits = &limits,
                              .calls = "C1 head PROPFIND /a 2.0 none partial\n"
                                       "C1 note limit max_head_bytes\nC1 end complete 0\n"
                                       "C3 head PROPFIND /a 2.0 none\nC3 end complete 0\n"});
}

static void frames_longer_than_max_head_bytes_are_not_gathered(void **state)
{
    struct limits limits = limits_default;
    struct script s;
    (void)state;
    limits.max_head_bytes = 15;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND "depth: 0\n");
    send(&s, DIR_CLIENT, "headers 3 end", "@size 0\n@size 4096\n:method: GET\n:path: /\n");
    expect(&s, (struct scene){.limits = &limits,
                              .calls = "C1 head   2.0 none partial\n"
                                       "C1 note limit max_head_bytes\nC1 end complete 0\n"
                                       "C3 head GET / 2.0 none\nC3 end complete 0\n"});
}

static void a_flood_of_continuations_costs_no_memory(void **state)
{
    struct http_record record = {0};
    struct http2 http2;
    struct origin origin = {0};
    const uint8_t headers[] = {0, 0, 1, HTTP2_HEADERS, 0, 0, 0, 0, 1, 0x82};
    const uint8_t empty[] = {0, 0, 0, HTTP2_CONTINUATION, 0, 0, 0, 0, 1};
    const uint8_t full[] = {0, 0, 4, HTTP2_CONTINUATION, 0, 0, 0, 0, 1, 0x10, 1, 'a', 0};
    (void)state;
    call_log_begin(&record.log);
    http2_init(&http2, &limits_default, http_record_sink(&record));
    http2.half[DIR_CLIENT].state = HTTP2_FRAME_HEADER;
    struct stream_sink stream = http2_stream(&http2, DIR_CLIENT);
    stream.ops->feed(stream.ctx, span_of(headers, sizeof headers), &origin);
    for (int i = 0; i < 100000; i++)
        stream.ops->feed(stream.ctx, span_of(empty, sizeof empty), &origin);
    assert_true(http2_buffered_bytes(&http2) < 1024);
    for (int i = 0; i < 100000; i++)
        stream.ops->feed(stream.ctx, span_of(full, sizeof full), &origin);
    assert_true(http2_buffered_bytes(&http2) < 2 * limits_default.max_head_bytes);
    assert_string_equal(call_log_end(&record.log), "");
    call_log_free(&record.log);
    http2_free(&http2);
}

static void streams_opened_and_reset_in_a_row_leave_nothing(void **state)
{
    struct http_record record = {.shows_ends_only = true};
    struct http2 http2;
    struct origin origin = {0};
    uint8_t frames[] = {0, 0, 1, HTTP2_HEADERS,    5, 0, 0, 0, 1, 0x82,
                        0, 0, 4, HTTP2_RST_STREAM, 0, 0, 0, 0, 1, 0,
                        0, 0, 8};
    (void)state;
    call_log_begin(&record.log);
    http2_init(&http2, &limits_default, http_record_sink(&record));
    http2.half[DIR_CLIENT].state = HTTP2_FRAME_HEADER;
    struct stream_sink stream = http2_stream(&http2, DIR_CLIENT);
    for (unsigned id = 1; id < 20000; id += 2) {
        frames[8] = frames[18] = (uint8_t)id;
        frames[7] = frames[17] = (uint8_t)(id >> 8);
        stream.ops->feed(stream.ctx, span_of(frames, sizeof frames), &origin);
    }
    assert_int_equal(table_n_nodes(&http2.streams), 0);
    call_log_free(&record.log);
    http2_free(&http2);
}

static void many_and_long_fields_meet_their_limits(void **state)
{
    struct limits limits = limits_default;
    struct script s;
    (void)state;
    limits.max_fields = 6;
    limits.max_field_bytes = 4;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end",
         PROPFIND "depth: infinity\nvia: a, b\nvia: one more\nserver: s\n");
    expect(&s, (struct scene){.limits = &limits,
                              .calls = "C1 head PROPFIND /a 2.0 none\nC field host h\n"
                                       "C field via a, b\nC field depth infi\n"
                                       "C1 note limit max_fields\nC1 note limit max_field_bytes\n"
                                       "C1 end complete 0\n",
                              .shows_fields = true});
}

static void a_table_larger_than_our_bound_says_so_once(void **state)
{
    struct limits limits = limits_default;
    struct script s;
    (void)state;
    limits.max_header_table_bytes = 120;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND);
    send(&s, DIR_CLIENT, "headers 3 end", PROPFIND "depth: 0\n");
    send(&s, DIR_CLIENT, "headers 5 end", PROPFIND "depth: 0\n");
    expect(&s, (struct scene){.limits = &limits,
                              .calls = "C1 head PROPFIND /a 2.0 none\n"
                                       "C1 note limit max_header_table_bytes\nC1 end complete 0\n"
                                       "C3 head  /a 2.0 none partial\nC3 end complete 0\n"
                                       "C5 head  /a 2.0 none partial\nC5 end complete 0\n"});
}

/* ---- control ---- */

static void a_table_size_counts_once_it_is_acknowledged(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "settings 1 100", "");
    send(&s, DIR_CLIENT, "settings ack", ""); /* of the first SETTINGS */
    send(&s, DIR_CLIENT, "headers 1 end", "@size 4096\n:method: GET\n:path: /\n");
    send(&s, DIR_CLIENT, "settings ack", "");
    send(&s, DIR_CLIENT, "headers 3 end", "@size 101\n:method: GET\n:path: /\n");
    send(&s, DIR_CLIENT, "headers 5 end", "@size 100\n:method: GET\n:path: /\n");
    expect_calls(&s, "C1 head GET / 2.0 none\nC1 end complete 0\nC3 head GET / 2.0 none\n"
                     "C3 note hpack a table size above what was allowed\nC3 end complete 0\n"
                     "C5 head GET / 2.0 none\nC5 end complete 0\n");
}

static void of_table_sizes_not_acknowledged_yet_the_greatest_may_be_in_use(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_SERVER, "settings 1 8192", "");
    send(&s, DIR_SERVER, "settings 1 100", "");
    send(&s, DIR_CLIENT, "settings ack", ""); /* of the first SETTINGS */
    send(&s, DIR_CLIENT, "settings ack", "");
    send(&s, DIR_CLIENT, "headers 1 end", "@size 8192\n:method: GET\n:path: /\n");
    send(&s, DIR_CLIENT, "settings ack", "");
    send(&s, DIR_CLIENT, "headers 3 end", "@size 8192\n:method: GET\n:path: /\n");
    expect_calls(&s, "C1 head GET / 2.0 none\nC1 end complete 0\nC3 head GET / 2.0 none\n"
                     "C3 note hpack a table size above what was allowed\nC3 end complete 0\n");
}

static void a_client_that_goes_away_gives_up_promised_streams_and_not_its_own(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1 end", PROPFIND);
    send(&s, DIR_SERVER, "promise 1 2", PROPFIND);
    send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
    send(&s, DIR_SERVER, "headers 2", MULTI_STATUS);
    send(&s, DIR_CLIENT, "goaway 0 0", "");
    send(&s, DIR_SERVER, "data 1 end", "x\n");
    expect_calls(&s, "C1 head PROPFIND /a 2.0 none\nC1 end complete 0\n"
                     "C2 head PROPFIND /a 2.0 none\nC2 end complete 0\n"
                     "S1 head 207  2.0 stream\nS2 head 207  2.0 stream\n"
                     "S2 note truncated GOAWAY NO_ERROR\nS2 end reset 0\n"
                     "S1 body x\\n\nS1 end complete 2\n");
}

static void frames_may_be_as_long_as_the_peer_allows(void **state)
{
    static char lines[20001];
    struct script s;
    struct http_record record = {.on_message = decline_all};
    struct http2 http2;
    (void)state;
    memset(lines, 'x', sizeof lines - 1);
    for (int is_allowed = 0; is_allowed < 2; is_allowed++) {
        open_connection(&s);
        if (is_allowed)
            send(&s, DIR_CLIENT, "settings 5 20000", "");
        send(&s, DIR_SERVER, "headers 1", MULTI_STATUS);
        send(&s, DIR_SERVER, "data 1 end frames 20000", lines);
        call_log_begin(&record.log);
        http2_init(&http2, &limits_default, http_record_sink(&record));
        struct stream_sink sinks[2] = {http2_stream(&http2, DIR_CLIENT),
                                       http2_stream(&http2, DIR_SERVER)};
        play_streams(sinks, s.plays, &(struct play_way){0});
        assert_string_equal(call_log_end(&record.log),
                            is_allowed ? "S1 head 207  2.0 stream\nS1 end complete 20000\n"
                                       : "S1 head 207  2.0 stream\n");
        call_log_free(&record.log);
        http2_free(&http2);
        for (size_t i = 0; i < s.n; i++)
            buf_free(&s.bytes[i]);
        conv_http2_free(&s.http2);
    }
}

static void no_error_ends_a_request_that_is_not_needed_without_a_note(void **state)
{
    struct script s;
    (void)state;
    open_connection(&s);
    send(&s, DIR_CLIENT, "headers 1", PROPFIND);
    send(&s, DIR_SERVER, "headers 1 end", ":status: 400\n");
    send(&s, DIR_SERVER, "rst 1 0", "");
    send(&s, DIR_SERVER, "rst 99 0", "");
    expect_calls(&s, "C1 head PROPFIND /a 2.0 stream\nS1 head 400  2.0 none\nS1 end complete 0\n"
                     "C1 end reset 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_and_its_answer_come_with_their_stream),
        cmocka_unit_test(only_allowed_fields_leave_and_credentials_never),
        cmocka_unit_test(a_content_length_that_data_does_not_come_to_is_noted),
        cmocka_unit_test(a_body_nobody_wants_is_skipped_and_counted),
        cmocka_unit_test(what_is_skipped_is_declared_up_to_the_end_of_the_frame),
        cmocka_unit_test(what_is_open_ends_with_the_connection),
        cmocka_unit_test(a_head_that_breaks_off_at_the_end_is_told_and_not_called_complete),
        cmocka_unit_test(a_gap_in_data_is_exact),
        cmocka_unit_test(
            a_gap_over_a_frame_header_is_a_gap_of_what_is_open_and_not_of_what_follows),
        cmocka_unit_test(a_gap_of_unknown_length_in_data_is_told_with_what_comes_next),
        cmocka_unit_test(content_length_proves_that_a_gap_took_nothing),
        cmocka_unit_test(the_end_of_a_body_may_lie_in_a_gap),
        cmocka_unit_test(an_answer_whose_head_is_lost_is_over_at_its_end),
        cmocka_unit_test(padding_whose_length_is_lost_leaves_a_gap_of_unknown_size),
        cmocka_unit_test(joined_midway_the_next_head_is_found),
        cmocka_unit_test(beyond_max_streams_the_oldest_is_given_up),
        cmocka_unit_test(a_header_block_longer_than_max_head_bytes_is_cut),
        cmocka_unit_test(frames_longer_than_max_head_bytes_are_not_gathered),
        cmocka_unit_test(a_flood_of_continuations_costs_no_memory),
        cmocka_unit_test(streams_opened_and_reset_in_a_row_leave_nothing),
        cmocka_unit_test(many_and_long_fields_meet_their_limits),
        cmocka_unit_test(a_table_larger_than_our_bound_says_so_once),
        cmocka_unit_test(a_table_size_counts_once_it_is_acknowledged),
        cmocka_unit_test(of_table_sizes_not_acknowledged_yet_the_greatest_may_be_in_use),
        cmocka_unit_test(a_client_that_goes_away_gives_up_promised_streams_and_not_its_own),
        cmocka_unit_test(frames_may_be_as_long_as_the_peer_allows),
        cmocka_unit_test(no_error_ends_a_request_that_is_not_needed_without_a_note),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
