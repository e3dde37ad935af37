/* Rules D45 to D58: discovery, redirects, the state of the service, and answers that are odd but
 * can be read (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/time_text.h"

#include <inttypes.h>

#define SECOND_NS UINT64_C(1000000000)

/* ---- D45: /.well-known/ (RFC 6764 §5) ---- */

static bool is_well_known(struct span target)
{
    struct span path = href_path(target);
    return span_starts(path, span_str("/.well-known/caldav")) ||
           span_starts(path, span_str("/.well-known/carddav"));
}

static bool is_secure(const struct detection *d)
{
    return d->event->connection->tls_version ||
           span_equal_nocase(detection_asked(d, HTTP_X_FORWARDED_PROTO), span_str("https"));
}

/* What is wrong with where the client is sent; NULL: nothing. */
static const char *fault_of_redirect(const struct detection *d)
{
    struct span location = detection_answered(d, HTTP_LOCATION);
    struct span target = d->event->exchange->target;
    bool is_same_host =
        !href_authority(location).ptr ||
        href_same_authority(href_authority(location), detection_asked(d, HTTP_HOST));
    if (location.len == 0)
        return "It redirects, and does not say where to.";
    if (is_same_host && span_equal(href_path(location), href_path(target)))
        return "It redirects to itself.";
    if (is_secure(d) && span_equal_nocase(href_scheme(location), span_str("http")))
        return "It redirects from https to http, which clients refuse.";
    return NULL;
}

static void d45_well_known(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct clue clue = {.href = exchange->target};
    if (!is_well_known(exchange->target) || exchange->status == 0)
        return;
    if (exchange->status >= 300 && exchange->status < 400) {
        const char *fault = fault_of_redirect(d);
        if (!fault)
            return;
        clue.cause = span_str("redirect");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, fault);
        writer_text(detail, " Location: ");
        writer_bytes(detail, detection_answered(d, HTTP_LOCATION));
        return;
    }
    bool is_nowhere = exchange->status == 404 || exchange->status == 405 || exchange->status == 501;
    if (!is_nowhere)
        return;
    clue.severity = SEVERITY_INFO; /* clients look for it on servers that never promised it */
    clue.cause = span_str("nothing there");
    writer_format(detection_report(d, &clue), "Answered with %u.", (unsigned)exchange->status);
}

/* ---- D46: where the user's data is ---- */

static bool is_home(struct span property)
{
    static const char *const names[] = {"current-user-principal", "calendar-home-set",
                                        "addressbook-home-set"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_equal(property, span_str(names[i])))
            return true;
    return false;
}

/* Asked at the front door nothing else leads on; elsewhere clients just ask. */
static void d46_properties(struct detection *d, const struct resource *resource)
{
    struct span path = href_path(d->event->exchange->target);
    bool is_door = is_well_known(path) || span_equal(path, span_str("/"));
    if (d->event->request->depth != DEPTH_0 || resource->relation != RELATION_SELF)
        return;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        for (size_t j = 0; propstat->class == OUTCOME_ABSENT && j < propstat->n_properties; j++) {
            struct span name = propstat->properties[j].local;
            bool leads_on = span_equal(name, span_str("current-user-principal"));
            struct clue clue = {.severity = is_door && leads_on ? SEVERITY_WARNING : SEVERITY_INFO,
                                .cause = name,
                                .href = resource->hrefs[0]};
            if (!is_home(name))
                continue;
            struct writer *detail = detection_report(d, &clue);
            writer_bytes(detail, name);
            writer_text(detail, " is not there.");
        }
    }
}

/* ---- D47: collections that vanish ---- */

static struct memo_key about(const struct detection *d, enum memo_kind kind, struct span path)
{
    return (struct memo_key){.kind = kind, .event = d->event, .path = path};
}

/* Folders above that are looked at: trees of people are not so deep. */
enum { MAX_LEVELS = 32 };

/* Whether it, or a folder above it, was removed or moved away. */
static bool was_removed(struct detection *d, struct span path)
{
    path = href_path(path);
    for (int i = 0; i < MAX_LEVELS && path.len > 0; i++) {
        struct memo_key gone = about(d, MEMO_GONE, path);
        if (memory_find(&d->history->memory, &gone))
            return true;
        do
            path.len--;
        while (path.len > 0 && path.ptr[path.len] != '/');
    }
    struct memo_key root = about(d, MEMO_GONE, span_str("/"));
    return memory_find(&d->history->memory, &root) != NULL;
}

static bool is_read(enum operation operation)
{
    return operation == OPERATION_PROPFIND || operation >= OPERATION_REPORT;
}

static void d47_vanished(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    bool is_gone = exchange->status == 404 || exchange->status == 410;
    struct memo_key good = about(d, MEMO_GOOD, exchange->target);
    if (!is_gone || !is_read(detection_operation(d)))
        return;
    const struct memo *memo = memory_find(&d->history->memory, &good);
    if (!memo || was_removed(d, exchange->target))
        return;
    struct writer *detail = detection_report(d, &(struct clue){.href = exchange->target});
    phrase_status(detail, exchange->status);
    writer_format(detail, "; it was there in frame %" PRIu64 ".", memo->frame);
}

