/* Two plain ordered streams in, events out; see channel.h. This is where detect, http1, exchange
 * and decode are plugged together. */
#include "dissector/channel.h"

#include "dissector/channel_tls.h"

#include <stdlib.h>

static int index_of(const struct channel_side *side)
{
    return side == &side->channel->side[0] ? 0 : 1;
}

static enum dir dir_of(const struct channel_side *side)
{
    return index_of(side) == side->channel->client ? DIR_CLIENT : DIR_SERVER;
}

static bool is_recognised(const struct channel_side *side)
{
    return side->channel->http || side->channel->tls;
}

/* The stage that reads the stream, once it is recognised. */
static struct stream_sink stage_stream(struct channel_side *side)
{
    struct channel *channel = side->channel;
    if (channel->tls)
        return tls_stream(&channel->tls->tls, index_of(side));
    if (channel->protocol == PROTOCOL_HTTP2_PREFACE)
        return http2_stream(channel->http->http2, dir_of(side));
    return http1_stream(&channel->http->http1, dir_of(side));
}

/* ---- recognition ---- */

/* Whether the bytes of a side may begin anywhere in a message. */
static bool is_joined(const struct channel_side *side)
{
    const struct channel_source *source = &side->channel->params.source;
    return side->had_gap ||
           (source->has_beginning && !source->has_beginning(source->ctx, index_of(side)));
}

static void drop_starts(struct channel *channel)
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
    drop_starts(channel);
    stats->n_other_connections++;
    return FEED_STOP;
}

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

