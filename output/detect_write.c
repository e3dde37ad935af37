/* Rules D36 to D44: changes that were refused, or done in part (DOMAIN.md 5.4). */
#include "output/address.h"
#include "output/clark.h"
#include "output/detector.h"
#include "output/phrase.h"
#include "output/time_text.h"

#include <inttypes.h>

/* What refused, whether inside a document or by the HTTP status alone. */
struct refusal {
    uint16_t status;
    const struct conditions *conditions; /* NULL: none known */
    struct span href;
};

static struct refusal refusal_of(const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    return (struct refusal){cause.status, cause.conditions, resource->hrefs[0]};
}

static struct refusal refusal_of_exchange(const struct detection *d)
{
    return (struct refusal){d->event->exchange->status, NULL, d->event->exchange->target};
}

static bool has_condition(const struct refusal *refusal, const char *local)
{
    return refusal->conditions && conditions_have(refusal->conditions, local);
}

/* "423 Locked (lock-token-submitted) in answer to DELETE." */
static void say_refusal(struct detection *d, struct writer *detail, const struct refusal *refusal)
{
    phrase_status(detail, refusal->status);
    if (refusal->conditions && refusal->conditions->n > 0) {
        writer_text(detail, " (");
        clark_write_short(detail, refusal->conditions->names, refusal->conditions->n);
        writer_text(detail, ")");
    }
    writer_text(detail, " in answer to ");
    writer_bytes(detail, d->event->exchange->method.len > 0 ? d->event->exchange->method
                                                            : span_str("an unseen request"));
    writer_text(detail, ".");
}

/* "/d/x.doc (423 Locked)." */
static void say_culprit(struct writer *detail, const struct facts *facts)
{
    writer_text(detail, facts->culprit);
    if (facts->culprit_status > 0) {
        writer_text(detail, " (");
        phrase_status(detail, facts->culprit_status);
        writer_text(detail, ")");
    }
    writer_text(detail, ".");
}

/* ---- D36: locks ---- */

static void say_holder(struct detection *d, struct writer *detail, struct span href)
{
    if (detail->error != 0)
        return; /* nobody wants to know */
    const struct endpoint *server = &d->event->connection->server;
    const struct lock *lock = locks_find(&d->history->locks, server, href);
    char since[TIME_TEXT_BYTES], client[ADDRESS_TEXT_BYTES];
    if (!lock)
        return;
    time_text_date(lock->since.time_ns, since);
    address_text(&lock->client, client);
    const struct address *refused = &d->event->connection->client.address;
    bool is_own = lock->client.version == refused->version &&
                  memcmp(lock->client.bytes, refused->bytes, sizeof refused->bytes) == 0;
    writer_format(detail, " Held since %s UTC by %s%s (frame %" PRIu64 ").", since,
                  is_own ? "the same address, " : "", client, lock->since.frame);
}

/* Inside a Multi-Status it stopped a whole tree; a plain 423 may be a matter of moments. */
static void report_locked(struct detection *d, const struct refusal *refusal, bool is_in_tree)
{
    struct clue clue = {.severity = is_in_tree ? SEVERITY_ERROR : SEVERITY_WARNING,
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    say_refusal(d, detail, refusal);
    bool is_named = refusal->conditions && refusal->conditions->n_hrefs > 0;
    struct span locked = is_named ? refusal->conditions->hrefs[0] : refusal->href;
    if (is_named) {
        writer_text(detail, " The lock is on ");
        writer_bytes(detail, locked);
        writer_text(detail, ".");
    }
    say_holder(d, detail, locked);
}

static void d36_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    if (resource->class == OUTCOME_FAILED && refusal.status == 423)
        report_locked(d, &refusal, d->event->exchange->status != 423);
}

static void d36_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 423)
        report_locked(d, &refusal, false);
}

/* ---- D37: cascades ---- */

/* More than a person wants to look through. */
enum { MANY_DEPENDENTS = 10 };

