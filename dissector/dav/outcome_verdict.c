/* From the classes of its resources to the verdict and the flags of a document; see outcome.h. */
#include "dissector/dav/outcome_shape.h"

/* What nobody asked for is good for nothing where each href was asked for by name. */
static uint64_t n_good(const struct outcome_tally *tally, enum operation operation)
{
    uint64_t n_unsolicited =
        operation_is_multiget(operation) ? 0 : tally->by_class[OUTCOME_UNSOLICITED];
    return tally->by_class[OUTCOME_OK] + tally->by_class[OUTCOME_UNCHANGED] +
           tally->by_class[OUTCOME_PENDING] + tally->by_class[OUTCOME_ABSENT] + n_unsolicited;
}

static uint64_t n_bad(const struct outcome_tally *tally)
{
    uint64_t n = 0;
    for (int i = 0; i < OUTCOME_N; i++)
        if (outcome_is_problem((enum outcome)i))
            n += tally->by_class[i];
    return n;
}

/* Of a guessed multiget: what was taken for absent before its data came has failed, perhaps. */
static bool is_in_doubt(const struct outcome_tally *tally, enum operation operation,
                        const struct request *request)
{
    return tally->by_class[OUTCOME_UNKNOWN] > 0 ||
           (!outcome_shape_is_told(request) && operation_is_multiget(operation) &&
            tally->by_class[OUTCOME_ABSENT] > 0);
}

/* Whether an answer without any resource is an ordinary one: nothing matched, nothing changed. */
static bool may_match_nothing(enum operation operation, const struct request *request)
{
    switch (operation) {
    case OPERATION_REPORT_CALENDAR_MULTIGET:
    case OPERATION_REPORT_ADDRESSBOOK_MULTIGET:
        return request->is_body_whole && request->n_hrefs == 0;
    case OPERATION_SEARCH:
        return true;
    default:
        return operation >= OPERATION_REPORT;
    }
}

bool outcome_unlisted_is_done(const struct outcome_tally *tally, const struct request *request)
{
    if (tally->root == ROOT_BATCH)
        return tally->is_failures_only && tally->n_resources > 0 &&
               (request->n_objects == 0 || request->n_objects > tally->n_resources);
    switch (outcome_operation(tally, request)) {
    case OPERATION_DELETE:
    case OPERATION_COPY:
    case OPERATION_MOVE:
        return !(tally->whole_is_failed && tally->n_resources == 1);
    case OPERATION_BDELETE:
    case OPERATION_BCOPY:
    case OPERATION_BMOVE:
        return request->n_hrefs > tally->n_resources && tally->n_resources > 0 &&
               tally->by_class[OUTCOME_OK] == 0;
    case OPERATION_BPROPPATCH:
        return request->is_minimal && request->n_hrefs > tally->n_resources;
    case OPERATION_POST_BULK:
        return request->is_minimal && request->n_objects > tally->n_resources;
    default:
        return false;
    }
}

/* Whether the method's own rule says that nothing was done although it looks otherwise. */
static bool did_nothing(const struct outcome_tally *tally, enum operation operation,
                        uint16_t http_status)
{
    switch (operation) {
    case OPERATION_LOCK: /* §9.10.9: a lock is granted with 200 or 201 only */
        return http_status == 207;
    case OPERATION_PROPPATCH:  /* §9.2: all or nothing */
    case OPERATION_MKCOL:      /* RFC 5689 §3 */
    case OPERATION_MKCALENDAR: /* RFC 4791 §5.3.1 */
    case OPERATION_ORDERPATCH: /* RFC 3648 §7 */
        return n_bad(tally) > 0;
    case OPERATION_DELETE:
        return tally->target_is_dependent && (http_status == 424 || !tally->has_other_culprit);
    case OPERATION_COPY:
    case OPERATION_MOVE:
        return tally->target_is_dependent;
    default:
        return false;
    }
}

