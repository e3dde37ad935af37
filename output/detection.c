/* Turns clues into sightings, with credentials masked; see detection.h. */
#include "output/detection.h"

#include "dissector/base/text.h"
#include "output/secret.h"
#include "output/webdav.h"

#include <errno.h>

/* Before it is cut: a few captured texts of the longest kind. */
enum { DETAIL_BYTES = 128 * 1024 };

/* Compliance suites provoke refusals to see that they come. */
static const char *const test_suites[] = {"litmus/", "caldavtester", "CalDAVTester"};

/* A writer that has an error drops what is written. */
static void open_detail(struct detection *detection, struct sighting *sighting)
{
    detection->current = sighting;
    detection->detail.error = sighting ? 0 : ECANCELED;
}

static bool is_worse(const struct sighting *sighting, enum severity severity, uint64_t weight)
{
    if (sighting->severity != severity)
        return severity > sighting->severity;
    return weight > sighting->weight;
}

static void add_href(struct detection *d, struct sighting *sighting, struct span href)
{
    sighting->n_resources++;
    if (href.len > 0)
        top_add(&sighting->hrefs, secret_mask(href, &d->scratch), 1);
}

/* A response may be about several hrefs; what failed in a bulk change has none, but a uid. */
static void add_hrefs(struct detection *d, struct sighting *sighting, struct span href)
{
    const struct resource *resource = d->event->resource;
    if (!resource || href.ptr != resource->hrefs[0].ptr) {
        add_href(d, sighting, href);
        return;
    }
    add_href(d, sighting, href.len > 0 ? href : resource->uid);
    for (size_t i = 1; i < resource->n_hrefs; i++)
        add_href(d, sighting, resource->hrefs[i]);
}

static enum severity severity_of(const struct detection *d, const struct clue *clue)
{
    if (d->is_rehearsal)
        return SEVERITY_INFO;
    return clue->severity ? clue->severity : d->rule->severity;
}

struct writer *detection_report(struct detection *d, const struct clue *clue)
{
    detection_end(d);
    enum severity meant = severity_of(d, clue);
    bool is_doubted = meant > SEVERITY_INFO && webdav_is_in_doubt(d);
    enum severity severity = is_doubted ? SEVERITY_INFO : meant;
    struct span cause = secret_mask(clue->cause, &d->scratch);
    struct sighting *sighting = sightings_get(d->sightings, d->rule, cause);
    bool is_wanted = sighting && (sighting->severity == SEVERITY_NONE ||
                                  is_worse(sighting, severity, clue->weight));
    open_detail(d, is_wanted ? sighting : NULL);
    if (sighting && is_doubted) {
        sighting->doubted = meant > sighting->doubted ? meant : sighting->doubted;
        sighting->doubt = webdav_server(d);
    }
    if (is_wanted) {
        sighting->severity = severity;
        sighting->owner = clue->owner ? clue->owner : d->rule->owner;
        sighting->weight = clue->weight;
    }
    if (sighting && clue->href.ptr)
        add_hrefs(d, sighting, clue->href);
    return &d->detail;
}

void detection_init(struct detection *detection)
{
    *detection = (struct detection){0};
    writer_init_memory(&detection->detail, DETAIL_BYTES);
    buf_init(&detection->scratch, SIZE_MAX);
}

void detection_finish(struct detection *detection)
{
    if (detection->current->doubted != SEVERITY_NONE)
        writer_text(&detection->detail, " Nothing had shown WebDAV at this server before.");
    struct span text = secret_mask(writer_span(&detection->detail), &detection->scratch);
    text_printable(detection->current->detail, sizeof detection->current->detail, text);
    detection->current = NULL;
    writer_clear(&detection->detail);
}

void detection_free(struct detection *detection)
{
    (void)writer_close(&detection->detail);
    buf_free(&detection->scratch);
}

bool detection_is_test_suite(struct span user_agent)
{
    for (size_t i = 0; i < sizeof test_suites / sizeof *test_suites; i++)
        if (span_find(user_agent, span_str(test_suites[i])) < user_agent.len)
            return true;
    return false;
}

bool detection_is_client(const struct detection *detection, const char *marker)
{
    struct span user_agent = detection_asked(detection, HTTP_USER_AGENT);
    return span_find(user_agent, span_str(marker)) < user_agent.len;
}

static uint64_t time_between(const struct origin *from, const struct origin *to)
{
    bool is_known = from->ordinal > 0 && to->ordinal > 0 && to->time_ns > from->time_ns;
    return is_known ? (uint64_t)to->time_ns - (uint64_t)from->time_ns : 0;
}

uint64_t detection_first_byte_ns(const struct detection *detection)
{
    const struct exchange *exchange = detection->event->exchange;
    bool is_asked = exchange->request.is_seen && exchange->response.is_seen;
    return is_asked ? time_between(&exchange->request.last, &exchange->response.first) : 0;
}

