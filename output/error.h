/* error: why something the user asked for cannot be done, as one clear line. */
#pragma once

#include <stdbool.h>

enum { ERROR_TEXT_BYTES = 256 };

struct error {
    char text[ERROR_TEXT_BYTES]; /* NUL-terminated, no line feed; empty = none */
};

/* Sets the text, printf-like; too long is cut. Always false, so that a parser can return it. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
