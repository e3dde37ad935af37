/* Rules D36 to D38 and D44: changes that were locked out, done in part, or not done although the
 * status says so (DOMAIN.md 5.4). */
#include "output/address.h"
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"
#include "output/remark.h"
#include "output/time_text.h"

#include <stdio.h>

/* "/d/x.doc (423 Locked)." */
static void say_culprit(struct writer *detail, const struct facts *facts)
{
    writer_text(detail, facts->culprit);
    if (facts->culprit_status > 0) {
        writer_text(detail, " (");
        phrase_status_of(detail, facts->culprit_status, OUTCOME_FAILED);
        writer_text(detail, ")");
    }
    writer_text(detail, ".");
}

/* ---- D36: locks ---- */

static void say_owner(struct writer *detail, const struct lock *lock)
{
    writer_text(detail, "\"");
    writer_text(detail, lock->owner);
    writer_text(detail, "\"");
}

/* "Jane" (in its client's words), and how long it holds. */
static void say_terms(struct writer *detail, const struct lock *lock)
{
    char end[TIME_TEXT_BYTES];
    if (lock->owner[0] != '\0') {
        writer_text(detail, " Its owner is ");
        say_owner(detail, lock);
        writer_text(detail, ".");
    }
    if (lock->ends_ns != INT64_MAX) {
        time_text_date(lock->ends_ns, end);
        writer_format(detail, " Unless refreshed it ends at %s UTC.", end);
    } else if (lock->timeout[0] != '\0') {
        writer_text(detail, " Its timeout is ");
        writer_text(detail, lock->timeout);
        writer_text(detail, ".");
    }
}

static bool is_of_client(const struct detection *d, const struct address *address)
{
    const struct address *client = &d->event->connection->client.address;
    return address->version == client->version &&
           memcmp(address->bytes, client->bytes, sizeof client->bytes) == 0;
}

static void say_lock(struct detection *d, struct writer *detail, const struct lock *lock)
{
    char since[TIME_TEXT_BYTES], client[ADDRESS_TEXT_BYTES];
    time_text_date(lock->since.time_ns, since);
    address_text(&lock->client, client);
    if (lock->is_given) {
        writer_format(detail, " Held since %s UTC (for ", since);
        remark_span(detail, lock->since.time_ns, d->event->origin.time_ns);
        writer_format(detail, ") by %s, %s (",
                      is_of_client(d, &lock->client) ? "the same address" : "another client",
                      client);
    } else {
        writer_format(detail, " A listing showed it locked at %s UTC (", since);
    }
    remark_frame(d, detail, lock->since.source, lock->since.frame);
    writer_text(detail, ").");
    say_terms(detail, lock);
}

/* By their owners, or else by who was given them. */
static void say_others(struct writer *detail, const struct lock *const *others, size_t n)
{
    char client[ADDRESS_TEXT_BYTES];
    for (size_t i = 0; i < n; i++) {
        writer_text(detail, i == 0 ? " Also locked by " : ", ");
        address_text(&others[i]->client, client);
        if (others[i]->owner[0] != '\0')
            say_owner(detail, others[i]);
        else
            writer_text(detail, others[i]->is_given ? client : "somebody else");
    }
    if (n > 0)
        writer_text(detail, ".");
}

static void say_holders(struct detection *d, struct writer *detail, struct span href)
{
    const struct lock *found[LOCKS_OF_ONE];
    if (detail->error != 0)
        return; /* nobody wants to know */
    const struct lock_question question = {&d->event->connection->server, href,
                                           d->event->origin.time_ns};
    size_t n = locks_find(&d->history->locks, &question, found);
    if (n == 0)
        return;
    say_lock(d, detail, found[0]);
    say_others(detail, found + 1, n - 1);
}

