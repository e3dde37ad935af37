/* channel_connect: a proxy that connected the client to another server (CONNECT) although the
 * request for that was not seen, or the answer, or both: the client begins TLS where it would begin
 * a request. Private to channel.
 *
 * A body may hold the bytes of TLS as well. So the place must be one between messages or the first
 * byte behind a loss; nothing of the server's may be open that has a body for sure; and either the
 * request is the last that was seen and its answer was not, or the last answer is a 2xx without a
 * length to a request that was not seen, or the answers behind that are missing too. */
#pragma once

#include "dissector/channel.h"

/* The next bytes of a stream that a stage reads, to that or to the tunnel they begin. */
enum feed channel_connect_feed(struct channel_side *side, struct span bytes,
                               const struct origin *origin);

/* No more comes that follows: passes on what is kept as it may begin a tunnel. */
enum feed channel_connect_pass(struct channel_side *side);
