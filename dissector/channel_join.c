/* Streams of which the beginning was not seen; see channel_join.h. */
#include "dissector/channel_join.h"

#include "dissector/channel_http.h"
#include "dissector/channel_start.h"
#include "dissector/channel_tls.h"
#include "dissector/http/http1_start.h"
#include "dissector/http/http2_frame.h"

/* From here on systems give clients their ports (Linux; others begin higher), and containers give
 * them to servers. */
enum { FIRST_CLIENT_PORT = 32768 };

/* Where the last n lines begin; a line without its end counts. */
static size_t last_lines(struct span bytes, unsigned n)
{
    for (size_t at = bytes.len; at > 0; at--)
        if (bytes.ptr[at - 1] == '\n' && n-- == 1)
            return at;
    return 0;
}

/* Of what is kept the first n bytes are passed over: what they belong to began before the capture.
 */
static void pass_over(struct channel_side *side, size_t n)
{
    side->has_passed |= n > 0;
    side->is_unanswered |= n > side->n_answered;
    side->n_answered -= n < side->n_answered ? n : side->n_answered;
    buf_drop_first(&side->start, n);
}

void channel_forget_before(struct channel_side *side, enum dir dir)
{
    size_t max_line = side->channel->params.shared->limits->max_target_bytes;
    pass_over(side, last_lines(buf_span(&side->start), 1));
    struct span line = buf_span(&side->start);
    if (!http1_start_is_possible(line, dir) || detect_start(line, max_line) != PROTOCOL_MORE)
        pass_over(side, side->start.len);
}

static bool has_searched_enough(const struct channel_side *side)
{
    return side->searched_bytes > side->channel->params.shared->limits->max_search_bytes;
}

/* The side that is the client, or -1. */
static int known_client(const struct channel_params *params)
{
    return params->source.opener ? params->source.opener(params->source.ctx) : -1;
}

/* Where nobody knows, it is likely to be that with the higher port, unless both may be a client's.
 */
static int likely_client(const struct channel_params *params)
{
    int known = known_client(params);
    uint16_t port[2] = {params->endpoint[0].port, params->endpoint[1].port};
    bool are_clients = port[0] >= FIRST_CLIENT_PORT && port[1] >= FIRST_CLIENT_PORT;
    return known >= 0 ? known : port[0] == port[1] || are_clients ? -1 : port[0] < port[1];
}

/* Whether a message found at a place is one of side. Behind other bytes it may be text in a body,
 * and is when the other side is the one to say that. */
static bool may_say(const struct channel_side *side, enum protocol found, size_t at)
{
    int client = likely_client(&side->channel->params);
    bool is_clients = found == PROTOCOL_HTTP1_REQUEST;
    bool is_behind = at > 0 || side->has_passed;
    return !is_behind || client < 0 || is_clients == (client == channel_index(side));
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
    size_t from = 0;
    for (;;) {
        *at = from + detect_resync(span_after(bytes, from), &found);
        if (*at >= bytes.len || may_say(side, found, *at))
            return found;
        from = *at + span_find_byte(span_after(bytes, *at), '\n') + 1;
    }
}

/* Keeps the last line and the one before it: a message may begin in either, and the line behind a
 * start line proves it. The rest is neither kept nor lost: what it belongs to began before the
 * capture. */
static void forget_searched(struct channel_side *side, size_t n_old, const struct origin *origin)
{
    size_t n_past = last_lines(buf_span(&side->start), 2);
    pass_over(side, n_past);
    if (n_past >= n_old)
        side->start_origin = *origin;
    if (has_searched_enough(side) ||
        side->start.len > side->channel->params.shared->limits->max_target_bytes) {
        pass_over(side, side->start.len);
        buf_free(&side->start);
    }
}

/* The stream was joined in a document: it is a server's, and what is kept of it begins there; rest
 * follows and may disprove that. */
static enum feed join_document(struct channel_side *side, struct span rest,
                               const struct origin *origin)
{
    struct channel *channel = side->channel;
    int me = channel_index(side);
    buf_free(&side->start);
    side->start = side->tail.kept;
    side->tail.kept = (struct buf){0};
    side->start_origin = *origin;
    if (channel_is_joined(channel_other(side)))
        channel_forget_before(channel_other(side), DIR_CLIENT);
    if (channel_http_open(channel, 1 - me, PROTOCOL_HTTP1_REQUEST) != FEED_OK)
        return FEED_NOMEM;
    http1_join(&channel->http->http1, DIR_SERVER);
    channel->is_believed = true;
    if (channel_replay_starts(channel) == FEED_NOMEM)
        return FEED_NOMEM;
    struct stream_sink stream = channel_stream(channel, me);
    return rest.len > 0 ? stream_feed(stream, rest, origin) : FEED_OK;
}

