/* listing: Multi-Status documents as servers of three kinds write them, and what is true of them.
 */
#pragma once

#include "tests/bench/dice.h"
#include "tests/bench/script.h"

struct truth {
    uint64_t n_documents, n_resources;
    uint64_t n_failed; /* resources whose class is failed */
    uint64_t n_mixed;  /* documents with both kinds */
    uint64_t n_all_failed;
    uint64_t n_bytes; /* of all documents, decoded */
};

/* The answer to a PROPFIND of depth 1, a little more than n_bytes long (at least one resource; the
 * first is the collection and never refused), appended to out and added to truth. Returns the
 * collection's path, which the request has to name. */
const char *listing_propfind(struct buf *out, struct dice *dice, size_t n_bytes,
                             struct truth *truth);

/* A calendar-multiget: the hrefs asked for, and the answer to them. */
struct listing_multiget {
    struct buf *request, *answer; /* appended to */
    uint32_t n_resources;
};

void listing_multiget(struct listing_multiget *multiget, struct dice *dice, struct truth *truth);
