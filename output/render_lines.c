/* lines: one line a Multi-Status as it completes, and below it, indented, the resources to show.
 * For eyes and grep, flushed live. Shortens nothing.
 *
 *     2026-01-02T03:04:05.123456Z 192.0.2.7 DELETE http://h/d/ mixed: 1 failed of 1 resource, \
 *         frames 12-15 [D36 locked] [D38 partial-write]
 *         failed     423 Locked  /d/x.doc  lock-token-submitted */
#include "output/address.h"
#include "output/clark.h"
#include "output/escape.h"
#include "output/phrase.h"
#include "output/problems.h"
#include "output/renderer.h"
#include "output/time_text.h"

enum { MAX_NAMED_PROPERTIES = 5 };

static enum colour colour_of_verdict(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_ALL_OK:
        return COLOUR_GOOD;
    case VERDICT_EMPTY:
        return COLOUR_FAINT;
    case VERDICT_MIXED:
    case VERDICT_INCOMPLETE:
        return COLOUR_WARN;
    default:
        return COLOUR_BAD;
    }
}

static void write_what(struct writer *writer, const struct record *record)
{
    const struct record_url *url = &record->url;
    escape_text(writer, record->operation.len > 0 ? record->operation : span_str("?"));
    writer_text(writer, record->end.is_operation_inferred ? "? " : " ");
    if (record->request->is_method_overridden) {
        writer_text(writer, "(sent as ");
        escape_text(writer, record->exchange->method);
        writer_text(writer, ") ");
    }
    if (url->full.ptr)
        escape_text(writer, url->full);
    else
        escape_text(writer, url->path.ptr ? url->path : span_str("-"));
}

/* Properties that were asked for and of which some resource does not speak. */
static void write_left_out(struct writer *writer, const struct record *record)
{
    const struct document_end *end = &record->end;
    writer_text(writer, ", asked for ");
    phrase_count(writer, record->request->n_properties, "property", "properties");
    writer_text(writer, ", left out ");
    phrase_number(writer, end->n_left_out);
    writer_text(writer, ":");
    for (size_t i = 0; i < end->n_left_out && i < MAX_NAMED_PROPERTIES; i++) {
        writer_text(writer, " ");
        clark_write_short(writer, &end->left_out[i].property, 1);
    }
    if (end->n_left_out > MAX_NAMED_PROPERTIES)
        writer_text(writer, " …");
}

static void write_verdict(struct writer *writer, const struct record *record)
{
    const struct document_end *end = &record->end;
    writer_colour(writer, colour_of_verdict(end->verdict));
    writer_text(writer, verdict_name(end->verdict));
    writer_plain(writer);
    if (end->reason)
        writer_format(writer, " (%s)", end->reason);
    writer_text(writer, ": ");
    phrase_outcome(writer, end->by_class, end->n_resources);
    phrase_unseen(writer, end->n_unseen);
    if (end->flags & DOCUMENT_TRUNCATED)
        writer_text(writer, ", and more to come");
    if (end->has_requested && end->is_complete) {
        writer_text(writer, ", ");
        phrase_asked(writer, end);
    }
    if (end->n_left_out > 0)
        write_left_out(writer, record);
}

/* Behind the line: the rules that apply, each once. */
static void write_findings(struct writer *writer, const struct sightings *sightings)
{
    for (size_t i = 0; sightings && i < sightings->n; i++) {
        const struct sighting *sighting = sightings->items[i];
        bool is_bad = sighting->severity >= SEVERITY_ERROR;
        if (i > 0 && sighting->rule == sightings->items[i - 1]->rule)
            continue;
        writer_text(writer, " ");
        writer_colour(writer, is_bad ? COLOUR_BAD : COLOUR_FAINT);
        writer_format(writer, "[%s %s]", sighting->rule->id, sighting->rule->name);
        writer_plain(writer);
    }
}

static void write_head(const struct render *render, const struct record *record)
{
    struct writer *writer = render->writer;
    char time[TIME_TEXT_BYTES], client[ADDRESS_TEXT_BYTES];
    struct place place = record_place(record);
    time_text_iso(place.time_ns, 6, time);
    address_text(&record->connection->client.address, client);
    writer_format(writer, "%s %s ", time, client);
    write_what(writer, record);
    writer_text(writer, " ");
    write_verdict(writer, record);
    if (record->exchange->status != 207 && record->exchange->status > 0)
        writer_format(writer, ", HTTP %u", (unsigned)record->exchange->status);
    writer_text(writer, ", ");
    phrase_places(writer, &place, 1, &render->sources);
    write_findings(writer, record->sightings);
    writer_text(writer, "\n");
}

static void write_cause(struct writer *writer, const struct record_cause *cause)
{
    const struct propstat *propstat = cause->propstat;
    if (cause->conditions->n > 0) {
        writer_text(writer, "  ");
        clark_write_short(writer, cause->conditions->names, cause->conditions->n);
    }
    if (propstat && propstat->n_properties > 0) {
        size_t n = propstat->n_properties, n_named = n;
        if (n_named > MAX_NAMED_PROPERTIES)
            n_named = MAX_NAMED_PROPERTIES;
        writer_text(writer, "  [");
        clark_write_short(writer, propstat->properties, n_named);
        writer_text(writer, n > n_named ? " …]" : "]");
    }
    if (cause->description.len > 0) {
        writer_text(writer, "  \"");
        escape_text(writer, cause->description);
        writer_text(writer, "\"");
    }
}

static void write_resource(struct writer *writer, const struct resource *resource)
{
    struct record_cause cause = record_cause(resource);
    bool is_problem = outcome_is_problem(resource->class);
    for (size_t i = 0; i < resource->n_hrefs; i++) {
        writer_text(writer, "    ");
        writer_colour(writer, is_problem ? COLOUR_BAD : COLOUR_FAINT);
        writer_format(writer, "%-11s", outcome_name(resource->class));
        writer_plain(writer);
        writer_text(writer, " ");
        phrase_status_of(writer, cause.status, resource->class);
        writer_text(writer, "  ");
        phrase_resource(writer, resource->hrefs[i], resource->uid);
        if (resource->location.len > 0) {
            writer_text(writer, " -> ");
            escape_text(writer, resource->location);
        }
        write_cause(writer, &cause);
        if (resource->flags & RESOURCE_CONTRADICTION)
            writer_text(writer, "  contradiction"); /* --explain has it */
        writer_text(writer, "\n");
    }
}

/* Why the body could not be used, as far as something odd was met in it. */
static void write_anomalies(struct writer *writer, const struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->n_anomalies; i++) {
        writer_text(writer, "    ! ");
        phrase_anomaly(writer, &exchange->anomalies[i]);
        writer_text(writer, "\n");
    }
}

static void document(struct render *render, const struct record *record)
{
    write_head(render, record);
    if (record->end.verdict == VERDICT_UNDECODABLE || record->end.verdict == VERDICT_INCOMPLETE)
        write_anomalies(render->writer, record->exchange);
    for (const struct record_resource *r = record->resources; r; r = r->next) {
        struct resource resource = record_read(r);
        if (record_shows(render->resources, &resource))
            write_resource(render->writer, &resource);
    }
    if (record->is_limited)
        writer_text(render->writer, "    … and more: too many resources to keep\n");
}

const struct renderer render_lines = {
    .name = "lines",
    .help = "a line a Multi-Status as it completes, with its problem resources below",
    .resources = RESOURCES_PROBLEMS,
    .is_live = true,
    .document = document,
};
