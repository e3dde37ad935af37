/* Two ciphertext streams in, two plain streams out; see tls.h. Joins records, handshake, opener and
 * waiting; what HTTP is it does not know. */
#include "dissector/tls/tls.h"

#include <assert.h>

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_BYTES = 2 };

static int side_of(const struct tls_half *half)
{
    return half == &half->tls->half[0] ? 0 : 1;
}

static struct tls_half *other_half(const struct tls_half *half)
{
    return &half->tls->half[1 - side_of(half)];
}

static const struct stream_sink *plain_of(const struct tls_half *half)
{
    return &half->tls->params.plain[side_of(half)];
}

static bool is_client(const struct tls_half *half)
{
    return side_of(half) == half->tls->client;
}

static enum feed settle(struct tls_half *half, enum feed why)
{
    if (half->settled == FEED_OK)
        half->settled = why;
    return half->settled;
}

/* ---- plain bytes ---- */

static enum feed give_gap(struct tls_half *half, uint64_t n_bytes, bool is_cut,
                          const struct origin *origin)
{
    struct tls *tls = half->tls;
    const struct stream_sink *plain = plain_of(half);
    if (half->is_finished || half->settled != FEED_OK)
        return half->settled;
    if (!tls->is_open)
        tls->params.opened(tls->params.ctx);
    tls->is_open = true;
    enum feed answer = plain->ops->gap(plain->ctx, n_bytes, is_cut, origin);
    return answer == FEED_OK ? FEED_OK : settle(half, answer);
}

/* The peer goes on behind a hole that nothing has followed yet: what is missing came before. */
static enum feed tell_hole(struct tls_half *half, const struct origin *origin)
{
    bool may_hold_data = half->has_data || is_client(half); /* a client speaks first */
    if (!may_hold_data || half->is_gap_told || !records_is_behind_hole(&half->records))
        return FEED_OK;
    half->is_gap_told = true;
    return give_gap(half, SINK_ALL, records_lost(&half->records).is_cut, origin);
}

static enum feed give(struct tls_half *half, struct span bytes, const struct origin *origin)
{
    struct tls *tls = half->tls;
    const struct stream_sink *plain = plain_of(half);
    if (bytes.len == 0 || half->is_finished || half->settled != FEED_OK)
        return half->settled;
    if (!tls->is_open)
        tls->params.opened(tls->params.ctx);
    tls->is_open = true;
    half->has_data = true;
    if (tell_hole(other_half(half), origin) == FEED_NOMEM)
        return settle(half, FEED_NOMEM);
    enum feed answer = plain->ops->feed(plain->ctx, bytes, origin);
    return answer == FEED_OK ? FEED_OK : settle(half, answer);
}

static enum feed end_plain(struct tls_half *half, enum end why, const struct origin *origin)
{
    const struct stream_sink *plain = plain_of(half);
    if (half->is_finished)
        return half->settled;
    half->is_finished = true;
    if (!half->tls->is_open || half->settled != FEED_OK)
        return half->settled;
    return plain->ops->finish(plain->ctx, why, origin) == FEED_NOMEM ? settle(half, FEED_NOMEM)
                                                                     : FEED_OK;
}

static void note_sealed(struct tls_half *half, const struct origin *origin)
{
    const struct stream_sink *plain = plain_of(half);
    const struct anomaly anomaly =
        anomaly_make(ANOMALY_TLS_RECORD, origin, 0, "a record does not authenticate");
    if (half->tls->is_open)
        plain->ops->note(plain->ctx, &anomaly);
}

/* ---- early data ---- */

static enum feed keep_early(struct tls *tls, struct span bytes, const struct origin *origin)
{
    if (tls->early == TLS_EARLY_REFUSED)
        return FEED_OK;
    tls->early_origin = *origin;
    switch (buf_append(&tls->early_data, bytes)) {
    case BUF_OK:
        return FEED_OK;
    case BUF_LIMIT:
        tls->early = TLS_EARLY_REFUSED;
        buf_free(&tls->early_data);
        return FEED_OK;
    case BUF_NOMEM:
        break;
    }
    return FEED_NOMEM;
}

