/* Small pieces of English; see phrase.h. */
#include "output/phrase.h"

#include "output/escape.h"

#include <inttypes.h>

void phrase_number(struct writer *writer, uint64_t n)
{
    uint64_t group = 1;
    while (n / group >= 1000)
        group *= 1000;
    writer_format(writer, "%" PRIu64, n / group);
    for (group /= 1000; group > 0; group /= 1000)
        writer_format(writer, ",%03" PRIu64, n / group % 1000);
}

void phrase_count(struct writer *writer, uint64_t n, const char *singular, const char *plural)
{
    phrase_number(writer, n);
    if (n != 1 && plural)
        writer_format(writer, " %s", plural);
    else
        writer_format(writer, " %s%s", singular, n == 1 ? "" : "s");
}

void phrase_bytes(struct writer *writer, uint64_t n_bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (n_bytes < 1024) {
        phrase_count(writer, n_bytes, "byte", NULL);
        return;
    }
    size_t unit = 0;
    uint64_t scale = 1024;
    while (n_bytes / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    uint64_t whole = n_bytes / scale, tenth = n_bytes % scale * 10 / scale;
    if (whole < 100)
        writer_format(writer, "%" PRIu64 ".%" PRIu64 " %s", whole, tenth, units[unit]);
    else
        writer_format(writer, "%" PRIu64 " %s", whole, units[unit]);
}

static void write_status(struct writer *writer, uint16_t status, const char *name)
{
    if (status == 0)
        writer_text(writer, "no status");
    else
        writer_format(writer, "%u%s%s", (unsigned)status, name ? " " : "", name ? name : "");
}

void phrase_status(struct writer *writer, uint16_t status)
{
    write_status(writer, status, status_name(status));
}

const char *phrase_status_name(uint16_t status, enum outcome class)
{
    bool is_full = status == 425 && class == OUTCOME_FAILED;
    return is_full ? "Insufficient Space on Resource" : status_name(status);
}

void phrase_status_of(struct writer *writer, uint16_t status, enum outcome class)
{
    write_status(writer, status, phrase_status_name(status, class));
}

void phrase_outcome(struct writer *writer, const uint64_t by_class[OUTCOME_N], uint64_t n_resources)
{
    n_resources += by_class[OUTCOME_MISSING];
    if (n_resources == 0) {
        writer_text(writer, "no resources");
        return;
    }
    bool has_problem = false;
    for (unsigned i = OUTCOME_N; i-- > 0;) {
        if (by_class[i] == 0 || !outcome_is_problem((enum outcome)i))
            continue;
        writer_text(writer, has_problem ? ", " : "");
        phrase_number(writer, by_class[i]);
        writer_format(writer, " %s", outcome_name((enum outcome)i));
        has_problem = true;
    }
    writer_text(writer, has_problem ? " of " : "");
    phrase_count(writer, n_resources, "resource", NULL);
}

void phrase_asked(struct writer *writer, const struct document_end *end)
{
    writer_text(writer, "asked ");
    phrase_number(writer, end->n_requested);
    writer_text(writer, ", answered ");
    phrase_number(writer, end->n_requested - end->n_missing - end->n_unlisted);
    if (end->n_unlisted > 0) {
        writer_text(writer, ", not listed and presumed done ");
        phrase_number(writer, end->n_unlisted);
    }
    if (end->n_missing > 0) {
        writer_text(writer, ", missing ");
        phrase_number(writer, end->n_missing);
    }
    if (end->n_unsolicited > 0) {
        writer_text(writer, ", unsolicited ");
        phrase_number(writer, end->n_unsolicited);
    }
}

void phrase_unseen(struct writer *writer, uint64_t n_unseen)
{
    if (n_unseen == 0)
        return;
    writer_text(writer, ", up to about ");
    phrase_number(writer, n_unseen);
    writer_text(writer, " more unseen");
}

void phrase_resource(struct writer *writer, struct span href, struct span uid)
{
    if (href.len > 0) {
        escape_text(writer, href);
    } else if (uid.len > 0) {
        writer_text(writer, "(uid ");
        escape_text(writer, uid);
        writer_text(writer, ")");
    } else {
        writer_text(writer, "(no href)");
    }
}

static void write_source(struct writer *writer, const struct sources *sources, uint32_t source)
{
    if (sources->n < 2)
        return;
    writer_text(writer, " of ");
    escape_text(writer, span_str(source_name(sources, source)));
}

static bool is_one_frame(const struct place *place)
{
    return place->source == place->last_source && place->first_frame == place->last_frame;
}

static void write_place(struct writer *writer, const struct place *place,
                        const struct sources *sources)
{
    writer_format(writer, "%" PRIu64, place->first_frame);
    if (place->source != place->last_source) {
        write_source(writer, sources, place->source);
        writer_format(writer, " to %" PRIu64, place->last_frame);
    } else if (!is_one_frame(place)) {
        writer_format(writer, "-%" PRIu64, place->last_frame);
    }
    write_source(writer, sources, place->last_source);
}

void phrase_places(struct writer *writer, const struct place *places, size_t n,
                   const struct sources *sources)
{
    writer_text(writer, n == 1 && is_one_frame(places) ? "frame " : "frames ");
    for (size_t i = 0; i < n; i++) {
        writer_text(writer, i > 0 ? ", " : "");
        write_place(writer, &places[i], sources);
    }
}

void phrase_anomaly(struct writer *writer, const struct anomaly *anomaly)
{
    writer_text(writer, anomaly_name(anomaly->kind));
    if (anomaly->has_offset)
        writer_format(writer, " at byte %" PRIu64, anomaly->offset);
    if (anomaly->origin.ordinal > 0)
        writer_format(writer, " in frame %" PRIu64, anomaly->origin.frame);
    if (anomaly->n_bytes > 0) {
        writer_text(writer, ", ");
        phrase_count(writer, anomaly->n_bytes, "byte", NULL);
    }
    writer_format(writer, "%s%s", anomaly->text[0] ? ": " : "", anomaly->text);
}
