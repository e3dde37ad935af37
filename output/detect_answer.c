/* Rules D03, D09, D11 and D12: answers of another kind, type or status than was due
 * (DOMAIN.md 5.1).
 */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"
#include "output/webdav.h"

static bool is_xml_type(struct span type)
{
    return span_find_nocase(type, span_str("/xml")) < type.len ||
           span_find_nocase(type, span_str("+xml")) < type.len;
}

static bool is_html(struct span type)
{
    return span_find_nocase(type, span_str("text/html")) < type.len;
}

static bool is_json(struct span type)
{
    return span_find_nocase(type, span_str("json")) < type.len;
}

/* ---- D03: another body ---- */

/* What the page calls itself tells mostly who sent it. */
static void say_title(struct writer *detail, struct span title)
{
    if (title.len == 0)
        return;
    writer_text(detail, " Its title is \"");
    writer_bytes(detail, title);
    writer_text(detail, "\".");
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

/* An error of another interface. Servers that answer WebDAV in JSON name what was asked about. */
static bool is_foreign(const struct detection *d, const struct document_end *end)
{
    const struct facts *facts = d->facts;
    return end->format == FORMAT_JSON && wants_multistatus(end->operation) &&
           end->n_resources == 1 && facts->n_failed == 1 &&
           facts->n_self + facts->n_members + facts->n_descendants == 0;
}

/* What it is instead; NULL: a Multi-Status, or nothing that can be told. */
static const char *other_body(const struct detection *d, const struct document_end *end)
{
    static const char *const words[FORMAT_N] = {
        [FORMAT_XML] = "Other XML",
        [FORMAT_JSON] = "JSON",
        [FORMAT_MULTIPART] = "A body of several parts",
        [FORMAT_HTML] = "A web page",
        [FORMAT_OTHER] = "Other text",
    };
    bool is_undecodable = end->verdict == VERDICT_UNDECODABLE;
    bool is_own_xml = is_undecodable && strcmp(end->reason, "no-root") != 0;
    if (end->format == FORMAT_XML && is_own_xml)
        return NULL;
    return is_undecodable || is_foreign(d, end) ? words[end->format] : NULL;
}

/* An interface of its own, not WebDAV; or it may be one, where nobody knows what was asked. */
static bool is_of_batches(const struct detection *d, const struct document_end *end)
{
    bool is_batch = end->operation == OPERATION_POST || end->operation == OPERATION_OTHER ||
                    !d->event->request->is_seen;
    return is_batch &&
           (end->format == FORMAT_JSON || end->format == FORMAT_XML ||
            end->format == FORMAT_MULTIPART || is_json(detection_answered(d, HTTP_CONTENT_TYPE)));
}

static void d03_not_xml(struct detection *d, const struct document_end *end)
{
    const char *what = other_body(d, end);
    if (!what || is_of_batches(d, end))
        return;
    struct writer *detail = detection_report(
        d, &(struct clue){.cause = span_str("207"), .href = d->event->exchange->target});
    writer_format(detail, "%s under status %u.", what, (unsigned)d->event->exchange->status);
    say_title(detail, end->format == FORMAT_HTML ? end->description : span_str(""));
    remark_type(d, detail);
    remark_state_unknown(detail, end);
}

/* Who asks in XML wants no JSON; who did not may speak WebDAV in JSON with its server. */
static void d03_json(struct detection *d)
{
    const struct event *event = d->event;
    bool is_instead = event->exchange->status == 200 &&
                      is_json(detection_answered(d, HTTP_CONTENT_TYPE)) &&
                      wants_multistatus(event->request->operation);
    if (!is_instead)
        return;
    bool is_asked_in_xml = is_xml_type(detection_asked(d, HTTP_CONTENT_TYPE));
    struct clue clue = {.severity = is_asked_in_xml ? SEVERITY_NONE : SEVERITY_INFO,
                        .cause = span_str("JSON"),
                        .href = event->exchange->target};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "JSON under status 200.");
    if (!is_asked_in_xml)
        writer_text(detail, " The client may want it so.");
    remark_type(d, detail);
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
    say_title(detail, event->page_title);
    remark_type(d, detail);
}

static void d03_exchange(struct detection *d)
{
    d03_page(d);
    d03_json(d);
}

/* ---- D09: Content-Type ---- */

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

/* Radicale says 200 where a DELETE succeeded, and describes it; an answer without its request may
 * be that. */
static void d11_multistatus(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    if (!detection_is_success(d) || status == 207 || end->root != ROOT_MULTISTATUS)
        return;
    bool may_be_delete = end->operation == OPERATION_DELETE || !d->event->request->is_seen;
    struct clue clue = {.severity = may_be_delete ? SEVERITY_INFO : SEVERITY_NONE,
                        .href = d->event->exchange->target,
                        .cause = span_str("Multi-Status under 2xx")};
    writer_format(detection_report(d, &clue), "A Multi-Status under status %u.", (unsigned)status);
}

