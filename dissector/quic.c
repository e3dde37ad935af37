/* Counts QUIC connections by who they are for; see quic.h. */
#include "dissector/quic.h"

#include "dissector/tls/quic_hello.h"
#include "dissector/tls/tls.h"

#include <stdlib.h>

struct quic_connection {
    struct table_node node; /* first: a node is cast to its connection */
    struct endpoint endpoint[2];
    uint64_t number; /* ordinal of its first frame */
    int client;      /* index of the endpoint */
    bool is_told;
    struct quic_hello hello;
};

static bool is_between(const struct table_node *node, const void *key)
{
    return segment_is_between(key, ((const struct quic_connection *)node)->endpoint);
}

/* ---- connections come and go ---- */

static void forget_hello(struct quic *quic, struct quic_connection *connection)
{
    quic->hello_bytes -= quic_hello_buffered_bytes(&connection->hello);
    quic_hello_free(&connection->hello);
}

static void tell(struct quic *quic, struct quic_connection *connection, const struct origin *origin)
{
    struct decode_shared *shared = quic->shared;
    struct span name = quic_hello_server_name(&connection->hello);
    const struct event_connection info = {
        .number = connection->number,
        .client = connection->endpoint[connection->client],
        .server = connection->endpoint[1 - connection->client],
    };
    char text[TLS_NAME_BYTES] = "";
    if (name.len < sizeof text && name.len > 0)
        memcpy(text, name.ptr, name.len);
    const struct event event = {
        .kind = EVENT_TLS_OPAQUE,
        .origin = *origin,
        .connection = &info,
        .server_name = text,
        .is_quic = true,
    };
    connection->is_told = true;
    shared->stats->n_quic_connections++;
    if (shared->result == FEED_OK)
        shared->result = shared->sink.event(shared->sink.ctx, &event);
    forget_hello(quic, connection);
}

static void end_oldest(struct quic *quic, const struct origin *origin)
{
    struct quic_connection *connection = (struct quic_connection *)table_oldest(&quic->connections);
    if (!connection->is_told)
        tell(quic, connection, origin);
    table_remove(&quic->connections, &connection->node);
    free(connection);
}

static struct quic_connection *begin(struct quic *quic, const struct segment *datagram,
                                     uint64_t hash)
{
    struct quic_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->endpoint[0] = datagram->source;
    connection->endpoint[1] = datagram->destination;
    connection->client = datagram->source.port < datagram->destination.port;
    connection->number = datagram->origin.ordinal;
    quic_hello_init(&connection->hello, quic->shared->limits->max_quic_hello_bytes);
    if (!table_insert(&quic->connections, &connection->node, hash, datagram->origin.time_ns)) {
        free(connection);
        return NULL;
    }
    if (table_n_excess(&quic->connections) > 0)
        end_oldest(quic, &datagram->origin);
    return connection;
}

/* ---- packets ---- */

/* Without memory for the hello the connection is told without its name. */
static void take_packet(struct quic *quic, struct quic_connection *connection,
                        const struct quic_packet *packet, const struct segment *datagram)
{
    quic->hello_bytes -= quic_hello_buffered_bytes(&connection->hello);
    enum feed answer = quic_hello_feed(&connection->hello, packet);
    quic->hello_bytes += quic_hello_buffered_bytes(&connection->hello);
    if (answer == FEED_OK)
        connection->client = !endpoint_equal(&connection->endpoint[0], &datagram->source);
    if (answer == FEED_NOMEM || quic_hello_is_whole(&connection->hello))
        tell(quic, connection, &datagram->origin);
}

enum feed quic_feed(struct quic *quic, const struct segment *datagram, uint64_t hash)
{
    struct span left = datagram->payload;
    struct quic_packet packet;
    struct quic_connection *connection =
        (struct quic_connection *)table_find(&quic->connections, hash, is_between, datagram);
    while (quic_packet_next(&left, &packet)) {
        if (!connection)
            connection = begin(quic, datagram, hash);
        if (!connection)
            return FEED_NOMEM;
        table_touch(&quic->connections, &connection->node, datagram->origin.time_ns);
        if (!connection->is_told)
            take_packet(quic, connection, &packet, datagram);
    }
    return quic->shared->result;
}

/* ---- life ---- */

void quic_init(struct quic *quic, struct decode_shared *shared)
{
    *quic = (struct quic){.shared = shared};
    size_t max = shared->limits->max_quic_connections;
    table_init(&quic->connections, max, max);
}

void quic_tick(struct quic *quic, const struct origin *origin)
{
    struct table_node *oldest;
    while ((oldest = table_oldest(&quic->connections)) &&
           origin_has_passed(table_touched_ns(oldest), origin->time_ns,
                             quic->shared->limits->connection_idle_ns + 1))
        end_oldest(quic, origin);
}

void quic_finish(struct quic *quic, const struct origin *origin)
{
    while (table_oldest(&quic->connections))
        end_oldest(quic, origin);
}

size_t quic_buffered_bytes(const struct quic *quic)
{
    return table_buffered_bytes(&quic->connections) + quic->hello_bytes +
           table_n_nodes(&quic->connections) * sizeof(struct quic_connection);
}

void quic_free(struct quic *quic)
{
    struct table_node *oldest;
    while ((oldest = table_oldest(&quic->connections))) {
        forget_hello(quic, (struct quic_connection *)oldest);
        table_remove(&quic->connections, oldest);
        free(oldest);
    }
    table_free(&quic->connections);
}
