/* A capture is played with packets missing: each one, many, all behind one, one direction, or the
 * end of each cut off. Whatever is missing,
 * - an exchange whose packets are all there is the same as ever,
 * - a resource with a class other than unknown is one of the whole capture, in its place,
 * - a document is judged only when all of it was seen,
 * - and where the framing tells how many bytes of a body are missing, that number is told.
 *
 *     drop_test CAPTURE MAX_FRAMES    MAX_FRAMES: to be played in all; larger captures are sampled
 */
#include "dissector/dissector.h"
#include "tests/drop/seen.h"
#include "tests/support/frames.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Of the text of an exchange, to be printed. */
enum { MAX_TEXT_BYTES = 600 };

enum { RECORD_CHANGE_CIPHER = 20, RECORD_HANDSHAKE = 22 };

/* Copies are captured one right behind the other. */
enum { COPY_FRAMES = 8 };

/* What is done to the capture. */
struct damage {
    const char *name;
    uint64_t number; /* of the damage among those of its kind */
    bool is_large;   /* more than one packet is hit */
    bool *is_lost;   /* frames not played */
    size_t snap_len; /* bytes that are left of each frame; 0: all */
};

struct test {
    struct frames frames;
    size_t
        *first_copy; /* of each frame: the first that is the same, before translation or behind */
    struct seen whole;
    struct damage damage;
    uint64_t n_played, max_played;
    uint64_t dice;
};

static bool is_copy(const struct frame *a, const struct frame *b)
{
    bool is_same = a->segment.seq == b->segment.seq && a->segment.ack == b->segment.ack &&
                   a->segment.flags == b->segment.flags &&
                   a->segment.payload.len == b->segment.payload.len;
    return a->has_segment && b->has_segment && is_same;
}

static void find_copies(struct test *test)
{
    test->first_copy = calloc(test->frames.n, sizeof *test->first_copy);
    if (!test->first_copy)
        abort();
    for (size_t i = 0; i < test->frames.n; i++) {
        test->first_copy[i] = i;
        for (size_t j = i; j > 0 && i - j < COPY_FRAMES; j--)
            if (is_copy(&test->frames.all[i], &test->frames.all[j - 1]))
                test->first_copy[i] = test->first_copy[j - 1];
    }
}

/* Whichever copy of a frame an exchange was read from, it is the first one. */
static void name_by_first_copies(const struct test *test, struct seen *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
            uint64_t *first = &seen->exchanges[i].first[dir];
            uint64_t *last = &seen->exchanges[i].last[dir];
            *first = *first > 0 ? test->first_copy[*first - 1] + 1 : 0;
            *last = *last > 0 ? test->first_copy[*last - 1] + 1 : 0;
        }
}

static void play(const struct test *test, struct seen *seen)
{
    const struct hash_key key = {1, 2};
    struct dissector *dissector = dissector_open(&limits_default, &key, seen_sink(seen));
    if (!dissector || dissector_secrets(dissector, buf_span(&test->frames.secrets)) != FEED_OK)
        abort();
    for (size_t i = 0; i < test->frames.n; i++) {
        const struct frame *frame = &test->frames.all[i];
        if (test->damage.is_lost[i])
            continue;
        struct origin origin = {.ordinal = i + 1, .frame = i + 1, .time_ns = frame->time_ns};
        struct span bytes = frame->bytes;
        if (test->damage.snap_len > 0)
            bytes = span_first(bytes, test->damage.snap_len);
        /* A copy of its own, so that a read beyond it is seen. */
        uint8_t *copy = malloc(bytes.len + 1);
        if (!copy)
            abort();
        memcpy(copy, bytes.ptr, bytes.len);
        if (dissector_feed(dissector, frame->linktype, span_of(copy, bytes.len), frame->wire_len,
                           &origin) != FEED_OK)
            abort();
        free(copy);
    }
    if (dissector_finish(dissector) != FEED_OK)
        abort();
    dissector_close(dissector);
    name_by_first_copies(test, seen);
}

static _Noreturn void complain(const struct test *test, const char *what, const char *text)
{
    fprintf(stderr, "%s %" PRIu64 ": %s\n  %.*s\n", test->damage.name, test->damage.number, what,
            MAX_TEXT_BYTES, text);
    if (test->damage.snap_len > 0)
        fprintf(stderr, "  frames cut at %zu\n", test->damage.snap_len);
    for (size_t i = 0, n = 0; i < test->frames.n && n < 50; i++)
        if (test->damage.is_lost[i])
            fprintf(stderr, "%s %zu", n++ == 0 ? "  lost frames:" : "", i + 1);
    fprintf(stderr, "\n");
    exit(1);
}

