/* Rules D45 and D46: how clients find the service and the user's data (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"

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

static const struct detector rows[] = {
    {.rule = "D45", .exchange = d45_well_known},
    {.rule = "D46", .resource = d46_properties},
};

const struct detectors detect_discovery = {rows, sizeof rows / sizeof *rows};
