/* detect: which protocol a stream speaks, told from its bytes, never from a port. Pure functions.
 */
#pragma once

#include "dissector/base/span.h"

enum protocol {
    PROTOCOL_MORE, /* too few bytes to say */
    PROTOCOL_HTTP1_REQUEST,
    PROTOCOL_HTTP1_RESPONSE,
    PROTOCOL_HTTP2_PREFACE,  /* the client's, RFC 9113 §3.4 */
    PROTOCOL_HTTP2_SETTINGS, /* the server's */
    PROTOCOL_TLS,            /* a handshake or alert record */
    PROTOCOL_OTHER,
};

/* What a stream that begins with these bytes speaks. Leading empty lines are skipped (RFC 9112
 * §2.2). A request or response start line must be whole, so that arbitrary text is not taken for
 * one; at most max_line_bytes are waited for. */
enum protocol detect_start(struct span bytes, size_t max_line_bytes);

/* Where in bytes a message begins when the start of the stream was not seen: the offset of the
 * first start line (at the beginning of bytes, after a line end, or behind the last bytes of a
 * body, which need not end with one) that is followed by a plausible field line or an empty line,
 * and its protocol in *found; bytes.len and PROTOCOL_OTHER when there is none. The text
 * "HTTP/1.1 200 OK" stands in every 207 body, so a start line alone is not enough. What a later
 * call would find in bytes that straddle two calls is not found: http1 itself joins them. */
size_t detect_resync(struct span bytes, enum protocol *found);
