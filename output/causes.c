/* A short table of pairs; see causes.h. */
#include "output/causes.h"

#include "dissector/base/text.h"
#include "output/clark.h"

#include <stdlib.h>

/* Names longer than this are cut twice; nobody has them. */
enum { MAX_NAME_BYTES = 512 };

static void set_condition(struct cause *cause, const struct conditions *conditions)
{
    struct writer text;
    writer_init_memory(&text, MAX_NAME_BYTES);
    clark_write_raw(&text, conditions->names, conditions->n > 0);
    text_printable(cause->condition, sizeof cause->condition, writer_span(&text));
    (void)writer_close(&text);
}

static void add(struct causes *causes, const struct record_resource *resource)
{
    struct record_cause of_resource = record_cause(resource->pattern);
    struct cause wanted = {.status = of_resource.status};
    set_condition(&wanted, of_resource.conditions);
    size_t i = 0;
    while (i < causes->n && (causes->cells[i].status != wanted.status ||
                             strcmp(causes->cells[i].condition, wanted.condition) != 0))
        i++;
    if (i == CAUSES_MAX) {
        causes->n_others += resource->n_hrefs;
        return;
    }
    if (i == causes->n)
        causes->cells[causes->n++] = wanted;
    causes->cells[i].n += resource->n_hrefs;
}

void causes_add(struct causes *causes, const struct record *record)
{
    for (const struct record_resource *r = record->resources; r; r = r->next)
        if (outcome_is_problem(r->pattern->class))
            add(causes, r);
}

static int compare(const void *left, const void *right)
{
    const struct cause *a = left, *b = right;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    if (a->status != b->status)
        return a->status < b->status ? -1 : 1;
    return strcmp(a->condition, b->condition);
}

void causes_sort(const struct causes *causes, struct cause sorted[CAUSES_MAX])
{
    memcpy(sorted, causes->cells, sizeof causes->cells);
    qsort(sorted, causes->n, sizeof *sorted, compare);
}