static void d47_document(struct detection *d, const struct document_end *end)
{
    bool is_folder = d->event->request->depth == DEPTH_1 && d->facts->n_self > 0;
    struct memo_key good = about(d, MEMO_GOOD, d->event->exchange->target);
    if (end->operation == OPERATION_PROPFIND && end->verdict == VERDICT_ALL_OK && is_folder)
        memory_note(&d->history->memory, &good);
    d47_vanished(d);
}

/* ---- D48: turned away ---- */

static void d48_unavailable(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    bool is_limit = exchange->status == 429;
    if (!is_limit && exchange->status != 503)
        return;
    struct span after = detection_answered(d, HTTP_RETRY_AFTER);
    struct clue clue = {.cause = span_str(is_limit ? "429" : "503"), .href = exchange->target};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, exchange->status);
    if (after.len > 0) {
        writer_text(detail, ", Retry-After: ");
        writer_bytes(detail, after);
    }
    writer_text(detail, ".");
}

static void d48_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d48_unavailable(d);
}

/* ---- D49: not ready yet ---- */

static void d49_pending(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    struct clue clue = {.href = resource->hrefs[0]};
    if (resource->class == OUTCOME_PENDING && cause.status == 425)
        writer_text(detection_report(d, &clue), "425 Too Early: the server is not done with it.");
}

/* ---- D50: slow ---- */

enum { SLOW_SECONDS = 10 };

static void say_time(struct writer *detail, uint64_t time_ns, const char *what)
{
    char text[TIME_TEXT_BYTES];
    time_text_duration(time_ns, text);
    writer_format(detail, "%s %s", text, what);
}

static void d50_slow(struct detection *d, const struct document_end *end)
{
    uint64_t first_ns = detection_first_byte_ns(d), body_ns = detection_body_ns(d);
    if (first_ns + body_ns < SLOW_SECONDS * SECOND_NS)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = first_ns + body_ns};
    struct writer *detail = detection_report(d, &clue);
    say_time(detail, first_ns, "to the first byte, ");
    say_time(detail, body_ns, "for the body of ");
    phrase_bytes(detail, d->event->exchange->response.body_bytes);
    writer_text(detail, " with ");
    phrase_count(detail, end->n_resources, "resource", NULL);
    writer_text(detail, ".");
}

/* ---- D51: heavy requests ---- */

enum { LARGE_LISTING = 1000 };

static bool wants_everything(const struct detection *d)
{
    const struct request *request = d->event->request;
    const struct exchange_message *message = &d->event->exchange->request;
    bool has_no_body = message->is_seen && message->is_complete && message->body_bytes == 0;
    return request->choice == PROPERTIES_ALL || has_no_body;
}

static bool wants_data(const struct request *request)
{
    for (size_t i = 0; i < request->n_properties; i++)
        if (span_equal(request->properties[i].local, span_str("calendar-data")) ||
            span_equal(request->properties[i].local, span_str("address-data")))
            return true;
    return false;
}

static void d51_heavy(struct detection *d, const struct document_end *end)
{
    bool is_listing = end->operation == OPERATION_PROPFIND && d->event->request->is_seen;
    struct clue clue = {.href = d->event->exchange->target, .weight = end->n_resources};
    if (is_listing && wants_everything(d) && end->n_resources > LARGE_LISTING) {
        clue.cause = span_str("allprop");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "All properties of ");
        phrase_count(detail, end->n_resources, "resource", NULL);
        writer_text(detail, ".");
    } else if (is_listing && wants_data(d->event->request)) {
        clue.cause = span_str("data");
        writer_text(detection_report(d, &clue), "The data of all items in a PROPFIND.");
    }
}

/* ---- D52 to D55: single resources ---- */

static void d52_redirect(struct detection *d, const struct resource *resource)
{
    if (resource->class != OUTCOME_REDIRECT)
        return;
    struct writer *detail = detection_report(d, &(struct clue){.href = resource->hrefs[0]});
    phrase_status(detail, record_cause(resource).status);
    if (resource->location.len > 0) {
        writer_text(detail, ", to ");
        writer_bytes(detail, resource->location);
    }
    writer_text(detail, ".");
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7); a letter stands for a letter, 0 for a digit.
 */
static bool is_http_date(struct span value)
{
    static const char form[] = "aaa, 00 aaa 0000 00:00:00 GMT";
    if (value.len != sizeof form - 1)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.ptr[i], like = (uint8_t)form[i];
        bool is_digit = c >= '0' && c <= '9', is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool fits = like == '0' ? is_digit : like == 'a' ? is_letter : c == like;
        if (!fits)
            return false;
    }
    return true;
}

