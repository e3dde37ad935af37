/* http2_frame: the header of one HTTP/2 frame, and what is around its content. RFC 9113 §4, §6.
 * Pure functions. */
#pragma once

#include "dissector/base/span.h"

enum {
    HTTP2_FRAME_BYTES = 9,       /* of the header */
    HTTP2_MIN_MAX_FRAME = 16384, /* payload every peer takes, RFC 9113 §4.2 */
    HTTP2_MAX_FRAME = (1 << 24) - 1,
};

enum http2_type {
    HTTP2_DATA,
    HTTP2_HEADERS,
    HTTP2_PRIORITY,
    HTTP2_RST_STREAM,
    HTTP2_SETTINGS,
    HTTP2_PUSH_PROMISE,
    HTTP2_PING,
    HTTP2_GOAWAY,
    HTTP2_WINDOW_UPDATE,
    HTTP2_CONTINUATION,
    HTTP2_TYPE_N, /* and above: extensions, passed over (RFC 9113 §5.5) */
};

enum http2_flag {
    HTTP2_END_STREAM = 0x1, /* DATA, HEADERS */
    HTTP2_ACK = 0x1,        /* SETTINGS, PING */
    HTTP2_END_HEADERS = 0x4,
    HTTP2_PADDED = 0x8,
    HTTP2_HAS_PRIORITY = 0x20, /* HEADERS */
};

struct http2_frame {
    uint32_t len; /* of the payload */
    uint8_t type, flags;
    uint32_t stream; /* 31 bits; the reserved one is ignored */
};

/* header: HTTP2_FRAME_BYTES bytes. */
struct http2_frame http2_frame_read(struct span header);

/* What is wrong with a frame on a stream like this, or of a length like this, for people; NULL:
 * nothing. */
const char *http2_frame_problem(const struct http2_frame *frame);

/* Whether these bytes look like a frame header: a known type with none but its flags, on such a
 * stream and of such a length as it may have, at most max_len. */
bool http2_frame_is_plausible(struct span header, uint32_t max_len);

/* Takes padding, and the priority of HEADERS, off a payload, of which the end may be missing.
 * False: there is more padding than payload. */
bool http2_frame_unwrap(const struct http2_frame *frame, struct span *payload);

/* The name of an error code, RFC 9113 §7. Never NULL. */
const char *http2_error_name(uint32_t code);
