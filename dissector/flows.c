/* What each segment, tick and secret means for the connections of the roll; see flows.h. Which
 * stage does what stands in connection.c; this file knows connections only as things that are fed,
 * age and end. */
#include "dissector/flows.h"

#include "dissector/dav/xml_prepare.h"
#include "dissector/quic.h"
#include "dissector/roll.h"
#include "dissector/strays.h"
#include "dissector/tls/keylog.h"

#include <stdlib.h>

/* Of a tick, what was idle comes behind what waited. */
#define RANK_IDLE (UINT64_C(1) << 63)
#define RANK_QUIC UINT64_MAX /* and QUIC behind all else */

struct flows {
    const struct limits *limits;
    struct dissector_stats stats;
    struct decode_shared shared;
    struct roll roll;
    struct strays strays;
    struct secrets secrets;
    struct quic quic;
    struct frame_sink frames;
    uint64_t rank;
};

void flows_keep_limits(struct flows *f, size_t elsewhere_bytes, size_t fair_bytes,
                       const struct origin *origin)
{
    size_t max_bytes = f->limits->max_memory_bytes;
    roll_give_up_excess(&f->roll, origin);
    if (flows_buffered_bytes(f) + elsewhere_bytes <= max_bytes)
        return;
    size_t keep_bytes = max_bytes / 100 * ROLL_KEEP_PER_CENT;
    while (flows_buffered_bytes(f) + elsewhere_bytes > keep_bytes &&
           flows_buffered_bytes(f) > fair_bytes && roll_give_up_one(&f->roll, origin))
        continue;
}

/* A segment without payload that can neither begin nor change anything: an ACK or RST of a
 * connection that is not known (any more). A FIN may have been captured before the bytes it ends.
 */
static bool is_idle_talk(const struct segment *segment)
{
    return segment_is_bare(segment, SEGMENT_SYN | SEGMENT_FIN);
}

static void retry_held(struct flows *f, const struct origin *origin)
{
    struct connection *next;
    f->secrets.has_news = false;
    for (struct connection *connection = f->roll.held.first; connection; connection = next) {
        next = connection->next;
        f->rank = connection->listed;
        if (connection_retry(connection, origin) == FEED_NOMEM)
            roll_give_up(&f->roll, connection, origin);
        else
            roll_recount(&f->roll, connection, origin);
    }
}

static void tell_frames(const struct flows *f, const struct segment *segment, uint64_t number)
{
    const struct frame_sink *sink = &f->frames;
    uint64_t completed = segment->origin.ordinal;
    if (!sink->frame)
        return;
    for (size_t i = 0; i < segment->n_frames; i++)
        if (segment->frames[i] != completed)
            sink->frame(sink->ctx, segment->frames[i], completed, number);
    sink->frame(sink->ctx, completed, completed, number);
}

/* Of a connection that is not known, or no more, there is nothing to tell. */
static enum feed take_twin(struct flows *f, const struct segment *notice, const struct turn *turn)
{
    struct connection *connection = roll_find(&f->roll, notice, turn);
    if (connection && notice->payload.len > 0)
        f->stats.n_translated += connection_set_twin(connection, notice);
    else if (connection && connection_is_silent(connection))
        roll_withdraw(&f->roll, connection);
    return f->shared.result;
}

/* Of a connection that begins with segment, resets may have been captured before that. */
static enum feed feed_strays(struct flows *f, struct connection *connection,
                             const struct segment *segment, const struct turn *turn)
{
    struct segment stray;
    enum feed result = FEED_OK;
    while (result != FEED_NOMEM && strays_take(&f->strays, segment, turn, &stray)) {
        tell_frames(f, &stray, connection->number);
        result = connection_feed(connection, &stray);
    }
    return result;
}

enum feed flows_feed(struct flows *f, const struct segment *segment, const struct turn *turn)
{
    f->rank = 0;
    if (segment->is_datagram)
        return quic_feed(&f->quic, segment, turn->hash);
    if (segment->is_twin)
        return take_twin(f, segment, turn);
    bool is_echo = false;
    struct connection *connection = roll_find_own(&f->roll, segment, turn, &is_echo);
    if (!connection && is_idle_talk(segment)) {
        if (segment->flags & SEGMENT_RST)
            strays_keep(&f->strays, segment, turn);
        return f->shared.result;
    }
    bool is_new = !connection;
    if (is_new)
        connection = roll_begin(&f->roll, segment, turn, is_echo);
    if (!connection)
        return FEED_NOMEM;
    roll_touch(&f->roll, connection, turn);
    tell_frames(f, segment, connection->number);
    /* What waits (it is in a list) may have waited enough. */
    bool is_needed = connection->list || !connection_is_told_nothing(connection, segment);
    enum feed fed = is_needed ? connection_feed(connection, segment) : FEED_OK;
    if (is_new && fed != FEED_NOMEM)
        fed = feed_strays(f, connection, segment, turn);
    if (fed == FEED_NOMEM)
        roll_give_up(&f->roll, connection, &segment->origin);
    else if (is_needed)
        roll_recount(&f->roll, connection, &segment->origin);
    if (f->secrets.has_news)
        retry_held(f, &segment->origin);
    roll_end_lingering(&f->roll, turn->clock_ns, &segment->origin);
    return f->shared.result;
}

