/* Rules D52 to D55 and D57: single entries of a listing that are odd, or closed (DOMAIN.md 5.5). */
#include "output/date.h"
#include "output/detector.h"
#include "output/phrase.h"
#include "output/webdav.h"

/* ---- D52 to D55: single resources ---- */

static void d52_redirect(struct detection *d, const struct resource *resource)
{
    if (resource->class != OUTCOME_REDIRECT)
        return;
    struct writer *detail = detection_report(d, &(struct clue){.href = resource->hrefs[0]});
    phrase_status(detail, d->cause.status);
    if (resource->location.len > 0) {
        writer_text(detail, ", to ");
        writer_bytes(detail, resource->location);
    }
    writer_text(detail, ".");
}

static void report_date(struct detection *d, struct clue clue, const char *what, struct span value)
{
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, what);
    writer_text(detail, ": ");
    writer_bytes(detail, value);
    writer_text(detail, ".");
}

/* Servers that stamp a little ahead are none the worse for it. */
enum { FUTURE_SECONDS = 24 * 3600 };

/* Seen by the server's own clock: that of the capture may stand anywhere. */
static bool is_in_future(const struct detection *d, int64_t seconds)
{
    int64_t now;
    return date_read_http(detection_answered(d, HTTP_DATE), &now) && seconds > now + FUTURE_SECONDS;
}

static void d53_date(struct detection *d, const struct resource *resource)
{
    struct span modified = resource->values[VALUE_LAST_MODIFIED];
    struct span created = resource->values[VALUE_CREATION_DATE];
    struct clue clue = {.href = resource->hrefs[0]};
    int64_t seconds;
    bool is_read = date_read_http(modified, &seconds);
    bool is_mail = date_is_mail(modified); /* most clients read it all the same */
    if (modified.len > 0 && !is_read && !is_mail)
        report_date(d, clue, "getlastmodified", modified);
    clue.severity = SEVERITY_INFO;
    clue.cause = span_str("zone");
    if (is_mail)
        report_date(d, clue, "getlastmodified with a zone instead of GMT", modified);
    clue.cause = span_str("future");
    if (is_read && is_in_future(d, seconds))
        report_date(d, clue, "In the future, by the server's own clock", modified);
    bool is_created_read = date_read_internet(created, &seconds);
    if (is_created_read && is_in_future(d, seconds))
        report_date(d, clue, "creationdate in the future, by the server's own clock", created);
    clue.cause = span_str("creationdate");
    if (created.len > 0 && !is_created_read)
        report_date(d, clue, "creationdate", created);
}

static bool names_type(const struct name *properties, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_equal(properties[i].local, span_str("resourcetype")))
            return true;
    return false;
}

/* What the resource says of its resourcetype: the class of the propstat that holds it. */
static enum outcome outcome_of_type(const struct resource *resource)
{
    for (size_t i = 0; i < resource->n_propstats; i++)
        if (names_type(resource->propstats[i].properties, resource->propstats[i].n_properties))
            return resource->propstats[i].class;
    return OUTCOME_MISSING;
}

/* By name, wherever values and not only names are told. */
static bool wants_type(const struct detection *d)
{
    const struct request *request = d->event->request;
    return request->is_body_whole && !operation_is_write(request->operation) &&
           names_type(request->properties, request->n_properties);
}

/* The slash says folder, but for the root, which has no other name; principals and the like have
 * types of their own. */
static void d54_folder(struct detection *d, const struct resource *resource)
{
    struct span path = href_path(resource->hrefs[0]);
    bool is_folder = path.len > 1 && span_ends_in(path, '/');
    if (resource->class != OUTCOME_OK || !is_folder || resource->has_type || !wants_type(d))
        return;
    enum outcome type = outcome_of_type(resource);
    bool is_told = type == OUTCOME_OK || type == OUTCOME_NEUTRAL;
    struct clue clue = {.cause = span_str(is_told ? "no collection" : "missing"),
                        .href = resource->hrefs[0]};
    if (is_told)
        writer_text(detection_report(d, &clue),
                    "It ends in a slash as folders do, and its resourcetype is empty.");
    else if (!d->event->request->is_minimal)
        writer_text(detection_report(d, &clue),
                    "It ends in a slash as folders do, and the resourcetype that was asked for is "
                    "missing.");
}

/* What only collections are, or the mark of a collection where it does not count. */
static const char *fault_of_type(const struct resource *resource)
{
    if (resource->is_collection)
        return NULL;
    if (resource->has_nested_collection)
        return "collection stands inside another element of resourcetype, where it means nothing.";
    return resource->is_folder_type ? "resourcetype says calendar, address book or the like, and "
                                      "lacks collection, which "
                                      "these are too."
                                    : NULL;
}

