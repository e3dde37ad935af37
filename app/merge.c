/* The smallest key of all lanes comes next; see merge.h. */
#include "app/merge.h"

#include <assert.h>

/* Goes on to the next event of a lane in this round, if there is one. A lane that closed its queue
 * is one without memory. */
static void advance(struct merge *merge, struct merge_end *end)
{
    if (end->next)
        end->next = end->next->next;
    while (!end->next) {
        bool is_over = end->parcel && end->parcel->is_last;
        parcel_close(end->parcel);
        end->parcel = is_over ? NULL : queue_take(end->parcels);
        if (is_over)
            return;
        if (!end->parcel || end->parcel->result == FEED_NOMEM)
            merge->result = FEED_NOMEM;
        if (!end->parcel)
            return;
        end->next = end->parcel->first;
    }
}

static struct merge_end *first_of_all(struct merge *merge)
{
    struct merge_end *first = NULL;
    for (size_t i = 0; i < merge->n; i++) {
        struct merge_end *end = &merge->ends[i];
        if (end->next && (!first || parcel_order(&end->next->key, &first->next->key) < 0))
            first = end;
    }
    return first;
}

void merge_init(struct merge *merge, struct queue *const *parcels, size_t n)
{
    assert(n <= MERGE_MAX_LANES);
    *merge = (struct merge){.n = n};
    for (size_t i = 0; i < n; i++)
        merge->ends[i].parcels = parcels[i];
}

enum feed merge_round(struct merge *merge, struct event_sink sink)
{
    struct merge_end *end;
    for (size_t i = 0; i < merge->n; i++)
        advance(merge, &merge->ends[i]);
    while ((end = first_of_all(merge))) {
        if (merge->result == FEED_OK)
            merge->result = sink.event(sink.ctx, &end->next->event);
        advance(merge, end);
    }
    return merge->result;
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->n; i++)
        parcel_close(merge->ends[i].parcel);
    *merge = (struct merge){0};
}
