/* TLS inside a channel; see channel_tls.h. What is inside may be anything a channel recognises. */
#include "dissector/channel_tls.h"

#include <stdlib.h>

static void on_opened(void *ctx)
{
    struct channel_tls *tls = ctx;
    tls->inner.params.tls_version = tls_version(&tls->tls);
    tls->inner.params.is_h2_offered = tls_offers_h2(&tls->tls);
}

enum feed channel_tls_open(struct channel *channel)
{
    struct decode_shared *shared = channel->params.shared;
    struct channel_tls *tls = calloc(1, sizeof *tls);
    if (!tls)
        return FEED_NOMEM;
    channel->tls = tls;
    struct channel_params inner = channel->params;
    inner.source = (struct channel_source){0};
    inner.depth++;
    channel_init(&tls->inner, &inner);
    for (int i = 0; i < 2; i++)
        tls->inner.side[i].source = channel->side[i].source;
    const struct tls_params params = {
        .limits = shared->limits,
        .secrets = shared->secrets,
        .plain = {channel_stream(&tls->inner, 0), channel_stream(&tls->inner, 1)},
        .opened = on_opened,
        .ctx = tls,
    };
    tls_init(&tls->tls, &params);
    return FEED_OK;
}

static void tell_opaque(struct channel *channel, int client, const char *server_name,
                        const struct origin *origin)
{
    struct decode_shared *shared = channel->params.shared;
    struct event_connection connection = {.number = channel->params.number};
    channel_tell_ends(channel, client, &connection);
    const struct event event = {
        .kind = EVENT_TLS_OPAQUE,
        .origin = *origin,
        .connection = &connection,
        .server_name = server_name,
    };
    shared->stats->n_tls_connections++;
    if (shared->result == FEED_OK)
        shared->result = shared->sink.event(shared->sink.ctx, &event);
}

/* Without a hello the lower port is taken for the server's. */
static int client_of(const struct channel *channel)
{
    int told = tls_client(&channel->tls->tls);
    const struct endpoint *endpoint = channel->params.endpoint;
    return told >= 0 ? told : endpoint[0].port < endpoint[1].port;
}

void channel_tls_finish(struct channel *channel, enum end why, const struct origin *origin)
{
    struct channel_tls *tls = channel->tls;
    int client = client_of(channel);
    channel_finish(&tls->inner, why, origin);
    if (tls_is_open(&tls->tls))
        channel->params.shared->stats->n_tls_decrypted++;
    else
        tell_opaque(channel, client, tls_server_name(&tls->tls), origin);
    channel_tls_free(tls);
    channel->tls = NULL;
}

size_t channel_tls_buffered_bytes(const struct channel_tls *tls)
{
    return sizeof *tls + tls_buffered_bytes(&tls->tls) + channel_buffered_bytes(&tls->inner);
}

void channel_tls_free(struct channel_tls *tls)
{
    if (!tls)
        return;
    tls_free(&tls->tls);
    channel_free(&tls->inner);
    free(tls);
}
