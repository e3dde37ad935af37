/* See trace.h. */
#include "tests/mutations/trace.h"

#include "capture/timeline.h"
#include "tests/support/conv_play.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINKTYPE_ETHERNET = 1 };

static void *must(void *pointer, const char *what)
{
    if (pointer)
        return pointer;
    (void)fprintf(stderr, "trace: %s\n", what);
    exit(2);
}

void trace_append(struct trace *trace, const struct trace_frame *frame, struct span bytes)
{
    if (trace->n == trace->capacity) {
        trace->capacity = trace->capacity ? 2 * trace->capacity : 64;
        trace->frames =
            must(realloc(trace->frames, trace->capacity * sizeof *trace->frames), "no memory");
    }
    uint32_t cut_bytes = frame->wire_len - (uint32_t)frame->bytes.len;
    uint8_t *copy = must(malloc(bytes.len + 1), "no memory");
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    struct trace_frame *appended = &trace->frames[trace->n++];
    *appended = *frame;
    appended->bytes = span_of(copy, bytes.len);
    appended->wire_len = (uint32_t)bytes.len + cut_bytes;
}

void trace_copy(struct trace *trace, const struct trace_frame *frame)
{
    trace_append(trace, frame, frame->bytes);
}

void trace_add_secrets(struct trace *trace, struct span secrets)
{
    size_t old_len = trace->secrets.len;
    uint8_t *ptr = (uint8_t *)(uintptr_t)trace->secrets.ptr;
    ptr = must(realloc(ptr, old_len + secrets.len + 1), "no memory");
    if (secrets.len > 0)
        memcpy(ptr + old_len, secrets.ptr, secrets.len);
    trace->secrets = span_of(ptr, old_len + secrets.len);
}

void trace_load(struct trace *trace, const char *const *paths, size_t n_paths)
{
    struct timeline *timeline = must(timeline_open(paths, n_paths, NULL), "no memory");
    struct capture_item item;
    enum capture_result result;
    while ((result = timeline_next(timeline, &item)) != CAPTURE_END) {
        if (result == CAPTURE_SECRETS) {
            trace_add_secrets(trace, item.secrets.bytes);
            continue;
        }
        must(result == CAPTURE_FRAME ? &item : NULL, paths[0]);
        struct trace_frame frame = {
            .linktype = item.frame.linktype,
            .wire_len = item.frame.wire_len,
            .time_ns = item.frame.origin.time_ns,
            .bytes = item.frame.bytes,
        };
        trace_copy(trace, &frame);
    }
    timeline_close(timeline);
}

static void add_frame(void *ctx, struct span bytes, int64_t time_ns)
{
    const struct trace_frame frame = {.linktype = LINKTYPE_ETHERNET,
                                      .wire_len = (uint32_t)bytes.len,
                                      .time_ns = time_ns,
                                      .bytes = bytes};
    trace_copy(ctx, &frame);
}

void trace_load_conv(struct trace *trace, const char *path)
{
    struct conv conv;
    conv_load(&conv, path);
    conv_play(&conv, &conv_plan_whole, (struct conv_frame_sink){add_frame, trace});
    conv_free(&conv);
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        free((void *)(uintptr_t)trace->frames[i].bytes.ptr);
    free(trace->frames);
    free((void *)(uintptr_t)trace->secrets.ptr);
    *trace = (struct trace){.n = 0};
}
