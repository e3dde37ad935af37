/* chunk_watch: takes out of a body whose framing was not seen what may be chunk-size lines: lines
 * of hexadecimal digits alone (RFC 9112 §7.1), with the line end before them. Text can look like
 * that too; whoever asks has to take both for possible. */
#pragma once

#include "dissector/base/span.h"

/* CR LF, digits, CR LF; more digits are the length of no chunk that is sent. */
enum { CHUNK_WATCH_MAX_DIGITS = 8 };

struct chunk_watch {
    /* fields are private; zeroed = at the beginning */
    uint8_t held[CHUNK_WATCH_MAX_DIGITS + 3]; /* what may be the beginning of a line */
    size_t n_held;
};

/* Takes bytes from the front of *bytes and returns those of the body, valid until the next call;
 * empty: more have to come, or, with *is_line, such a line stood here. */
struct span chunk_watch_next(struct chunk_watch *watch, struct span *bytes, bool *is_line);
