/* Rules D48 to D51, D58 and D63: how the service does: turned away, slow, asked for too much, in
 * part (DOMAIN.md 5.5). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"
#include "output/webdav.h"

#include <inttypes.h>

/* ---- D48: turned away ---- */

/* Web pages and other interfaces in the capture are seldom what is looked for. */
static enum severity severity_of(const struct detection *d)
{
    return webdav_may_be(d) ? SEVERITY_NONE : SEVERITY_INFO;
}

/* So many failures of one request in a row, with so little time between them, are a storm. */
enum { STORM_REQUESTS = 5, STORM_SECONDS = 30 };

static bool is_turned_away(uint16_t status)
{
    return status == 429 || status == 503;
}

/* Refusals that are no news of the server: logging in, looking whether something is there. */
static bool is_failure(const struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    bool is_usual = status == 401 || status == 404 || status == 407 || status == 410 ||
                    status == 412 || status == 423;
    bool is_of_server = status >= 500 || status == 408 || status == 429;
    return status >= 400 && !is_usual && (is_of_server || !detection_is_write(d));
}

static void report_storm(struct detection *d, const struct memo *memo)
{
    struct clue clue = {.severity = severity_of(d),
                        .owner = OWNER_CLIENT,
                        .cause = span_str("retry storm"),
                        .href = detection_target(d),
                        .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, detection_method(d));
    writer_text(detail, " failed ");
    phrase_count(detail, memo->n, "time", NULL);
    writer_text(detail, " within ");
    remark_span(detail, memo->first_ns, memo->last_ns);
    writer_text(detail, ", last with ");
    phrase_status(detail, d->event->exchange->status);
    writer_text(detail, ": the client asks again and again at once.");
}

/* The same request of the same client. */
static void note_failure(struct detection *d)
{
    struct memo_key key = detection_about(d, MEMO_FAILING, detection_target(d));
    struct memory *memory = &d->history->memory;
    uint16_t status = d->event->exchange->status;
    key.more = detection_method(d);
    const struct memo *before = memory_find(memory, &key);
    if (before &&
        (!is_failure(d) || before->value != status || detection_has_missed_own(d, before->last_ns)))
        memory_forget(memory, &key);
    struct memo *memo = is_failure(d) ? memory_note(memory, &key) : NULL;
    if (!memo)
        return;
    memo->value = status;
    uint64_t lasted_ns = (uint64_t)memo->last_ns - (uint64_t)memo->first_ns;
    if (memo->n >= STORM_REQUESTS && lasted_ns / (memo->n - 1) < STORM_SECONDS * SECOND_NS)
        report_storm(d, memo);
}

/* In seconds; a date is passed over. No server means to be left alone for longer than a day. */
static uint64_t retry_after_ns(const struct detection *d)
{
    uint64_t seconds = 0;
    (void)span_decimal(detection_answered(d, HTTP_RETRY_AFTER), 86400, &seconds);
    return seconds * SECOND_NS;
}

/* The client was told when to come back. */
static void note_turned_away(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct memo_key key = detection_about(d, MEMO_TURNED_AWAY, detection_target(d));
    struct memory *memory = &d->history->memory;
    key.more = detection_method(d);
    const struct memo *memo = memory_find(memory, &key);
    if (memo && exchange->request.first.time_ns < (int64_t)memo->value) {
        struct clue clue = {.severity = severity_of(d),
                            .owner = OWNER_CLIENT,
                            .cause = span_str("too soon"),
                            .href = detection_target(d)};
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "The client came back after ");
        remark_span(detail, memo->last_ns, exchange->request.first.time_ns);
        writer_text(detail, ", ");
        remark_span(detail, exchange->request.first.time_ns, (int64_t)memo->value);
        writer_text(detail, " before Retry-After allowed it.");
    }
    if (!is_turned_away(exchange->status)) {
        memory_forget(memory, &key);
        return;
    }
    struct memo *now = retry_after_ns(d) > 0 ? memory_note(memory, &key) : NULL;
    if (now)
        now->value = (uint64_t)now->last_ns + retry_after_ns(d);
}

static void d48_unavailable(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    note_failure(d);
    note_turned_away(d);
    if (!is_turned_away(exchange->status))
        return;
    struct span after = detection_answered(d, HTTP_RETRY_AFTER);
    struct clue clue = {.severity = severity_of(d),
                        .cause = span_str(exchange->status == 429 ? "429" : "503"),
                        .href = exchange->target};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, exchange->status);
    if (after.len > 0) {
        writer_text(detail, ", Retry-After: ");
        writer_bytes(detail, after);
    }
    writer_text(detail, ".");
    remark_words(detail, span_str(d->facts->said));
}

