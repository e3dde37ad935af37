#include "tests/support/quic_play.h"

#include "dissector/base/reader.h"

#include <stdio.h>

static enum feed take_event(void *ctx, const struct event *event)
{
    struct quic_play *play = ctx;
    if (event->kind != EVENT_TLS_OPAQUE || !event->is_quic)
        return FEED_STOP;
    if (play->n_told < QUIC_PLAY_TOLD) {
        struct quic_told *told = &play->told[play->n_told];
        (void)snprintf(told->server_name, sizeof told->server_name, "%s", event->server_name);
        told->number = event->connection->number;
        told->client = event->connection->client;
        told->server = event->connection->server;
    }
    play->n_told++;
    return FEED_OK;
}

void quic_play_open(struct quic_play *play, const struct limits *limits)
{
    *play = (struct quic_play){.shared.limits = limits};
    play->shared.stats = &play->stats;
    play->shared.sink = (struct event_sink){take_event, play};
    quic_init(&play->quic, &play->shared);
}

enum feed quic_play_datagram(struct quic_play *play, bool is_from_server, unsigned client,
                             struct span payload)
{
    const struct endpoint client_end = {{4, {192, 0, 2, 1}},
                                        (uint16_t)(QUIC_PLAY_CLIENT_PORT + client)};
    const struct endpoint server_end = {{4, {192, 0, 2, 2}}, QUIC_PLAY_SERVER_PORT};
    play->origin.ordinal++;
    const struct segment datagram = {
        .is_datagram = true,
        .source = is_from_server ? server_end : client_end,
        .destination = is_from_server ? client_end : server_end,
        .payload = payload,
        .origin = play->origin,
    };
    return quic_feed(&play->quic, &datagram, client);
}

enum feed quic_play_steps(struct quic_play *play, struct span steps)
{
    static const int64_t minute_ns = INT64_C(60000000000);
    struct reader r = reader_of(steps);
    while (r.left.len > 0) {
        uint8_t head = reader_u8(&r);
        struct span payload = reader_span(&r, reader_u16(&r));
        if (r.failed)
            break;
        play->origin.time_ns += (head >> 4) * minute_ns;
        quic_tick(&play->quic, &play->origin);
        if (quic_play_datagram(play, head & 1, head >> 1 & 7, payload) == FEED_NOMEM)
            return FEED_NOMEM;
    }
    return FEED_OK;
}

void quic_play_end(struct quic_play *play)
{
    quic_finish(&play->quic, &play->origin);
    quic_free(&play->quic);
}
