/* channel: two plain ordered streams in, the events of their exchanges out. It recognises what is
 * spoken and owns the stages that read it: http1, http2, exchange, decode. Where the streams come
 * from, a TCP connection or what was inside TLS or a tunnel, it does not know.
 *
 * in:  channel_stream(c, side) is the sink for the bytes of one side (base/sink.h). Side 0 and 1
 *      are whoever they are below; which one is the client is told by content. Whether a stream
 *      begins with its first byte, or was joined midway, the source says.
 * out: decode_shared.sink.
 *
 * What is spoken is told from the bytes of either side (http/detect.h). Until that is known the
 * first bytes are kept, at most limits.max_head_bytes for each side. A stream whose beginning was
 * not seen is searched for the next message, at most limits.max_search_bytes, and at the start of
 * each later segment; for HEADERS of HTTP/2, as http2_search.h says, and for
 * records of TLS, which then stay closed unless they begin with a hello. Streams that speak nothing
 * we read are counted and answered FEED_STOP; but a side that begins oddly waits for the other one,
 * since what is answered with a status line of HTTP was a request, however damaged.
 *
 * What TLS hides goes through tls into a channel of its own, which recognises anew; and so does
 * what a proxy passes on after CONNECT, also where that was not seen (channel_connect.h).
 *
 * Recognition runs once, over bytes that are kept: prefaces (preface.h) are dropped from side.start
 * before detect_start, another protocol is a case behind it, and an alternative to http1 stands in
 * struct channel_http and emits into the same exchanges. One owner thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/decode.h"
#include "dissector/http/detect.h"
#include "dissector/http/http1.h"
#include "dissector/http/http2.h"
#include "dissector/preface.h"
#include "dissector/tls/tls_search.h"

struct channel_source {
    /* Whether the stream of side begins with the first byte it delivers. Asked with the first bytes
     * of either side. NULL: both do. */
    bool (*has_beginning)(const void *ctx, int side);
    /* Which side opened the connection, and so is the client; -1: not known. NULL: never. */
    int (*opener)(const void *ctx);
    const void *ctx;
};

struct channel_params {
    struct decode_shared *shared;
    struct channel_source source;
    struct endpoint endpoint[2]; /* of side 0 and 1 */
    struct endpoint twin[2]; /* the same, as they were captured too; version 0: they were not, */
    int twin_side;           /* and nearer to which side */
    uint64_t number;         /* of the connection, for event_connection */
    const char *tls_version; /* what the streams were protected by; NULL: nothing */
    bool is_h2_offered;      /* the client offered HTTP/2 (ALPN); the bytes decide */
    uint64_t n_exchanges;    /* of the connection before those of this channel */
    unsigned depth;          /* channels around this one, at most CHANNEL_MAX_DEPTH */
};

/* TLS in TLS is rare, and deeper is an attack on the stack. */
enum { CHANNEL_MAX_DEPTH = 3 };

struct channel_tls; /* private, channel_tls.h */

/* The HTTP stages, made when HTTP is recognised. */
struct channel_http {
    struct event_connection info;
    struct decoder decoder;
    struct exchanges exchanges;
    struct http1 http1;
    struct http2 *http2; /* made when it is HTTP/2, from the beginning or after Upgrade: h2c */
    struct channel *connected; /* made after CONNECT: what the proxy passes on */
};

struct channel_side {
    struct channel *channel;
    struct buf start; /* first bytes, until the protocol is known; then what may begin a tunnel */
    struct origin start_origin;
    struct endpoint source;     /* as a PROXY header names it; version 0: none did */
    uint64_t searched_bytes;    /* of a stream joined midway */
    struct http2_search search; /* in that, for HTTP/2 */
    struct tail tail;           /* and for a document it is in */
    struct tls_search records;  /* and for records of TLS */
    bool had_gap;               /* before a protocol was recognised */
    bool has_passed;            /* bytes of a stream joined midway, in the search for a message */
    bool is_foreign;            /* of these, some begin no frame of HTTP/2 either */
    bool is_behind_gap;         /* nothing was captured since a loss, of either side */
    bool is_unanswered;         /* and the other side said nothing since, or since a loss */
    size_t n_answered;          /* bytes of start, since which it said something */
    bool is_weighed;            /* start is kept because it may prove to be the beginning, */
    bool is_begun;              /* and it did, whatever the source says */
    bool is_odd; /* begins as nothing we read; the answer to it may tell what it is */
    bool is_finished;
};

struct channel {
    /* fields are private */
    struct channel_params params;
    enum protocol protocol; /* MORE until known; HTTP1_REQUEST and HTTP2_PREFACE stand for both */
    int client;             /* side of the client, once it is HTTP */
    struct channel_side side[2];
    struct channel_http *http;
    struct channel_tls *tls; /* protocol is PROTOCOL_TLS, and it may be opened */
    bool is_believed; /* to be HTTP/1, only because a document was found in the middle of it */
    enum end why;     /* of the stream that ended last */
};

/* channel must not be moved. */
void channel_init(struct channel *channel, const struct channel_params *params);

/* The connection is captured on another side of address translation too, as twin, whose source is
 * side. Events tell it from now on. */
void channel_set_twin(struct channel *channel, int side, const struct segment_twin *twin);

/* Sets the endpoints in info: those nearer to the client are its and the server's, the others are
 * the same behind address translation. */
void channel_tell_ends(const struct channel *channel, int client, struct event_connection *info);

/* The sink for the bytes of side; valid until channel_free. */
struct stream_sink channel_stream(struct channel *channel, int side);

/* Secrets have come: goes on with what waits for some. FEED_NOMEM: give it up. */
enum feed channel_retry(struct channel *channel);

/* Whether something waits for secrets at time_ns: the streams may be over before it is. */
bool channel_is_waiting(const struct channel *channel, int64_t time_ns);

/* Why the streams ended; asked when they did. */
enum end channel_why(const struct channel *channel);

/* Both streams are over: what is still open ends the same way. Later calls do nothing. */
void channel_finish(struct channel *channel, enum end why, const struct origin *origin);

/* How much is lost when it is given up: 1 nothing recognised yet, 2 HTTP, 3 a document. */
int channel_worth(const struct channel *channel);

/* Memory of its stages, without the struct itself. */
size_t channel_buffered_bytes(const struct channel *channel);

/* Exchanges still open are freed without an event. */
void channel_free(struct channel *channel);
