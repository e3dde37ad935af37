/* A capture arrives, text leaves; see capture_log.h. */
#include "tests/support/capture_log.h"

#include "dissector/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHOWN_BYTES = 40, LINE_BYTES = 512 };

static void show_frame(const struct capture_frame *f, char *out, size_t size_bytes)
{
    char bytes[SHOWN_BYTES + 8] = "";
    if (f->bytes.len <= SHOWN_BYTES)
        text_printable(bytes, sizeof bytes, f->bytes);
    (void)snprintf(out, size_bytes,
                   "frame %" PRIu64 " link %" PRIu32 " at %" PRId64 ".%09" PRId64
                   " len %zu/%" PRIu32 " if %" PRIu32 " %s: %s\n",
                   f->origin.frame, f->linktype, f->origin.time_ns / 1000000000,
                   f->origin.time_ns % 1000000000, f->bytes.len, f->wire_len, f->interface_id,
                   f->interface ? f->interface : "-", bytes);
}

void capture_log_item(enum capture_result result, const struct capture_item *item, char *out,
                      size_t size_bytes)
{
    if (result == CAPTURE_FRAME)
        show_frame(&item->frame, out, size_bytes);
    else if (result == CAPTURE_SECRETS)
        (void)snprintf(out, size_bytes, "secrets %" PRIx32 ": %.*s\n", item->secrets.type,
                       (int)item->secrets.bytes.len, (const char *)item->secrets.bytes.ptr);
    else if (item->error->has_offset)
        (void)snprintf(out, size_bytes, "damaged at %" PRIu64 ": %s\n", item->error->offset,
                       item->error->reason);
    else
        (void)snprintf(out, size_bytes, "damaged: %s\n", item->error->reason);
}

struct log {
    char *text;
    size_t len, capacity_bytes;
};

static void append(struct log *log, const char *line)
{
    size_t line_len = strlen(line);
    if (log->capacity_bytes - log->len <= line_len) {
        log->capacity_bytes = 2 * (log->capacity_bytes + line_len) + 1;
        log->text = realloc(log->text, log->capacity_bytes);
        if (!log->text)
            abort();
    }
    memcpy(log->text + log->len, line, line_len + 1);
    log->len += line_len;
}

char *capture_log_path(const char *path)
{
    struct log log = {0};
    append(&log, "");
    char line[LINE_BYTES];
    struct capture_item item;
    struct capture *c = capture_open(path, NULL);
    if (!c)
        abort();
    enum capture_result result;
    while ((result = capture_next(c, &item)) != CAPTURE_END) {
        if (result == CAPTURE_NOMEM)
            abort();
        capture_log_item(result, &item, line, sizeof line);
        append(&log, line);
    }
    struct capture_counts counts = capture_counts(c);
    (void)snprintf(line, sizeof line, "counts %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                   counts.received, counts.dropped, counts.interface_dropped);
    if (counts.is_known)
        append(&log, line);
    capture_close(c);
    return log.text;
}

void capture_log_file(struct span bytes, char *path_out)
{
    memcpy(path_out, "/tmp/davscope-test-XXXXXX", sizeof "/tmp/davscope-test-XXXXXX");
    int fd = mkstemp(path_out);
    if (fd < 0)
        abort();
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n <= 0)
            abort();
        bytes = span_after(bytes, (size_t)n);
    }
    (void)close(fd);
}

char *capture_log_bytes(struct span bytes)
{
    char path[40];
    capture_log_file(bytes, path);
    char *text = capture_log_path(path);
    (void)unlink(path);
    return text;
}