static enum verdict verdict_when_empty(const struct outcome_tally *tally, enum operation operation,
                                       const struct request *request, const char **reason)
{
    if (tally->n_resources > 0)
        *reason = "target-absent";
    else if (!outcome_shape_is_told(request) && !tally->has_sync_token)
        *reason = NULL; /* what was asked is not known, */
    else if (tally->root == ROOT_BATCH && request->n_objects == 0)
        *reason = NULL; /* nor how many results other interfaces owe */
    else
        *reason = may_match_nothing(operation, request) ? "no-match" : "suspicious";
    return VERDICT_EMPTY;
}

/* An empty page, but not the last. Of a sync it takes a token to go on from it: without one the 507
 * may as well say that there is no room, or mean nothing. */
static enum verdict verdict_of_empty_page(const struct outcome_tally *tally,
                                          enum operation operation, const char **reason)
{
    if (operation != OPERATION_REPORT_SYNC_COLLECTION || tally->has_sync_token)
        return VERDICT_ALL_OK;
    *reason = "suspicious";
    return VERDICT_EMPTY;
}

enum verdict outcome_verdict(const struct outcome_tally *tally, const struct request *request,
                             uint16_t http_status, const char **reason)
{
    enum operation operation = outcome_shape_ruling(tally, request);
    *reason = NULL;
    if (did_nothing(tally, operation, http_status))
        return VERDICT_ALL_FAILED;
    if (tally->n_resources == 0 && (tally->flags & DOCUMENT_TRUNCATED))
        return verdict_of_empty_page(tally, operation, reason);
    if (tally->n_resources == 0 || (tally->n_resources == 1 && tally->target_is_absent))
        return verdict_when_empty(tally, operation, request, reason);
    if (n_bad(tally) == 0 && is_in_doubt(tally, operation, request)) {
        *reason = "status-unknown"; /* nothing unknown is called ok */
        return n_good(tally, operation) > 0 ? VERDICT_MIXED : VERDICT_UNDECODABLE;
    }
    if (operation_is_write(operation) && http_status >= 400)
        return VERDICT_ALL_FAILED;
    if (n_bad(tally) == 0)
        return VERDICT_ALL_OK;
    bool is_unlisted_done = outcome_unlisted_is_done(tally, request);
    if (tally->root == ROOT_BATCH && is_unlisted_done && n_good(tally, operation) == 0 &&
        request->n_objects == 0)
        *reason = "unlisted-presumed-ok";
    bool is_some_good = n_good(tally, operation) > 0 || is_unlisted_done;
    return is_some_good ? VERDICT_MIXED : VERDICT_ALL_FAILED;
}

/* Operations that have no Multi-Status of their own (DOMAIN.md 2.5, last row). MKCOL has one when
 * it sets properties (RFC 5689 §3), which takes a body. */
static bool has_no_multistatus(enum operation operation, const struct request *request)
{
    return operation == OPERATION_PUT || operation == OPERATION_GET ||
           operation == OPERATION_OPTIONS || operation == OPERATION_UNLOCK ||
           operation == OPERATION_ACL || (operation == OPERATION_MKCOL && request->is_bodiless);
}

uint32_t outcome_flags(const struct outcome_tally *tally, const struct request *request,
                       uint16_t http_status)
{
    enum operation operation = outcome_shape_ruling(tally, request);
    uint32_t flags = tally->flags;
    bool makes_collection = operation == OPERATION_MKCOL || operation == OPERATION_MKCALENDAR;
    if (http_status == 207 && has_no_multistatus(operation, request))
        flags |= DOCUMENT_UNEXPECTED;
    else if (http_status == 207 && makes_collection && tally->n_resources > 0 && n_bad(tally) == 0)
        flags |= DOCUMENT_UNUSUAL;
    if (http_status == 207 && operation == OPERATION_REPORT_SYNC_COLLECTION &&
        !tally->has_sync_token)
        flags |= DOCUMENT_TOKEN_MISSING;
    return flags;
}
