/* Rules D24 to D35: synchronisation that goes in circles, and state that does not fit (DOMAIN.md
 * 5.3). Most of them ask what was said before (memory.h). */
#include "output/detector.h"
#include "output/phrase.h"

#include <inttypes.h>

/* As often as an item may fail before it is called stuck, and a folder be listed in full. */
enum { MANY_CYCLES = 3 };

/* So many vanish together only when something is wrong, or was done on purpose. */
enum { MANY_REMOVALS = 20 };

/* A listing that is cheap to repeat. */
enum { SMALL_LISTING = 200 };

/* Longer ones are no ETags of a file server. */
enum { MAX_ETAG_BYTES = 256 };

/* Larger listings than this would push everything else out of the memory. */
enum { MAX_REMEMBERED_ETAGS = 2000 };

static struct memory *memory_of(const struct detection *d)
{
    return &d->history->memory;
}

static struct memo_key about(const struct detection *d, enum memo_kind kind, struct span path)
{
    return (struct memo_key){.kind = kind, .event = d->event, .path = path};
}

static struct span target_of(const struct detection *d)
{
    return d->event->exchange->target;
}

/* The folder something is in. */
static struct span parent_of(struct span path)
{
    path = href_path(path);
    size_t len = path.len > 0 ? path.len - 1 : 0;
    while (len > 0 && path.ptr[len - 1] != '/')
        len--;
    return span_first(path, len);
}

static bool is_success(const struct detection *d)
{
    return d->event->exchange->status >= 200 && d->event->exchange->status < 300;
}

static bool is_sync(const struct document_end *end)
{
    return end->operation == OPERATION_REPORT_SYNC_COLLECTION && end->root == ROOT_MULTISTATUS &&
           end->is_complete;
}

/* ---- D24: ghosts ---- */

/* Once it may just have been deleted; again and again the server lists what it has not. */
static void report_ghost(struct detection *d, struct span href, const char *how)
{
    struct memo_key key = about(d, MEMO_UNDELIVERED, href), etag = about(d, MEMO_ETAG, href);
    const struct memo *memo = memory_note(memory_of(d), &key);
    const struct memo *listed = memory_find(memory_of(d), &etag);
    uint64_t n = memo ? memo->n : 1;
    struct clue clue = {.severity = n >= MANY_CYCLES ? SEVERITY_ERROR : SEVERITY_INFO,
                        .owner = listed ? OWNER_SERVER : OWNER_CLIENT,
                        .href = href,
                        .weight = n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, how);
    if (listed)
        writer_format(detail, " It was listed in frame %" PRIu64 ".", listed->frame);
    else
        writer_text(detail, " No listing seen names it: the client may only remember it.");
    if (n > 1) {
        writer_text(detail, " This client has now asked for it ");
        phrase_count(detail, n, "time", NULL);
        writer_text(detail, " in vain.");
    }
}

static bool is_multiget(enum operation operation)
{
    return operation == OPERATION_REPORT_CALENDAR_MULTIGET ||
           operation == OPERATION_REPORT_ADDRESSBOOK_MULTIGET;
}

static void d24_resource(struct detection *d, const struct resource *resource)
{
    uint16_t status = record_cause(resource).status;
    bool is_gone = resource->class == OUTCOME_FAILED && (status == 404 || status == 410);
    if (is_gone && is_multiget(d->event->request->operation) && resource->relation != RELATION_SELF)
        report_ghost(d, resource->hrefs[0], "The client asked for it, and it is not there.");
}

static void d24_missing(struct detection *d, const struct document_end *end)
{
    if (!is_multiget(end->operation))
        return;
    for (size_t i = 0; i < end->n_missing_named; i++)
        report_ghost(d, end->missing[i], "The client asked for it, and the answer leaves it out.");
}

/* ---- D25, D26: tokens ---- */

