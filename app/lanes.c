/* Rounds of batches out, events in; see lanes.h. */
#include "app/lanes.h"

#include "app/lane.h"
#include "dissector/front.h"

#include <stdlib.h>

enum { ROUNDS = LANE_BATCHES + 1 }; /* under way, and the one that is filled */

struct lanes {
    struct lanes_config config;
    struct limits limits; /* of one lane: with its share of max_lingering */
    struct front front;
    struct turn turn;
    uint64_t place;
    struct lane_shared shared;
    struct lane lane[MERGE_MAX_LANES];
    struct batch batches[ROUNDS][MERGE_MAX_LANES];
    struct merge merge;
    uint64_t n_sent, n_merged; /* rounds */
    size_t told_bytes;         /* by front, of shared.held_bytes */
    uint64_t n_dropped;
    bool goes_by_address;
    enum feed result;
};

/* ---- rounds ---- */

static struct batch *batch_of(struct lanes *lanes, size_t i)
{
    return &lanes->batches[lanes->n_sent % ROUNDS][i];
}

static bool has_items(struct lanes *lanes)
{
    bool is_any = false;
    for (size_t i = 0; i < lanes->config.n; i++)
        is_any |= batch_of(lanes, i)->n > 0;
    return is_any;
}

static bool has_full(struct lanes *lanes)
{
    bool is_any = false;
    for (size_t i = 0; i < lanes->config.n; i++)
        is_any |= batch_is_full(batch_of(lanes, i));
    return is_any;
}

static void settle(struct lanes *lanes, enum feed result)
{
    if (lanes->result == FEED_OK)
        lanes->result = result;
    if (lanes->result != FEED_OK)
        atomic_store(&lanes->shared.is_cancelled, true);
}

static void merge_oldest(struct lanes *lanes)
{
    settle(lanes, merge_round(&lanes->merge, lanes->config.sink));
    lanes->n_merged++;
}

static bool is_oldest_ready(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->config.n; i++)
        if (!lane_has_done(&lanes->lane[i], lanes->n_merged + 1))
            return false;
    return true;
}

/* Live: takes what is ready. Files: makes room for one more round. */
static void take_rounds(struct lanes *lanes)
{
    while (lanes->n_sent > lanes->n_merged) {
        bool is_room = lanes->n_sent - lanes->n_merged < LANE_BATCHES;
        if (lanes->config.is_live ? !is_oldest_ready(lanes) : is_room)
            return;
        merge_oldest(lanes);
    }
}

static void tell_bytes(struct lanes *lanes)
{
    size_t bytes = front_buffered_bytes(&lanes->front);
    atomic_fetch_add(&lanes->shared.held_bytes, bytes - lanes->told_bytes);
    lanes->told_bytes = bytes;
}

static void send_round(struct lanes *lanes)
{
    tell_bytes(lanes);
    for (size_t i = 0; i < lanes->config.n; i++)
        (void)queue_push(&lanes->lane[i].batches, batch_of(lanes, i));
    lanes->n_sent++;
    for (size_t i = 0; i < lanes->config.n; i++)
        batch_clear(batch_of(lanes, i));
}

/* Sends the round that is filled when it is time, and when there is room for it. */
static void send_when_due(struct lanes *lanes)
{
    bool is_live = lanes->config.is_live;
    if (!is_live && !has_full(lanes))
        return;
    take_rounds(lanes);
    uint64_t n_under_way = lanes->n_sent - lanes->n_merged;
    bool is_due = has_full(lanes) || n_under_way == 0;
    if (is_due && n_under_way < LANE_BATCHES && has_items(lanes))
        send_round(lanes);
}

/* ---- what the front says ---- */

static uint64_t hash_of(const struct lanes *lanes, const struct segment *segment)
{
    if (!lanes->goes_by_address)
        return lanes->turn.hash;
    struct segment addresses = {.source = segment->source, .destination = segment->destination};
    struct turn turn = {0};
    addresses.source.port = addresses.destination.port = 0;
    turn_next(&turn, &lanes->config.key, &addresses);
    return turn.hash;
}

/* By the upper bits: tables go by the lower ones. Datagrams are few. */
static size_t lane_of(const struct lanes *lanes, const struct segment *segment)
{
    if (segment->is_datagram)
        return 0;
    return (size_t)((hash_of(lanes, segment) >> 32) * lanes->config.n >> 32);
}

static enum feed on_segment(void *ctx, const struct segment *segment)
{
    struct lanes *lanes = ctx;
    turn_next(&lanes->turn, &lanes->config.key, segment);
    struct batch *batch = batch_of(lanes, lane_of(lanes, segment));
    lanes->place++;
    if (lanes->config.is_live && batch_is_overfull(batch)) {
        lanes->n_dropped++;
        return FEED_OK;
    }
    struct batch_item *item = batch_add_segment(batch, lanes->place, segment);
    if (!item)
        return FEED_NOMEM;
    item->turn = lanes->turn;
    return FEED_OK;
}

/* A call to every lane. */
static enum feed call_all(struct lanes *lanes, const struct batch_item *call)
{
    lanes->place++;
    for (size_t i = 0; i < lanes->config.n; i++) {
        struct batch_item *item =
            batch_add(batch_of(lanes, i), call->kind, lanes->place, &call->segment.origin);
        if (!item)
            return FEED_NOMEM;
        item->secrets = call->secrets;
    }
    return FEED_OK;
}

