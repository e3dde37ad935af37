/* Two plain ordered streams in, events out; see channel.h. Recognition stands in channel_start.c
 * and channel_join.c, what reads the streams then in channel_http.c and channel_tls.c. */
#include "dissector/channel.h"

#include "dissector/channel_connect.h"
#include "dissector/channel_http.h"
#include "dissector/channel_join.h"
#include "dissector/channel_start.h"
#include "dissector/channel_tls.h"

int channel_index(const struct channel_side *side)
{
    return side == &side->channel->side[0] ? 0 : 1;
}

struct channel_side *channel_other(const struct channel_side *side)
{
    return &side->channel->side[1 - channel_index(side)];
}

enum dir channel_dir(const struct channel_side *side)
{
    return channel_index(side) == side->channel->client ? DIR_CLIENT : DIR_SERVER;
}

static bool is_recognised(const struct channel_side *side)
{
    return side->channel->http || side->channel->tls;
}

struct stream_sink channel_stage(struct channel_side *side)
{
    struct channel *channel = side->channel;
    if (channel->tls)
        return tls_stream(&channel->tls->tls, channel_index(side));
    if (channel->protocol == PROTOCOL_HTTP2_PREFACE)
        return http2_stream(channel->http->http2, channel_dir(side));
    return http1_stream(&channel->http->http1, channel_dir(side));
}

/* ---- the streams ---- */

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (side->channel->is_believed && channel_check_belief(side, &bytes, origin) != FEED_OK)
        return FEED_NOMEM;
    if (side->channel->protocol == PROTOCOL_MORE)
        return channel_recognise(side, bytes, origin);
    if (!is_recognised(side))
        return FEED_STOP;
    return channel_connect_feed(side, bytes, origin);
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (!is_recognised(side))
        return FEED_OK;
    return stream_skip(channel_stage(side), n_bytes, origin);
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (is_recognised(side)) {
        enum feed passed = channel_connect_pass(side);
        return passed == FEED_OK ? stream_gap(channel_stage(side), n_bytes, is_cut, origin)
                                 : passed;
    }
    channel_forget_start(side);
    side->is_unanswered = !channel_other(side)->is_behind_gap;
    side->n_answered = 0;
    side->is_behind_gap = true;
    channel_answer(channel_other(side));
    side->had_gap = true;
    return FEED_OK;
}

