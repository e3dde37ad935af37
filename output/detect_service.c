/* Rules D48 to D51 and D58: how the service does: turned away, slow, asked for too much, in part
 * (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/time_text.h"

#include <inttypes.h>

#define SECOND_NS UINT64_C(1000000000)

/* ---- D48: turned away ---- */

static void d48_unavailable(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    bool is_limit = exchange->status == 429;
    if (!is_limit && exchange->status != 503)
        return;
    struct span after = detection_answered(d, HTTP_RETRY_AFTER);
    struct clue clue = {.cause = span_str(is_limit ? "429" : "503"), .href = exchange->target};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, exchange->status);
    if (after.len > 0) {
        writer_text(detail, ", Retry-After: ");
        writer_bytes(detail, after);
    }
    writer_text(detail, ".");
}

static void d48_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d48_unavailable(d);
}

/* ---- D49: not ready yet ---- */

static void d49_pending(struct detection *d, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    struct clue clue = {.href = resource->hrefs[0]};
    if (resource->class == OUTCOME_PENDING && cause.status == 425)
        writer_text(detection_report(d, &clue), "425 Too Early: the server is not done with it.");
}

/* ---- D50: slow ---- */

enum { SLOW_SECONDS = 10 };

static void say_time(struct writer *detail, uint64_t time_ns, const char *what)
{
    char text[TIME_TEXT_BYTES];
    time_text_duration(time_ns, text);
    writer_format(detail, "%s %s", text, what);
}

static void d50_slow(struct detection *d, const struct document_end *end)
{
    uint64_t first_ns = detection_first_byte_ns(d), body_ns = detection_body_ns(d);
    if (first_ns + body_ns < SLOW_SECONDS * SECOND_NS)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = first_ns + body_ns};
    struct writer *detail = detection_report(d, &clue);
    say_time(detail, first_ns, "to the first byte, ");
    say_time(detail, body_ns, "for the body of ");
    phrase_bytes(detail, d->event->exchange->response.body_bytes);
    writer_text(detail, " with ");
    phrase_count(detail, end->n_resources, "resource", NULL);
    writer_text(detail, ".");
}

/* ---- D51: heavy requests ---- */

enum { LARGE_LISTING = 1000 };

static bool wants_everything(const struct detection *d)
{
    const struct request *request = d->event->request;
    const struct exchange_message *message = &d->event->exchange->request;
    bool has_no_body = message->is_seen && message->is_complete && message->body_bytes == 0;
    return request->choice == PROPERTIES_ALL || has_no_body;
}

static bool wants_data(const struct request *request)
{
    for (size_t i = 0; i < request->n_properties; i++)
        if (span_equal(request->properties[i].local, span_str("calendar-data")) ||
            span_equal(request->properties[i].local, span_str("address-data")))
            return true;
    return false;
}

static void d51_heavy(struct detection *d, const struct document_end *end)
{
    bool is_listing = end->operation == OPERATION_PROPFIND && d->event->request->is_seen;
    struct clue clue = {.href = d->event->exchange->target, .weight = end->n_resources};
    if (is_listing && wants_everything(d) && end->n_resources > LARGE_LISTING) {
        clue.cause = span_str("allprop");
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "All properties of ");
        phrase_count(detail, end->n_resources, "resource", NULL);
        writer_text(detail, ".");
    } else if (is_listing && wants_data(d->event->request)) {
        clue.cause = span_str("data");
        writer_text(detection_report(d, &clue), "The data of all items in a PROPFIND.");
    }
}

/* ---- D58: batches under 200 ---- */

static void d58_batch(struct detection *d, const struct document_end *end)
{
    uint16_t status = d->event->exchange->status;
    bool is_success = status >= 200 && status < 300 && status != 207;
    if (!is_success || end->format != FORMAT_JSON || d->facts->n_failed == 0)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = d->facts->n_failed};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u, but ", (unsigned)status);
    phrase_outcome(detail, end->by_class, end->n_resources);
    writer_text(detail, ".");
}

static const struct detector rows[] = {
    {.rule = "D48", .document = d48_document, .exchange = d48_unavailable},
    {.rule = "D49", .resource = d49_pending},
    {.rule = "D50", .document = d50_slow},
    {.rule = "D51", .document = d51_heavy},
    {.rule = "D58", .document = d58_batch},
};

const struct detectors detect_service = {rows, sizeof rows / sizeof *rows};
