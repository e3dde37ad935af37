/*
 * In: a conversation and, beside it, NAME.expect, the lines of tests/support/event_dump. Plays it
 * whole, byte by byte, at every split, with every segment twice, with neighbours swapped: the same
 * lines each time. Plays it cut at every length: a prefix of these lines, and for what was open one
 * ending that does not claim to have seen all. (What the whole conversation says too may be said: a
 * body can be whole before its message is. That a body is not whole before its framing says so is
 * for conversations that end there.)
 *
 *     conv_test NAME.conv                test it
 *     conv_test --events NAME.conv       print the lines (to make NAME.expect of, once read)
 *     conv_test --pcap FILE NAME.conv    write a capture to look at
 */
#include "tests/support/conv_dissect.h"
#include "tests/support/pcap_write.h"

#include <stdlib.h>

enum { MAX_PATH_BYTES = 4096 };

/* Bytes that all plays with one split, or one cut, may process together; a conversation of up to
 * 4 KiB is then played at every position. */
enum { BUDGET_BYTES = 16 << 20 };

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static struct conv_result play(const struct conv *conv, const struct conv_plan *plan)
{
    struct conv_result result = conv_dissect(conv, plan, 0);
    if (result.feed != FEED_OK)
        fail("the dissector did not take every frame");
    return result;
}

static const char *line_or_nothing(const struct event_dump *dump, size_t i)
{
    return i < dump->n_lines ? dump->lines[i].text : "(nothing)";
}

static void expect_same(const struct event_dump *whole, const struct conv *conv,
                        const struct conv_plan *plan, const char *play_name)
{
    struct conv_result got = play(conv, plan);
    size_t n = got.dump.n_lines > whole->n_lines ? got.dump.n_lines : whole->n_lines;
    for (size_t i = 0; i < n; i++) {
        const char *want_line = line_or_nothing(whole, i);
        const char *got_line = line_or_nothing(&got.dump, i);
        if (strcmp(want_line, got_line) == 0)
            continue;
        fprintf(stderr,
                "%s (split at %zu) differs from whole in line %zu\n  whole: %s\n  now:   %s\n",
                play_name, plan->split_at, i + 1, want_line, got_line);
        exit(1);
    }
    event_dump_free(&got.dump);
}

static enum verdict final_verdict(const struct event_dump *dump, uint64_t document)
{
    for (size_t i = 0; i < dump->n_lines; i++)
        if (dump->lines[i].kind == EVENT_DOCUMENT_END && dump->lines[i].document == document)
            return dump->lines[i].verdict;
    return VERDICT_N;
}

/* Why a line that came when the capture had ended is a lie; NULL when it is honest. is_same: it is
 * also what the whole conversation says, in this place. */
static const char *lie_of(const struct event_line *line, const struct event_dump *whole,
                          bool is_same)
{
    bool was_undecodable = line->verdict == VERDICT_UNDECODABLE &&
                           final_verdict(whole, line->document) == VERDICT_UNDECODABLE;
    if (is_same || !line->is_whole)
        return NULL;
    switch (line->kind) {
    case EVENT_DOCUMENT_BEGIN:
    case EVENT_TLS_OPAQUE:
        return NULL;
    case EVENT_RESOURCE:
        return "a resource that the whole conversation has not";
    case EVENT_DOCUMENT_END:
        return was_undecodable ? NULL : "a verdict on a document not wholly seen";
    case EVENT_LOCKS:
        return "locks that the whole conversation has not";
    case EVENT_EXCHANGE:
        break;
    }
    return "an exchange is called complete";
}

/* Every document that began ended, once. */
static bool has_one_ending_each(const struct event_dump *dump)
{
    size_t n_begun = 0, n_ended = 0;
    for (size_t i = 0; i < dump->n_lines; i++) {
        n_begun += dump->lines[i].kind == EVENT_DOCUMENT_BEGIN;
        n_ended += dump->lines[i].kind == EVENT_DOCUMENT_END;
    }
    return n_begun == n_ended;
}

static void expect_honest(const struct event_dump *whole, const struct conv *conv, size_t cut_at)
{
    struct conv_plan plan = conv_plan_whole;
    plan.cut_at = cut_at;
    struct conv_result got = play(conv, &plan);
    const char *lie = has_one_ending_each(&got.dump) ? NULL : "not one ending for each document";
    bool is_prefix = true;
    size_t i = 0;
    for (; !lie && i < got.dump.n_lines; i++) {
        const struct event_line *line = &got.dump.lines[i];
        is_prefix = is_prefix && strcmp(line->text, line_or_nothing(whole, i)) == 0;
        if (i >= got.n_before_finish)
            lie = lie_of(line, whole, is_prefix);
        else if (!is_prefix)
            lie = "not what the whole conversation says";
    }
    if (lie) {
        fprintf(stderr, "cut at %zu: %s\n", cut_at, lie);
        for (size_t j = 0; j < got.dump.n_lines; j++)
            fprintf(stderr, "%s %s\n", j < i ? " " : ">", got.dump.lines[j].text);
        exit(1);
    }
    event_dump_free(&got.dump);
}

