/* outcome: DOMAIN.md 2.2 to 2.6: what a status means for an operation, which class a resource gets
 * from its propstats, and which verdict a document gets from its resources.
 *
 * Use: zero a tally; for each resource, once it is reconciled with the request (reconcile.h),
 * outcome_judge, then outcome_add; at the end outcome_verdict and outcome_flags. The rules stand in
 * outcome_rules.c, one row for one row of the document. Nothing is allocated, nothing fails. */
#pragma once

#include "dissector/dav/document.h"

/* A document so far. */
struct outcome_tally {
    uint64_t n_resources;         /* hrefs count one each */
    uint64_t by_class[OUTCOME_N]; /* OUTCOME_MISSING is set by the caller */
    uint32_t flags;               /* enum document_flag, as far as single resources raise them */
    bool has_propstats;           /* some resource was in the propstat form */
    bool has_success;             /* some resource-level status was 2xx */
    bool has_not_found;           /* some resource-level status was 404 or 410 */
    bool has_calendar_data, has_address_data;
    bool target_is_absent;    /* what the request was about is reported as not there, */
    bool target_is_dependent; /* as undone because something else failed, */
    bool whole_is_failed;     /* that, the folder it lies in, or the destination, as failed */
    bool has_other_culprit;   /* a failure that validation before the work would not have found */
    /* set by the caller */
    bool has_sync_token;   /* the document has one */
    bool is_failures_only; /* what it does not list went well, by the custom of its format */
    enum root root;
};

/* The operation a document answers: that of the request, or, when what was asked was not seen, the
 * one its shape so far speaks for (DOMAIN.md 2.3). */
enum operation outcome_operation(const struct outcome_tally *tally, const struct request *request);

/* Judges one resource: sets the class of each of its propstats and its own class, retry and flags.
 * propstats are resource->propstats, writable. tally: of the resources before it. */
void outcome_judge(struct resource *resource, struct propstat *propstats,
                   const struct outcome_tally *tally, const struct request *request);

/* Counts a judged resource. */
void outcome_add(struct outcome_tally *tally, const struct resource *resource);

/* Whether resources that the answer does not speak of count as done, as far as the document went:
 * DELETE, COPY and MOVE list failures only (RFC 4918 §9.6.1, §9.8.3, §9.9.2), so does a B-method
 * none of whose answers is good, and a change that was asked for with return=minimal. */
bool outcome_unlisted_is_done(const struct outcome_tally *tally, const struct request *request);

/* Verdict of a document that was wholly seen and decoded; *reason gets the sub-reason, static, or
 * NULL. */
enum verdict outcome_verdict(const struct outcome_tally *tally, const struct request *request,
                             uint16_t http_status, const char **reason);

/* The document's flags: those its resources raised and those of the whole. */
uint32_t outcome_flags(const struct outcome_tally *tally, const struct request *request,
                       uint16_t http_status);
