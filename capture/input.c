/* A path arrives, its content leaves through a window; see input.h.
 *
 * The window holds what was read and not taken: input_peek makes it long enough (growing it when
 * the caller wants more at once than it can hold), input_skip moves its start. Compressed content
 * goes through a second chunk, packed, which holds the file's own bytes for the decoder.
 *
 * It never seeks, never reads ahead of what a pipe has ready, and keeps nothing that was taken. */
#include "capture/input.h"

#include "dissector/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_BYTES = 512 * 1024, PACKED_BYTES = 256 * 1024 };

static size_t filled(const struct chunk *c)
{
    return c->end - c->start;
}

static void chunk_free(struct chunk *c)
{
    free(c->ptr);
    *c = (struct chunk){0};
}

/* Makes place for n bytes from start on, moving what is there to the front first. */
static bool chunk_reserve(struct chunk *c, size_t n)
{
    if (n <= c->capacity_bytes - c->start)
        return true;
    if (n > c->capacity_bytes) {
        uint8_t *larger = realloc(c->ptr, n);
        if (!larger)
            return false;
        c->ptr = larger;
        c->capacity_bytes = n;
    }
    memmove(c->ptr, c->ptr + c->start, filled(c));
    c->end -= c->start;
    c->start = 0;
    return true;
}

/* The content ends here; input_end will tell why. */
__attribute__((format(printf, 2, 3))) static void fail(struct input *in, const char *format, ...)
{
    struct capture_error *e = &in->failure;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(e->reason, sizeof e->reason, format, arguments);
    va_end(arguments);
    e->has_offset = in->file_bytes > 0;
    e->offset = in->file_bytes - filled(&in->packed);
    in->state = INPUT_FAILED;
}

/* Reads up to n bytes of the file itself; 0 when no more come, is_file_end or state says why. */
static size_t read_file(struct input *in, uint8_t *dst, size_t n)
{
    while (in->state == INPUT_READING && !in->is_file_end) {
        ssize_t got = read(in->fd, dst, n);
        if (got > 0) {
            in->file_bytes += (uint64_t)got;
            return (size_t)got;
        }
        if (got == 0)
            in->is_file_end = true;
        else if (errno != EINTR)
            fail(in, "cannot read: %s", strerror(errno));
        else if (in->stop && *in->stop)
            in->state = INPUT_STOPPED;
    }
    return 0;
}

/* Reads until packed holds n bytes or the file ends. */
static void fill_packed(struct input *in, size_t n)
{
    struct chunk *p = &in->packed;
    if (!chunk_reserve(p, PACKED_BYTES)) {
        in->state = INPUT_NOMEM;
        return;
    }
    while (filled(p) < n) {
        size_t got = read_file(in, p->ptr + p->end, p->capacity_bytes - p->end);
        if (got == 0)
            return;
        p->end += got;
    }
}

/* Between two pieces of coded content (or padding of zeros) and the end: what follows? */
static void enter_next_content(struct input *in)
{
    struct chunk *p = &in->packed;
    do {
        while (filled(p) > 0 && p->ptr[p->start] == 0)
            p->start++;
        if (filled(p) < DECOMPRESS_HEAD_BYTES)
            fill_packed(in, DECOMPRESS_HEAD_BYTES);
    } while (filled(p) > 0 && p->ptr[p->start] == 0);
    if (in->state != INPUT_READING)
        return;
    if (filled(p) == 0)
        in->state = INPUT_EOF;
    else if (in->coding->matches(span_of(p->ptr + p->start, filled(p))))
        in->is_between = false;
    else
        fail(in, "other bytes follow the %s content", in->coding->name);
}

/* One run of the decoder; returns how many bytes it gave. */
static size_t run_decoder(struct input *in, uint8_t *dst, size_t room)
{
    struct chunk *p = &in->packed;
    size_t had = filled(p);
    struct decompress_io io = {p->ptr + p->start, had, dst, room, NULL};
    enum decompress_result result = in->coding->run(in->decoder, &io);
    p->start = p->end - io.in_len;
    bool has_moved = io.in_len < had || io.out_len < room;
    if (result == DECOMPRESS_NOMEM)
        in->state = INPUT_NOMEM;
    else if (result == DECOMPRESS_DAMAGED)
        fail(in, "damaged %s content: %s", in->coding->name, io.reason);
    else if (result == DECOMPRESS_END)
        in->is_between = true;
    else if (!has_moved)
        fail(in, "cut: the file ends inside its %s content", in->coding->name);
    return room - io.out_len;
}

