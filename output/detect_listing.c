/* Rules D18 to D21 and D23: what is odd about a listing by itself: slashes, entries that stand
 * twice or lack, its depth, names that are no URLs (DOMAIN.md 5.2). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/webdav.h"

#include <inttypes.h>

/* ---- D18: folders without their slash ---- */

static bool ends_in_slash(struct span href)
{
    return span_ends_in(span_first(href, span_find_any(href, "?#")), '/');
}

/* A folder that was asked about without the slash is mostly called as it was asked for. */
static void d18_slash(struct detection *d, const struct resource *resource)
{
    bool is_as_asked =
        resource->relation == RELATION_SELF && !ends_in_slash(d->event->exchange->target);
    struct clue clue = {.severity = is_as_asked ? SEVERITY_INFO : SEVERITY_NONE,
                        .owner = is_as_asked ? OWNER_CLIENT : OWNER_NONE,
                        .cause = span_str(is_as_asked ? "as asked" : ""),
                        .href = resource->hrefs[0]};
    if (!resource->is_collection || ends_in_slash(resource->hrefs[0]))
        return;
    writer_text(detection_report(d, &clue),
                is_as_asked ? "The client asked without the slash, and was answered so."
                            : "It is listed as a collection.");
}

/* So many redirects of one path, with so little time between them, are no browsing. */
enum { LOOP_REDIRECTS = 8, LOOP_SECONDS = 1 };

/* Whether the client asks without the slash again and again, whatever it is told. */
static bool is_in_loop(const struct memo *memo)
{
    if (!memo || memo->n < LOOP_REDIRECTS)
        return false;
    uint64_t lasted_ns = (uint64_t)memo->last_ns - (uint64_t)memo->first_ns;
    return lasted_ns / (memo->n - 1) < LOOP_SECONDS * SECOND_NS;
}

/* Clients follow a redirect to the slash; it mostly only costs them a second request. */
static void d18_redirect(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct span from = exchange->target, to = href_path(detection_answered(d, HTTP_LOCATION));
    bool is_redirect = exchange->status >= 301 && exchange->status <= 308;
    bool is_slash = to.len == from.len + 1 && span_starts(to, from) && ends_in_slash(to);
    if (!is_redirect || !is_slash || d->operation != OPERATION_PROPFIND)
        return;
    const struct memo *memo = detection_remember(d, MEMO_SLASH, from);
    bool is_loop = is_in_loop(memo);
    struct clue clue = {.severity = is_loop ? SEVERITY_WARNING : SEVERITY_INFO,
                        .owner = OWNER_CLIENT,
                        .cause = span_str("redirect"),
                        .href = from,
                        .weight = is_loop ? memo->n : 0};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client asked without the slash and was sent on");
    if (is_loop)
        writer_format(detail, ", %" PRIu64 " times at once: it may go in a circle", memo->n);
    writer_text(detail, ".");
}

/* ---- D19, D20: entries that stand twice, or lack ---- */

/* Other interfaces name things as they like. */
static bool is_of_other_interface(const struct detection *d)
{
    struct span type = detection_answered(d, HTTP_CONTENT_TYPE);
    return span_find_nocase(type, span_str("json")) < type.len ||
           (d->event->request->is_seen && !webdav_is_spoken(d));
}

static void d19_duplicates(struct detection *d, const struct resource *resource)
{
    /* a folder stands once for each subscription to it (DOMAIN.md 1.10) */
    if (!(resource->flags & RESOURCE_DUPLICATE) || d->operation == OPERATION_POLL ||
        is_of_other_interface(d))
        return;
    struct span href = resource->hrefs[0], path = href_path(href);
    bool is_doubled = span_find(path, span_str("//")) < path.len;
    struct clue clue = {.severity = is_doubled ? SEVERITY_WARNING : SEVERITY_NONE,
                        .cause = span_str(is_doubled ? "double slash" : ""),
                        .href = href};
    struct writer *detail = detection_report(d, &clue);
    if (is_doubled)
        writer_text(detail, "A double slash apart: clients may see two resources.");
    else if (!href_is_canonical(path))
        writer_text(detail, "The other entry may write the same characters with other escapes.");
}

static bool is_whole_listing(const struct detection *d, const struct document_end *end)
{
    return end->operation == OPERATION_PROPFIND && d->event->request->is_seen &&
           end->root == ROOT_MULTISTATUS && end->is_complete && end->n_resources > 0;
}

static void d20_self(struct detection *d, const struct document_end *end)
{
    const struct request *request = d->event->request;
    const struct facts *facts = d->facts;
    if (!is_whole_listing(d, end) || facts->n_misplaced > 0)
        return;
    struct clue clue = {.href = d->event->exchange->target};
    if (request->depth == DEPTH_0 && end->n_resources > 1) {
        clue.cause = span_str("Depth 0");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "Depth 0 was answered with ");
        phrase_count(detail, end->n_resources, "resource", NULL);
        writer_text(detail, ".");
    } else if (request->depth == DEPTH_1 && facts->n_self == 0 && !request->is_noroot) {
        clue.cause = span_str("no self");
        struct writer *detail = detection_report(d, &clue);
        phrase_count(detail, facts->n_members, "member", NULL);
        writer_text(detail, " and no entry for the folder itself.");
    }
}

