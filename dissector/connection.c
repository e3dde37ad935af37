/* The segments of one connection in, events out; see connection.h. This is where tcp, detect,
 * http1, exchange and decode are plugged together. */
#include "dissector/connection.h"

#include <stdlib.h>

static int side_of(const struct connection *connection, const struct segment *segment)
{
    return endpoint_equal(&segment->source, &connection->endpoint[0]) ? 0 : 1;
}

static int index_of(const struct connection_side *side)
{
    return side == &side->connection->side[0] ? 0 : 1;
}

static enum dir dir_of(const struct connection_side *side)
{
    return index_of(side) == side->connection->client ? DIR_CLIENT : DIR_SERVER;
}

static struct stream_sink http_stream(struct connection_side *side)
{
    return http1_stream(&side->connection->http->http1, dir_of(side));
}

/* ---- recognition ---- */

/* Whether the bytes of a side may begin anywhere in a message. */
static bool is_joined(const struct connection_side *side)
{
    return side->had_gap || !tcp_has_beginning(&side->connection->tcp, index_of(side));
}

static void drop_starts(struct connection *connection)
{
    for (int i = 0; i < 2; i++)
        buf_free(&connection->side[i].start);
}

/* It speaks something we do not read. */
static enum feed settle_as(struct connection *connection, enum protocol protocol)
{
    struct dissector_stats *stats = connection->shared->stats;
    connection->protocol = protocol;
    drop_starts(connection);
    if (protocol == PROTOCOL_TLS)
        stats->n_tls_connections++;
    else if (protocol == PROTOCOL_HTTP2_PREFACE)
        stats->n_http2_connections++;
    else
        stats->n_other_connections++;
    return FEED_STOP;
}

static enum feed open_http(struct connection *connection, int client)
{
    struct connection_http *http = calloc(1, sizeof *http);
    if (!http)
        return FEED_NOMEM;
    const struct limits *limits = connection->shared->limits;
    connection->http = http;
    connection->client = client;
    connection->protocol = PROTOCOL_HTTP1_REQUEST;
    connection->shared->stats->n_http_connections++;
    http->info = (struct event_connection){
        .number = connection->number,
        .client = connection->endpoint[client],
        .server = connection->endpoint[1 - client],
    };
    decoder_init(&http->decoder, connection->shared, &http->info);
    exchanges_init(&http->exchanges, limits, decoder_sink(&http->decoder));
    http1_init(&http->http1, limits, exchanges_sink(&http->exchanges));
    return FEED_OK;
}

/* Hands on what was kept while the protocol was not known: requests before their responses. */
static enum feed replay_start(struct connection_side *side)
{
    struct stream_sink stream = http_stream(side);
    enum feed result = FEED_OK;
    if (side->start.len > 0)
        result = stream.ops->feed(stream.ctx, buf_span(&side->start), &side->start_origin);
    if (result != FEED_NOMEM && side->is_finished)
        result = stream.ops->finish(stream.ctx, side->connection->why, &side->start_origin);
    buf_free(&side->start);
    return result;
}

/* Where the last n lines begin; a line without its end counts. */
static size_t last_lines(struct span bytes, unsigned n)
{
    for (size_t at = bytes.len; at > 0; at--)
        if (bytes.ptr[at - 1] == '\n' && n-- == 1)
            return at;
    return 0;
}

/* The other side was joined midway, and no message was found in it: what is kept of it counts only
 * as far as it may begin one. */
static void drop_what_began_before(struct connection_side *side)
{
    size_t max_line = side->connection->shared->limits->max_target_bytes;
    buf_drop_first(&side->start, last_lines(buf_span(&side->start), 1));
    if (detect_start(buf_span(&side->start), max_line) != PROTOCOL_MORE)
        buf_clear(&side->start);
}

