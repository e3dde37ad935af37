/* explain_word: what the words of the output mean: verdicts and their reasons, classes of
 * resources, and flags. A constant table. */
#pragma once

#include <stddef.h>

struct explain_word {
    const char *name;
    const char *kind;    /* "verdict", "reason of a verdict", "class of a resource", "flag" */
    const char *meaning; /* one or two plain sentences */
};

/* Row i, NULL behind the last. */
const struct explain_word *explain_word_at(size_t i);

/* ASCII case ignored; NULL: there is none. */
const struct explain_word *explain_word_find(const char *name);