/* The connection was switched to something that is not HTTP/1. */
static enum feed open_tunnel(void *ctx, enum dir dir, struct stream_sink *sink)
{
    struct channel *channel = ctx;
    struct channel_http *http = channel->http;
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

static enum feed open_http(struct channel *channel, int client, enum protocol protocol)
{
    struct channel_http *http = calloc(1, sizeof *http);
    if (!http)
        return FEED_NOMEM;
    const struct limits *limits = channel->params.shared->limits;
    channel->http = http;
    channel->client = client;
    channel->protocol = protocol;
    http->info = (struct event_connection){
        .number = channel->params.number,
        .client = channel->params.endpoint[client],
        .server = channel->params.endpoint[1 - client],
        .tls_version = channel->params.tls_version,
    };
    if (channel->side[client].source.address.version != 0) {
        http->info.proxy = http->info.client;
        http->info.client = channel->side[client].source;
    }
    decoder_init(&http->decoder, channel->params.shared, &http->info);
    exchanges_init(&http->exchanges, limits, decoder_sink(&http->decoder));
    if (protocol == PROTOCOL_HTTP2_PREFACE) {
        if (open_http2(channel) == FEED_OK)
            return FEED_OK;
        channel->http = NULL;
        channel->protocol = PROTOCOL_OTHER;
        free(http);
        return FEED_NOMEM;
    }
    channel->params.shared->stats->n_http_connections++;
    http1_init(&http->http1, limits, exchanges_sink(&http->exchanges));
    http1_set_tunnel(&http->http1, (struct http1_tunnel){open_tunnel, channel});
    return FEED_OK;
}

/* Hands on what was kept while the protocol was not known. */
static enum feed replay(struct channel_side *side, struct span bytes, const struct origin *origin)
{
    struct stream_sink stream = stage_stream(side);
    enum feed result = FEED_OK;
    if (bytes.len > 0)
        result = stream.ops->feed(stream.ctx, bytes, origin);
    if (result != FEED_NOMEM && side->is_finished)
        result = stream.ops->finish(stream.ctx, side->channel->why, origin);
    return result;
}

static enum feed replay_start(struct channel_side *side)
{
    enum feed result = replay(side, buf_span(&side->start), &side->start_origin);
    buf_free(&side->start);
    return result;
}

static enum feed replay_starts(struct channel *channel)
{
    if (replay_start(&channel->side[channel->client]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_start(&channel->side[1 - channel->client]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
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
static void drop_what_began_before(struct channel_side *side)
{
    size_t max_line = side->channel->params.shared->limits->max_target_bytes;
    buf_drop_first(&side->start, last_lines(buf_span(&side->start), 1));
    if (detect_start(buf_span(&side->start), max_line) != PROTOCOL_MORE)
        buf_clear(&side->start);
}

/* finder: the side in which a message was found. */
static enum feed become_http(struct channel *channel, int client, int finder)
{
    if (is_joined(&channel->side[1 - finder]))
        drop_what_began_before(&channel->side[1 - finder]);
    if (open_http(channel, client, PROTOCOL_HTTP1_REQUEST) != FEED_OK)
        return FEED_NOMEM;
    return replay_starts(channel);
}

/* What is kept of a side that was joined midway may begin a frame. */
static enum feed replay_http2(struct channel_side *side)
{
    struct http2_search *search = &side->search;
    if (!is_joined(side))
        return replay_start(side);
    http2_join(side->channel->http->http2, dir_of(side));
    enum feed result = replay(side, http2_search_found(search), &search->first);
    http2_search_free(search);
    buf_free(&side->start);
    return result;
}

static enum feed become_http2(struct channel *channel, int client)
{
    if (open_http(channel, client, PROTOCOL_HTTP2_PREFACE) != FEED_OK)
        return FEED_NOMEM;
    if (replay_http2(&channel->side[client]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_http2(&channel->side[1 - client]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* finder: the side in which a record was found; the other one answers it. */
static enum feed become_tls(struct channel *channel, int finder)
{
    if (channel->params.depth == CHANNEL_MAX_DEPTH)
        return settle_as(channel, PROTOCOL_OTHER);
    channel->protocol = PROTOCOL_TLS;
    if (channel_tls_open(channel) != FEED_OK || replay_start(&channel->side[finder]) == FEED_NOMEM)
        return FEED_NOMEM;
    return replay_start(&channel->side[1 - finder]) == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

static enum feed keep_start(struct channel_side *side, struct span bytes,
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

static bool has_searched_enough(const struct channel_side *side)
{
    return side->searched_bytes > side->channel->params.shared->limits->max_search_bytes;
}

/* What the kept bytes of a stream joined midway are, and *at where its first message begins: where
 * a start line is followed by a field line. When too much was searched in vain only a segment's
 * first lines are looked at. */
static enum protocol search(struct channel_side *side, size_t *at)
{
    struct span bytes = buf_span(&side->start);
    if (has_searched_enough(side))
        bytes = span_first(bytes, side->channel->params.shared->limits->max_target_bytes);
    side->searched_bytes += bytes.len;
    enum protocol found;
    *at = detect_resync(bytes, &found);
    return *at < bytes.len ? found : PROTOCOL_OTHER;
}

/* Keeps the last line and the one before it: a message may begin in either, and the line behind a
 * start line proves it. The rest is neither kept nor lost: what it belongs to began before the
 * capture. */
static void forget_searched(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    size_t n_past = last_lines(buf_span(&side->start), 2);
    buf_drop_first(&side->start, n_past);
    if (n_past >= n_old)
        side->start_origin = *origin;
    if (has_searched_enough(side) ||
        side->start.len > side->channel->params.shared->limits->max_target_bytes)
        buf_free(&side->start);
}

/* The stream was joined in a document: it is a server's, and what is kept of it begins there. */
static enum feed join_document(struct channel_side *side, const struct origin *origin)
{
    struct channel *channel = side->channel;
    int me = index_of(side);
    buf_free(&side->start);
    side->start = side->tail.kept;
    side->tail.kept = (struct buf){0};
    side->start_origin = *origin;
    if (is_joined(&channel->side[1 - me]))
        drop_what_began_before(&channel->side[1 - me]);
    if (open_http(channel, 1 - me, PROTOCOL_HTTP1_REQUEST) != FEED_OK)
        return FEED_NOMEM;
    http1_join(&channel->http->http1, DIR_SERVER);
    channel->is_believed = true;
    return replay_starts(channel);
}

/* Looks for a document in bytes, of which the first n_before are no message. A NUL stands in no
 * text that could be read from its middle, but in the head of nearly every HTTP/2 frame. */
static enum feed search_document(struct channel_side *side, struct span bytes, size_t n_before)
{
    struct span before = span_first(bytes, n_before);
    if (has_searched_enough(side))
        return FEED_OK;
    if (span_find_byte(before, 0) < before.len) {
        tail_reset(&side->tail);
        return FEED_OK;
    }
    enum feed found = tail_feed(&side->tail, before);
    if (found == FEED_STOP && buf_append(&side->tail.kept, span_after(bytes, n_before)) != BUF_OK)
        return FEED_NOMEM;
    return found;
}

static enum feed recognise_http1(struct channel_side *side, struct span bytes,
                                 const struct origin *origin)
{
    size_t n_old = side->start.len, at;
    enum feed kept = keep_start(side, bytes, origin);
    if (kept != FEED_OK)
        return kept;
    enum protocol found = search(side, &at);
    bool is_message = found == PROTOCOL_HTTP1_REQUEST || found == PROTOCOL_HTTP1_RESPONSE;
    size_t n_before = !is_message ? bytes.len : at > n_old ? at - n_old : 0;
    enum feed document = search_document(side, bytes, n_before);
    if (document != FEED_OK)
        return document == FEED_STOP ? join_document(side, origin) : document;
    if (!is_message) {
        forget_searched(side, n_old, origin);
        return FEED_OK;
    }
    buf_drop_first(&side->start, at);
    if (at >= n_old)
        side->start_origin = *origin;
    int me = index_of(side);
    return become_http(side->channel, found == PROTOCOL_HTTP1_REQUEST ? me : 1 - me, me);
}

static enum feed recognise_http2(struct channel_side *side, struct span bytes,
                                 const struct origin *origin)
{
    int me = index_of(side);
    if (has_searched_enough(side))
        return FEED_OK;
    switch (http2_search_take(&side->search, &bytes, origin, NULL)) {
    case HTTP2_FOUND_NOTHING:
        return FEED_OK;
    case HTTP2_FOUND_NOMEM:
        return FEED_NOMEM;
    case HTTP2_FOUND_FRAME:
        break;
    }
    enum feed result = become_http2(side->channel, side->search.dir == DIR_CLIENT ? me : 1 - me);
    return result == FEED_OK ? replay(side, bytes, origin) : result;
}

static enum feed recognise_joined(struct channel_side *side, struct span bytes,
                                  const struct origin *origin)
{
    enum feed result = recognise_http1(side, bytes, origin);
    if (result != FEED_OK || side->channel->protocol != PROTOCOL_MORE)
        return result;
    return recognise_http2(side, bytes, origin);
}

/* Drops what stands before the protocol; false while that may still be coming. n_old: the bytes
 * kept before those of origin. */
static bool drop_prefaces(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    struct preface preface;
    enum preface_kind kind;
    while ((kind = preface_find(buf_span(&side->start), index_of(side) == 0, &preface)) ==
           PREFACE_WHOLE) {
        if (preface.source.address.version != 0)
            side->source = preface.source;
        buf_drop_first(&side->start, preface.len);
        if (preface.len >= n_old)
            side->start_origin = *origin;
        n_old -= preface.len < n_old ? preface.len : n_old;
    }
    return kind == PREFACE_NONE;
}

static enum feed recognise(struct channel_side *side, struct span bytes,
                           const struct origin *origin)
{
    struct channel *channel = side->channel;
    if (is_joined(side))
        return recognise_joined(side, bytes, origin);
    size_t n_old = side->start.len;
    enum feed kept = keep_start(side, bytes, origin);
    if (kept != FEED_OK)
        return kept;
    if (!drop_prefaces(side, n_old, origin) || side->start.len == 0)
        return FEED_OK;
    size_t max_line = channel->params.shared->limits->max_target_bytes;
    enum protocol found = detect_start(buf_span(&side->start), max_line);
    int me = index_of(side);
    switch (found) {
    case PROTOCOL_MORE:
        return FEED_OK;
    case PROTOCOL_HTTP1_REQUEST:
        return become_http(channel, me, me);
    case PROTOCOL_HTTP1_RESPONSE:
        return become_http(channel, 1 - me, me);
    case PROTOCOL_HTTP2_PREFACE:
        return become_http2(channel, me);
    case PROTOCOL_HTTP2_SETTINGS:
        return become_http2(channel, 1 - me);
    case PROTOCOL_TLS:
        return become_tls(channel, me);
    case PROTOCOL_OTHER:
        break;
    }
    return settle_as(channel, found);
}

/* A document that HTTP/2 carries looks like one of HTTP/1 until the next frame, whose head has a
 * NUL as neither XML nor HTTP/1 has. What was believed is ended, and the streams are searched anew.
 */
static void disbelieve(struct channel *channel, const struct origin *origin)
{
    struct channel_params params = channel->params;
    exchanges_finish(&channel->http->exchanges, END_GAP, origin);
    params.shared->stats->n_http_connections--;
    channel_free(channel);
    channel_init(channel, &params);
    for (int i = 0; i < 2; i++)
        channel->side[i].had_gap = true;
}

static void check_belief(struct channel_side *side, struct span bytes, const struct origin *origin)
{
    struct channel *channel = side->channel;
    if (span_find_byte(bytes, 0) < bytes.len)
        disbelieve(channel, origin);
    else if (index_of(side) == channel->client)
        channel->is_believed = false;
}

/* ---- the streams ---- */

static enum feed on_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (side->channel->is_believed)
        check_belief(side, bytes, origin);
    if (side->channel->protocol == PROTOCOL_MORE)
        return recognise(side, bytes, origin);
    if (!is_recognised(side))
        return FEED_STOP;
    struct stream_sink stream = stage_stream(side);
    return stream.ops->feed(stream.ctx, bytes, origin);
}

static enum feed on_skip(void *ctx, uint64_t n_bytes, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (!is_recognised(side))
        return FEED_OK;
    struct stream_sink stream = stage_stream(side);
    return stream.ops->skip(stream.ctx, n_bytes, origin);
}

static enum feed on_gap(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin)
{
    struct channel_side *side = ctx;
    if (is_recognised(side)) {
        struct stream_sink stream = stage_stream(side);
        return stream.ops->gap(stream.ctx, n_bytes, is_cut, origin);
    }
    tail_reset(&side->tail);
    buf_clear(&side->start);
    http2_search_clear(&side->search);
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
    struct stream_sink stream = stage_stream(side);
    return stream.ops->need_none(stream.ctx);
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct channel_side *side = ctx;
    if (!is_recognised(side))
        return;
    struct stream_sink stream = stage_stream(side);
    stream.ops->note(stream.ctx, anomaly);
}

static enum feed on_finish(void *ctx, enum end why, const struct origin *origin)
{
    struct channel_side *side = ctx;
    side->is_finished = true;
    side->channel->why = why;
    if (!is_recognised(side))
        return FEED_OK;
    struct stream_sink stream = stage_stream(side);
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

enum feed channel_retry(struct channel *channel)
{
    return channel->tls ? tls_retry(&channel->tls->tls) : FEED_OK;
}

bool channel_is_waiting(const struct channel *channel, int64_t time_ns)
{
    return channel->tls && tls_is_waiting(&channel->tls->tls, time_ns);
}

enum end channel_why(const struct channel *channel)
{
    return channel->why;
}

void channel_finish(struct channel *channel, enum end why, const struct origin *origin)
{
    if (channel->http)
        exchanges_finish(&channel->http->exchanges, why, origin);
    if (channel->tls)
        channel_tls_finish(channel, why, origin);
    channel_free(channel);
}

int channel_worth(const struct channel *channel)
{
    if (channel->tls)
        return channel_worth(&channel->tls->inner);
    if (!channel->http)
        return 1;
    return channel->http->decoder.n_open > 0 ? 3 : 2;
}

static size_t http2_bytes(const struct http2 *http2)
{
    return http2 ? sizeof *http2 + http2_buffered_bytes(http2) : 0;
}

size_t channel_buffered_bytes(const struct channel *channel)
{
    size_t bytes = 0;
    for (int i = 0; i < 2; i++)
        bytes += channel->side[i].start.capacity_bytes + channel->side[i].tail.kept.capacity_bytes +
                 http2_search_buffered_bytes(&channel->side[i].search);
    const struct channel_http *http = channel->http;
    if (http)
        bytes += sizeof *http + decoder_buffered_bytes(&http->decoder) + http2_bytes(http->http2) +
                 http1_buffered_bytes(&http->http1) +
                 exchanges_buffered_bytes(&http->exchanges, decode_buffered_bytes);
    if (channel->tls)
        bytes += channel_tls_buffered_bytes(channel->tls);
    return bytes;
}

void channel_free(struct channel *channel)
{
    struct channel_http *http = channel->http;
    if (http) {
        exchanges_free(&http->exchanges);
        decoder_free(&http->decoder);
        http1_free(&http->http1);
        if (http->http2)
            http2_free(http->http2);
        free(http->http2);
        free(http);
        channel->http = NULL;
        channel->protocol = PROTOCOL_OTHER;
    }
    channel_tls_free(channel->tls);
    channel->tls = NULL;
    drop_starts(channel);
}
