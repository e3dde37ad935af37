/* channel_http: the stages that read HTTP in a channel, and how they are plugged together: http1 or
 * http2, both or one after the other, into exchanges, and these into decode. Private to channel. */
#pragma once

#include "dissector/channel.h"

/* FEED_NOMEM, or FEED_OK and channel->http is made: client is the side of the client, protocol
 * PROTOCOL_HTTP1_REQUEST or PROTOCOL_HTTP2_PREFACE. */
enum feed channel_http_open(struct channel *channel, int client, enum protocol protocol);

/* The events of channel->http tell the endpoints as they are known now. */
void channel_http_set_ends(struct channel *channel);

/* Ends what is still open in channel->http. */
void channel_http_finish(struct channel *channel, enum end why, const struct origin *origin);

size_t channel_http_buffered_bytes(const struct channel_http *http);
void channel_http_free(struct channel *channel); /* channel->http, and sets it to NULL; it may be */
