/* http1_line: gathers one or more lines of a stream that comes in pieces. What lies in one piece is
 * not copied; what straddles pieces is.
 *
 * Use: for each piece of the stream, http1_line_take until it is used up, then http1_line_keep.
 * After each take, look at http1_line_current; when it is whole, http1_line_next begins the next
 * line behind it, and http1_line_clear forgets everything gathered. */
#pragma once

#include "dissector/base/buf.h"

/* At most so many bytes are gathered by one take, so that limits can be checked in between. */
enum { HTTP1_LINE_TAKE_BYTES = 4096 };

struct http1_line {
    /* fields are private */
    struct buf kept;  /* gathered in earlier pieces; then here is empty */
    struct span here; /* gathered in this piece; then kept is empty */
    size_t current;   /* where in the gathered bytes the current line begins */
};

enum http1_line_result {
    HTTP1_LINE_PART,  /* the current line has not ended yet */
    HTTP1_LINE_WHOLE, /* it ends with LF */
    HTTP1_LINE_NOMEM,
};

/* max_bytes: most that is ever gathered; the user checks its own, lower limits after each take. */
void http1_line_init(struct http1_line *line, size_t max_bytes);

/* Gathers from the start of *bytes, which is advanced. bytes.len > 0. */
enum http1_line_result http1_line_take(struct http1_line *line, struct span *bytes);

/* Gathers, from the start of *bytes, which is advanced, whole lines that are not empty, as far as
 * not more than max_bytes are gathered then: nobody has to look at each of them. Only at the start
 * of a line. May leave some to http1_line_take. False: no memory. */
bool http1_line_take_fields(struct http1_line *line, struct span *bytes, size_t max_bytes);

/* Everything gathered; only the current line, line end included. Borrowed until the next call. */
struct span http1_line_all(const struct http1_line *line);
struct span http1_line_current(const struct http1_line *line);

/* The current line without LF or CR LF; *is_bare_lf (may be NULL): it ended without CR. */
static inline struct span http1_line_text(struct span line, bool *is_bare_lf)
{
    bool has_lf = line.len > 0 && line.ptr[line.len - 1] == '\n';
    bool has_cr = has_lf && line.len > 1 && line.ptr[line.len - 2] == '\r';
    if (is_bare_lf)
        *is_bare_lf = has_lf && !has_cr;
    return span_first(line, line.len - (has_lf ? 1 : 0) - (has_cr ? 1 : 0));
}

/* The current line is whole: the next take gathers behind it. */
void http1_line_next(struct http1_line *line);

/* Forgets what stands before the current line, and the first n bytes of that. */
void http1_line_drop(struct http1_line *line, size_t n);

/* Forgets everything and gives the memory back. */
void http1_line_clear(struct http1_line *line);

/* The piece is used up: copies what of it is gathered. False: no memory. */
bool http1_line_keep(struct http1_line *line);