/* ---- what a frame has to do with an exchange ---- */

static uint64_t payload_bytes(const struct frame *frame)
{
    return frame->segment.payload.len + frame->segment.cut_bytes;
}

static bool is_lost(const struct test *test, size_t i)
{
    bool is_somewhere = false;
    for (size_t j = test->first_copy[i]; j < test->frames.n && j <= i + COPY_FRAMES; j++)
        is_somewhere |= test->first_copy[j] == test->first_copy[i] && !test->damage.is_lost[j];
    return !is_somewhere;
}

/* Whether something of the frame is missing, and no copy of it has that. */
static bool is_hit(const struct test *test, size_t i)
{
    const struct frame *frame = &test->frames.all[i];
    return is_lost(test, i) ||
           (test->damage.snap_len > 0 && frame->bytes.len > test->damage.snap_len);
}

/* Before a translation or behind it. */
static bool is_either(const struct endpoint *end, const struct endpoint *own,
                      const struct endpoint *twin)
{
    return endpoint_equal(end, own) || endpoint_equal(end, twin);
}

static bool is_client(const struct endpoint *end, const struct seen_exchange *exchange)
{
    return is_either(end, &exchange->client, &exchange->client_twin);
}

static bool is_server(const struct endpoint *end, const struct seen_exchange *exchange)
{
    return is_either(end, &exchange->server, &exchange->server_twin);
}

static bool goes(const struct frame *frame, const struct seen_exchange *exchange, enum dir dir)
{
    const struct endpoint *from = &frame->segment.source, *to = &frame->segment.destination;
    return dir == DIR_CLIENT ? is_client(from, exchange) && is_server(to, exchange)
                             : is_server(from, exchange) && is_client(to, exchange);
}

static bool is_on_same(const struct seen_exchange *a, const struct seen_exchange *b)
{
    return is_client(&a->client, b) && is_server(&a->server, b);
}

/* What a proxy that is spoken to in TLS passes on in the clear comes in records all the same. */
static void name_records_of_proxies(struct seen *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        for (size_t j = 0; j < i && !seen->exchanges[i].tls_version; j++)
            if (is_on_same(&seen->exchanges[j], &seen->exchanges[i]))
                seen->exchanges[i].tls_version = seen->exchanges[j].tls_version;
}

/* Whether frame i + 1 comes behind a CONNECT in TLS and before the first request in its tunnel:
 * what it carries may be of a handshake, and does not look it. */
static bool may_hide_handshake(const struct test *test, size_t i,
                               const struct seen_exchange *exchange)
{
    const struct seen_exchange *last = NULL;
    for (size_t j = 0; j < test->whole.n; j++) {
        const struct seen_exchange *other = &test->whole.exchanges[j];
        if (is_on_same(other, exchange) && other->first[DIR_CLIENT] <= i + 1)
            last = other;
    }
    return last && last->tls_version && strncmp(last->text, "CONNECT ", 8) == 0 &&
           last->last[DIR_SERVER] < i + 1 && exchange->first[DIR_CLIENT] > i + 1;
}

/* Whether the frame, number i + 1, begins with what no key of its connection can be known without:
 * a hello, or another part of a handshake of TLS. */
static bool is_handshake(const struct test *test, size_t i, const struct seen_exchange *exchange)
{
    uint8_t first = test->frames.all[i].first;
    return exchange->tls_version && (first == RECORD_HANDSHAKE || first == RECORD_CHANGE_CIPHER ||
                                     may_hide_handshake(test, i, exchange));
}

/* The first frame of a message. A record of TLS is read when it is whole; an answer's begins behind
 * its request. */
static uint64_t begin_of(const struct seen_exchange *exchange, enum dir dir)
{
    bool has_records = exchange->tls_version && dir == DIR_SERVER;
    return has_records ? exchange->last[DIR_CLIENT] + 1 : exchange->first[dir];
}

/* Whether the frame, number i + 1, may carry something of the exchange's message. The end of the
 * connection is a part of messages that end with it, or in it. */
