/* http2_control: frames that speak of the connection or end streams: SETTINGS, RST_STREAM, GOAWAY.
 * RFC 9113 §6.4, §6.5, §6.8. Private to http2. */
#pragma once

#include "dissector/http/http2.h"

/* The whole payload of half->frame, of such a type. FEED_OK or FEED_NOMEM. */
enum feed http2_control_take(struct http2_half *half, struct span payload,
                             const struct origin *origin);
