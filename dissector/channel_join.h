/* channel_join: streams of which the beginning was not seen: the next message is looked for in
 * them, the head of an HTTP/2 frame, and a document whose head is lost. Private to channel. */
#pragma once

#include "dissector/channel.h"

/* The next bytes of such a stream of which nothing is known yet; answers as a stream does. */
enum feed channel_search(struct channel_side *side, struct span bytes, const struct origin *origin);

/* In the other side a message was found and in this one, which speaks for dir, none: what is kept
 * of it counts only as far as it may begin one. */
void channel_forget_before(struct channel_side *side, enum dir dir);

/* While channel->is_believed: whether the bytes still fit what is believed. If not, those that do
 * are taken from the front of *bytes, and the channel is as it began. FEED_OK or FEED_NOMEM. */
enum feed channel_check_belief(struct channel_side *side, struct span *bytes,
                               const struct origin *origin);