static bool carries(const struct test *test, size_t i, const struct seen_exchange *exchange,
                    enum dir dir)
{
    const struct frame *frame = &test->frames.all[i];
    bool is_between = i + 1 >= begin_of(exchange, dir) && i + 1 <= exchange->last[dir];
    if (!frame->has_segment)
        return is_between;
    if (!goes(frame, exchange, dir))
        return false;
    if (is_handshake(test, i, exchange))
        return true;
    bool is_end = frame->segment.flags & (SEGMENT_FIN | SEGMENT_RST);
    bool needs_end = exchange->framing == HTTP_FRAMING_UNTIL_CLOSE || exchange->end != END_COMPLETE;
    return (is_between && payload_bytes(frame) > 0) || (is_end && needs_end);
}

/* In TLS 1.0 a record does not open when the one before it is missing, in the frame before. */
static bool is_torn(const struct test *test, const struct seen_exchange *exchange, enum dir dir)
{
    if (!exchange->tls_version || strcmp(exchange->tls_version, "1.0") != 0)
        return false;
    for (size_t i = (size_t)begin_of(exchange, dir); i > 1; i--) {
        const struct frame *frame = &test->frames.all[i - 2];
        if (goes(frame, exchange, dir) && payload_bytes(frame) > 0)
            return is_hit(test, i - 2);
    }
    return false;
}

static bool is_message_touched(const struct test *test, const struct seen_exchange *exchange,
                               enum dir dir)
{
    if (is_torn(test, exchange, dir))
        return true;
    for (size_t i = 0; i < test->frames.n; i++)
        if (is_hit(test, i) && carries(test, i, exchange, dir))
            return true;
    return false;
}

static bool is_touched(const struct test *test, const struct seen_exchange *exchange)
{
    return is_message_touched(test, exchange, DIR_CLIENT) ||
           is_message_touched(test, exchange, DIR_SERVER);
}

/* ---- what must hold ---- */

static bool is_same(const struct seen_exchange *a, const struct seen_exchange *b)
{
    return strcmp(a->text, b->text) == 0 && memcmp(a->first, b->first, sizeof a->first) == 0;
}

/* Whether both messages are there, but apart: which belongs to which could not be told. */
static bool is_apart(const struct seen_exchange *exchange, const struct seen *now)
{
    bool is_alone[2] = {false, false};
    for (size_t i = 0; i < now->n; i++)
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
            is_alone[dir] |= now->exchanges[i].first[dir] == exchange->first[dir] &&
                             now->exchanges[i].first[dir_other(dir)] == 0;
    return is_alone[DIR_CLIENT] && is_alone[DIR_SERVER];
}

/* Whether the client had more than one request open: then a loss makes all order doubtful. */
static bool is_pipelined(const struct test *test, const struct seen_exchange *exchange)
{
    for (size_t i = 0; i < test->whole.n; i++) {
        const struct seen_exchange *a = &test->whole.exchanges[i];
        for (size_t j = i + 1; j < test->whole.n; j++) {
            const struct seen_exchange *b = &test->whole.exchanges[j];
            if (is_on_same(a, exchange) && is_on_same(a, b) &&
                b->first[DIR_CLIENT] < a->last[DIR_SERVER] &&
                a->first[DIR_CLIENT] < b->last[DIR_SERVER])
                return true;
        }
    }
    return false;
}

static void print_what_became(const struct seen_exchange *exchange, const struct seen *now)
{
    for (size_t i = 0; i < now->n; i++) {
        const struct seen_exchange *other = &now->exchanges[i];
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++)
            if (other->first[dir] > 0 && other->first[dir] == exchange->first[dir])
                fprintf(stderr, "now: %.*s\n", MAX_TEXT_BYTES, other->text);
    }
}

static void check_untouched(const struct test *test, const struct seen *now)
{
    for (size_t i = 0; i < test->whole.n; i++) {
        const struct seen_exchange *exchange = &test->whole.exchanges[i];
        bool is_there = false;
        for (size_t j = 0; j < now->n && !is_there; j++)
            is_there = is_same(exchange, &now->exchanges[j]);
        if (is_there || is_touched(test, exchange))
            continue;
        bool may_part = test->damage.is_large || is_pipelined(test, exchange);
        if (!may_part || !is_apart(exchange, now)) {
            print_what_became(exchange, now);
            complain(test, "an exchange has changed whose packets are all there", exchange->text);
        }
    }
}

