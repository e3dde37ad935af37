/* outcome: DOMAIN.md 2.4 to 2.6 as a table: what a status means for an operation, which class a
 * resource gets from its propstats, and which verdict a document from its resources. Pure
 * functions.
 *
 * The table in outcome_rules.c can be read beside the document: one row is one row there. */
#pragma once

#include "dissector/dav/document.h"

/* Counts of a document so far; zero it before the first resource. */
struct outcome_tally {
    uint64_t n_resources, n_good, n_bad;
    uint64_t by_class[CLASS_N];
    uint32_t flags;                             /* enum document_flag */
    bool target_is_absent, target_is_dependent; /* the response about the Request-URI itself */
    bool has_culprit_beyond_locks;              /* DOMAIN.md 2.5, DELETE */
    enum operation shape;                       /* guessed from the shape, DOMAIN.md 2.3 */
};

/* Judges one resource: sets class, retry and flags of it and of its propstats. operation is that of
 * the request, or the one guessed from the shape so far. */
void outcome_judge(struct resource *resource, struct propstat *propstats,
                   const struct request *request, uint16_t http_status);

/* Adds a judged resource (once for each href). */
void outcome_add(struct outcome_tally *tally, const struct resource *resource,
                 const struct request *request, uint16_t http_status);

/* Verdict of a document that was wholly seen and decoded; *reason gets the sub-reason or NULL. */
enum verdict outcome_verdict(const struct outcome_tally *tally, const struct request *request,
                             uint16_t http_status, const char **reason);
