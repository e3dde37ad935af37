/* Rules D01 to D12: answers whose body cannot be used, or not by everybody (DOMAIN.md 5.1). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/time_text.h"

/* ---- texts ---- */

static void say_anomaly(struct detection *d, struct writer *detail, const struct anomaly *anomaly)
{
    struct span text =
        span_str(anomaly->text[0] != '\0' ? anomaly->text : anomaly_name(anomaly->kind));
    bool is_lower = text.ptr[0] >= 'a' && text.ptr[0] <= 'z';
    char first = (char)(is_lower ? text.ptr[0] - 'a' + 'A' : text.ptr[0]);
    writer_bytes(detail, span_of((const uint8_t *)&first, 1));
    writer_bytes(detail, span_after(text, 1));
    if (anomaly->has_offset) {
        writer_text(detail, ", at byte ");
        phrase_number(detail, anomaly->offset);
    }
    if (d->event->exchange->target.len > 0) {
        writer_text(detail, anomaly->has_offset ? " of" : ", in");
        writer_text(detail, " the answer about ");
        writer_bytes(detail, d->event->exchange->target);
    }
    writer_text(detail, ".");
}

/* What stands nearest to where reading ended: one resource, or what was asked about. */
static struct span nearest(const struct detection *d, const struct document_end *end)
{
    return end->broken_href.ptr ? end->broken_href : d->event->exchange->target;
}

static void say_state_unknown(struct writer *detail, const struct document_end *end)
{
    if (operation_is_write(end->operation))
        writer_text(detail, " It answered a write: nobody knows what was done.");
}

static void say_duration(struct writer *detail, uint64_t time_ns)
{
    char text[TIME_TEXT_BYTES];
    time_text_duration(time_ns, text);
    writer_text(detail, text);
}

/* ---- D01, D02, D04, D08: the XML ---- */

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
    say_anomaly(d, detail, anomaly);
    say_state_unknown(detail, end);
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
    say_anomaly(d, detail, anomaly);
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
        say_anomaly(d, detection_report(d, &clue), anomaly);
}

/* UTF-8 taken for Latin-1 and encoded once more: every letter that is not ASCII begins so. */
static bool is_garbled(struct span href)
{
    href = span_after(href, span_find_byte(href, '%')); /* most have none */
    return span_find(href, span_str("%C3%83%C2%")) < href.len ||
           span_find(href, span_str("%C3%82%C2%")) < href.len ||
           span_find(href, span_str("%c3%83%c2%")) < href.len;
}

/* The same in a text, where nothing is percent-encoded: "Ã¤", "Â°". Whoever means these letters
 * has no character of C2 80 to C2 BF behind them. */
static bool is_text_garbled(struct span text)
{
    for (size_t i = 0; i + 3 < text.len; i++) {
        const uint8_t *at = text.ptr + i;
        bool is_lead = at[0] == 0xC3 && (at[1] == 0x83 || at[1] == 0x82);
        if (is_lead && at[2] == 0xC2 && at[3] >= 0x80 && at[3] <= 0xBF)
            return true;
    }
    return false;
}

static void d08_resource(struct detection *d, const struct resource *resource)
{
    struct span said = record_cause(resource).description;
    struct clue words = {.cause = span_str("words encoded twice"), .href = resource->hrefs[0]};
    if (is_text_garbled(said)) {
        struct writer *detail = detection_report(d, &words);
        writer_text(detail, "What the server says seems to be UTF-8 that was encoded as UTF-8 once "
                            "more: ");
        writer_bytes(detail, said);
    }
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
    say_anomaly(d, detail, anomaly);
    if (end->verdict == VERDICT_UNDECODABLE)
        say_state_unknown(detail, end);
}

/* ---- D03, D10: another body, or none ---- */

static void say_type(struct detection *d, struct writer *detail)
{
    struct span type = detection_answered(d, HTTP_CONTENT_TYPE);
    struct span server = detection_answered(d, HTTP_SERVER);
    if (type.len > 0) {
        writer_text(detail, " Content-Type: ");
        writer_bytes(detail, type);
        writer_text(detail, ".");
    }
    if (server.len > 0) {
        writer_text(detail, " It was sent by ");
        writer_bytes(detail, server);
        writer_text(detail, ".");
    }
}

