/* Rules D24 and D31 to D33: single items that clients cannot get, store or tell changed from
 * unchanged (DOMAIN.md 5.3). Most of them ask what was said before (memory.h). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"
#include "output/remark.h"
#include "output/time_text.h"

#include <inttypes.h>

/* As often as an item may fail before it is called stuck. */
enum { MANY_CYCLES = 3 };

/* Longer ones are no ETags of a file server. */
enum { MAX_ETAG_BYTES = 256 };

/* Larger listings than this would push everything else out of the memory. */
enum { MAX_REMEMBERED_ETAGS = 2000 };

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
static void say_last_done(struct writer *detail, const struct memo *done)
{
    char date[TIME_TEXT_BYTES];
    if (!done)
        return;
    time_text_date(done->last_ns, date);
    writer_format(detail, " It last went well at %s UTC (frame %" PRIu64 ").", date, done->frame);
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
    if (before && before->value != reason)
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
    say_last_done(detail, done);
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

/* Whether it can be told from other attempts: nothing of it was cut away. */
static bool is_known_attempt(const struct detection *d, const struct refusal *refusal)
{
    bool has_destination = d->operation == OPERATION_COPY || d->operation == OPERATION_MOVE;
    return refusal->href.len > 0 && detection_method(d).len > 0 &&
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
    struct memo *memo = detection_remember(d, MEMO_ETAG, path);
    if (memo)
        memo->value = memory_hash(&d->history->memory, etag);
}

/* Listed, downloaded with another ETag, and listed as before: no change in between explains that.
 */
static void report_two_etags(struct detection *d, struct span href, struct span etag)
{
    const struct memo *downloaded = detection_recall(d, MEMO_DOWNLOADED, href);
    const struct memo *listed = downloaded ? detection_recall(d, MEMO_ETAG, href) : NULL;
    uint64_t value = memory_hash(&d->history->memory, etag);
    bool is_between = listed && listed->last_ns < downloaded->last_ns &&
                      downloaded->last_ns < d->event->exchange->request.first.time_ns;
    if (!is_between || listed->value != value || downloaded->value == value)
        return;
    struct clue clue = {
        .severity = SEVERITY_WARNING, .cause = span_str("other on download"), .href = href};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Listed in frame %" PRIu64 " and now with the ETag ", listed->frame);
    writer_bytes(detail, etag);
    writer_format(detail, ", downloaded in frame %" PRIu64 " with another one.", downloaded->frame);
}

/* The write with this ETag was refused, and yet it is still the item's: it is compared with another
 * one than is listed. */
static void report_refused_etag(struct detection *d, struct span href, struct span etag)
{
    struct memo_key key = detection_about(d, MEMO_MISMATCHED, href);
    const struct memo *refused = memory_find(&d->history->memory, &key);
    if (!refused || refused->value != memory_hash(&d->history->memory, etag) ||
        refused->last_ns >= d->event->exchange->request.first.time_ns)
        return;
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .cause = span_str("refused as listed"),
                        .href = href,
                        .weight = refused->n};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "412 in frame %" PRIu64 ": If-Match held the ETag ", refused->frame);
    writer_bytes(detail, etag);
    writer_text(detail, ", which was listed before, and is now as well. What was to be stored is "
                        "not.");
    memory_forget(&d->history->memory, &key); /* told once for each refusal */
}

/* Where nobody asked for its resourcetype, the slash tells. */
static bool is_folder_by_name(struct span href)
{
    struct span path = href_path(href);
    return path.len > 0 && path.ptr[path.len - 1] == '/';
}

/* Whether its answers are about items, all of which have one; in listings that may also be servers
 * without any. */
static bool has_items_alone(enum operation operation)
{
    return operation_is_multiget(operation) || operation == OPERATION_REPORT_SYNC_COLLECTION ||
           operation == OPERATION_REPORT_CALENDAR_QUERY ||
           operation == OPERATION_REPORT_ADDRESSBOOK_QUERY;
}

