/* document_state: what document.c and document_end.c share: a document while it is read. Private to
 * them. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/dav/body.h"
#include "dissector/dav/document.h"
#include "dissector/dav/href_set.h"
#include "dissector/dav/outcome.h"
#include "dissector/dav/reconcile.h"
#include "dissector/dav/sniff.h"

enum { MULTI_STATUS = 207, MAX_PENDING_NOTES = 4 };

enum phase {
    PHASE_SNIFFING, /* the format is not known yet */
    PHASE_DECODING, /* by a reader */
    PHASE_PASSING,  /* nothing more can be learnt */
};

struct document {
    struct document_params params;
    const struct document_ops *ops;
    void *ctx;
    const struct origin *origin; /* of the call that is running */
    enum phase phase;
    enum feed settled; /* FEED_OK while it is not */
    struct buf head;   /* while sniffing */
    struct sniff_params sniffing;
    enum format format;
    const struct body_reader *reader; /* NULL: of this format nothing is read */
    void *reading;                    /* the reader's */
    enum body_state state;            /* of the reader */
    bool has_begun, has_gap, has_lost, is_one_by_one;
    bool is_undecided;                         /* it was cut before it was clear that it is none */
    bool has_output_before;                    /* something stood before the XML that is none */
    struct anomaly pending[MAX_PENDING_NOTES]; /* until it is clear that this is a document */
    size_t n_pending;
    uint32_t flags;
    struct outcome_tally tally;
    uint32_t by_status[STATUS_N];
    struct href_set hrefs;
    struct buf form; /* scratch: of an href */
    bool is_href_limit_noted;
    struct reconcile reconcile;
    struct property_check property_check;
    uint64_t decoded_bytes, missing_bytes;
    uint64_t n_whole, whole_bytes; /* resources seen from end to end, and their elements */
};

/* What the document comes to; everything that end points to is the document's. Once, when its
 * reader has finished. */
void document_end_fill(struct document_end *end, struct document *document,
                       const struct document_finish_params *params);