/* What fills a hole is waited for: that it is one is known at the next frame only. */
uint64_t detection_body_ns(const struct detection *detection)
{
    const struct exchange_message *response = &detection->event->exchange->response;
    bool has_hole = detection_anomaly(detection, ANOMALY_CAPTURE_GAP) ||
                    detection_anomaly(detection, ANOMALY_SNAPLEN);
    return has_hole ? 0 : time_between(&response->first, &response->last);
}

bool detection_has_reason(const struct detection *detection)
{
    const struct resource *resource = detection->event->resource;
    return resource ? !(resource->flags & RESOURCE_PARTIAL)
                    : detection->event->exchange->response.is_complete;
}

static enum operation operation_of(const struct event *event)
{
    if (event->end)
        return event->end->operation;
    if (event->request->operation != OPERATION_OTHER)
        return event->request->operation;
    return operation_of_method(event->exchange->method);
}

void detection_look_at(struct detection *detection, const struct event *event)
{
    detection->event = event;
    detection->operation = operation_of(event);
    if (event->resource)
        detection->cause = record_cause(event->resource);
}

/* Of the methods that are no operation of ours: those that change nothing (RFC 9110 §9.2.1). */
static bool is_harmless(struct span method)
{
    return span_equal(method, span_str("HEAD")) || span_equal(method, span_str("CONNECT")) ||
           span_equal(method, span_str("TRACE"));
}

bool detection_is_write(const struct detection *detection)
{
    enum operation operation = detection->operation;
    if (operation == OPERATION_OTHER && is_harmless(detection->event->exchange->method))
        return false;
    return operation_is_write(operation) && operation != OPERATION_POST;
}

const struct anomaly *detection_anomaly(const struct detection *detection, enum anomaly_kind kind)
{
    const struct exchange *exchange = detection->event->exchange;
    for (size_t i = 0; i < exchange->n_anomalies; i++)
        if (exchange->anomalies[i].kind == kind)
            return &exchange->anomalies[i];
    return NULL;
}

struct span detection_asked(const struct detection *detection, enum http_field field)
{
    return detection->event->exchange->request.fields[field];
}

struct span detection_answered(const struct detection *detection, enum http_field field)
{
    return detection->event->exchange->response.fields[field];
}

struct span detection_method(const struct detection *detection)
{
    return request_method(detection->event->request, detection->event->exchange->method);
}

struct span detection_target(const struct detection *detection)
{
    return detection->event->exchange->target;
}

struct span detection_folder(struct span path)
{
    path = href_path(path);
    return span_to_last(span_first(path, path.len > 0 ? path.len - 1 : 0), '/');
}

bool detection_is_refusal(const struct document_end *end)
{
    return end->root == ROOT_ERROR;
}

bool detection_is_success(const struct detection *detection)
{
    return detection->event->exchange->status >= 200 && detection->event->exchange->status < 300;
}

bool detection_is_sync(const struct document_end *end)
{
    return end->operation == OPERATION_REPORT_SYNC_COLLECTION && end->root == ROOT_MULTISTATUS &&
           end->is_complete;
}

bool detection_is_listing(const struct detection *detection, const struct document_end *end)
{
    return end->operation == OPERATION_PROPFIND && end->root == ROOT_MULTISTATUS &&
           end->is_complete && detection->event->request->depth == DEPTH_1 &&
           detection->facts->n_self > 0;
}

struct memo_key detection_about(const struct detection *detection, enum memo_kind kind,
                                struct span path)
{
    return (struct memo_key){.kind = kind, .event = detection->event, .path = path};
}

struct memo *detection_recall(struct detection *detection, enum memo_kind kind, struct span path)
{
    struct memo_key key = detection_about(detection, kind, path);
    return memory_find(&detection->history->memory, &key);
}

struct memo *detection_remember(struct detection *detection, enum memo_kind kind, struct span path)
{
    struct memo_key key = detection_about(detection, kind, path);
    return memory_note(&detection->history->memory, &key);
}

static bool has_missed(const struct detection *detection, int64_t since_ns, bool is_of_client)
{
    const struct memo_key key = history_about_missed(detection->event, is_of_client);
    const struct memo *memo = memory_find(&detection->history->memory, &key);
    return memo && memo->last_ns > since_ns;
}

bool detection_has_missed_own(const struct detection *detection, int64_t since_ns)
{
    return has_missed(detection, since_ns, true);
}

bool detection_has_missed(const struct detection *detection, int64_t since_ns)
{
    return has_missed(detection, since_ns, false);
}

bool detection_is_of_windows(const struct name *property)
{
    return span_equal(property->space, span_str("urn:schemas-microsoft-com:")) ||
           span_starts(property->local, span_str("Win32"));
}

bool conditions_have(const struct conditions *conditions, const char *local)
{
    for (size_t i = 0; i < conditions->n; i++)
        if (span_equal(conditions->names[i].local, span_str(local)))
            return true;
    return false;
}
