/* See tls_plain.h. */
#include "dissector/tls/tls_plain.h"

static const struct stream_sink *tls_plain_sink(const struct tls_half *half)
{
    return &half->tls->params.plain[tls_side(half)];
}

bool tls_plain_may_lack(const struct tls_half *half)
{
    return half->has_data || half->lacks_answer || tls_is_client(half);
}

enum feed tls_plain_gap(struct tls_half *half, uint64_t n_bytes, bool is_cut,
                        const struct origin *origin)
{
    struct tls *tls = half->tls;
    const struct stream_sink *plain = tls_plain_sink(half);
    if (half->is_finished || half->settled != FEED_OK)
        return half->settled;
    if (!tls->is_open)
        tls->params.opened(tls->params.ctx);
    tls->is_open = true;
    bool is_known = !half->has_padding && !tls_awaits_answer(half);
    enum feed answer = plain->ops->gap(plain->ctx, is_known ? n_bytes : SINK_ALL, is_cut, origin);
    return answer == FEED_OK ? FEED_OK : tls_settle(half, answer);
}

/* The peer goes on behind a hole, or records that did not open, and nothing that opened has
 * followed yet: what is missing came before. */
static enum feed tell_hole(struct tls_half *half, const struct origin *origin)
{
    bool is_missing = records_is_behind_hole(&half->records) || opener_is_missing(&half->opener);
    if (!tls_plain_may_lack(half) || half->is_gap_told || !is_missing)
        return FEED_OK;
    half->is_gap_told = true;
    return tls_plain_gap(half, SINK_ALL, records_lost(&half->records).is_cut, origin);
}

enum feed tls_plain_give(struct tls_half *half, struct span bytes, const struct origin *origin)
{
    struct tls *tls = half->tls;
    const struct stream_sink *plain = tls_plain_sink(half);
    if (bytes.len == 0 || half->is_finished || half->settled != FEED_OK)
        return half->settled;
    if (!tls->is_open)
        tls->params.opened(tls->params.ctx);
    tls->is_open = true;
    half->has_data = true;
    if (tell_hole(tls_other(half), origin) == FEED_NOMEM)
        return tls_settle(half, FEED_NOMEM);
    enum feed answer = plain->ops->feed(plain->ctx, bytes, origin);
    return answer == FEED_OK ? FEED_OK : tls_settle(half, answer);
}

enum feed tls_plain_end(struct tls_half *half, enum end why, const struct origin *origin)
{
    const struct stream_sink *plain = tls_plain_sink(half);
    if (half->is_finished)
        return half->settled;
    half->is_finished = true;
    if (!half->tls->is_open || half->settled != FEED_OK)
        return half->settled;
    return plain->ops->finish(plain->ctx, why, origin) == FEED_NOMEM ? tls_settle(half, FEED_NOMEM)
                                                                     : FEED_OK;
}

void tls_plain_note_sealed(struct tls_half *half, const struct origin *origin)
{
    const struct stream_sink *plain = tls_plain_sink(half);
    const struct anomaly anomaly =
        anomaly_make(ANOMALY_TLS_RECORD, origin, 0, "a record does not authenticate");
    if (half->tls->is_open)
        plain->ops->note(plain->ctx, &anomaly);
}

/* ---- early data ---- */

enum feed tls_plain_keep_early(struct tls *tls, struct span bytes, const struct origin *origin)
{
    if (tls->early == TLS_EARLY_REFUSED || tls->is_early_torn)
        return FEED_OK;
    tls->early_origin = *origin;
    enum buf_result result = buf_append(&tls->early_data, bytes);
    tls->is_early_torn = result == BUF_LIMIT;
    return result == BUF_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed tls_plain_tear_early(struct tls *tls, bool is_cut, const struct origin *origin)
{
    if (tls->early == TLS_EARLY_ACCEPTED)
        return tls_plain_gap(&tls->half[tls->client], SINK_ALL, is_cut, origin);
    if (tls->early_data.len == 0)
        tls->early_origin = *origin;
    tls->is_early_torn = true;
    tls->is_early_cut = is_cut;
    return FEED_OK;
}

enum feed tls_plain_decide_early(struct tls *tls, enum tls_early early)
{
    enum feed result = FEED_OK;
    if (tls->early != TLS_EARLY_UNSURE || tls->client < 0)
        return FEED_OK;
    struct tls_half *half = &tls->half[tls->client];
    bool is_lost = tls->is_early_torn || (early == TLS_EARLY_UNSURE && tls->early_data.len > 0);
    tls->early = early == TLS_EARLY_ACCEPTED ? TLS_EARLY_ACCEPTED : TLS_EARLY_REFUSED;
    if (early == TLS_EARLY_ACCEPTED)
        result = tls_plain_give(half, buf_span(&tls->early_data), &tls->early_origin);
    if (early != TLS_EARLY_REFUSED && is_lost && result != FEED_NOMEM)
        result = tls_plain_gap(half, SINK_ALL, tls->is_early_cut, &tls->early_origin);
    buf_free(&tls->early_data);
    return result == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}