static enum feed on_tick(void *ctx, const struct origin *origin)
{
    const struct batch_item call = {.kind = BATCH_TICK, .segment.origin = *origin};
    return call_all(ctx, &call);
}

/* ---- life ---- */

static bool open_lanes(struct lanes *lanes)
{
    struct queue *parcels[MERGE_MAX_LANES];
    for (size_t i = 0; i < lanes->config.n; i++) {
        parcels[i] = &lanes->lane[i].parcels;
        if (!lane_open(&lanes->lane[i], &lanes->shared, i))
            return false;
    }
    merge_init(&lanes->merge, parcels, lanes->config.n);
    return true;
}

struct lanes *lanes_open(const struct lanes_config *config, struct error *error)
{
    struct lanes *lanes = calloc(1, sizeof *lanes);
    if (!lanes) {
        (void)error_set(error, "no memory");
        return NULL;
    }
    lanes->config = *config;
    lanes->limits = *config->limits;
    lanes->limits.max_lingering = lanes->limits.max_lingering / config->n + 1;
    lanes->shared =
        (struct lane_shared){.limits = &lanes->limits, .key = config->key, .n_lanes = config->n};
    front_init(&lanes->front, config->limits, &lanes->config.key,
               (struct front_sink){on_segment, on_tick, lanes});
    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t k = 0; k < config->n; k++)
            batch_init(&lanes->batches[i][k]);
    flows_prepare();
    if (open_lanes(lanes))
        return lanes;
    (void)error_set(error, "no threads, or no memory for them (--threads)");
    lanes_close(lanes);
    return NULL;
}

void lanes_read_batches(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->config.n; i++)
        flows_read_batches(lanes->lane[i].flows);
}

void lanes_expect_secrets(struct lanes *lanes, bool may_come)
{
    for (size_t i = 0; i < lanes->config.n; i++)
        flows_expect_secrets(lanes->lane[i].flows, may_come, &lanes->front.last);
}

enum private_key lanes_private_key(struct lanes *lanes, struct span pem)
{
    enum private_key answer = PRIVATE_KEY_TAKEN;
    for (size_t i = 0; i < lanes->config.n && answer == PRIVATE_KEY_TAKEN; i++)
        answer = flows_private_key(lanes->lane[i].flows, pem);
    lanes->goes_by_address |= lanes->turn.number == 0;
    return answer;
}

enum feed lanes_feed(struct lanes *lanes, uint32_t linktype, struct span frame, uint32_t wire_len,
                     const struct origin *origin)
{
    settle(lanes, front_feed(&lanes->front, linktype, frame, wire_len, origin));
    send_when_due(lanes);
    return lanes->result;
}

/* The lines are the caller's: they are waited for. */
enum feed lanes_secrets(struct lanes *lanes, struct span lines)
{
    const struct batch_item call = {
        .kind = BATCH_SECRETS, .segment.origin = lanes->front.last, .secrets = lines};
    lanes->goes_by_address |= lanes->turn.number == 0;
    settle(lanes, call_all(lanes, &call));
    return lanes_sync(lanes);
}

enum feed lanes_tick(struct lanes *lanes, const struct origin *origin)
{
    settle(lanes, front_tick(&lanes->front, origin));
    return lanes_sync(lanes);
}

enum feed lanes_sync(struct lanes *lanes)
{
    while (lanes->n_sent - lanes->n_merged >= LANE_BATCHES)
        merge_oldest(lanes);
    if (has_items(lanes))
        send_round(lanes);
    while (lanes->n_sent > lanes->n_merged)
        merge_oldest(lanes);
    return lanes->result;
}

enum feed lanes_finish(struct lanes *lanes)
{
    const struct batch_item call = {.kind = BATCH_END, .segment.origin = lanes->front.last};
    settle(lanes, front_finish(&lanes->front));
    settle(lanes, call_all(lanes, &call));
    return lanes_sync(lanes);
}

void lanes_stats(const struct lanes *lanes, struct dissector_stats *stats)
{
    *stats = (struct dissector_stats){
        .net = *net_stats(&lanes->front.net),
        .cannot_decrypt = !dissector_can_decrypt(),
    };
    for (size_t i = 0; i < lanes->config.n; i++)
        flows_add_stats(lanes->lane[i].flows, stats);
    /* Each lane was told all of them. */
    stats->n_secrets /= lanes->config.n;
    stats->n_malformed_secrets /= lanes->config.n;
}

size_t lanes_n_connections(const struct lanes *lanes)
{
    size_t n = 0;
    for (size_t i = 0; i < lanes->config.n; i++)
        n += flows_n_connections(lanes->lane[i].flows);
    return n;
}

size_t lanes_buffered_bytes(const struct lanes *lanes)
{
    size_t bytes = front_buffered_bytes(&lanes->front);
    for (size_t i = 0; i < lanes->config.n; i++)
        bytes += flows_buffered_bytes(lanes->lane[i].flows);
    return bytes;
}

uint64_t lanes_n_dropped(const struct lanes *lanes)
{
    return lanes->n_dropped;
}

void lanes_close(struct lanes *lanes)
{
    if (!lanes)
        return;
    atomic_store(&lanes->shared.is_cancelled, true);
    for (size_t i = 0; i < lanes->config.n; i++)
        lane_close(&lanes->lane[i]);
    merge_free(&lanes->merge);
    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t k = 0; k < lanes->config.n; k++)
            batch_free(&lanes->batches[i][k]);
    front_free(&lanes->front);
    free(lanes);
}
