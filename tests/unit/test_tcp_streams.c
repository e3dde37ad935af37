/* Random conversations, sent as random segments that are doubled, sent again with other boundaries,
 * captured in another order or not at all: the streams must be what was sent. */
#include "dissector/net/tcp.h"
#include "tests/support/stream_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { STREAM_BYTES_MAX = 128 * 1024, SEGMENTS_MAX = 8192, N_ROUNDS = 400 };

struct sent {
    struct segment segment;
    int side;
    uint32_t rank; /* place in the capture */
};

static uint64_t random_state;

/* xorshift64*: the same on every machine. */
static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) % n;
}

static struct conversation {
    uint8_t bytes[2][STREAM_BYTES_MAX];
    uint32_t len[2];
    uint32_t begin[2]; /* sequence numbers of the first bytes */
    struct sent sent[SEGMENTS_MAX];
    size_t n_sent;
} talk;

static struct sent *emit(int side, uint32_t at, uint32_t len, uint8_t flags)
{
    assert_true(talk.n_sent < SEGMENTS_MAX);
    struct sent *sent = &talk.sent[talk.n_sent];
    *sent = (struct sent){.side = side, .rank = (uint32_t)talk.n_sent};
    sent->segment = (struct segment){.seq = talk.begin[side] + at,
                                     .ack = talk.begin[!side] + talk.len[!side],
                                     .flags = flags,
                                     .payload = span_of(talk.bytes[side] + at, len)};
    talk.n_sent++;
    return sent;
}

/* Sends len more bytes of a side in segments of at most mss bytes. */
static void say(int side, uint32_t len, uint32_t mss)
{
    uint32_t end = talk.len[side] + len;
    while (talk.len[side] < end) {
        uint32_t left = end - talk.len[side], n = 1 + random_below(mss);
        n = n < left ? n : left;
        for (uint32_t i = 0; i < n; i++)
            talk.bytes[side][talk.len[side] + i] = (uint8_t)(1 + random_below(255));
        uint32_t at = talk.len[side];
        talk.len[side] += n;
        emit(side, at, n, SEGMENT_ACK);
    }
}

static void converse(bool has_handshake, unsigned n_exchanges)
{
    talk.n_sent = 0;
    for (int side = 0; side < 2; side++) {
        talk.len[side] = 0;
        talk.begin[side] = random_below(2) ? 0 - random_below(5000) : random_below(UINT32_MAX / 2);
    }
    if (has_handshake) {
        emit(0, 0, 0, SEGMENT_SYN)->segment.seq--;
        emit(1, 0, 0, SEGMENT_SYN | SEGMENT_ACK)->segment.seq--;
        emit(0, 0, 0, SEGMENT_ACK);
    }
    for (unsigned i = 0; i < n_exchanges; i++) {
        say(0, 2 + random_below(2000), 1460);
        say(1, 2 + random_below(8000), 1460);
        emit(0, talk.len[0], 0, SEGMENT_ACK);
    }
    emit(0, talk.len[0], 0, SEGMENT_FIN | SEGMENT_ACK);
    emit(1, talk.len[1], 0, SEGMENT_FIN | SEGMENT_ACK)->segment.ack++;
}

static void double_some(void)
{
    for (size_t i = talk.n_sent; i > 0 && talk.n_sent < SEGMENTS_MAX; i--)
        if (random_below(4) == 0)
            talk.sent[talk.n_sent++] = talk.sent[i - 1];
}

/* Sends random ranges again, behind their first copies. */
static void send_some_again(void)
{
    for (size_t n = talk.n_sent / 4; n > 0; n--) {
        int side = (int)random_below(2);
        uint32_t at = random_below(talk.len[side]);
        uint32_t len = random_below(4000) % (talk.len[side] - at) + 1;
        emit(side, at, len, SEGMENT_ACK);
    }
}

static int by_rank(const void *a, const void *b)
{
    uint32_t x = ((const struct sent *)a)->rank, y = ((const struct sent *)b)->rank;
    return (x > y) - (x < y);
}

static void shuffle(uint32_t distance)
{
    for (size_t i = 0; i < talk.n_sent; i++)
        talk.sent[i].rank = talk.sent[i].rank * 4 + random_below(distance * 4);
    qsort(talk.sent, talk.n_sent, sizeof talk.sent[0], by_rank);
}

