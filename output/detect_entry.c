/* Rules D52 to D55 and D57: single entries of a listing that are odd, or closed (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"

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

static const struct detector rows[] = {
    {.rule = "D52", .resource = d52_redirect},     {.rule = "D53", .resource = d53_date},
    {.rule = "D54", .resource = d54_resourcetype}, {.rule = "D55", .resource = d55_status_line},
    {.rule = "D57", .resource = d57_unreadable},
};

const struct detectors detect_entry = {rows, sizeof rows / sizeof *rows};
