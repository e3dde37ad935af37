/* Rules D39, D42, D43 and D61: changes that were refused for a reason given: no room, a collection
 * that is not made, a precondition, any other condition (DOMAIN.md 5.4, 3). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"
#include "output/remark.h"

/* ---- D39: no room ---- */

/* Inside an answer to an unseen request: of a search or synchronisation, for all that is known. */
static bool may_be_mark_of_page(const struct detection *d, const struct refusal *refusal)
{
    return d->event->resource && !d->event->request->is_seen && refusal->status == 507 &&
           detection_is_success(d);
}

static void report_full(struct detection *d, const struct refusal *refusal)
{
    bool is_quota = refusal_has(refusal, "quota-not-exceeded");
    bool is_disk = refusal_has(refusal, "sufficient-disk-space");
    bool may_be_page = may_be_mark_of_page(d, refusal) && !is_quota && !is_disk;
    struct clue clue = {.severity = may_be_page ? SEVERITY_INFO : SEVERITY_NONE,
                        .cause = span_str(is_quota      ? "quota"
                                          : is_disk     ? "volume"
                                          : may_be_page ? "507, or a page"
                                                        : "507"),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    if (is_quota || is_disk)
        writer_text(detail, is_quota ? " The user's quota is used up." : " The volume is full.");
    if (may_be_page)
        writer_text(detail, " It may as well mark the end of a page of results.");
}

/* Below zero more is stored than may be; but in places -1, -2 and -3 stand for "not computed",
 * "unknown" and "unlimited". */
static bool is_nothing_left(struct span bytes)
{
    uint64_t below = 0;
    if (span_equal(bytes, span_str("0")))
        return true;
    return span_starts(bytes, span_str("-")) &&
           span_decimal(span_after(bytes, 1), UINT64_MAX, &below) && below > 3;
}

static void d39_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    struct span left = resource->values[VALUE_QUOTA_AVAILABLE];
    bool is_many = refusal_has(&refusal, "number-of-matches-within-limits");
    bool is_full = (refusal.status == 507 && !is_many) || refusal.status == 425 ||
                   refusal_has(&refusal, "quota-not-exceeded") ||
                   refusal_has(&refusal, "sufficient-disk-space");
    if (resource->class == OUTCOME_FAILED && is_full)
        report_full(d, &refusal);
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .cause = span_str("nothing left"),
                        .href = resource->hrefs[0]};
    if (!is_nothing_left(left))
        return;
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "quota-available-bytes is ");
    writer_bytes(detail, left);
    writer_text(detail, ".");
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
    struct refusal refusal = refusal_of(d, resource);
    if (resource->class != OUTCOME_FAILED || !is_making(d->event->request->operation))
        return;
    bool looks_good = d->event->exchange->status < 300;
    bool is_there = refusal_has(&refusal, "resource-must-be-null");
    bool may_be_there = refusal.status == 405; /* RFC 4918 §9.3.1 */
    struct clue clue = {.severity = looks_good                 ? SEVERITY_ERROR
                                    : is_there || may_be_there ? SEVERITY_INFO
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
    else if (may_be_there)
        writer_text(detail, " Something is there already, or none can be made here.");
    remark_words(detail, d->cause.description);
}

/* Conditions that have a rule of their own, whatever the status. */
static bool has_own_rule(const struct refusal *refusal)
{
    static const char *const names[] = {
        "no-uid-conflict",       "unique-scheduling-object-resource",
        "quota-not-exceeded",    "sufficient-disk-space",
        "need-privileges",       "need-privilege",
        "propfind-finite-depth", "cannot-modify-protected-property",
        "supported-report",      "valid-sync-token",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (refusal_has(refusal, names[i]))
            return true;
    return false;
}

/* ---- D43: preconditions ---- */

/* Which condition of the request it can have been; the first that is there. */
static const struct {
    enum http_field field;
    const char *value; /* that it has then; NULL: any */
    const char *text;
} preconditions[] = {
    {HTTP_OVERWRITE, "F",
     "Overwrite: F: something is at the destination already and may not be replaced."},
    {HTTP_IF_SCHEDULE_TAG_MATCH, NULL,
     "If-Schedule-Tag-Match did not hold: somebody else's part of the meeting was changed since "
     "the client saw it (RFC 6638 §8.3)."},
    {HTTP_IF_MATCH, NULL,
     "If-Match did not hold: it was changed since the client saw it, or its ETag was."},
    {HTTP_IF_NONE_MATCH, "*", "If-None-Match: * did not hold: something is there already."},
};

static bool has_precondition(const struct detection *d, size_t i)
{
    struct span value = detection_asked(d, preconditions[i].field);
    return value.len > 0 &&
           (!preconditions[i].value || span_equal_nocase(value, span_str(preconditions[i].value)));
}

static void report_precondition(struct detection *d, const struct refusal *refusal)
{
    size_t i = 0, n = sizeof preconditions / sizeof *preconditions;
    struct writer *detail = detection_report(d, &(struct clue){.href = refusal->href});
    refusal_say(d, detail, refusal);
    while (i < n && !has_precondition(d, i))
        i++;
    if (i < n)
        writer_format(detail, " %s", preconditions[i].text);
    else if (d->event->exchange->request.has_lock_token)
        writer_text(detail, " If did not hold: a lock that the client named is gone or another's, "
                            "or the ETag in it is old.");
}

static void d43_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    if (resource->class == OUTCOME_FAILED && refusal.status == 412 && !has_own_rule(&refusal))
        report_precondition(d, &refusal);
}

