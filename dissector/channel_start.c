/* What is spoken, told from the first bytes of a stream; see channel_start.h. */
#include "dissector/channel_start.h"

#include "dissector/channel_http.h"
#include "dissector/channel_join.h"
#include "dissector/channel_tls.h"

bool channel_is_joined(const struct channel_side *side)
{
    const struct channel_source *source = &side->channel->params.source;
    return side->had_gap || (!side->is_begun && source->has_beginning &&
                             !source->has_beginning(source->ctx, channel_index(side)));
}

void channel_answer(struct channel_side *side)
{
    side->is_unanswered = false;
    side->n_answered = side->start.len;
}

void channel_forget_start(struct channel_side *side)
{
    tail_reset(&side->tail);
    buf_clear(&side->start);
    side->is_weighed = false;
    http2_search_clear(&side->search);
    tls_search_reset(&side->records);
}

void channel_drop_starts(struct channel *channel)
{
    for (int i = 0; i < 2; i++) {
        buf_free(&channel->side[i].start);
        http2_search_free(&channel->side[i].search);
        tail_free(&channel->side[i].tail);
    }
}

/* It speaks something we do not read. */
static enum feed settle_as(struct channel *channel, enum protocol protocol)
{
    struct dissector_stats *stats = channel->params.shared->stats;
    channel->protocol = protocol;
    channel_drop_starts(channel);
    stats->n_other_connections++;
    return FEED_STOP;
}

/* Whether bytes came in vain, of a stream joined midway. */
static bool is_unread(const struct channel *channel)
{
    return channel->protocol == PROTOCOL_MORE &&
           (channel->side[0].searched_bytes > 0 || channel->side[1].searched_bytes > 0);
}

static bool is_odd(const struct channel *channel)
{
    return channel->protocol == PROTOCOL_MORE &&
           (channel->side[0].is_odd || channel->side[1].is_odd);
}

void channel_settle(struct channel *channel)
{
    if (is_odd(channel) || is_unread(channel))
        (void)settle_as(channel, PROTOCOL_OTHER);
}

/* It begins as nothing we read. Only an answer that is HTTP from its first byte says that it is a
 * request all the same. */
static enum feed set_aside(struct channel_side *side)
{
    const struct channel_side *other = channel_other(side);
    if (other->is_odd || channel_is_joined(other))
        return settle_as(side->channel, PROTOCOL_OTHER);
    side->is_odd = true;
    return FEED_OK;
}

enum feed channel_replay(struct channel_side *side, struct span bytes, const struct origin *origin)
{
    struct stream_sink stream = channel_stage(side);
    enum feed result = FEED_OK;
    if (bytes.len > 0)
        result = stream_feed(stream, bytes, origin);
    if (result != FEED_NOMEM && side->is_finished)
        result = stream_finish(stream, side->channel->why, origin);
    return result;
}

static enum feed replay_start(struct channel_side *side)
{
    enum feed result = channel_replay(side, buf_span(&side->start), &side->start_origin);
    buf_free(&side->start);
    return result;
}

