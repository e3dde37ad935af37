/* What was captured and could not be read is counted: connections joined in the middle of a body,
 * and bodies of which too little is known. */
#include "dissector/dissector.h"
#include "tests/support/packet.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LINKTYPE_ETHERNET = 1, PAYLOAD_BYTES = 1000 };

#define CODED "\x91\xf3\xc8\n\x17\xe2 \xff\xfe\x80 \xc1\n\xb7\x9d"
#define REQUEST "PROPFIND /a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define UPLOAD "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
#define DONE "HTTP/1.1 204 No Content\r\n\r\n"
#define MULTISTATUS                                                                                \
    "HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: 33\r\n\r\n"            \
    "<D:multistatus xmlns:D=\"DAV:\"/>\r\n"
#define FAILURES_IN(coding)                                                                        \
    "HTTP/1.1 424 Failed Dependency\r\nContent-Encoding: " coding "\r\nContent-Length: 12\r\n\r\n" \
    "\x91\xf3\xc8\x17\xe2\xff\xfe\x80\xc1\xb7\x9d\x01"

/* Of what comes next, so many bytes were not captured. */
enum { LOST_BYTES = 100 };
static const char lost[] = "";

static const char window_update[] = "\0\0\4\10\0\0\0\0\1\0\0\1\0";

struct turn {
    enum dir dir;
    const char *text;
};

static enum feed on_event(void *ctx, const struct event *event)
{
    (void)ctx, (void)event;
    return FEED_OK;
}

static struct endpoint side(enum dir dir)
{
    bool is_client = dir == DIR_CLIENT;
    return (struct endpoint){
        .address = {.version = 4, .bytes = {192, 0, 2, is_client ? 1 : 2}},
        .port = is_client ? 1234 : 80,
    };
}

static void play(struct dissector *dissector, enum dir dir, struct segment segment,
                 struct origin *origin)
{
    uint8_t frame[PACKET_HEADER_BYTES + PAYLOAD_BYTES];
    segment.source = side(dir);
    segment.destination = side(dir_other(dir));
    assert_true(segment.payload.len <= PAYLOAD_BYTES);
    size_t len = packet_write(&segment, frame);
    origin->ordinal = ++origin->frame;
    origin->time_ns += 1000;
    assert_int_equal(
        dissector_feed(dissector, LINKTYPE_ETHERNET, span_of(frame, len), (uint32_t)len, origin),
        FEED_OK);
}

/* The turns one after the other, with a handshake unless is_midway. */
static struct dissector_stats stats_of(bool is_midway, const struct turn *turns, size_t n)
{
    const struct hash_key key = {1, 2};
    struct dissector_stats stats;
    struct origin origin = {0};
    uint32_t seq[2] = {[DIR_CLIENT] = 1001, [DIR_SERVER] = 5001};
    struct dissector *dissector =
        dissector_open(&limits_default, &key, (struct event_sink){on_event, NULL});
    assert_non_null(dissector);
    if (!is_midway) {
        play(dissector, DIR_CLIENT, (struct segment){.seq = 1000, .flags = SEGMENT_SYN}, &origin);
        play(dissector, DIR_SERVER,
             (struct segment){.seq = 5000, .ack = 1001, .flags = SEGMENT_SYN | SEGMENT_ACK},
             &origin);
    }
    for (size_t i = 0; i < n; i++) {
        enum dir dir = turns[i].dir;
        struct span text = turns[i].text == window_update
                               ? span_of(window_update, sizeof window_update - 1)
                               : span_str(turns[i].text);
        if (turns[i].text == lost) {
            seq[dir] += LOST_BYTES;
            continue;
        }
        play(
            dissector, dir,
            (struct segment){
                .seq = seq[dir], .ack = seq[dir_other(dir)], .flags = SEGMENT_ACK, .payload = text},
            &origin);
        seq[dir] += (uint32_t)text.len;
    }
    assert_int_equal(dissector_finish(dissector), FEED_OK);
    dissector_stats(dissector, &stats);
    dissector_close(dissector);
    return stats;
}

#define STATS_OF(is_midway, turns) stats_of(is_midway, turns, sizeof(turns) / sizeof *(turns))

