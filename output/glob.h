/* glob: shell patterns on bytes. fnmatch(3) needs a terminated string that is valid in the locale;
 * captured bytes are neither.
 *
 * * stands for any bytes, also "/" and none; ? for one byte; [abc], [a-z], [!a] for one of (none
 * of) them; \ takes the next byte as it is. A [ without ] is itself. Time: at most length of
 * pattern times length of text. */
#pragma once

#include "dissector/base/span.h"

/* Whether the whole text matches. is_nocase: ASCII letters match both cases. */
bool glob_match(const char *pattern, struct span text, bool is_nocase);