static void d54_resourcetype(struct detection *d, const struct resource *resource)
{
    struct span text = resource->values[VALUE_RESOURCETYPE];
    const char *fault = fault_of_type(resource);
    struct clue clue = {.href = resource->hrefs[0]};
    if (fault) {
        clue.cause = span_str(resource->has_nested_collection ? "nested" : "no collection");
        writer_text(detection_report(d, &clue), fault);
    }
    if (text.len == 0) {
        if (!fault)
            d54_folder(d, resource);
        return;
    }
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "resourcetype holds the text \"");
    writer_bytes(detail, text);
    writer_text(detail, "\" instead of an element.");
}

/* The library neon refuses what is not exactly as the specification has it (DOMAIN.md 1.12). */
static bool is_strict_client(const struct detection *d)
{
    return detection_is_client(d, "neon/") || detection_is_client(d, "davfs2/");
}

/* The first status line that is not in due form, as it stands there; empty: there is none. */
static struct span odd_line(const struct resource *resource)
{
    const struct status_line *line = &resource->status;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        if (line->is_odd || (line->is_present && line->code == 0))
            break;
        line = &resource->propstats[i].status;
    }
    return line->is_odd || line->code == 0 ? line->reason : span_str("");
}

static void say_line(struct writer *detail, struct span line)
{
    if (line.len > 0) {
        writer_text(detail, ": \"");
        writer_bytes(detail, line);
        writer_text(detail, "\"");
    }
    writer_text(detail, ".");
}

/* A number, but none that says what became of it: 207 again, 999 (DOMAIN.md 1.4). 404 and 410 do,
 * to who knows what was asked. */
static void d55_meaningless(struct detection *d, const struct resource *resource)
{
    uint16_t code = d->cause.status;
    bool is_known =
        code != 0 && code != 404 && code != 410 && !(resource->flags & RESOURCE_PARTIAL);
    if (resource->class != OUTCOME_UNKNOWN || !is_known || !webdav_is_spoken(d))
        return;
    struct clue clue = {.cause = span_str("meaningless"), .href = resource->hrefs[0]};
    writer_format(detection_report(d, &clue), "Status %u has no meaning inside an answer.",
                  (unsigned)code);
}

static void d55_status_line(struct detection *d, const struct resource *resource)
{
    bool is_unreadable = resource->flags &
                         (RESOURCE_STATUS_MALFORMED | RESOURCE_STATUS_MISSING | RESOURCE_NO_STATUS);
    bool is_odd = resource->flags & RESOURCE_STATUS_ODD;
    if (resource->is_of_json)
        return;
    if (!is_unreadable && !is_odd) {
        d55_meaningless(d, resource);
        return;
    }
    bool is_harmful = is_unreadable || is_strict_client(d);
    struct clue clue = {.severity = is_harmful ? SEVERITY_NONE : SEVERITY_INFO,
                        .cause = span_str(is_unreadable ? "unreadable" : "odd"),
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, is_unreadable ? "No status can be read" : "Readable, but not in due form");
    say_line(detail, odd_line(resource));
    if (is_odd && is_strict_client(d))
        writer_text(detail, " This client may refuse the whole answer.");
}

/* ---- D57: listed, but closed ---- */

/* Conditions that speak of the form that was asked for, not of rights. */
static bool is_about_form(const struct conditions *conditions)
{
    return conditions_have(conditions, "supported-calendar-data") ||
           conditions_have(conditions, "supported-address-data") ||
           conditions_have(conditions, "supported-address-data-conversion");
}

static void d57_unreadable(struct detection *d, const struct resource *resource)
{
    bool is_listed =
        resource->relation == RELATION_MEMBER || resource->relation == RELATION_DESCENDANT;
    bool is_refused =
        resource->class == OUTCOME_FAILED && d->cause.status == 403 && d->cause.propstat;
    if (!is_listed || !is_refused || operation_is_write(d->event->request->operation))
        return;
    if (is_about_form(d->cause.conditions)) {
        struct clue clue = {
            .owner = OWNER_CLIENT, .cause = span_str("form"), .href = resource->hrefs[0]};
        writer_text(detection_report(d, &clue),
                    "The server cannot give its data in the form that was asked for (403): no "
                    "matter of rights.");
        return;
    }
    bool has_some = resource->n_propstats > 1;
    writer_text(detection_report(d, &(struct clue){.href = resource->hrefs[0]}),
                has_some ? "Listed, but its data may not be read (403)."
                         : "Listed, but nothing of it may be read (403).");
}

static const struct detector rows[] = {
    {.rule = "D52", .traits = TRAIT_NOT_OK, .resource = d52_redirect},
    {.rule = "D53", .traits = TRAIT_DATE, .resource = d53_date},
    {.rule = "D54",
     .traits = TRAIT_TYPE_ODD | TRAIT_HREF_SLASH | TRAIT_HREF_ODD,
     .resource = d54_resourcetype},
    {.rule = "D55", .traits = TRAIT_FLAGGED | TRAIT_NOT_OK, .resource = d55_status_line},
    {.rule = "D57", .traits = TRAIT_FAILED, .resource = d57_unreadable},
};

const struct detectors detect_entry = {rows, sizeof rows / sizeof *rows};
