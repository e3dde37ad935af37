/* Rule D62: requests that are answered by the end of the connection. */
#include "output/detector.h"
#include "output/remark.h"
#include "output/webdav.h"

#include <inttypes.h>

/* A connection that was idle may be closed just as a request is on its way. */
#define CROSSING_NS UINT64_C(1000000000)

/* Nothing was missed: that a request was cut off is what comes of the same end. */
static bool is_seen_whole(const struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->n_anomalies; i++)
        if (exchange->anomalies[i].kind != ANOMALY_TRUNCATED)
            return false;
    return exchange->request.is_seen && !exchange->request.is_partial &&
           exchange->n_anomalies_more == 0;
}

/* The frame of HTTP/2 that closed the stream, with its code; "": none did. */
static const char *closing_frame(const struct detection *d)
{
    const struct anomaly *cut = detection_anomaly(d, ANOMALY_TRUNCATED);
    return d->event->exchange->stream != 0 && cut ? cut->text : "";
}

/* The request is to be sent again: in HTTP/2 a server says which streams it did not look at, or
 * wants elsewhere. */
static bool is_sent_back(const struct detection *d)
{
    static const char *const harmless[] = {"GOAWAY", "RST_STREAM REFUSED_STREAM",
                                           "RST_STREAM HTTP_1_1_REQUIRED"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strncmp(closing_frame(d), harmless[i], strlen(harmless[i])) == 0)
            return true;
    return false;
}

static bool is_hung_up(const struct detection *d)
{
    const struct exchange *exchange = d->event->exchange;
    return webdav_is_spoken(d) && !is_sent_back(d) && !exchange->response.is_seen &&
           exchange->is_closed && exchange->closed_by == DIR_SERVER && is_seen_whole(exchange);
}

static uint64_t waited_ns(const struct exchange *exchange)
{
    int64_t from_ns = exchange->request.first.time_ns, to_ns = exchange->closed_at.time_ns;
    return to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0;
}

static void report_hung_up(struct detection *d, uint64_t n)
{
    const struct exchange *exchange = d->event->exchange;
    bool is_of_stream = closing_frame(d)[0] != '\0';
    bool may_cross = !is_of_stream && exchange->number > 1 && waited_ns(exchange) < CROSSING_NS &&
                     exchange->request.is_complete && n == 1;
    struct clue clue = {.severity = may_cross               ? SEVERITY_INFO
                                    : detection_is_write(d) ? SEVERITY_ERROR
                                                            : SEVERITY_WARNING,
                        .cause = span_str(may_cross ? "idle" : ""),
                        .href = detection_target(d),
                        .weight = n};
    struct writer *detail = detection_report(d, &clue);
    writer_bytes(detail, detection_method(d));
    writer_text(detail, is_of_stream ? ": the server reset the stream "
                        : exchange->closed_why == END_RESET
                            ? ": the server reset the connection "
                            : ": the server closed the connection ");
    remark_duration(detail, waited_ns(exchange));
    writer_text(detail,
                exchange->request.is_complete ? " after the request began" : " into the request");
    if (exchange->stream != 0 && !is_of_stream)
        writer_format(detail, " on stream %" PRIu32, exchange->stream);
    writer_text(detail, ", and did not answer.");
    if (n > 1)
        writer_format(detail, " So it did %" PRIu64 " times to this client.", n);
    if (may_cross)
        writer_text(detail, " It may have closed an idle connection at that moment, as servers do; "
                            "clients ask again.");
    else if (detection_is_write(d))
        writer_text(detail, " Nobody knows whether the change was made.");
    remark_round_numbers(detail, waited_ns(exchange), exchange->request.body_bytes);
}

static void d62_exchange(struct detection *d)
{
    struct memo_key key = detection_about(d, MEMO_HUNG_UP, detection_target(d));
    key.more = detection_method(d);
    if (!is_hung_up(d)) {
        if (d->event->exchange->response.is_seen)
            memory_forget(&d->history->memory, &key);
        return;
    }
    const struct memo *memo = memory_note(&d->history->memory, &key);
    report_hung_up(d, memo ? memo->n : 1);
}

static void d62_document(struct detection *d, const struct document_end *end)
{
    (void)end;
    d62_exchange(d);
}

static const struct detector rows[] = {
    {.rule = "D62", .document = d62_document, .exchange = d62_exchange},
};

const struct detectors detect_connection = {rows, sizeof rows / sizeof *rows};
