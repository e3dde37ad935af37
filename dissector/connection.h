/* connection: the segments of one TCP connection in, events out. Owns its tcp and the channel that
 * reads the two streams, and knows when the connection is over and what it holds. Of one whose
 * channel needs nothing more little is kept, and its segments cost a table look-up. One owner
 * thread. */
#pragma once

#include "dissector/base/table.h"
#include "dissector/channel.h"
#include "dissector/net/tcp.h"

/* Of a connection that is not over. */
struct connection_stages {
    struct tcp tcp;
    struct channel channel;
};

struct connection {
    struct table_node node; /* first: a node is cast to its connection */
    /* fields are private */
    struct endpoint endpoint[2];      /* of side 0 and 1 */
    uint64_t number;                  /* ordinal of its first frame */
    struct pool *pool;                /* that stages is from */
    struct connection_stages *stages; /* NULL: it is over, and known for late segments alone, */
    struct tcp_trace trace;           /* by this */
    bool has_twin;
    /* of the owner */
    bool is_echo; /* it began with what fits another one, over for long: nothing said, it is none */
    uint64_t begun, touched;            /* the turns of its first and last segment */
    uint64_t listed;                    /* and of that which brought it into its list */
    size_t counted_bytes;               /* what is counted of it */
    struct connection_list *list;       /* that it is in; or NULL */
    struct connection *previous, *next; /* there */
};

/* segment: the one that began it. connection must not be moved. False: no memory. */
bool connection_init(struct connection *connection, struct decode_shared *shared,
                     struct tcp_stats *tcp_stats, const struct segment *segment);

/* Takes the other endpoints that a notice (segment.is_twin) tells; false: it had some. */
bool connection_set_twin(struct connection *connection, const struct segment *notice);

/* Whether nothing was said in it yet, and nothing waits. */
bool connection_is_silent(const struct connection *connection);

/* FEED_OK; FEED_STOP: it is over; FEED_NOMEM: give it up. */
enum feed connection_feed(struct connection *connection, const struct segment *segment);

/* Whether segment changes nothing: connection_feed need not be told. */
bool connection_is_told_nothing(const struct connection *connection, const struct segment *segment);

/* Gives up old holes, and what waited too long for secrets. */
enum feed connection_tick(struct connection *connection, const struct origin *origin);

/* TLS secrets have come. Answers like connection_feed. */
enum feed connection_retry(struct connection *connection, const struct origin *origin);

/* Whether something waits that a later tick can end. */
bool connection_is_waiting(const struct connection *connection, int64_t time_ns);

static inline bool connection_is_over(const struct connection *connection)
{
    return !connection->stages;
}

/* Ends its streams and exchanges; later calls do nothing. */
void connection_finish(struct connection *connection, enum end why, const struct origin *origin);

/* Whether segment can only belong to a new connection on the same endpoints. */
bool connection_is_reuse(const struct connection *connection, const struct segment *segment);

/* Whether the numbers of segment are near those of this connection, which is over. */
bool connection_fits(const struct connection *connection, const struct segment *segment);

/* How much is lost when it is evicted: 0 nothing … 3 a document in progress. */
int connection_worth(const struct connection *connection);

/* Memory of it and its stages. */
size_t connection_buffered_bytes(const struct connection *connection);

void connection_free(struct connection *connection);
