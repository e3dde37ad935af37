/* Rules D25 to D28 and D30: synchronisation by changes: tokens, pages, removals (DOMAIN.md 5.3).
 * Most of them ask what was said before (memory.h). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"
#include "output/time_text.h"

#include <inttypes.h>

/* As often as a token may be used anew before that is called a loop. */
enum { MANY_CYCLES = 3 };

/* Clients take no longer between two pages. */
enum { SURE_SECONDS = 60 };

/* ---- D25, D26: tokens ---- */

static void d25_refused(struct detection *d, const struct resource *resource)
{
    (void)resource;
    if (!conditions_have(d->cause.conditions, "valid-sync-token"))
        return;
    const struct memo *memo = detection_remember(d, MEMO_TOKEN_REFUSED, detection_target(d));
    bool is_again = memo && memo->n > 1;
    struct clue clue = {.severity = is_again ? SEVERITY_WARNING : SEVERITY_INFO,
                        .href = detection_target(d),
                        .weight = memo ? memo->n : 1};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client has to start over.");
    if (is_again) {
        writer_text(detail, " It had to ");
        phrase_count(detail, memo->n, "time", NULL);
        writer_text(detail, " by now.");
    } else {
        writer_text(detail, " Once is a normal expiry.");
    }
}

static void report_same_token(struct detection *d)
{
    struct clue clue = {.cause = span_str("same token"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The answer tells ");
    phrase_count(detail, d->facts->n_delivered + d->facts->n_removed, "change", NULL);
    writer_text(detail,
                " and then gives back the token that was sent: the client will hear of them "
                "again.");
}

/* A client may ask again when an answer was lost, not for ever. */
static void report_replay(struct detection *d, uint64_t n)
{
    struct clue clue = {.owner = OWNER_CLIENT,
                        .cause = span_str("replay"),
                        .href = detection_target(d),
                        .weight = n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The same token was used ");
    phrase_count(detail, n, "time", NULL);
    writer_text(detail, ", and changes came each time, with a new token that the client did not "
                        "keep.");
}

static void report_way_back(struct detection *d, const struct memo *before)
{
    struct clue clue = {.cause = span_str("token goes back"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(
        detail,
        "The answer gives a token that is older than the one sent: it was given before, in ");
    remark_frame(d, detail, before->source, before->frame);
    writer_text(detail, ". What changed since then comes again.");
}

/* As servers begin to count: "0", or "0" at the end of a URL; or nothing. */
static bool is_initial(struct span token)
{
    bool is_zero = token.len > 0 && token.ptr[token.len - 1] == '0';
    return token.len == 0 || (is_zero && (token.len == 1 || token.ptr[token.len - 2] == '/'));
}

static void report_beginning(struct detection *d, const struct document_end *end)
{
    struct clue clue = {.cause = span_str("token goes back"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client sent a token, and the answer gives ");
    writer_text(detail, end->sync_token.len > 0 ? "\"" : "an empty one");
    writer_bytes(detail, end->sync_token);
    writer_text(detail, end->sync_token.len > 0 ? "\"" : "");
    writer_text(detail, ", as if nothing had been synchronised yet. Everything may come again.");
}

/* Each answer of a chain leads on: a token that led to the one sent must not come back. */
static void follow_token(struct detection *d, const struct document_end *end)
{
    struct memory *memory = &d->history->memory;
    struct memo_key given = detection_about(d, MEMO_TOKEN_GIVEN, detection_target(d));
    const struct memo *latest = detection_recall(d, MEMO_TOKEN, detection_target(d));
    bool goes_on = latest && latest->value == memory_hash(memory, d->event->request->sync_token);
    given.more = end->sync_token;
    const struct memo *before = memory_find(memory, &given);
    if (goes_on && before && !span_equal(end->sync_token, d->event->request->sync_token))
        report_way_back(d, before);
    else if (is_initial(end->sync_token) && !is_initial(d->event->request->sync_token))
        report_beginning(d, end);
    memory_note(memory, &given);
}

static void d26_loop(struct detection *d, const struct document_end *end)
{
    const struct request *request = d->event->request;
    bool has_changes = d->facts->n_delivered + d->facts->n_removed > 0;
    if (detection_is_sync(end) && end->has_sync_token)
        follow_token(d, end);
    if (!detection_is_sync(end) || !request->has_sync_token || !has_changes)
        return;
    if (end->has_sync_token && span_equal(request->sync_token, end->sync_token)) {
        report_same_token(d);
        return;
    }
    struct memo_key key = detection_about(d, MEMO_TOKEN_USED, detection_target(d));
    key.more = request->sync_token;
    const struct memo *memo = memory_note(&d->history->memory, &key);
    if (memo && memo->n >= MANY_CYCLES)
        report_replay(d, memo->n);
}

/* ---- D27: pages ---- */

/* The next request of this client must go on where the page ended. */
static void d27_not_continued(struct detection *d, const struct memo *page)
{
    struct clue clue = {.cause = span_str("not continued"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "A page before this one was not the last, and the client did not ask with "
                        "its token. That page ended in ");
    remark_frame(d, detail, page->source, page->frame);
    writer_text(detail, ".");
}

static void d27_limit(struct detection *d, uint64_t n_items)
{
    struct clue clue = {.severity = SEVERITY_INFO,
                        .owner = OWNER_SERVER,
                        .cause = span_str("limit ignored"),
                        .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client asked for at most ");
    phrase_number(detail, d->event->request->limit);
    writer_text(detail, ", and got ");
    phrase_number(detail, n_items);
    writer_text(detail, ".");
}

/* Whether the token of the page before was sent. */
static bool is_next_page(struct detection *d)
{
    const struct memo *page = detection_recall(d, MEMO_PAGE, detection_target(d));
    struct span token = d->event->request->sync_token;
    return page && page->value == memory_hash(&d->history->memory, token);
}

/* A page that begins as the one before did is the same page. */
static void d27_first_item(struct detection *d, const struct resource *resource)
{
    struct memory *memory = &d->history->memory;
    bool is_first =
        d->facts->n_delivered + d->facts->n_removed == 1 && resource->relation == RELATION_MEMBER;
    if (!is_first || d->event->request->operation != OPERATION_REPORT_SYNC_COLLECTION)
        return;
    struct memo_key key = detection_about(d, MEMO_PAGE, detection_target(d));
    key.more = span_str("first item");
    const struct memo *before = memory_find(memory, &key);
    uint64_t value = memory_hash(memory, resource->hrefs[0]);
    if (before && before->value == value && is_next_page(d)) {
        struct clue clue = {.severity = SEVERITY_WARNING,
                            .owner = OWNER_SERVER,
                            .cause = span_str("starts again"),
                            .href = detection_target(d)};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "The client went on with the token of the page in ");
        remark_frame(d, detail, before->source, before->frame);
        writer_text(detail, ", and the next page begins with the same item.");
    }
    struct memo *now = memory_note(memory, &key);
    if (now)
        now->value = value;
}

/* Within a minute it may still have been at work when the capture ended. */
static void d27_page(struct detection *d, const struct page *page, uint64_t waited_ns)
{
    char waited[TIME_TEXT_BYTES];
    bool is_sure =
        waited_ns >= SURE_SECONDS * SECOND_NS && !detection_has_missed_own(d, page->last.time_ns);
    struct clue clue = {.severity = is_sure ? SEVERITY_NONE : SEVERITY_INFO,
                        .cause = span_str("not continued"),
                        .href = detection_target(d),
                        .weight = waited_ns};
    struct writer *detail = detection_report(d, &clue);
    time_text_duration(waited_ns, waited);
    if (page->number > 1)
        writer_format(detail, "Page %" PRIu32 " of a synchronisation with ", page->number);
    else
        writer_text(detail, "A page of ");
    phrase_count(detail, page->n_items, "change", NULL);
    writer_format(detail, " was not the last one, and in the %s behind it, all that was captured, ",
                  waited);
    writer_text(detail, "the client did not ask for the next.");
}

/* Whatever the answer was, the client asked again. */
static void d27_asked(struct detection *d)
{
    struct memo_key key = detection_about(d, MEMO_PAGE, detection_target(d));
    if (d->event->request->operation == OPERATION_REPORT_SYNC_COLLECTION)
        pages_continue(&d->history->pages, memory_key(&d->history->memory, &key));
}

/* Not even a first page comes of it (RFC 6578 §3.7). */
static void d27_refused(struct detection *d)
{
    const struct request *request = d->event->request;
    if (request->operation != OPERATION_REPORT_SYNC_COLLECTION || !request->has_limit ||
        d->event->exchange->status != 507)
        return;
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .owner = OWNER_SERVER,
                        .cause = span_str("limit refused"),
                        .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client asked for at most ");
    phrase_number(detail, request->limit);
    writer_text(detail, ", and the server refuses to answer in pages: nothing came.");
}

static void d27_paging(struct detection *d, const struct document_end *end)
{
    const struct request *request = d->event->request;
    struct memory *memory = &d->history->memory;
    struct memo_key key = detection_about(d, MEMO_PAGE, detection_target(d));
    uint64_t n_items = d->facts->n_delivered + d->facts->n_removed;
    d27_asked(d);
    if (detection_is_refusal(end))
        d27_refused(d);
    if (!detection_is_sync(end) || !request->is_body_whole)
        return;
    const struct memo *page = memory_find(memory, &key);
    bool is_next = page && page->value == memory_hash(memory, request->sync_token);
    uint32_t number = is_next ? page->step + 1 : 1;
    if (page && !is_next && !detection_has_missed_own(d, page->last_ns))
        d27_not_continued(d, page);
    if (request->has_limit && n_items > request->limit)
        d27_limit(d, n_items);
    memory_forget(memory, &key);
    if (!(end->flags & DOCUMENT_TRUNCATED) || !end->has_sync_token)
        return;
    struct memo *next = memory_note(memory, &key);
    if (next) {
        next->value = memory_hash(memory, end->sync_token);
        next->step = number;
    }
    pages_wait(&d->history->pages, memory_key(memory, &key), d->event,
               (struct page_size){n_items, number});
}

/* ---- D28: removals ---- */

static void d28_first_removals(struct detection *d, const struct resource *resource)
{
    struct clue clue = {.href = resource->hrefs[0]};
    bool is_sync = d->event->request->operation == OPERATION_REPORT_SYNC_COLLECTION;
    bool is_odd = resource->class == OUTCOME_ABSENT && (resource->flags & RESOURCE_BOTH_SHAPES);
    if (resource->flags & RESOURCE_TOMBSTONE_INITIAL)
        detection_report(d, &clue);
    clue.cause = span_str("shape");
    if (is_sync && is_odd)
        writer_text(detection_report(d, &clue),
                    "A removal with a propstat beside its status: some clients take it for an "
                    "error, or bring the item back.");
}

/* ---- D30: reports that are not there ---- */

static void report_unsupported(struct detection *d)
{
    struct span operation = span_str(operation_name(d->operation));
    struct clue clue = {.cause = operation, .href = detection_target(d)};
    bool is_promised = d->operation == OPERATION_REPORT_SYNC_COLLECTION &&
                       detection_recall(d, MEMO_OFFERS, detection_target(d));
    clue.severity = is_promised ? SEVERITY_WARNING : SEVERITY_NONE;
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, operation);
    writer_text(detail, " was refused as not supported");
    writer_text(detail, is_promised ? ", although supported-report-set names it." : ".");
}

static bool is_report(enum operation operation)
{
    return operation >= OPERATION_REPORT;
}

static void d30_exchange(struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    if (is_report(d->operation) && (status == 405 || status == 415 || status == 501))
        report_unsupported(d);
}

static void d30_resource(struct detection *d, const struct resource *resource)
{
    (void)resource;
    if (d->cause.conditions->n == 0)
        d30_exchange(d);
    else if (is_report(d->operation) && conditions_have(d->cause.conditions, "supported-report"))
        report_unsupported(d);
}

/* Reports that may be answered with nothing by a server that does not know them, as if nothing
 * matched (Radicale), and what an answer of one that does must hold. */
static const struct {
    enum operation operation;
    enum severity severity;
    const char *why;
} empties[] = {
    /* RFC 6578 §3.2 */
    {OPERATION_REPORT_SYNC_COLLECTION, SEVERITY_WARNING,
     "not even a token: the server seems not to know it"},
    /* RFC 3253 §3.8: at least what was asked about */
    {OPERATION_REPORT_EXPAND_PROPERTY, SEVERITY_WARNING,
     "not even about what was asked for: the server seems not to know it"},
    /* RFC 3744 §9: here that may be the truth */
    {OPERATION_REPORT_PRINCIPAL_PROPERTY_SEARCH, SEVERITY_INFO,
     "which may be all, or the server does not know it"},
    {OPERATION_REPORT_PRINCIPAL_MATCH, SEVERITY_INFO,
     "which may be all, or the server does not know it"},
    {OPERATION_REPORT_ACL_PRINCIPAL_PROP_SET, SEVERITY_INFO,
     "which may be all, or the server does not know it"},
};

static void d30_document(struct detection *d, const struct document_end *end)
{
    bool is_empty = end->root == ROOT_MULTISTATUS && end->is_complete && end->n_resources == 0 &&
                    !end->has_sync_token && !(end->flags & DOCUMENT_TRUNCATED) &&
                    d->event->exchange->status == 207;
    for (size_t i = 0; is_empty && i < sizeof empties / sizeof *empties; i++) {
        if (empties[i].operation != end->operation)
            continue;
        struct clue clue = {.severity = empties[i].severity,
                            .cause = span_str(operation_name(end->operation)),
                            .href = detection_target(d)};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, operation_name(end->operation));
        writer_format(detail, " was answered with nothing, %s.", empties[i].why);
    }
}

static const struct detector rows[] = {
    {.rule = "D25", .traits = TRAIT_CONDITION, .resource = d25_refused},
    {.rule = "D26", .document = d26_loop},
    {.rule = "D27",
     .traits = TRAIT_ANY,
     .resource = d27_first_item,
     .document = d27_paging,
     .exchange = d27_asked,
     .page = d27_page},
    {.rule = "D28", .traits = TRAIT_FLAGGED, .resource = d28_first_removals},
    {.rule = "D30",
     .traits = TRAIT_CONDITION | TRAIT_REFUSED,
     .resource = d30_resource,
     .document = d30_document,
     .exchange = d30_exchange},
};

const struct detectors detect_sync = {rows, sizeof rows / sizeof *rows};