/* ---- time ---- */

static void tick_held(struct flows *f, const struct origin *origin)
{
    struct connection *next;
    for (struct connection *connection = f->roll.held.first; connection; connection = next) {
        next = connection->next;
        f->rank = connection->listed;
        if (connection_tick(connection, origin) == FEED_NOMEM)
            roll_give_up(&f->roll, connection, origin);
        else
            roll_recount(&f->roll, connection, origin);
    }
}

static void end_idle(struct flows *f, const struct origin *origin)
{
    struct connection *oldest;
    while ((oldest = roll_oldest_idle(&f->roll, origin->time_ns))) {
        f->rank = RANK_IDLE | oldest->touched;
        roll_end(&f->roll, oldest, END_IDLE, origin);
    }
}

enum feed flows_tick(struct flows *f, const struct origin *origin)
{
    tick_held(f, origin);
    roll_end_lingering(&f->roll, origin->time_ns, origin);
    end_idle(f, origin);
    f->rank = RANK_QUIC;
    quic_tick(&f->quic, origin);
    return f->shared.result;
}

/* ---- secrets ---- */

enum feed flows_secrets(struct flows *f, struct span lines, const struct origin *origin)
{
    struct keylog keylog;
    keylog_init(&keylog, &f->secrets);
    enum feed result = keylog_feed(&keylog, lines);
    if (result == FEED_OK)
        result = keylog_finish(&keylog);
    f->stats.n_secrets += keylog.n_secrets;
    f->stats.n_malformed_secrets += keylog.n_malformed;
    if (keylog.n_secrets > 0)
        retry_held(f, origin);
    keylog_free(&keylog);
    return result;
}

void flows_expect_secrets(struct flows *f, bool may_come, const struct origin *origin)
{
    f->secrets.may_grow = may_come;
    if (!may_come)
        retry_held(f, origin);
}

bool flows_lacks_secrets(const struct flows *f)
{
    return f->secrets.is_lacking;
}

enum private_key flows_private_key(struct flows *f, struct span pem)
{
    static const enum private_key answers[] = {
        [CRYPT_RSA_READ] = PRIVATE_KEY_TAKEN,          [CRYPT_RSA_NONE] = PRIVATE_KEY_NONE,
        [CRYPT_RSA_ENCRYPTED] = PRIVATE_KEY_ENCRYPTED, [CRYPT_RSA_OTHER] = PRIVATE_KEY_NOT_RSA,
        [CRYPT_RSA_NOMEM] = PRIVATE_KEY_NOMEM,
    };
    if (f->secrets.n_private_keys == SECRETS_MAX_PRIVATE_KEYS)
        return PRIVATE_KEY_TOO_MANY;
    return answers[secrets_add_private_key(&f->secrets, pem)];
}

/* ---- life ---- */

void flows_prepare(void)
{
    xml_prepare();
}

struct flows *flows_open(const struct limits *limits, const struct hash_key *key,
                         struct event_sink sink)
{
    struct flows *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->limits = limits;
    f->shared = (struct decode_shared){
        .limits = limits, .sink = sink, .stats = &f->stats, .secrets = &f->secrets};
    quic_init(&f->quic, &f->shared);
    secrets_init(&f->secrets, limits->max_tls_sessions, key);
    roll_init(&f->roll, &f->shared);
    strays_init(&f->strays, limits);
    return f;
}

void flows_tell_frames(struct flows *f, struct frame_sink sink)
{
    f->frames = sink;
}

void flows_read_batches(struct flows *f)
{
    f->shared.reads_batches = true;
}

enum feed flows_finish(struct flows *f, const struct origin *origin)
{
    size_t n = roll_n(&f->roll);
    struct connection **all = roll_by_beginning(&f->roll);
    if (!all)
        return FEED_NOMEM;
    for (size_t i = 0; i < n; i++) {
        f->rank = all[i]->begun;
        roll_end(&f->roll, all[i], END_CAPTURE, origin);
    }
    free(all);
    f->rank = RANK_QUIC;
    quic_finish(&f->quic, origin);
    return f->shared.result;
}

enum feed flows_result(const struct flows *f)
{
    return f->shared.result;
}

uint64_t flows_rank(const struct flows *f)
{
    return f->rank;
}

void flows_add_stats(const struct flows *f, struct dissector_stats *sum)
{
    stats_add(sum, &f->stats);
}

size_t flows_n_connections(const struct flows *f)
{
    return roll_n(&f->roll);
}

size_t flows_buffered_bytes(const struct flows *f)
{
    return roll_buffered_bytes(&f->roll) + strays_buffered_bytes(&f->strays) +
           quic_buffered_bytes(&f->quic);
}

void flows_close(struct flows *f)
{
    if (!f)
        return;
    f->shared.result = FEED_STOP;
    roll_free(&f->roll);
    strays_free(&f->strays);
    pool_free(&f->shared.http);
    pool_free(&f->shared.exchanges);
    pool_free(&f->shared.connections);
    quic_free(&f->quic);
    secrets_free(&f->secrets);
    free(f);
}
