/* Looks for what only WebDAV has, and remembers which servers had it; see webdav.h. */
#include "output/webdav.h"

#include <string.h>

/* Whether only WebDAV has it. */
static bool is_own_operation(enum operation operation)
{
    return operation != OPERATION_GET && operation != OPERATION_POST &&
           operation != OPERATION_PUT && operation != OPERATION_DELETE &&
           operation != OPERATION_OPTIONS && operation != OPERATION_OTHER;
}

static bool is_shared_method(const struct detection *detection)
{
    return detection->operation == OPERATION_PUT || detection->operation == OPERATION_DELETE;
}

static bool ends_in(struct span path, const char *end)
{
    size_t len = strlen(end);
    return path.len > len && span_equal_nocase(span_after(path, path.len - len), span_str(end));
}

/* Appointments and contacts are changed one by one by CalDAV and CardDAV. */
static bool is_object(const struct detection *detection)
{
    struct span type = detection_asked(detection, HTTP_CONTENT_TYPE);
    struct span path = href_path(detection_target(detection));
    type = span_trim(span_first(type, span_find_byte(type, ';')));
    return span_equal_nocase(type, span_str("text/calendar")) ||
           span_equal_nocase(type, span_str("text/vcard")) ||
           (is_shared_method(detection) && (ends_in(path, ".ics") || ends_in(path, ".vcf")));
}

/* What a REST interface never has: it shares PUT, DELETE, 207 and types of XML with WebDAV. */
static bool asks_webdav(const struct detection *detection)
{
    static const enum http_field asked[] = {HTTP_DEPTH, HTTP_DESTINATION, HTTP_OVERWRITE,
                                            HTTP_TRANSLATE, HTTP_IF_SCHEDULE_TAG_MATCH};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (detection_asked(detection, asked[i]).len > 0)
            return true;
    return is_own_operation(detection->operation) ||
           detection->event->exchange->request.has_lock_token || is_object(detection) ||
           agents_speak_webdav(&detection->history->agents,
                               detection_asked(detection, HTTP_USER_AGENT));
}

/* The same of answers; 423 and 507 are statuses of WebDAV (RFC 4918 §11). */
static bool answers_webdav(const struct detection *detection)
{
    const struct document_end *end = detection->event->end;
    const struct resource *resource = detection->event->resource;
    uint16_t status = detection->event->exchange->status;
    bool is_document = end && end->root != ROOT_NONE && end->root != ROOT_BATCH;
    bool is_entry = resource && !resource->is_of_json && !resource->is_told;
    return is_document || is_entry || status == 423 || status == 507 ||
           detection_answered(detection, HTTP_DAV).len > 0 ||
           detection_answered(detection, HTTP_OC_ETAG).len > 0;
}

/* One address may serve several names, of which one speaks WebDAV. */
static struct memo_key about_webdav(const struct detection *detection)
{
    struct memo_key key = detection_about(detection, MEMO_WEBDAV, span_str("/"));
    key.more = detection_asked(detection, HTTP_HOST);
    return key;
}

static const struct memo *recall_webdav(const struct detection *detection)
{
    struct memo_key key = about_webdav(detection);
    return memory_find(&detection->history->memory, &key);
}

uint64_t webdav_note(struct detection *detection)
{
    struct memory *memory = &detection->history->memory;
    struct memo_key key = about_webdav(detection);
    bool has_answered = answers_webdav(detection);
    if (!has_answered && !asks_webdav(detection))
        return 0;
    struct memo *memo = memory_note(memory, &key);
    if (memo)
        memo->value |= has_answered;
    return memo && memo->n == 1 ? memo->key : 0;
}

/* The exchange, or an earlier one. */
static bool is_shown(const struct detection *detection)
{
    return asks_webdav(detection) || answers_webdav(detection) || recall_webdav(detection);
}

bool webdav_is_spoken(const struct detection *detection)
{
    return is_shared_method(detection) ? is_shown(detection)
                                       : is_own_operation(detection->operation);
}

bool webdav_may_be(const struct detection *detection)
{
    return is_shared_method(detection) || is_own_operation(detection->operation);
}

bool webdav_has_answered(const struct detection *detection)
{
    const struct memo *memo = recall_webdav(detection);
    return answers_webdav(detection) || (memo && memo->value);
}

/* Whether nobody can tell from its method: one that davscope has no row for (PATCH, PURGE), or that
 * of a request which was not captured, of which there is only that it was refused. */
static bool is_any_method(const struct detection *detection)
{
    const struct exchange *exchange = detection->event->exchange;
    bool is_refusal = exchange->status >= 400 && !detection->event->end;
    return detection->operation == OPERATION_OTHER && (exchange->method.len > 0 || is_refusal);
}

bool webdav_is_in_doubt(const struct detection *detection)
{
    return (is_shared_method(detection) || is_any_method(detection)) && !is_shown(detection);
}

uint64_t webdav_server(const struct detection *detection)
{
    struct memo_key key = about_webdav(detection);
    return memory_key(&detection->history->memory, &key);
}
