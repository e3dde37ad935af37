/* multistatus: the grammar of XML Multi-Status documents and their relatives (DOMAIN.md 1.2, 1.3,
 * 1.7, 2.8). Bytes of XML in; the root, then the resources one by one as they close, out.
 *
 * Any order of children; what is not in the grammar is passed over with all that is in it, so that
 * extensions cannot hurt (RFC 4918 §17). Only direct children of the root are resources. A
 * mkcol-response, mkcalendar-response or error is one resource: the request's target. */
#pragma once

#include "dissector/dav/document.h"
#include "dissector/dav/xml.h"

struct multistatus_ops {
    /* Once, before everything else but notes. ROOT_NONE: nothing more comes. is_html: that root is
     * html. is_wrapped: the root stands inside another element. */
    enum feed (*root)(void *ctx, enum root root, bool is_html, bool is_wrapped);
    /* Both are valid until it returns. */
    enum feed (*resource)(void *ctx, struct resource *resource, struct propstat *propstats);
    void (*note)(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text);
};

struct multistatus_params {
    const struct limits *limits;
    const struct request *request; /* its target is read when the root is met */
    uint16_t http_status;
    struct span charset;
    uint64_t base_offset;
    const struct multistatus_ops *ops;
    void *ctx;
};

/* What stood beside the resources; borrowed until multistatus_close. */
struct multistatus_rest {
    struct span sync_token, description; /* ptr NULL: none */
    bool is_ns_broken;
    bool is_cut;   /* something was left out because of a limit, */
    bool has_lost; /* so that a status or an href is not known */
};

struct multistatus; /* opaque */

/* NULL: no memory. */
struct multistatus *multistatus_open(const struct multistatus_params *params);
enum xml_state multistatus_feed(struct multistatus *multistatus, struct span bytes);

/* n bytes are lost here (0: number unknown). The resource they cut is told as far as it was read,
 * with RESOURCE_PARTIAL; the next one is the next response that begins in the root. When the root
 * was not seen, a response is only believed where the HTTP status is 207 or was not seen either. */
enum xml_state multistatus_gap(struct multistatus *multistatus, uint64_t n_bytes);

enum xml_state multistatus_finish(struct multistatus *multistatus);
struct multistatus_rest multistatus_rest(const struct multistatus *multistatus);
size_t multistatus_buffered_bytes(const struct multistatus *multistatus);
void multistatus_close(struct multistatus *multistatus); /* NULL is fine */