/* A file without one cannot be told changed from unchanged. */
static void d32_resource(struct detection *d, const struct resource *resource)
{
    struct span etag = resource->values[VALUE_ETAG];
    struct clue clue = {.severity = SEVERITY_WARNING, .href = resource->hrefs[0]};
    bool is_near = resource->relation == RELATION_MEMBER || resource->relation == RELATION_SELF;
    bool is_item = is_near && resource->class == OUTCOME_OK && !resource->is_collection &&
                   !is_folder_by_name(resource->hrefs[0]);
    if (!is_item || !wants_etags(d->event->request))
        return;
    if (etag.len > 0 && span_find_byte(etag, '"') == etag.len) {
        clue.cause = span_str("no quotes");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "getetag has no quotes: ");
        writer_bytes(detail, etag);
    } else if (etag.len == 0 && has_items_alone(d->event->request->operation)) {
        clue.cause = span_str("missing");
        writer_text(detection_report(d, &clue), "getetag was asked for and is missing.");
    } else if (d->facts->n_members < MAX_REMEMBERED_ETAGS && etag.len > 0) {
        report_two_etags(d, resource->hrefs[0], etag);
        report_refused_etag(d, resource->hrefs[0], etag);
        note_etag(d, resource->hrefs[0], etag);
    }
}

/* A query asks for another representation: a preview, a version. */
static void note_download(struct detection *d, struct span etag)
{
    struct span target = detection_target(d);
    bool is_whole = d->event->exchange->status == 200 && etag.len > 0;
    if (!is_whole || has_suffix(etag) || span_find_byte(target, '?') < target.len)
        return;
    struct memo *memo = detection_remember(d, MEMO_DOWNLOADED, target);
    if (memo)
        memo->value = memory_hash(&d->history->memory, etag);
}

/* What stands between the quotes. */
static struct span opaque_of(struct span etag)
{
    etag = span_after(etag, is_weak(etag) ? 2 : 0);
    bool is_quoted = etag.len >= 2 && etag.ptr[0] == '"' && etag.ptr[etag.len - 1] == '"';
    return is_quoted ? span_first(span_after(etag, 1), etag.len - 2) : etag;
}

/* How that is turned off, where the answer names who compresses. */
static void say_remedy(struct detection *d, struct writer *detail)
{
    static const struct {
        const char *product;
        const char *remedy;
    } rows[] = {
        {"Apache", " In Apache DeflateAlterETag NoChange leaves it alone."},
        {"nginx", " In nginx gzip off; for this location does so."},
        {"Caddy", " In Caddy leave the DAV paths out of encode."},
        {"lighttpd", " In lighttpd leave the DAV paths out of deflate."},
    };
    struct span server = detection_answered(d, HTTP_SERVER);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (span_find(server, span_str(rows[i].product)) < server.len) {
            writer_text(detail, rows[i].remedy);
            return;
        }
}

