/* Rules D29, D34, D35, D47 and D56: what becomes of whole collections from one answer to the next
 * (DOMAIN.md 5.3, 5.5). Most of them ask what was said before (memory.h). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"
#include "output/url.h"

#include <inttypes.h>
#include <stdio.h>

/* As often as a folder may be listed in full. */
enum { MANY_CYCLES = 3 };

/* So many vanish together only when something is wrong, or was done on purpose. */
enum { MANY_REMOVALS = 20 };

/* A listing that is cheap to repeat. */
enum { SMALL_LISTING = 200 };

/* More collections in one listing would push everything else out of the memory. */
enum { MAX_REMEMBERED_OFFERS = 2000 };

/* ---- D29: removals ---- */

/* How many things of a collection were seen to be removed by somebody. */
static uint64_t n_removed_from(struct detection *d, struct span collection)
{
    const struct memo *memo = detection_recall(d, MEMO_REMOVED, collection);
    return memo ? memo->n : 0;
}

static void report_mass_removal(struct detection *d, uint64_t n, const char *what)
{
    struct span target = detection_target(d);
    if (n_removed_from(d, target) * 2 >= n || detection_recall(d, MEMO_GONE, target))
        return;
    struct clue clue = {.href = target, .weight = n};
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
    struct memory *memory = &d->history->memory;
    struct memo_key key = detection_about(d, MEMO_MEMBERS, detection_target(d));
    uint64_t n = d->facts->n_members;
    const struct memo *before = memory_find(memory, &key);
    uint64_t n_before = before ? before->value : 0;
    struct memo *now = memory_note(memory, &key);
    if (now)
        now->value = n;
    if (n_before >= n + MANY_REMOVALS && n < n_before / 2)
        report_mass_removal(d, n_before - n, " fewer than in the listing before.");
}

static void d29_mass_removal(struct detection *d, const struct document_end *end)
{
    if (detection_is_sync(end))
        d29_delta(d);
    else if (detection_is_listing(d, end))
        d29_listing(d);
}

/* Stored anew, and the ETag is the one the client had: nothing about it changed, so that servers
 * whose tokens come of the content have nothing to tell. */
static bool is_as_before(const struct detection *d)
{
    struct span etag = detection_answered(d, HTTP_ETAG);
    return etag.len > 0 && span_equal(etag, detection_asked(d, HTTP_IF_MATCH));
}

/* What somebody removes, moves away or stores himself explains much of what follows. */
static void note_change(struct detection *d)
{
    enum operation operation = d->operation;
    bool removes = operation == OPERATION_DELETE || operation == OPERATION_MOVE;
    bool stores = operation == OPERATION_PUT && !is_as_before(d);
    bool may_be_done = removes && d->event->exchange->status == 0; /* the answer was not captured */
    if (!(removes || stores) || !(detection_is_success(d) || may_be_done))
        return;
    struct span target = detection_target(d), parent = detection_folder(target);
    if (removes)
        (void)detection_remember(d, MEMO_GONE, target);
    (void)detection_remember(d, removes ? MEMO_REMOVED : MEMO_STORED, parent);
}

static void d29_change(struct detection *d, const struct document_end *end)
{
    note_change(d);
    d29_mass_removal(d, end);
}

/* ---- D34, D35: changes that do not show, listings that need not be ---- */

/* The same client hears the same token again, although something was stored since. */
static void d34_not_listed(struct detection *d, const struct document_end *end)
{
    struct memory *memory = &d->history->memory;
    if (!detection_is_sync(end) || !end->has_sync_token)
        return;
    struct memo_key token_key = detection_about(d, MEMO_TOKEN, detection_target(d));
    const struct memo *stored = detection_recall(d, MEMO_STORED, detection_target(d));
    const struct memo *before = memory_find(memory, &token_key);
    uint64_t value = memory_hash(memory, end->sync_token);
    bool is_same = before && before->value == value && d->facts->n_delivered == 0;
    if (is_same && stored && stored->last_ns > before->last_ns) {
        struct clue clue = {.severity = SEVERITY_WARNING, .href = detection_target(d)};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "Something was stored in ");
        remark_frame(d, detail, stored->source, stored->frame);
        writer_text(detail, ", and the sync token is as before, without a change.");
    }
    struct memo *now = memory_note(memory, &token_key);
    if (now)
        now->value = value;
}

