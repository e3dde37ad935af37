/* Looks into events and writes; see refusal.h. */
#include "output/refusal.h"

#include "output/clark.h"
#include "output/phrase.h"

struct refusal refusal_of(const struct detection *d, const struct resource *resource)
{
    return (struct refusal){d->cause.status, d->cause.conditions, resource->hrefs[0],
                            resource->class};
}

struct refusal refusal_of_exchange(const struct detection *d)
{
    return (struct refusal){d->event->exchange->status, NULL, d->event->exchange->target,
                            OUTCOME_UNKNOWN};
}

bool refusal_has(const struct refusal *refusal, const char *local)
{
    return refusal->conditions && conditions_have(refusal->conditions, local);
}

void refusal_say_reason(struct writer *detail, const struct refusal *refusal)
{
    phrase_status_of(detail, refusal->status, refusal->class);
    if (refusal->conditions && refusal->conditions->n > 0) {
        writer_text(detail, " (");
        clark_write_short(detail, refusal->conditions->names, refusal->conditions->n);
        writer_text(detail, ")");
    }
}

void refusal_say(struct detection *d, struct writer *detail, const struct refusal *refusal)
{
    refusal_say_reason(detail, refusal);
    writer_text(detail, " in answer to ");
    struct span method = detection_method(d);
    writer_bytes(detail, method.len > 0 ? method : span_str("an unseen request"));
    writer_text(detail, ".");
}