static enum feed decide_early(struct tls *tls, enum tls_early early)
{
    enum feed result = FEED_OK;
    if (tls->early != TLS_EARLY_UNSURE)
        return FEED_OK;
    tls->early = early;
    if (early == TLS_EARLY_ACCEPTED && tls->client >= 0)
        result = give(&tls->half[tls->client], buf_span(&tls->early_data), &tls->early_origin);
    buf_free(&tls->early_data);
    return result == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* ---- handshake messages ---- */

static void name_client(struct tls *tls, int side)
{
    if (tls->client >= 0)
        return;
    tls->client = side;
    tls->half[side].opener.dir = DIR_CLIENT;
    tls->half[1 - side].opener.dir = DIR_SERVER;
}

static void take_client_hello(struct tls_half *half, struct span body)
{
    struct tls *tls = half->tls;
    struct client_hello hello;
    if (!client_hello_parse(body, &hello))
        return;
    name_client(tls, side_of(half));
    keys_take_client_hello(&tls->facts, &hello);
    tls->offers_h2 = hello.offers_h2;
    struct span name = span_first(hello.server_name, sizeof tls->server_name - 1);
    if (name.len == 0)
        return;
    memcpy(tls->server_name, name.ptr, name.len);
    tls->server_name[name.len] = '\0';
}

static void take_server_hello(struct tls_half *half, struct span body)
{
    struct tls *tls = half->tls;
    struct server_hello hello;
    if (!server_hello_parse(body, &hello))
        return;
    name_client(tls, 1 - side_of(half));
    if (hello.is_retry)
        tls->early = TLS_EARLY_REFUSED;
    else
        keys_take_server_hello(&tls->facts, &hello);
}

static enum feed take_finished(struct tls_half *half)
{
    struct tls *tls = half->tls;
    if (half->opener.epoch != OPENER_HANDSHAKE)
        return FEED_OK;
    opener_begin_data(&half->opener);
    return is_client(half) ? decide_early(tls, TLS_EARLY_REFUSED) : FEED_OK;
}

static enum feed take_message(struct tls_half *half, const struct handshake_message *message)
{
    struct tls *tls = half->tls;
    switch (message->type) {
    case HANDSHAKE_CLIENT_HELLO:
        take_client_hello(half, message->body);
        break;
    case HANDSHAKE_SERVER_HELLO:
        take_server_hello(half, message->body);
        break;
    case HANDSHAKE_ENCRYPTED_EXTENSIONS:
        return decide_early(tls, encrypted_extensions_accept_early(message->body)
                                     ? TLS_EARLY_ACCEPTED
                                     : TLS_EARLY_REFUSED);
    case HANDSHAKE_END_OF_EARLY_DATA:
        return decide_early(tls, TLS_EARLY_ACCEPTED);
    case HANDSHAKE_FINISHED:
        return take_finished(half);
    case HANDSHAKE_KEY_UPDATE:
        opener_update(&half->opener);
        break;
    case HANDSHAKE_NEW_SESSION_TICKET:
        if (!opener_is_tls13(&half->opener))
            keys_remember_ticket(tls->params.secrets, &tls->facts, session_ticket(message->body));
        break;
    case HANDSHAKE_HELLO_REQUEST:
    case HANDSHAKE_CLIENT_KEY_EXCHANGE:
        break;
    }
    return FEED_OK;
}

/* Content is missing. */
static void restart_handshake(struct tls_half *half)
{
    handshake_restart(&half->handshake);
    key_exchange_tear(&half->tls->key_exchange);
}

static enum feed take_handshake(struct tls_half *half, struct span content)
{
    struct handshake_message message;
    bool is_nomem;
    struct tls *tls = half->tls;
    while (handshake_next(&half->handshake, &content, &message, &is_nomem))
        if (take_message(half, &message) == FEED_NOMEM ||
            key_exchange_take(&tls->key_exchange, &message, &tls->facts) == FEED_NOMEM)
            return FEED_NOMEM;
    return is_nomem ? FEED_NOMEM : FEED_OK;
}

/* ---- records ---- */

enum verdict_on_record {
    TAKEN,
    SEALED,
    WAITS, /* for secrets that may come */
    BLIND, /* its secrets will not come */
    NOMEM,
};

static enum verdict_on_record taken(enum feed result)
{
    return result == FEED_NOMEM ? NOMEM : TAKEN;
}

static enum verdict_on_record lack_keys(const struct tls_half *half)
{
    struct secrets *secrets = half->tls->params.secrets;
    secrets->is_lacking = true;
    /* The connection that began the session may have been captured behind this one. */
    bool may_come = secrets->may_grow || keys_is_resumed(&half->tls->facts);
    return may_come ? WAITS : BLIND;
}

static enum verdict_on_record change_cipher(struct tls_half *half)
{
    struct tls *tls = half->tls;
    if (key_exchange_solve(&tls->key_exchange, &tls->facts, tls->params.secrets) == FEED_NOMEM)
        return NOMEM;
    switch (opener_change_cipher(&half->opener)) {
    case OPENER_OPENED:
        key_exchange_free(&tls->key_exchange);
        return TAKEN;
    case OPENER_LACKS_KEYS:
        return lack_keys(half);
    case OPENER_SEALED:
        break;
    }
    return BLIND; /* a suite we do not read, or a ServerHello that was not seen */
}

static enum feed take_alert(struct tls_half *half, struct span content, const struct origin *origin)
{
    if (content.len == ALERT_BYTES && content.ptr[1] == ALERT_CLOSE_NOTIFY)
        return end_plain(half, END_FIN, origin);
    return FEED_OK;
}

static enum feed take_data(struct tls_half *half, struct span content, const struct origin *origin)
{
    struct tls *tls = half->tls;
    bool is_early = half->opener.epoch == OPENER_EARLY;
    if (is_early && tls->early != TLS_EARLY_ACCEPTED)
        return keep_early(tls, content, origin);
    return give(half, content, origin);
}

/* Servers send session tickets before they answer, one record each and all of one length. */
static bool is_tickets(struct tls_half *half, const struct opened *opened)
{
    if (opened->type == RECORD_HANDSHAKE && half->opener.epoch == OPENER_DATA)
        half->ticket_bytes = opened->content.len;
    return !half->has_data && half->ticket_bytes > 0 && opener_is_tls13(&half->opener) &&
           opened->n_likely_bytes == opened->n_missing_records * half->ticket_bytes;
}

static enum verdict_on_record take_opened(struct tls_half *half, const struct record *record,
                                          const struct opened *opened)
{
    enum feed result = FEED_OK;
    if (opened->is_behind_loss)
        restart_handshake(half);
    bool is_told = half->is_gap_told || is_tickets(half, opened);
    half->is_gap_told = false;
    if (opened->n_missing_bytes > 0 && half->opener.epoch == OPENER_DATA && !is_told)
        result = give_gap(half, half->has_padding ? SINK_ALL : opened->n_missing_bytes,
                          opened->is_cut, &record->origin);
    half->has_padding = half->has_padding || opened->is_padded;
    if (result == FEED_NOMEM)
        return NOMEM;
    switch (opened->type) {
    case RECORD_HANDSHAKE:
        return taken(take_handshake(half, opened->content));
    case RECORD_ALERT:
        return taken(take_alert(half, opened->content, &record->origin));
    case RECORD_DATA:
        return taken(take_data(half, opened->content, &record->origin));
    case RECORD_CCS:
        return change_cipher(half);
    default:
        return TAKEN;
    }
}

static enum verdict_on_record open_protected(struct tls_half *half, const struct record *record)
{
    uint8_t content[RECORD_MAX_BODY_BYTES];
    struct opened opened;
    switch (opener_open(&half->opener, record, content, &opened)) {
    case OPENER_OPENED:
        half->tls->is_decrypted = true;
        return take_opened(half, record, &opened);
    case OPENER_LACKS_KEYS:
        return lack_keys(half);
    case OPENER_SEALED:
        break;
    }
    return SEALED;
}

/* TLS 1.3 sends data in records of type 23 only; the others beside it are in the clear, and
 * ChangeCipherSpec means nothing. */
static enum verdict_on_record take_tls13(struct tls_half *half, const struct record *record)
{
    if (record->type == RECORD_DATA)
        return open_protected(half, record);
    if (record->type == RECORD_HANDSHAKE && half->opener.epoch == OPENER_PLAIN)
        return taken(take_handshake(half, record->body));
    return TAKEN;
}

/* A loss may have taken ChangeCipherSpec along: data is always protected. */
static enum verdict_on_record take_unprotected(struct tls_half *half, const struct record *record)
{
    enum verdict_on_record changed;
    switch (record->type) {
    case RECORD_HANDSHAKE:
        return taken(take_handshake(half, record->body));
    case RECORD_CCS:
        return change_cipher(half);
    case RECORD_DATA:
        changed = half->tls->facts.has_server ? change_cipher(half) : lack_keys(half);
        return changed == TAKEN ? open_protected(half, record) : changed;
    default:
        return TAKEN;
    }
}

static enum verdict_on_record take_record(struct tls_half *half, const struct record *record)
{
    if (opener_is_tls13(&half->opener))
        return take_tls13(half, record);
    /* The server goes on to TLS 1.3, or nobody knows yet: the client may send that first. */
    if (!half->tls->facts.has_server && record->type == RECORD_CCS)
        return TAKEN;
    if (half->opener.epoch == OPENER_PLAIN)
        return take_unprotected(half, record);
    return open_protected(half, record);
}

/* ---- what cannot be read ---- */

static void give_up(struct tls *tls)
{
    tls->is_given_up = true;
    key_exchange_free(&tls->key_exchange);
    waiting_free(&tls->waiting);
    for (int i = 0; i < 2; i++)
        (void)settle(&tls->half[i], FEED_STOP);
}

static enum record_answer become_blind(struct tls_half *half)
{
    half->is_blind = true;
    if (other_half(half)->is_blind || !half->tls->is_open)
        give_up(half->tls);
    return settle(half, FEED_STOP) == FEED_NOMEM ? RECORD_NOMEM : RECORD_STOP;
}

/* A record in TLS 1.0 behind a loss opens never, but gives the one behind it what that needs. */
static bool is_chained(const struct tls_half *half)
{
    return half->tls->facts.version == TLS_1_0;
}

static enum record_answer leave_sealed(struct tls_half *half, const struct record *record)
{
    if (!record->is_sure && !is_chained(half))
        return RECORD_REFUSED;
    if (half->opener.crypt.cipher) {
        if (!opener_is_missing(&half->opener))
            note_sealed(half, &record->origin);
        opener_miss(&half->opener, record);
    }
    return RECORD_TAKEN;
}

static enum record_answer wait(struct tls *tls, const struct waiting_item *item)
{
    bool is_late = !waiting_is_empty(&tls->waiting) &&
                   item->origin.time_ns - tls->waiting.since_ns > tls->params.limits->tls_wait_ns;
    enum buf_result result = is_late ? BUF_LIMIT : waiting_put(&tls->waiting, item);
    if (result == BUF_NOMEM)
        return RECORD_NOMEM;
    if (result == BUF_LIMIT)
        give_up(tls);
    return result == BUF_LIMIT ? RECORD_STOP : RECORD_TAKEN;
}

static enum record_answer answer(struct tls_half *half, enum verdict_on_record verdict,
                                 const struct record *record)
{
    switch (verdict) {
    case SEALED:
        return leave_sealed(half, record);
    case BLIND:
        return become_blind(half);
    case NOMEM:
        return RECORD_NOMEM;
    case TAKEN:
    case WAITS:
        break;
    }
    return half->settled == FEED_OK ? RECORD_TAKEN : RECORD_STOP;
}

static void take_loss(struct tls_half *half, const struct record *record)
{
    if (record->lost.n_bytes == 0)
        return;
    opener_lose(&half->opener, &record->lost);
    restart_handshake(half);
}

static enum record_answer on_record(void *ctx, const struct record *record)
{
    struct tls_half *half = ctx;
    const struct waiting_item item = {
        .side = side_of(half), .origin = record->origin, .record = *record};
    if (!waiting_is_empty(&half->tls->waiting))
        return wait(half->tls, &item);
    take_loss(half, record);
    enum verdict_on_record verdict = take_record(half, record);
    half->tls->is_front_known = verdict == WAITS;
    return verdict == WAITS ? wait(half->tls, &item) : answer(half, verdict, record);
}

/* ---- the sinks ---- */

/* Whole records are missing, and it is known how many: tells so before the next one comes, which
 * may answer something that the peer has not sent yet. */
static enum feed tell_lost_records(struct tls_half *half, const struct origin *origin)
{
    struct record_loss lost;
    uint64_t n_bytes;
    if (half->settled != FEED_OK || !half->has_data || half->has_padding ||
        !waiting_is_empty(&half->tls->waiting) || !records_take_lost(&half->records, &lost))
        return half->settled;
    restart_handshake(half);
    return opener_pass_over(&half->opener, &lost, &n_bytes)
               ? give_gap(half, n_bytes, lost.is_cut, origin)
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
    return result == FEED_OK ? half->settled : settle(half, result);
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct tls_half *half = ctx;
    if (half->settled != FEED_OK)
        return half->settled;
    enum feed result = records_gap(&half->records, n_bytes, is_cut);
    if (result == FEED_OK)
        result = tell_lost_records(half, origin);
    return result == FEED_OK ? half->settled : settle(half, result);
}

/* Nothing is declared unneeded but everything. */
static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    return on_gap(ctx, n_bytes, false, origin);
}

