/* outcome_rules: the table of DOMAIN.md 2.5, and 2.4 where it has no row. */
#pragma once

#include "dissector/dav/document.h"

enum level {
    LEVEL_RESOURCE, /* the status of a response */
    LEVEL_PROPSTAT,
};

/* What a rule may look at beside operation, level and status; bits that must all hold. */
enum rule_fact {
    FACT_TARGET = 1 << 0,     /* the resource is what the request was about */
    FACT_MEMBER = 1 << 1,     /* it is not */
    FACT_EMPTY_PROP = 1 << 2, /* the propstat names no property */
    FACT_ALONE = 1 << 3,      /* the propstat is the only one of its resource */
    FACT_LIMIT = 1 << 4,      /* with the condition number-of-matches-within-limits */
    FACT_LATER = 1 << 5,      /* other resources stood before it */
    FACT_INITIAL = 1 << 6,    /* a synchronisation without a token */
    FACT_DATA = 1 << 7,       /* the propstat names calendar-data or address-data */
    FACT_STORAGE = 1 << 8,    /* the reason says Insufficient Space */
    FACT_TOKEN = 1 << 9,      /* with the condition valid-sync-token */
};

struct ruling {
    enum outcome class;
    uint32_t flag; /* enum resource_flag to raise, or 0 */
};

/* What a status means. code 0 (none readable) is unknown. facts: enum rule_fact, or-ed. */
struct ruling outcome_rule(enum operation operation, enum level level, uint16_t code,
                           uint32_t facts);

/* Which row of the table says so; the number of rows where it is the default meaning of the code.
 */
size_t outcome_rule_row(enum operation operation, enum level level, uint16_t code, uint32_t facts);
size_t outcome_n_rules(void);
