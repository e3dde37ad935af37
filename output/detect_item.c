/* Rules D24 and D31: single items that clients cannot get or store (DOMAIN.md 5.3). Both ask what
 * was said before (memory.h). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"
#include "output/remark.h"
#include "output/time_text.h"

/* As often as an item may fail before it is called stuck. */
enum { MANY_CYCLES = 3 };

/* ---- D24: ghosts ---- */

/* Once it may just have been deleted; again and again the server lists what it has not. */
static void report_ghost(struct detection *d, struct span href, const char *how)
{
    const struct memo *memo = detection_remember(d, MEMO_UNDELIVERED, href);
    const struct memo *listed = detection_recall(d, MEMO_ETAG, href);
    uint64_t n = memo ? memo->n : 1;
    struct clue clue = {.severity = n >= MANY_CYCLES ? SEVERITY_ERROR : SEVERITY_INFO,
                        .owner = listed ? OWNER_SERVER : OWNER_CLIENT,
                        .href = href,
                        .weight = n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, how);
    if (listed) {
        writer_text(detail, " It was listed in ");
        remark_frame(d, detail, listed->source, listed->frame);
        writer_text(detail, ".");
    } else {
        writer_text(detail, " No listing seen names it: the client may only remember it.");
    }
    if (n > 1) {
        writer_text(detail, " This client has now asked for it ");
        phrase_count(detail, n, "time", NULL);
        writer_text(detail, " in vain.");
    }
}

static void d24_resource(struct detection *d, const struct resource *resource)
{
    uint16_t status = d->cause.status;
    bool is_gone = resource->class == OUTCOME_FAILED && (status == 404 || status == 410);
    if (is_gone && operation_is_multiget(d->event->request->operation) &&
        resource->relation != RELATION_SELF)
        report_ghost(d, resource->hrefs[0], "The client asked for it, and it is not there.");
}

static void d24_missing(struct detection *d, const struct document_end *end)
{
    if (!operation_is_multiget(end->operation))
        return;
    for (size_t i = 0; i < end->n_missing_named; i++)
        report_ghost(d, end->missing[i], "The client asked for it, and the answer leaves it out.");
}

/* ---- D31: stuck items ---- */

/* Refusals that say nothing about the item itself. */
static bool is_about_item(uint16_t status)
{
    return status >= 400 && status != 401 && status != 407 && status != 408 && status != 429 &&
           status != 502 && status != 503 && status != 504;
}

/* What was wanted is so already: the folder is there (RFC 4918 §9.3.1), the item is gone. Or the
 * client waits until somebody else is done with it. */
static bool is_usual(const struct detection *d, uint16_t status)
{
    return (d->operation == OPERATION_MKCOL && status == 405) ||
           (d->operation == OPERATION_LOCK && status == 423) ||
           (d->operation == OPERATION_DELETE && (status == 404 || status == 410));
}

/* When the client could do the same with the item. */
static void say_last_done(struct detection *d, struct writer *detail, const struct memo *done)
{
    char date[TIME_TEXT_BYTES];
    if (!done)
        return;
    time_text_date(done->last_ns, date);
    writer_format(detail, " It last went well at %s UTC (", date);
    remark_frame(d, detail, done->source, done->frame);
    writer_text(detail, ").");
}

/* What was tried: to elsewhere is another thing, and so is what has no Destination. */
static struct memo_key about_attempt(struct detection *d, struct span href)
{
    struct memo_key key = detection_about(d, MEMO_REFUSED, href);
    struct span destination = detection_asked(d, HTTP_DESTINATION);
    key.more = destination.len > 0 ? destination : detection_method(d);
    return key;
}

/* Of the status and the first condition, or of the version it was to replace: with another one it
 * is no longer the same refusal. */
static uint64_t hash_of_reason(struct detection *d, const struct refusal *refusal)
{
    bool is_named = refusal->conditions && refusal->conditions->n > 0;
    struct span version = detection_asked(d, HTTP_IF_MATCH);
    struct span reason = is_named                 ? refusal->conditions->names[0].local
                         : refusal->status == 412 ? version
                                                  : span_str("");
    return memory_hash(&d->history->memory, reason) ^ refusal->status;
}

