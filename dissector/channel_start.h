/* channel_start: what is spoken in the streams of a channel, told from their first bytes, which are
 * kept until it is known. Private to channel. Functions that answer enum feed answer as a stream
 * does; FEED_STOP: it speaks nothing we read. */
#pragma once

#include "dissector/channel.h"

int channel_index(const struct channel_side *side);
struct channel_side *channel_other(const struct channel_side *side);
enum dir channel_dir(const struct channel_side *side); /* once it is HTTP */

/* The stage that reads the stream; only once one does. */
struct stream_sink channel_stage(struct channel_side *side);

/* The next bytes of a stream of which nothing is known yet. */
enum feed channel_recognise(struct channel_side *side, struct span bytes,
                            const struct origin *origin);

/* Whether the bytes of a side may begin anywhere in a message. */
bool channel_is_joined(const struct channel_side *side);

/* Keeps the bytes behind those kept; at the limit the channel settles as something unknown. */
enum feed channel_keep_start(struct channel_side *side, struct span bytes,
                             const struct origin *origin);

/* No more comes: what was sent and not recognised by now stays unknown. */
void channel_settle(struct channel *channel);

/* The other side spoke, or what it said is lost: what side said before may be answered. */
void channel_answer(struct channel_side *side);

/* What comes does not follow what came. */
void channel_forget_start(struct channel_side *side);

/* Forgets all that is kept. */
void channel_drop_starts(struct channel *channel);

/* It is HTTP/1: makes its stages and hands on what was kept. finder: the side in which a message
 * was found. */
enum feed channel_become_http(struct channel *channel, int client, int finder);
/* finder: the side in which a record was found; the other one answers it. */
enum feed channel_become_tls(struct channel *channel, int finder);

enum feed channel_become_http2(struct channel *channel, int client);

/* Hands bytes on to the stage, and the end if it has come. */
enum feed channel_replay(struct channel_side *side, struct span bytes, const struct origin *origin);

/* Hands on what was kept of both sides, the client's first. */
enum feed channel_replay_starts(struct channel *channel);
