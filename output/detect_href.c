/* Rules D13 to D23: URLs in answers that clients stumble over (DOMAIN.md 5.2). How much an href
 * differs from what was asked for is known already (dav/reconcile.h); here it is said what follows.
 */
#include "dissector/base/hex.h"
#include "output/detector.h"
#include "output/phrase.h"
#include "output/webdav.h"

#include <inttypes.h>

static bool ends_in_slash(struct span href)
{
    struct span path = span_first(href, span_find_any(href, "?#"));
    return path.len > 0 && path.ptr[path.len - 1] == '/';
}

static bool is_multiget(const struct detection *d)
{
    enum operation operation = d->event->request->operation;
    return operation == OPERATION_REPORT_CALENDAR_MULTIGET ||
           operation == OPERATION_REPORT_ADDRESSBOOK_MULTIGET;
}

/* Answers about a folder and what is in it. */
static bool is_listing(const struct detection *d)
{
    enum operation operation = d->event->request->operation;
    return operation == OPERATION_PROPFIND || operation == OPERATION_REPORT_SYNC_COLLECTION ||
           operation == OPERATION_REPORT_CALENDAR_QUERY ||
           operation == OPERATION_REPORT_ADDRESSBOOK_QUERY;
}

static void say_both(struct detection *d, struct writer *detail, const struct resource *resource)
{
    if (is_multiget(d)) {
        writer_text(detail, "Asked for in another spelling than it was answered: ");
    } else {
        writer_text(detail, "Asked about ");
        writer_bytes(detail, d->event->exchange->target);
        writer_text(detail, ", answered about ");
    }
    writer_bytes(detail, resource->hrefs[0]);
    writer_text(detail, ".");
}

static void report_drift(struct detection *d, const struct resource *resource, struct clue clue)
{
    clue.href = resource->hrefs[0];
    say_both(d, detection_report(d, &clue), resource);
}

/* Clients that ask for items one by one compare names byte by byte; a folder's own name they
 * normalise mostly. */
static void d13_encoding(struct detection *d, const struct resource *resource)
{
    if (resource->flags & RESOURCE_ENCODING_DRIFT)
        report_drift(d, resource,
                     (struct clue){.severity = is_multiget(d) ? SEVERITY_ERROR : SEVERITY_INFO});
}

/* No name holds a slash, so that none is left of encoding one twice. */
static bool is_slash(const uint8_t *hex)
{
    return hex[0] == '2' && (hex[1] == 'F' || hex[1] == 'f');
}

/* What is left of an escape after another encoding. Names that hold such escapes themselves exist,
 * of files that were downloaded badly. */
static bool looks_encoded_twice(struct span href)
{
    const struct span percent = span_str("%25");
    for (href = span_after(href, span_find(href, percent)); href.len >= 5;
         href = span_after(href, span_find(href, percent))) {
        const uint8_t *behind = href.ptr + percent.len;
        if (hex_value(behind[0]) >= 0 && hex_value(behind[1]) >= 0 && !is_slash(behind))
            return true;
        href = span_after(href, percent.len);
    }
    return false;
}

static void d14_double_encoding(struct detection *d, const struct resource *resource)
{
    if (resource->flags & RESOURCE_DOUBLE_ENCODED) {
        report_drift(d, resource, (struct clue){0});
        return;
    }
    bool is_member = is_listing(d) && resource->relation != RELATION_SELF;
    struct clue clue = {
        .severity = SEVERITY_INFO, .cause = span_str("may be"), .href = resource->hrefs[0]};
    if (is_member && looks_encoded_twice(resource->hrefs[0]) &&
        !looks_encoded_twice(detection_target(d)))
        writer_text(detection_report(d, &clue),
                    "It may be encoded twice, or the name holds a percent sign of its own.");
}

static void d15_unicode(struct detection *d, const struct resource *resource)
{
    if (resource->flags & RESOURCE_NFC_NFD)
        report_drift(d, resource, (struct clue){0});
}

