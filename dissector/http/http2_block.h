/* http2_block: the header blocks of one direction: gathered from HEADERS, PUSH_PROMISE and
 * CONTINUATION, decoded, and passed on as heads and trailers. RFC 9113 §4.3, §8. Private to http2.
 * All return FEED_OK or FEED_NOMEM. */
#pragma once

#include "dissector/http/http2.h"

/* The payload of half->frame, HEADERS or PUSH_PROMISE, or, is_cut, as much of it as was seen. */
enum feed http2_block_begin(struct http2_half *half, struct span payload, bool is_cut,
                            const struct origin *origin);

/* The same of CONTINUATION of the open block. */
enum feed http2_block_continue(struct http2_half *half, struct span payload, bool is_cut,
                               const struct origin *origin);

/* The open block, if there is one, will not be continued; problem: because of that, or NULL. */
enum feed http2_block_break(struct http2_half *half, const char *problem,
                            const struct origin *origin);
