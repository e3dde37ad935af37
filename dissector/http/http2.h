/* http2: the two streams of bytes of an HTTP/2 connection in, messages out. RFC 9113.
 *
 * in:  http2_stream(h, dir) is the sink for the bytes of one direction (base/sink.h).
 * out: struct http_sink, as http1 emits it, with the stream's id. A PUSH_PROMISE is the head and
 * end of the request it promises. RST_STREAM, and GOAWAY for what was not processed, end what is
 *      open and say closed(). 2xx to CONNECT (RFC 8441 too) ends both messages of its stream: what
 *      follows on it is no HTTP.
 *
 * A gap inside a frame is exact: in DATA it is a gap of that body and of nothing else, in a header
 * block what stands before it is still told, as a partial head. A gap over frame headers may have
 * taken DATA of every message that is open then: with its next DATA each is told of a gap of
 * unknown length, unless its Content-Length proves that nothing is missing. The other messages are
 * not touched. The next frame is looked for as http2_resync.h says. Header fields that refer to
 * header blocks not seen are unknown (hpack.h).
 *
 * DATA is passed on without being copied; what nobody wants is declared to TCP by need_none, up to
 * the end of the frame. Frames of other types are copied only when they straddle feeds. Does not
 * enforce flow control, priorities or states of streams beyond what it needs. One owner thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/base/table.h"
#include "dissector/http/hpack.h"
#include "dissector/http/http2_frame.h"
#include "dissector/http/http2_search.h"
#include "dissector/http/message.h"

enum http2_state {
    HTTP2_PREFACE,      /* the client's, RFC 9113 §3.4 */
    HTTP2_FRAME_HEADER, /* between frames */
    HTTP2_PAYLOAD,      /* of a frame that is gathered */
    HTTP2_PAD_LENGTH,   /* of DATA */
    HTTP2_BODY,         /* content of DATA */
    HTTP2_SKIP,         /* padding, and frames that mean nothing to us */
    HTTP2_RESYNC,       /* looking for the next frame */
};

/* A header block that goes on in CONTINUATION frames. */
struct http2_block {
    struct buf bytes;
    struct http2_frame frame; /* that began it */
    uint32_t promised;        /* PUSH_PROMISE: the stream it is a request on */
    struct origin first;
    uint64_t n_bytes; /* on the wire, frame headers apart */
    bool is_open;
    bool is_cut;         /* what follows bytes is missing, or too much */
    const char *problem; /* why it breaks off, when that is no gap */
    bool is_too_long;    /* that, because of limits.max_head_bytes */
};

struct http2_half {
    /* fields are private */
    struct http2 *http2;
    enum dir dir;
    enum http2_state state;
    struct buf kept; /* gathered: frame header, payload */
    struct http2_search search;
    struct http2_frame frame;
    struct origin first;    /* of its first byte */
    uint32_t left_bytes;    /* of PREFACE, PAYLOAD, PAD_LENGTH, BODY, SKIP */
    uint32_t padding_bytes; /* behind BODY */
    struct hpack hpack;     /* of the blocks this half sends */
    struct http2_block block;
    uint64_t n_holes;          /* gaps over frame headers */
    struct anomaly hole;       /* the last of them */
    const struct anomaly *gap; /* while one is taken; else NULL */
    uint32_t max_frame;        /* longest payload the peer takes */
    uint32_t table_size;       /* for hpack, that the peer allowed and this half acknowledged */
    uint32_t last_table_size, max_pending_table_size; /* that it allowed since */
    uint32_t n_pending_settings;                      /* of the peer, not acknowledged */
    bool has_met_table_limit;
    enum feed settled;
};

struct http2 {
    /* fields are private */
    const struct limits *limits;
    struct http_sink sink;
    struct table streams;
    struct http2_half half[2];
};

void http2_init(struct http2 *http2, const struct limits *limits, struct http_sink sink);

/* The stream of dir does not begin with its first byte: the next frame has to be found. To be said
 * before its bytes. */
void http2_join(struct http2 *http2, enum dir dir);

/* The sink for the bytes dir sent; valid until http2_free. http2 must not be moved. */
struct stream_sink http2_stream(struct http2 *http2, enum dir dir);

/* Bytes buffered, for the memory limit. */
size_t http2_buffered_bytes(const struct http2 *http2);

void http2_free(struct http2 *http2);