/* Plays all segments but one. */
static void play(struct stream_log *log, struct tcp_stats *stats, size_t without)
{
    struct tcp tcp;
    struct origin origin = {.time_ns = 1};
    stream_log_init(log);
    struct stream_sink sinks[2] = {stream_log_sink(log, 0), stream_log_sink(log, 1)};
    *stats = (struct tcp_stats){0};
    tcp_init(&tcp, &limits_default, stats, sinks);
    for (size_t i = 0; i < talk.n_sent; i++) {
        origin.ordinal++;
        origin.time_ns += 1000;
        talk.sent[i].segment.origin = origin;
        if (i != without && !tcp_is_closed(&tcp))
            assert_int_not_equal(tcp_feed(&tcp, talk.sent[i].side, &talk.sent[i].segment),
                                 FEED_NOMEM);
    }
    tcp_finish(&tcp, END_CAPTURE, &origin);
    assert_int_equal(tcp_buffered_bytes(&tcp), 0);
    tcp_free(&tcp);
}

static void assert_bytes_are_what_was_sent(const struct stream_log *log)
{
    for (int side = 0; side < 2; side++) {
        const struct buf *got = &log->side[side].bytes;
        assert_int_equal(got->len, talk.len[side]);
        assert_memory_equal(got->ptr, talk.bytes[side], got->len);
        assert_int_equal(log->side[side].n_finished, 1);
    }
}

static char *story_in_order(void)
{
    struct stream_log log;
    struct tcp_stats stats;
    play(&log, &stats, SIZE_MAX);
    assert_bytes_are_what_was_sent(&log);
    char *story = strdup(stream_log_story(&log));
    assert_non_null(story);
    stream_log_free(&log);
    return story;
}

static void whatever_the_order_the_story_is_the_same(void **state)
{
    (void)state;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        struct stream_log log;
        struct tcp_stats stats;
        random_state = round + 1;
        converse(round % 4 != 0, 1 + random_below(8));
        char *expected = story_in_order();
        if (round % 2)
            double_some();
        shuffle(1 + random_below(40));
        play(&log, &stats, SIZE_MAX);
        assert_bytes_are_what_was_sent(&log);
        assert_string_equal(stream_log_story(&log), expected);
        assert_int_equal(stats.n_gaps + stats.n_overlap_conflicts, 0);
        stream_log_free(&log);
        free(expected);
    }
}

static void sending_again_with_other_boundaries_changes_no_byte(void **state)
{
    (void)state;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        struct stream_log log;
        struct tcp_stats stats;
        random_state = round + 1;
        converse(true, 1 + random_below(8));
        send_some_again();
        shuffle(1 + random_below(60));
        play(&log, &stats, SIZE_MAX);
        assert_bytes_are_what_was_sent(&log);
        assert_int_equal(stats.n_gaps + stats.n_overlap_conflicts, 0);
        stream_log_free(&log);
    }
}

static void one_lost_segment_is_one_gap_of_its_size(void **state)
{
    (void)state;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        struct stream_log log;
        struct tcp_stats stats;
        random_state = round + 1;
        converse(round % 2, 1 + random_below(4));
        if (round % 4 < 2)
            shuffle(1 + random_below(10));
        size_t lost = random_below((uint32_t)talk.n_sent);
        const struct segment *segment = &talk.sent[lost].segment;
        uint32_t len = (uint32_t)segment->payload.len;
        int side = talk.sent[lost].side;
        uint32_t at = segment->seq - talk.begin[side];
        bool is_beginning = round % 2 == 0 && at == 0;
        /* One byte at the end looks like a FIN; a beginning that was not seen is not missed. */
        if (len == 1 || is_beginning)
            continue;
        play(&log, &stats, lost);
        assert_int_equal(stats.n_gaps, len > 0);
        assert_int_equal(stats.missing_bytes, len);
        assert_int_equal(log.side[side].n_gap_bytes, len);
        if (len > 0)
            memset(talk.bytes[side] + at, 0, len);
        assert_bytes_are_what_was_sent(&log);
        stream_log_free(&log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_order_the_story_is_the_same),
        cmocka_unit_test(sending_again_with_other_boundaries_changes_no_byte),
        cmocka_unit_test(one_lost_segment_is_one_gap_of_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
