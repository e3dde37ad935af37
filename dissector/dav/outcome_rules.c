/* The rule table: which class a status has for an operation. The first row that fits wins; where
 * none does, the default meaning of the code holds. Read it beside DOMAIN.md 2.5; specification
 * sections in the comments are those of RFC 4918 unless another is named. */
#include "dissector/dav/outcome_rules.h"

#define BIT(operation) (UINT64_C(1) << (operation))

#define PROPPATCHES (BIT(OPERATION_PROPPATCH) | BIT(OPERATION_BPROPPATCH))
#define SYNC BIT(OPERATION_REPORT_SYNC_COLLECTION)
#define MULTIGETS                                                                                  \
    (BIT(OPERATION_REPORT_CALENDAR_MULTIGET) | BIT(OPERATION_REPORT_ADDRESSBOOK_MULTIGET))
#define QUERIES (BIT(OPERATION_REPORT_CALENDAR_QUERY) | BIT(OPERATION_REPORT_ADDRESSBOOK_QUERY))
#define PRINCIPAL_SEARCHES                                                                         \
    (BIT(OPERATION_REPORT_PRINCIPAL_PROPERTY_SEARCH) | BIT(OPERATION_REPORT_PRINCIPAL_MATCH) |     \
     BIT(OPERATION_REPORT_ACL_PRINCIPAL_PROP_SET) |                                                \
     BIT(OPERATION_REPORT_CALENDARSERVER_PRINCIPAL_SEARCH))
/* PROPFIND and everything that answers as PROPFIND does: reports and searches */
#define READS                                                                                      \
    (BIT(OPERATION_PROPFIND) | BIT(OPERATION_BPROPFIND) | BIT(OPERATION_SEARCH) |                  \
     ~(BIT(OPERATION_REPORT) - 1))
#define DELETE BIT(OPERATION_DELETE)
#define ANY UINT64_MAX

_Static_assert(OPERATION_N <= 64, "an operation is a bit of a rule");

struct rule {
    uint64_t operations;
    enum level level;
    uint16_t first, last; /* status codes */
    uint32_t facts;
    struct ruling ruling;
};