static void joined_in_a_coded_body_is_counted_once_whoever_is_recognised_first(void **state)
{
    (void)state;
    static const struct turn client_first[] = {
        {DIR_SERVER, CODED}, {DIR_SERVER, CODED}, {DIR_CLIENT, REQUEST}, {DIR_SERVER, MULTISTATUS}};
    static const struct turn server_first[] = {{DIR_SERVER, CODED CODED MULTISTATUS},
                                               {DIR_CLIENT, REQUEST}};
    static const struct turn both[] = {
        {DIR_SERVER, CODED}, {DIR_CLIENT, REQUEST}, {DIR_SERVER, CODED MULTISTATUS}};
    static const struct turn in_search[] = {{DIR_CLIENT, REQUEST}, {DIR_SERVER, CODED MULTISTATUS}};
    assert_int_equal(STATS_OF(true, client_first).n_unread_joins, 1);
    assert_int_equal(STATS_OF(true, server_first).n_unread_joins, 1);
    assert_int_equal(STATS_OF(true, both).n_unread_joins, 1);
    assert_int_equal(STATS_OF(true, in_search).n_unread_joins, 1);
}

static void joined_where_nothing_is_recognised_is_counted(void **state)
{
    (void)state;
    static const struct turn turns[] = {{DIR_SERVER, CODED}, {DIR_SERVER, CODED}};
    assert_int_equal(STATS_OF(true, turns).n_unread_joins, 1);
}

static void joined_in_what_both_sides_speak_and_http_is_none_of_is_another_protocol(void **state)
{
    (void)state;
    static const struct turn mail[] = {{DIR_CLIENT, "a1 NOOP\r\n"},
                                       {DIR_SERVER, "* 1 EXISTS\r\na1 OK done\r\n"},
                                       {DIR_CLIENT, "a2 NOOP\r\n"}};
    static const struct turn coded[] = {{DIR_SERVER, CODED}, {DIR_CLIENT, CODED}};
    struct dissector_stats stats = STATS_OF(true, mail);
    assert_int_equal(stats.n_unread_joins, 0);
    assert_int_equal(stats.n_other_connections, 1);
    assert_int_equal(STATS_OF(true, coded).n_unread_joins, 0);
}

static void joined_in_frames_of_which_no_head_comes_is_counted(void **state)
{
    (void)state;
    static const struct turn turns[] = {
        {DIR_SERVER, CODED}, {DIR_CLIENT, window_update}, {DIR_SERVER, CODED}};
    assert_int_equal(STATS_OF(true, turns).n_unread_joins, 1);
}

static void joined_between_messages_or_in_an_upload_hides_nothing(void **state)
{
    (void)state;
    static const struct turn between[] = {{DIR_CLIENT, REQUEST}, {DIR_SERVER, MULTISTATUS}};
    static const struct turn answer[] = {{DIR_SERVER, MULTISTATUS}, {DIR_CLIENT, REQUEST}};
    static const struct turn upload[] = {{DIR_CLIENT, CODED},
                                         {DIR_CLIENT, CODED},
                                         {DIR_SERVER, DONE},
                                         {DIR_CLIENT, UPLOAD},
                                         {DIR_SERVER, DONE}};
    assert_int_equal(STATS_OF(true, between).n_unread_joins, 0);
    assert_int_equal(STATS_OF(true, answer).n_unread_joins, 0);
    assert_int_equal(STATS_OF(true, upload).n_unread_joins, 0);
}

static void a_loss_is_no_join(void **state)
{
    (void)state;
    static const struct turn behind[] = {{DIR_CLIENT, REQUEST},    {DIR_SERVER, MULTISTATUS},
                                         {DIR_CLIENT, REQUEST},    {DIR_SERVER, lost},
                                         {DIR_SERVER, CODED},      {DIR_CLIENT, REQUEST},
                                         {DIR_SERVER, MULTISTATUS}};
    static const struct turn before[] = {{DIR_CLIENT, REQUEST},
                                         {DIR_SERVER, lost},
                                         {DIR_SERVER, CODED},
                                         {DIR_CLIENT, REQUEST},
                                         {DIR_SERVER, MULTISTATUS}};
    assert_int_equal(STATS_OF(false, behind).n_unread_joins, 0);
    assert_int_equal(STATS_OF(false, before).n_unread_joins, 0);
}

static void joined_in_a_document_is_read(void **state)
{
    (void)state;
    static const struct turn turns[] = {
        {DIR_SERVER, "<D:response><D:href>/a</D:href><D:status>HTTP/1.1 423 Locked</D:status>"
                     "</D:response></D:multistatus>"},
        {DIR_CLIENT, REQUEST},
        {DIR_SERVER, MULTISTATUS}};
    assert_int_equal(STATS_OF(true, turns).n_unread_joins, 0);
}

