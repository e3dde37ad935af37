/* request: what was asked, as far as the answer is judged by it (DOMAIN.md 2.3). Filled from the
 * request's head by the caller and from its body by the decoder below. Everything unknown stays
 * zero. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/dav/operation.h"

enum depth {
    DEPTH_UNKNOWN, /* no header, or one that means nothing */
    DEPTH_0,
    DEPTH_1,
    DEPTH_INFINITY,
};

struct request {
    bool is_seen; /* the request's head was captured */
    enum operation operation;
    struct span method;      /* the token itself */
    struct span target;      /* as sent */
    struct span destination; /* COPY, MOVE */
    enum depth depth;
    bool is_noroot;  /* Depth: 1,noroot */
    bool is_minimal; /* Prefer: return=minimal or Brief: t */
    /* from the body */
    bool is_body_whole;
    bool has_sync_token;   /* a DAV:sync-token that is not empty */
    bool names_properties; /* a DAV:prop (not allprop, propname) */
    uint64_t n_hrefs;      /* requested in a multiget, B-method or multiput */
};

/* Reads Depth ("0", "1", "infinity", "1,noroot"; case and spaces do not matter) into request. */
void request_set_depth(struct request *request, struct span value);

/* Decodes an XML request body as it goes by: refines request->operation by the root element and
 * sets the body's members. Anything else than XML is passed over. libxml2 push; the same limits as
 * documents. */
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