/* ---- D16: what a proxy in front should have translated ---- */

/* More of one listing than a client goes into at once. */
enum { MAX_REMEMBERED_HREFS = 500 };

/* Where a client that believes the URL goes next. */
static void note_rewritten(struct detection *d, struct span href)
{
    struct span host = href_authority(href);
    struct memo *memo = detection_remember(d, MEMO_REWRITTEN, href);
    if (!host.ptr)
        host = detection_asked(d, HTTP_HOST);
    if (memo)
        memo->value = memory_hash(&d->history->memory, host);
}

static bool is_through_proxy(const struct detection *d)
{
    static const enum http_field fields[] = {HTTP_VIA, HTTP_FORWARDED, HTTP_X_FORWARDED_HOST,
                                             HTTP_X_FORWARDED_PROTO, HTTP_X_FORWARDED_PREFIX};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (detection_asked(d, fields[i]).len > 0 || detection_answered(d, fields[i]).len > 0)
            return true;
    return false;
}

/* Where scheme and host are right and no proxy is seen, the server may call its resources so by
 * itself, as some that are scripts do: nobody is to blame before that is known. */
static void d16_resource(struct detection *d, const struct resource *resource)
{
    if (!(resource->flags & RESOURCE_PROXY_REWRITE))
        return;
    bool is_open = !href_authority(resource->hrefs[0]).ptr && !is_through_proxy(d);
    struct clue clue = {.owner = is_open ? OWNER_SERVER : OWNER_NONE,
                        .cause = span_str(is_open ? "path" : ""),
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    say_both(d, detail, resource);
    if (is_open)
        writer_text(detail, " A proxy may change the path on the way, or the server itself calls "
                            "its resources so.");
    if (resource->ordinal < MAX_REMEMBERED_HREFS && resource->relation != RELATION_SELF)
        note_rewritten(d, resource->hrefs[0]);
}

/* The next request of the client went there, and found nothing. */
static void d16_followed(struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    bool is_lost = status == 404 || status == 410 || status == 502 ||
                   (status >= 300 && status < 400 && status != 304);
    const struct memo *memo =
        is_lost ? detection_recall(d, MEMO_REWRITTEN, detection_target(d)) : NULL;
    struct span host = detection_asked(d, HTTP_HOST);
    if (!memo || memo->value != memory_hash(&d->history->memory, host))
        return;
    struct clue clue = {.cause = span_str("followed"), .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "The client went where the answer in frame %" PRIu64 " sent it, to ",
                  memo->frame);
    writer_bytes(detail, host);
    writer_text(detail, ", and got ");
    phrase_status(detail, status);
    writer_text(detail, ".");
}

/* The same fault mirrored: a Destination that the server does not take for its own. 502 is also
 * what it is to say when another server's was meant (RFC 4918 §9.8.5, §9.9.4); that the request
 * came through a proxy makes the fault likely. */
static void d16_destination(struct detection *d)
{
    enum operation operation = d->operation;
    uint16_t status = d->event->exchange->status;
    struct span host = detection_asked(d, HTTP_HOST);
    struct span destination = detection_asked(d, HTTP_DESTINATION);
    struct span authority = href_authority(destination);
    bool is_refused = status == 400 || status == 403 || status == 502;
    if (operation != OPERATION_COPY && operation != OPERATION_MOVE)
        return;
    if (!is_refused || !authority.ptr || host.len == 0 || href_same_authority(authority, host))
        return;
    bool may_be_meant = status == 502 && !is_through_proxy(d);
    struct clue clue = {.severity = may_be_meant ? SEVERITY_INFO : SEVERITY_NONE,
                        .owner = may_be_meant ? OWNER_CLIENT : OWNER_NONE,
                        .cause = span_str(may_be_meant ? "another server" : "Destination"),
                        .href = destination};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u: the Destination is at another host than the request, ",
                  (unsigned)status);
    writer_bytes(detail, host);
    writer_text(detail, may_be_meant
                            ? ". It may be another server's, to which this one does not copy."
                            : ".");
}

