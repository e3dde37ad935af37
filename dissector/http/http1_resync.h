/* http1_resync: lines from somewhere in a stream in, the next message's start out, as detect.h
 * says: a start line with a plausible field line or the empty line behind it.
 *
 * Linear in the bytes, whatever they are, and at most three times HTTP1_RESYNC_WINDOW_BYTES are
 * gathered: of a longer line only the end is looked at. */
#pragma once

#include "dissector/http/http1_line.h"
#include "dissector/http/http1_start.h"
#include "dissector/http/message.h"

enum { HTTP1_RESYNC_WINDOW_BYTES = 4096 };

struct http1_resync {
    enum dir dir;
    bool is_fresh;      /* no line has come since the place was lost */
    bool has_candidate; /* a start line stands before the current line */
    bool is_behind;     /* it began behind other bytes of its line */
    bool is_at_loss;    /* it is the first that came since the place was lost */
};

/* With a candidate: what the current line, whole or not yet, shows the line before it to be. */
enum http1_field_check http1_resync_check(const struct http1_resync *resync,
                                          const struct http1_line *line);

/* Looks at the current line, whole or not yet, after each http1_line_take; forgets what cannot be
 * part of a message. True: found; what is gathered begins with a whole start line, behind which the
 * current line is a field line or the empty line. */
bool http1_resync_line(struct http1_resync *resync, struct http1_line *line, bool is_whole);
