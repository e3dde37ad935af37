/* Two ciphertext streams in, two plain streams out; see tls.h. Here is what comes in, and what
 * waits or is given up; what leaves is in tls_plain.c, what records and messages mean in
 * tls_record.c and tls_message.c. What HTTP is none of them knows. */
#include "dissector/tls/tls.h"

#include "dissector/tls/tls_message.h"
#include "dissector/tls/tls_plain.h"
#include "dissector/tls/tls_record.h"

/* ---- what cannot be read ---- */

static void give_up(struct tls *tls)
{
    key_exchange_free(&tls->key_exchange);
    waiting_free(&tls->waiting);
    for (int i = 0; i < 2; i++)
        (void)tls_settle(&tls->half[i], FEED_STOP);
}

static enum record_answer become_blind(struct tls_half *half)
{
    half->is_blind = true;
    if (tls_other(half)->is_blind || !half->tls->is_open)
        give_up(half->tls);
    return tls_settle(half, FEED_STOP) == FEED_NOMEM ? RECORD_NOMEM : RECORD_STOP;
}

/* A record in TLS 1.0 behind a loss opens never, but gives the one behind it what that needs. */
static bool is_chained(const struct tls_half *half)
{
    return half->tls->facts.version == TLS_1_0;
}

/* Of TLS 1.0 and its block ciphers, into which no message of HTTP fits: with a byte of content or
 * none it stands before each record, so that its chaining cannot be foreseen. */
enum { MAX_SPLIT_BYTES = 36 };

static enum record_answer leave_sealed(struct tls_half *half, const struct record *record)
{
    if (!record->is_sure && !is_chained(half))
        return RECORD_REFUSED;
    /* Early data may be sealed by a secret that nobody told. */
    if (!opener_is_missing(&half->opener) && half->opener.epoch != OPENER_PLAIN)
        tls_plain_note_sealed(half, &record->origin);
    opener_miss(&half->opener, record);
    half->lacks_answer |= tls_other(half)->has_data;
    half->is_gap_told = half->is_gap_told && record->body.len <= MAX_SPLIT_BYTES;
    return RECORD_TAKEN;
}

static bool has_waited_enough(const struct tls *tls, int64_t time_ns)
{
    return !waiting_is_empty(&tls->waiting) &&
           origin_has_passed(tls->waiting.since_ns, time_ns, tls->params.limits->tls_wait_ns + 1);
}

static enum record_answer wait(struct tls *tls, const struct waiting_item *item)
{
    bool is_late = has_waited_enough(tls, item->origin.time_ns);
    enum buf_result result = is_late ? BUF_LIMIT : waiting_put(&tls->waiting, item);
    if (result == BUF_NOMEM)
        return RECORD_NOMEM;
    if (result == BUF_LIMIT)
        give_up(tls);
    return result == BUF_LIMIT ? RECORD_STOP : RECORD_TAKEN;
}

static enum record_answer answer(struct tls_half *half, enum tls_verdict verdict,
                                 const struct record *record)
{
    switch (verdict) {
    case TLS_SEALED:
        return leave_sealed(half, record);
    case TLS_BLIND:
        return become_blind(half);
    case TLS_NOMEM:
        return RECORD_NOMEM;
    case TLS_TAKEN:
    case TLS_WAITS:
        break;
    }
    return half->settled == FEED_OK ? RECORD_TAKEN : RECORD_STOP;
}

static void take_loss(struct tls_half *half, const struct record *record)
{
    if (record->lost.n_bytes == 0)
        return;
    opener_lose(&half->opener, &record->lost);
    tls_message_restart(half);
}

static enum record_answer on_record(void *ctx, const struct record *record)
{
    struct tls_half *half = ctx;
    const struct waiting_item item = {
        .side = tls_side(half), .origin = record->origin, .record = *record};
    if (!waiting_is_empty(&half->tls->waiting))
        return wait(half->tls, &item);
    take_loss(half, record);
    enum tls_verdict verdict = tls_record_take(half, record);
    half->tls->is_front_known = verdict == TLS_WAITS;
    return verdict == TLS_WAITS ? wait(half->tls, &item) : answer(half, verdict, record);
}

/* ---- the sinks ---- */

/* Whole records are missing, and it is known how many: tells so before the next one comes, which
 * may answer something that the peer has not sent yet. */
static enum feed tell_lost_records(struct tls_half *half, const struct origin *origin)
{
    struct record_loss lost;
    uint64_t n_bytes;
    if (half->settled != FEED_OK || !tls_plain_may_lack(half) || half->has_padding ||
        !waiting_is_empty(&half->tls->waiting) || !records_take_lost(&half->records, &lost))
        return half->settled;
    tls_message_restart(half);
    return opener_pass_over(&half->opener, &lost, &n_bytes)
               ? tls_plain_gap(half, n_bytes, lost.is_cut, origin)
               : FEED_OK;
}

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct tls_half *half = ctx;
    if (half->settled != FEED_OK)
        return half->settled;
    enum feed result = records_feed(&half->records, bytes, origin);
    if (result == FEED_OK)
        result = tell_lost_records(half, origin);
    return result == FEED_OK ? half->settled : tls_settle(half, result);
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct tls_half *half = ctx;
    if (half->settled != FEED_OK)
        return half->settled;
    half->is_gap_told = false;
    half->lacks_answer |= tls_other(half)->has_data;
    enum feed result = records_gap(&half->records, n_bytes, is_cut);
    if (result == FEED_OK)
        result = tell_lost_records(half, origin);
    return result == FEED_OK ? half->settled : tls_settle(half, result);
}

/* Nothing is declared unneeded but everything. */
static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    return on_gap(ctx, n_bytes, false, origin);
}