static size_t unpack(struct input *in, uint8_t *dst, size_t room)
{
    size_t got = 0;
    while (got == 0 && in->state == INPUT_READING) {
        if (in->is_between)
            enter_next_content(in);
        else if (filled(&in->packed) == 0)
            fill_packed(in, 1);
        if (in->state == INPUT_READING)
            got = run_decoder(in, dst, room);
    }
    return got;
}

/* Up to room bytes of content; 0 when no more come, and state says why. */
static size_t read_content(struct input *in, uint8_t *dst, size_t room)
{
    if (in->coding)
        return unpack(in, dst, room);
    size_t got = read_file(in, dst, room);
    if (got == 0 && in->state == INPUT_READING)
        in->state = INPUT_EOF;
    return got;
}

void input_open(struct input *in, const char *path, const volatile sig_atomic_t *stop)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *in = (struct input){.stop = stop};
    in->error.path = in->failure.path = is_stdin ? "standard input" : path;
    in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat about;
    if (in->fd < 0 || fstat(in->fd, &about) != 0)
        fail(in, "cannot open: %s", strerror(errno));
    else if (S_ISDIR(about.st_mode))
        fail(in, "is a directory, not a capture file");
    else if (is_stdin && isatty(in->fd))
        fail(in, "is a terminal; a capture must come through a pipe or file");
    else if (S_ISREG(about.st_mode))
        in->total_bytes = (uint64_t)about.st_size;
    else
        in->is_pipe = true;
}

void input_unpack(struct input *in)
{
    const struct decompress *coding = decompress_find(input_peek(in, DECOMPRESS_HEAD_BYTES));
    if (!coding)
        return;
    in->packed = in->window;
    in->window = (struct chunk){0};
    if (!coding->open) {
        fail(in, "compressed with %s, which this build cannot unpack", coding->name);
        return;
    }
    in->coding = coding;
    in->decoder = coding->open();
    in->state = in->decoder ? INPUT_READING : INPUT_NOMEM;
}

struct span input_peek_more(struct input *in, size_t n)
{
    struct chunk *w = &in->window;
    if (in->state == INPUT_READING && !chunk_reserve(w, n > WINDOW_BYTES ? n : WINDOW_BYTES))
        in->state = INPUT_NOMEM;
    while (filled(w) < n && in->state == INPUT_READING)
        w->end += read_content(in, w->ptr + w->end, w->capacity_bytes - w->end);
    return w->ptr ? span_first(span_of(w->ptr + w->start, filled(w)), n) : span_of(NULL, 0);
}

bool input_skip(struct input *in, uint64_t n)
{
    struct chunk *w = &in->window;
    while (n > 0 && input_peek(in, 1).len > 0) {
        size_t step = filled(w) < n ? filled(w) : (size_t)n;
        w->start += step;
        in->offset += step;
        n -= step;
    }
    return n == 0;
}

size_t input_read(struct input *in, uint8_t *dst, size_t n)
{
    struct chunk *w = &in->window;
    size_t got = filled(w) < n ? filled(w) : n;
    if (got > 0) {
        memcpy(dst, w->ptr + w->start, got);
        w->start += got;
    } else if (in->state == INPUT_READING) {
        got = read_content(in, dst, n);
    }
    in->offset += got;
    return got;
}

enum capture_result input_damaged(struct input *in, uint64_t offset, const char *format, ...)
{
    struct capture_error *e = &in->error;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(e->reason, sizeof e->reason, format, arguments);
    va_end(arguments);
    e->has_offset = true;
    e->offset = offset;
    size_t len = strlen(e->reason);
    if (in->coding)
        (void)snprintf(e->reason + len, sizeof e->reason - len,
                       " (offset in the unpacked content)");
    return CAPTURE_DAMAGED;
}

enum capture_result input_end(struct input *in)
{
    if (in->state == INPUT_NOMEM)
        return CAPTURE_NOMEM;
    if (in->state != INPUT_FAILED || in->is_failure_told)
        return CAPTURE_END;
    in->is_failure_told = true;
    in->error = in->failure;
    return CAPTURE_DAMAGED;
}

void input_close(struct input *in)
{
    if (in->decoder)
        in->coding->close(in->decoder);
    in->decoder = NULL;
    if (in->fd > STDIN_FILENO)
        (void)close(in->fd);
    in->fd = -1;
    chunk_free(&in->window);
    chunk_free(&in->packed);
}
