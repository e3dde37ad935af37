/* The names of classes, retries and flags in output. */
#include "dissector/dav/resource.h"

#include <assert.h>

static const char *const outcome_names[OUTCOME_N] = {
    [OUTCOME_OK] = "ok",
    [OUTCOME_UNCHANGED] = "unchanged",
    [OUTCOME_ABSENT] = "absent",
    [OUTCOME_NEUTRAL] = "neutral",
    [OUTCOME_PENDING] = "pending",
    [OUTCOME_TRUNCATED] = "truncated",
    [OUTCOME_REDIRECT] = "redirect",
    [OUTCOME_UNSOLICITED] = "unsolicited",
    [OUTCOME_UNKNOWN] = "unknown",
    [OUTCOME_DEPENDENT] = "dependent",
    [OUTCOME_MISSING] = "missing",
    [OUTCOME_FAILED] = "failed",
};

static const char *const retry_names[RETRY_N] = {
    [RETRY_NONE] = "none",
    [RETRY_LATER] = "later",
    [RETRY_AFTER_FIX] = "after-fix",
    [RETRY_NEVER] = "never",
};

static const char *const flag_names[RESOURCE_FLAG_N] = {
    "no-href",
    "no-status",
    "status-missing",
    "status-malformed",
    "status-odd",
    "both-shapes",
    "no-prop",
    "duplicate",
    "nested",
    "ns-broken",
    "cut",
    "partial",
    "vanished",
    "degraded",
    "no-properties",
    "contradiction",
    "culprit-missing",
    "tombstone-in-initial-sync",
    "already-gone",
    "no-requested-property",
    "unsolicited",
    "slash-drift",
    "encoding-drift",
    "nfc-nfd",
    "double-encoded",
    "double-slash",
    "proxy-rewrite",
    "case-drift",
};

const char *outcome_name(enum outcome class)
{
    assert((unsigned)class < OUTCOME_N);
    return outcome_names[class];
}

bool outcome_is_problem(enum outcome class)
{
    return class == OUTCOME_REDIRECT || class == OUTCOME_DEPENDENT || class == OUTCOME_MISSING ||
           class == OUTCOME_FAILED;
}

const char *retry_name(enum retry retry)
{
    assert((unsigned)retry < RETRY_N);
    return retry_names[retry];
}

const char *resource_flag_name(unsigned i)
{
    assert(i < RESOURCE_FLAG_N);
    return flag_names[i];
}