static void d25_refused(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    if (!conditions_have(cause.conditions, "valid-sync-token"))
        return;
    struct memo_key key = about(d, MEMO_TOKEN_REFUSED, target_of(d));
    const struct memo *memo = memory_note(memory_of(d), &key);
    bool is_again = memo && memo->n > 1;
    struct clue clue = {.severity = is_again ? SEVERITY_WARNING : SEVERITY_INFO,
                        .href = target_of(d),
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
    struct clue clue = {.cause = span_str("same token"), .href = target_of(d)};
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
    struct clue clue = {
        .owner = OWNER_CLIENT, .cause = span_str("replay"), .href = target_of(d), .weight = n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The same token was used ");
    phrase_count(detail, n, "time", NULL);
    writer_text(detail, ", and changes came each time, with a new token that the client did not "
                        "keep.");
}

static void d26_loop(struct detection *d, const struct document_end *end)
{
    const struct request *request = d->event->request;
    bool has_changes = d->facts->n_delivered + d->facts->n_removed > 0;
    if (!is_sync(end) || !request->has_sync_token || !has_changes)
        return;
    if (end->has_sync_token && span_equal(request->sync_token, end->sync_token)) {
        report_same_token(d);
        return;
    }
    struct memo_key key = about(d, MEMO_TOKEN_USED, target_of(d));
    key.more = request->sync_token;
    const struct memo *memo = memory_note(memory_of(d), &key);
    if (memo && memo->n >= MANY_CYCLES)
        report_replay(d, memo->n);
}

/* ---- D27: pages ---- */

/* The next request of this client must go on where the page ended. */
static void d27_not_continued(struct detection *d, const struct memo *page)
{
    struct clue clue = {.cause = span_str("not continued"), .href = target_of(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail,
                "A page before this one was not the last, and the client did not ask with its "
                "token.");
    writer_format(detail, " That page ended in frame %" PRIu64 ".", page->frame);
}

static void d27_limit(struct detection *d, uint64_t n_items)
{
    struct clue clue = {.severity = SEVERITY_INFO,
                        .owner = OWNER_SERVER,
                        .cause = span_str("limit ignored"),
                        .href = target_of(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client asked for at most ");
    phrase_number(detail, d->event->request->limit);
    writer_text(detail, ", and got ");
    phrase_number(detail, n_items);
    writer_text(detail, ".");
}

static void d27_paging(struct detection *d, const struct document_end *end)
{
    const struct request *request = d->event->request;
    struct memory *memory = memory_of(d);
    struct memo_key key = about(d, MEMO_PAGE, target_of(d));
    uint64_t n_items = d->facts->n_delivered + d->facts->n_removed;
    if (!is_sync(end) || !request->is_body_whole)
        return;
    const struct memo *page = memory_find(memory, &key);
    if (page && page->value != memory_hash(memory, request->sync_token))
        d27_not_continued(d, page);
    if (request->has_limit && n_items > request->limit)
        d27_limit(d, n_items);
    memory_forget(memory, &key);
    if (!(end->flags & DOCUMENT_TRUNCATED) || !end->has_sync_token)
        return;
    struct memo *next = memory_note(memory, &key);
    if (next)
        next->value = memory_hash(memory, end->sync_token);
}

/* ---- D28, D29: removals ---- */

static void d28_first_removals(struct detection *d, const struct resource *resource)
{
    if (resource->flags & RESOURCE_TOMBSTONE_INITIAL)
        detection_report(d, &(struct clue){.href = resource->hrefs[0]});
}

/* How many things of a collection were seen to be removed by somebody. */
static uint64_t n_removed_from(struct detection *d, struct span collection)
{
    struct memo_key key = about(d, MEMO_REMOVED, collection);
    const struct memo *memo = memory_find(memory_of(d), &key);
    return memo ? memo->n : 0;
}

static void report_mass_removal(struct detection *d, uint64_t n, const char *what)
{
    struct memo_key gone = about(d, MEMO_GONE, target_of(d));
    if (n_removed_from(d, target_of(d)) * 2 >= n || memory_find(memory_of(d), &gone))
        return;
    struct clue clue = {.href = target_of(d), .weight = n};
    struct writer *detail = detection_report(d, &clue);
    phrase_count(detail, n, "item", NULL);
    writer_text(detail, what);
    writer_text(detail,
                " The capture shows nobody who removed them. This may be lost access: clients "
                "may delete their copies.");
}

static void d29_delta(struct detection *d)
{
    const struct facts *facts = d->facts;
    bool is_mass = facts->n_removed >= MANY_REMOVALS && facts->n_removed > 4 * facts->n_delivered;
    if (is_mass && d->event->request->has_sync_token)
        report_mass_removal(d, facts->n_removed, " told as removed in one answer.");
}

static void d29_listing(struct detection *d)
{
    struct memory *memory = memory_of(d);
    struct memo_key key = about(d, MEMO_MEMBERS, target_of(d));
    uint64_t n = d->facts->n_members;
    const struct memo *before = memory_find(memory, &key);
    uint64_t n_before = before ? before->value : 0;
    struct memo *now = memory_note(memory, &key);
    if (now)
        now->value = n;
    if (n_before >= n + MANY_REMOVALS && n < n_before / 2)
        report_mass_removal(d, n_before - n, " fewer than in the listing before.");
}

static bool is_whole_listing(const struct detection *d, const struct document_end *end)
{
    return end->operation == OPERATION_PROPFIND && end->root == ROOT_MULTISTATUS &&
           end->is_complete && d->event->request->depth == DEPTH_1 && d->facts->n_self > 0;
}

static void d29_mass_removal(struct detection *d, const struct document_end *end)
{
    if (is_sync(end))
        d29_delta(d);
    else if (is_whole_listing(d, end))
        d29_listing(d);
}

/* What somebody removes, moves away or stores himself explains much of what follows. */
static void note_change(struct detection *d)
{
    enum operation operation = detection_operation(d);
    struct span target = target_of(d), parent = parent_of(target);
    bool removes = operation == OPERATION_DELETE || operation == OPERATION_MOVE;
    if (!is_success(d))
        return;
    struct memo_key in_parent = about(d, removes ? MEMO_REMOVED : MEMO_STORED, parent);
    struct memo_key itself = about(d, MEMO_GONE, target);
    if (removes) {
        memory_note(memory_of(d), &itself);
        memory_note(memory_of(d), &in_parent);
    } else if (operation == OPERATION_PUT) {
        memory_note(memory_of(d), &in_parent);
    }
}

static void d29_change(struct detection *d, const struct document_end *end)
{
    note_change(d);
    d29_mass_removal(d, end);
}

/* ---- D30: reports that are not there ---- */

static void report_unsupported(struct detection *d)
{
    struct span operation = span_str(operation_name(detection_operation(d)));
    struct clue clue = {.cause = operation, .href = target_of(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, operation);
    writer_text(detail, " was refused as not supported.");
}

static bool is_report(enum operation operation)
{
    return operation >= OPERATION_REPORT;
}

static void d30_resource(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    if (is_report(detection_operation(d)) && conditions_have(cause.conditions, "supported-report"))
        report_unsupported(d);
}

static void d30_exchange(struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    if (is_report(detection_operation(d)) && (status == 405 || status == 415 || status == 501))
        report_unsupported(d);
}

/* ---- D31: stuck items ---- */

/* Refusals that say nothing about the item itself. */
static bool is_about_item(uint16_t status)
{
    return status >= 400 && status != 401 && status != 407 && status != 408 && status != 429 &&
           status != 502 && status != 503 && status != 504;
}

static void note_refusal(struct detection *d, struct span href, uint16_t status)
{
    struct memo_key key = about(d, MEMO_REFUSED, href);
    key.more = d->event->exchange->method;
    const struct memo *before = memory_find(memory_of(d), &key);
    if (before && before->value != status)
        memory_forget(memory_of(d), &key);
    struct memo *memo = memory_note(memory_of(d), &key);
    if (!memo)
        return;
    memo->value = status;
    if (memo->n < MANY_CYCLES)
        return;
    bool is_property = detection_operation(d) == OPERATION_PROPPATCH;
    struct clue clue = {.severity = is_property ? SEVERITY_WARNING : SEVERITY_NONE,
                        .href = href,
                        .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, d->event->exchange->method);
    writer_text(detail, " was refused ");
    phrase_count(detail, memo->n, "time", NULL);
    writer_text(detail, " with ");
    phrase_status(detail, status);
    writer_text(detail, ", and nothing changed in between.");
}

static void note_outcome(struct detection *d, struct span href, uint16_t status)
{
    struct memo_key key = about(d, MEMO_REFUSED, href);
    key.more = d->event->exchange->method;
    if (is_about_item(status))
        note_refusal(d, href, status);
    else if (status >= 200 && status < 300)
        memory_forget(memory_of(d), &key);
}

static void d31_resource(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    bool is_own = resource->class == OUTCOME_FAILED || resource->class == OUTCOME_OK;
    if (is_own && detection_is_write(d) && resource->hrefs[0].len > 0)
        note_outcome(d, resource->hrefs[0], cause.status);
}

static void d31_exchange(struct detection *d)
{
    if (detection_is_write(d))
        note_outcome(d, target_of(d), d->event->exchange->status);
}

/* ---- D32: ETags ---- */

static bool has_suffix(struct span etag)
{
    return span_find(etag, span_str("-gzip\"")) < etag.len ||
           span_find(etag, span_str(";gzip\"")) < etag.len ||
           span_find(etag, span_str("-br\"")) < etag.len;
}

static bool is_weak(struct span etag)
{
    return span_starts(etag, span_str("W/"));
}

static bool wants_etags(const struct request *request)
{
    for (size_t i = 0; i < request->n_properties; i++)
        if (span_equal(request->properties[i].local, span_str("getetag")))
            return true;
    return false;
}

static void note_etag(struct detection *d, struct span path, struct span etag)
{
    struct memo_key key = about(d, MEMO_ETAG, path);
    struct memo *memo = memory_note(memory_of(d), &key);
    if (memo)
        memo->value = memory_hash(memory_of(d), etag);
}

/* A file without one cannot be told changed from unchanged. */
static void d32_resource(struct detection *d, const struct resource *resource)
{
    struct span etag = resource->values[VALUE_ETAG];
    struct clue clue = {.severity = SEVERITY_WARNING, .href = resource->hrefs[0]};
    bool is_near = resource->relation == RELATION_MEMBER || resource->relation == RELATION_SELF;
    bool is_item = is_near && resource->class == OUTCOME_OK && !resource->is_collection;
    if (!is_item || !wants_etags(d->event->request))
        return;
    if (etag.len > 0 && span_find_byte(etag, '"') == etag.len) {
        clue.cause = span_str("no quotes");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "getetag has no quotes: ");
        writer_bytes(detail, etag);
    } else if (etag.len == 0 && is_multiget(d->event->request->operation)) {
        clue.cause = span_str("missing");
        writer_text(detection_report(d, &clue), "getetag was asked for and is missing.");
    } else if (d->facts->n_members < MAX_REMEMBERED_ETAGS && etag.len > 0) {
        note_etag(d, resource->hrefs[0], etag);
    }
}

/* A download with the listed ETag and a compressor's suffix behind it. */
static void d32_download(struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    struct memo_key key = about(d, MEMO_ETAG, target_of(d));
    const struct memo *memo = memory_find(memory_of(d), &key);
    if (!memo || !is_success(d) || !has_suffix(etag))
        return;
    if (memo->value == memory_hash(memory_of(d), etag))
        return;
    struct clue clue = {
        .severity = SEVERITY_WARNING, .cause = span_str("other on download"), .href = target_of(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The download has the ETag ");
    writer_bytes(detail, etag);
    writer_text(detail, ", the listing another one: it was added while compressing.");
}

/* Whether the ETag that was given is this one, but weak: some clients leave the W/ out. */
static bool was_given_weak(struct detection *d, struct span etag)
{
    uint8_t weak[MAX_ETAG_BYTES] = "W/";
    struct memo_key key = about(d, MEMO_ETAG, target_of(d));
    const struct memo *memo = memory_find(memory_of(d), &key);
    if (!memo || etag.len == 0 || etag.len > sizeof weak - 2)
        return false;
    memcpy(weak + 2, etag.ptr, etag.len);
    return memo->value == memory_hash(memory_of(d), span_of(weak, etag.len + 2));
}

/* If-Match compares strongly: such ETags never match (RFC 9110 §13.1.1). */
static void d32_refused(struct detection *d)
{
    struct span etag = detection_asked(d, HTTP_IF_MATCH);
    if (d->event->exchange->status != 412 || etag.len == 0)
        return;
    const char *why = is_weak(etag)      ? ", a weak ETag, which never matches."
                      : has_suffix(etag) ? ", with what a compressor added."
                      : was_given_weak(d, etag)
                          ? ", which the server gave as a weak ETag (W/): such a "
                            "one never matches."
                          : NULL;
    if (!why)
        return;
    struct clue clue = {.cause = span_str("If-Match"), .href = target_of(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "412: If-Match holds ");
    writer_bytes(detail, etag);
    writer_text(detail, why);
    writer_text(detail, " What was to be stored is not.");
}

static void d32_exchange(struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    d32_refused(d);
    if (detection_operation(d) == OPERATION_GET)
        d32_download(d);
    if (is_success(d) && is_weak(etag))
        note_etag(d, target_of(d), etag);
}

static void d32_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d32_refused(d);
}

/* ---- D33: one UID twice ---- */

/* For a meeting the whole account is searched, not the one calendar (RFC 6638 §3.2.4.1). */
static void d33_duplicate_uid(struct detection *d, const struct resource *resource)
{
    static const char meeting[] = "unique-scheduling-object-resource";
    struct record_cause cause = record_cause(resource);
    struct clue clue = {.href = resource->hrefs[0]};
    bool is_meeting = conditions_have(cause.conditions, meeting);
    bool is_double = is_meeting || conditions_have(cause.conditions, "no-uid-conflict");
    if (resource->class != OUTCOME_FAILED || !is_double)
        return;
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, is_meeting ? meeting : "no-uid-conflict");
    writer_text(detail, ".");
    if (cause.conditions->n_hrefs > 0) {
        writer_text(detail, " The other copy is ");
        writer_bytes(detail, cause.conditions->hrefs[0]);
        writer_text(detail, ".");
    }
}

/* ---- D34, D35: changes that do not show, listings that need not be ---- */

/* The same client hears the same token again, although something was stored since. */
static void d34_not_listed(struct detection *d, const struct document_end *end)
{
    struct memory *memory = memory_of(d);
    if (!is_sync(end) || !end->has_sync_token)
        return;
    struct memo_key token_key = about(d, MEMO_TOKEN, target_of(d));
    struct memo_key stored_key = about(d, MEMO_STORED, target_of(d));
    const struct memo *stored = memory_find(memory, &stored_key);
    const struct memo *before = memory_find(memory, &token_key);
    uint64_t value = memory_hash(memory, end->sync_token);
    bool is_same = before && before->value == value && d->facts->n_delivered == 0;
    if (is_same && stored && stored->last_ns > before->last_ns) {
        struct clue clue = {.severity = SEVERITY_WARNING, .href = target_of(d)};
        struct writer *detail = detection_report(d, &clue);
        writer_format(detail, "Something was stored in frame %" PRIu64, stored->frame);
        writer_text(detail, ", and the sync token is as before, without a change.");
    }
    struct memo *now = memory_note(memory, &token_key);
    if (now)
        now->value = value;
}

static void d35_full_listing(struct detection *d, const struct document_end *end)
{
    struct memory *memory = memory_of(d);
    struct memo_key syncs = about(d, MEMO_SYNCS, span_str("/"));
    if (is_sync(end))
        memory_note(memory, &syncs);
    if (!is_whole_listing(d, end) || d->facts->n_members < SMALL_LISTING)
        return;
    struct memo_key key = about(d, MEMO_MEMBERS, target_of(d));
    key.more = span_str("full");
    const struct memo *memo = memory_note(memory, &key);
    if (!memo || memo->n < MANY_CYCLES || !memory_find(memory, &syncs))
        return;
    struct clue clue = {.href = target_of(d), .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The same client listed ");
    phrase_count(detail, d->facts->n_members, "member", NULL);
    writer_text(detail, " in full ");
    phrase_count(detail, memo->n, "time", NULL);
    writer_text(detail, "; the server answers sync-collection.");
}

static const struct detector rows[] = {
    {.rule = "D24", .resource = d24_resource, .document = d24_missing},
    {.rule = "D25", .resource = d25_refused},
    {.rule = "D26", .document = d26_loop},
    {.rule = "D27", .document = d27_paging},
    {.rule = "D28", .resource = d28_first_removals},
    {.rule = "D29", .document = d29_change, .exchange = note_change},
    {.rule = "D30", .resource = d30_resource, .exchange = d30_exchange},
    {.rule = "D31", .resource = d31_resource, .exchange = d31_exchange},
    {.rule = "D32", .resource = d32_resource, .document = d32_document, .exchange = d32_exchange},
    {.rule = "D33", .resource = d33_duplicate_uid},
    {.rule = "D34", .document = d34_not_listed},
    {.rule = "D35", .document = d35_full_listing},
};

const struct detectors detect_sync = {rows, sizeof rows / sizeof *rows};
