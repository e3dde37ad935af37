/* connection: the segments of one TCP connection in, events out. Owns the stages of a connection:
 * tcp, the recognition of what it speaks, http, decode.
 *
 * What is spoken is told from the bytes of either side (http/detect.h). Until that is known the
 * first bytes are kept, at most limits.max_head_bytes for each side. A stream whose beginning was
 * not seen is searched for the next message, at most limits.max_search_bytes, and at the start of
 * each later segment. A connection that speaks nothing we read is settled: its segments cost a
 * table look-up. One owner thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/table.h"
#include "dissector/decode.h"
#include "dissector/http/detect.h"
#include "dissector/http/http1.h"

/* The HTTP stages, made when HTTP is recognised. */
struct connection_http {
    struct event_connection info;
    struct decoder decoder;
    struct exchanges exchanges;
    struct http1 http1;
};

struct connection_side {
    struct connection *connection;
    struct buf start; /* first bytes, until the protocol is known */
    struct origin start_origin;
    uint64_t searched_bytes; /* of a stream joined midway */
    bool had_gap;            /* before a protocol was recognised */
    bool is_finished;
};

struct connection {
    struct table_node node; /* first: a node is cast to its connection */
    /* fields are private */
    struct decode_shared *shared;
    struct endpoint endpoint[2]; /* of side 0 and 1 */
    uint64_t number;             /* ordinal of its first frame */
    enum protocol protocol;      /* PROTOCOL_MORE until known; HTTP1_REQUEST stands for HTTP/1 */
    int client;                  /* side of the client, once it is HTTP */
    struct connection_side side[2];
    struct tcp tcp;
    struct connection_http *http;
    enum end why;    /* of the first stream that ended */
    bool is_settled; /* nothing more is needed of it */
    bool is_ended;
    size_t counted_bytes;               /* what the owner has counted of it */
    struct connection_list *list;       /* of the owner, that it is in; or NULL */
    struct connection *previous, *next; /* there */
};

/* segment: the one that began it. connection must not be moved. */
void connection_init(struct connection *connection, struct decode_shared *shared,
                     struct tcp_stats *tcp_stats, const struct segment *segment);

/* FEED_OK; FEED_STOP: settled; FEED_NOMEM: give it up. */
enum feed connection_feed(struct connection *connection, const struct segment *segment);

/* Gives up old holes. */
enum feed connection_tick(struct connection *connection, const struct origin *origin);

/* Ends its streams and exchanges; later calls do nothing. */
void connection_finish(struct connection *connection, enum end why, const struct origin *origin);

/* Whether segment can only belong to a new connection on the same endpoints. */
bool connection_is_reuse(const struct connection *connection, const struct segment *segment);

/* How much is lost when it is evicted: 0 nothing … 3 a document in progress. */
int connection_worth(const struct connection *connection);

/* Memory of it and its stages. */
size_t connection_buffered_bytes(const struct connection *connection);

void connection_free(struct connection *connection);
