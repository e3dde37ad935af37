/* The segments of one connection in, events out; see connection.h. This is where tcp and channel
 * are plugged together. */
#include "dissector/connection.h"

#include <stdlib.h>

static int side_of(const struct connection *connection, const struct segment *segment)
{
    return endpoint_equal(&segment->source, &connection->endpoint[0]) ? 0 : 1;
}

static bool has_beginning(const void *ctx, int side)
{
    const struct connection *connection = ctx;
    return tcp_has_beginning(&connection->tcp, side);
}

bool connection_init(struct connection *connection, struct decode_shared *shared,
                     struct tcp_stats *tcp_stats, const struct segment *segment)
{
    *connection = (struct connection){
        .endpoint = {segment->source, segment->destination},
        .number = segment->origin.ordinal,
        .channel = malloc(sizeof(struct channel)),
    };
    if (!connection->channel)
        return false;
    const struct channel_params params = {
        .shared = shared,
        .source = {has_beginning, connection},
        .endpoint = {segment->source, segment->destination},
        .number = connection->number,
    };
    channel_init(connection->channel, &params);
    const struct stream_sink sinks[2] = {channel_stream(connection->channel, 0),
                                         channel_stream(connection->channel, 1)};
    shared->stats->n_connections++;
    tcp_init(&connection->tcp, shared->limits, tcp_stats, sinks);
    return true;
}

bool connection_set_twin(struct connection *connection, const struct segment *notice)
{
    struct endpoint twin[2];
    if (!connection->channel || notice->payload.len != sizeof twin)
        return false;
    memcpy(twin, notice->payload.ptr, sizeof twin);
    return channel_set_twin(connection->channel, side_of(connection, notice), twin);
}

bool connection_is_silent(const struct connection *connection)
{
    return !connection->is_ended && tcp_is_silent(&connection->tcp);
}

static void free_channel(struct connection *connection)
{
    if (connection->channel)
        channel_free(connection->channel);
    free(connection->channel);
    connection->channel = NULL;
}

/* The streams are over: what is still open in them ends the same way. */
static void end_channel(struct connection *connection, enum end why, const struct origin *origin)
{
    if (connection->is_ended)
        return;
    connection->is_ended = connection->is_settled = true;
    channel_finish(connection->channel, why, origin);
    free_channel(connection);
}

static void end_if_over(struct connection *connection, enum feed result,
                        const struct origin *origin)
{
    if (connection->is_ended || channel_is_waiting(connection->channel, origin->time_ns))
        return;
    if (tcp_is_closed(&connection->tcp))
        end_channel(connection, channel_why(connection->channel), origin);
    if (result == FEED_STOP)
        end_channel(connection, END_COMPLETE, origin);
}

enum feed connection_feed(struct connection *connection, const struct segment *segment)
{
    if (connection->is_settled)
        return FEED_STOP;
    enum feed result = tcp_feed(&connection->tcp, side_of(connection, segment), segment);
    end_if_over(connection, result, &segment->origin);
    return result;
}

bool connection_is_told_nothing(const struct connection *connection, const struct segment *segment)
{
    return !connection->is_settled &&
           tcp_is_told_nothing(&connection->tcp, side_of(connection, segment), segment);
}

enum feed connection_tick(struct connection *connection, const struct origin *origin)
{
    if (connection->is_settled)
        return FEED_STOP;
    enum feed result = tcp_tick(&connection->tcp, origin);
    end_if_over(connection, FEED_OK, origin);
    return result;
}

enum feed connection_retry(struct connection *connection, const struct origin *origin)
{
    if (connection->is_ended)
        return FEED_STOP;
    enum feed result = channel_retry(connection->channel);
    end_if_over(connection, FEED_OK, origin);
    return result;
}

bool connection_is_waiting(const struct connection *connection, int64_t time_ns)
{
    if (connection->is_ended)
        return false;
    return tcp_is_waiting(&connection->tcp) || channel_is_waiting(connection->channel, time_ns);
}

void connection_finish(struct connection *connection, enum end why, const struct origin *origin)
{
    if (connection->is_ended)
        return;
    tcp_finish(&connection->tcp, why, origin);
    end_channel(connection, why, origin);
}

bool connection_is_reuse(const struct connection *connection, const struct segment *segment)
{
    return tcp_is_reuse(&connection->tcp, side_of(connection, segment), segment);
}

int connection_worth(const struct connection *connection)
{
    return connection->is_settled ? 0 : channel_worth(connection->channel);
}

size_t connection_buffered_bytes(const struct connection *connection)
{
    const struct channel *channel = connection->channel;
    return sizeof *connection + tcp_buffered_bytes(&connection->tcp) +
           (channel ? sizeof *channel + channel_buffered_bytes(channel) : 0);
}

void connection_free(struct connection *connection)
{
    free_channel(connection);
    tcp_free(&connection->tcp);
    free(connection);
}
