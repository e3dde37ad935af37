/* exchange: messages in, exchanges out: each request with the response that answers it.
 *
 * HTTP/1: in order, as far as exchange_order.h lets it be trusted, interim responses passed over
 * (RFC 9110 §15.2). HTTP/2: by stream id. A response whose request was not seen, or cannot be told,
 * makes an exchange with request.is_seen false and ANOMALY_UNPAIRED; a request that is not
 * answered, or whose answer cannot be told, one with response.is_seen false.
 *
 * When a response's head is lost but not its body, what follows the hole belongs to the request
 * that waits, if only one can, until another message begins. Where no response was ever seen, the
 * connection was joined midway, and what comes first may be the rest of one.
 *
 * out: exchange_sink, in this order: request, request_body*, request_end (may come after the
 * response has begun), response, response_body*, response_end, and last ended. The struct exchange
 * is owned here, the same pointer in all of its callbacks, and freed after ended. Gaps in bodies,
 * and what http1 and TCP note, become its anomalies here. One owner thread.
 *
 * Kept are the allow-listed fields, method and target, without the userinfo of URIs. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/pool.h"
#include "dissector/base/table.h"
#include "dissector/http/exchange_order.h"
#include "dissector/http/message.h"

/* Everything kept of one message. Texts are owned by the exchange; ptr NULL = absent. */
struct exchange_message {
    bool is_seen;     /* its head was seen */
    bool is_partial;  /* of the head only the beginning: what is absent may have been sent */
    bool is_complete; /* its body was wholly seen or skipped, as framed */
    enum end end;     /* why it ended, when it has ended */
    bool has_ended;
    uint8_t version_major, version_minor;
    struct span fields[HTTP_FIELD_N];
    bool has_authorization, has_lock_token;
    uint64_t lock_token, account; /* as in struct http_head */
    enum http_framing framing;
    uint64_t content_length;
    uint64_t body_bytes;     /* on the wire after transfer coding, gaps included */
    uint64_t missing_bytes;  /* of the body: lost in gaps, or behind its early end, as far as their
                                number is known, */
    bool is_missing_at_most; /* or so many at most: there was framing among what was lost */
    struct origin first, head_end, last; /* first byte; end of the head; latest frame with a byte */
};

struct exchange {
    uint64_t number; /* from 1 in its connection */
    uint32_t stream; /* HTTP/2 stream id, 0 in HTTP/1 */
    struct exchange_message request, response;
    struct span method; /* empty when the request was not seen, or it cannot be read */
    struct span target; /* as sent; cut at limits.max_target_bytes */
    bool is_target_cut;
    uint16_t status;       /* of the final response; 0 = none seen, or not known (HTTP/2) */
    uint32_t n_processing; /* 102 before it: the server was still at work (RFC 2518 §10.1) */
    /* A side ended the connection, the other not yet, or its stream, before the response was over.
     */
    bool is_closed;
    enum dir closed_by;
    enum end closed_why; /* END_FIN, END_RESET */
    struct origin closed_at;
    bool is_joined; /* the capture began inside its response */
    bool is_tail;   /* of the response only what followed a hole in its head, or before its body */
    /* Behind a hole over chunk-size lines, or a damaged one, its body comes with those that follow.
     */
    bool is_unframed;
    struct anomaly *anomalies; /* of both messages, in order; at most limits.max_anomalies */
    size_t n_anomalies;
    uint64_t n_anomalies_more; /* not kept */
    void *user;                /* for the sink's own state; NULL at first */
};

/* Bytes of a response of which no head was seen. */
struct stray {
    struct span bytes;
    bool is_new;    /* they do not follow those before */
    bool is_joined; /* it began before the capture; otherwise its head was lost */
};

struct exchange_ops {
    enum http_body (*request)(void *ctx, struct exchange *exchange, const struct origin *origin);
    enum feed (*request_body)(void *ctx, struct exchange *exchange, struct span bytes,
                              const struct origin *origin);
    enum feed (*request_gap)(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                             const struct origin *origin);
    enum feed (*request_end)(void *ctx, struct exchange *exchange, enum end why,
                             const struct origin *origin);
    /* The final response's head. HEAD and CONNECT are settled before this is asked. */
    enum http_body (*response)(void *ctx, struct exchange *exchange, const struct origin *origin);
    enum feed (*response_body)(void *ctx, struct exchange *exchange, struct span bytes,
                               const struct origin *origin);
    enum feed (*response_gap)(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                              const struct origin *origin);
    enum feed (*response_end)(void *ctx, struct exchange *exchange, enum end why,
                              const struct origin *origin);
    void (*ended)(void *ctx, struct exchange *exchange, const struct origin *origin);
    /* Bytes of a response whose head was lost, perhaps. FEED_STOP: a body goes on in them that is
     * wanted. Then response is asked for it, of an exchange whose response.is_partial is true and
     * status 0, and response_body gets what follows these bytes. FEED_OK: nothing so far;
     * FEED_NOMEM. May be NULL. */
    enum feed (*stray)(void *ctx, const struct stray *stray);
};

