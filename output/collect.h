/* collect: the events of documents in, one record a document out.
 *
 * A document's verdict comes last, its resources before, and documents of several connections
 * interleave. So what the outputs need of each resource is copied while it goes by (all of them,
 * only the problems, or none), and the record is complete at EVENT_DOCUMENT_END. Whether an href
 * matches the filter is decided as it goes by too, for every resource, copied or not.
 *
 * Bounded: a resource is kept while its document holds less than COLLECT_MAX_DOCUMENT_BYTES and all
 * open ones together less than max_bytes; for harmless ones three quarters of that count, so that
 * problems behind a long listing still find room. What finds none is left out: the counts in the
 * record's end stay exact, is_limited and DOCUMENT_CUT say so. What resources share is kept once
 * (keep.h). One owner thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/table.h"
#include "output/filter.h"
#include "output/record.h"

/* A listing of 100,000 resources takes about 12 MiB; 60, when no two of them are alike. */
#define COLLECT_MAX_DOCUMENT_BYTES ((size_t)128 << 20)

/* Default for all open documents together. */
#define COLLECT_MAX_BYTES ((size_t)256 << 20)

struct collect {
    /* fields are private */
    struct table open; /* of struct collected, by document number */
    const struct filter *filter;
    enum resources keep;
    size_t max_bytes, max_document_bytes, kept_bytes;
    struct collected *done; /* the one lent out by COLLECT_RECORD */
    struct buf scratch;
};

enum collect_result {
    COLLECT_MORE,          /* nothing is complete yet */
    COLLECT_RECORD,        /* *record is complete and chosen; valid until the next call */
    COLLECT_LEFT,          /* a document is complete, but the filter does not choose it */
    COLLECT_OTHER_VERDICT, /* the same, because of its verdict alone; *record is valid as above */
    COLLECT_NOMEM,
};

/* keep: what some output shows. filter may be NULL; max_bytes 0 = COLLECT_MAX_BYTES. */
void collect_init(struct collect *collect, const struct filter *filter, enum resources keep,
                  size_t max_bytes);

enum collect_result collect_event(struct collect *collect, const struct event *event,
                                  struct record *record);

void collect_free(struct collect *collect);
