/* source: where frames came from, and how people call it. */
#pragma once

#include <stddef.h>

struct source {
    const char *file;      /* as named by the user, or NULL */
    const char *interface; /* live capture, or NULL */
};

/* All of a run; index = origin.source. */
struct sources {
    const struct source *items;
    size_t n;
};

/* "" when it is not among them. */
static inline const char *source_name(const struct sources *sources, size_t i)
{
    const struct source *source = i < sources->n ? &sources->items[i] : NULL;
    const char *name = !source ? NULL : source->file ? source->file : source->interface;
    return name ? name : "";
}