/* The i-th position to split or cut at; CONV_NOWHERE behind the last. All, when the budget allows;
 * else half of what it allows at the front and as much spread over the rest. */
static size_t position(const struct conv *conv, size_t i)
{
    size_t n_bytes = conv->n_bytes, n_allowed = n_bytes ? BUDGET_BYTES / n_bytes : 0;
    if (n_bytes <= n_allowed)
        return i + 1 < n_bytes ? i + 1 : CONV_NOWHERE;
    size_t n_front = n_allowed / 2, n_rest = n_allowed - n_front;
    if (i < n_front)
        return i + 1;
    if (i >= n_allowed)
        return CONV_NOWHERE;
    return n_front + (size_t)((uint64_t)(n_bytes - n_front) * (i - n_front) / n_rest);
}

static void expect_file(const struct event_dump *whole, const char *conv_path)
{
    char path[MAX_PATH_BYTES];
    int stem_len = (int)(strlen(conv_path) - strlen(".conv"));
    snprintf(path, sizeof path, "%.*s.expect", stem_len, conv_path);
    FILE *file = fopen(path, "r");
    if (!file)
        fail("no .expect beside the conversation");
    char *line = NULL;
    size_t capacity = 0;
    size_t i = 0;
    for (ssize_t len; (len = getline(&line, &capacity, file)) > 0; i++) {
        line[len - 1] = '\0';
        if (strcmp(line, line_or_nothing(whole, i)) == 0)
            continue;
        fprintf(stderr, "%s:%zu:\n  expected: %s\n  got:      %s\n", path, i + 1, line,
                line_or_nothing(whole, i));
        exit(1);
    }
    if (i < whole->n_lines) {
        fprintf(stderr, "%s:%zu: not expected: %s\n", path, i + 1, whole->lines[i].text);
        exit(1);
    }
    free(line);
    fclose(file);
}

static void test(const char *path)
{
    struct conv conv;
    conv_load(&conv, path);
    struct event_dump whole = play(&conv, &conv_plan_whole).dump;
    expect_file(&whole, path);

    struct conv_plan plan = conv_plan_whole;
    plan.max_segment_bytes = 1;
    expect_same(&whole, &conv, &plan, "byte by byte");
    plan.max_segment_bytes = 100;
    plan.is_repeated = true;
    expect_same(&whole, &conv, &plan, "every segment twice");
    plan.is_repeated = false;
    plan.is_swapped = true;
    if (!conv.is_midway) /* the first byte of a beginning that was not seen is what came first */
        expect_same(&whole, &conv, &plan, "neighbours swapped");

    plan = conv_plan_whole;
    for (size_t i = 0; (plan.split_at = position(&conv, i)) != CONV_NOWHERE; i++)
        expect_same(&whole, &conv, &plan, "split");
    for (size_t i = 0, at; (at = position(&conv, i)) != CONV_NOWHERE; i++)
        expect_honest(&whole, &conv, at);
    event_dump_free(&whole);
    conv_free(&conv);
}

static void print_events(const char *path)
{
    struct conv conv;
    conv_load(&conv, path);
    struct event_dump whole = play(&conv, &conv_plan_whole).dump;
    for (size_t i = 0; i < whole.n_lines; i++)
        printf("%s\n", whole.lines[i].text);
    event_dump_free(&whole);
    conv_free(&conv);
}

static void write_frame(void *ctx, struct span frame, int64_t time_ns)
{
    pcap_write_frame(ctx, frame, time_ns);
}

static void write_pcap(const char *pcap_path, const char *path)
{
    struct conv conv;
    conv_load(&conv, path);
    FILE *file = fopen(pcap_path, "wb");
    if (!file)
        fail("cannot write the capture");
    pcap_write_header(file);
    conv_play(&conv, &conv_plan_whole, (struct conv_frame_sink){write_frame, file});
    fclose(file);
    conv_free(&conv);
}

int main(int argc, char **argv)
{
    if (argc == 2)
        test(argv[1]);
    else if (argc == 3 && strcmp(argv[1], "--events") == 0)
        print_events(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "--pcap") == 0)
        write_pcap(argv[2], argv[3]);
    else
        fail("usage: conv_test [--events | --pcap FILE] NAME.conv");
    return 0;
}
