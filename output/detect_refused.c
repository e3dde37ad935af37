/* Rules D39, D42, D43 and D61: changes that were refused for a reason given: no room, a collection
 * that is not made, a precondition, any other condition (DOMAIN.md 5.4, 3). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"

/* ---- D39: no room ---- */

static void report_full(struct detection *d, const struct refusal *refusal)
{
    bool is_quota = refusal_has(refusal, "quota-not-exceeded");
    bool is_disk = refusal_has(refusal, "sufficient-disk-space");
    struct clue clue = {.cause = span_str(is_quota  ? "quota"
                                          : is_disk ? "volume"
                                                    : "507"),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    if (is_quota || is_disk)
        writer_text(detail, is_quota ? " The user's quota is used up." : " The volume is full.");
}

static void d39_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    struct span left = resource->values[VALUE_QUOTA_AVAILABLE];
    bool is_full = refusal.status == 507 || refusal_has(&refusal, "quota-not-exceeded") ||
                   refusal_has(&refusal, "sufficient-disk-space");
    if (resource->class == OUTCOME_FAILED && is_full)
        report_full(d, &refusal);
    /* Negative values stand for "not computed", "unknown" and "unlimited" in places. */
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .cause = span_str("nothing left"),
                        .href = resource->hrefs[0]};
    if (span_equal(left, span_str("0")))
        writer_text(detection_report(d, &clue), "quota-available-bytes is 0.");
}

static void d39_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 507 && detection_is_write(d))
        report_full(d, &refusal);
}

/* ---- D42: collections that were not made ---- */

static bool is_making(enum operation operation)
{
    return operation == OPERATION_MKCOL || operation == OPERATION_MKCALENDAR;
}

/* Something there already is what clients expect to hear now and then. */
static void d42_not_created(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    if (resource->class != OUTCOME_FAILED || !is_making(d->event->request->operation))
        return;
    bool looks_good = d->event->exchange->status < 300;
    bool is_there = refusal_has(&refusal, "resource-must-be-null");
    struct clue clue = {.severity = looks_good ? SEVERITY_ERROR
                                    : is_there ? SEVERITY_INFO
                                               : SEVERITY_WARNING,
                        .href = d->event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, &refusal);
    if (d->facts->has_culprit && resource->n_propstats > 0) {
        writer_text(detail, " The property refused: ");
        writer_text(detail, d->facts->culprit);
        writer_text(detail, ".");
    }
    if (is_there)
        writer_text(detail, " Something is there already.");
}

/* ---- D43: preconditions ---- */

static void report_precondition(struct detection *d, const struct refusal *refusal)
{
    bool is_move = detection_asked(d, HTTP_DESTINATION).len > 0;
    bool has_etag = detection_asked(d, HTTP_IF_MATCH).len > 0;
    struct writer *detail = detection_report(d, &(struct clue){.href = refusal->href});
    refusal_say(d, detail, refusal);
    if (is_move)
        writer_text(detail, " Something is at the destination already and may not be replaced.");
    else if (has_etag)
        writer_text(detail, " It was changed since the client saw it, or its ETag was.");
}

static void d43_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    if (resource->class == OUTCOME_FAILED && refusal.status == 412)
        report_precondition(d, &refusal);
}

static void d43_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 412 && detection_is_write(d))
        report_precondition(d, &refusal);
}

static const struct detector rows[] = {
    {.rule = "D39", .resource = d39_resource, .exchange = d39_exchange},
    {.rule = "D42", .resource = d42_not_created},
    {.rule = "D43", .resource = d43_resource, .exchange = d43_exchange},
};

const struct detectors detect_refused = {rows, sizeof rows / sizeof *rows};
