/* Rules D40 and D41: changes that were refused because the client may not do them, or nobody may
 * (DOMAIN.md 5.4). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"
#include "output/remark.h"

#include <inttypes.h>

/* ---- D40: protected properties ---- */

/* Set by the server alone (RFC 4918 §15). */
static bool is_live(struct span property)
{
    static const char *const names[] = {
        "getetag",      "getcontentlength", "getlastmodified", "creationdate",
        "resourcetype", "lockdiscovery",    "supportedlock",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_equal(property, span_str(names[i])))
            return true;
    return false;
}

static bool is_calendar_look(struct span property)
{
    return span_equal(property, span_str("calendar-color")) ||
           span_equal(property, span_str("calendar-order"));
}

/* Apple's calendars take it for a sign that the calendar is read-only (DOMAIN.md 1.12). */
static bool may_become_read_only(const struct detection *d, struct span property)
{
    bool is_apple =
        detection_is_client(d, "dataaccessd") || detection_is_client(d, "CalendarAgent");
    return is_apple && is_calendar_look(property);
}

static bool is_protected(const struct name *property)
{
    return detection_is_of_windows(property) || is_live(property->local) ||
           is_calendar_look(property->local);
}

static void report_protected(struct detection *d, const struct resource *resource,
                             const struct name *property, uint16_t status)
{
    bool is_harmful = may_become_read_only(d, property->local);
    bool is_windows = detection_is_of_windows(property);
    struct clue clue = {.severity = is_harmful ? SEVERITY_WARNING : SEVERITY_INFO,
                        .cause = is_windows ? span_str("Win32") : property->local,
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, property->local);
    writer_text(detail, ": ");
    phrase_status(detail, status);
    writer_text(detail, is_harmful   ? ". This client may show the calendar as read-only."
                        : is_windows ? ". The file itself is stored; only its Windows attributes "
                                       "are not."
                                     : ".");
}

static void look_at_propstat(struct detection *d, const struct resource *resource,
                             const struct propstat *propstat)
{
    static const char condition[] = "cannot-modify-protected-property";
    bool is_said = conditions_have(&propstat->conditions, condition) ||
                   conditions_have(&resource->conditions, condition);
    bool has_windows = false; /* these come together */
    for (size_t i = 0; i < propstat->n_properties; i++) {
        const struct name *property = &propstat->properties[i];
        bool is_more_of_windows = has_windows && detection_is_of_windows(property);
        if (is_more_of_windows || !(is_said || is_protected(property)))
            continue;
        report_protected(d, resource, property, propstat->status.code);
        has_windows |= detection_is_of_windows(property);
    }
}

static void d40_protected(struct detection *d, const struct resource *resource)
{
    enum operation operation = d->event->request->operation;
    if (operation != OPERATION_PROPPATCH && operation != OPERATION_BPROPPATCH)
        return;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        if (propstat->status.code == 403 || propstat->status.code == 409)
            look_at_propstat(d, resource, propstat);
    }
}

/* Whether all that was to be set is of Windows. */
static bool wants_windows(const struct request *request)
{
    for (size_t i = 0; i < request->n_properties; i++)
        if (!detection_is_of_windows(&request->properties[i]))
            return false;
    return request->operation == OPERATION_PROPPATCH && request->n_properties > 0;
}

/* Explorer takes a refusal inside a 207 for what it is, and a plain one for a failed copy. */
static void d40_exchange(struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    bool is_refused = status == 403 || status == 405 || status == 409 || status == 501;
    if (!is_refused || !wants_windows(d->event->request))
        return;
    struct clue clue = {.severity = SEVERITY_WARNING,
                        .owner = OWNER_SERVER,
                        .cause = span_str("Win32"),
                        .href = detection_target(d)};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, status);
    writer_text(detail, " for the Windows attributes of a file, and no 207: Explorer may show a "
                        "copy error, although the file itself is stored.");
}

static void d40_document(struct detection *d, const struct document_end *end)
{
    if (detection_is_refusal(end))
        d40_exchange(d);
}

/* ---- D41: rights ---- */

/* Larger listings than this would push everything else out of the memory. */
enum { MAX_REMEMBERED_RIGHTS = 2000 };

