/* Bytes in, text out. */
#define _GNU_SOURCE /* memmem */
#include "tests/support/document_play.h"

#include "tests/support/call_log.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_POSITIONS = 600 };

static const char *const roots[] = {"none",           "multistatus",         "error",
                                    "mkcol-response", "mkcalendar-response", "schedule-response",
                                    "batch"};

static const struct {
    const char *uri, *prefix;
} spaces[] = {
    {"DAV:", "D:"},
    {"urn:ietf:params:xml:ns:caldav", "C:"},
    {"urn:ietf:params:xml:ns:carddav", "CR:"},
    {"http://calendarserver.org/ns/", "CS:"},
};

struct player {
    struct call_log log;
    bool shows_offsets;
};

/* A line is built here and logged whole. */
struct line {
    char *text;
    size_t len;
    FILE *stream;
};

static void open_line(struct line *line)
{
    line->stream = open_memstream(&line->text, &line->len);
    if (!line->stream)
        abort();
}

static void log_line(struct player *player, struct line *line)
{
    fclose(line->stream);
    call_log_line(&player->log, "%s", line->text);
    free(line->text);
}

static void write_span(FILE *stream, const char *label, struct span s)
{
    if (!s.ptr)
        return;
    fprintf(stream, " %s\"", label);
    for (size_t i = 0; i < s.len; i++)
        fputc(s.ptr[i] < 0x20 ? '?' : s.ptr[i], stream);
    fputc('"', stream);
}

static void write_name(FILE *stream, const struct name *name)
{
    int local_len = (int)name->local.len;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (span_equal(name->space, span_str(spaces[i].uri))) {
            fprintf(stream, "%s%.*s", spaces[i].prefix, local_len, (const char *)name->local.ptr);
            return;
        }
    fprintf(stream, "{%.*s}%.*s", (int)name->space.len, (const char *)name->space.ptr, local_len,
            (const char *)name->local.ptr);
}

static void write_conditions(FILE *stream, const struct conditions *conditions)
{
    for (size_t i = 0; i < conditions->n; i++) {
        fputs(i == 0 ? " if=" : ",", stream);
        write_name(stream, &conditions->names[i]);
    }
    for (size_t i = 0; i < conditions->n_hrefs; i++)
        fprintf(stream, "%s%.*s", i == 0 ? "(" : ",", (int)conditions->hrefs[i].len,
                (const char *)conditions->hrefs[i].ptr);
    if (conditions->n_hrefs > 0)
        fputc(')', stream);
}

static void write_flags(FILE *stream, uint32_t flags, unsigned n, const char *(*name)(unsigned))
{
    const char *before = " flags=";
    for (unsigned i = 0; i < n; i++) {
        if (!(flags >> i & 1))
            continue;
        fprintf(stream, "%s%s", before, name(i));
        before = ",";
    }
}

static void write_status(FILE *stream, const struct status_line *status)
{
    if (status->is_present)
        fprintf(stream, " status=%u", (unsigned)status->code);
}