/* finder: the side in which a message was found. */
static enum feed become_http(struct connection *connection, int client, int finder)
{
    if (is_joined(&connection->side[1 - finder]))
        drop_what_began_before(&connection->side[1 - finder]);
    if (open_http(connection, client) != FEED_OK)
        return FEED_NOMEM;
    if (replay_start(&connection->side[client]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_start(&connection->side[1 - client]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

static enum feed keep_start(struct connection_side *side, struct span bytes,
                            const struct origin *origin)
{
    if (side->start.len == 0)
        side->start_origin = *origin;
    switch (buf_append(&side->start, bytes)) {
    case BUF_OK:
        return FEED_OK;
    case BUF_LIMIT:
        return settle_as(side->connection, PROTOCOL_OTHER);
    case BUF_NOMEM:
        break;
    }
    return FEED_NOMEM;
}

static bool has_searched_enough(const struct connection_side *side)
{
    return side->searched_bytes > side->connection->shared->limits->max_search_bytes;
}

/* What the kept bytes of a stream joined midway are, and *at where its first message begins: where
 * a start line is followed by a field line. When too much was searched in vain only a segment's
 * first lines are looked at. */
static enum protocol search(struct connection_side *side, size_t *at)
{
    struct span bytes = buf_span(&side->start);
    if (has_searched_enough(side))
        bytes = span_first(bytes, side->connection->shared->limits->max_target_bytes);
    side->searched_bytes += bytes.len;
    enum protocol found;
    *at = detect_resync(bytes, &found);
    return *at < bytes.len ? found : PROTOCOL_OTHER;
}

/* Keeps the last line and the one before it: a message may begin in either, and the line behind a
 * start line proves it. The rest is neither kept nor lost: what it belongs to began before the
 * capture. */
static void forget_searched(struct connection_side *side, size_t n_old, const struct origin *origin)
{
    size_t n_past = last_lines(buf_span(&side->start), 2);
    buf_drop_first(&side->start, n_past);
    if (n_past >= n_old)
        side->start_origin = *origin;
    if (has_searched_enough(side) ||
        side->start.len > side->connection->shared->limits->max_target_bytes)
        buf_free(&side->start);
}

static enum feed recognise_joined(struct connection_side *side, struct span bytes,
                                  const struct origin *origin)
{
    size_t n_old = side->start.len, at;
    enum feed kept = keep_start(side, bytes, origin);
    if (kept != FEED_OK)
        return kept;
    enum protocol found = search(side, &at);
    if (found != PROTOCOL_HTTP1_REQUEST && found != PROTOCOL_HTTP1_RESPONSE) {
        forget_searched(side, n_old, origin);
        return FEED_OK;
    }
    buf_drop_first(&side->start, at);
    if (at >= n_old)
        side->start_origin = *origin;
    int me = index_of(side);
    return become_http(side->connection, found == PROTOCOL_HTTP1_REQUEST ? me : 1 - me, me);
}

static enum feed recognise(struct connection_side *side, struct span bytes,
                           const struct origin *origin)
{
    struct connection *connection = side->connection;
    if (is_joined(side))
        return recognise_joined(side, bytes, origin);
    enum feed kept = keep_start(side, bytes, origin);
    if (kept != FEED_OK)
        return kept;
    size_t max_line = connection->shared->limits->max_target_bytes;
    enum protocol found = detect_start(buf_span(&side->start), max_line);
    int me = index_of(side);
    switch (found) {
    case PROTOCOL_MORE:
        return FEED_OK;
    case PROTOCOL_HTTP1_REQUEST:
        return become_http(connection, me, me);
    case PROTOCOL_HTTP1_RESPONSE:
        return become_http(connection, 1 - me, me);
    case PROTOCOL_HTTP2_PREFACE:
    case PROTOCOL_TLS:
    case PROTOCOL_OTHER:
        break;
    }
    return settle_as(connection, found);
}

/* ---- the sink of tcp ---- */

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct connection_side *side = ctx;
    if (side->connection->protocol == PROTOCOL_MORE)
        return recognise(side, bytes, origin);
    if (!side->connection->http)
        return FEED_STOP;
    struct stream_sink stream = http_stream(side);
    return stream.ops->feed(stream.ctx, bytes, origin);
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct connection_side *side = ctx;
    if (!side->connection->http)
        return FEED_OK;
    struct stream_sink stream = http_stream(side);
    return stream.ops->skip(stream.ctx, n_bytes, origin);
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct connection_side *side = ctx;
    if (side->connection->http) {
        struct stream_sink stream = http_stream(side);
        return stream.ops->gap(stream.ctx, n_bytes, is_cut, origin);
    }
    buf_clear(&side->start);
    side->had_gap = true;
    return FEED_OK;
}

static uint64_t on_need_none(void *ctx)
{
    struct connection_side *side = ctx;
    if (side->connection->protocol == PROTOCOL_MORE)
        return 0;
    if (!side->connection->http)
        return SINK_ALL;
    struct stream_sink stream = http_stream(side);
    return stream.ops->need_none(stream.ctx);
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct connection_side *side = ctx;
    if (!side->connection->http)
        return;
    struct stream_sink stream = http_stream(side);
    stream.ops->note(stream.ctx, anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct connection_side *side = ctx;
    side->is_finished = true;
    side->connection->why = why;
    if (!side->connection->http)
        return FEED_OK;
    struct stream_sink stream = http_stream(side);
    return stream.ops->finish(stream.ctx, why, origin);
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

void connection_init(struct connection *connection, struct decode_shared *shared,
                     struct tcp_stats *tcp_stats, const struct segment *segment)
{
    *connection = (struct connection){
        .shared = shared,
        .endpoint = {segment->source, segment->destination},
        .number = segment->origin.ordinal,
        .protocol = PROTOCOL_MORE,
    };
    struct stream_sink sinks[2];
    for (int i = 0; i < 2; i++) {
        connection->side[i].connection = connection;
        buf_init(&connection->side[i].start, shared->limits->max_head_bytes);
        sinks[i] = (struct stream_sink){&stream_ops, &connection->side[i]};
    }
    shared->stats->n_connections++;
    tcp_init(&connection->tcp, shared->limits, tcp_stats, sinks);
}

/* The streams are over: what is still open in HTTP ends the same way. */
static void end_http(struct connection *connection, enum end why, const struct origin *origin)
{
    if (connection->is_ended)
        return;
    connection->is_ended = connection->is_settled = true;
    if (connection->http) {
        exchanges_finish(&connection->http->exchanges, why, origin);
        exchanges_free(&connection->http->exchanges);
        http1_free(&connection->http->http1);
        free(connection->http);
        connection->http = NULL;
        connection->protocol = PROTOCOL_OTHER;
    }
    drop_starts(connection);
}

enum feed connection_feed(struct connection *connection, const struct segment *segment)
{
    if (connection->is_settled)
        return FEED_STOP;
    enum feed result = tcp_feed(&connection->tcp, side_of(connection, segment), segment);
    if (tcp_is_closed(&connection->tcp))
        end_http(connection, connection->why, &segment->origin);
    if (result == FEED_STOP)
        end_http(connection, END_COMPLETE, &segment->origin);
    return result;
}

enum feed connection_tick(struct connection *connection, const struct origin *origin)
{
    return connection->is_settled ? FEED_STOP : tcp_tick(&connection->tcp, origin);
}

void connection_finish(struct connection *connection, enum end why, const struct origin *origin)
{
    if (connection->is_ended)
        return;
    tcp_finish(&connection->tcp, why, origin);
    end_http(connection, why, origin);
}

bool connection_is_reuse(const struct connection *connection, const struct segment *segment)
{
    return tcp_is_reuse(&connection->tcp, side_of(connection, segment), segment);
}

int connection_worth(const struct connection *connection)
{
    if (connection->is_settled)
        return 0;
    if (!connection->http)
        return 1;
    return connection->http->decoder.n_open > 0 ? 3 : 2;
}

size_t connection_buffered_bytes(const struct connection *connection)
{
    size_t bytes = sizeof *connection + tcp_buffered_bytes(&connection->tcp) +
                   connection->side[0].start.capacity_bytes +
                   connection->side[1].start.capacity_bytes;
    const struct connection_http *http = connection->http;
    if (http)
        bytes += sizeof *http + http1_buffered_bytes(&http->http1) +
                 exchanges_buffered_bytes(&http->exchanges, decode_buffered_bytes);
    return bytes;
}

void connection_free(struct connection *connection)
{
    struct connection_http *http = connection->http;
    if (http) {
        exchanges_free(&http->exchanges);
        http1_free(&http->http1);
        free(http);
    }
    drop_starts(connection);
    tcp_free(&connection->tcp);
    free(connection);
}