static uint64_t letter_bit(char letter)
{
    return UINT64_C(1) << (letter - 'A');
}

/* The letters are those of ownCloud and Nextcloud: G read, W write, C create files, K create
 * folders, D delete, N rename, V move. */
static uint64_t letters_of(struct span permissions)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < permissions.len; i++)
        if (permissions.ptr[i] >= 'A' && permissions.ptr[i] <= 'Z')
            letters |= letter_bit((char)permissions.ptr[i]);
    return letters;
}

/* Rights that were told, so that a refusal can be explained. */
static void note_rights(struct detection *d, const struct resource *resource)
{
    struct span letters = resource->values[VALUE_PERMISSIONS];
    struct memo *memo = NULL;
    if (resource->class != OUTCOME_OK || d->facts->n_members >= MAX_REMEMBERED_RIGHTS)
        return;
    if (letters.ptr)
        memo = detection_remember(d, MEMO_RIGHTS, resource->hrefs[0]);
    if (memo)
        memo->value = letters_of(letters);
    memo = resource->has_privileges ? detection_remember(d, MEMO_PRIVILEGES, resource->hrefs[0])
                                    : NULL;
    if (memo)
        memo->value = resource->privileges;
}

/* "write-content, bind". */
static void say_privileges(struct writer *detail, uint32_t privileges)
{
    const char *before = "";
    for (unsigned i = 0; i < PRIVILEGE_N; i++) {
        if (!(privileges >> i & 1))
            continue;
        writer_text(detail, before);
        writer_text(detail, privilege_name(i));
        before = ", ";
    }
}

/* Whether the letter was missing where the server told the rights; says so. */
static bool say_missing_right(struct detection *d, struct writer *detail, struct span href,
                              char letter)
{
    const struct memo *memo = detection_recall(d, MEMO_RIGHTS, href);
    if (!memo || (memo->value & letter_bit(letter)))
        return false;
    writer_text(detail, " In ");
    remark_frame(d, detail, memo->source, memo->frame);
    writer_text(detail, " the server gave ");
    writer_bytes(detail, href);
    writer_format(detail, " oc:permissions without %c.", letter);
    return true;
}

/* The same of a privilege that the server did not list among the user's own. */
static bool say_missing_privilege(struct detection *d, struct writer *detail, struct span href,
                                  enum privilege privilege)
{
    const struct memo *memo = detection_recall(d, MEMO_PRIVILEGES, href);
    if (!memo || privilege_is_granted((uint32_t)memo->value, privilege))
        return false;
    writer_format(detail, " The privileges that the server gave for ");
    writer_bytes(detail, href);
    writer_text(detail, " in ");
    remark_frame(d, detail, memo->source, memo->frame);
    writer_text(detail, " lack ");
    say_privileges(detail, (uint32_t)privilege);
    writer_text(detail, ".");
    return true;
}

/* What is needed to put something into a folder, and to take it out (RFC 3744 Appendix B). */
static bool say_why_not_in(struct detection *d, struct writer *detail, struct span href,
                           char letter)
{
    struct span folder = detection_folder(href);
    return say_missing_right(d, detail, folder, letter) ||
           say_missing_privilege(d, detail, folder, PRIVILEGE_BIND);
}

static bool say_why_not_out(struct detection *d, struct writer *detail, struct span href,
                            char letter)
{
    return say_missing_right(d, detail, href, letter) ||
           say_missing_privilege(d, detail, detection_folder(href), PRIVILEGE_UNBIND);
}

static bool is_listed(struct detection *d, struct span href)
{
    return detection_recall(d, MEMO_RIGHTS, href) || detection_recall(d, MEMO_PRIVILEGES, href) ||
           detection_recall(d, MEMO_ETAG, href);
}

/* What is not listed has to be created in its folder. */
static bool say_why_not_stored(struct detection *d, struct writer *detail, struct span href)
{
    if (!is_listed(d, href))
        return say_why_not_in(d, detail, href, 'C');
    return say_missing_right(d, detail, href, 'W') ||
           say_missing_privilege(d, detail, href, PRIVILEGE_WRITE_CONTENT);
}