static uint64_t on_need_none(void *ctx)
{
    struct tls_half *half = ctx;
    const struct stream_sink *plain = plain_of(half);
    if (half->settled != FEED_OK)
        return SINK_ALL;
    bool is_unneeded = half->has_data && plain->ops->need_none(plain->ctx) == SINK_ALL;
    return is_unneeded || half->is_finished ? SINK_ALL : 0;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct tls_half *half = ctx;
    const struct stream_sink *plain = plain_of(half);
    if (half->has_data && half->settled == FEED_OK && !half->is_finished)
        plain->ops->note(plain->ctx, anomaly);
}

static enum feed end_half(struct tls_half *half, enum end why, const struct origin *origin)
{
    struct record_loss lost = records_lost(&half->records);
    bool is_missing = lost.n_bytes > 0 || opener_is_missing(&half->opener);
    is_missing = is_missing && !half->is_gap_told;
    if (is_missing && half->has_data && give_gap(half, SINK_ALL, lost.is_cut, origin) == FEED_NOMEM)
        return FEED_NOMEM;
    return end_plain(half, why, origin);
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
        .side = side_of(half), .is_end = true, .why = why, .origin = *origin};
    return wait(tls, &item) == RECORD_NOMEM ? settle(half, FEED_NOMEM) : half->settled;
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
    enum verdict_on_record verdict = take_record(half, &item->record);
    tls->is_front_known = verdict == WAITS;
    if (verdict == WAITS)
        return false;
    if (answer(half, verdict, &item->record) == RECORD_NOMEM)
        *result = settle(half, FEED_NOMEM);
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
    bool is_waiting = !waiting_is_empty(&tls->waiting);
    if (is_waiting && time_ns - tls->waiting.since_ns > tls->params.limits->tls_wait_ns) {
        give_up(tls);
        return false;
    }
    return is_waiting;
}

/* ---- life ---- */

void tls_init(struct tls *tls, const struct tls_params *params)
{
    const struct limits *limits = params->limits;
    *tls = (struct tls){.params = *params, .client = -1};
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
