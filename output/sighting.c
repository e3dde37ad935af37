/* A few pointers, searched one by one; see sighting.h. */
#include "output/sighting.h"

#include "dissector/base/text.h"

#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    const struct sighting *a = *(const struct sighting *const *)left;
    const struct sighting *b = *(const struct sighting *const *)right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    int by_rule = strcmp(a->rule->id, b->rule->id);
    return by_rule != 0 ? by_rule : strcmp(a->cause, b->cause);
}

struct sighting *sightings_get(struct sightings *sightings, const struct rule *rule,
                               struct span cause)
{
    char printable[SIGHTING_CAUSE_BYTES];
    text_printable(printable, sizeof printable, cause);
    for (size_t i = 0; i < sightings->n; i++)
        if (sightings->items[i]->rule == rule && strcmp(sightings->items[i]->cause, printable) == 0)
            return sightings->items[i];
    struct sighting *sighting = sightings->n < SIGHTINGS_MAX ? calloc(1, sizeof *sighting) : NULL;
    if (!sighting) {
        sightings->has_lost = true;
        return NULL;
    }
    sighting->rule = rule;
    memcpy(sighting->cause, printable, sizeof printable);
    sightings->items[sightings->n++] = sighting;
    return sighting;
}

void sightings_sort(struct sightings *sightings)
{
    qsort(sightings->items, sightings->n, sizeof sightings->items[0], compare);
}

void sightings_free(struct sightings *sightings)
{
    for (size_t i = 0; i < sightings->n; i++) {
        top_free(&sightings->items[i]->hrefs);
        free(sightings->items[i]);
    }
    *sightings = (struct sightings){0};
}
