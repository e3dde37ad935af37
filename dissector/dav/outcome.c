/* From the statuses of a resource to its class; see outcome.h. What a single status means is asked
 * of outcome_rules; here stands how statuses add up. */
#include "dissector/dav/outcome.h"

#include "dissector/dav/outcome_rules.h"
#include "dissector/dav/outcome_shape.h"

/* By local name alone: servers get the namespace of conditions wrong. */
static bool has_condition(const struct conditions *conditions, const char *local)
{
    for (size_t i = 0; i < conditions->n; i++)
        if (span_equal(conditions->names[i].local, span_str(local)))
            return true;
    return false;
}

static bool is_target(const struct resource *resource)
{
    return resource->relation == RELATION_SELF && !resource->is_of_destination;
}

/* Without the target, the folder it lies in, or the destination of COPY and MOVE, nothing below is
 * touched (§9.8.3, §9.9.3). */
static bool is_of_the_whole(const struct resource *resource)
{
    return resource->relation == RELATION_SELF || resource->relation == RELATION_ANCESTOR;
}

static uint32_t status_facts(const struct status_line *status, const struct conditions *conditions)
{
    uint32_t facts = 0;
    if (has_condition(conditions, "number-of-matches-within-limits"))
        facts |= FACT_LIMIT;
    if (has_condition(conditions, "valid-sync-token"))
        facts |= FACT_TOKEN;
    if (span_find_nocase(status->reason, span_str("insufficient")) < status->reason.len)
        facts |= FACT_STORAGE;
    return facts;
}

static uint32_t propstat_facts(const struct propstat *propstat, const struct resource *resource)
{
    uint32_t facts = status_facts(&propstat->status, &propstat->conditions);
    if (propstat->n_properties == 0 && propstat->n_properties_more == 0)
        facts |= FACT_EMPTY_PROP;
    if (resource->n_propstats == 1)
        facts |= FACT_ALONE;
    if (outcome_shape_has_data(propstat))
        facts |= FACT_DATA;
    return facts;
}

static uint32_t resource_facts(const struct resource *resource, const struct request *request)
{
    uint32_t facts = status_facts(&resource->status, &resource->conditions);
    if (request->is_seen)
        facts |= is_target(resource) ? FACT_TARGET : FACT_MEMBER;
    if (resource->ordinal > 0)
        facts |= FACT_LATER;
    if (request->is_body_whole && !request->has_sync_token)
        facts |= FACT_INITIAL;
    return facts;
}

static enum retry retry_of(enum outcome class, uint16_t code)
{
    static const uint16_t later[] = {423, 425, 429, 500, 502, 503, 504};
    static const uint16_t never[] = {400, 405, 410, 413, 501};
    if (class == OUTCOME_PENDING)
        return RETRY_LATER;
    if (!outcome_is_problem(class))
        return RETRY_NONE;
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (code == later[i])
            return RETRY_LATER;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (code == never[i])
            return RETRY_NEVER;
    return RETRY_AFTER_FIX;
}

/* How many propstats are of each class. */
struct spread {
    size_t n[OUTCOME_N];
    bool is_data_refused; /* of the data that a multiget is for, RFC 4791 §7.9 */
    bool names_absent;    /* an absent one names its properties */
};

static struct spread judge_propstats(const struct resource *resource, struct propstat *propstats,
                                     enum operation operation)
{
    struct spread spread = {0};
    for (size_t i = 0; i < resource->n_propstats; i++) {
        uint32_t facts = propstat_facts(&propstats[i], resource);
        uint16_t code = propstats[i].status.code;
        propstats[i].class = outcome_rule(operation, LEVEL_PROPSTAT, code, facts).class;
        spread.n[propstats[i].class]++;
        if (propstats[i].class == OUTCOME_FAILED && (facts & FACT_DATA))
            spread.is_data_refused = operation_is_multiget(operation);
        if (propstats[i].class == OUTCOME_ABSENT && !(facts & FACT_EMPTY_PROP))
            spread.names_absent = true;
    }
    return spread;
}

/* Whether what made a property dependent must stand beside it: operations on one resource (§9.2.1,
 * RFC 5689 §3). Of LOCK and the tree methods the culprit is another resource. */