static void d48_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d48_unavailable(d);
}

/* Some servers turn away single items. */
static void d48_resource(struct detection *d, const struct resource *resource)
{
    uint16_t status = d->cause.status;
    bool is_inside = d->event->exchange->status == 207 && resource->class == OUTCOME_FAILED &&
                     webdav_is_spoken(d);
    if (!is_inside || !is_turned_away(status))
        return;
    struct clue clue = {.cause = span_str("inside"), .href = resource->hrefs[0]};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, status);
    writer_text(detail, " for single items of an answer.");
}

/* ---- D49: not ready yet ---- */

/* A queue that is not stuck is done sooner. */
enum { PENDING_MINUTES = 10 };

/* Of the whole, or of what is known only when the server is done. */
static bool is_too_early(const struct detection *d, const struct resource *resource)
{
    bool is_pending = resource->class == OUTCOME_PENDING && d->cause.status == 425;
    for (size_t i = 0; i < resource->n_propstats; i++)
        is_pending |= resource->propstats[i].class == OUTCOME_PENDING &&
                      resource->propstats[i].status.code == 425;
    return is_pending;
}

static void d49_pending(struct detection *d, const struct resource *resource)
{
    struct memo_key key = detection_about(d, MEMO_PENDING, resource->hrefs[0]);
    const struct memo *before = memory_find(&d->history->memory, &key);
    if (!is_too_early(d, resource) || (before && detection_has_missed_own(d, before->last_ns)))
        memory_forget(&d->history->memory, &key); /* it is done, and may be pending anew */
    if (!is_too_early(d, resource))
        return;
    const struct memo *memo = detection_remember(d, MEMO_PENDING, resource->hrefs[0]);
    bool is_long = memo && origin_has_passed(memo->first_ns, memo->last_ns,
                                             (int64_t)(PENDING_MINUTES * 60 * SECOND_NS));
    struct clue clue = {.severity = is_long ? SEVERITY_WARNING : SEVERITY_INFO,
                        .href = resource->hrefs[0],
                        .weight = memo ? (uint64_t)memo->n : 0};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "425 Too Early: the server is not done with it.");
    if (is_long) {
        writer_text(detail, " So it has been for ");
        remark_span(detail, memo->first_ns, memo->last_ns);
        writer_text(detail, ".");
    }
}

/* ---- D50: slow ---- */

enum { SLOW_SECONDS = 10 };

static void say_time(struct writer *detail, uint64_t time_ns, const char *what)
{
    remark_duration(detail, time_ns);
    writer_format(detail, " %s", what);
}

/* Clients that give up sooner were interrupted. */
enum { PATIENT_SECONDS = 5 };

static uint64_t waited_ns(const struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    int64_t from_ns = exchange->request.last.time_ns, to_ns = d->event->origin.time_ns;
    return to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0;
}

/* A request that was wholly seen, and no answer to it, although none was missed, until its client
 * ended the connection: one that goes on with it has got an answer that was not captured. That the
 * server hung up is D62. */
static bool is_unanswered(const struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    return webdav_is_spoken(d) && exchange->request.is_complete && !exchange->response.is_seen &&
           exchange->n_anomalies == 0 && exchange->is_closed && exchange->closed_by == DIR_CLIENT &&
           waited_ns(d) >= PATIENT_SECONDS * SECOND_NS;
}

static void report_asked_again(struct detection *d, const struct memo *memo)
{
    struct clue clue = {
        .cause = span_str("asked again"), .href = detection_target(d), .weight = memo->n};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "The client waited ");
    say_time(detail, memo->value, "for an answer, gave up");
    if (memo->n > 1) {
        writer_text(detail, " (");
        phrase_count(detail, memo->n, "time", NULL);
        writer_text(detail, " by now)");
    }
    writer_text(detail, ", and asked the same again; the server may still have been at work.");
}

