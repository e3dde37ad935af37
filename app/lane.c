/* The thread of a lane; see lane.h. */
#include "app/lane.h"

#include "output/quiet_thread.h"

/* Whoever counts own bytes in a sum of all. */
static size_t tell_bytes(struct lane *lane)
{
    size_t bytes = flows_buffered_bytes(lane->flows);
    size_t before = atomic_fetch_add(&lane->shared->held_bytes, bytes - lane->told_bytes);
    size_t all_bytes = before + bytes - lane->told_bytes;
    lane->told_bytes = bytes;
    return all_bytes;
}

/* While all together hold too much, those give up that hold more than their share. */
static void keep_limits(struct lane *lane, const struct origin *origin)
{
    size_t all_bytes = tell_bytes(lane);
    size_t fair_bytes = lane->shared->limits->max_memory_bytes / lane->shared->n_lanes;
    flows_keep_limits(lane->flows, all_bytes - lane->told_bytes, fair_bytes, origin);
    tell_bytes(lane);
}

/* Sends what is filled, and begins anew. False: nobody takes it, or there is no memory. */
static bool send(struct lane *lane, bool is_last)
{
    struct parcel *parcel = lane->parcel;
    parcel->is_last = is_last;
    parcel->result = lane->result;
    lane->parcel = parcel_open();
    if (queue_push(&lane->parcels, parcel))
        return lane->parcel != NULL;
    parcel_close(parcel);
    return false;
}

static enum feed on_event(void *ctx, const struct event *event)
{
    struct lane *lane = ctx;
    struct event numbered = *event;
    struct parcel_key key = {lane->place, flows_rank(lane->flows)};
    if (!lane->parcel || atomic_load_explicit(&lane->shared->is_cancelled, memory_order_relaxed))
        return FEED_STOP;
    if (event->document > 0)
        numbered.document = (event->document - 1) * lane->shared->n_lanes + lane->index + 1;
    if (!parcel_add(lane->parcel, &numbered, key))
        return FEED_NOMEM;
    return !parcel_is_full(lane->parcel) || send(lane, false) ? FEED_OK : FEED_NOMEM;
}

static enum feed take_item(struct lane *lane, const struct batch *batch,
                           const struct batch_item *item)
{
    const struct origin *origin = &item->segment.origin;
    struct segment segment;
    switch (item->kind) {
    case BATCH_SEGMENT:
        segment = batch_segment(batch, item);
        return flows_feed(lane->flows, &segment, &item->turn);
    case BATCH_TICK:
        return flows_tick(lane->flows, origin);
    case BATCH_SECRETS:
        return flows_secrets(lane->flows, item->secrets, origin);
    case BATCH_END:
        break;
    }
    return flows_finish(lane->flows, origin);
}

static void take_batch(struct lane *lane, const struct batch *batch)
{
    if (atomic_load(&lane->shared->is_cancelled))
        return;
    for (size_t i = 0; i < batch->n && lane->result == FEED_OK; i++) {
        lane->place = batch->items[i].place;
        lane->result = take_item(lane, batch, &batch->items[i]);
    }
    if (batch->n > 0)
        keep_limits(lane, &batch->items[batch->n - 1].segment.origin);
}

static void *work(void *ctx)
{
    struct lane *lane = ctx;
    const struct batch *batch;
    while (lane->parcel && (batch = queue_take(&lane->batches))) {
        take_batch(lane, batch);
        if (lane->parcel)
            (void)send(lane, true);
        atomic_fetch_add(&lane->n_done, 1);
    }
    queue_close(&lane->batches);
    queue_close(&lane->parcels);
    atomic_store(&lane->n_done, UINT64_MAX);
    return NULL;
}

bool lane_open(struct lane *lane, struct lane_shared *shared, size_t index)
{
    *lane = (struct lane){.shared = shared, .index = index};
    queue_init(&lane->batches, LANE_BATCHES);
    queue_init(&lane->parcels, LANE_PARCELS);
    lane->parcel = parcel_open();
    lane->flows = flows_open(shared->limits, &shared->key, (struct event_sink){on_event, lane});
    lane->has_thread = lane->parcel && lane->flows && quiet_thread_begin(&lane->thread, work, lane);
    return lane->has_thread;
}

bool lane_has_done(struct lane *lane, uint64_t n)
{
    return atomic_load(&lane->n_done) >= n || queue_is_full(&lane->parcels);
}

void lane_close(struct lane *lane)
{
    if (!lane->shared)
        return;
    queue_close(&lane->batches);
    queue_close(&lane->parcels);
    if (lane->has_thread)
        (void)pthread_join(lane->thread, NULL);
    struct parcel *parcel;
    while ((parcel = queue_take(&lane->parcels)))
        parcel_close(parcel);
    parcel_close(lane->parcel);
    flows_close(lane->flows);
    queue_free(&lane->batches);
    queue_free(&lane->parcels);
    *lane = (struct lane){0};
}
