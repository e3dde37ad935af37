/* event: what leaves the dissector, and all that output/ may know of it.
 *
 * The events of a document are its beginning, its resources one by one as the parser closes them,
 * and its end. Documents of several connections interleave; document numbers tell them apart. A
 * document may begin when its exchange is only partly known: read the exchange again at its end.
 * Of EVENT_TLS_OPAQUE only connection, server_name and is_quic are there. What waited for TLS
 * secrets comes later than its origin says. Everything pointed to is borrowed until the callback
 * returns; event_copy.h makes copies of it. */
#pragma once

#include "dissector/dav/condition.h"
#include "dissector/dav/document.h"
#include "dissector/dav/resource_copy.h"
#include "dissector/dav/status_name.h"
#include "dissector/http/exchange.h"
#include "dissector/net/segment.h"

enum event_kind {
    EVENT_DOCUMENT_BEGIN,
    EVENT_RESOURCE,
    EVENT_DOCUMENT_END,
    EVENT_LOCKS,      /* what a LOCK gave, before the EVENT_EXCHANGE of it */
    EVENT_TLS_OPAQUE, /* a connection was TLS or QUIC, and nothing of it could be read */
    EVENT_EXCHANGE,   /* an exchange ended, document or not; after its EVENT_DOCUMENT_END */
};

/* The connection an exchange went over. */
struct event_connection {
    uint64_t number; /* ordinal of the frame that began it, so it does not depend on lanes */
    struct endpoint client, server;
    struct endpoint proxy; /* who the connection comes from, when a PROXY protocol header names
                            * another client; version 0: the client itself */
    struct endpoint client_twin, server_twin; /* the same two behind address translation, when the
                                               * capture has both; version 0: it has not */
    const char *tls_version;                  /* "1.2", "1.3" when decrypted, else NULL */
};

struct event {
    enum event_kind kind;
    struct origin origin; /* of the frame that completed it; events are in the order of ordinals */
    const struct event_connection *connection;
    const struct exchange *exchange;
    const struct request *request; /* what was asked, as far as known */
    uint64_t document; /* its number, unique in the run; EVENT_EXCHANGE: that it had, 0: none */
    const struct resource *resource; /* EVENT_RESOURCE, EVENT_LOCKS: has_locks is true */
    const struct document_end *end;  /* EVENT_DOCUMENT_END */
    const char *server_name; /* EVENT_TLS_OPAQUE: that the client asked for, as captured; or "" */
    bool is_quic;            /* EVENT_TLS_OPAQUE: QUIC over UDP, most likely HTTP/3 */
    struct span page_title; /* EVENT_EXCHANGE without a document: of the web page that is the answer
                               to a WebDAV request; ptr NULL: none */
    const char *content_unknown; /* EVENT_DOCUMENT_END: a coding that cannot be undone, or NULL */
};

struct event_sink {
    /* FEED_NOMEM ends the run; FEED_STOP asks for no more events. */
    enum feed (*event)(void *ctx, const struct event *event);
    void *ctx;
};
