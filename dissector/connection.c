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
    return tcp_has_beginning(&connection->stages->tcp, side);
}

static int opener(const void *ctx)
{
    const struct connection *connection = ctx;
    return tcp_opener(&connection->stages->tcp);
}

bool connection_init(struct connection *connection, struct decode_shared *shared,
                     struct tcp_stats *tcp_stats, const struct segment *segment)
{
    struct connection_stages *stages = pool_take(&shared->connections, sizeof *stages);
    *connection = (struct connection){
        .endpoint = {segment->source, segment->destination},
        .number = segment->origin.ordinal,
        .pool = &shared->connections,
        .stages = stages,
    };
    if (!stages)
        return false;
    const struct channel_params params = {
        .shared = shared,
        .source = {has_beginning, opener, connection},
        .endpoint = {segment->source, segment->destination},
        .number = connection->number,
    };
    channel_init(&stages->channel, &params);
    const struct stream_sink sinks[2] = {channel_stream(&stages->channel, 0),
                                         channel_stream(&stages->channel, 1)};
    shared->stats->n_connections++;
    tcp_init(&stages->tcp, shared->limits, tcp_stats, sinks);
    return true;
}

bool connection_set_twin(struct connection *connection, const struct segment *notice)
{
    struct segment_twin twin;
    if (connection->has_twin || notice->payload.len != sizeof twin)
        return false;
    connection->has_twin = true;
    memcpy(&twin, notice->payload.ptr, sizeof twin);
    if (!connection_is_over(connection))
        channel_set_twin(&connection->stages->channel, side_of(connection, notice), &twin);
    return true;
}

bool connection_is_silent(const struct connection *connection)
{
    return !connection_is_over(connection) && tcp_is_silent(&connection->stages->tcp);
}

static void free_stages(struct connection *connection)
{
    if (!connection->stages)
        return;
    channel_free(&connection->stages->channel);
    tcp_free(&connection->stages->tcp);
    pool_give(connection->pool, connection->stages);
    connection->stages = NULL;
}

/* The streams are over: what is still open in them ends the same way. */
static void end_stages(struct connection *connection, enum end why, const struct origin *origin)
{
    channel_finish(&connection->stages->channel, why, origin);
    connection->trace = tcp_trace_of(&connection->stages->tcp);
    free_stages(connection);
}

static void end_if_over(struct connection *connection, enum feed result,
                        const struct origin *origin)
{
    struct connection_stages *stages = connection->stages;
    if (channel_is_waiting(&stages->channel, origin->time_ns))
        return;
    if (tcp_is_closed(&stages->tcp))
        end_stages(connection, channel_why(&stages->channel), origin);
    else if (result == FEED_STOP)
        end_stages(connection, END_COMPLETE, origin);
}

enum feed connection_feed(struct connection *connection, const struct segment *segment)
{
    if (connection_is_over(connection))
        return FEED_STOP;
    enum feed result = tcp_feed(&connection->stages->tcp, side_of(connection, segment), segment);
    end_if_over(connection, result, &segment->origin);
    return result;
}

bool connection_is_told_nothing(const struct connection *connection, const struct segment *segment)
{
    return !connection_is_over(connection) &&
           tcp_is_told_nothing(&connection->stages->tcp, side_of(connection, segment), segment);
}

enum feed connection_tick(struct connection *connection, const struct origin *origin)
{
    if (connection_is_over(connection))
        return FEED_STOP;
    enum feed result = tcp_tick(&connection->stages->tcp, origin);
    end_if_over(connection, FEED_OK, origin);
    return result;
}

enum feed connection_retry(struct connection *connection, const struct origin *origin)
{
    if (connection_is_over(connection))
        return FEED_STOP;
    enum feed result = channel_retry(&connection->stages->channel);
    end_if_over(connection, FEED_OK, origin);
    return result;
}

bool connection_is_waiting(const struct connection *connection, int64_t time_ns)
{
    const struct connection_stages *stages = connection->stages;
    return stages &&
           (tcp_is_waiting(&stages->tcp) || channel_is_waiting(&stages->channel, time_ns));
}

void connection_finish(struct connection *connection, enum end why, const struct origin *origin)
{
    if (connection_is_over(connection))
        return;
    tcp_finish(&connection->stages->tcp, why, origin);
    end_stages(connection, why, origin);
}

bool connection_is_reuse(const struct connection *connection, const struct segment *segment)
{
    int side = side_of(connection, segment);
    return connection_is_over(connection) ? tcp_trace_is_reuse(&connection->trace, side, segment)
                                          : tcp_is_reuse(&connection->stages->tcp, side, segment);
}

bool connection_fits(const struct connection *connection, const struct segment *segment)
{
    return tcp_trace_fits(&connection->trace, side_of(connection, segment), segment);
}

int connection_worth(const struct connection *connection)
{
    return connection_is_over(connection) ? 0 : channel_worth(&connection->stages->channel);
}

size_t connection_buffered_bytes(const struct connection *connection)
{
    const struct connection_stages *stages = connection->stages;
    return sizeof *connection + (stages ? sizeof *stages + tcp_buffered_bytes(&stages->tcp) +
                                              channel_buffered_bytes(&stages->channel)
                                        : 0);
}

void connection_free(struct connection *connection)
{
    free_stages(connection);
    free(connection);
}
