/* Growable items, and one buffer of payloads; see batch.h. */
#include "app/batch.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

void batch_init(struct batch *batch)
{
    *batch = (struct batch){.n = 0};
    buf_init(&batch->bytes, SIZE_MAX);
}

static bool make_room(struct batch *batch)
{
    if (batch->n < batch->capacity)
        return true;
    size_t capacity = batch->capacity ? batch->capacity * 2 : FIRST_CAPACITY;
    struct batch_item *grown = realloc(batch->items, capacity * sizeof *grown);
    if (!grown)
        return false;
    batch->items = grown;
    batch->capacity = capacity;
    return true;
}

struct batch_item *batch_add(struct batch *batch, enum batch_kind kind, uint64_t place,
                             const struct origin *origin)
{
    if (!make_room(batch))
        return NULL;
    struct batch_item *item = &batch->items[batch->n++];
    *item = (struct batch_item){.kind = kind, .place = place, .segment.origin = *origin};
    return item;
}

struct batch_item *batch_add_segment(struct batch *batch, uint64_t place,
                                     const struct segment *segment)
{
    size_t at = batch->bytes.len;
    if (!make_room(batch) || buf_append(&batch->bytes, segment->payload) != BUF_OK)
        return NULL;
    struct batch_item *item = &batch->items[batch->n++];
    *item = (struct batch_item){.kind = BATCH_SEGMENT, .place = place, .segment = *segment};
    item->segment.frames = NULL;
    item->segment.n_frames = 0;
    item->payload_at = at;
    return item;
}

struct segment batch_segment(const struct batch *batch, const struct batch_item *item)
{
    struct segment segment = item->segment;
    segment.payload.ptr = batch->bytes.ptr + item->payload_at;
    return segment;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->n >= BATCH_ITEMS || batch->bytes.len >= BATCH_BYTES;
}

bool batch_is_overfull(const struct batch *batch)
{
    return batch->n >= BATCH_PATIENCE * BATCH_ITEMS ||
           batch->bytes.len >= BATCH_PATIENCE * BATCH_BYTES;
}

void batch_free(struct batch *batch)
{
    free(batch->items);
    buf_free(&batch->bytes);
    batch_init(batch);
}

void batch_clear(struct batch *batch)
{
    if (batch->capacity > 2 * BATCH_ITEMS || batch->bytes.capacity_bytes > 2 * BATCH_BYTES) {
        batch_free(batch);
        return;
    }
    batch->n = 0;
    buf_clear(&batch->bytes);
}
