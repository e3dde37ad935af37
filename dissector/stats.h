/* stats: what the dissector counts beside its events, for whoever reports on a run. Plain data. */
#pragma once

#include "dissector/net/net.h"
#include "dissector/net/tcp.h"

/* Sums over the run; never reset. */
struct dissector_stats {
    struct net_stats net;
    struct tcp_stats tcp;
    uint64_t n_connections;
    uint64_t n_translated;        /* of these, captured before and behind address translation */
    uint64_t n_http_connections;  /* HTTP/1, to their end */
    uint64_t n_http2_connections; /* from their beginning or after Upgrade: h2c */
    uint64_t n_tls_connections;   /* opaque */
    uint64_t n_tls_decrypted;     /* of the others: they were inside TLS that could be opened */
    bool cannot_decrypt;          /* this build was made without OpenSSL */
    uint64_t n_secrets;           /* TLS secrets told */
    uint64_t n_malformed_secrets; /* lines of key logs that are none */
    uint64_t n_other_connections; /* neither */
    uint64_t n_quic_connections;  /* over UDP, not among n_connections; HTTP/3, in all likelihood */
    uint64_t n_exchanges;
    uint64_t n_requests_without_response;
    uint64_t n_missed_answers; /* of requests without response, that may have been a Multi-Status */
    uint64_t n_responses_without_request;
    uint64_t n_unread_joins;  /* connections joined midway in something that could not be read */
    uint64_t n_unread_bodies; /* of which too little could be read to tell what they are */
    uint64_t n_evicted_connections; /* to stay inside the limits */
    uint64_t n_evicted_documents;   /* of these, in the middle of a document */
    uint64_t n_evicted_http;        /* of these, HTTP without a document in progress */
};

/* Adds the counts of more that come behind net. */
void stats_add(struct dissector_stats *sum, const struct dissector_stats *more);
