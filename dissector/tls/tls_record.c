/* See tls_record.h. */
#include "dissector/tls/tls_record.h"

#include "dissector/tls/tls_guess.h"
#include "dissector/tls/tls_message.h"
#include "dissector/tls/tls_plain.h"

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_BYTES = 2 };

static enum tls_verdict taken(enum feed result)
{
    return result == FEED_NOMEM ? TLS_NOMEM : TLS_TAKEN;
}

static enum tls_verdict lack_keys(const struct tls_half *half)
{
    struct secrets *secrets = half->tls->params.secrets;
    secrets->is_lacking = true;
    /* The connection that began the session may have been captured behind this one. */
    bool may_come = secrets->may_grow || keys_is_resumed(&half->tls->facts);
    return may_come ? TLS_WAITS : TLS_BLIND;
}

static enum tls_verdict change_cipher(struct tls_half *half)
{
    struct tls *tls = half->tls;
    if (key_exchange_solve(&tls->key_exchange, &tls->facts, tls->params.secrets) == FEED_NOMEM)
        return TLS_NOMEM;
    switch (opener_change_cipher(&half->opener)) {
    case OPENER_OPENED:
        half->is_guess_due = false;
        keys_remember_session(tls->params.secrets, &tls->facts);
        key_exchange_free(&tls->key_exchange);
        return TLS_TAKEN;
    case OPENER_LACKS_KEYS:
        half->is_guess_due = tls_guess_is_possible(tls);
        return half->is_guess_due ? TLS_TAKEN : lack_keys(half);
    case OPENER_SEALED:
        break;
    }
    return TLS_BLIND; /* a suite we do not read, or a ServerHello that was not seen */
}

static enum feed take_alert(struct tls_half *half, struct span content, const struct origin *origin)
{
    if (content.len == ALERT_BYTES && content.ptr[1] == ALERT_CLOSE_NOTIFY)
        return tls_plain_end(half, END_FIN, origin);
    return FEED_OK;
}

static enum feed take_data(struct tls_half *half, struct span content, const struct origin *origin)
{
    struct tls *tls = half->tls;
    bool is_early = half->opener.epoch == OPENER_EARLY;
    if (is_early && tls->early != TLS_EARLY_ACCEPTED)
        return tls_plain_keep_early(tls, content, origin);
    if (tls_is_client(half) && tls_plain_decide_early(tls, TLS_EARLY_UNSURE) == FEED_NOMEM)
        return FEED_NOMEM;
    return tls_plain_give(half, content, origin);
}

/* Servers send session tickets before they answer, one record each and all of one length. */
static bool is_tickets(struct tls_half *half, const struct opened *opened)
{
    struct span content = opened->content;
    if (opened->type == RECORD_HANDSHAKE && half->opener.epoch == OPENER_DATA && content.len > 0 &&
        content.ptr[0] == HANDSHAKE_NEW_SESSION_TICKET)
        half->ticket_bytes = content.len;
    return tls_awaits_answer(half) && half->ticket_bytes > 0 && opened->n_missing_records > 0 &&
           opened->n_likely_bytes == opened->n_missing_records * half->ticket_bytes;
}

/* Tells the plain sink what is missing before a record that opened. */
static enum feed tell_missing(struct tls_half *half, const struct record *record,
                              const struct opened *opened)
{
    struct tls *tls = half->tls;
    enum opener_epoch epoch = half->opener.epoch;
    bool is_told = half->is_gap_told || is_tickets(half, opened);
    bool is_missing = opened->n_missing_bytes > 0 && epoch != OPENER_HANDSHAKE;
    bool is_held = epoch == OPENER_EARLY && tls->early != TLS_EARLY_ACCEPTED;
    bool may_lack_early =
        opened->may_lack_early && tls->offers_early && tls->early != TLS_EARLY_REFUSED;
    tls->offers_early |= epoch == OPENER_EARLY;
    half->is_gap_told = half->lacks_answer = false;
    if (is_told)
        return FEED_OK;
    if ((is_missing && is_held) || may_lack_early)
        return tls_plain_tear_early(tls, opened->is_cut, &record->origin);
    if (!is_missing)
        return FEED_OK;
    return tls_plain_gap(half, opened->n_missing_bytes, opened->is_cut, &record->origin);
}

static enum tls_verdict take_opened(struct tls_half *half, const struct record *record,
                                    const struct opened *opened)
{
    if (opened->is_behind_loss)
        tls_message_restart(half);
    if (tell_missing(half, record, opened) == FEED_NOMEM)
        return TLS_NOMEM;
    half->has_padding = half->has_padding || opened->is_padded;
    switch (opened->type) {
    case RECORD_HANDSHAKE:
        return taken(tls_message_take(half, opened->content));
    case RECORD_ALERT:
        return taken(take_alert(half, opened->content, &record->origin));
    case RECORD_DATA:
        return taken(take_data(half, opened->content, &record->origin));
    case RECORD_CCS:
        return change_cipher(half);
    default:
        return TLS_TAKEN;
    }
}

static enum tls_verdict open_protected(struct tls_half *half, const struct record *record)
{
    uint8_t content[RECORD_MAX_BODY_BYTES];
    struct opened opened;
    enum opener_answer answer = opener_open(&half->opener, record, content, &opened);
    if (answer == OPENER_SEALED && !half->is_guess_due)
        return TLS_SEALED;
    if (answer != OPENER_OPENED && !tls_guess_open(half, record, content, &opened))
        return lack_keys(half);
    half->is_guess_due = false;
    half->tls->is_decrypted = true;
    return take_opened(half, record, &opened);
}

/* ChangeCipherSpec was seen, and not by which keys; the other side may have told since. */
static enum tls_verdict open_guessed(struct tls_half *half, const struct record *record)
{
    enum tls_verdict changed = half->tls->facts.has_client ? change_cipher(half) : TLS_TAKEN;
    return changed == TLS_TAKEN ? open_protected(half, record) : changed;
}

/* TLS 1.3 sends data in records of type 23 only; the others beside it are in the clear, and
 * ChangeCipherSpec means nothing. */
static enum tls_verdict take_tls13(struct tls_half *half, const struct record *record)
{
    if (record->type == RECORD_DATA)
        return open_protected(half, record);
    if (record->type == RECORD_HANDSHAKE && half->opener.epoch == OPENER_PLAIN)
        return taken(tls_message_take(half, record->body));
    return TLS_TAKEN;
}

/* A loss may have taken ChangeCipherSpec along: data is always protected. */
static enum tls_verdict take_unprotected(struct tls_half *half, const struct record *record)
{
    enum tls_verdict changed;
    if (half->is_guess_due)
        return open_guessed(half, record);
    switch (record->type) {
    case RECORD_HANDSHAKE:
        return taken(tls_message_take(half, record->body));
    case RECORD_CCS:
        opener_forget_loss(&half->opener);
        return change_cipher(half);
    case RECORD_DATA:
        changed = half->tls->facts.has_server ? change_cipher(half) : lack_keys(half);
        return changed == TLS_TAKEN ? open_protected(half, record) : changed;
    default:
        return TLS_TAKEN;
    }
}

enum tls_verdict tls_record_take(struct tls_half *half, const struct record *record)
{
    if (opener_is_tls13(&half->opener))
        return take_tls13(half, record);
    /* The server goes on to TLS 1.3, or nobody knows yet: the client may send that first. */
    if (!half->tls->facts.has_server && record->type == RECORD_CCS)
        return TLS_TAKEN;
    if (half->opener.epoch == OPENER_PLAIN)
        return take_unprotected(half, record);
    return open_protected(half, record);
}