static void d37_cascade(struct detection *d, const struct document_end *end)
{
    const struct facts *facts = d->facts;
    bool is_cascade = facts->n_dependent > 0 && facts->n_failed > 0;
    if (!is_cascade || end->root == ROOT_SCHEDULE_RESPONSE)
        return;
    bool is_long = facts->n_dependent >= MANY_DEPENDENTS;
    struct clue clue = {.severity = is_long ? SEVERITY_WARNING : SEVERITY_INFO,
                        .href = d->event->exchange->target,
                        .weight = facts->n_dependent};
    struct writer *detail = detection_report(d, &clue);
    phrase_count(detail, facts->n_dependent, "item was", "items were");
    writer_text(detail, " not done only because of ");
    say_culprit(detail, facts);
}

/* ---- D38: half done ---- */

static bool is_of_many(enum operation operation)
{
    return operation == OPERATION_POST_BULK || operation == OPERATION_DELETE ||
           operation == OPERATION_COPY || operation == OPERATION_MOVE ||
           operation == OPERATION_BDELETE || operation == OPERATION_BCOPY ||
           operation == OPERATION_BMOVE;
}

static void d38_partial(struct detection *d, const struct document_end *end)
{
    bool is_partial = end->verdict == VERDICT_MIXED && d->facts->n_failed > 0;
    if (!is_partial || !is_of_many(end->operation) || end->is_operation_inferred)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = d->facts->n_failed};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, operation_name(end->operation));
    writer_text(detail, " did the rest, but failed for ");
    phrase_count(detail, d->facts->n_failed, "item", NULL);
    writer_text(detail, ", first ");
    say_culprit(detail, d->facts);
}

/* ---- D39: no room ---- */

static void report_full(struct detection *d, const struct refusal *refusal)
{
    bool is_quota = has_condition(refusal, "quota-not-exceeded");
    bool is_disk = has_condition(refusal, "sufficient-disk-space");
    struct clue clue = {.cause = span_str(is_quota  ? "quota"
                                          : is_disk ? "volume"
                                                    : "507"),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    say_refusal(d, detail, refusal);
    if (is_quota || is_disk)
        writer_text(detail, is_quota ? " The user's quota is used up." : " The volume is full.");
}

static void d39_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    struct span left = resource->values[VALUE_QUOTA_AVAILABLE];
    bool is_full = refusal.status == 507 || has_condition(&refusal, "quota-not-exceeded") ||
                   has_condition(&refusal, "sufficient-disk-space");
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

/* ---- D40: protected properties ---- */

/* Set by the server alone (RFC 4918 §15). */
static bool is_live(struct span property)
{
    static const char *const names[] = {
        "getetag",      "getcontentlength", "getlastmodified", "creationdate",
        "resourcetype", "lockdiscovery",    "supportedlock",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_equal(property, span_str(names[i])))
            return true;
    return false;
}

static bool is_calendar_look(struct span property)
{
    return span_equal(property, span_str("calendar-color")) ||
           span_equal(property, span_str("calendar-order"));
}

/* Apple's calendars take it for a sign that the calendar is read-only (DOMAIN.md 1.12). */
static bool may_become_read_only(const struct detection *d, struct span property)
{
    bool is_apple =
        detection_is_client(d, "dataaccessd") || detection_is_client(d, "CalendarAgent");
    return is_apple && is_calendar_look(property);
}

static void report_protected(struct detection *d, const struct resource *resource,
                             struct span property, uint16_t status)
{
    bool is_harmful = may_become_read_only(d, property);
    struct clue clue = {.severity = is_harmful ? SEVERITY_WARNING : SEVERITY_INFO,
                        .cause = property,
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, property);
    writer_text(detail, ": ");
    phrase_status(detail, status);
    writer_text(detail, is_harmful ? ". This client may show the calendar as read-only." : ".");
}

static void d40_protected(struct detection *d, const struct resource *resource)
{
    enum operation operation = d->event->request->operation;
    if (operation != OPERATION_PROPPATCH && operation != OPERATION_BPROPPATCH)
        return;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        bool is_refused = propstat->status.code == 403 || propstat->status.code == 409;
        if (!is_refused || propstat->n_properties == 0)
            continue;
        struct span property = propstat->properties[0].local;
        bool is_protected =
            conditions_have(&propstat->conditions, "cannot-modify-protected-property") ||
            conditions_have(&resource->conditions, "cannot-modify-protected-property");
        if (is_protected || is_live(property) || is_calendar_look(property))
            report_protected(d, resource, property, propstat->status.code);
    }
}

