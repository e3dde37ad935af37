/* Gathers text and hands it to a descriptor, or keeps it; see writer.h. Knows nothing of what the
 * text means. */
#include "output/writer.h"

#include "output/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { FORMAT_BYTES = 1024 };

/* ECMA-48 SGR sequences. */
static const char *const colours[COLOUR_N] = {
    [COLOUR_BAD] = "\x1b[1;31m", [COLOUR_WARN] = "\x1b[33m", [COLOUR_GOOD] = "\x1b[32m",
    [COLOUR_STRONG] = "\x1b[1m", [COLOUR_FAINT] = "\x1b[2m",
};

void writer_fail(struct writer *writer, int error)
{
    if (error == 0)
        return;
    if (writer->error == 0)
        writer->error = error;
    if (writer->fd >= 0)
        buf_clear(&writer->pending);
}

/* Everything, or fail. */
static void write_out(struct writer *writer, struct span s)
{
    if (writer->error == 0)
        writer_fail(writer, write_all(writer->fd, s));
}

void writer_init(struct writer *writer, int fd, bool is_coloured)
{
    *writer = (struct writer){.fd = fd, .is_coloured = is_coloured};
    buf_init(&writer->pending, WRITER_BUFFER_BYTES);
}

void writer_create(struct writer *writer, const char *path, unsigned mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    writer_init(writer, fd, false);
    if (fd < 0)
        writer_fail(writer, errno);
    writer->is_owned = fd >= 0;
}

void writer_init_memory(struct writer *writer, size_t max_bytes)
{
    *writer = (struct writer){.fd = -1};
    buf_init(&writer->pending, max_bytes);
}

void writer_set_coloured(struct writer *writer, bool is_coloured)
{
    writer->is_coloured = is_coloured;
}

void writer_bytes(struct writer *writer, struct span bytes)
{
    if (writer->error != 0)
        return;
    enum buf_result result = buf_append(&writer->pending, bytes);
    if (result == BUF_OK)
        return;
    if (result == BUF_NOMEM || writer->fd < 0) {
        writer_fail(writer, result == BUF_NOMEM ? ENOMEM : EFBIG);
        return;
    }
    writer_flush(writer);
    write_out(writer, bytes);
}

void writer_format(struct writer *writer, const char *format, ...)
{
    char text[FORMAT_BYTES];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof text)
        writer_fail(writer, EOVERFLOW);
    else
        writer_bytes(writer, span_of(text, (size_t)len));
}

void writer_repeat(struct writer *writer, char c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        writer_bytes(writer, span_of(&c, 1));
}

void writer_colour(struct writer *writer, enum colour colour)
{
    if (writer->is_coloured)
        writer_text(writer, colours[colour]);
}

void writer_plain(struct writer *writer)
{
    if (writer->is_coloured)
        writer_text(writer, "\x1b[0m");
}

void writer_flush(struct writer *writer)
{
    if (writer->fd < 0)
        return;
    write_out(writer, buf_span(&writer->pending));
    buf_clear(&writer->pending);
}

bool writer_is_closed(const struct writer *writer)
{
    return writer->error == EPIPE;
}

struct span writer_span(const struct writer *writer)
{
    return buf_span(&writer->pending);
}

void writer_clear(struct writer *writer)
{
    buf_clear(&writer->pending);
}

int writer_close(struct writer *writer)
{
    writer_flush(writer);
    if (writer->is_owned && close(writer->fd) != 0)
        writer_fail(writer, errno);
    writer->is_owned = false;
    writer->fd = -1;
    buf_free(&writer->pending);
    return writer->error;
}