/* Inside one folder it is a change of name. Both ends are looked at: either may be closed. */
static bool say_why_not_moved(struct detection *d, struct writer *detail, struct span href)
{
    struct span destination = detection_asked(d, HTTP_DESTINATION);
    struct span from = detection_folder(href), to = detection_folder(destination);
    if (span_equal(from, to))
        return say_why_not_out(d, detail, href, 'N');
    bool is_folder = span_ends_in(href, '/');
    return say_why_not_out(d, detail, href, 'V') ||
           say_why_not_in(d, detail, destination, is_folder ? 'K' : 'C');
}

static bool say_why_refused(struct detection *d, struct writer *detail, struct span href)
{
    switch (d->operation) {
    case OPERATION_PUT:
        return say_why_not_stored(d, detail, href);
    case OPERATION_MKCOL:
    case OPERATION_MKCALENDAR:
        return say_why_not_in(d, detail, href, 'K');
    case OPERATION_DELETE:
        return say_why_not_out(d, detail, href, 'D');
    case OPERATION_MOVE:
        return say_why_not_moved(d, detail, href);
    case OPERATION_COPY:
        return say_why_not_in(d, detail, detection_asked(d, HTTP_DESTINATION), 'C');
    case OPERATION_PROPPATCH:
        return say_missing_privilege(d, detail, href, PRIVILEGE_WRITE_PROPERTIES);
    default:
        return false;
    }
}

/* Whether nothing that may be the reason was missed: words of the server, or attributes of Windows
 * that were to be set. */
static bool is_reason_seen(const struct detection *d)
{
    bool has_properties = d->operation != OPERATION_PROPPATCH || d->event->request->is_body_whole;
    return has_properties && detection_has_reason(d);
}

static void report_rights(struct detection *d, const struct refusal *refusal, bool is_named)
{
    struct span words = d->event->resource ? d->cause.description : span_str("");
    const struct resource *resource = d->event->resource;
    struct clue clue = {.severity = is_reason_seen(d) ? SEVERITY_NONE : SEVERITY_INFO,
                        .cause = span_str(is_named ? "need-privileges" : ""),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    if (is_named && resource && resource->needed) {
        writer_text(detail, " Missing: ");
        say_privileges(detail, resource->needed);
        if (refusal->conditions->n_hrefs > 0) {
            writer_text(detail, " on ");
            writer_bytes(detail, refusal->conditions->hrefs[0]);
        }
        writer_text(detail, ".");
        remark_words(detail, words);
        return;
    }
    bool is_known = say_why_refused(d, detail, refusal->href);
    if (!is_named && !is_known && words.len == 0)
        writer_text(detail, is_reason_seen(d)
                                ? " No reason was given; missing rights are the usual one."
                                : " Not all that may tell the reason was captured; missing rights "
                                  "are the usual one.");
    remark_words(detail, words);
}

static bool is_need_privileges(const struct refusal *refusal)
{
    return refusal_has(refusal, "need-privileges") || refusal_has(refusal, "need-privilege");
}

/* Of properties it is another matter: they are protected, or not to be read. */
static bool is_about_properties(const struct detection *d)
{
    const struct request *request = d->event->request;
    return request->operation == OPERATION_PROPPATCH || (!request->is_seen && d->cause.propstat);
}

static void d41_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(d, resource);
    bool is_named = is_need_privileges(&refusal);
    note_rights(d, resource);
    bool is_bare = refusal.status == 403 && refusal.conditions->n == 0 && detection_is_write(d) &&
                   !is_about_properties(d);
    if (resource->class != OUTCOME_FAILED || !(is_named || is_bare))
        return;
    report_rights(d, &refusal, is_named);
}

static void d41_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 403 && detection_is_write(d) && !wants_windows(d->event->request))
        report_rights(d, &refusal, false);
}

static const struct detector rows[] = {
    {.rule = "D40",
     .traits = TRAIT_CHANGED,
     .resource = d40_protected,
     .document = d40_document,
     .exchange = d40_exchange},
    {.rule = "D41",
     .traits = TRAIT_FAILED | TRAIT_RIGHTS,
     .resource = d41_resource,
     .exchange = d41_exchange},
};

const struct detectors detect_rights = {rows, sizeof rows / sizeof *rows};