/* Looks for a document of a server in bytes that are no message, and takes from the front of *bytes
 * what was looked at. A NUL stands in no text that could be read from its middle, but in the head
 * of nearly every HTTP/2 frame: so what is between two of them is looked at by itself. */
static enum feed search_document(struct channel_side *side, struct span *bytes)
{
    if (known_client(&side->channel->params) == channel_index(side))
        return FEED_OK;
    while (bytes->len > 0 && !has_searched_enough(side)) {
        struct span text = span_first(*bytes, span_find_byte(*bytes, 0));
        *bytes = span_after(*bytes, text.len);
        enum feed found = tail_feed(&side->tail, text);
        if (found != FEED_OK)
            return found;
        if (bytes->len > 0)
            tail_reset(&side->tail);
        *bytes = span_after(*bytes, 1);
    }
    return FEED_OK;
}

static enum feed recognise_http1(struct channel_side *side, struct span bytes,
                                 const struct origin *origin)
{
    size_t n_old = side->start.len, at;
    enum feed kept = channel_keep_start(side, bytes, origin);
    if (kept != FEED_OK)
        return kept;
    enum protocol found = search(side, &at);
    bool is_message = found == PROTOCOL_HTTP1_REQUEST || found == PROTOCOL_HTTP1_RESPONSE;
    size_t n_before = !is_message ? bytes.len : at > n_old ? at - n_old : 0;
    struct span before = span_first(bytes, n_before);
    enum feed document = search_document(side, &before);
    if (document == FEED_STOP)
        return join_document(side, span_after(bytes, n_before - before.len), origin);
    if (document != FEED_OK)
        return document;
    if (!is_message) {
        side->is_foreign |= !http2_frame_is_plausible(bytes, HTTP2_MIN_MAX_FRAME);
        forget_searched(side, n_old, origin);
        return FEED_OK;
    }
    pass_over(side, at);
    if (at >= n_old)
        side->start_origin = *origin;
    int me = channel_index(side);
    return channel_become_http(side->channel, found == PROTOCOL_HTTP1_REQUEST ? me : 1 - me, me);
}

static enum feed recognise_http2(struct channel_side *side, struct span bytes,
                                 const struct origin *origin)
{
    int me = channel_index(side);
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
    enum feed result =
        channel_become_http2(side->channel, side->search.dir == DIR_CLIENT ? me : 1 - me);
    return result == FEED_OK ? channel_replay(side, bytes, origin) : result;
}

/* What was kept is none of it. */
static enum feed join_tls(struct channel_side *side, struct span bytes, const struct origin *origin,
                          bool is_hello)
{
    struct channel *channel = side->channel;
    channel_drop_starts(channel);
    if (is_hello && channel_keep_start(side, bytes, origin) != FEED_OK)
        return FEED_NOMEM;
    enum feed result = channel_become_tls(channel, channel_index(side));
    if (channel->tls && !is_hello)
        tls_join(&channel->tls->tls);
    return result;
}

enum feed channel_search(struct channel_side *side, struct span bytes, const struct origin *origin)
{
    struct channel_side *other = channel_other(side);
    other->is_behind_gap = side->is_behind_gap = false;
    channel_answer(other);
    enum tls_found found = tls_search_feed(&side->records, bytes);
    if (found != TLS_FOUND_NOTHING && !has_searched_enough(side))
        return join_tls(side, bytes, origin, found == TLS_FOUND_HELLO);
    enum feed result = recognise_http1(side, bytes, origin);
    if (result != FEED_OK || side->channel->protocol != PROTOCOL_MORE)
        return result;
    return recognise_http2(side, bytes, origin);
}

/* A document that HTTP/2 carries looks like one of HTTP/1 until the next frame, whose head has a
 * NUL as neither XML nor HTTP/1 has. What was believed is ended, and the streams are searched anew.
 */
static void disbelieve(struct channel *channel, const struct origin *origin)
{
    struct channel_params params = channel->params;
    exchanges_finish(&channel->http->exchanges, END_GAP, origin);
    params.n_exchanges = exchanges_n_numbered(&channel->http->exchanges);
    params.shared->stats->n_http_connections--;
    channel_free(channel);
    channel_init(channel, &params);
    for (int i = 0; i < 2; i++)
        channel->side[i].had_gap = true;
}

enum feed channel_check_belief(struct channel_side *side, struct span *bytes,
                               const struct origin *origin)
{
    struct channel *channel = side->channel;
    struct span text = span_first(*bytes, span_find_byte(*bytes, 0));
    if (text.len == bytes->len) {
        channel->is_believed = channel_index(side) != channel->client;
        return FEED_OK;
    }
    *bytes = span_after(*bytes, text.len);
    if (text.len > 0 && stream_feed(channel_stage(side), text, origin) == FEED_NOMEM)
        return FEED_NOMEM;
    disbelieve(channel, origin);
    return FEED_OK;
}
