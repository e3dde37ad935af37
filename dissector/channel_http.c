/* The HTTP stages of a channel; see channel_http.h. */
#include "dissector/channel_http.h"

#include "dissector/channel_start.h"

#include <stdlib.h>

static enum feed open_http2(struct channel *channel)
{
    struct channel_http *http = channel->http;
    http->http2 = malloc(sizeof *http->http2);
    if (!http->http2)
        return FEED_NOMEM;
    http2_init(http->http2, channel->params.shared->limits, exchanges_sink(&http->exchanges));
    channel->params.shared->stats->n_http2_connections++;
    return FEED_OK;
}

static struct channel *make_connected(const struct channel *channel)
{
    struct channel *connected = malloc(sizeof *connected);
    if (!connected)
        return NULL;
    struct channel_params params = channel->params;
    params.source = (struct channel_source){0};
    params.n_exchanges = exchanges_n_numbered(&channel->http->exchanges);
    params.tls_version = NULL; /* TLS ends at the proxy */
    params.depth++;
    channel_init(connected, &params);
    for (int i = 0; i < 2; i++)
        connected->side[i].source = channel->side[i].source;
    return connected;
}

/* What a proxy passes on is a connection of its own, and counts as what is in it. */
static enum feed open_connected(struct channel *channel, enum dir dir, struct stream_sink *sink)
{
    struct channel_http *http = channel->http;
    if (channel->params.depth == CHANNEL_MAX_DEPTH)
        return FEED_STOP;
    if (!http->connected) {
        http->connected = make_connected(channel);
        if (!http->connected)
            return FEED_NOMEM;
        channel->params.shared->stats->n_http_connections--;
    }
    int side = dir == DIR_CLIENT ? channel->client : 1 - channel->client;
    *sink = channel_stream(http->connected, side);
    return FEED_OK;
}

/* The connection was switched to something that is not HTTP/1. */
static enum feed open_tunnel(void *ctx, enum dir dir, struct stream_sink *sink)
{
    struct channel *channel = ctx;
    struct channel_http *http = channel->http;
    if (exchanges_is_connected(&http->exchanges))
        return open_connected(channel, dir, sink);
    if (!exchanges_is_upgraded(&http->exchanges))
        return FEED_STOP;
    if (!http->http2) {
        if (open_http2(channel) != FEED_OK)
            return FEED_NOMEM;
        channel->params.shared->stats->n_http_connections--;
    }
    *sink = http2_stream(http->http2, dir);
    return FEED_OK;
}

void channel_http_set_ends(struct channel *channel)
{
    struct event_connection *info = &channel->http->info;
    const struct endpoint *named = &channel->side[channel->client].source;
    channel_tell_ends(channel, channel->client, info);
    if (named->address.version != 0) {
        info->proxy = info->client;
        info->client = *named;
    }
}

/* What of the streams was not seen. */
static void tell_beginning(struct channel *channel)
{
    const struct channel_side *client = &channel->side[channel->client];
    const struct channel_side *server = &channel->side[1 - channel->client];
    struct exchanges *exchanges = &channel->http->exchanges;
    bool is_silent = !channel_is_joined(server) && server->start.len == 0;
    if (channel_is_joined(server))
        exchanges_join(exchanges);
    if (channel_is_joined(client))
        exchanges_lack_requests(exchanges, is_silent || client->is_unanswered);
}

enum feed channel_http_open(struct channel *channel, int client, enum protocol protocol)
{
    struct decode_shared *shared = channel->params.shared;
    struct channel_http *http = pool_take(&shared->http, sizeof *http);
    if (!http)
        return FEED_NOMEM;
    const struct limits *limits = shared->limits;
    channel->http = http;
    channel->client = client;
    channel->protocol = protocol;
    http->info = (struct event_connection){
        .number = channel->params.number,
        .tls_version = channel->params.tls_version,
    };
    channel_http_set_ends(channel);
    decoder_init(&http->decoder, shared, &http->info);
    exchanges_init(&http->exchanges, limits, decoder_sink(&http->decoder));
    exchanges_share(&http->exchanges, &shared->exchanges);
    exchanges_number_from(&http->exchanges, channel->params.n_exchanges);
    tell_beginning(channel);
    if (protocol == PROTOCOL_HTTP2_PREFACE) {
        if (open_http2(channel) == FEED_OK)
            return FEED_OK;
        channel->http = NULL;
        channel->protocol = PROTOCOL_OTHER;
        pool_give(&shared->http, http);
        return FEED_NOMEM;
    }
    shared->stats->n_http_connections++;
    http1_init(&http->http1, limits, exchanges_sink(&http->exchanges));
    http1_set_tunnel(&http->http1, (struct http1_tunnel){open_tunnel, channel});
    return FEED_OK;
}

static size_t http2_bytes(const struct http2 *http2)
{
    return http2 ? sizeof *http2 + http2_buffered_bytes(http2) : 0;
}

size_t channel_http_buffered_bytes(const struct channel_http *http)
{
    return sizeof *http + decoder_buffered_bytes(&http->decoder) + http2_bytes(http->http2) +
           http1_buffered_bytes(&http->http1) + exchanges_buffered_bytes(&http->exchanges) +
           (http->connected ? sizeof *http->connected + channel_buffered_bytes(http->connected)
                            : 0);
}

void channel_http_finish(struct channel *channel, enum end why, const struct origin *origin)
{
    struct channel_http *http = channel->http;
    exchanges_finish(&http->exchanges, why, origin);
    if (!http->connected)
        return;
    channel_settle(http->connected);
    bool is_unknown = http->connected->protocol == PROTOCOL_MORE;
    channel->params.shared->stats->n_http_connections += is_unknown;
    channel_finish(http->connected, why, origin);
}

void channel_http_free(struct channel *channel)
{
    struct channel_http *http = channel->http;
    if (!http)
        return;
    channel->http = NULL;
    exchanges_free(&http->exchanges);
    decoder_free(&http->decoder);
    http1_free(&http->http1);
    if (http->http2)
        http2_free(http->http2);
    free(http->http2);
    if (http->connected)
        channel_free(http->connected);
    free(http->connected);
    pool_give(&channel->params.shared->http, http);
}
