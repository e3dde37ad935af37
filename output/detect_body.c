/* Rules D05 to D07 and D10: bodies that are cut off, too large, packed otherwise than told, or
 * empty (DOMAIN.md 5.1). */
#include "output/detector.h"
#include "output/phrase.h"
#include "output/remark.h"

/* ---- D05: cut off ---- */

/* It had begun to come when its client ended the connection first: not to say that all was asked,
 * but because it wanted no more. */
static bool is_broken_off_by_client(const struct exchange *exchange)
{
    const struct exchange_message *response = &exchange->response;
    bool is_reset = response->end == END_RESET || exchange->closed_why == END_RESET;
    return exchange->is_closed && exchange->closed_by == DIR_CLIENT && is_reset &&
           exchange->closed_at.time_ns >= response->first.time_ns;
}

/* Perhaps nothing that the client sent was captured: that it broke off could not be seen. */
static bool is_one_sided(const struct exchange *exchange)
{
    return !exchange->request.is_seen && exchange->response.end != END_COMPLETE &&
           !is_broken_off_by_client(exchange);
}

static const char *how_it_ended(const struct exchange *exchange, enum format format)
{
    const struct exchange_message *response = &exchange->response;
    if (is_broken_off_by_client(exchange))
        return "the client broke off";
    if (response->end == END_RESET)
        return "the connection was reset";
    if (response->end == END_FIN)
        return "the connection was closed";
    if (response->end != END_COMPLETE)
        return "its framing broke off";
    return format == FORMAT_JSON ? "the message was whole, its JSON was not"
                                 : "the message was whole, its XML was not";
}

/* Shorter pauses are the network's. */
#define SILENCE_NS UINT64_C(1000000000)

/* Between the last byte and the end of the connection: how long somebody waited for more. */
static uint64_t silence_before_end_ns(const struct detection *d)
{
    const struct anomaly *cut = detection_anomaly(d, ANOMALY_TRUNCATED);
    int64_t last_ns = d->event->exchange->response.last.time_ns;
    return cut && cut->origin.time_ns > last_ns ? (uint64_t)cut->origin.time_ns - (uint64_t)last_ns
                                                : 0;
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
    bool is_by_client = is_broken_off_by_client(d->event->exchange);
    bool is_impatient = is_by_client && silence_ns >= SILENCE_NS;
    bool is_one_side = is_one_sided(d->event->exchange);
    struct clue clue = {.severity = is_impatient || is_one_side ? SEVERITY_WARNING
                                    : is_by_client              ? SEVERITY_INFO
                                                                : SEVERITY_NONE,
                        .owner = is_one_side                     ? OWNER_NETWORK
                                 : is_by_client && !is_impatient ? OWNER_CLIENT
                                                                 : OWNER_NONE,
                        .cause = span_str(is_by_client ? "client" : ""),
                        .href = d->event->exchange->target,
                        .weight = response->body_bytes};
    struct writer *detail = detection_report(d, &clue);
    writer_text(detail, "It stopped after ");
    phrase_bytes(detail, response->body_bytes);
    if (response->framing == HTTP_FRAMING_LENGTH) {
        writer_text(detail, " of ");
        phrase_bytes(detail, response->content_length);
    }
    writer_text(detail, " and ");
    remark_duration(detail, time_ns);
    writer_format(detail, ": %s", how_it_ended(d->event->exchange, end->format));
    if (silence_ns >= SILENCE_NS) {
        writer_text(detail, " after ");
        remark_duration(detail, silence_ns);
        writer_text(detail, " of silence");
    }
    writer_text(detail, ".");
    if (is_one_side)
        writer_text(detail, " Its request was not captured: it may as well be the client that "
                            "broke off.");
    remark_round_numbers(detail, silence_ns >= SILENCE_NS ? silence_ns : time_ns,
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

/* "x-gzip" and "x-compress" are other names of the same (RFC 9110 §8.4.1). */
static struct span without_x(struct span coding)
{
    bool is_old = coding.len > 2 && span_equal_nocase(span_first(coding, 2), span_str("x-"));
    return is_old ? span_after(coding, 2) : coding;
}

/* ";q=0", with up to three zeros more and white space (RFC 9110 §12.4.2). */
static bool is_zero(struct span weight)
{
    struct span name = span_trim(span_first(weight, span_find_byte(weight, '=')));
    struct span value = span_trim(span_after(weight, span_find_byte(weight, '=') + 1));
    if (!span_equal_nocase(name, span_str("q")) || value.len == 0)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != (i == 1 ? '.' : '0'))
            return false;
    return true;
}

/* Whether Accept-Encoding lets the coding be used; "*" stands for all that are not named. */
static bool accepts(struct span accepted, struct span coding)
{
    bool takes_others = false;
    for (struct span rest = accepted; rest.len > 0;) {
        size_t len = span_find_byte(rest, ',');
        struct span element = span_first(rest, len);
        size_t name_len = span_find_byte(element, ';');
        struct span name = span_trim(span_first(element, name_len));
        bool is_taken = !is_zero(span_after(element, name_len + 1));
        if (span_equal_nocase(without_x(name), without_x(coding)))
            return is_taken;
        takes_others = takes_others || (is_taken && span_equal(name, span_str("*")));
        rest = span_after(rest, len + (len < rest.len));
    }
    return takes_others;
}

/* Where the client says which codings it takes, and be it by an empty field that it takes none,
 * others may not be used; where it says nothing, any may (RFC 9110 §12.5.3). */
static void d07_unaccepted(struct detection *d)
{
    struct span accepted = detection_asked(d, HTTP_ACCEPT_ENCODING);
    struct span coding = detection_answered(d, HTTP_CONTENT_ENCODING);
    bool is_one = coding.len > 0 && span_find_byte(coding, ',') == coding.len &&
                  !span_equal_nocase(coding, span_str("identity"));
    if (!accepted.ptr || !is_one || accepts(accepted, coding))
        return;
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
        remark_anomaly(d, detection_report(d, &clue), wrong);
    }
}

/* ---- D10: nothing ---- */

static void d10_empty(struct detection *d, const struct document_end *end)
{
    bool is_suspicious =
        end->verdict == VERDICT_EMPTY && end->reason && strcmp(end->reason, "suspicious") == 0;
    struct clue clue = {.href = d->event->exchange->target};
    if (end->verdict == VERDICT_UNDECODABLE && end->format == FORMAT_EMPTY) {
        struct writer *detail = detection_report(d, &clue);
        writer_text(detail, "A 207 without a body.");
        remark_state_unknown(detail, end);
    } else if (is_suspicious) {
        writer_text(detection_report(d, &clue),
                    end->flags & DOCUMENT_TRUNCATED
                        ? "Nothing but a 507, and no token to ask for more with."
                        : "A Multi-Status without any response.");
    }
}

static const struct detector rows[] = {
    {.rule = "D05", .document = d05_cut},
    {.rule = "D06", .document = d06_too_large},
    {.rule = "D07", .document = d07_compression},
    {.rule = "D10", .document = d10_empty},
};

const struct detectors detect_body = {rows, sizeof rows / sizeof *rows};