/* The exchange of the whole capture within whose response this one's begins; NULL: none. */
static const struct seen_exchange *original_of(const struct test *test,
                                               const struct seen_exchange *exchange)
{
    for (size_t i = 0; i < test->whole.n; i++) {
        const struct seen_exchange *original = &test->whole.exchanges[i];
        if (original->document > 0 && exchange->first[DIR_SERVER] >= original->first[DIR_SERVER] &&
            exchange->first[DIR_SERVER] <= original->last[DIR_SERVER] &&
            is_on_same(exchange, original))
            return original;
    }
    return NULL;
}

static bool is_resource(const struct seen_resource *now, const struct seen_resource *original,
                        bool has_same_request)
{
    bool has_place = now->end > now->offset; /* not where the beginning of the body was lost */
    if (has_place && (now->offset != original->offset || now->end != original->end))
        return false;
    if (strcmp(now->text, original->text) != 0)
        return false;
    return !has_same_request ||
           (now->class == original->class && strcmp(now->hrefs, original->hrefs) == 0);
}

static void check_document(const struct test *test, const struct seen *now,
                           const struct seen_exchange *exchange)
{
    const struct seen_document *document = &now->documents[exchange->document - 1];
    const struct seen_exchange *origin = original_of(test, exchange);
    if (!origin)
        complain(test, "a document that was not there", exchange->text);
    const struct seen_document *original = &test->whole.documents[origin->document - 1];
    bool has_request =
        exchange->first[DIR_CLIENT] > 0 && !is_message_touched(test, origin, DIR_CLIENT);
    size_t at = 0;
    for (size_t i = 0; i < document->n; i++) {
        if (document->resources[i].class == OUTCOME_UNKNOWN)
            continue;
        while (at < original->n &&
               !is_resource(&document->resources[i], &original->resources[at], has_request))
            at++;
        if (at++ == original->n)
            complain(test, "a resource that was not there", document->resources[i].text);
    }
    bool is_judged = document->verdict < VERDICT_UNDECODABLE;
    if (is_judged && (document->n != original->n || original->verdict == VERDICT_INCOMPLETE))
        complain(test, "a verdict on what was not wholly seen", exchange->text);
    if (is_judged && has_request && document->verdict != original->verdict)
        complain(test, "another verdict", exchange->text);
}

/* No response answers another request than its own. */
static void check_pairs(const struct test *test, const struct seen *now)
{
    for (size_t i = 0; i < now->n; i++) {
        const struct seen_exchange *exchange = &now->exchanges[i];
        bool is_pair = exchange->first[DIR_CLIENT] > 0 && exchange->first[DIR_SERVER] > 0;
        for (size_t j = 0; is_pair && j < test->whole.n; j++) {
            const struct seen_exchange *original = &test->whole.exchanges[j];
            if (original->first[DIR_CLIENT] <= exchange->first[DIR_CLIENT] &&
                original->last[DIR_CLIENT] >= exchange->first[DIR_CLIENT] &&
                original->first[DIR_SERVER] <= exchange->first[DIR_SERVER] &&
                original->last[DIR_SERVER] >= exchange->first[DIR_SERVER] &&
                is_on_same(exchange, original))
                is_pair = false;
        }
        if (is_pair)
            complain(test, "a response to another request", exchange->text);
    }
}

static void check_documents(const struct test *test, const struct seen *now)
{
    for (size_t i = 0; i < now->n; i++)
        if (now->exchanges[i].document > 0)
            check_document(test, now, &now->exchanges[i]);
}

/* Of a packet in the middle of a body of known length every byte is counted. */
static void check_missing(const struct test *test, const struct seen *now, size_t lost)
{
    const struct frame *frame = &test->frames.all[lost];
    for (size_t i = 0; i < test->whole.n; i++) {
        const struct seen_exchange *original = &test->whole.exchanges[i];
        bool is_inside = lost + 1 > original->first[DIR_SERVER] &&
                         lost + 1 < original->last[DIR_SERVER] &&
                         carries(test, lost, original, DIR_SERVER);
        if (!is_inside || original->framing != HTTP_FRAMING_LENGTH || original->document == 0)
            continue;
        for (size_t j = 0; j < now->n; j++)
            if (now->exchanges[j].first[DIR_SERVER] == original->first[DIR_SERVER] &&
                now->exchanges[j].document > 0 && !now->exchanges[j].is_partial &&
                now->exchanges[j].missing_bytes != 0 &&
                now->exchanges[j].missing_bytes != payload_bytes(frame))
                complain(test, "not as many bytes missing as were lost", now->exchanges[j].text);
    }
}

