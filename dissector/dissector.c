/* The library's door: the front (front.h) before the flows (flows.h). */
#include "dissector/dissector.h"

#include "dissector/flows.h"
#include "dissector/front.h"
#include "dissector/tls/crypt.h"

#include <stdlib.h>

struct dissector {
    struct front front;
    struct flows *flows;
    struct hash_key key;
    struct turn turn;
};

static enum feed on_segment(void *ctx, const struct segment *segment)
{
    struct dissector *d = ctx;
    turn_next(&d->turn, &d->key, segment);
    return flows_feed(d->flows, segment, &d->turn);
}

static enum feed on_tick(void *ctx, const struct origin *origin)
{
    struct dissector *d = ctx;
    return flows_tick(d->flows, origin);
}

struct dissector *dissector_open(const struct limits *limits, const struct hash_key *key,
                                 struct event_sink sink)
{
    struct dissector *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->key = *key;
    d->flows = flows_open(limits, key, sink);
    if (!d->flows) {
        free(d);
        return NULL;
    }
    front_init(&d->front, limits, &d->key, (struct front_sink){on_segment, on_tick, d});
    return d;
}

void dissector_tell_frames(struct dissector *d, struct frame_sink sink)
{
    flows_tell_frames(d->flows, sink);
}

void dissector_read_batches(struct dissector *d)
{
    flows_read_batches(d->flows);
}

enum feed dissector_feed(struct dissector *d, uint32_t linktype, struct span frame,
                         uint32_t wire_len, const struct origin *origin)
{
    enum feed result = front_feed(&d->front, linktype, frame, wire_len, origin);
    flows_keep_limits(d->flows, front_buffered_bytes(&d->front), 0, origin);
    enum feed answer = flows_result(d->flows);
    return answer != FEED_OK ? answer : result;
}

enum feed dissector_secrets(struct dissector *d, struct span lines)
{
    return flows_secrets(d->flows, lines, &d->front.last);
}

void dissector_expect_secrets(struct dissector *d, bool may_come)
{
    flows_expect_secrets(d->flows, may_come, &d->front.last);
}

bool dissector_lacks_secrets(const struct dissector *d)
{
    return flows_lacks_secrets(d->flows);
}

enum private_key dissector_private_key(struct dissector *d, struct span pem)
{
    return flows_private_key(d->flows, pem);
}

bool dissector_can_decrypt(void)
{
    return crypt_is_built_in();
}

enum feed dissector_tick(struct dissector *d, const struct origin *origin)
{
    return front_tick(&d->front, origin);
}

enum feed dissector_finish(struct dissector *d)
{
    if (front_finish(&d->front) == FEED_NOMEM)
        return FEED_NOMEM;
    return flows_finish(d->flows, &d->front.last);
}

void dissector_stats(const struct dissector *d, struct dissector_stats *stats)
{
    *stats = (struct dissector_stats){
        .net = *net_stats(&d->front.net),
        .cannot_decrypt = !crypt_is_built_in(),
    };
    flows_add_stats(d->flows, stats);
}

size_t dissector_n_connections(const struct dissector *d)
{
    return flows_n_connections(d->flows);
}

size_t dissector_buffered_bytes(const struct dissector *d)
{
    return flows_buffered_bytes(d->flows) + front_buffered_bytes(&d->front);
}

void dissector_close(struct dissector *d)
{
    if (!d)
        return;
    flows_close(d->flows);
    front_free(&d->front);
    free(d);
}
