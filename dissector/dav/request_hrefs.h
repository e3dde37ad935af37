/* request_hrefs: the hrefs a request asks for, each once: a multiget's, those of a B-method's
 * target. 15 to 25 bytes an href beside its text, up to two limits: beyond them hrefs are counted
 * and not remembered. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/dav/href_index.h"

struct request_hrefs {
    size_t n;        /* remembered; their numbers are 0..n-1, in the order of the request */
    uint64_t n_more; /* not remembered */
    /* the rest is private */
    struct buf text, form, other;
    uint32_t *begins; /* where in text each begins */
    size_t capacity;
    struct href_index index; /* by the form with nothing overlooked */
};

/* What is looked for: the first href with this form. */
struct href_lookup {
    struct span form;
    struct span base;    /* the request's target (see href_form) */
    uint32_t overlooked; /* of form, and of index */
    struct buf *scratch;
    size_t number; /* found; n of the hrefs: none */
};

/* Zeroed: none. href is copied. base: the request's target (see href_form). FEED_NOMEM. */
enum feed request_hrefs_add(struct request_hrefs *hrefs, const struct limits *limits,
                            struct span base, struct span href);

/* index: of the forms with lookup->overlooked; NULL: the hrefs' own, with nothing overlooked.
 * FEED_NOMEM. */
enum feed request_hrefs_find(const struct request_hrefs *hrefs, const struct href_index *index,
                             struct href_lookup *lookup);

/* Borrowed until the next add. */
struct span request_hrefs_text(const struct request_hrefs *hrefs, size_t number);

size_t request_hrefs_bytes(const struct request_hrefs *hrefs);
void request_hrefs_free(struct request_hrefs *hrefs);
