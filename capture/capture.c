/* A path arrives, items leave: recognises coding and format by content, then lets the format's
 * reader work, and bounds the number of damages reported. Knows no format itself. */
#include "capture/capture.h"

#include "capture/format.h"
#include "capture/input.h"
#include "dissector/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct format *const formats[] = {&pcapng_format, &pcap_format};

struct capture {
    struct input input;
    const struct format *format; /* NULL: not yet known, or not a capture */
    void *reader;
    bool is_over;
    uint64_t n_errors;
    char path[];
};

static enum capture_result refuse(struct input *in)
{
    struct span head = input_peek(in, DECOMPRESS_HEAD_BYTES);
    const struct decompress *coding = in->coding ? decompress_find(head) : NULL;
    if (coding)
        return input_damaged(in, 0, "compressed twice, %s inside %s: unpack it once first",
                             coding->name, in->coding->name);
    char text[3 * DECOMPRESS_HEAD_BYTES + 1] = "";
    for (size_t i = 0; i < head.len; i++)
        (void)snprintf(text + 3 * i, sizeof text - 3 * i, " %02x", head.ptr[i]);
    return input_damaged(in, 0, "not a capture file (first bytes%s)", text);
}

/* Looks at the content and chooses the reader; CAPTURE_IDLE when that worked. */
static enum capture_result begin(struct capture *c)
{
    struct input *in = &c->input;
    input_unpack(in);
    struct span head = input_peek(in, FORMAT_HEAD_BYTES);
    if (head.len == 0) {
        enum capture_result result = input_end(in);
        bool is_empty = result == CAPTURE_END && in->state == INPUT_EOF;
        return is_empty ? input_damaged(in, 0, "empty, not a capture file") : result;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] && !c->format; i++) {
        if (formats[i]->matches(head))
            c->format = formats[i];
    }
    if (!c->format)
        return refuse(in);
    c->reader = c->format->open(in);
    return c->reader ? CAPTURE_IDLE : CAPTURE_NOMEM;
}

static enum capture_result advance(struct capture *c, struct capture_item *item)
{
    if (c->is_over)
        return CAPTURE_END;
    if (c->reader)
        return c->format->next(c->reader, item);
    enum capture_result result = begin(c);
    c->is_over = !c->reader;
    return result;
}

/* The first end after damages that were not told becomes one report of their number. */
static enum capture_result tell_untold(struct capture *c)
{
    c->is_over = true;
    if (c->n_errors <= CAPTURE_MAX_ERRORS)
        return CAPTURE_END;
    uint64_t n_untold = c->n_errors - CAPTURE_MAX_ERRORS;
    c->n_errors = 0;
    return input_damaged(&c->input, c->input.offset, "%" PRIu64 " more damaged places before here",
                         n_untold);
}

struct capture *capture_open(const char *path, const volatile sig_atomic_t *stop)
{
    size_t size_bytes = strlen(path) + 1;
    struct capture *c = calloc(1, sizeof *c + size_bytes);
    if (!c)
        return NULL;
    memcpy(c->path, path, size_bytes);
    input_open(&c->input, c->path, stop);
    return c;
}

enum capture_result capture_next(struct capture *c, struct capture_item *item)
{
    for (;;) {
        enum capture_result result = advance(c, item);
        if (result == CAPTURE_DAMAGED)
            c->n_errors++;
        else if (result == CAPTURE_END)
            result = tell_untold(c);
        bool is_untold = result == CAPTURE_DAMAGED && c->n_errors > CAPTURE_MAX_ERRORS;
        if (result == CAPTURE_IDLE || is_untold)
            continue;
        if (result == CAPTURE_END)
            input_close(&c->input);
        item->error = &c->input.error;
        return result;
    }
}

struct capture_counts capture_counts(const struct capture *c)
{
    return c->reader ? c->format->counts(c->reader) : (struct capture_counts){0};
}

bool capture_can_hold_secrets(const struct capture *c)
{
    return !c->format || c->format->has_secrets;
}

struct capture_progress capture_progress(const struct capture *c)
{
    const struct input *in = &c->input;
    return (struct capture_progress){in->file_bytes, in->total_bytes, !in->is_pipe};
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    if (c->reader)
        c->format->close(c->reader);
    input_close(&c->input);
    free(c);
}

void capture_error_text(const struct capture_error *error, char *out, size_t size_bytes)
{
    char line[4096 + CAPTURE_REASON_BYTES];
    if (error->has_offset)
        (void)snprintf(line, sizeof line, "%.4000s: offset %" PRIu64 ": %s", error->path,
                       error->offset, error->reason);
    else
        (void)snprintf(line, sizeof line, "%.4000s: %s", error->path, error->reason);
    text_printable(out, size_bytes, span_str(line));
}