/* A web page instead is D03; what may be results in another form is not looked into here. */
static bool is_other_type(struct span type)
{
    return type.len > 0 && !is_html(type) && !is_xml_type(type) && !is_json(type);
}

/* A change may be said to be done so (Brief, RFC 8144); what was asked for cannot. */
static bool has_nothing(const struct detection *d)
{
    const struct exchange_message *response = &d->event->exchange->response;
    return response->body_bytes == 0 && !response->is_partial &&
           d->event->request->operation != OPERATION_PROPPATCH;
}

static void d11_plain(struct detection *d)
{
    const struct event *event = d->event;
    const struct exchange_message *response = &event->exchange->response;
    bool is_plain = event->exchange->status == 200 && response->is_complete &&
                    wants_multistatus(event->request->operation);
    if (!is_plain || !(is_other_type(detection_answered(d, HTTP_CONTENT_TYPE)) || has_nothing(d)))
        return;
    struct clue clue = {.href = event->exchange->target, .cause = span_str("200")};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, operation_name(event->request->operation));
    writer_text(detail, " was answered with 200 and no Multi-Status.");
    remark_type(d, detail);
}

/* Where clients look just to see; what they find there is D45. */
static bool is_well_known(const struct detection *d)
{
    return span_starts(detection_target(d), span_str("/.well-known/"));
}

static void d11_refused(struct detection *d)
{
    const struct event *event = d->event;
    uint16_t status = event->exchange->status;
    d11_plain(d);
    bool is_unknown = status == 405 || status == 501;
    if (!is_unknown || event->request->operation != OPERATION_PROPFIND || is_well_known(d))
        return;
    struct clue clue = {.href = event->exchange->target, .cause = span_str("PROPFIND refused")};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "PROPFIND was answered with %u.", (unsigned)status);
    remark_type(d, detail);
}

/* It answers at this URL, to who asks what it can, and names no WebDAV. */
static void note_options(struct detection *d)
{
    struct memo_key key = detection_about(d, MEMO_PLAIN, detection_target(d));
    bool is_plain = detection_answered(d, HTTP_DAV).len == 0;
    if (d->operation != OPERATION_OPTIONS || !detection_is_success(d))
        return;
    if (is_plain && !d->event->exchange->response.is_partial)
        (void)memory_note(&d->history->memory, &key);
    else
        memory_forget(&d->history->memory, &key);
}

/* "Not there", says a web page, and no answer of this server has shown WebDAV. A WebDAV server says
 * the same of what is not there. */
static void d11_not_found(struct detection *d)
{
    struct span target = detection_target(d);
    bool is_page = d->event->exchange->status == 404 && d->operation == OPERATION_PROPFIND &&
                   is_html(detection_answered(d, HTTP_CONTENT_TYPE));
    if (!is_page || webdav_has_answered(d) || is_well_known(d))
        return;
    const struct memo *plain = detection_recall(d, MEMO_PLAIN, target);
    struct clue clue = {.severity = plain ? SEVERITY_NONE : SEVERITY_INFO,
                        .href = target,
                        .cause = span_str(plain ? "no WebDAV" : "not found")};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "PROPFIND was answered with 404 and a web page.");
    say_title(detail, d->event->page_title);
    if (plain) {
        writer_text(detail, " To OPTIONS (");
        remark_frame(d, detail, plain->source, plain->frame);
        writer_text(detail, ") the server answered, and named no WebDAV.");
    } else {
        writer_text(detail, " No answer of this server showed WebDAV before: it may not be enabled "
                            "at this URL, or nothing is there.");
    }
    remark_type(d, detail);
}

static void d11_exchange(struct detection *d)
{
    d11_refused(d);
    d11_not_found(d);
    note_options(d);
}

static void d11_document(struct detection *d, const struct document_end *end)
{
    d11_multistatus(d, end);
    if (detection_is_refusal(end))
        d11_refused(d);
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

/* Whether it says that the client may misread it. */
static bool d12_misread_by_client(struct detection *d, const struct document_end *end)
{
    bool is_misread = false;
    bool is_change = end->operation == OPERATION_DELETE || end->operation == OPERATION_MOVE ||
                     end->operation == OPERATION_COPY || end->operation == OPERATION_MKCOL;
    if (!is_change || d->event->exchange->status != 207)
        return false;
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
        is_misread = true;
    }
    return is_misread;
}

static void d12_unexpected(struct detection *d, const struct document_end *end)
{
    bool is_told = d12_misread_by_client(d, end) && d->facts->n_failed == 0;
    if (!(end->flags & DOCUMENT_UNEXPECTED) || is_told)
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
    {.rule = "D03", .document = d03_not_xml, .exchange = d03_exchange},
    {.rule = "D09", .document = d09_content_type},
    {.rule = "D11", .document = d11_document, .exchange = d11_exchange},
    {.rule = "D12", .document = d12_unexpected},
};

const struct detectors detect_answer = {rows, sizeof rows / sizeof *rows};
