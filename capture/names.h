/* names: interface names of a capture, each kept once and until the end, because frames and what
 * is made of them point to them. */
#pragma once

#include "dissector/base/span.h"

/* The longest name kept with its NUL; longer ones are cut and end with "…". */
enum { NAME_BYTES = 128 };

struct names {
    char **sorted;
    size_t n, capacity;
};

/* The printable form of name as a NUL-terminated string that stays until names_free; NULL for an
 * empty name, without memory, and for new names when max_names are kept already. */
const char *names_keep(struct names *names, struct span name, size_t max_names);

void names_free(struct names *names);
