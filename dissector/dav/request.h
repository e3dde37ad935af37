/* request: what was asked, as far as the answer is judged by it (DOMAIN.md 2.3). Filled from the
 * request's head by the caller and from its body by the decoder below. Everything unknown stays
 * zero. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/dav/operation.h"
#include "dissector/dav/request_hrefs.h"
#include "dissector/dav/resource.h"

enum depth {
    DEPTH_UNKNOWN, /* no header, or one that means nothing */
    DEPTH_0,
    DEPTH_1,
    DEPTH_INFINITY,
};

/* Which properties were asked for. */
enum property_choice {
    PROPERTIES_UNKNOWN,
    PROPERTIES_NAMED,
    PROPERTIES_ALL,       /* allprop, with those of include beside them */
    PROPERTIES_ONLY_NAMES /* propname */
};

struct request {
    bool is_seen;              /* the request's head was captured */
    enum operation operation;  /* of a head that was not seen: what the body tells, or OTHER */
    struct span method;        /* the token itself, as it is meant (request_head.h) */
    bool is_method_overridden; /* another one was sent */
    struct span target;        /* as sent */
    struct span destination;   /* COPY, MOVE */
    /* Hosts the client may rightly be answered with: that of the request, and what a proxy says
     * that it was asked for. */
    struct span host, forwarded_host;
    bool is_tls;     /* to the knowledge of the capture */
    bool is_proxied; /* a proxy sent it on: then hrefs may rightly be those that its client uses */
    enum depth depth;
    bool is_noroot;  /* Depth: 1,noroot or Prefer: depth-noroot */
    bool is_minimal; /* Prefer: return=minimal or Brief: t */
    /* from the body; owned, until request_free */
    bool is_bodiless; /* there is none */
    bool is_body_whole;
    bool names_properties; /* a DAV:prop (not allprop, propname) */
    enum property_choice choice;
    const struct name *properties; /* named, or to be set and removed; each once */
    size_t n_properties;           /* kept */
    uint64_t n_properties_more;    /* not kept: a limit */
    bool has_sync_token;           /* a DAV:sync-token that is not empty */
    struct span sync_token;        /* trimmed; opaque */
    struct span lock_owner;        /* what the client of a LOCK calls the holder; trimmed */
    bool wants_shared_lock;        /* others may hold one too */
    bool has_limit;
    uint64_t limit;             /* nresults: at most so many resources */
    uint64_t n_hrefs;           /* different ones, of a multiget or of a B-method's targets */
    struct request_hrefs hrefs; /* these */
    uint64_t n_objects;         /* of a bulk change or a batch, as far as they can be counted */
    /* private */
    struct arena arena;
    struct list property_list;
    struct href_index property_index;
};

/* Reads Depth ("0", "1", "infinity", "1,noroot"; case and spaces do not matter) into request. */
void request_set_depth(struct request *request, struct span value);

/* The method as it is meant, where sent stands in the request line. */
struct span request_method(const struct request *request, struct span sent);

size_t request_bytes(const struct request *request); /* owned */
void request_free(struct request *request);          /* what came from the body; idempotent */

/* Decodes an XML request body as it goes by: refines request->operation by the root element and
 * sets the body's members. Of a POST that is no XML the vCards are counted, of JSON the elements
 * of its one list; any other body is passed over. libxml2 push; the same limits as documents. */
struct request_body; /* opaque; owns a parser */

/* request and limits must outlive it. *body is NULL after FEED_NOMEM. */
enum feed request_body_open(struct request_body **body, const struct limits *limits,
                            struct request *request);
/* FEED_STOP: nothing more can be learnt. */
enum feed request_body_feed(struct request_body *body, struct span bytes);
/* The body ended; is_whole: every byte of it was fed. */
void request_body_finish(struct request_body *body, bool is_whole);
size_t request_body_buffered_bytes(const struct request_body *body);
void request_body_close(struct request_body *body); /* NULL is fine */