static bool names_its_culprit(enum operation operation)
{
    return operation == OPERATION_PROPPATCH || operation == OPERATION_BPROPPATCH ||
           operation == OPERATION_MKCOL || operation == OPERATION_MKCALENDAR;
}

static bool is_success(const struct status_line *status)
{
    return status->code >= 200 && status->code < 300;
}

/* A condition that failed beside a status that says success: one of the two is wrong. */
static bool contradicts_itself(const struct resource *resource)
{
    if (is_success(&resource->status) && resource->conditions.n > 0)
        return true;
    for (size_t i = 0; i < resource->n_propstats; i++)
        if (is_success(&resource->propstats[i].status) && resource->propstats[i].conditions.n > 0)
            return true;
    return false;
}

/* DOMAIN.md 2.6, 3: a write is one act; what refused decides. */
static enum outcome class_of_write(struct resource *resource, const struct spread *spread,
                                   enum operation operation)
{
    if (spread->n[OUTCOME_FAILED] > 0 || spread->n[OUTCOME_DEPENDENT] > 0) {
        if (spread->n[OUTCOME_OK] > 0)
            resource->flags |= RESOURCE_CONTRADICTION;
        if (spread->n[OUTCOME_FAILED] > 0)
            return OUTCOME_FAILED;
        if (!names_its_culprit(operation))
            return OUTCOME_DEPENDENT;
        resource->flags |= RESOURCE_CULPRIT_MISSING;
        return OUTCOME_FAILED;
    }
    if (spread->n[OUTCOME_REDIRECT] > 0)
        return OUTCOME_REDIRECT;
    if (spread->n[OUTCOME_UNKNOWN] > 0)
        return OUTCOME_UNKNOWN;
    if (spread->n[OUTCOME_PENDING] > 0)
        return OUTCOME_PENDING;
    return OUTCOME_OK;
}

/* DOMAIN.md 2.6, 4: a read that delivered something is good; what it could not deliver is told. An
 * etag without the data is nothing to who asked for the data. */
static enum outcome class_of_read(struct resource *resource, const struct spread *spread)
{
    if (spread->is_data_refused)
        return OUTCOME_FAILED;
    if (spread->n[OUTCOME_OK] > 0) {
        if (spread->n[OUTCOME_FAILED] > 0)
            resource->flags |= RESOURCE_DEGRADED;
        return OUTCOME_OK;
    }
    static const enum outcome order[] = {OUTCOME_PENDING,  OUTCOME_FAILED,    OUTCOME_DEPENDENT,
                                         OUTCOME_REDIRECT, OUTCOME_UNCHANGED, OUTCOME_UNKNOWN};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (spread->n[order[i]] > 0)
            return order[i];
    if (spread->n[OUTCOME_ABSENT] > 0 && !spread->names_absent)
        return OUTCOME_ABSENT;
    resource->flags |=
        spread->n[OUTCOME_ABSENT] > 0 ? RESOURCE_NO_REQUESTED_PROPERTY : RESOURCE_NO_PROPERTIES;
    return OUTCOME_OK;
}

/* The status that says most about a problem: the resource's own, or that of the first culprit. */
static uint16_t telling_code(const struct resource *resource, const struct propstat *propstats)
{
    if (resource->n_propstats == 0 || resource->status.code >= 300)
        return resource->status.code;
    for (size_t i = 0; i < resource->n_propstats; i++)
        if (propstats[i].class == resource->class)
            return propstats[i].status.code;
    return 0;
}

/* What is good is of no use to who did not ask for it. */
static bool is_unsolicited(const struct resource *resource)
{
    bool is_good = resource->class == OUTCOME_OK || resource->class == OUTCOME_UNCHANGED ||
                   resource->class == OUTCOME_ABSENT || resource->class == OUTCOME_NEUTRAL;
    return is_good && (resource->flags & RESOURCE_UNSOLICITED);
}

static void judge_status(struct resource *resource, const struct outcome_tally *tally,
                         const struct request *request)
{
    enum operation operation = outcome_shape_ruling(tally, request);
    uint32_t facts = resource_facts(resource, request);
    struct ruling ruling = outcome_rule(operation, LEVEL_RESOURCE, resource->status.code, facts);
    if (outcome_shape_leaves_open(tally, request, resource))
        ruling = (struct ruling){OUTCOME_UNKNOWN, 0};
    if (ruling.class == OUTCOME_TRUNCATED && tally->root == ROOT_ERROR)
        ruling.class = OUTCOME_FAILED; /* no page, but nothing at all, RFC 6578 §3.7 */
    resource->class = ruling.class;
    resource->flags |= ruling.flag;
}