/* Inside a Multi-Status it stopped a whole tree; a plain 423 may be a matter of moments. */
static void report_locked(struct detection *d, const struct refusal *refusal, bool is_in_tree)
{
    struct clue clue = {.severity = is_in_tree ? SEVERITY_ERROR : SEVERITY_WARNING,
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    bool is_named = refusal->conditions && refusal->conditions->n_hrefs > 0;
    struct span locked = is_named ? refusal->conditions->hrefs[0] : refusal->href;
    if (is_named) {
        writer_text(detail, " The lock is on ");
        writer_bytes(detail, locked);
        writer_text(detail, ".");
    }
    say_holders(d, detail, locked);
}

static void d36_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    if (resource->class == OUTCOME_FAILED && refusal.status == 423)
        report_locked(d, &refusal, d->event->exchange->status != 423);
    if (d->operation == OPERATION_PROPFIND)
        locks_see(&d->history->locks, d->event, resource);
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
    bool is_unnamed = facts->n_unnamed == facts->n_failed;
    struct clue clue = {.severity = is_long ? SEVERITY_WARNING : SEVERITY_INFO,
                        .owner = is_unnamed ? OWNER_SERVER : OWNER_NONE,
                        .cause = span_str(is_unnamed ? "unnamed" : ""),
                        .href = d->event->exchange->target,
                        .weight = facts->n_dependent};
    struct writer *detail = detection_report(d, &clue);
    phrase_count(detail, facts->n_dependent, "item was", "items were");
    if (is_unnamed) {
        writer_text(detail,
                    " not done because something failed, and the answer does not say what.");
        return;
    }
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

/* "/d/a (423 Locked), /d/b (403 Forbidden) and 12 more." */
static void say_failed(struct writer *detail, const struct facts *facts)
{
    for (uint64_t i = 0; i < facts->n_failed && i < FACTS_FAILED_MAX; i++) {
        writer_text(detail, i > 0 ? ", " : "");
        writer_text(detail, facts->failed[i].name[0] != '\0' ? facts->failed[i].name : "(no href)");
        writer_text(detail, " (");
        phrase_status_of(detail, facts->failed[i].status, OUTCOME_FAILED);
        writer_text(detail, ")");
    }
    if (facts->n_failed > FACTS_FAILED_MAX) {
        writer_text(detail, " and ");
        phrase_number(detail, facts->n_failed - FACTS_FAILED_MAX);
        writer_text(detail, " more");
    }
    writer_text(detail, ".");
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
    writer_text(detail, ": ");
    say_failed(detail, d->facts);
    bool is_of_tree = end->operation == OPERATION_DELETE && end->root == ROOT_MULTISTATUS;
    if (is_of_tree && d->facts->n_self == 0) /* RFC 4918 §9.6.1 */
        writer_text(detail, " The folders above what is left stay too.");
}

/* ---- D44: success that is none ---- */

/* Batches of JSON and multipart have 200 whatever becomes of their items, and their clients look
 * inside (D58). The bulk upload of Nextcloud stores files. */
static bool is_batch_of_others(const struct detection *d, const struct document_end *end)
{
    struct span path = href_path(detection_target(d)), bulk = span_str("/dav/bulk");
    bool is_upload =
        path.len >= bulk.len && span_equal(span_after(path, path.len - bulk.len), bulk);
    return end->root == ROOT_BATCH && !is_upload;
}

/* 207 says "look inside"; another 2xx says that all is done. What an outbox says of each recipient
 * is told by itself. */
static void d44_false_success(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    bool is_success = detection_is_success(d) && status != 207 && !is_batch_of_others(d, end);
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

/* Recipients that a request of 200 did not reach (RFC 6638 §5, RFC 5546 §3.6). Asking for the free
 * time of somebody whom the server does not know is everyday noise (DOMAIN.md 2.8). */
static const struct {
    uint16_t code;
    enum severity severity;
    const char *text;
} recipients[] = {
    {307, SEVERITY_INFO,
     "invalid calendar user: the server does not know this address, and says "
     "nothing of its free time"},
    {308, SEVERITY_WARNING, "no authority: the user may not ask this recipient"},
    {501, SEVERITY_WARNING, "not delivered yet: a server could not be reached, and may be later"},
    {502, SEVERITY_WARNING, "delivery failed"},
    {503, SEVERITY_WARNING, "scheduling is not possible with this recipient"},
};

static void d44_recipient(struct detection *d, const struct resource *resource)
{
    uint16_t code = resource->schedule_status;
    size_t i = 0, n = sizeof recipients / sizeof *recipients;
    if (code == 0 || resource->class != OUTCOME_FAILED || !detection_is_success(d))
        return;
    while (i < n && recipients[i].code != code)
        i++;
    char cause[8];
    (void)snprintf(cause, sizeof cause, "%u.%u", code / 100u, code % 100u);
    struct clue clue = {.severity = i < n ? recipients[i].severity : SEVERITY_WARNING,
                        .owner = OWNER_USER,
                        .cause = span_str(cause),
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u, but %s for this recipient",
                  (unsigned)d->event->exchange->status, cause);
    writer_format(detail, "%s%s.", i < n ? ", " : "", i < n ? recipients[i].text : "");
    remark_words(detail, resource->description);
}

/* What was stored is looked for in the next listing of its folder. */
static void d44_listed(struct detection *d, const struct resource *resource)
{
    d44_recipient(d, resource);
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
        bool has_missed = detection_has_missed(d, item->time_ns);
        bool is_unsure = d->has_pseudonyms || has_missed;
        struct clue clue = {.severity = is_unsure ? SEVERITY_INFO : SEVERITY_NONE,
                            .cause = span_str("not listed"),
                            .href = span_of(item->path, item->path_len)};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "Stored in ");
        remark_frame(d, detail, item->source, item->frame);
        writer_text(detail,
                    ", the client was told, and missing from the next listing of its folder.");
        if (has_missed)
            writer_text(detail, " Not all that happened in between was captured.");
        if (d->has_pseudonyms)
            writer_text(detail, " In another spelling it may be there: --redact hides that.");
    }
}

static void d44_document(struct detection *d, const struct document_end *end)
{
    d44_false_success(d, end);
    d44_lost(d, end);
}

static const struct detector rows[] = {
    {.rule = "D36",
     .traits = TRAIT_FAILED | TRAIT_LOCK,
     .resource = d36_resource,
     .exchange = d36_exchange},
    {.rule = "D37", .document = d37_cascade},
    {.rule = "D38", .document = d38_partial},
    {.rule = "D44", .traits = TRAIT_ANY, .resource = d44_listed, .document = d44_document},
};

const struct detectors detect_write = {rows, sizeof rows / sizeof *rows};