static void d16_exchange(struct detection *d)
{
    d16_destination(d);
    d16_followed(d);
}

static void d16_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d16_exchange(d);
}

/* ---- D17 to D20: what a listing holds ---- */

static void d17_outside(struct detection *d, const struct resource *resource)
{
    bool is_outside = resource->relation == RELATION_OUTSIDE || //
                      resource->relation == RELATION_ANCESTOR;
    bool is_explained = resource->flags & RESOURCE_PROXY_REWRITE;
    if (is_outside && !is_explained && (resource->flags & RESOURCE_UNSOLICITED) && is_listing(d))
        report_drift(d, resource, (struct clue){0});
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
    return lasted_ns / (memo->n - 1) < LOOP_SECONDS * UINT64_C(1000000000);
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

/* ---- D22, D23: odd names ---- */

static void d22_case(struct detection *d, const struct resource *resource)
{
    if (resource->flags & RESOURCE_CASE_DRIFT)
        report_drift(d, resource, (struct clue){0});
}

static void d22_choices(struct detection *d)
{
    enum operation operation = d->operation;
    struct clue clue = {.cause = span_str("300"), .href = d->event->exchange->target};
    if (d->event->exchange->status == 300 && operation != OPERATION_GET &&
        operation != OPERATION_OTHER && operation != OPERATION_POST)
        writer_text(detection_report(d, &clue),
                    "Answered with 300 Multiple Choices, as spelling correction does.");
}

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
    struct span scheme = href_scheme(href);
    struct span rest = scheme.len > 0 ? span_after(href, scheme.len + 3) : href;
    if (span_starts(rest, span_str("http://")) || span_starts(rest, span_str("https://")) ||
        span_starts(href, span_str("http:http")) || span_starts(href, span_str("https:http")))
        return "The scheme stands twice.";
    bool is_http = span_starts(href, span_str("http:/")) || span_starts(href, span_str("https:/"));
    if (is_http && scheme.len == 0)
        return "A slash is missing behind the scheme.";
    if (has_entity(href))
        return "It was escaped for XML twice.";
    if (span_find_byte(href, '#') < href.len)
        return "There is a # in it, which clients take for the end of the path.";
    if (span_find_byte(href, '\\') < href.len)
        return "There is a backslash in it.";
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
    {.rule = "D13", .traits = TRAIT_FLAGGED, .resource = d13_encoding},
    {.rule = "D14", .traits = TRAIT_FLAGGED | TRAIT_HREF_ESCAPE, .resource = d14_double_encoding},
    {.rule = "D15", .traits = TRAIT_FLAGGED, .resource = d15_unicode},
    {.rule = "D16",
     .traits = TRAIT_FLAGGED,
     .resource = d16_resource,
     .document = d16_document,
     .exchange = d16_exchange},
    {.rule = "D17", .traits = TRAIT_FLAGGED, .resource = d17_outside},
    {.rule = "D18", .traits = TRAIT_COLLECTION, .resource = d18_slash, .exchange = d18_redirect},
    {.rule = "D19", .traits = TRAIT_FLAGGED, .resource = d19_duplicates},
    {.rule = "D20", .document = d20_self},
    {.rule = "D21",
     .traits = TRAIT_CONDITION | TRAIT_REFUSED,
     .resource = d21_refused,
     .document = d21_depth,
     .exchange = d21_forbidden},
    {.rule = "D22", .traits = TRAIT_FLAGGED, .resource = d22_case, .exchange = d22_choices},
    {.rule = "D23", .traits = TRAIT_HREF_ODD, .resource = d23_malformed},
};

const struct detectors detect_href = {rows, sizeof rows / sizeof *rows};