/* ---- D21: depth ---- */

static bool lacks_depth(const struct detection *d)
{
    const struct exchange_message *request = &d->event->exchange->request;
    return request->is_seen && !request->is_partial && detection_asked(d, HTTP_DEPTH).len == 0;
}

/* Without a Depth field a PROPFIND goes all the way down (RFC 4918 §9.1). */
static bool is_deep(const struct detection *d)
{
    return d->event->request->depth == DEPTH_INFINITY || lacks_depth(d);
}

/* Some servers give no condition. */
static void d21_forbidden(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct clue clue = {.cause = span_str("refused"), .href = exchange->target};
    if (exchange->status != 403 || d->operation != OPERATION_PROPFIND || !is_deep(d))
        return;
    writer_text(
        detection_report(d, &clue),
        "Everything below was asked for, and answered with 403: the server may refuse Depth "
        "infinity.");
}

static void d21_refused(struct detection *d, const struct resource *resource)
{
    struct clue clue = {.cause = span_str("refused"), .href = resource->hrefs[0]};
    if (conditions_have(d->cause.conditions, "propfind-finite-depth"))
        writer_text(detection_report(d, &clue), "The server refuses Depth infinity.");
    else if (d->cause.conditions->n == 0)
        d21_forbidden(d);
}

/* Clients that forget the field want one level mostly, and cannot know how much comes. */
static void report_no_depth(struct detection *d, const struct document_end *end)
{
    if (!lacks_depth(d) || d->facts->n_members + d->facts->n_descendants == 0)
        return;
    struct clue clue = {.severity = SEVERITY_INFO,
                        .cause = span_str("no Depth"),
                        .href = d->event->exchange->target,
                        .weight = end->n_resources};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client sent no Depth field, which asks for everything below: ");
    phrase_count(detail, end->n_resources, "resource", NULL);
    writer_text(detail, ".");
}

/* Folders all of which are empty, or a server that answers one level only: nobody can tell. */
static void d21_depth(struct detection *d, const struct document_end *end)
{
    const struct facts *facts = d->facts;
    if (!is_whole_listing(d, end) || !is_deep(d))
        return;
    struct clue clue = {.severity = SEVERITY_INFO,
                        .cause = span_str("one level"),
                        .href = d->event->exchange->target,
                        .weight = facts->n_folders};
    bool is_one_level = facts->n_folders > 0 && facts->n_descendants == 0;
    if (!is_one_level) {
        report_no_depth(d, end);
        return;
    }
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "Everything below was asked for");
    writer_text(detail, lacks_depth(d) ? " (without a Depth field)" : "");
    writer_text(detail, ", and only the first level was answered, with ");
    phrase_count(detail, facts->n_folders, "folder", NULL);
    writer_text(detail, ": these may be empty, or not have been looked into.");
}

/* ---- D23: malformed names ---- */

/* As escaped for XML twice: one time was undone. */
static bool has_entity(struct span href)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#"};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        struct span behind = span_after(href, span_find(href, span_str(entities[i])));
        if (span_find_byte(behind, ';') < behind.len)
            return true;
    }
    return false;
}

/* A scheme that stands twice or lacks a slash, or bytes that no URL has; NULL: none of it. */
static const char *malformation(struct span href)
{
    if (href_repeats_scheme(href))
        return "The scheme stands twice.";
    bool is_http = span_starts(href, span_str("http:/")) || span_starts(href, span_str("https:/"));
    if (is_http && !href_scheme(href).ptr)
        return "A slash is missing behind the scheme.";
    if (has_entity(href))
        return "It was escaped for XML twice.";
    if (span_find_byte(href, '#') < href.len)
        return "There is a # in it, which clients take for the end of the path.";
    if (span_find_byte(href, '\\') < href.len)
        return "There is a backslash in it.";
    if (href_has_bare_percent(href))
        return "There is a percent sign in it that escapes nothing: it has to be %25.";
    return span_find_any(href, " \t\r\n") < href.len ? "There is white space in it." : NULL;
}

static void d23_malformed(struct detection *d, const struct resource *resource)
{
    bool has_href = !(resource->flags & RESOURCE_NO_HREF) && !is_of_other_interface(d);
    const char *what = has_href ? malformation(resource->hrefs[0]) : NULL;
    if (what)
        writer_text(detection_report(d, &(struct clue){.href = resource->hrefs[0]}), what);
}

static const struct detector rows[] = {
    {.rule = "D18", .traits = TRAIT_COLLECTION, .resource = d18_slash, .exchange = d18_redirect},
    {.rule = "D19", .traits = TRAIT_FLAGGED, .resource = d19_duplicates},
    {.rule = "D20", .document = d20_self},
    {.rule = "D21",
     .traits = TRAIT_CONDITION | TRAIT_REFUSED,
     .resource = d21_refused,
     .document = d21_depth,
     .exchange = d21_forbidden},
    {.rule = "D23", .traits = TRAIT_HREF_ODD | TRAIT_HREF_ESCAPE, .resource = d23_malformed},
};

const struct detectors detect_listing = {rows, sizeof rows / sizeof *rows};