struct exchange_sink {
    const struct exchange_ops *ops;
    void *ctx;
};

struct exchange_entry; /* private */

struct exchanges {
    /* fields are private */
    const struct limits *limits;
    struct exchange_sink sink;
    struct exchange_entry *first, *last; /* waiting or open, oldest first */
    struct exchange_entry *current[2];   /* by enum dir: whose message was last spoken of */
    struct table streams;                /* of HTTP/2: entries by their stream */
    struct exchange_entry *tail; /* to which what comes behind a lost head belongs, or NULL */
    bool may_lack_continue;      /* tail: no more was lost than a 100 (Continue) */
    bool has_response;           /* the head of one was seen */
    bool is_joined;              /* what the server sent first was perhaps not seen */
    bool has_gap;                /* in what the server sent, outside of messages */
    bool has_stray;              /* since the last loss or head */
    struct exchange_order order;
    struct anomaly early; /* has_early: noted when there was no exchange; goes to the next one */
    bool has_early;
    bool may_upgrade; /* HTTP/2 was asked for, and no final response seen since */
    bool may_connect; /* CONNECT was asked for last, and no final response seen since, or the last
                         response may be to one that was not seen */
    bool lacks_response; /* perhaps, behind the last one that was seen */
    bool is_upgraded, is_connected;
    bool is_closing; /* one direction is over */
    size_t n_open;
    uint64_t n_numbered;
    size_t kept_bytes;
    struct pool *entries;
};

void exchanges_init(struct exchanges *exchanges, const struct limits *limits,
                    struct exchange_sink sink);

/* Where the memory of each exchange comes from, and goes to: shared with other connections, and
 * must outlive them. Without: the allocator. Before the first message. */
void exchanges_share(struct exchanges *exchanges, struct pool *entries);

/* HTTP/1: the stream of the server was joined midway. Before the first message. */
void exchanges_join(struct exchanges *exchanges);

/* HTTP/1: requests before the first one were not seen; are_unanswered: at least one of them waits
 * for its answer. Before the first message. */
void exchanges_lack_requests(struct exchanges *exchanges, bool are_unanswered);

/* Numbers of exchanges: they go on behind n, and which was given last. */
void exchanges_number_from(struct exchanges *exchanges, uint64_t n);
uint64_t exchanges_n_numbered(const struct exchanges *exchanges);

/* The http_sink to give to http1 or http2; valid until exchanges_free. Must not be moved. */
struct http_sink exchanges_sink(struct exchanges *exchanges);

/* Adds an anomaly that another stage found (TCP, a coding, the XML) to an exchange. */
void exchange_note(struct exchange *exchange, const struct limits *limits,
                   const struct anomaly *anomaly);

/* Whether a response switched the connection to HTTP/2 (Upgrade: h2c, RFC 7540 §3.2). The request
 * it answers then waits for its response on stream 1. */
bool exchanges_is_upgraded(const struct exchanges *exchanges);

/* Whether a proxy connected the client to another server (CONNECT, RFC 9110 §9.3.6): what follows
 * is between these two. */
bool exchanges_is_connected(const struct exchanges *exchanges);

/* HTTP/1: whether a proxy may have done so unseen: CONNECT, its answer, or both are missing. */
bool exchanges_may_connect(const struct exchanges *exchanges);

/* It did. An answer that is open ends, without a body. FEED_OK or FEED_NOMEM. */
enum feed exchanges_connect(struct exchanges *exchanges, const struct origin *origin);

/* The stream of dir is over, and what it brought was passed on. Who ends a connection is told by
 * what comes first. */
void exchanges_closing(struct exchanges *exchanges, enum dir dir, enum end why,
                       const struct origin *origin);

/* Ends every open exchange with why (END_CAPTURE, END_IDLE, …). */
void exchanges_finish(struct exchanges *exchanges, enum end why, const struct origin *origin);

/* Memory of the open exchanges, without what hangs on exchange->user. */
size_t exchanges_buffered_bytes(const struct exchanges *exchanges);

/* Exchanges still open are freed without ended: exchanges_finish first, when user is owned. */
void exchanges_free(struct exchanges *exchanges);
