/* http1: the two streams of an HTTP/1.0 or 1.1 connection in, messages out. RFC 9112.
 *
 * in:  http1_stream(h, dir) is the sink for the bytes of one direction (base/sink.h).
 * out: struct http_sink. The sink's answer to a head says whether the body is wanted; how long it
 * is, the fields say (RFC 9112 §6.3). Only the sink knows which request a response answers.
 *
 * Tolerates and notes: bare LF, obs-fold, odd white space, several or conflicting lengths
 * (Transfer-Encoding wins, of differing Content-Length the first).
 *
 * Of a head that breaks off behind its start line (a gap, the stream's end, a limit) what was seen
 * is passed on as a partial head, and the message ends.
 *
 * A gap inside a body of known length or inside a chunk is passed on and framing goes on; so does
 * a body that ends with the connection. After a gap anywhere else or beyond the body's end the open
 * message ends with END_GAP, after chunks that cannot be read with END_DAMAGED (but with
 * END_COMPLETE when its last chunk was seen, or when nobody wanted a body of known length). Then,
 * and after bytes that are no start line, lost() is said and the next message is looked for as
 * detect.h says. A connection that shows no head within limits.max_search_bytes is given up with
 * FEED_STOP.
 *
 * A chunk whose line claims too many bytes takes the next messages with it, unless what ends all
 * chunks was read as a part of it right before a request, and a response begins right behind that:
 * then it ends there, with END_DAMAGED. Where no request comes in between, a body may say the same.
 *
 * Bodies are passed on without being copied; a head is copied only when it straddles feeds. What
 * the sink does not want is declared to TCP by need_none. When the connection becomes a tunnel,
 * what follows the last message of a direction goes to the sink that struct http1_tunnel opens, or
 * is answered FEED_STOP; a tunnel whose beginning is missing is told of a gap. When a response that
 * is missing switched to HTTP/2, what follows is a tunnel all the same (http1_upgrade.h). Does not
 * pair requests with responses and does not undo content codings. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/http/http1_chunk.h"
#include "dissector/http/http1_resync.h"
#include "dissector/http/http2_search.h"
#include "dissector/http/message.h"

/* In the states before HEAD_CUT lines are gathered. */
enum http1_state {
    HTTP1_START_LINE, /* between messages */
    HTTP1_FIELDS,
    HTTP1_BODY_UNSURE, /* at the start of a body, or in a chunk, or at the start of a message */
    HTTP1_CHUNK_SIZE,
    HTTP1_CHUNK_END,
    HTTP1_TRAILERS,
    HTTP1_RESYNC,   /* looking for the next message */
    HTTP1_HEAD_CUT, /* the rest of a head is missing; about to be ended */
    HTTP1_CHUNK_DATA,
    HTTP1_BODY_LENGTH,
    HTTP1_BODY_CLOSE,
};

/* Who reads what is no longer HTTP/1, when anybody does. begin is asked once for each direction:
 * FEED_OK and the sink, FEED_STOP: nobody, FEED_NOMEM. NULL: nobody. */
struct http1_tunnel {
    enum feed (*begin)(void *ctx, enum dir dir, struct stream_sink *sink);
    void *ctx;
};

struct http1_half {
    /* fields are private */
    struct http1 *http1;
    enum dir dir;
    enum http1_state state;
    enum http1_state body_state;      /* BODY_UNSURE: the state when there is a body */
    bool is_wanted;                   /* the body of the open message */
    bool is_unsure;                   /* whether it has one: its request was not seen */
    bool is_line_due;                 /* what is gathered is to be taken again in the new state */
    bool is_doubtful;                 /* the body may be over: what comes may be the next message */
    bool is_found;                    /* a search found where its head begins */
    struct http1_chunk_ending ending; /* of the chunk so far */
    struct http1_line line;
    struct http1_resync resync;
    struct origin latest;  /* of the bytes that were gathered last */
    struct origin first;   /* of the first byte of what becomes a message */
    uint64_t n_gathered;   /* bytes of lines so far: a place among them */
    uint64_t search_at;    /* where the search for a message began last */
    uint64_t heard_at;     /* DIR_CLIENT: where the server spoke last, or what it said was lost, */
    uint64_t overtaken_at; /* and where that was lost last */
    uint64_t left_bytes;   /* of the body or chunk */
    uint64_t body_bytes;   /* so far, on the wire, framing apart */
    size_t trailer_bytes;  /* so far */
    size_t searched_bytes; /* gathered while no head was ever seen */
    struct stream_sink tunnel; /* is_tunnel: where the bytes go */
    bool is_tunnel;
    bool is_behind_hole; /* the tunnel begins at a place that is not known */
    enum feed settled;
};

struct http1 {
    /* fields are private */
    const struct limits *limits;
    struct http_sink sink;
    struct http1_tunnel tunnel;
    bool has_seen_head;         /* in either direction: it is HTTP */
    bool is_tunnel;             /* what follows the open messages is no longer HTTP */
    struct http2_search search; /* in what the server sends behind a hole (http1_upgrade.h) */
    struct http1_half half[2];
};

void http1_init(struct http1 *http1, const struct limits *limits, struct http_sink sink);

/* What dir sends begins inside a message: the first one is looked for. Before the first byte. */
void http1_join(struct http1 *http1, enum dir dir);

/* What dir sends begins at a message that was searched for. Before the first byte. */
void http1_begin_found(struct http1 *http1, enum dir dir);

/* The sink for the bytes dir sent; valid until http1_free. http1 must not be moved. */
struct stream_sink http1_stream(struct http1 *http1, enum dir dir);

/* To be said before the connection becomes a tunnel. */
void http1_set_tunnel(struct http1 *http1, struct http1_tunnel tunnel);

/* Whether the client's next byte may begin something else than HTTP/1: a message might begin there,
 * and none of the server's is open that has a body for sure. */
bool http1_may_connect(const struct http1 *http1);

/* It does, and so will the server's: a tunnel. The sink knows that a message that is open is over.
 */
void http1_connect(struct http1 *http1);

/* Bytes buffered, for the memory limit. */
size_t http1_buffered_bytes(const struct http1 *http1);

void http1_free(struct http1 *http1);