static uint64_t on_need_none(void *ctx)
{
    struct tls_half *half = ctx;
    const struct stream_sink *plain = &half->tls->params.plain[tls_side(half)];
    if (half->settled != FEED_OK)
        return SINK_ALL;
    bool is_unneeded = half->has_data && plain->ops->need_none(plain->ctx) == SINK_ALL;
    return is_unneeded || half->is_finished ? SINK_ALL : 0;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct tls_half *half = ctx;
    const struct stream_sink *plain = &half->tls->params.plain[tls_side(half)];
    if (half->has_data && half->settled == FEED_OK && !half->is_finished)
        plain->ops->note(plain->ctx, anomaly);
}

static enum feed end_half(struct tls_half *half, enum end why, const struct origin *origin)
{
    struct record_loss lost = records_lost(&half->records);
    bool is_missing = lost.n_bytes > 0 || opener_is_missing(&half->opener);
    is_missing = is_missing && !half->is_gap_told;
    if (is_missing && half->tls->is_open &&
        tls_plain_gap(half, SINK_ALL, lost.is_cut, origin) == FEED_NOMEM)
        return FEED_NOMEM;
    return tls_plain_end(half, why, origin);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct tls_half *half = ctx;
    struct tls *tls = half->tls;
    if (half->settled != FEED_OK)
        return half->settled;
    if (waiting_is_empty(&tls->waiting))
        return end_half(half, why, origin);
    const struct waiting_item item = {
        .side = tls_side(half), .is_end = true, .why = why, .origin = *origin};
    return wait(tls, &item) == RECORD_NOMEM ? tls_settle(half, FEED_NOMEM) : half->settled;
}

static const struct stream_ops stream_ops = {
    .feed = on_feed,
    .skip = on_skip,
    .gap = on_gap,
    .need_none = on_need_none,
    .note = on_note,
    .finish = on_finish,
};

/* ---- waiting ---- */

/* False: it waits on. */
static bool retry_item(struct tls *tls, const struct waiting_item *item, enum feed *result)
{
    struct tls_half *half = &tls->half[item->side];
    if (half->settled != FEED_OK)
        return true;
    if (item->is_end) {
        *result = end_half(half, item->why, &item->origin);
        return true;
    }
    if (!tls->is_front_known)
        take_loss(half, &item->record);
    enum tls_verdict verdict = tls_record_take(half, &item->record);
    tls->is_front_known = verdict == TLS_WAITS;
    if (verdict == TLS_WAITS)
        return false;
    if (answer(half, verdict, &item->record) == RECORD_NOMEM)
        *result = tls_settle(half, FEED_NOMEM);
    return true;
}

enum feed tls_retry(struct tls *tls)
{
    struct waiting_item item;
    enum feed result = FEED_OK;
    while (result != FEED_NOMEM && waiting_front(&tls->waiting, &item) &&
           retry_item(tls, &item, &result))
        waiting_drop(&tls->waiting);
    return result;
}

bool tls_is_waiting(struct tls *tls, int64_t time_ns)
{
    if (has_waited_enough(tls, time_ns))
        give_up(tls);
    return !waiting_is_empty(&tls->waiting);
}

/* ---- life ---- */

void tls_init(struct tls *tls, const struct tls_params *params)
{
    const struct limits *limits = params->limits;
    *tls = (struct tls){
        .params = *params, .client = -1, .guesses_left = params->limits->max_tls_tries};
    key_exchange_init(&tls->key_exchange, limits->max_tls_message_bytes, params->secrets);
    for (int i = 0; i < 2; i++) {
        struct tls_half *half = &tls->half[i];
        half->tls = tls;
        records_init(&half->records, limits->max_search_bytes,
                     (struct record_sink){on_record, half});
        handshake_init(&half->handshake, limits->max_tls_message_bytes,
                       tls->key_exchange.is_wanted);
        opener_init(&half->opener, limits, params->secrets, &tls->facts);
    }
    buf_init(&tls->early_data, limits->max_tls_wait_bytes);
    waiting_init(&tls->waiting, limits->max_tls_wait_bytes);
}

void tls_join(struct tls *tls)
{
    give_up(tls);
}

struct stream_sink tls_stream(struct tls *tls, int side)
{
    return (struct stream_sink){&stream_ops, &tls->half[side]};
}

bool tls_is_open(const struct tls *tls)
{
    return tls->is_decrypted;
}

const char *tls_version(const struct tls *tls)
{
    static const char *const names[] = {"1.0", "1.1", "1.2", "1.3"};
    uint16_t version = tls->facts.version;
    if (version == 0 && tls->client >= 0 && opener_is_tls13(&tls->half[0].opener))
        version = TLS_1_3;
    return version >= TLS_1_0 && version <= TLS_1_3 ? names[version - TLS_1_0] : NULL;
}

const char *tls_server_name(const struct tls *tls)
{
    return tls->server_name;
}

int tls_client(const struct tls *tls)
{
    return tls->client;
}

bool tls_offers_h2(const struct tls *tls)
{
    return tls->offers_h2;
}

size_t tls_buffered_bytes(const struct tls *tls)
{
    size_t bytes = tls->early_data.capacity_bytes + tls->waiting.items.capacity_bytes +
                   tls->key_exchange.messages.capacity_bytes;
    for (int i = 0; i < 2; i++)
        bytes += records_buffered_bytes(&tls->half[i].records) +
                 tls->half[i].handshake.kept.capacity_bytes;
    return bytes;
}

void tls_free(struct tls *tls)
{
    for (int i = 0; i < 2; i++) {
        records_free(&tls->half[i].records);
        handshake_free(&tls->half[i].handshake);
        opener_free(&tls->half[i].opener);
    }
    key_exchange_free(&tls->key_exchange);
    buf_free(&tls->early_data);
    waiting_free(&tls->waiting);
}