static void d53_date(struct detection *d, const struct resource *resource)
{
    struct span value = resource->values[VALUE_LAST_MODIFIED];
    if (value.len == 0 || is_http_date(value))
        return;
    struct writer *detail = detection_report(d, &(struct clue){.href = resource->hrefs[0]});
    writer_text(detail, "getlastmodified: ");
    writer_bytes(detail, value);
    writer_text(detail, ".");
}

static void d54_resourcetype(struct detection *d, const struct resource *resource)
{
    struct span text = resource->values[VALUE_RESOURCETYPE];
    if (text.len == 0)
        return;
    struct writer *detail = detection_report(d, &(struct clue){.href = resource->hrefs[0]});
    writer_text(detail, "resourcetype holds the text \"");
    writer_bytes(detail, text);
    writer_text(detail, "\" instead of an element.");
}

/* The library neon refuses what is not exactly as the specification has it (DOMAIN.md 1.12). */
static bool is_strict_client(const struct detection *d)
{
    return detection_is_client(d, "neon/") || detection_is_client(d, "davfs2/");
}

static void d55_status_line(struct detection *d, const struct resource *resource)
{
    bool is_unreadable = resource->flags &
                         (RESOURCE_STATUS_MALFORMED | RESOURCE_STATUS_MISSING | RESOURCE_NO_STATUS);
    bool is_odd = resource->flags & RESOURCE_STATUS_ODD;
    if (!is_unreadable && !is_odd)
        return;
    bool is_harmful = is_unreadable || is_strict_client(d);
    struct clue clue = {.severity = is_harmful ? SEVERITY_NONE : SEVERITY_INFO,
                        .cause = span_str(is_unreadable ? "unreadable" : "odd"),
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail,
                is_unreadable ? "No status can be read." : "Readable, but not in due form.");
    if (is_odd && is_strict_client(d))
        writer_text(detail, " This client may refuse the whole answer.");
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

static void d56_hidden_limit(struct detection *d, const struct document_end *end)
{
    struct span link = detection_answered(d, HTTP_LINK);
    bool is_listing = end->operation == OPERATION_PROPFIND && end->is_complete;
    struct clue clue = {.href = d->event->exchange->target, .weight = end->n_resources};
    bool has_next = span_find(link, span_str("rel=\"next\"")) < link.len ||
                    span_find(link, span_str("rel=next")) < link.len;
    if (is_listing && has_next) {
        clue.cause = span_str("Link");
        struct writer *detail = detection_report(d, &clue);
        phrase_count(detail, end->n_resources, "resource", NULL);
        writer_text(detail, ", and a Link field to the next page, which WebDAV clients do not "
                            "follow.");
    } else if (is_listing && is_round(d->facts->n_members) && !(end->flags & DOCUMENT_TRUNCATED)) {
        clue.severity = SEVERITY_INFO; /* once it may be by chance */
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "Exactly ");
        phrase_count(detail, d->facts->n_members, "member", NULL);
        writer_text(detail, ": that may be all, or a limit.");
    }
}

/* ---- D57: listed, but closed ---- */

static void d57_unreadable(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    bool is_member =
        resource->relation == RELATION_MEMBER || resource->relation == RELATION_DESCENDANT;
    bool is_refused = resource->class == OUTCOME_FAILED && cause.status == 403 && cause.propstat;
    if (is_member && is_refused && !operation_is_write(d->event->request->operation))
        writer_text(detection_report(d, &(struct clue){.href = resource->hrefs[0]}),
                    "Listed, but nothing of it may be read (403).");
}

/* ---- D58: batches under 200 ---- */

static void d58_batch(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    bool is_success = status >= 200 && status < 300 && status != 207;
    if (!is_success || end->format != FORMAT_JSON || d->facts->n_failed == 0)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = d->facts->n_failed};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u, but ", (unsigned)status);
    phrase_outcome(detail, end->by_class, end->n_resources);
    writer_text(detail, ".");
}

static const struct detector rows[] = {
    {.rule = "D45", .exchange = d45_well_known},
    {.rule = "D46", .resource = d46_properties},
    {.rule = "D47", .document = d47_document, .exchange = d47_vanished},
    {.rule = "D48", .document = d48_document, .exchange = d48_unavailable},
    {.rule = "D49", .resource = d49_pending},
    {.rule = "D50", .document = d50_slow},
    {.rule = "D51", .document = d51_heavy},
    {.rule = "D52", .resource = d52_redirect},
    {.rule = "D53", .resource = d53_date},
    {.rule = "D54", .resource = d54_resourcetype},
    {.rule = "D55", .resource = d55_status_line},
    {.rule = "D56", .document = d56_hidden_limit},
    {.rule = "D57", .resource = d57_unreadable},
    {.rule = "D58", .document = d58_batch},
};

const struct detectors detect_service = {rows, sizeof rows / sizeof *rows};