/* ---- D41: rights ---- */

/* Larger listings than this would push everything else out of the memory. */
enum { MAX_REMEMBERED_RIGHTS = 2000 };

static uint64_t letter_bit(char letter)
{
    return UINT64_C(1) << (letter - 'A');
}

/* The letters are those of ownCloud and Nextcloud: G read, W write, C create files, K create
 * folders, D delete, N rename, V move. */
static uint64_t letters_of(struct span permissions)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < permissions.len; i++)
        if (permissions.ptr[i] >= 'A' && permissions.ptr[i] <= 'Z')
            letters |= letter_bit((char)permissions.ptr[i]);
    return letters;
}

/* Rights that were told, so that a refusal can be explained. */
static void note_rights(struct detection *d, const struct resource *resource)
{
    struct memo_key key = detection_about(d, MEMO_RIGHTS, resource->hrefs[0]);
    bool is_told = resource->values[VALUE_PERMISSIONS].ptr && resource->class == OUTCOME_OK;
    if (!is_told || d->facts->n_members >= MAX_REMEMBERED_RIGHTS)
        return;
    struct memo *memo = memory_note(&d->history->memory, &key);
    if (memo)
        memo->value = letters_of(resource->values[VALUE_PERMISSIONS]);
}

/* Whether the letter was missing where the server told the rights; says so. */
static bool say_missing_right(struct detection *d, struct writer *detail, struct span href,
                              char letter)
{
    struct memo_key key = detection_about(d, MEMO_RIGHTS, href);
    const struct memo *memo = memory_find(&d->history->memory, &key);
    if (!memo || (memo->value & letter_bit(letter)))
        return false;
    writer_text(detail, " In frame ");
    writer_format(detail, "%" PRIu64 " the server gave ", memo->frame);
    writer_bytes(detail, href);
    writer_format(detail, " oc:permissions without %c.", letter);
    return true;
}

/* What is not listed has to be created in its folder. */
static bool say_why_refused(struct detection *d, struct writer *detail, struct span href)
{
    struct span folder = detection_folder(href);
    struct memo_key key = detection_about(d, MEMO_RIGHTS, href);
    bool is_listed = memory_find(&d->history->memory, &key) != NULL;
    switch (detection_operation(d)) {
    case OPERATION_PUT:
        return is_listed ? say_missing_right(d, detail, href, 'W')
                         : say_missing_right(d, detail, folder, 'C');
    case OPERATION_MKCOL:
        return say_missing_right(d, detail, folder, 'K');
    case OPERATION_DELETE:
        return say_missing_right(d, detail, href, 'D');
    default:
        return false;
    }
}

static void report_rights(struct detection *d, const struct refusal *refusal, bool is_named)
{
    struct clue clue = {.cause = span_str(is_named ? "need-privileges" : ""),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    say_refusal(d, detail, refusal);
    bool is_known = say_why_refused(d, detail, refusal->href);
    if (!is_named && !is_known)
        writer_text(detail, " No reason was given; missing rights are the usual one.");
}

static void d41_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    bool is_named = has_condition(&refusal, "need-privileges");
    note_rights(d, resource);
    bool is_bare = refusal.status == 403 && refusal.conditions->n == 0 &&
                   d->event->request->operation != OPERATION_PROPPATCH && detection_is_write(d);
    if (resource->class != OUTCOME_FAILED || !(is_named || is_bare))
        return;
    report_rights(d, &refusal, is_named);
}

