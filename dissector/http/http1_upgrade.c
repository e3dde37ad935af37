/* Lines and stray bytes in, a tunnel out. Does not read HTTP/2, and does not know who asked for it.
 */
#include "dissector/http/http1_upgrade.h"

static bool is_asked_for(const struct http1_half *half)
{
    const struct http_sink *sink = &half->http1->sink;
    return sink->ops->may_upgrade && sink->ops->may_upgrade(sink->ctx);
}

static enum feed upgrade(struct http1_half *half)
{
    const struct http_sink *sink = &half->http1->sink;
    if (sink->ops->upgraded(sink->ctx) == FEED_NOMEM)
        return http1_half_settle_nomem(half);
    half->http1->is_tunnel = true;
    return FEED_OK;
}

bool http1_upgrade_line(struct http1_half *half)
{
    static const char preface_line[] = "PRI * HTTP/2.0";
    struct span text = http1_line_text(http1_line_current(&half->line), NULL);
    size_t at = span_find(text, span_str(preface_line));
    if (half->dir != DIR_CLIENT || at + sizeof preface_line - 1 != text.len || !is_asked_for(half))
        return false;
    http1_line_drop(&half->line, at);
    return upgrade(half) == FEED_OK;
}

enum feed http1_upgrade_search(struct http1_half *half, struct span taken, struct span *bytes,
                               const struct origin *origin)
{
    struct http2_search *search = &half->http1->search;
    if (half->dir != DIR_SERVER || !is_asked_for(half))
        return FEED_OK;
    struct span rest = taken;
    switch (http2_search_take(search, &rest, origin, NULL)) {
    case HTTP2_FOUND_NOTHING:
        return FEED_OK;
    case HTTP2_FOUND_FRAME:
        break;
    case HTTP2_FOUND_NOMEM:
        return http1_half_settle_nomem(half);
    }
    *bytes = span_of(rest.ptr, rest.len + bytes->len);
    return upgrade(half);
}

enum feed http1_upgrade_begin(struct http1_half *half, const struct origin *origin)
{
    struct http2_search *search = &half->http1->search;
    struct span found = http2_search_found(search);
    enum feed answer = stream_gap(half->tunnel, SINK_ALL, false, origin);
    if (answer == FEED_OK && found.len > 0)
        answer = stream_feed(half->tunnel, found, &search->first);
    http2_search_free(search);
    return answer;
}
