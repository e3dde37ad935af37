/* Raw names arrive, lasting strings leave; see names.h. A sorted array: a capture has few names,
 * and hostile ones are bounded by the caller. */
#include "capture/names.h"

#include "dissector/base/text.h"

#include <stdlib.h>

/* Where text stands or belongs. */
static size_t find(const struct names *names, const char *text)
{
    size_t low = 0;
    size_t high = names->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->sorted[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool make_place(struct names *names)
{
    if (names->n < names->capacity)
        return true;
    size_t capacity = names->capacity ? 2 * names->capacity : 16;
    char **larger = realloc(names->sorted, capacity * sizeof *larger);
    if (!larger)
        return false;
    names->sorted = larger;
    names->capacity = capacity;
    return true;
}

const char *names_keep(struct names *names, struct span name, size_t max_names)
{
    char text[NAME_BYTES];
    text_printable(text, sizeof text, name);
    size_t at = find(names, text);
    if (at < names->n && strcmp(names->sorted[at], text) == 0)
        return names->sorted[at];
    if (text[0] == '\0' || names->n >= max_names || !make_place(names))
        return NULL;
    size_t size_bytes = strlen(text) + 1;
    char *kept = malloc(size_bytes);
    if (!kept)
        return NULL;
    memcpy(kept, text, size_bytes);
    memmove(names->sorted + at + 1, names->sorted + at, (names->n - at) * sizeof *names->sorted);
    names->sorted[at] = kept;
    names->n++;
    return kept;
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->sorted[i]);
    free(names->sorted);
    *names = (struct names){0};
}
