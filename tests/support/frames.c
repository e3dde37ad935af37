/* A path in, its frames and what TCP segments they hold out. */
#include "tests/support/frames.h"

#include "capture/capture.h"
#include "dissector/net/net.h"

#include <stdio.h>
#include <stdlib.h>

enum { TLS_KEY_LOG = 0x544c534b }; /* type of a Decryption Secrets Block */

static _Noreturn void fail(const char *what, const char *path)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(2);
}

static enum feed take_segment(void *ctx, const struct segment *segment)
{
    struct frame *frame = ctx;
    frame->has_segment = true;
    frame->segment = *segment;
    frame->first = segment->payload.len > 0 ? segment->payload.ptr[0] : 0;
    return FEED_OK;
}

static void find_segment(struct frame *frame)
{
    struct net net;
    struct origin origin = {0};
    net_init(&net, &limits_default, (struct segment_sink){take_segment, frame});
    net_feed(&net, frame->linktype, frame->bytes, frame->wire_len, &origin);
    net_free(&net);
}

static void add(struct frames *frames, const struct capture_frame *captured, const char *path)
{
    uint8_t *copy = malloc(captured->bytes.len + 1);
    frames->all = realloc(frames->all, (frames->n + 1) * sizeof *frames->all);
    if (!frames->all || !copy)
        fail("no memory", path);
    if (captured->bytes.len > 0)
        memcpy(copy, captured->bytes.ptr, captured->bytes.len);
    struct frame *frame = &frames->all[frames->n++];
    *frame = (struct frame){
        .bytes = span_of(copy, captured->bytes.len),
        .linktype = captured->linktype,
        .wire_len = captured->wire_len,
        .time_ns = captured->origin.time_ns,
    };
    find_segment(frame);
}

static void add_secrets(struct frames *frames, const struct capture_secrets *secrets,
                        const char *path)
{
    if (secrets->type == TLS_KEY_LOG && buf_append(&frames->secrets, secrets->bytes) != BUF_OK)
        fail("no memory", path);
}

void frames_load(struct frames *frames, const char *path)
{
    *frames = (struct frames){0};
    buf_init(&frames->secrets, SIZE_MAX);
    struct capture *capture = capture_open(path, NULL);
    if (!capture)
        fail("no memory", path);
    struct capture_item item;
    enum capture_result result;
    while ((result = capture_next(capture, &item)) != CAPTURE_END) {
        if (result == CAPTURE_FRAME)
            add(frames, &item.frame, path);
        else if (result == CAPTURE_SECRETS)
            add_secrets(frames, &item.secrets, path);
        else
            fail("cannot be read", path);
    }
    capture_close(capture);
}

void frames_free(struct frames *frames)
{
    for (size_t i = 0; i < frames->n; i++)
        free((void *)frames->all[i].bytes.ptr);
    free(frames->all);
    buf_free(&frames->secrets);
    *frames = (struct frames){0};
}