/* What could not be told of something inside lowers the whole, RFC 3253 §3.8. */
static bool is_nested_failure(const struct resource *resource, enum operation operation)
{
    return resource->nested_status != 0 && !operation_is_write(operation) &&
           outcome_rule(operation, LEVEL_PROPSTAT, resource->nested_status, 0).class ==
               OUTCOME_FAILED;
}

void outcome_judge(struct resource *resource, struct propstat *propstats,
                   const struct outcome_tally *tally, const struct request *request)
{
    struct outcome_tally shape = *tally; /* what the resource itself looks like counts too */
    outcome_shape_add(&shape, resource);
    enum operation operation = outcome_shape_ruling(&shape, request);
    struct spread spread = judge_propstats(resource, propstats, operation);
    bool is_by_status = resource->n_propstats == 0 || resource->status.code >= 300;
    if (resource->flags & RESOURCE_PARTIAL) {
        resource->class = OUTCOME_UNKNOWN;
    } else if (resource->is_told) {
        /* its words were read */
    } else if (is_by_status) {
        judge_status(resource, &shape, request);
    } else if (operation_is_write(operation)) {
        resource->class = class_of_write(resource, &spread, operation);
    } else {
        resource->class = class_of_read(resource, &spread);
    }
    if (resource->class == OUTCOME_OK && is_nested_failure(resource, operation))
        resource->flags |= RESOURCE_DEGRADED;
    if (contradicts_itself(resource))
        resource->flags |= RESOURCE_CONTRADICTION;
    if (is_unsolicited(resource))
        resource->class = OUTCOME_UNSOLICITED;
    resource->retry = retry_of(resource->class, telling_code(resource, propstats));
    if (resource->class == OUTCOME_FAILED &&
        has_condition(&resource->conditions, "valid-sync-token"))
        resource->retry = RETRY_AFTER_FIX; /* without a token, whatever the status, RFC 6578 §3.2 */
}

/* Failures that a server finds by looking before it begins: locks and preconditions. */
static bool is_found_by_validation(const struct resource *resource)
{
    uint16_t code = resource->status.code;
    return code == 423 || code == 412 ||
           (code == 403 && (has_condition(&resource->conditions, "lock-token-submitted") ||
                            has_condition(&resource->conditions, "no-conflicting-lock")));
}

void outcome_add(struct outcome_tally *tally, const struct resource *resource)
{
    static const struct {
        uint32_t of_resource, of_document;
    } raised[] = {
        {RESOURCE_NS_BROKEN, DOCUMENT_NS_BROKEN},
        {RESOURCE_CONTRADICTION, DOCUMENT_CONTRADICTION},
        {RESOURCE_DUPLICATE, DOCUMENT_DUPLICATES},
        {RESOURCE_CUT, DOCUMENT_CUT},
    };
    for (size_t i = 0; i < sizeof raised / sizeof *raised; i++)
        if (resource->flags & raised[i].of_resource)
            tally->flags |= raised[i].of_document;
    if (resource->class == OUTCOME_UNKNOWN)
        tally->flags |= DOCUMENT_UNKNOWN;
    if (resource->class == OUTCOME_TRUNCATED) { /* a mark, and no resource of its own */
        tally->flags |= DOCUMENT_TRUNCATED;
        return;
    }
    tally->n_resources += resource->n_hrefs;
    tally->by_class[resource->class] += resource->n_hrefs;
    outcome_shape_add(tally, resource);
    if (resource->class == OUTCOME_FAILED && !is_found_by_validation(resource))
        tally->has_other_culprit = true;
    tally->whole_is_failed |= is_of_the_whole(resource) && resource->class == OUTCOME_FAILED;
    if (!is_target(resource))
        return;
    tally->target_is_absent |= resource->class == OUTCOME_ABSENT;
    tally->target_is_dependent |= resource->class == OUTCOME_DEPENDENT;
}