static void d03_not_xml(struct detection *d, const struct document_end *end)
{
    static const char *const words[FORMAT_N] = {
        [FORMAT_HTML] = "A web page",
        [FORMAT_JSON] = "JSON",
        [FORMAT_OTHER] = "Other text",
    };
    bool is_batch = end->operation == OPERATION_POST || end->operation == OPERATION_OTHER;
    if (end->verdict != VERDICT_UNDECODABLE || !words[end->format])
        return;
    if (end->format == FORMAT_JSON && is_batch)
        return; /* an interface of its own, not WebDAV */
    struct writer *detail = detection_report(
        d, &(struct clue){.cause = span_str("207"), .href = d->event->exchange->target});
    writer_format(detail, "%s under status 207.", words[end->format]);
    say_type(d, detail);
    say_state_unknown(detail, end);
}

static bool is_html(struct span type)
{
    return span_find(type, span_str("text/html")) < type.len;
}

/* Methods that only WebDAV has, and that must be answered by a Multi-Status when they succeed. */
static bool wants_multistatus(enum operation operation)
{
    return operation == OPERATION_PROPFIND || operation == OPERATION_PROPPATCH ||
           operation == OPERATION_REPORT_SYNC_COLLECTION ||
           operation == OPERATION_REPORT_CALENDAR_QUERY ||
           operation == OPERATION_REPORT_CALENDAR_MULTIGET ||
           operation == OPERATION_REPORT_ADDRESSBOOK_QUERY ||
           operation == OPERATION_REPORT_ADDRESSBOOK_MULTIGET;
}

static void d03_page(struct detection *d)
{
    const struct event *event = d->event;
    bool is_page = event->exchange->status == 200 &&
                   is_html(detection_answered(d, HTTP_CONTENT_TYPE)) &&
                   wants_multistatus(event->request->operation);
    if (!is_page)
        return;
    /* Who finds nothing there asks at the URL that the user gave. */
    bool is_discovery = span_starts(event->exchange->target, span_str("/.well-known/"));
    struct clue clue = {.severity = is_discovery ? SEVERITY_INFO : SEVERITY_NONE,
                        .cause = span_str(is_discovery ? "discovery" : "200"),
                        .href = event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "A web page under status 200.");
    say_type(d, detail);
}

static void d10_empty(struct detection *d, const struct document_end *end)
{
    bool is_suspicious =
        end->verdict == VERDICT_EMPTY && end->reason && strcmp(end->reason, "suspicious") == 0;
    struct clue clue = {.href = d->event->exchange->target};
    if (end->verdict == VERDICT_UNDECODABLE && end->format == FORMAT_EMPTY) {
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "A 207 without a body.");
        say_state_unknown(detail, end);
    } else if (is_suspicious) {
        writer_text(detection_report(d, &clue), "A Multi-Status without any response.");
    }
}

/* ---- D05: cut off ---- */

enum { ROUND_PERCENT = 2 };

static bool is_near(uint64_t value, uint64_t round)
{
    uint64_t tolerance = round * ROUND_PERCENT / 100;
    return value + tolerance >= round && value <= round + tolerance;
}

/* Times and sizes at which proxies and runtimes commonly stop. */
static void say_round_numbers(struct writer *detail, uint64_t time_ns, uint64_t n_bytes)
{
    static const unsigned seconds[] = {30, 60, 90, 120, 180, 300, 600};
    static const unsigned mebibytes[] = {1, 2, 4, 8, 16, 32, 64};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        if (is_near(time_ns, seconds[i] * UINT64_C(1000000000)))
            writer_format(detail, " That is close to %u s: a time limit?", seconds[i]);
    for (size_t i = 0; i < sizeof mebibytes / sizeof *mebibytes; i++)
        if (is_near(n_bytes, mebibytes[i] * UINT64_C(1048576)))
            writer_format(detail, " That is close to %u MiB: a size limit?", mebibytes[i]);
}

