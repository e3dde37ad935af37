/* The end of HTTP/1 in, calls to the tunnel's sink out. Does not know who reads it. */
#include "dissector/http/http1_tunnel.h"

#include "dissector/http/http1_upgrade.h"

static void begin(struct http1_half *half)
{
    const struct http1_tunnel *tunnel = &half->http1->tunnel;
    half->settled =
        tunnel->begin ? tunnel->begin(tunnel->ctx, half->dir, &half->tunnel) : FEED_STOP;
    half->is_tunnel = half->settled == FEED_OK;
    half->is_behind_hole = half->dir == DIR_SERVER && half->state == HTTP1_RESYNC;
    if (!half->is_tunnel)
        http1_line_clear(&half->line);
}

bool http1_tunnel_is_over(struct http1_half *half)
{
    if (half->settled != FEED_OK || half->is_tunnel)
        return true;
    if (!half->http1->is_tunnel || http1_half_is_open(half))
        return false;
    begin(half);
    return true;
}

enum feed http1_tunnel_feed(struct http1_half *half, struct span bytes, const struct origin *origin)
{
    struct span early = http1_line_all(&half->line);
    enum feed answer = half->settled;
    if (answer == FEED_OK && half->is_behind_hole)
        answer = http1_upgrade_begin(half, origin);
    else if (answer == FEED_OK && early.len > 0)
        answer = stream_feed(half->tunnel, early, origin);
    half->is_behind_hole = false;
    http1_line_clear(&half->line);
    if (answer == FEED_OK && bytes.len > 0)
        answer = stream_feed(half->tunnel, bytes, origin);
    if (answer == FEED_NOMEM)
        return http1_half_settle_nomem(half);
    half->settled = answer;
    return answer;
}

void http1_set_tunnel(struct http1 *http1, struct http1_tunnel tunnel)
{
    http1->tunnel = tunnel;
}

/* Between messages, or right behind a loss. */
static bool is_at_beginning(const struct http1_half *half)
{
    bool is_between = half->state == HTTP1_START_LINE;
    bool is_behind_loss = half->state == HTTP1_RESYNC && half->resync.is_fresh;
    return half->settled == FEED_OK && !half->is_tunnel && (is_between || is_behind_loss) &&
           http1_line_all(&half->line).len == 0;
}

bool http1_may_connect(const struct http1 *http1)
{
    const struct http1_half *server = &http1->half[DIR_SERVER];
    bool may_lack_body =
        server->state == HTTP1_BODY_UNSURE && http1_line_all(&server->line).len == 0;
    return is_at_beginning(&http1->half[DIR_CLIENT]) &&
           (may_lack_body || !http1_half_is_open(server));
}

void http1_connect(struct http1 *http1)
{
    struct http1_half *server = &http1->half[DIR_SERVER];
    http1->is_tunnel = true;
    if (http1_half_is_open(server))
        server->state = HTTP1_START_LINE;
}
