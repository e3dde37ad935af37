/* Bytes of a client in, a tunnel where they begin one; see channel_connect.h. Keeps no more than
 * the head of a hello, in side->start. */
#include "dissector/channel_connect.h"

#include "dissector/channel_start.h"

static bool may_begin(const struct channel_side *side)
{
    const struct channel *channel = side->channel;
    return channel->http && channel->protocol == PROTOCOL_HTTP1_REQUEST &&
           channel_dir(side) == DIR_CLIENT && exchanges_may_connect(&channel->http->exchanges) &&
           http1_may_connect(&channel->http->http1);
}

static enum feed begin_tunnel(struct channel_http *http, const struct origin *origin)
{
    http1_connect(&http->http1);
    return exchanges_connect(&http->exchanges, origin);
}

enum feed channel_connect_pass(struct channel_side *side)
{
    if (side->start.len == 0)
        return FEED_OK;
    enum feed result =
        stream_feed(channel_stage(side), buf_span(&side->start), &side->start_origin);
    buf_free(&side->start);
    return result;
}

enum feed channel_connect_feed(struct channel_side *side, struct span bytes,
                               const struct origin *origin)
{
    size_t n_kept = side->start.len;
    if (bytes.len == 0 || (n_kept == 0 && !may_begin(side)))
        return stream_feed(channel_stage(side), bytes, origin);
    struct span head = span_first(bytes, TLS_HELLO_HEAD_BYTES - n_kept);
    if (n_kept > 0 || tls_hello_of(head) == TLS_HELLO_MORE) {
        if (channel_keep_start(side, head, origin) != FEED_OK)
            return FEED_NOMEM;
        bytes = span_after(bytes, head.len);
        head = buf_span(&side->start);
    }
    enum tls_hello hello = tls_hello_of(head);
    if (hello == TLS_HELLO_MORE)
        return FEED_OK;
    if (hello == TLS_HELLO_CLIENT && begin_tunnel(side->channel->http, origin) != FEED_OK)
        return FEED_NOMEM;
    enum feed result = channel_connect_pass(side);
    return result == FEED_OK && bytes.len > 0 ? stream_feed(channel_stage(side), bytes, origin)
                                              : result;
}
