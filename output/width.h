/* width: columns that text takes on a terminal. wcwidth(3) would follow the locale; this follows
 * the text (Unicode 14: East_Asian_Width W and F are two columns, combining marks and format
 * characters none, everything else one). Ambiguous characters count as one. */
#pragma once

#include "dissector/base/span.h"

/* 0, 1 or 2. */
unsigned width_of(uint32_t code_point);

/* Of printable UTF-8 (as escape_text makes it); an invalid byte counts as one. */
size_t width_text(struct span text);

/* How many bytes from the start of text take at most max_columns, whole characters only. */
size_t width_prefix(struct span text, size_t max_columns);

/* The same from its end: how many bytes at the end take at most max_columns. */
size_t width_suffix(struct span text, size_t max_columns);
