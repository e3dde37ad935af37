/* decode: the exchanges of one connection in, the events of their documents out. Joins http
 * (exchanges, content codings) with dav (requests, documents).
 *
 * Most exchanges have nothing to do with a Multi-Status: for them no state is made and both bodies
 * are declared unwanted, so that TCP skips them. A response body is looked at when its status is
 * 207, or when its media type is XML or absent (the root element decides, DOMAIN.md 1.1), or
 * whatever its type when the method is a DAV method. One owner thread. */
#pragma once

#include "dissector/base/pool.h"
#include "dissector/dav/tail.h"
#include "dissector/dissector.h"

struct secrets;

/* Shared by all connections of a dissector. */
struct decode_shared {
    const struct limits *limits;
    struct event_sink sink;
    struct dissector_stats *stats;
    struct secrets *secrets;   /* of TLS connections */
    struct pool http;          /* of struct channel_http */
    struct pool exchanges;     /* see exchanges_share */
    struct pool connections;   /* of struct connection_stages */
    uint64_t n_documents;      /* begun, for numbering */
    uint64_t n_open_documents; /* begun and not ended */
    bool reads_batches;        /* see dissector_read_batches */
    enum feed result;          /* what the event sink answered last; anything but OK is for good */
};

/* One a connection; caller-allocated. */
struct decoder {
    struct decode_shared *shared;
    const struct event_connection *connection;
    size_t n_open;      /* documents in progress: such a connection is evicted last */
    size_t n_bytes;     /* held for all exchanges */
    struct tail tail;   /* while it is not known whether bytes without a head are a document */
    bool has_unread;    /* the capture began inside such bytes; no document in any of them */
    bool has_read_tail; /* there was one */
};

void decoder_init(struct decoder *decoder, struct decode_shared *shared,
                  const struct event_connection *connection);

/* The sink to give to exchanges_init; valid as long as decoder. Every exchange must have ended (by
 * exchanges_finish) before decoder goes. */
struct exchange_sink decoder_sink(struct decoder *decoder);

/* Bytes held beside those of exchanges: a running sum, as it is asked after every segment. */
size_t decoder_buffered_bytes(const struct decoder *decoder);

void decoder_free(struct decoder *decoder);