static const struct rule rules[] = {
    /* every operation */
    {ANY, LEVEL_PROPSTAT, 418, 418, FACT_EMPTY_PROP, {OUTCOME_NEUTRAL, 0}}, /* sabre placeholder */
    {ANY, LEVEL_PROPSTAT, 425, 425, FACT_STORAGE, {OUTCOME_FAILED, 0}},
    {ANY, LEVEL_RESOURCE, 425, 425, FACT_STORAGE, {OUTCOME_FAILED, 0}},
    {ANY, LEVEL_RESOURCE, 507, 507, FACT_LIMIT, {OUTCOME_TRUNCATED, 0}}, /* RFC 6578 §3.6 */

    /* multiget: every requested href must be answered, RFC 4791 §7.9, RFC 6352 §8.7 */
    {MULTIGETS, LEVEL_RESOURCE, 404, 404, 0, {OUTCOME_FAILED, 0}},
    {MULTIGETS, LEVEL_RESOURCE, 410, 410, 0, {OUTCOME_FAILED, 0}},
    {MULTIGETS, LEVEL_PROPSTAT, 404, 404, FACT_DATA, {OUTCOME_FAILED, 0}},
    {MULTIGETS, LEVEL_PROPSTAT, 404, 404, FACT_EMPTY_PROP | FACT_ALONE, {OUTCOME_FAILED, 0}},

    /* sync-collection: RFC 6578 §3.2 to §3.6; what is gone may be the token alone */
    {SYNC, LEVEL_RESOURCE, 404, 410, FACT_TOKEN, {OUTCOME_FAILED, 0}},
    {SYNC,
     LEVEL_RESOURCE,
     404,
     404,
     FACT_INITIAL | FACT_MEMBER,
     {OUTCOME_ABSENT, RESOURCE_TOMBSTONE_INITIAL}},
    {SYNC,
     LEVEL_RESOURCE,
     410,
     410,
     FACT_INITIAL | FACT_MEMBER,
     {OUTCOME_ABSENT, RESOURCE_TOMBSTONE_INITIAL}},
    {SYNC, LEVEL_RESOURCE, 404, 404, 0, {OUTCOME_ABSENT, 0}},
    {SYNC, LEVEL_RESOURCE, 410, 410, 0, {OUTCOME_ABSENT, 0}},
    {SYNC, LEVEL_RESOURCE, 507, 507, FACT_TARGET, {OUTCOME_TRUNCATED, 0}},

    /* queries and searches: RFC 6352 §8.6.2, RFC 5323 §2.3.1 */
    {QUERIES, LEVEL_RESOURCE, 507, 507, FACT_TARGET, {OUTCOME_TRUNCATED, 0}},
    /* on the arbiter, or on the scope that its body names: a search stores nothing */
    {BIT(OPERATION_SEARCH), LEVEL_RESOURCE, 507, 507, 0, {OUTCOME_TRUNCATED, 0}},
    {PRINCIPAL_SEARCHES, LEVEL_RESOURCE, 507, 507, FACT_TARGET, {OUTCOME_TRUNCATED, 0}},

    /* PROPFIND, and what is read as PROPFIND: §9.1, §13 */
    {READS, LEVEL_PROPSTAT, 200, 299, FACT_EMPTY_PROP | FACT_ALONE, {OUTCOME_NEUTRAL, 0}},
    {READS, LEVEL_PROPSTAT, 404, 404, 0, {OUTCOME_ABSENT, 0}},
    {READS, LEVEL_PROPSTAT, 410, 410, 0, {OUTCOME_ABSENT, 0}},
    {READS, LEVEL_RESOURCE, 404, 404, FACT_MEMBER, {OUTCOME_ABSENT, RESOURCE_VANISHED}},
    {READS, LEVEL_RESOURCE, 410, 410, FACT_MEMBER, {OUTCOME_ABSENT, RESOURCE_VANISHED}},
    {READS, LEVEL_RESOURCE, 404, 404, 0, {OUTCOME_ABSENT, 0}},
    {READS, LEVEL_RESOURCE, 410, 410, 0, {OUTCOME_ABSENT, 0}},
    {READS, LEVEL_RESOURCE, 507, 507, FACT_TARGET | FACT_LATER, {OUTCOME_TRUNCATED, 0}},

    /* DELETE: §9.6.1; the state asked for is reached */
    {DELETE, LEVEL_RESOURCE, 404, 404, FACT_MEMBER, {OUTCOME_OK, RESOURCE_ALREADY_GONE}},
    {DELETE, LEVEL_RESOURCE, 410, 410, FACT_MEMBER, {OUTCOME_OK, RESOURCE_ALREADY_GONE}},

    /* PROPPATCH: §9.2.1; whatever refuses is the culprit */
    {PROPPATCHES, LEVEL_PROPSTAT, 418, 418, 0, {OUTCOME_FAILED, 0}},
};

/* DOMAIN.md 2.4 */
static enum outcome default_class(enum operation operation, uint16_t code)
{
    switch (code) {
    case 207:
    case 418:
        return OUTCOME_UNKNOWN;
    case 208:
    case 304:
        return OUTCOME_UNCHANGED;
    case 404:
    case 410:
        return operation_is_write(operation) ? OUTCOME_FAILED : OUTCOME_ABSENT;
    case 419:
    case 420:
    case 424:
        return OUTCOME_DEPENDENT;
    case 425:
        return OUTCOME_PENDING;
    default:
        break;
    }
    if (code < 100 || code > 599)
        return OUTCOME_UNKNOWN;
    if (code < 200 || code == 202)
        return OUTCOME_PENDING;
    if (code < 300)
        return OUTCOME_OK;
    return code < 400 ? OUTCOME_REDIRECT : OUTCOME_FAILED;
}

size_t outcome_n_rules(void)
{
    return sizeof rules / sizeof *rules;
}

size_t outcome_rule_row(enum operation operation, enum level level, uint16_t code, uint32_t facts)
{
    size_t i = 0;
    for (; i < sizeof rules / sizeof *rules; i++) {
        const struct rule *rule = &rules[i];
        if (code >= rule->first && code <= rule->last && rule->level == level &&
            (rule->operations & BIT(operation)) && (facts & rule->facts) == rule->facts)
            break;
    }
    return i;
}

struct ruling outcome_rule(enum operation operation, enum level level, uint16_t code,
                           uint32_t facts)
{
    size_t row = outcome_rule_row(operation, level, code, facts);
    return row < outcome_n_rules() ? rules[row].ruling
                                   : (struct ruling){default_class(operation, code), 0};
}