/* ---- damages ---- */

/* Plays what the damage left and checks all but the number of missing bytes. */
static void check(struct test *test, struct seen *now)
{
    play(test, now);
    test->n_played += test->frames.n;
    check_untouched(test, now);
    check_documents(test, now);
    check_pairs(test, now);
}

static void check_and_forget(struct test *test)
{
    struct seen now = {0};
    check(test, &now);
    seen_free(&now);
    memset(test->damage.is_lost, 0, test->frames.n * sizeof *test->damage.is_lost);
    test->damage.snap_len = 0;
}

static void begin(struct test *test, const char *name, uint64_t number)
{
    test->damage.name = name;
    test->damage.number = number;
}

/* Every how many frames one is tried, so that a share of all plays is enough. */
static size_t step(const struct test *test, uint64_t share)
{
    uint64_t n_plays = test->max_played / share / test->frames.n + 1;
    return (size_t)(test->frames.n / n_plays) + 1;
}

static void drop_each(struct test *test)
{
    for (size_t i = 0; i < test->frames.n; i += test->frames.n <= 2000 ? step(test, 2) : 1) {
        struct seen now = {0};
        begin(test, "without frame", i + 1);
        test->damage.is_lost[i] = true;
        check(test, &now);
        check_missing(test, &now, i);
        test->damage.is_lost[i] = false;
        seen_free(&now);
        if (test->n_played > test->max_played)
            return;
    }
}

static void end_at_each(struct test *test)
{
    for (size_t n = 1; n < test->frames.n; n += step(test, 5)) {
        begin(test, "without all behind frame", n);
        for (size_t i = n; i < test->frames.n; i++)
            test->damage.is_lost[i] = true;
        check_and_forget(test);
    }
}

static void begin_at_each(struct test *test)
{
    for (size_t n = 1; n < test->frames.n; n += step(test, 5)) {
        begin(test, "without all up to frame", n);
        for (size_t i = 0; i < n; i++)
            test->damage.is_lost[i] = true;
        check_and_forget(test);
    }
}

static uint64_t roll(struct test *test)
{
    test->dice = test->dice * UINT64_C(6364136223846793005) + 1442695040888963407;
    return test->dice >> 33;
}

static void drop_many(struct test *test)
{
    uint64_t n_plays = test->max_played / 5 / test->frames.n + 4;
    for (uint64_t n = 0; n < n_plays; n++) {
        begin(test, "without some frames, throw", n);
        uint64_t one_in = 2 + n % 8 * 5;
        for (size_t i = 0; i < test->frames.n; i++)
            test->damage.is_lost[i] = roll(test) % one_in == 0;
        check_and_forget(test);
    }
}

/* Sides are told apart by their ports: the smaller one is a server's. */
static void drop_directions(struct test *test)
{
    for (uint64_t side = 0; side < 2; side++) {
        begin(test, "without direction", side);
        for (size_t i = 0; i < test->frames.n; i++) {
            const struct segment *segment = &test->frames.all[i].segment;
            test->damage.is_lost[i] = (segment->source.port < segment->destination.port) == side;
        }
        check_and_forget(test);
    }
}

static void cut_frames(struct test *test)
{
    static const size_t lens[] = {60, 68, 96, 128, 200, 400, 1000, 1400};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        begin(test, "frames cut, length", i);
        test->damage.snap_len = lens[i];
        check_and_forget(test);
    }
}

int main(int argc, char **argv)
{
    struct test test = {0};
    if (argc != 3 || !span_decimal(span_str(argv[2]), UINT32_MAX, &test.max_played))
        return 2;
    frames_load(&test.frames, argv[1]);
    test.damage.is_lost = calloc(test.frames.n, sizeof *test.damage.is_lost);
    if (!test.damage.is_lost)
        abort();
    find_copies(&test);
    play(&test, &test.whole);
    name_records_of_proxies(&test.whole);
    drop_each(&test);
    test.damage.is_large = true;
    end_at_each(&test);
    begin_at_each(&test);
    drop_many(&test);
    drop_directions(&test);
    cut_frames(&test);
    printf("%" PRIu64 " frames played\n", test.n_played);
    seen_free(&test.whole);
    free(test.damage.is_lost);
    free(test.first_copy);
    frames_free(&test.frames);
    return 0;
}
