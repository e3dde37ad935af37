/* channel_tls: what a channel does when it recognises TLS: the streams go through tls, and a
 * channel of their own takes what comes out. Private to channel.c. */
#pragma once

#include "dissector/channel.h"
#include "dissector/tls/tls.h"

struct channel_tls {
    struct tls tls;
    struct channel inner;
};

/* FEED_NOMEM, or FEED_OK and channel->tls is made. */
enum feed channel_tls_open(struct channel *channel);

/* Says how it went: counts it, and an event when it stayed opaque. Frees it. */
void channel_tls_finish(struct channel *channel, enum end why, const struct origin *origin);

size_t channel_tls_buffered_bytes(const struct channel_tls *tls);
void channel_tls_free(struct channel_tls *tls);
