/* writer: buffered text to a file descriptor or to memory, with one sticky error.
 *
 * After an error everything written is dropped and the error stays, so callers write freely and ask
 * once. A reader that went away (EPIPE) is an error as well, but a quiet one: writer_is_closed
 * tells it apart. SIGPIPE is the program's matter (ignore it). Writes go on after EINTR.
 *
 * Only text of ours goes in by writer_text and writer_format; what was captured goes in through
 * escape.h. */
#pragma once

#include "dissector/base/buf.h"

/* Written through when so much has gathered. */
enum { WRITER_BUFFER_BYTES = 65536 };

enum colour { COLOUR_BAD, COLOUR_WARN, COLOUR_GOOD, COLOUR_STRONG, COLOUR_FAINT, COLOUR_N };

struct writer {
    int error; /* errno of the first failure; 0 = none */
    /* the rest is private */
    struct buf pending;
    int fd; /* -1: memory */
    bool is_owned, is_coloured;
};

/* Writes to a descriptor that stays the caller's. */
void writer_init(struct writer *writer, int fd, bool is_coloured);

/* Creates or empties the file; then owns its descriptor. mode: of a new one, less the umask. On
 * failure error is set. */
void writer_create(struct writer *writer, const char *path, unsigned mode);

/* Keeps what is written, up to the first piece that would make it longer than max_bytes (error
 * EFBIG); see writer_span. */
void writer_init_memory(struct writer *writer, size_t max_bytes);

/* Whether writer_colour does anything; memory writers begin without. */
void writer_set_coloured(struct writer *writer, bool is_coloured);

void writer_bytes(struct writer *writer, struct span bytes);
static inline void writer_text(struct writer *writer, const char *text)
{
    writer_bytes(writer, span_str(text));
}
void writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* n times the same character, as for indents. */
void writer_repeat(struct writer *writer, char c, size_t n);

/* Begins and ends a colour; nothing at all when is_coloured is not set. Colours do not nest. */
void writer_colour(struct writer *writer, enum colour colour);
void writer_plain(struct writer *writer);

/* Makes error the sticky one, unless there is one already: what was to be written could not be
 * made. Nothing happens when error is 0. */
void writer_fail(struct writer *writer, int error);

/* Hands everything gathered to the system. */
void writer_flush(struct writer *writer);

/* The reader went away: a reason to stop, not to complain. */
bool writer_is_closed(const struct writer *writer);

/* What a memory writer holds; borrowed until the next write. */
struct span writer_span(const struct writer *writer);

/* Empties a memory writer. */
void writer_clear(struct writer *writer);

/* Flushes; closes an owned descriptor; returns the error (errno value, 0 = none). Idempotent. */
int writer_close(struct writer *writer);