static uint64_t on_need_none(void *ctx)
{
    struct channel_side *side = ctx;
    if (side->channel->protocol == PROTOCOL_MORE)
        return 0;
    if (!is_recognised(side))
        return SINK_ALL;
    return stream_need_none(channel_stage(side));
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct channel_side *side = ctx;
    if (is_recognised(side))
        stream_note(channel_stage(side), anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct channel_side *side = ctx;
    side->is_finished = true;
    side->channel->why = why;
    if (!is_recognised(side))
        return FEED_OK;
    if (side->channel->http)
        exchanges_closing(&side->channel->http->exchanges, channel_dir(side), why, origin);
    return stream_finish(channel_stage(side), why, origin);
}

static const struct stream_ops stream_ops = {
    .feed = on_feed,
    .skip = on_skip,
    .gap = on_gap,
    .need_none = on_need_none,
    .note = on_note,
    .finish = on_finish,
};

/* ---- life ---- */

void channel_init(struct channel *channel, const struct channel_params *params)
{
    *channel = (struct channel){.params = *params, .protocol = PROTOCOL_MORE};
    for (int i = 0; i < 2; i++) {
        channel->side[i].channel = channel;
        buf_init(&channel->side[i].start, params->shared->limits->max_head_bytes);
        http2_search_init(&channel->side[i].search);
        tail_init(&channel->side[i].tail);
    }
}

struct stream_sink channel_stream(struct channel *channel, int side)
{
    return (struct stream_sink){&stream_ops, &channel->side[side]};
}

/* The channel inside this one, or NULL. */
static struct channel *inner_of(const struct channel *channel)
{
    if (channel->tls)
        return &channel->tls->inner;
    return channel->http ? channel->http->connected : NULL;
}

void channel_set_twin(struct channel *channel, int side, const struct segment_twin *twin)
{
    for (struct channel *inner = channel; inner; inner = inner_of(inner)) {
        inner->params.twin[side] = twin->end[0];
        inner->params.twin[!side] = twin->end[1];
        inner->params.twin_side = twin->is_before ? side : !side;
        if (inner->http)
            channel_http_set_ends(inner);
    }
}

void channel_tell_ends(const struct channel *channel, int client, struct event_connection *info)
{
    const struct channel_params *params = &channel->params;
    bool has_twin = params->twin[0].address.version != 0;
    bool is_twin_before = has_twin && params->twin_side == client;
    const struct endpoint *before = is_twin_before ? params->twin : params->endpoint;
    const struct endpoint *behind = is_twin_before ? params->endpoint : params->twin;
    info->client = before[client];
    info->server = before[1 - client];
    info->client_twin = behind[client];
    info->server_twin = behind[1 - client];
}

enum feed channel_retry(struct channel *channel)
{
    if (channel->tls && tls_retry(&channel->tls->tls) == FEED_NOMEM)
        return FEED_NOMEM;
    struct channel *inner = inner_of(channel);
    return inner ? channel_retry(inner) : FEED_OK;
}

bool channel_is_waiting(const struct channel *channel, int64_t time_ns)
{
    if (channel->tls && tls_is_waiting(&channel->tls->tls, time_ns))
        return true;
    const struct channel *inner = inner_of(channel);
    return inner && channel_is_waiting(inner, time_ns);
}

enum end channel_why(const struct channel *channel)
{
    return channel->why;
}

/* Of HTTP/2, frames that carry no content may well be passed over. */
static bool has_passed(const struct channel_side *side)
{
    enum { CONTENTLESS_BYTES = 64 };
    if (side->channel->protocol == PROTOCOL_HTTP2_PREFACE)
        return http2_search_n_passed(&side->search) > CONTENTLESS_BYTES;
    return side->has_passed;
}

/* Of one in which nothing was recognised either side may be the server, in the middle of a body.
 * But a client that says something meanwhile says it in requests, or in frames of HTTP/2: what is
 * neither, from both sides, is another protocol. */
static bool has_unknown_body(const struct channel *channel)
{
    const struct channel_side *side = channel->side;
    return channel->protocol == PROTOCOL_MORE &&
           (side[0].searched_bytes > 0 || side[1].searched_bytes > 0) &&
           !(side[0].is_foreign && side[1].is_foreign);
}

/* Whether it was joined in the middle of what its server sent, and the rest of that is lost. */
static bool has_unread(const struct channel *channel)
{
    if (channel->http)
        return channel->http->decoder.has_unread || has_passed(&channel->side[1 - channel->client]);
    return has_unknown_body(channel);
}

void channel_finish(struct channel *channel, enum end why, const struct origin *origin)
{
    channel->params.shared->stats->n_unread_joins += has_unread(channel);
    channel_settle(channel);
    if (channel->http)
        channel_http_finish(channel, why, origin);
    if (channel->tls)
        channel_tls_finish(channel, why, origin);
    channel_free(channel);
    channel->protocol = PROTOCOL_OTHER;
}

int channel_worth(const struct channel *channel)
{
    if (inner_of(channel))
        return channel_worth(inner_of(channel));
    if (!channel->http)
        return 1;
    return channel->http->decoder.n_open > 0 ? 3 : 2;
}

size_t channel_buffered_bytes(const struct channel *channel)
{
    size_t bytes = 0;
    for (int i = 0; i < 2; i++)
        bytes += channel->side[i].start.capacity_bytes + channel->side[i].tail.kept.capacity_bytes +
                 http2_search_buffered_bytes(&channel->side[i].search);
    if (channel->http)
        bytes += channel_http_buffered_bytes(channel->http);
    if (channel->tls)
        bytes += channel_tls_buffered_bytes(channel->tls);
    return bytes;
}

void channel_free(struct channel *channel)
{
    if (channel->http)
        channel->protocol = PROTOCOL_OTHER;
    channel_http_free(channel);
    channel_tls_free(channel->tls);
    channel->tls = NULL;
    channel_drop_starts(channel);
}
