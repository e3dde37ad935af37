/* Rules D40 and D41: changes that were refused because the client may not do them, or nobody may
 * (DOMAIN.md 5.4). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/refusal.h"

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

static void report_protected(struct detection *d, const struct resource *resource,
                             struct span property, uint16_t status)
{
    bool is_harmful = may_become_read_only(d, property);
    struct clue clue = {.severity = is_harmful ? SEVERITY_WARNING : SEVERITY_INFO,
                        .cause = property,
                        .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, property);
    writer_text(detail, ": ");
    phrase_status(detail, status);
    writer_text(detail, is_harmful ? ". This client may show the calendar as read-only." : ".");
}

static void d40_protected(struct detection *d, const struct resource *resource)
{
    enum operation operation = d->event->request->operation;
    if (operation != OPERATION_PROPPATCH && operation != OPERATION_BPROPPATCH)
        return;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        bool is_refused = propstat->status.code == 403 || propstat->status.code == 409;
        if (!is_refused || propstat->n_properties == 0)
            continue;
        struct span property = propstat->properties[0].local;
        bool is_protected =
            conditions_have(&propstat->conditions, "cannot-modify-protected-property") ||
            conditions_have(&resource->conditions, "cannot-modify-protected-property");
        if (is_protected || is_live(property) || is_calendar_look(property))
            report_protected(d, resource, property, propstat->status.code);
    }
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
    struct memo_key key = detection_about(d, MEMO_RIGHTS, resource->hrefs[0]);
    bool is_told = resource->values[VALUE_PERMISSIONS].ptr && resource->class == OUTCOME_OK;
    if (!is_told || d->facts->n_members >= MAX_REMEMBERED_RIGHTS)
        return;
    struct memo *memo = memory_note(&d->history->memory, &key);
    if (memo)
        memo->value = letters_of(resource->values[VALUE_PERMISSIONS]);
}

/* Whether the letter was missing where the server told the rights; says so. */
static bool say_missing_right(struct detection *d, struct writer *detail, struct span href,
                              char letter)
{
    struct memo_key key = detection_about(d, MEMO_RIGHTS, href);
    const struct memo *memo = memory_find(&d->history->memory, &key);
    if (!memo || (memo->value & letter_bit(letter)))
        return false;
    writer_text(detail, " In frame ");
    writer_format(detail, "%" PRIu64 " the server gave ", memo->frame);
    writer_bytes(detail, href);
    writer_format(detail, " oc:permissions without %c.", letter);
    return true;
}

/* What is not listed has to be created in its folder. */
static bool say_why_refused(struct detection *d, struct writer *detail, struct span href)
{
    struct span folder = detection_folder(href);
    struct memo_key key = detection_about(d, MEMO_RIGHTS, href);
    bool is_listed = memory_find(&d->history->memory, &key) != NULL;
    switch (detection_operation(d)) {
    case OPERATION_PUT:
        return is_listed ? say_missing_right(d, detail, href, 'W')
                         : say_missing_right(d, detail, folder, 'C');
    case OPERATION_MKCOL:
        return say_missing_right(d, detail, folder, 'K');
    case OPERATION_DELETE:
        return say_missing_right(d, detail, href, 'D');
    default:
        return false;
    }
}

static void report_rights(struct detection *d, const struct refusal *refusal, bool is_named)
{
    struct clue clue = {.cause = span_str(is_named ? "need-privileges" : ""),
                        .href = refusal->href};
    struct writer *detail = detection_report(d, &clue);
    refusal_say(d, detail, refusal);
    bool is_known = say_why_refused(d, detail, refusal->href);
    if (!is_named && !is_known)
        writer_text(detail, " No reason was given; missing rights are the usual one.");
}

static void d41_resource(struct detection *d, const struct resource *resource)
{
    struct refusal refusal = refusal_of(resource);
    bool is_named = refusal_has(&refusal, "need-privileges");
    note_rights(d, resource);
    bool is_bare = refusal.status == 403 && refusal.conditions->n == 0 &&
                   d->event->request->operation != OPERATION_PROPPATCH && detection_is_write(d);
    if (resource->class != OUTCOME_FAILED || !(is_named || is_bare))
        return;
    report_rights(d, &refusal, is_named);
}

static void d41_exchange(struct detection *d)
{
    struct refusal refusal = refusal_of_exchange(d);
    if (refusal.status == 403 && detection_is_write(d))
        report_rights(d, &refusal, false);
}

static const struct detector rows[] = {
    {.rule = "D40", .resource = d40_protected},
    {.rule = "D41", .resource = d41_resource, .exchange = d41_exchange},
};

const struct detectors detect_rights = {rows, sizeof rows / sizeof *rows};