static void d43_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 412 && detection_is_write(d))
        report_precondition(d, &refusal);
}

/* ---- D61: any other condition ---- */

/* Also what has a rule by its status. */
static bool is_of_other_rule(const struct refusal *refusal)
{
    return has_own_rule(refusal) || refusal->status == 412 || refusal->status == 423 ||
           refusal->status == 425 || refusal->status == 507;
}

/* The first that the catalogue knows; NULL: none. */
static const struct condition *known_condition(const struct conditions *conditions)
{
    for (size_t i = 0; i < conditions->n; i++) {
        const struct condition *row = condition_find(&conditions->names[i]);
        if (row)
            return row;
    }
    return NULL;
}

/* Nobody is to blame for giving back a lock that has run out, nor for making what is there already;
 * and what the catalogue does not know is mostly a program's own matter (Subversion's conflicts).
 */
static enum severity severity_of_refusal(const struct detection *d, const struct refusal *refusal,
                                         const struct condition *row)
{
    bool is_usual =
        d->operation == OPERATION_UNLOCK || refusal_has(refusal, "resource-must-be-null");
    return is_usual || !row ? SEVERITY_INFO : SEVERITY_NONE;
}

static void report_condition(struct detection *d, const struct refusal *refusal, struct span words)
{
    const struct condition *row = known_condition(refusal->conditions);
    struct clue clue = {.severity = severity_of_refusal(d, refusal, row),
                        .owner = row && row->retry == RETRY_NEVER ? OWNER_CLIENT : OWNER_NONE,
                        .cause = row ? span_str(row->local) : refusal->conditions->names[0].local,
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    if (!row) {
        remark_words(detail, words);
        return;
    }
    writer_format(detail, " %s %s", row->meaning, row->action);
    if (refusal->conditions->n_hrefs > 0) {
        writer_text(detail, " It names ");
        writer_bytes(detail, refusal->conditions->hrefs[0]);
        writer_text(detail, ".");
    }
}

static void report_too_large(struct detection *d, enum owner owner)
{
    const struct exchange *exchange = d->event->exchange;
    struct clue clue = {.owner = owner, .cause = span_str("413"), .href = detection_target(d)};
    if (exchange->status != 413 || !detection_is_write(d))
        return;
    struct refusal refusal = refusal_of_exchange(d);
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, &refusal);
    if (exchange->request.framing == HTTP_FRAMING_LENGTH) {
        writer_text(detail, " It was to store ");
        phrase_bytes(detail, exchange->request.content_length);
        writer_text(detail, ", more than the server, or a proxy in front, takes.");
    }
}

static void d61_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    enum operation operation = d->operation;
    bool is_change = operation_is_write(operation) && !is_making(operation);
    if (resource->class != OUTCOME_FAILED || !is_change || is_of_other_rule(&refusal))
        return;
    if (refusal.conditions->n > 0)
        report_condition(d, &refusal, record_cause(resource).description);
    else
        report_too_large(d, OWNER_SERVER);
}

/* Without any word: what goes through a proxy is mostly refused there. */
static void d61_exchange(struct detection *d)
{
    report_too_large(d, OWNER_PROXY);
}

static const struct detector rows[] = {
    {.rule = "D39",
     .traits = TRAIT_FAILED | TRAIT_QUOTA,
     .resource = d39_resource,
     .exchange = d39_exchange},
    {.rule = "D42", .traits = TRAIT_FAILED, .resource = d42_not_created},
    {.rule = "D43", .traits = TRAIT_FAILED, .resource = d43_resource, .exchange = d43_exchange},
    {.rule = "D61", .traits = TRAIT_FAILED, .resource = d61_resource, .exchange = d61_exchange},
};

const struct detectors detect_refused = {rows, sizeof rows / sizeof *rows};