/* What came before this request began. */
static void d50_unanswered(struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    struct memo_key key = detection_about(d, MEMO_UNANSWERED, exchange->target);
    struct memory *memory = &d->history->memory;
    key.more = detection_method(d);
    const struct memo *before = exchange->request.is_seen ? memory_find(memory, &key) : NULL;
    if (before && before->last_ns <= exchange->request.first.time_ns)
        report_asked_again(d, before);
    if (!is_unanswered(d)) {
        memory_forget(memory, &key);
        return;
    }
    struct memo *memo = memory_note(memory, &key);
    if (memo)
        memo->value = waited_ns(d);
}

/* Slowness that comes of many resources looks otherwise than slowness at each of them. */
static void say_rate(struct writer *detail, uint64_t n, uint64_t time_ns)
{
    uint64_t tenths = n * 10 / (time_ns / SECOND_NS);
    if (tenths > 0)
        writer_format(detail, " (%" PRIu64 ".%" PRIu64 " a second)", tenths / 10, tenths % 10);
}

static void d50_slow(struct detection *d, const struct document_end *end)
{
    d50_unanswered(d);
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
    say_rate(detail, end->n_resources, first_ns + body_ns);
    writer_text(detail, ".");
    if (d->event->exchange->n_processing > 0) {
        writer_text(detail, " Meanwhile the server said ");
        phrase_count(detail, d->event->exchange->n_processing, "time", NULL);
        writer_text(detail, " that it was at work (102).");
    }
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
    bool is_success = detection_is_success(d) && status != 207;
    bool is_batch = end->format == FORMAT_JSON || end->root == ROOT_BATCH;
    if (!is_success || !is_batch || d->facts->n_failed == 0)
        return;
    struct clue clue = {.href = d->event->exchange->target, .weight = d->facts->n_failed};
    struct writer *detail = detection_report(d, &clue);
    writer_format(detail, "Status %u, but ", (unsigned)status);
    phrase_outcome(detail, end->by_class, end->n_resources);
    writer_text(detail, ".");
}

/* ---- D63: the server fails ---- */

/* To COPY and MOVE 502 says that the destination is another server's (RFC 4918 §9.8.5, §9.9.4). */
static bool is_server_error(const struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    bool has_destination = d->operation == OPERATION_COPY || d->operation == OPERATION_MOVE;
    bool is_elsewhere = status == 502 && has_destination;
    bool is_own = status == 501 || status == 503 || status == 505 || status == 507 ||
                  status == 508 || status == 511; /* they say what they mean */
    return status >= 500 && !is_own && !is_elsewhere;
}

/* 520 to 527 and 530 are those of a large network of gateways. */
static bool is_of_gateway(uint16_t status)
{
    return status == 502 || status == 504 || (status >= 520 && status <= 527) || status == 530;
}

static void d63_server_error(struct detection *d)
{
    uint16_t status = d->event->exchange->status;
    bool is_write = detection_is_write(d);
    if (!is_server_error(d) || !webdav_may_be(d))
        return;
    struct clue clue = {.severity = is_write ? SEVERITY_NONE : SEVERITY_WARNING,
                        .cause = span_str(is_of_gateway(status) ? "gateway" : "server"),
                        .href = d->event->exchange->target,
                        .weight = is_write};
    struct writer *detail = detection_report(d, &clue);
    phrase_status(detail, status);
    writer_text(detail, " in answer to ");
    writer_bytes(detail, detection_method(d));
    writer_text(detail, ".");
    if (is_of_gateway(status))
        writer_text(detail, " A gateway says so of the server behind it.");
    if (is_write)
        writer_text(detail, " Whether anything was done is not known.");
    remark_words(detail, span_str(d->facts->said));
}

static void d63_document(struct detection *d, const struct document_end *end)
{
    if (detection_is_refusal(end))
        d63_server_error(d);
}

static const struct detector rows[] = {
    {.rule = "D48",
     .traits = TRAIT_FAILED,
     .resource = d48_resource,
     .document = d48_document,
     .exchange = d48_unavailable},
    {.rule = "D49", .traits = TRAIT_ANY, .resource = d49_pending},
    {.rule = "D50", .document = d50_slow, .exchange = d50_unanswered},
    {.rule = "D51", .document = d51_heavy},
    {.rule = "D58", .document = d58_batch},
    {.rule = "D59", .unseen = "it is what the capturing machine says of itself (losses.h)"},
    {.rule = "D60", .unseen = "it is what davscope says of itself (losses.h)"},
    {.rule = "D63", .document = d63_document, .exchange = d63_server_error},
};

const struct detectors detect_service = {rows, sizeof rows / sizeof *rows};