static void write_propstat(FILE *stream, const struct propstat *propstat)
{
    fprintf(stream, " | %u %s", (unsigned)propstat->status.code, outcome_name(propstat->class));
    for (size_t i = 0; i < propstat->n_properties; i++) {
        fputc(' ', stream);
        write_name(stream, &propstat->properties[i]);
    }
    if (propstat->n_properties_more > 0)
        fprintf(stream, " +%llu", (unsigned long long)propstat->n_properties_more);
    write_conditions(stream, &propstat->conditions);
    write_span(stream, "desc=", propstat->description);
}

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    struct player *player = ctx;
    (void)origin;
    call_log_line(&player->log, "begin %s", roots[root]);
    return FEED_OK;
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    struct player *player = ctx;
    (void)origin;
    struct line line;
    open_line(&line);
    FILE *stream = line.stream;
    if (player->shows_offsets)
        fprintf(stream, "[%llu,%llu) ", (unsigned long long)resource->offset,
                (unsigned long long)resource->end);
    for (size_t i = 0; i < resource->n_hrefs; i++)
        fprintf(stream, "%s%.*s", i > 0 ? "," : "", (int)resource->hrefs[i].len,
                (const char *)resource->hrefs[i].ptr);
    fprintf(stream, " %s", outcome_name(resource->class));
    write_status(stream, &resource->status);
    write_flags(stream, resource->flags, RESOURCE_FLAG_N, resource_flag_name);
    write_conditions(stream, &resource->conditions);
    write_span(stream, "desc=", resource->description);
    write_span(stream, "location=", resource->location);
    write_span(stream, "uid=", resource->uid);
    for (size_t i = 0; i < resource->n_propstats; i++)
        write_propstat(stream, &resource->propstats[i]);
    log_line(player, &line);
    return FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct player *player = ctx;
    call_log_line(&player->log, "note %s @%llu %s", anomaly_name(anomaly->kind),
                  (unsigned long long)anomaly->offset, anomaly->text);
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    struct player *player = ctx;
    (void)origin;
    struct line line;
    open_line(&line);
    fprintf(line.stream, "end %s%s%s", verdict_name(end->verdict), end->reason ? " " : "",
            end->reason ? end->reason : "");
    if (end->format != FORMAT_XML)
        fprintf(line.stream, " format=%s", format_name(end->format));
    if (end->is_operation_inferred)
        fprintf(line.stream, " inferred=%s", operation_name(end->operation));
    fprintf(line.stream, " n=%llu", (unsigned long long)end->n_resources);
    write_flags(line.stream, end->flags, DOCUMENT_FLAG_N, document_flag_name);
    if (end->has_sync_token)
        write_span(line.stream, "token=", end->sync_token);
    write_span(line.stream, "desc=", end->description);
    for (unsigned i = 0; i < STATUS_N; i++)
        if (end->by_status[i] > 0)
            fprintf(line.stream, " %ux%u", i, (unsigned)end->by_status[i]);
    log_line(player, &line);
}

static const struct document_ops ops = {on_begin, on_resource, on_note, on_end, NULL};

static const struct request default_request = {
    .is_seen = true,
    .operation = OPERATION_PROPFIND,
    .target = {(const uint8_t *)"/f/", 3},
    .is_body_whole = true,
};

static enum feed feed_part(struct document *document, struct span part, size_t max_bytes)
{
    struct origin origin = {.ordinal = 1, .frame = 1};
    enum feed feed = FEED_OK;
    while (part.len > 0 && feed == FEED_OK) {
        struct span piece = max_bytes > 0 ? span_first(part, max_bytes) : part;
        /* A copy of its own, so that a read beyond it is seen. */
        uint8_t *copy = malloc(piece.len);
        if (!copy)
            abort();
        memcpy(copy, piece.ptr, piece.len);
        feed = document_feed(document, span_of(copy, piece.len), &origin);
        free(copy);
        part = span_after(part, piece.len);
    }
    return feed;
}

static void feed_all(struct document *document, struct span body, const struct document_plan *plan)
{
    struct origin origin = {.ordinal = 1, .frame = 1};
    size_t first = plan->gap_bytes > 0 ? plan->gap_at : plan->split_at;
    enum feed feed = feed_part(document, span_first(body, first), plan->max_bytes);
    if (plan->gap_bytes > 0 && feed == FEED_OK)
        feed = document_gap(document, plan->gap_bytes, &origin);
    if (feed == FEED_OK)
        feed = feed_part(document, span_after(body, first + plan->gap_bytes), plan->max_bytes);
    if (feed == FEED_NOMEM)
        abort();
}