static const char *how_it_ended(const struct exchange_message *response)
{
    if (response->end == END_RESET)
        return "the connection was reset";
    if (response->end == END_FIN)
        return "the connection was closed";
    return response->end == END_COMPLETE ? "the message was whole, its XML was not"
                                         : "its framing broke off";
}

/* Shorter pauses are the network's. */
#define SILENCE_NS UINT64_C(1000000000)

/* Between the last byte and the end of the connection: how long somebody waited for more. */
static uint64_t silence_before_end_ns(const struct detection *d)
{
    const struct anomaly *cut = detection_anomaly(d, ANOMALY_TRUNCATED);
    int64_t last_ns = d->event->exchange->response.last.time_ns;
    return cut && cut->origin.time_ns > last_ns ? (uint64_t)(cut->origin.time_ns - last_ns) : 0;
}

static void d05_cut(struct detection *d, const struct document_end *end)
{
    const struct exchange_message *response = &d->event->exchange->response;
    bool is_cut = end->verdict == VERDICT_INCOMPLETE && end->reason &&
                  strcmp(end->reason, "wire-truncated") == 0;
    if (!is_cut)
        return;
    uint64_t time_ns = detection_first_byte_ns(d) + detection_body_ns(d);
    uint64_t silence_ns = silence_before_end_ns(d);
    struct clue clue = {.href = d->event->exchange->target, .weight = response->body_bytes};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "It stopped after ");
    phrase_bytes(detail, response->body_bytes);
    if (response->framing == HTTP_FRAMING_LENGTH) {
        writer_text(detail, " of ");
        phrase_bytes(detail, response->content_length);
    }
    writer_text(detail, " and ");
    say_duration(detail, time_ns);
    writer_format(detail, ": %s", how_it_ended(response));
    if (silence_ns >= SILENCE_NS) {
        writer_text(detail, " after ");
        say_duration(detail, silence_ns);
        writer_text(detail, " of silence");
    }
    writer_text(detail, ".");
    say_round_numbers(detail, silence_ns >= SILENCE_NS ? silence_ns : time_ns,
                      response->body_bytes);
}

/* ---- D06: Windows ---- */

/* FileAttributesLimitInBytes, as Windows ships. */
enum { WINDOWS_LIMIT_BYTES = 1000000 };

/* An answer that broke off so near the limit did so because of it. */
static bool is_given_up(const struct detection *d, const struct document_end *end)
{
    const struct exchange_message *response = &d->event->exchange->response;
    bool is_broken_off = response->end == END_RESET || response->end == END_FIN;
    return is_broken_off && end->verdict == VERDICT_INCOMPLETE &&
           end->decoded_bytes >= WINDOWS_LIMIT_BYTES / 10 * 9;
}

static void d06_too_large(struct detection *d, const struct document_end *end)
{
    bool is_over = end->decoded_bytes > WINDOWS_LIMIT_BYTES, is_cut = is_given_up(d, end);
    if (!(is_over || is_cut) || !detection_is_client(d, "Microsoft-WebDAV-MiniRedir"))
        return;
    struct clue clue = {.severity = is_cut ? SEVERITY_ERROR : SEVERITY_WARNING,
                        .href = d->event->exchange->target,
                        .weight = end->decoded_bytes};
    struct writer *detail = detection_report(d, &clue);
    phrase_bytes(detail, end->decoded_bytes);
    writer_text(detail, " about ");
    phrase_count(detail, end->n_resources, "resource", NULL);
    writer_text(detail, is_cut ? ", then the client broke off." : ".");
}

/* ---- D07: compression ---- */

/* Whether an element of Accept-Encoding lets the coding be used; "*" stands for all. */
static bool accepts(struct span element, struct span coding)
{
    size_t len = span_find_byte(element, ';');
    struct span name = span_trim(span_first(element, len));
    struct span weight = span_trim(span_after(element, len));
    bool is_refused = span_equal(weight, span_str(";q=0"));
    return !is_refused && (span_equal_nocase(name, coding) || span_equal(name, span_str("*")));
}

