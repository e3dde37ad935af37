/* http1_lines: what a gathered line means in each state of http1 that gathers lines. Private to
 * http1. */
#pragma once

#include "dissector/http/http1.h"

/* Looks at the current line of half->line, whole or not yet, and goes on to the next state. FEED_OK
 * or FEED_NOMEM. A line at which the state changes to or from HTTP1_RESYNC is to be taken again. */
enum feed http1_lines_take(struct http1_half *half, bool is_whole, const struct origin *origin);