char *document_play(const struct document_case *played, const struct document_plan *plan)
{
    struct player player = {.shows_offsets = played->shows_offsets};
    struct origin origin = {.ordinal = 1, .frame = 1};
    struct document *document;
    struct document_params params = {
        .limits = played->limits ? played->limits : &limits_default,
        .request = played->request ? played->request : &default_request,
        .http_status = played->http_status ? played->http_status : 207,
        .media_type = span_str(played->media_type),
        .charset = span_str(played->charset),
        .boundary = span_str(played->boundary),
        .reads_batches = played->reads_batches,
        .expects_batch = played->expects_batch,
    };
    bool is_cut = plan->cut_at < played->body.len;
    struct document_finish_params finish = {
        .why = is_cut ? END_FIN : END_COMPLETE,
        .cut_reason = is_cut                ? "wire-truncated"
                      : plan->gap_bytes > 0 ? "capture-gap"
                                            : NULL,
        .missing_bytes = plan->gap_bytes,
    };
    call_log_begin(&player.log);
    if (document_open(&document, &params, &ops, &player) != FEED_OK)
        abort();
    feed_all(document, span_first(played->body, plan->cut_at), plan);
    document_finish(document, &finish, &origin);
    document_close(document);
    char *text = strdup(call_log_end(&player.log));
    call_log_free(&player.log);
    if (!text)
        abort();
    return text;
}

static void complain(const char *what, size_t where, const char *expected, const char *got)
{
    fprintf(stderr, "%s %zu\n--- expected\n%s--- got\n%s", what, where, expected, got);
    abort();
}

static void expect_same(const struct document_case *played, const struct document_plan *plan,
                        const char *expected)
{
    char *got = document_play(played, plan);
    if (strcmp(got, expected) != 0)
        complain(plan->max_bytes > 0 ? "in feeds of" : "split at",
                 plan->max_bytes > 0 ? plan->max_bytes : plan->split_at, expected, got);
    free(got);
}

static bool is_resource(const char *line)
{
    return strncmp(line, "begin ", 6) != 0 && strncmp(line, "note ", 5) != 0 &&
           strncmp(line, "end ", 4) != 0;
}

static const char *next_resource(const char *line)
{
    while (*line != '\0' && !is_resource(line))
        line = strchr(line, '\n') + 1;
    return line;
}

/* The resource that the cut went through, told as what it is. */
static bool is_cut_off(const char *line, size_t len)
{
    return memmem(line, len, " unknown", 8) && memmem(line, len, "partial", 7);
}

/* What was found before the cut may be told as it is; a claim to have seen everything may not. */
static void expect_prefix(const char *whole, const char *got, size_t cut_at)
{
    const char *end = strstr(got, "\nend ");
    if (end && strncmp(end, "\nend incomplete", 15) != 0 &&
        strncmp(end, "\nend undecodable", 16) != 0)
        complain("claims to be whole, cut at", cut_at, whole, got);
    const char *of_whole = next_resource(whole);
    for (const char *line = next_resource(got); *line != '\0';) {
        size_t len = (size_t)(strchr(line, '\n') - line) + 1;
        bool is_last = *next_resource(line + len) == '\0';
        if (is_last && is_cut_off(line, len))
            return;
        if (strncmp(line, of_whole, len) != 0)
            complain("no prefix, cut at", cut_at, whole, got);
        line = next_resource(line + len);
        of_whole = next_resource(of_whole + len);
    }
}

void document_expect(const struct document_case *played, const char *expected)
{
    static const size_t sizes[] = {0, 1, 2, 3, 7, 64};
    size_t len = played->body.len, step = len / MAX_POSITIONS + 1;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        expect_same(played, &(struct document_plan){.max_bytes = sizes[i], .cut_at = SIZE_MAX},
                    expected);
    for (size_t at = 1; at < len; at += step)
        expect_same(played, &(struct document_plan){.split_at = at, .cut_at = SIZE_MAX}, expected);
    for (size_t at = 0; at < len && !played->decides_late; at += step) {
        char *got = document_play(played, &(struct document_plan){.cut_at = at});
        expect_prefix(expected, got, at);
        free(got);
    }
}