enum feed channel_replay_starts(struct channel *channel)
{
    if (replay_start(&channel->side[channel->client]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_start(&channel->side[1 - channel->client]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed channel_become_http(struct channel *channel, int client, int finder)
{
    if (channel_is_joined(&channel->side[1 - finder]))
        channel_forget_before(&channel->side[1 - finder],
                              finder == client ? DIR_SERVER : DIR_CLIENT);
    if (channel_http_open(channel, client, PROTOCOL_HTTP1_REQUEST) != FEED_OK)
        return FEED_NOMEM;
    if (finder != client && channel->side[client].has_passed)
        http1_join(&channel->http->http1, DIR_CLIENT);
    if (channel->side[finder].has_passed)
        http1_begin_found(&channel->http->http1, channel_dir(&channel->side[finder]));
    return channel_replay_starts(channel);
}

/* What is kept of a side that was joined midway may begin a frame. */
static enum feed replay_http2(struct channel_side *side)
{
    struct http2_search *search = &side->search;
    if (!channel_is_joined(side))
        return replay_start(side);
    http2_join(side->channel->http->http2, channel_dir(side));
    enum feed result = channel_replay(side, http2_search_found(search), &search->first);
    http2_search_free(search);
    buf_free(&side->start);
    return result;
}

enum feed channel_become_http2(struct channel *channel, int client)
{
    if (channel_http_open(channel, client, PROTOCOL_HTTP2_PREFACE) != FEED_OK)
        return FEED_NOMEM;
    if (replay_http2(&channel->side[client]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_http2(&channel->side[1 - client]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed channel_become_tls(struct channel *channel, int finder)
{
    if (channel->params.depth == CHANNEL_MAX_DEPTH)
        return settle_as(channel, PROTOCOL_OTHER);
    channel->protocol = PROTOCOL_TLS;
    if (channel_tls_open(channel) != FEED_OK || replay_start(&channel->side[finder]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_start(&channel->side[1 - finder]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed channel_keep_start(struct channel_side *side, struct span bytes,
                             const struct origin *origin)
{
    if (side->start.len == 0)
        side->start_origin = *origin;
    switch (buf_append(&side->start, bytes)) {
    case BUF_OK:
        return FEED_OK;
    case BUF_LIMIT:
        return settle_as(side->channel, PROTOCOL_OTHER);
    case BUF_NOMEM:
        break;
    }
    return FEED_NOMEM;
}

/* A proxy grants what was asked for: the client's stream begins with the next byte, and whatever is
 * missing before that is none of it. */
static void begin_behind_grant(struct channel_side *client)
{
    channel_forget_start(client);
    client->had_gap = client->has_passed = client->is_foreign = false;
    client->searched_bytes = 0;
}

/* Drops what stands before the protocol; false while that may still be coming. n_old: the bytes
 * kept before those of origin. */
static bool drop_prefaces(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    struct preface preface;
    enum preface_kind kind;
    while ((kind = preface_find(buf_span(&side->start), &preface)) == PREFACE_WHOLE) {
        if (preface.source.address.version != 0)
            side->source = preface.source;
        if (preface.is_grant && channel_is_joined(channel_other(side)))
            begin_behind_grant(channel_other(side));
        buf_drop_first(&side->start, preface.len);
        if (preface.len >= n_old)
            side->start_origin = *origin;
        n_old -= preface.len < n_old ? preface.len : n_old;
    }
    return kind == PREFACE_NONE;
}

/* What side->start begins with, n_old of its bytes before those of origin. */
static enum feed recognise(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    struct channel *channel = side->channel;
    if (!drop_prefaces(side, n_old, origin) || side->start.len == 0)
        return FEED_OK;
    size_t max_line = channel->params.shared->limits->max_target_bytes;
    enum protocol found = detect_start(buf_span(&side->start), max_line);
    int me = channel_index(side);
    if (channel_other(side)->is_odd && found != PROTOCOL_MORE && found != PROTOCOL_HTTP1_RESPONSE)
        found = PROTOCOL_OTHER;
    switch (found) {
    case PROTOCOL_MORE:
        return FEED_OK;
    case PROTOCOL_HTTP1_REQUEST:
        return channel_become_http(channel, me, me);
    case PROTOCOL_HTTP1_RESPONSE:
        return channel_become_http(channel, 1 - me, me);
    case PROTOCOL_HTTP2_PREFACE:
        return channel_become_http2(channel, me);
    case PROTOCOL_HTTP2_SETTINGS:
        return channel_become_http2(channel, 1 - me);
    case PROTOCOL_TLS:
        return channel_become_tls(channel, me);
    case PROTOCOL_OTHER:
        break;
    }
    return set_aside(side);
}

static bool may_prove_beginning(const struct channel_side *side, struct span bytes)
{
    struct preface preface;
    bool are_first = side->searched_bytes == 0 && !side->had_gap;
    return are_first && preface_find(bytes, &preface) != PREFACE_NONE && preface.is_proof;
}

/* What was kept of a stream joined midway, as it could prove to be its beginning: it is not, or all
 * of the proof is there, or more must come. */
static enum feed weigh_start(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    struct preface preface;
    struct buf start = side->start;
    switch (preface_find(buf_span(&start), &preface)) {
    case PREFACE_MORE:
        return FEED_OK;
    case PREFACE_WHOLE:
        side->is_begun = true;
        return recognise(side, n_old, origin);
    case PREFACE_NONE:
        break;
    }
    side->is_weighed = false;
    buf_init(&side->start, start.max_bytes);
    enum feed result = channel_search(side, buf_span(&start), &side->start_origin);
    buf_free(&start);
    return result;
}

enum feed channel_recognise(struct channel_side *side, struct span bytes,
                            const struct origin *origin)
{
    size_t n_old = side->start.len;
    bool is_joined = channel_is_joined(side);
    if (is_joined && is_odd(side->channel))
        return settle_as(side->channel, PROTOCOL_OTHER);
    side->is_weighed = is_joined && (side->is_weighed || may_prove_beginning(side, bytes));
    if (is_joined && !side->is_weighed)
        return channel_search(side, bytes, origin);
    enum feed kept = channel_keep_start(side, bytes, origin);
    if (kept != FEED_OK || side->is_odd)
        return kept;
    return is_joined ? weigh_start(side, n_old, origin) : recognise(side, n_old, origin);
}
