/* Writes down what a stream's sink is told; see stream_log.h. */
#include "tests/support/stream_log.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { STORY_BYTES_MAX = 1 << 20 };

static void append(struct buf *b, struct span s)
{
    if (buf_append(b, s) != BUF_OK)
        abort();
}

static void end_bytes(struct stream_log *log)
{
    if (log->story_side >= 0)
        append(&log->story, span_str("'"));
    log->story_side = -1;
}

static void tell(struct stream_log_side *s, const char *what, uint64_t n_bytes)
{
    char text[64];
    end_bytes(s->log);
    if (n_bytes > 0)
        snprintf(text, sizeof text, " %d(%s %" PRIu64 ")", s->side, what, n_bytes);
    else
        snprintf(text, sizeof text, " %d(%s)", s->side, what);
    append(&s->log->story, span_str(text));
}

static enum feed called(struct stream_log_side *s, const struct origin *origin)
{
    assert(s->n_finished == 0);
    s->n_calls++;
    s->last = *origin;
    return s->answer;
}

static enum feed feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct stream_log_side *s = ctx;
    char opening[8];
    assert(bytes.len > 0);
    if (s->log->story_side != s->side) {
        end_bytes(s->log);
        snprintf(opening, sizeof opening, " %d'", s->side);
        append(&s->log->story, span_str(opening));
        s->log->story_side = s->side;
    }
    if (s->log->story.len + bytes.len < STORY_BYTES_MAX / 2)
        append(&s->log->story, bytes);
    append(&s->bytes, bytes);
    return called(s, origin);
}

static enum feed skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct stream_log_side *s = ctx;
    assert(n_bytes > 0 && n_bytes <= s->none_bytes);
    if (s->none_bytes != SINK_ALL)
        s->none_bytes -= n_bytes;
    s->n_skip_bytes += n_bytes;
    tell(s, "skip", n_bytes);
    return called(s, origin);
}

static enum feed gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct stream_log_side *s = ctx;
    static const uint8_t zeros[4096];
    assert(n_bytes > 0);
    for (uint64_t left = n_bytes < (1 << 16) ? n_bytes : 0; left > 0;) {
        size_t len = left < sizeof zeros ? (size_t)left : sizeof zeros;
        append(&s->bytes, span_of(zeros, len));
        left -= len;
    }
    s->n_gaps++;
    *(is_cut ? &s->n_cut_bytes : &s->n_gap_bytes) += n_bytes;
    tell(s, is_cut ? "cut" : "gap", n_bytes);
    return called(s, origin);
}

static uint64_t need_none(void *ctx)
{
    const struct stream_log_side *s = ctx;
    return s->bytes.len >= s->none_after ? s->none_bytes : 0;
}

static void note(void *ctx, const struct anomaly *anomaly)
{
    struct stream_log_side *s = ctx;
    s->n_notes++;
    s->note = *anomaly;
    tell(s, anomaly_name(anomaly->kind), anomaly->n_bytes);
}

static enum feed finish(void *ctx, enum end why, const struct origin *origin)
{
    struct stream_log_side *s = ctx;
    enum feed answer = called(s, origin);
    s->n_finished++;
    s->why = why;
    tell(s, end_name(why), 0);
    return answer;
}

static const struct stream_ops ops = {feed, skip, gap, need_none, note, finish};

void stream_log_init(struct stream_log *log)
{
    *log = (struct stream_log){.story_side = -1};
    buf_init(&log->story, STORY_BYTES_MAX);
    for (int side = 0; side < 2; side++) {
        log->side[side].log = log;
        log->side[side].side = side;
        buf_init(&log->side[side].bytes, SIZE_MAX);
    }
}

struct stream_sink stream_log_sink(struct stream_log *log, int side)
{
    return (struct stream_sink){&ops, &log->side[side]};
}

const char *stream_log_story(struct stream_log *log)
{
    size_t len = log->story.len;
    append(&log->story, span_of("'", log->story_side >= 0));
    append(&log->story, span_of("", 1));
    log->story.len = len;
    return (const char *)log->story.ptr + (len > 0);
}

void stream_log_free(struct stream_log *log)
{
    for (int side = 0; side < 2; side++)
        buf_free(&log->side[side].bytes);
    buf_free(&log->story);
}
