/* coding: one content coding (RFC 9110 §8.4.1). A coding is one file with one static const struct
 * coding and one row in the table of content.c. */
#pragma once

#include "dissector/base/sink.h"

/* Where decoded bytes go, as many at a time as the coding likes. What it returns is passed up. */
struct coding_sink {
    enum feed (*decoded)(void *ctx, struct span bytes, const struct origin *origin);
    void *ctx;
};

enum coding_result {
    CODING_OK,
    CODING_END,     /* the coded content ended inside this span; *n_used says where */
    CODING_DAMAGED, /* what was decoded before the damage has been passed on */
    CODING_STOP,    /* the sink answered FEED_STOP */
    CODING_NOMEM,
};

struct coding {
    const char *names[4]; /* lower case, as in Content-Encoding; NULL-terminated */
    size_t state_bytes;   /* of the state handed to the functions below; zeroed by the caller */
    enum coding_result (*init)(void *state);
    enum coding_result (*feed)(void *state, struct span coded, size_t *n_used,
                               struct coding_sink sink, const struct origin *origin);
    void (*free)(void *state);
    /* Whether content that begins so is certainly in this coding; NULL when it has no magic bytes.
     */
    bool (*is_magic)(struct span start);
};
