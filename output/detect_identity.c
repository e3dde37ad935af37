/* Rules D32 and D33: ETags and UIDs, by which clients tell items and their versions apart
 * (DOMAIN.md 5.3). Most of D32 asks what was said before (memory.h). */
#include "output/detector.h"
#include "output/refusal.h"
#include "output/remark.h"

/* Longer ones are no ETags of a file server. */
enum { MAX_ETAG_BYTES = 256 };

/* Larger listings than this would push everything else out of the memory. */
enum { MAX_REMEMBERED_ETAGS = 2000 };

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
    writer_text(detail, "Listed in ");
    remark_frame(d, detail, listed->source, listed->frame);
    writer_text(detail, " and now with the ETag ");
    writer_bytes(detail, etag);
    writer_text(detail, ", downloaded in ");
    remark_frame(d, detail, downloaded->source, downloaded->frame);
    writer_text(detail, " with another one.");
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
    writer_text(detail, "412 in ");
    remark_frame(d, detail, refused->source, refused->frame);
    writer_text(detail, ": If-Match held the ETag ");
    writer_bytes(detail, etag);
    writer_text(detail, ", which was listed before, and is now as well. What was to be stored is "
                        "not.");
    memory_forget(&d->history->memory, &key); /* told once for each refusal */
}

/* Where nobody asked for its resourcetype, the slash tells. */
static bool is_folder_by_name(struct span href)
{
    return span_ends_in(href_path(href), '/');
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
    {.rule = "D32",
     .traits = TRAIT_ANY,
     .resource = d32_resource,
     .document = d32_document,
     .exchange = d32_exchange},
    {.rule = "D33", .traits = TRAIT_FAILED, .resource = d33_duplicate_uid},
};

const struct detectors detect_identity = {rows, sizeof rows / sizeof *rows};