static void note_refusal(struct detection *d, const struct refusal *refusal)
{
    struct memo_key key = about_attempt(d, refusal->href);
    uint64_t reason = hash_of_reason(d, refusal);
    const struct memo *before = memory_find(&d->history->memory, &key);
    if (before && (before->value != reason || detection_has_missed_own(d, before->last_ns)))
        memory_forget(&d->history->memory, &key);
    struct memo *memo = memory_note(&d->history->memory, &key);
    if (!memo)
        return;
    memo->value = reason;
    if (memo->n < MANY_CYCLES)
        return;
    struct memo_key well = key;
    well.kind = MEMO_DONE;
    const struct memo *done = memory_find(&d->history->memory, &well);
    bool is_property = d->operation == OPERATION_PROPPATCH;
    struct clue clue = {.severity = is_property ? SEVERITY_WARNING : SEVERITY_NONE,
                        .href = refusal->href,
                        .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, detection_method(d));
    writer_text(detail, " was refused ");
    phrase_count(detail, memo->n, "time", NULL);
    writer_text(detail, " with ");
    refusal_say_reason(detail, refusal);
    writer_text(detail, ", and nothing changed in between.");
    say_last_done(d, detail, done);
}

static void note_outcome(struct detection *d, const struct refusal *refusal)
{
    struct memo_key key = about_attempt(d, refusal->href);
    if (is_about_item(refusal->status) && !is_usual(d, refusal->status))
        note_refusal(d, refusal);
    if (refusal->status < 200 || refusal->status >= 300)
        return;
    memory_forget(&d->history->memory, &key);
    key.kind = MEMO_DONE;
    (void)memory_note(&d->history->memory, &key);
}

/* An item that was asked for by name. What is not there is D24; what is delivered need not be kept
 * in mind. */
static void note_delivery(struct detection *d, const struct resource *resource,
                          const struct refusal *refusal)
{
    struct memo_key key = about_attempt(d, refusal->href);
    bool is_gone = refusal->status == 404 || refusal->status == 410;
    if (resource->class == OUTCOME_OK)
        memory_forget(&d->history->memory, &key);
    else if (is_about_item(refusal->status) && !is_gone)
        note_refusal(d, refusal);
}

/* Explorer sets them after each upload, and does well without (D40). */
static bool is_of_windows_alone(const struct resource *resource)
{
    size_t n = 0;
    for (size_t i = 0; i < resource->n_propstats; i++)
        for (size_t k = 0; k < resource->propstats[i].n_properties; k++, n++)
            if (!detection_is_of_windows(&resource->propstats[i].properties[k]))
                return false;
    return n > 0;
}

/* Whether it can be told from other attempts: nothing of it was cut away, nor of why it failed. */
static bool is_known_attempt(const struct detection *d, const struct refusal *refusal)
{
    bool has_destination = d->operation == OPERATION_COPY || d->operation == OPERATION_MOVE;
    bool is_success = refusal->status >= 200 && refusal->status < 300;
    return refusal->href.len > 0 && detection_method(d).len > 0 &&
           !d->event->exchange->request.is_partial && (is_success || detection_has_reason(d)) &&
           (!has_destination || detection_asked(d, HTTP_DESTINATION).len > 0);
}

static void d31_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    bool is_own = resource->class == OUTCOME_FAILED || resource->class == OUTCOME_OK;
    if (!is_own || !is_known_attempt(d, &refusal) || is_of_windows_alone(resource))
        return;
    if (operation_is_multiget(d->event->request->operation))
        note_delivery(d, resource, &refusal);
    else if (detection_is_write(d))
        note_outcome(d, &refusal);
}

static void d31_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (detection_is_write(d) && is_known_attempt(d, &refusal))
        note_outcome(d, &refusal);
}

static const struct detector rows[] = {
    {.rule = "D24", .traits = TRAIT_FAILED, .resource = d24_resource, .document = d24_missing},
    {.rule = "D31",
     .traits = TRAIT_CHANGED | TRAIT_BY_NAME,
     .resource = d31_resource,
     .exchange = d31_exchange},
};

const struct detectors detect_item = {rows, sizeof rows / sizeof *rows};