static void d41_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 403 && detection_is_write(d))
        report_rights(d, &refusal, false);
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
    bool is_there = has_condition(&refusal, "resource-must-be-null");
    bool may_be_there = refusal.status == 405; /* RFC 4918 §9.3.1 */
    struct clue clue = {.severity = looks_good                 ? SEVERITY_ERROR
                                    : is_there || may_be_there ? SEVERITY_INFO
                                                               : SEVERITY_WARNING,
                        .href = d->event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    say_refusal(d, detail, &refusal);
    if (d->facts->has_culprit && resource->n_propstats > 0) {
        writer_text(detail, " The property refused: ");
        writer_text(detail, d->facts->culprit);
        writer_text(detail, ".");
    }
    if (is_there)
        writer_text(detail, " Something is there already.");
    else if (may_be_there)
        writer_text(detail, " Something is there already, or none can be made here.");
}

/* ---- D43: preconditions ---- */

static void report_precondition(struct detection *d, const struct refusal *refusal)
{
    bool is_move = detection_asked(d, HTTP_DESTINATION).len > 0;
    bool has_etag = detection_asked(d, HTTP_IF_MATCH).len > 0;
    struct writer *detail = detection_report(d, &(struct clue){.href = refusal->href});
    say_refusal(d, detail, refusal);
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

/* ---- D44: success that is none ---- */

/* 207 says "look inside", as 200 does of an outbox (RFC 6638 §5); another 2xx says that all is
 * done. */
static void d44_false_success(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    bool is_success = status >= 200 && status < 300 && status != 207;
    bool is_by_recipient = end->operation == OPERATION_POST_OUTBOX;
    if (!is_success || is_by_recipient || d->facts->n_failed == 0 ||
        !operation_is_write(end->operation))
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = d->facts->n_failed};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u, but inside ", (unsigned)status);
    phrase_outcome(detail, end->by_class, end->n_resources);
    writer_text(detail, ", first ");
    writer_text(detail, d->facts->culprit);
    writer_text(detail, ".");
}

/* What was stored is looked for in the next listing of its folder. */
static void d44_listed(struct detection *d, const struct resource *resource)
{
    bool is_member = resource->relation == RELATION_MEMBER;
    if (is_member && d->event->request->operation == OPERATION_PROPFIND)
        stored_see(&d->history->stored, d->event, resource->hrefs[0]);
}

static void d44_lost(struct detection *d, const struct document_end *end)
{
    bool is_listing = end->operation == OPERATION_PROPFIND && end->root == ROOT_MULTISTATUS &&
                      end->is_complete && d->event->request->depth == DEPTH_1 &&
                      d->facts->n_self > 0 && !(end->flags & DOCUMENT_TRUNCATED);
    const struct stored *item;
    while (is_listing && (item = stored_missing(&d->history->stored, d->event))) {
        struct clue clue = {.cause = span_str("not listed"),
                            .href = span_of(item->path, item->path_len)};
        writer_format(detection_report(d, &clue),
                      "Stored in frame %" PRIu64 ", the client was told, and missing from the next "
                      "listing of its folder.",
                      item->frame);
    }
}

static void d44_document(struct detection *d, const struct document_end *end)
{
    d44_false_success(d, end);
    d44_lost(d, end);
}

static const struct detector rows[] = {
    {.rule = "D36", .resource = d36_resource, .exchange = d36_exchange},
    {.rule = "D37", .document = d37_cascade},
    {.rule = "D38", .document = d38_partial},
    {.rule = "D39", .resource = d39_resource, .exchange = d39_exchange},
    {.rule = "D40", .resource = d40_protected},
    {.rule = "D41", .resource = d41_resource, .exchange = d41_exchange},
    {.rule = "D42", .resource = d42_not_created},
    {.rule = "D43", .resource = d43_resource, .exchange = d43_exchange},
    {.rule = "D44", .resource = d44_listed, .document = d44_document},
};

const struct detectors detect_write = {rows, sizeof rows / sizeof *rows};
