/* Pieces of a stream in, whole lines out. Knows nothing of what the lines mean. */
#include "dissector/http/http1_line.h"

void http1_line_init(struct http1_line *line, size_t max_bytes)
{
    *line = (struct http1_line){0};
    buf_init(&line->kept, max_bytes);
}

/* Gathers the first n bytes. False: no memory. */
static bool gather(struct http1_line *line, struct span *bytes, size_t n)
{
    if (line->kept.len > 0) {
        if (buf_append(&line->kept, span_first(*bytes, n)) != BUF_OK)
            return false;
    } else {
        line->here.ptr = line->here.len > 0 ? line->here.ptr : bytes->ptr;
        line->here.len += n;
    }
    *bytes = span_after(*bytes, n);
    return true;
}

enum http1_line_result http1_line_take(struct http1_line *line, struct span *bytes)
{
    struct span piece = span_first(*bytes, HTTP1_LINE_TAKE_BYTES);
    size_t n = span_find_byte(piece, '\n');
    bool is_whole = n < piece.len;
    if (!gather(line, bytes, is_whole ? n + 1 : n))
        return HTTP1_LINE_NOMEM;
    return is_whole ? HTTP1_LINE_WHOLE : HTTP1_LINE_PART;
}

/* The length of the lines at the start of bytes that are whole and not empty. */
static size_t fields_len(struct span bytes)
{
    size_t at = 0;
    for (;;) {
        struct span rest = span_after(bytes, at);
        size_t n = span_find_byte(rest, '\n');
        bool is_empty = n == 0 || (n == 1 && rest.ptr[0] == '\r');
        if (n == rest.len || is_empty)
            return at;
        at += n + 1;
    }
}

bool http1_line_take_fields(struct http1_line *line, struct span *bytes, size_t max_bytes)
{
    size_t n_gathered = http1_line_all(line).len;
    size_t n_more = n_gathered < max_bytes ? max_bytes - n_gathered : 0;
    size_t n = fields_len(span_first(*bytes, n_more));
    if (n > 0 && !gather(line, bytes, n))
        return false;
    line->current = n_gathered + n;
    return true;
}

struct span http1_line_all(const struct http1_line *line)
{
    return line->kept.len > 0 ? buf_span(&line->kept) : line->here;
}

struct span http1_line_current(const struct http1_line *line)
{
    return span_after(http1_line_all(line), line->current);
}

void http1_line_next(struct http1_line *line)
{
    line->current = http1_line_all(line).len;
}

void http1_line_drop(struct http1_line *line, size_t n)
{
    n += line->current;
    if (n >= http1_line_all(line).len) {
        http1_line_clear(line);
        return;
    }
    if (line->kept.len > 0)
        buf_drop_first(&line->kept, n);
    else
        line->here = span_after(line->here, n);
    line->current = 0;
}

void http1_line_clear(struct http1_line *line)
{
    buf_free(&line->kept);
    line->here = (struct span){NULL, 0};
    line->current = 0;
}

bool http1_line_keep(struct http1_line *line)
{
    if (line->here.len > 0 && buf_append(&line->kept, line->here) != BUF_OK)
        return false;
    line->here = (struct span){NULL, 0};
    return true;
}
