/* coding: one content coding (RFC 9110 §8.4.1). A coding is one file with one static const struct
 * coding and one row in the table of content.c.
 *
 * Life of a state: calloc of state_bytes, init, feed in any number, is_whole, free. After anything
 * but CODING_OK it is only asked is_whole and freed. A zeroed state can be freed. */
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

/* How clearly the first bytes of some content say that it is in a coding. */
enum coding_sign {
    CODING_NOT,    /* no content in this coding begins so */
    CODING_MAYBE,  /* nothing speaks against it; for codings that begin with anything */
    CODING_LIKELY, /* a weak mark, worth something beside a wrong label */
    CODING_SURE,   /* magic bytes that no text begins with */
};

/* So many first bytes are looked at, or all when there are fewer. */
enum { CODING_START_BYTES = 16 };

struct coding {
    const char *names[4]; /* lower case, as in Content-Encoding; NULL-terminated */
    size_t state_bytes;   /* of the state handed to the functions below */
    enum coding_sign (*sign)(struct span start);
    enum coding_result (*init)(void *state);
    /* Passes on all that can be decoded so far. The first span holds the whole start. */
    enum coding_result (*feed)(void *state, struct span coded, size_t *n_used,
                               struct coding_sink sink, const struct origin *origin);
    /* Whether the content may end here: all of it came, and its check sum was right. */
    bool (*is_whole)(const void *state);
    /* What the library holds beside the state. */
    size_t (*library_bytes)(const void *state);
    void (*free)(void *state);
};

/* What a coding's feed returns when the sink did not answer FEED_OK. */
static inline enum coding_result coding_refused(enum feed answer)
{
    return answer == FEED_NOMEM ? CODING_NOMEM : CODING_STOP;
}

extern const struct coding coding_gzip;    /* RFC 1952 */
extern const struct coding coding_deflate; /* RFC 1950, and RFC 1951 without its wrapper */
extern const struct coding coding_brotli;  /* RFC 7932; built with HAVE_BROTLI */
extern const struct coding coding_zstd;    /* RFC 8878; built with HAVE_ZSTD */
