/* reconcile: what came back against what was asked for (DOMAIN.md 1.5, 2.7).
 *
 * Each resource gets its relation to the request's target, what has to be overlooked to see that
 * its href is the one that was asked for, and whether it was asked for at all; at the end stand the
 * hrefs without an answer. Time is linear in the texts: hrefs are found by hashes of their forms,
 * first with nothing overlooked, and those that are not found once more with everything. When the
 * answer has another leading part than was asked for, the first few such hrefs are compared with
 * every requested one to find it; then it is known.
 *
 * Without the request's head nothing is said, and without its whole body nothing is called missing
 * or unsolicited. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/dav/href_drift.h"
#include "dissector/dav/href_rewrite.h"
#include "dissector/dav/request.h"

struct reconcile {
    /* fields are private, but for the last four */
    const struct request *request; /* its body may still be coming */
    struct span target;            /* the request's, when it was last looked at */
    struct href_drift drift;
    struct href_rewrite rewrite;
    unsigned n_tries;        /* to learn a rewriting */
    struct href_index loose; /* of the requested hrefs, with DRIFT_LOOSE overlooked */
    bool has_loose;
    uint8_t *answered; /* a bit for each requested href */
    size_t n_answered_bytes;
    bool is_early; /* answers came before the request was wholly seen */
    struct span *missing;
    size_t n_missing;       /* hrefs without an answer, in missing; borrowed from the request */
    uint64_t n_unsolicited; /* hrefs nobody asked for */
    uint32_t drifts;        /* enum drift of all resources together */
};

void reconcile_init(struct reconcile *reconcile, const struct request *request);

/* Sets the resource's relation, is_of_destination, and its flags of drift and
 * RESOURCE_UNSOLICITED. FEED_NOMEM. */
enum feed reconcile_resource(struct reconcile *reconcile, struct resource *resource);

/* All resources that were sent were seen: finds what is missing. FEED_NOMEM. */
enum feed reconcile_finish(struct reconcile *reconcile);

/* Whether what is missing can be told, once reconcile_finish was called. */
bool reconcile_knows_missing(const struct reconcile *reconcile);

size_t reconcile_bytes(const struct reconcile *reconcile);
void reconcile_free(struct reconcile *reconcile);
