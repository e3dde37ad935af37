/* See play.h. */
#include "tests/mutations/play.h"

#include "dissector/dissector.h"
#include "output/collect.h"
#include "output/renderer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct player {
    struct collect collect;
    struct writer out;
    struct source source;
};

static enum feed on_event(void *ctx, const struct event *event)
{
    struct player *player = ctx;
    struct record record;
    enum collect_result result = collect_event(&player->collect, event, &record);
    if (result == COLLECT_NOMEM)
        return FEED_NOMEM;
    struct render render = {
        .writer = &player->out, .resources = RESOURCES_ALL, .sources = {&player->source, 1}};
    if (result == COLLECT_RECORD)
        render_json.document(&render, &record);
    return FEED_OK;
}

/* The members whose values change with the frames. */
static bool is_masked(struct span key, unsigned mask)
{
    static const char *const numbers[] = {"frame", "frames", "connection", "exchange"};
    static const char *const times[] = {"@timestamp", "start", "end", "duration", "latency"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (span_equal(key, span_str(numbers[i])))
            return true;
    for (size_t i = 0; mask & MASK_TIMES && i < sizeof times / sizeof *times; i++)
        if (span_equal(key, span_str(times[i])))
            return true;
    return false;
}

/* Behind the string that begins at `at`, which is a quotation mark. */
static size_t skip_string(struct span text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++)
        at += text.ptr[at] == '\\';
    return at + 1;
}

/* Behind the value that begins at `at`. */
static size_t skip_value(struct span text, size_t at)
{
    int depth = 0;
    while (at < text.len) {
        uint8_t c = text.ptr[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        at = c == '"' ? skip_string(text, at) : at + 1;
        if (depth == 0 && (c == '}' || c == ']'))
            return at;
    }
    return at;
}

/* Copies JSON Lines without masked members; returns the length. */
static size_t copy_masked(struct span text, unsigned mask, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = text.ptr[at] == '"' ? skip_string(text, at) : at + 1;
        bool is_key = text.ptr[at] == '"' && end < text.len && text.ptr[end] == ':';
        if (is_key && is_masked(span_of(text.ptr + at + 1, end - at - 2), mask)) {
            at = skip_value(text, end + 1);
            at += at < text.len && text.ptr[at] == ',';
            continue;
        }
        memcpy(out + len, text.ptr + at, end - at);
        len += end - at;
        at = end;
    }
    return len;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the lines of a text, each of which ends with a line feed. */
static void sort_lines(char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += text[i] == '\n';
    char **lines = calloc(n + 1, sizeof *lines), *sorted = malloc(len + 1);
    if (!lines || !sorted)
        abort();
    char *at = text;
    for (size_t i = 0; i < n; i++) {
        lines[i] = at;
        at = strchr(at, '\n') + 1;
        at[-1] = '\0';
    }
    qsort(lines, n, sizeof *lines, compare_lines);
    char *end = sorted;
    for (size_t i = 0; i < n; i++) {
        size_t line_len = strlen(lines[i]);
        memcpy(end, lines[i], line_len);
        end[line_len] = '\n';
        end += line_len + 1;
    }
    memcpy(text, sorted, len);
    free(lines);
    free(sorted);
}

/* What must not change either. Retransmitted and reordered segments are what the mutations make. */
static int write_counts(char *out, size_t size, const struct dissector_stats *stats)
{
    return snprintf(out, size,
                    "gaps %" PRIu64 ", missing bytes %" PRIu64 ", conflicts %" PRIu64
                    ", connections %" PRIu64 ", HTTP %" PRIu64 ", TLS %" PRIu64 ", other %" PRIu64
                    ", exchanges %" PRIu64 ", without response %" PRIu64
                    ", without request %" PRIu64 "\n",
                    stats->tcp.n_gaps, stats->tcp.missing_bytes, stats->tcp.n_overlap_conflicts,
                    stats->n_connections, stats->n_http_connections, stats->n_tls_connections,
                    stats->n_other_connections, stats->n_exchanges,
                    stats->n_requests_without_response, stats->n_responses_without_request);
}

static void feed_all(struct dissector *dissector, const struct trace *trace)
{
    if (dissector_secrets(dissector, trace->secrets) != FEED_OK)
        abort();
    for (size_t i = 0; i < trace->n; i++) {
        const struct trace_frame *frame = &trace->frames[i];
        struct origin origin = {
            .ordinal = i + 1, .frame = (uint32_t)i + 1, .time_ns = frame->time_ns};
        if (dissector_feed(dissector, frame->linktype, frame->bytes, frame->wire_len, &origin) !=
            FEED_OK)
            abort();
    }
    if (dissector_finish(dissector) != FEED_OK)
        abort();
}

char *play(const struct trace *trace, unsigned mask)
{
    enum { COUNTS_BYTES = 512 };
    struct player player = {.source = {.file = "a.pcap"}};
    const struct hash_key key = {1, 2};
    struct dissector_stats stats;
    collect_init(&player.collect, NULL, RESOURCES_ALL, 0);
    writer_init_memory(&player.out, SIZE_MAX);
    struct dissector *dissector =
        dissector_open(&limits_default, &key, (struct event_sink){on_event, &player});
    if (!dissector)
        abort();
    feed_all(dissector, trace);
    dissector_stats(dissector, &stats);
    dissector_close(dissector);
    struct span json = writer_span(&player.out);
    char *text = malloc(json.len + COUNTS_BYTES);
    if (!text)
        abort();
    size_t len = copy_masked(json, mask, text);
    text[len] = '\0';
    if (mask & MASK_ORDER)
        sort_lines(text, len);
    write_counts(text + len, COUNTS_BYTES, &stats);
    (void)writer_close(&player.out);
    collect_free(&player.collect);
    return text;
}
