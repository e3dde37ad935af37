/* Sentences that rules of several families say; see remark.h. */
#include "output/remark.h"

#include "output/phrase.h"
#include "output/time_text.h"

#include <inttypes.h>

void remark_anomaly(struct detection *d, struct writer *detail, const struct anomaly *anomaly)
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

void remark_state_unknown(struct writer *detail, const struct document_end *end)
{
    if (operation_is_write(end->operation))
        writer_text(detail, " It answered a write: nobody knows what was done.");
}

void remark_type(struct detection *d, struct writer *detail)
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

void remark_words(struct writer *detail, struct span words)
{
    if (words.len == 0)
        return;
    writer_text(detail, " The server says: ");
    writer_bytes(detail, words);
}

void remark_frame(const struct detection *d, struct writer *detail, uint32_t source, uint64_t frame)
{
    writer_format(detail, "frame %" PRIu64, frame);
    if (d->sources.n < 2)
        return;
    writer_text(detail, " of ");
    writer_text(detail, source_name(&d->sources, source));
}

void remark_duration(struct writer *detail, uint64_t time_ns)
{
    char text[TIME_TEXT_BYTES];
    time_text_duration(time_ns, text);
    writer_text(detail, text);
}

void remark_span(struct writer *detail, int64_t from_ns, int64_t to_ns)
{
    remark_duration(detail, to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0);
}

enum { ROUND_PERCENT = 2 };

static bool is_near(uint64_t value, uint64_t round)
{
    uint64_t tolerance = round * ROUND_PERCENT / 100;
    return value + tolerance >= round && value <= round + tolerance;
}

/* Times and sizes at which proxies and runtimes commonly stop. */
void remark_round_numbers(struct writer *detail, uint64_t time_ns, uint64_t n_bytes)
{
    static const unsigned seconds[] = {30, 60, 90, 120, 180, 300, 600};
    static const unsigned mebibytes[] = {1, 2, 4, 8, 16, 32, 64};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        if (is_near(time_ns, seconds[i] * (uint64_t)SECOND_NS))
            writer_format(detail, " That is close to %u s: a time limit?", seconds[i]);
    for (size_t i = 0; i < sizeof mebibytes / sizeof *mebibytes; i++)
        if (is_near(n_bytes, mebibytes[i] * UINT64_C(1048576)))
            writer_format(detail, " That is close to %u MiB: a size limit?", mebibytes[i]);
}
