/* seen: what came out of one play of a capture, to be compared with another play: exchanges, in the
 * order in which they ended, and their documents. Ends the program when there is no memory. */
#pragma once

#include "dissector/event.h"

struct seen_resource {
    char *hrefs; /* one may be that of the request, or made up */
    char *text;  /* statuses, properties; no class */
    enum outcome class;
    uint64_t offset, end; /* in the body; end = offset: not known */
};

struct seen_document {
    enum verdict verdict;
    const char *reason; /* static, or NULL */
    struct seen_resource *resources;
    size_t n;
};

struct seen_exchange {
    char *text; /* what must stay the same when its packets are there; no frames, no anomalies */
    struct endpoint client, server;
    struct endpoint client_twin, server_twin; /* behind address translation, or the same */
    uint64_t first[2], last[2];               /* frames, by enum dir; 0: not seen */
    const char *tls_version;                  /* that it was read from, or NULL */
    bool is_partial;                          /* of the response's head a part was not seen */
    enum http_framing framing;                /* of the response */
    enum end end;
    uint64_t missing_bytes;
    uint64_t document; /* 0: none; else its index in documents and 1 */
};

struct seen {
    struct seen_exchange *exchanges;
    size_t n;
    struct seen_document *documents; /* in the order in which they began */
    size_t n_documents;
};

/* seen must be zeroed before and freed after. */
struct event_sink seen_sink(struct seen *seen);
void seen_free(struct seen *seen);