/* The ctag of a collection, or its token as a property: whoever asks. */
static void d34_resource(struct detection *d, const struct resource *resource)
{
    struct span href = resource->hrefs[0], mark = resource->values[VALUE_CTAG];
    struct memo_key key = detection_about(d, MEMO_CTAG, href);
    if (mark.len == 0)
        mark = resource->values[VALUE_SYNC_TOKEN];
    bool is_marked = resource->class == OUTCOME_OK && mark.len > 0;
    if (!is_marked || d->operation != OPERATION_PROPFIND)
        return;
    key.more = span_str(resource->values[VALUE_CTAG].len > 0 ? "ctag" : "sync-token");
    const struct memo *stored = detection_recall(d, MEMO_STORED, href);
    const struct memo *before = memory_find(&d->history->memory, &key);
    uint64_t value = memory_hash(&d->history->memory, mark);
    if (before && before->value == value && stored && stored->last_ns > before->last_ns &&
        stored->last_ns < d->event->exchange->request.first.time_ns) {
        struct clue clue = {.severity = SEVERITY_WARNING, .cause = key.more, .href = href};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "Something was stored in ");
        remark_frame(d, detail, stored->source, stored->frame);
        writer_text(detail, ", and the ");
        writer_bytes(detail, key.more);
        writer_text(detail, " is as it was in ");
        remark_frame(d, detail, before->source, before->frame);
        writer_text(detail, ".");
    }
    struct memo *now = memory_note(&d->history->memory, &key);
    if (now)
        now->value = value;
}

static void d35_offer(struct detection *d, const struct resource *resource)
{
    if (!resource->offers_sync)
        return;
    (void)detection_remember(d, MEMO_SYNCS, span_str("/"));
    if (resource->ordinal < MAX_REMEMBERED_OFFERS)
        (void)detection_remember(d, MEMO_OFFERS, resource->hrefs[0]);
}

/* Programs list by the clock, give or take a quarter; people when they look into the folder. */
enum { JITTER_PARTS = 4 };

/* The memo keeps the longest time between two listings, and the shortest in seconds. */
static void note_interval(struct memo *memo, uint64_t interval_ns)
{
    uint64_t seconds = interval_ns / SECOND_NS;
    uint32_t shortest = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
    if (memo->n == 2 || interval_ns > memo->value)
        memo->value = interval_ns;
    if (memo->n == 2 || shortest < memo->step)
        memo->step = shortest;
}

static bool is_by_clock(const struct memo *memo)
{
    uint64_t shortest_ns = memo->step * SECOND_NS;
    return memo->step > 0 && memo->value - shortest_ns <= shortest_ns / JITTER_PARTS + SECOND_NS;
}

static void report_full_listing(struct detection *d, const struct memo *memo)
{
    struct clue clue = {.href = detection_target(d), .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The same client listed ");
    phrase_count(detail, d->facts->n_members + d->facts->n_descendants, "member", NULL);
    writer_text(detail, " in full ");
    phrase_count(detail, memo->n, "time", NULL);
    writer_text(detail, ", every ");
    remark_duration(detail, ((uint64_t)memo->last_ns - (uint64_t)memo->first_ns) / (memo->n - 1));
    writer_text(detail, "; the server has sync-collection.");
}

static bool is_full_listing(const struct detection *d, const struct document_end *end)
{
    bool is_deep = end->operation == OPERATION_PROPFIND && end->root == ROOT_MULTISTATUS &&
                   end->is_complete && d->event->request->depth == DEPTH_INFINITY;
    return (is_deep || detection_is_listing(d, end)) &&
           d->facts->n_members + d->facts->n_descendants >= SMALL_LISTING;
}

static void d35_full_listing(struct detection *d, const struct document_end *end)
{
    struct memory *memory = &d->history->memory;
    struct memo_key syncs = detection_about(d, MEMO_SYNCS, span_str("/"));
    if (detection_is_sync(end))
        memory_note(memory, &syncs);
    if (!is_full_listing(d, end))
        return;
    struct memo_key key = detection_about(d, MEMO_MEMBERS, detection_target(d));
    key.more = span_str("full");
    const struct memo *before = memory_find(memory, &key);
    int64_t before_ns = before ? before->last_ns : 0;
    struct memo *memo = memory_note(memory, &key);
    if (!memo || memo->n < 2 || memo->last_ns < before_ns)
        return;
    note_interval(memo, (uint64_t)memo->last_ns - (uint64_t)before_ns);
    if (memo->n >= MANY_CYCLES && is_by_clock(memo) && memory_find(memory, &syncs))
        report_full_listing(d, memo);
}

/* ---- D47: collections that vanish ---- */

/* Folders above that are looked at: trees of people are not so deep. */
enum { MAX_LEVELS = 32 };

/* Whether it, or a folder above it, was removed or moved away. */
static bool was_removed(struct detection *d, struct span path)
{
    path = href_path(path);
    for (int i = 0; i < MAX_LEVELS && path.len > 0; i++) {
        if (detection_recall(d, MEMO_GONE, path))
            return true;
        do
            path.len--;
        while (path.len > 0 && path.ptr[path.len] != '/');
    }
    return detection_recall(d, MEMO_GONE, span_str("/")) != NULL;
}

static bool is_read(enum operation operation)
{
    return operation == OPERATION_PROPFIND || operation >= OPERATION_REPORT;
}

/* Sent on, to more than the same path with a slash. */
static bool is_moved(const struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    if (status != 301 && status != 308)
        return false;
    struct span location = href_path(detection_answered(d, HTTP_LOCATION));
    struct span target = href_path(detection_target(d));
    bool is_slash = location.len == target.len + 1 && span_starts(location, target);
    return detection_answered(d, HTTP_LOCATION).len > 0 && !is_slash &&
           !span_equal(location, target);
}

static void d47_vanished(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    if (!is_read(d->operation))
        return;
    bool is_gone = exchange->status == 404 || exchange->status == 410 || is_moved(d);
    if (!is_gone)
        return;
    const struct memo *memo = detection_recall(d, MEMO_GOOD, exchange->target);
    if (!memo || was_removed(d, exchange->target))
        return;
    bool has_missed = detection_has_missed(d, memo->last_ns);
    struct clue clue = {.severity = has_missed ? SEVERITY_INFO : SEVERITY_NONE,
                        .href = exchange->target};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, exchange->status);
    writer_text(detail, "; it was there in ");
    remark_frame(d, detail, memo->source, memo->frame);
    writer_text(detail, ".");
    if (has_missed)
        writer_text(detail, " Not all that happened in between was captured.");
}

