/* Rules D45 and D46: how clients find the service and the user's data (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"

#include <inttypes.h>

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
        return d->event->exchange->response.is_partial ? NULL
                                                       : "It redirects, and does not say where to.";
    if (is_same_host && span_equal(href_path(location), href_path(target)))
        return "It redirects to itself.";
    if (is_secure(d) && span_equal_nocase(href_scheme(location), span_str("http")))
        return "It redirects from https to http, which clients may refuse.";
    return NULL;
}

static void report_redirect(struct detection *d, const char *fault)
{
    struct clue clue = {.cause = span_str(fault), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, fault);
    writer_text(detail, " Location: ");
    writer_bytes(detail, detection_answered(d, HTTP_LOCATION));
}

/* ---- chains: the redirects of several requests ---- */

/* As many as clients follow. */
enum { MAX_REDIRECTS = 5 };

static bool is_redirect(const struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    return status >= 300 && status < 400 && status != 304;
}

/* The path of the redirect that led here, asked with the same method; NULL: none did. */
static const struct memo *came_by(struct detection *d, struct span method)
{
    struct memo_key key = detection_about(d, MEMO_REDIRECTED, detection_target(d));
    key.more = method;
    return memory_find(&d->history->memory, &key);
}

static uint64_t hash_of_path(struct detection *d, struct span path)
{
    return memory_hash(&d->history->memory, href_path(path));
}

/* One redirect more, on the way from /.well-known/. */
static void follow_chain(struct detection *d, const struct memo *before)
{
    struct span location = detection_answered(d, HTTP_LOCATION);
    struct memo_key key = detection_about(d, MEMO_REDIRECTED, location);
    uint32_t n = before ? before->step + 1 : 1;
    uint64_t start = before ? before->value : hash_of_path(d, detection_target(d));
    key.more = detection_method(d);
    bool is_own = span_equal(href_path(location), href_path(detection_target(d)));
    if (n > 1 && !is_own && hash_of_path(d, location) == start)
        report_redirect(d, "The redirects lead back to where they began.");
    else if (n == MAX_REDIRECTS)
        report_redirect(d, "This is the fifth redirect in a row; clients may give up.");
    struct memo *memo = location.len > 0 ? memory_note(&d->history->memory, &key) : NULL;
    if (!memo)
        return;
    memo->step = n;
    memo->value = start;
}

static void report_dead_end(struct detection *d)
{
    struct clue clue = {.cause = span_str("dead end"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The redirect from /.well-known/ leads here, and the answer is ");
    phrase_status(detail, d->event->exchange->status);
    writer_text(detail, ".");
}

static bool is_nowhere(const struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    return status == 404 || status == 405 || status == 501;
}

/* Clients that follow a 301 or 302 as browsers do ask on with GET, and learn nothing. */
static void d45_chain(struct detection *d)
{
    struct span method = detection_method(d);
    const struct memo *before = came_by(d, method);
    const struct memo *other =
        span_equal(method, span_str("GET")) ? came_by(d, span_str("PROPFIND")) : NULL;
    if (is_redirect(d) && (before || is_well_known(detection_target(d))))
        follow_chain(d, before);
    else if (before && is_nowhere(d))
        report_dead_end(d);
    if (!other)
        return;
    struct clue clue = {
        .owner = OWNER_CLIENT, .cause = span_str("became GET"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The PROPFIND that was redirected here, in ");
    remark_frame(d, detail, other->source, other->frame);
    writer_text(detail, ", came as a GET, which tells nothing of the account.");
}

static void d45_well_known(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct clue clue = {.href = exchange->target};
    d45_chain(d);
    if (!is_well_known(exchange->target) || exchange->status == 0)
        return;
    if (is_redirect(d)) {
        const char *fault = fault_of_redirect(d);
        if (fault)
            report_redirect(d, fault);
        return;
    }
    if (!is_nowhere(d))
        return;
    clue.severity = SEVERITY_INFO; /* clients look for it on servers that never promised it */
    clue.cause = span_str("nothing there");
    writer_format(detection_report(d, &clue), "Answered with %u.", (unsigned)exchange->status);
}

static void d45_document(struct detection *d, const struct document_end *end)
{
    if (detection_is_refusal(end))
        d45_well_known(d);
}

/* ---- D46: where the user's data is ---- */

static bool is_principal(struct span property)
{
    return span_equal(property, span_str("current-user-principal"));
}

static bool is_home(struct span property)
{
    return span_equal(property, span_str("calendar-home-set")) ||
           span_equal(property, span_str("addressbook-home-set"));
}

/* How many properties that lead on the answer holds, and of homes how many it lacks. Where one
 * leads on, a home that is not there is as it may be: the principal has it, or the server no such
 * data. */
struct leads {
    unsigned n_found, n_homes_lost;
};

static struct leads leads_of(const struct resource *resource)
{
    struct leads leads = {0};
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        for (size_t j = 0; j < propstat->n_properties; j++) {
            struct span name = propstat->properties[j].local;
            bool is_lost = propstat->class == OUTCOME_ABSENT;
            leads.n_homes_lost += is_lost && is_home(name);
            leads.n_found += !is_lost && (is_home(name) || is_principal(name));
        }
    }
    return leads;
}

/* Where nothing else leads on: at the front door, and at the principal when it names no home of
 * either kind. A server of calendars alone has no address books. */
static bool is_the_end(struct detection *d, struct span name, const struct leads *leads)
{
    struct span path = href_path(detection_target(d));
    bool is_door = is_well_known(path) || span_equal(path, span_str("/"));
    if (is_principal(name))
        return is_door;
    return is_door || (leads->n_homes_lost > 1 && detection_recall(d, MEMO_PRINCIPAL, path));
}

static void report_lost(struct detection *d, const struct resource *resource, struct span name,
                        const struct leads *leads)
{
    struct clue clue = {.severity = is_the_end(d, name, leads) ? SEVERITY_WARNING : SEVERITY_INFO,
                        .cause = name,
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, name);
    writer_text(detail, " is not there.");
}

/* Asked at the front door nothing else leads on; elsewhere clients just ask. */
static void d46_properties(struct detection *d, const struct resource *resource)
{
    struct span principal = resource->values[VALUE_PRINCIPAL];
    if (principal.len > 0)
        (void)detection_remember(d, MEMO_PRINCIPAL, principal);
    if (d->event->request->depth != DEPTH_0 || resource->relation != RELATION_SELF)
        return;
    struct clue stranger = {.cause = span_str("unauthenticated"), .href = resource->hrefs[0]};
    if (resource->is_unauthenticated && d->event->exchange->request.has_authorization)
        writer_text(detection_report(d, &stranger),
                    "current-user-principal says that nobody is logged in, although the client "
                    "sent credentials: they do not reach the application.");
    const struct leads leads = leads_of(resource);
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        for (size_t j = 0; propstat->class == OUTCOME_ABSENT && j < propstat->n_properties; j++) {
            struct span name = propstat->properties[j].local;
            if (is_principal(name) || (is_home(name) && leads.n_found == 0))
                report_lost(d, resource, name, &leads);
        }
    }
}

static const struct detector rows[] = {
    {.rule = "D45", .document = d45_document, .exchange = d45_well_known},
    {.rule = "D46", .traits = TRAIT_PRINCIPAL | TRAIT_SELF, .resource = d46_properties},
};

const struct detectors detect_discovery = {rows, sizeof rows / sizeof *rows};
