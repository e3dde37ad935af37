/* http2_half: the frames of one direction of an HTTP/2 connection: its bytes in, each frame to the
 * file that knows what it means. RFC 9113 §3.4, §4, §6. Private to http2. Those that return enum
 * feed return FEED_OK or FEED_NOMEM, which settles both directions; http2_half_feed, once the half
 * is over, what it is settled on. */
#pragma once

#include "dissector/http/http2.h"

void http2_half_init(struct http2_half *half, struct http2 *http2, enum dir dir);

/* Nothing that comes is looked at any more. */
bool http2_half_is_over(const struct http2_half *half);

/* The bytes that follow, all of them. */
enum feed http2_half_feed(struct http2_half *half, struct span bytes, const struct origin *origin);

/* n bytes of the body, or of what is skipped, have gone by without being fed; at most as many as
 * are left of it. */
enum feed http2_half_advance(struct http2_half *half, uint64_t n, const struct origin *origin);

/* In HTTP2_PAYLOAD: the rest of what is gathered will not come. */
enum feed http2_half_cut(struct http2_half *half, const struct origin *origin);

/* What comes next is not known, and has to be looked for; hole tells why. */
enum feed http2_half_lose(struct http2_half *half, const struct anomaly *hole);

/* Bytes of the frame, or of this part of it, that are still to come. */
uint64_t http2_half_left_bytes(const struct http2_half *half);

/* Bytes buffered, its streams apart. */
size_t http2_half_buffered_bytes(const struct http2_half *half);

void http2_half_free(struct http2_half *half);