/* ownCloud and Nextcloud give the ETag once more, where nothing on the way changes it. */
static void d32_added(struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    struct span own = detection_answered(d, HTTP_OC_ETAG);
    if (own.len == 0 || !has_suffix(etag) || span_equal(opaque_of(own), opaque_of(etag)))
        return;
    struct clue clue = {
        .severity = SEVERITY_WARNING, .cause = span_str("OC-ETag"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The ETag is ");
    writer_bytes(detail, etag);
    writer_text(detail, ", but OC-ETag ");
    writer_bytes(detail, own);
    writer_text(detail, ": it was added while compressing.");
    say_remedy(d, detail);
}

/* A download with the listed ETag and a compressor's suffix behind it. */
static void d32_download(struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    const struct memo *memo = detection_recall(d, MEMO_ETAG, detection_target(d));
    if (!memo || !detection_is_success(d) || !has_suffix(etag))
        return;
    if (memo->value == memory_hash(&d->history->memory, etag))
        return;
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .cause = span_str("other on download"),
                        .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The download has the ETag ");
    writer_bytes(detail, etag);
    writer_text(detail, ", the listing another one: it was added while compressing.");
    say_remedy(d, detail);
}

/* Whether the ETag that was given is this one, but weak: some clients leave the W/ out. */
static bool was_given_weak(struct detection *d, struct span etag)
{
    uint8_t weak[MAX_ETAG_BYTES] = "W/";
    const struct memo *memo = detection_recall(d, MEMO_ETAG, detection_target(d));
    if (!memo || etag.len == 0 || etag.len > sizeof weak - 2)
        return false;
    memcpy(weak + 2, etag.ptr, etag.len);
    return memo->value == memory_hash(&d->history->memory, span_of(weak, etag.len + 2));
}

/* Refused with the ETag that was listed last: perhaps somebody else was faster. */
static void note_mismatch(struct detection *d, struct span etag)
{
    const struct memo *listed = detection_recall(d, MEMO_ETAG, detection_target(d));
    uint64_t value = memory_hash(&d->history->memory, etag);
    if (!listed || listed->value != value || d->event->exchange->request.has_lock_token)
        return;
    struct memo *memo = detection_remember(d, MEMO_MISMATCHED, detection_target(d));
    if (memo)
        memo->value = value;
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
    if (!why) {
        note_mismatch(d, etag);
        return;
    }
    struct clue clue = {.cause = span_str("If-Match"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "412: If-Match holds ");
    writer_bytes(detail, etag);
    writer_text(detail, why);
    writer_text(detail, " What was to be stored is not.");
    if (has_suffix(etag))
        say_remedy(d, detail);
}

static void d32_exchange(struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    d32_refused(d);
    d32_added(d);
    if (d->operation == OPERATION_GET) {
        d32_download(d);
        note_download(d, etag);
    }
    if (detection_is_success(d) && is_weak(etag))
        note_etag(d, detection_target(d), etag);
}

static void d32_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d32_refused(d);
}

/* ---- D33: one UID twice ---- */

static bool says(struct span words, const char *text)
{
    return span_find_nocase(words, span_str(text)) < words.len;
}

/* As a word of its own: at the beginning, or behind a space. */
static bool says_uid(struct span words)
{
    return says(words, " uid ") || span_equal_nocase(span_first(words, 4), span_str("uid "));
}

/* The condition that names it; NULL: none does. For a meeting the whole account is searched, not
 * the one calendar (RFC 6638 §3.2.4.1). */
static const char *uid_condition(const struct conditions *conditions)
{
    static const char *const names[] = {"unique-scheduling-object-resource", "no-uid-conflict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (conditions_have(conditions, names[i]))
            return names[i];
    return NULL;
}

/* Where no condition is named, the words may say it: "Calendar object with uid already exists". */
static bool is_said(const struct detection *d)
{
    uint16_t status = d->cause.status;
    struct span words = d->cause.description;
    bool may_be = status == 400 || status == 403 || status == 409 || status == 412;
    return may_be && detection_is_write(d) && d->cause.conditions->n == 0 && says_uid(words) &&
           (says(words, "already exists") || says(words, "already in use"));
}

static void say_words(struct detection *d, struct writer *detail, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    refusal_say(d, detail, &refusal);
    remark_words(detail, d->cause.description);
}

static void say_condition(struct writer *detail, const char *condition,
                          const struct conditions *conditions)
{
    writer_text(detail, condition);
    writer_text(detail, ".");
    if (conditions->n_hrefs > 0) {
        writer_text(detail, " The other copy is ");
        writer_bytes(detail, conditions->hrefs[0]);
        writer_text(detail, ".");
    }
}

static void d33_duplicate_uid(struct detection *d, const struct resource *resource)
{
    const char *condition = uid_condition(d->cause.conditions);
    if (resource->class != OUTCOME_FAILED || (!condition && !is_said(d)))
        return;
    struct clue clue = {.href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    if (condition)
        say_condition(detail, condition, d->cause.conditions);
    else
        say_words(d, detail, resource);
}

static const struct detector rows[] = {
    {.rule = "D24", .traits = TRAIT_FAILED, .resource = d24_resource, .document = d24_missing},
    {.rule = "D31",
     .traits = TRAIT_CHANGED | TRAIT_BY_NAME,
     .resource = d31_resource,
     .exchange = d31_exchange},
    {.rule = "D32",
     .traits = TRAIT_ANY,
     .resource = d32_resource,
     .document = d32_document,
     .exchange = d32_exchange},
    {.rule = "D33", .traits = TRAIT_FAILED, .resource = d33_duplicate_uid},
};

const struct detectors detect_item = {rows, sizeof rows / sizeof *rows};
