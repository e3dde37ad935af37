/* body: what document asks of the readers of bodies, one reader a format. Bytes in; the root, then
 * the resources one by one, out. A new format is one file with one of these structs, and one row in
 * document.c. */
#pragma once

#include "dissector/dav/document.h"

enum body_state {
    BODY_OPEN,    /* takes bytes; when no more come: something is not closed */
    BODY_CLOSED,  /* whole; comments and white space may follow */
    BODY_EXTRA,   /* whole, and something else followed */
    BODY_DAMAGED, /* not well-formed, or bytes invalid in the encoding */
    BODY_REFUSED, /* what must not be read: a DTD */
    BODY_LIMITED, /* one of our limits */
    BODY_STOPPED, /* none of ours, or whoever takes the resources wants no more */
    BODY_NOMEM,
};

struct body_ops {
    /* Once, before everything else but notes. ROOT_NONE: nothing more comes. is_html: that root is
     * html. is_wrapped: the root stands inside another element. */
    enum feed (*root)(void *ctx, enum root root, bool is_html, bool is_wrapped);
    /* Both are valid until it returns. */
    enum feed (*resource)(void *ctx, struct resource *resource, struct propstat *propstats);
    void (*note)(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text);
};

struct body_params {
    const struct limits *limits;
    const struct request *request; /* its target is read when the root is met */
    uint16_t http_status;
    struct span charset, boundary; /* parameters of the media type; empty = none */
    bool is_expected; /* the status, or what was asked, says that the body holds results */
    uint64_t base_offset;
    const struct body_ops *ops;
    void *ctx;
};

/* What stood beside the resources; borrowed until close. */
struct body_rest {
    struct span sync_token, description; /* ptr NULL: none */
    struct span broken_href; /* of the resource that was not closed; ptr NULL: none, or no href */
    uint32_t flags;          /* enum document_flag */
    bool has_lost;      /* a limit left something out, so that a status or an href is not known */
    bool is_one_by_one; /* each thing that was asked for has a result, by the same custom */
    bool is_failures_only; /* what is not listed went well, by the custom of the format */
};

struct body_reader {
    void *(*create)(const struct body_params *params); /* NULL: no memory */
    enum body_state (*feed)(void *reader, struct span bytes);
    /* n bytes are lost here (0: number unknown). What they cut is told as far as it can be, with
     * RESOURCE_PARTIAL where that may change what it means. */
    enum body_state (*gap)(void *reader, uint64_t n_bytes);
    enum body_state (*finish)(void *reader); /* no more bytes come; may be called again */
    struct body_rest (*rest)(const void *reader);
    size_t (*buffered_bytes)(const void *reader);
    void (*close)(void *reader); /* NULL is fine */
};