/* Where the client says which codings it takes, others may not be used; where it says nothing, any
 * may (RFC 9110 §12.5.3). */
static void d07_unaccepted(struct detection *d)
{
    struct span accepted = detection_asked(d, HTTP_ACCEPT_ENCODING);
    struct span coding = detection_answered(d, HTTP_CONTENT_ENCODING);
    bool is_one = coding.len > 0 && span_find_byte(coding, ',') == coding.len &&
                  !span_equal_nocase(coding, span_str("identity"));
    if (accepted.len == 0 || !is_one)
        return;
    for (struct span rest = accepted; rest.len > 0;) {
        size_t len = span_find_byte(rest, ',');
        if (accepts(span_first(rest, len), coding))
            return;
        rest = span_after(rest, len + (len < rest.len));
    }
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .cause = span_str("not accepted"),
                        .href = d->event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The body is ");
    writer_bytes(detail, coding);
    writer_text(detail, ", which the client does not accept: Accept-Encoding is \"");
    writer_bytes(detail, accepted);
    writer_text(detail, "\".");
}

static void d07_compression(struct detection *d, const struct document_end *end)
{
    const struct anomaly *unlabelled = detection_anomaly(d, ANOMALY_CODING_UNLABELLED);
    const struct anomaly *wrong = detection_anomaly(d, ANOMALY_CODING_MISLABELLED);
    struct span target = d->event->exchange->target;
    (void)end;
    d07_unaccepted(d);
    if (unlabelled) {
        struct clue clue = {.cause = span_str("no Content-Encoding"), .href = target};
        writer_format(detection_report(d, &clue), "The body is %s, and no header says so.",
                      unlabelled->text);
    } else if (wrong) {
        struct clue clue = {.cause = span_str("wrong Content-Encoding"), .href = target};
        say_anomaly(d, detection_report(d, &clue), wrong);
    }
}

/* ---- D09: Content-Type ---- */

static bool is_xml_type(struct span type)
{
    return span_find(type, span_str("/xml")) < type.len ||
           span_find(type, span_str("+xml")) < type.len;
}

static bool is_desktop_client(const struct detection *d)
{
    return detection_is_client(d, "mirall/");
}

static void d09_content_type(struct detection *d, const struct document_end *end)
{
    static const char exact[] = "application/xml; charset=utf-8";
    struct span type = detection_answered(d, HTTP_CONTENT_TYPE);
    bool is_head_whole = !d->event->exchange->response.is_partial;
    bool is_document = end->root == ROOT_MULTISTATUS && end->format == FORMAT_XML &&
                       d->event->exchange->status == 207;
    if (!is_document || !is_head_whole)
        return;
    bool is_odd = !is_xml_type(type);
    bool is_refused = is_desktop_client(d) && !span_equal_nocase(type, span_str(exact));
    if (!is_odd && !is_refused)
        return;
    struct writer *detail =
        detection_report(d, &(struct clue){.cause = type, .href = d->event->exchange->target});
    writer_text(detail, type.len > 0 ? "It is \"" : "There is none");
    writer_bytes(detail, type);
    writer_text(detail, type.len > 0 ? "\"." : ".");
    if (is_refused)
        writer_text(detail, " This client may refuse everything but \"application/xml; "
                            "charset=utf-8\".");
}

/* ---- D11, D12: the status ---- */

/* Radicale says 200 where a DELETE succeeded, and describes it. */
static void d11_document(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    bool is_success = status >= 200 && status < 300 && status != 207;
    if (!is_success || end->root != ROOT_MULTISTATUS)
        return;
    bool is_delete = end->operation == OPERATION_DELETE;
    struct clue clue = {.severity = is_delete ? SEVERITY_INFO : SEVERITY_NONE,
                        .href = d->event->exchange->target,
                        .cause = span_str("Multi-Status under 2xx")};
    writer_format(detection_report(d, &clue), "A Multi-Status under status %u.", (unsigned)status);
}

