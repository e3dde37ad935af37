/* explain_word: what the words of the output mean: verdicts and their reasons, classes of
 * resources, flags, and anomalies. A constant table; some words stand in it with several kinds. */
#pragma once

#include <stddef.h>

struct explain_word {
    const char *name;
    const char *kind;    /* "verdict", "reason of a verdict", "class of a resource", "flag",
                          * "anomaly" */
    const char *meaning; /* one or two plain sentences */
};

/* Row i, NULL behind the last. */
const struct explain_word *explain_word_at(size_t i);

/* The next row of that name, ASCII case ignored; before: the one found last, NULL to begin with.
 * NULL: there is none. */
const struct explain_word *explain_word_find(const char *name, const struct explain_word *before);
