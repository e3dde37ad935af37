/* Rules D01, D02, D04 and D08: answers whose XML cannot be read, or not by everybody (DOMAIN.md
 * 5.1). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"

/* What stands nearest to where reading ended: one resource, or what was asked about. */
static struct span nearest(const struct detection *d, const struct document_end *end)
{
    return end->broken_href.ptr ? end->broken_href : d->event->exchange->target;
}

/* XML has no place for them, not even as a reference. */
static bool is_about_characters(const struct anomaly *anomaly)
{
    struct span text = span_str(anomaly->text);
    return span_find(text, span_str("control character")) < text.len ||
           span_find(text, span_str("character XML does not allow")) < text.len;
}

/* For a write it is worst: whether it was done is not known (RFC 4918 §8.2). */
static enum severity severity_of_unreadable(const struct document_end *end)
{
    return operation_is_write(end->operation) ? SEVERITY_CRITICAL : SEVERITY_ERROR;
}

static void report_unreadable(struct detection *d, const struct document_end *end,
                              const struct anomaly *anomaly)
{
    struct clue clue = {.severity = severity_of_unreadable(end), .href = nearest(d, end)};
    struct writer *detail = detection_report(d, &clue);
    remark_anomaly(d, detail, anomaly);
    remark_state_unknown(detail, end);
}

/* A prefix that nobody declared breaks the namespaces, which many parsers do not forgive; inside a
 * refusal there is little to misread. */
static void report_namespace(struct detection *d, const struct document_end *end,
                             const struct anomaly *anomaly)
{
    bool is_multistatus = end->root == ROOT_MULTISTATUS;
    struct clue clue = {
        .severity = is_multistatus ? SEVERITY_WARNING : SEVERITY_INFO,
        .cause = span_str("namespaces"),
        .href = d->event->exchange->target,
    };
    struct writer *detail = detection_report(d, &clue);
    remark_anomaly(d, detail, anomaly);
    writer_text(detail, " Strict clients may refuse the whole answer.");
}

static void d01_malformed(struct detection *d, const struct document_end *end)
{
    const struct anomaly *malformed = detection_anomaly(d, ANOMALY_XML_MALFORMED);
    const struct anomaly *namespace = detection_anomaly(d, ANOMALY_XML_NAMESPACE);
    const struct anomaly *dtd = detection_anomaly(d, ANOMALY_XML_DTD);
    if (end->verdict == VERDICT_UNDECODABLE && malformed && !is_about_characters(malformed))
        report_unreadable(d, end, malformed);
    else if (end->verdict == VERDICT_UNDECODABLE && dtd)
        report_unreadable(d, end, dtd);
    else if (namespace)
        report_namespace(d, end, namespace);
}

static void d02_control_characters(struct detection *d, const struct document_end *end)
{
    const struct anomaly *anomaly = detection_anomaly(d, ANOMALY_XML_MALFORMED);
    if (end->verdict == VERDICT_UNDECODABLE && anomaly && is_about_characters(anomaly))
        report_unreadable(d, end, anomaly);
}

static void d04_extra_output(struct detection *d, const struct document_end *end)
{
    const struct anomaly *anomaly = detection_anomaly(d, ANOMALY_XML_EXTRA);
    struct clue clue = {.href = d->event->exchange->target};
    (void)end;
    if (anomaly)
        remark_anomaly(d, detection_report(d, &clue), anomaly);
}

/* UTF-8 taken for Latin-1 and encoded once more: every letter that is not ASCII begins so. */
static bool is_garbled(struct span href)
{
    href = span_after(href, span_find_byte(href, '%')); /* most have none */
    return span_find(href, span_str("%C3%83%C2%")) < href.len ||
           span_find(href, span_str("%C3%82%C2%")) < href.len ||
           span_find(href, span_str("%c3%83%c2%")) < href.len;
}

/* Whether the character at the start of text, two bytes in UTF-8, can be the first of UTF-8 that
 * was taken for Latin-1, with the one behind it: U+00C2 to U+00F4, then U+0080 to U+00BF. Of these
 * nobody means a control character (U+0080 to U+009F), nor a sign behind "Ã" or "Â"; behind other
 * letters a no-break space or a quotation mark may well stand. */
static bool is_pair_garbled(const uint8_t *at)
{
    bool is_lead = at[0] == 0xC3 && at[1] >= 0x82 && at[1] <= 0xB4;
    bool is_behind = at[2] == 0xC2 && at[3] >= 0x80 && at[3] <= 0xBF;
    return is_lead && is_behind && (at[1] <= 0x83 || at[3] <= 0x9F);
}

/* The same in a text, where nothing is percent-encoded: "Ã¤", "Â°"; or as Windows reads it, where
 * every quotation mark begins with "â€". */
static bool is_text_garbled(struct span text)
{
    for (size_t i = 0; i + 3 < text.len; i++)
        if (is_pair_garbled(text.ptr + i))
            return true;
    return span_find(text, span_str("\xC3\xA2\xE2\x82\xAC")) < text.len;
}

/* What people called something is not shown: its length is enough to find it by. */
static void report_garbled(struct detection *d, struct clue clue, struct span name)
{
    if (!is_text_garbled(name))
        return;
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The displayname of ");
    writer_bytes(detail, clue.href);
    writer_text(detail, ", ");
    phrase_count(detail, name.len, "byte", NULL);
    writer_text(detail, ", seems to be UTF-8 that was encoded as UTF-8 once more.");
}

static void report_garbled_words(struct detection *d, struct clue clue)
{
    struct span words = d->cause.description;
    if (!is_text_garbled(words))
        return;
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "What the server says seems to be UTF-8 that was encoded as UTF-8 once "
                        "more: ");
    writer_bytes(detail, words);
}

static void d08_resource(struct detection *d, const struct resource *resource)
{
    struct clue words = {.cause = span_str("words encoded twice"), .href = resource->hrefs[0]};
    struct clue name = {.cause = span_str("displayname"), .href = resource->hrefs[0]};
    report_garbled_words(d, words);
    report_garbled(d, name, resource->values[VALUE_DISPLAYNAME]);
    struct clue clue = {.cause = span_str("encoded twice"), .href = resource->hrefs[0]};
    if (is_garbled(resource->hrefs[0]))
        writer_text(detection_report(d, &clue),
                    "The name seems to be UTF-8 that was encoded as UTF-8 once more.");
}

static void d08_charset(struct detection *d, const struct document_end *end)
{
    const struct anomaly *anomaly = detection_anomaly(d, ANOMALY_XML_ENCODING);
    struct clue clue = {
        .severity = end->verdict == VERDICT_UNDECODABLE ? SEVERITY_ERROR : SEVERITY_NONE,
        .href = nearest(d, end),
    };
    if (!anomaly)
        return;
    struct writer *detail = detection_report(d, &clue);
    remark_anomaly(d, detail, anomaly);
    if (end->verdict == VERDICT_UNDECODABLE)
        remark_state_unknown(detail, end);
}

static const struct detector rows[] = {
    {.rule = "D01", .document = d01_malformed},
    {.rule = "D02", .document = d02_control_characters},
    {.rule = "D04", .document = d04_extra_output},
    {.rule = "D08",
     .traits = TRAIT_WORDS | TRAIT_HREF_ESCAPE,
     .resource = d08_resource,
     .document = d08_charset},
};

const struct detectors detect_xml = {rows, sizeof rows / sizeof *rows};