static void an_answer_is_missed_where_it_may_have_been_a_multistatus(void **state)
{
    (void)state;
    static const struct turn poll[] = {{DIR_CLIENT, "GET /poll HTTP/1.1\r\nHost: a\r\n\r\n"}};
    static const struct turn head[] = {{DIR_CLIENT, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"}};
    static const struct turn listing[] = {{DIR_CLIENT, REQUEST}};
    static const struct turn post[] = {
        {DIR_CLIENT, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"}};
    assert_int_equal(STATS_OF(false, poll).n_requests_without_response, 1);
    assert_int_equal(STATS_OF(false, poll).n_missed_answers, 0);
    assert_int_equal(STATS_OF(false, head).n_missed_answers, 0);
    assert_int_equal(STATS_OF(false, listing).n_missed_answers, 1);
    assert_int_equal(STATS_OF(false, post).n_missed_answers, 1);
}

static void body_in_an_unknown_coding_is_counted_where_only_it_could_tell(void **state)
{
    (void)state;
    static const struct turn unknown[] = {{DIR_CLIENT, "DELETE /a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
                                          {DIR_SERVER, FAILURES_IN("x-unknown")}};
    static const struct turn plain[] = {{DIR_CLIENT, REQUEST}, {DIR_SERVER, MULTISTATUS}};
    assert_int_equal(STATS_OF(false, unknown).n_unread_bodies, 1);
    assert_int_equal(STATS_OF(false, plain).n_unread_bodies, 0);
}

#define SSH "SSH-2.0-x\r\n"
#define NO_REQUEST "\x01\x02 / HTTP/1.1\r\nHost: a\r\n\r\n"

static void what_begins_oddly_is_http_where_the_answer_is(void **state)
{
    (void)state;
    static const struct turn answered[] = {{DIR_CLIENT, NO_REQUEST}, {DIR_SERVER, MULTISTATUS}};
    static const struct turn in_pieces[] = {{DIR_CLIENT, "\x01"},
                                            {DIR_CLIENT, "x"},
                                            {DIR_SERVER, "HTTP/1.1"},
                                            {DIR_SERVER, " 200\r\n"}};
    struct dissector_stats stats = STATS_OF(false, answered);
    assert_int_equal(stats.n_http_connections, 1);
    assert_int_equal(stats.n_other_connections, 0);
    assert_int_equal(stats.n_exchanges, 1);
    assert_int_equal(STATS_OF(false, in_pieces).n_http_connections, 1);
}

static void what_begins_oddly_is_other_where_no_answer_says_more(void **state)
{
    (void)state;
    static const struct turn both[] = {{DIR_SERVER, SSH}, {DIR_CLIENT, SSH}, {DIR_SERVER, CODED}};
    static const struct turn alone[] = {{DIR_CLIENT, SSH}};
    static const struct turn later[] = {
        {DIR_CLIENT, SSH}, {DIR_SERVER, SSH}, {DIR_SERVER, MULTISTATUS}};
    static const struct turn asked[] = {{DIR_SERVER, SSH}, {DIR_CLIENT, REQUEST}};
    static const struct turn gap[] = {
        {DIR_CLIENT, NO_REQUEST}, {DIR_SERVER, lost}, {DIR_SERVER, MULTISTATUS}};
    const struct dissector_stats stats[] = {STATS_OF(false, both), STATS_OF(false, alone),
                                            STATS_OF(false, later), STATS_OF(false, asked),
                                            STATS_OF(false, gap)};
    for (size_t i = 0; i < sizeof stats / sizeof *stats; i++) {
        assert_int_equal(stats[i].n_other_connections, 1);
        assert_int_equal(stats[i].n_http_connections, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_in_a_coded_body_is_counted_once_whoever_is_recognised_first),
        cmocka_unit_test(joined_where_nothing_is_recognised_is_counted),
        cmocka_unit_test(joined_in_what_both_sides_speak_and_http_is_none_of_is_another_protocol),
        cmocka_unit_test(joined_in_frames_of_which_no_head_comes_is_counted),
        cmocka_unit_test(an_answer_is_missed_where_it_may_have_been_a_multistatus),
        cmocka_unit_test(joined_between_messages_or_in_an_upload_hides_nothing),
        cmocka_unit_test(a_loss_is_no_join),
        cmocka_unit_test(joined_in_a_document_is_read),
        cmocka_unit_test(body_in_an_unknown_coding_is_counted_where_only_it_could_tell),
        cmocka_unit_test(what_begins_oddly_is_http_where_the_answer_is),
        cmocka_unit_test(what_begins_oddly_is_other_where_no_answer_says_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
