/* chunk_watch: takes out of a body whose framing was not seen what may be chunk-size lines: lines
 * of hexadecimal digits, alone or with extensions behind them (RFC 9112 §7.1, §7.1.1), and the line
 * end before them. Text can look like
 * that too, so the first one breaks the body: what stands on its two sides may belong together or
 * not. It also says where the next one is due; found there, and from then on, lines are certain,
 * and the body goes on over them, up to the last chunk. */
#pragma once

#include "dissector/base/span.h"

/* More digits are the length of no chunk that is sent; extensions of signed chunks take 80 bytes.
 */
enum { CHUNK_WATCH_MAX_DIGITS = 8, CHUNK_WATCH_MAX_LINE_BYTES = 128 };

struct chunk_watch {
    /* fields are private; zeroed = at the beginning */
    /* What may be the beginning of a line: CR LF, digits, extensions, CR LF. */
    uint8_t held[2 + CHUNK_WATCH_MAX_LINE_BYTES + 2];
    size_t n_held;
    bool has_extension; /* begun in what is held */
    uint64_t due_bytes; /* is_due: of the body before the next line */
    bool is_due;        /* a line was taken that may tell where the next one is */
    bool is_certain;    /* and one was where it was due */
    bool is_over;       /* the last chunk is over */
};

/* Takes bytes from the front of *bytes and returns those of the body, valid until the next call;
 * empty: more have to come, or, with *is_break, bytes of the body may be missing here. */
struct span chunk_watch_next(struct chunk_watch *watch, struct span *bytes, bool *is_break);
