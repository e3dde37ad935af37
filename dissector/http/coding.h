/* coding: one content coding (RFC 9110 §8.4.1). A coding is one file with one static const struct
 * coding and one row in the table of coding.c.
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
    CODING_END,     /* the coded content ended; what is left of the span does not belong to it, nor
                       perhaps a few bytes before that looked like more content */
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

enum {
    CODING_START_BYTES = 16,         /* so many first bytes are looked at, or all if fewer */
    CODING_WINDOW_BYTES = 32 * 1024, /* longest span into and out of a coding */
};

struct coding {
    const char *names[4]; /* lower case, as in Content-Encoding; NULL-terminated */
    size_t state_bytes;   /* of the state handed to the functions below */
    enum coding_sign (*sign)(struct span start);
    enum coding_result (*init)(void *state);
    /* Passes on all that can be decoded so far, and leaves in *coded what was not taken: all is
     * taken with CODING_OK. The first span holds the whole start. */
    enum coding_result (*feed)(void *state, struct span *coded, struct coding_sink sink,
                               const struct origin *origin);
    /* Whether the content may end here: all of it came, and its check sum was right. */
    bool (*is_whole)(const void *state);
    /* What the library holds beside the state. */
    size_t (*library_bytes)(const void *state);
    void (*free)(void *state);
};

/* Row i of the table of the codings that are built in; NULL behind the last. */
const struct coding *coding_at(size_t i);

/* The coding of this name in any case, or NULL. */
const struct coding *coding_find(struct span name);

/* The coding whose sign in these first bytes is at least this clear, or NULL. */
const struct coding *coding_recognise(struct span start, enum coding_sign least);

/* The sign of a coding with magic bytes: MAYBE when the start is too short to hold them all. */
enum coding_sign coding_magic_sign(struct span start, struct span magic);

/* Whether first bytes are text as it is: UTF-8 without control characters, or a byte order mark. */
bool coding_is_text(struct span start);

/* Whether they are text that begins as XML, HTML or JSON do. */
bool coding_is_markup(struct span start);

/* What a coding's feed returns when the sink did not answer FEED_OK. */
static inline enum coding_result coding_refused(enum feed answer)
{
    return answer == FEED_NOMEM ? CODING_NOMEM : CODING_STOP;
}

extern const struct coding coding_gzip;    /* RFC 1952 */
extern const struct coding coding_deflate; /* RFC 1950, and RFC 1951 without its wrapper */
extern const struct coding coding_brotli;  /* RFC 7932; built with HAVE_BROTLI */
extern const struct coding coding_zstd;    /* RFC 8878; built with HAVE_ZSTD */