/* A web page instead is D03; what may be results in another form is not looked into here. */
static bool is_other_type(struct span type)
{
    return type.len > 0 && !is_html(type) && !is_xml_type(type) &&
           span_find(type, span_str("json")) == type.len;
}

static void d11_plain(struct detection *d)
{
    const struct event *event = d->event;
    bool is_plain = event->exchange->status == 200 && event->exchange->response.is_complete &&
                    is_other_type(detection_answered(d, HTTP_CONTENT_TYPE)) &&
                    wants_multistatus(event->request->operation);
    if (!is_plain)
        return;
    struct clue clue = {.href = event->exchange->target, .cause = span_str("200")};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, operation_name(event->request->operation));
    writer_text(detail, " was answered with 200 and no Multi-Status.");
    say_type(d, detail);
}

static void d11_refused(struct detection *d)
{
    const struct event *event = d->event;
    uint16_t status = event->exchange->status;
    d11_plain(d);
    bool is_unknown = status == 405 || status == 501;
    if (!is_unknown || event->request->operation != OPERATION_PROPFIND)
        return;
    struct clue clue = {.href = event->exchange->target, .cause = span_str("PROPFIND refused")};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "PROPFIND was answered with %u.", (unsigned)status);
    say_type(d, detail);
}

/* What clients are known to make of a 207 to a change (DOMAIN.md 1.12). */
static const struct {
    const char *marker; /* in User-Agent */
    const char *cause;
    bool is_of_failures; /* it matters only when something inside failed */
    const char *what;
} habits[] = {
    {"DAVx5/", "DAVx5", false, "this client may take that for an error, whatever is inside."},
    {"Sardine/", "Sardine", true,
     "this client may take that for done, although something inside failed."},
};

static void d12_misread_by_client(struct detection *d, const struct document_end *end)
{
    bool is_change = end->operation == OPERATION_DELETE || end->operation == OPERATION_MOVE ||
                     end->operation == OPERATION_COPY || end->operation == OPERATION_MKCOL;
    if (!is_change || d->event->exchange->status != 207)
        return;
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        if (!detection_is_client(d, habits[i].marker) ||
            (habits[i].is_of_failures && d->facts->n_failed == 0))
            continue;
        struct clue clue = {.severity = SEVERITY_WARNING,
                            .cause = span_str(habits[i].cause),
                            .href = d->event->exchange->target};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, operation_name(end->operation));
        writer_text(detail, " answered by 207: ");
        writer_text(detail, habits[i].what);
    }
}

static void d12_unexpected(struct detection *d, const struct document_end *end)
{
    d12_misread_by_client(d, end);
    if (!(end->flags & DOCUMENT_UNEXPECTED))
        return;
    struct clue clue = {.severity = d->facts->n_failed > 0 ? SEVERITY_ERROR : SEVERITY_WARNING,
                        .href = d->event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    bool is_unread = end->verdict == VERDICT_INCOMPLETE && end->n_resources == 0;
    writer_text(detail, operation_name(end->operation));
    writer_text(detail, " answered by 207: ");
    if (is_unread)
        writer_text(detail, "what it says was not seen");
    else
        phrase_outcome(detail, end->by_class, end->n_resources);
    writer_text(detail, ".");
}

static const struct detector rows[] = {
    {.rule = "D01", .document = d01_malformed},
    {.rule = "D02", .document = d02_control_characters},
    {.rule = "D03", .document = d03_not_xml, .exchange = d03_page},
    {.rule = "D04", .document = d04_extra_output},
    {.rule = "D05", .document = d05_cut},
    {.rule = "D06", .document = d06_too_large},
    {.rule = "D07", .document = d07_compression},
    {.rule = "D08", .resource = d08_resource, .document = d08_charset},
    {.rule = "D09", .document = d09_content_type},
    {.rule = "D10", .document = d10_empty},
    {.rule = "D11", .document = d11_document, .exchange = d11_refused},
    {.rule = "D12", .document = d12_unexpected},
};

const struct detectors detect_body = {rows, sizeof rows / sizeof *rows};
