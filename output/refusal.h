/* refusal: what refused a request, whether inside a document or by the HTTP status alone: what
 * rules about refusals ask and say. Everything is borrowed from the event. */
#pragma once

#include "output/detection.h"

struct refusal {
    uint16_t status;
    const struct conditions *conditions; /* NULL: none known */
    struct span href;
    enum outcome class; /* OUTCOME_UNKNOWN where a status is all there is */
};

/* Of the resource that the detection looks at. */
struct refusal refusal_of(const struct detection *detection, const struct resource *resource);
struct refusal refusal_of_exchange(const struct detection *detection);

/* Whether one of its conditions is called so. */
bool refusal_has(const struct refusal *refusal, const char *local);

/* "423 Locked (lock-token-submitted)". */
void refusal_say_reason(struct writer *detail, const struct refusal *refusal);

/* The same, " in answer to DELETE." */
void refusal_say(struct detection *detection, struct writer *detail, const struct refusal *refusal);
