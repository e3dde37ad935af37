/* Rules D13 to D17 and D22: URLs in answers that are not those asked for (DOMAIN.md 5.2). How much
 * an href differs is known already (dav/reconcile.h); here it is said what follows. */
#include "dissector/base/hex.h"
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"

static bool is_multiget(const struct detection *d)
{
    return operation_is_multiget(d->event->request->operation);
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
    if (!(resource->flags & RESOURCE_PROXY_REWRITE) || href_repeats_scheme(resource->hrefs[0]))
        return; /* a URL that leads nowhere is D23 */
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
    writer_text(detail, "The client went where the answer in ");
    remark_frame(d, detail, memo->source, memo->frame);
    writer_text(detail, " sent it, to ");
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

/* ---- D17: what is not in the folder ---- */

static void d17_outside(struct detection *d, const struct resource *resource)
{
    bool is_outside = resource->relation == RELATION_OUTSIDE || //
                      resource->relation == RELATION_ANCESTOR;
    bool is_explained = resource->flags & RESOURCE_PROXY_REWRITE;
    if (is_outside && !is_explained && (resource->flags & RESOURCE_UNSOLICITED) && is_listing(d))
        report_drift(d, resource, (struct clue){0});
}

/* ---- D22: upper and lower case ---- */

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
    {.rule = "D22", .traits = TRAIT_FLAGGED, .resource = d22_case, .exchange = d22_choices},
};

const struct detectors detect_href = {rows, sizeof rows / sizeof *rows};