static void d47_document(struct detection *d, const struct document_end *end)
{
    bool is_folder = d->event->request->depth == DEPTH_1 && d->facts->n_self > 0;
    if (end->operation == OPERATION_PROPFIND && end->verdict == VERDICT_ALL_OK && is_folder)
        (void)detection_remember(d, MEMO_GOOD, d->event->exchange->target);
    d47_vanished(d);
}

/* ---- D56: pages that nobody announced ---- */

static bool is_round(uint64_t n)
{
    static const uint64_t numbers[] = {500, 750, 1000, 2000, 5000, 10000};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (n == numbers[i])
            return true;
    return false;
}

/* How many different folders this client saw to hold exactly so many. */
static uint64_t n_as_round(struct detection *d, uint64_t n, bool is_new)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, n);
    struct memo_key key = detection_about(d, MEMO_ROUND, span_str("/"));
    key.more = span_str(number);
    const struct memo *memo =
        is_new ? memory_note(&d->history->memory, &key) : memory_find(&d->history->memory, &key);
    return memo ? memo->n : 1;
}

/* Once it may be by chance; that several folders hold the same round number hardly is. */
static void report_round(struct detection *d, uint64_t n)
{
    struct memo_key key = detection_about(d, MEMO_ROUND, detection_target(d));
    key.more = span_str("listing");
    const struct memo *before = memory_find(&d->history->memory, &key);
    if (before && before->value != n)
        memory_forget(&d->history->memory, &key);
    struct memo *memo = memory_note(&d->history->memory, &key);
    uint64_t n_times = memo ? memo->n : 1, n_folders = n_as_round(d, n, n_times == 1);
    if (memo)
        memo->value = n;
    struct clue clue = {.severity = n_folders > 1 ? SEVERITY_WARNING : SEVERITY_INFO,
                        .href = d->event->exchange->target,
                        .weight = n * n_folders + n_times};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "Exactly ");
    phrase_count(detail, n, "member", NULL);
    if (n_times > 1)
        writer_format(detail, ", %" PRIu64 " times", n_times);
    if (n_folders > 1)
        writer_format(detail, ", in %" PRIu64 " folders", n_folders);
    writer_text(detail,
                n_folders > 1 ? ": that may well be a limit." : ": that may be all, or a limit.");
}

static void d56_hidden_limit(struct detection *d, const struct document_end *end)
{
    bool is_listing = end->operation == OPERATION_PROPFIND && end->is_complete;
    struct clue clue = {.href = d->event->exchange->target, .weight = end->n_resources};
    bool has_next = url_link_has_next(detection_answered(d, HTTP_LINK));
    if (is_listing && has_next) {
        clue.cause = span_str("Link");
        struct writer *detail = detection_report(d, &clue);
        phrase_count(detail, end->n_resources, "resource", NULL);
        writer_text(detail, ", and a Link field to the next page, which WebDAV clients do not "
                            "follow.");
    } else if (is_listing && is_round(d->facts->n_members) && !(end->flags & DOCUMENT_TRUNCATED)) {
        report_round(d, d->facts->n_members);
    }
}

static const struct detector rows[] = {
    {.rule = "D29", .document = d29_change, .exchange = note_change},
    {.rule = "D34", .traits = TRAIT_MARK, .resource = d34_resource, .document = d34_not_listed},
    {.rule = "D35",
     .traits = TRAIT_OFFERS_SYNC,
     .resource = d35_offer,
     .document = d35_full_listing},
    {.rule = "D47", .document = d47_document, .exchange = d47_vanished},
    {.rule = "D56", .document = d56_hidden_limit},
};

const struct detectors detect_collection = {rows, sizeof rows / sizeof *rows};
