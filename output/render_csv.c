/* csv: a table (RFC 4180) with one row a resource (a resource with several hrefs has several), or
 * one a document of which no resource is shown. The columns are the rows of the table below; a
 * column writes what it has, and the cell is then escaped as a whole (escape_csv), so that neither
 * a terminal nor a spreadsheet runs it. Lines end with CR LF. */
#include "output/address.h"
#include "output/clark.h"
#include "output/escape.h"
#include "output/phrase.h"
#include "output/problems.h"
#include "output/renderer.h"
#include "output/time_text.h"

#include <inttypes.h>

struct row {
    const struct render *render;
    const struct record *record;
    const struct resource *resource; /* NULL: none is shown */
    struct record_cause cause;       /* with a resource */
    struct span href;
};

struct column {
    const char *name;
    void (*write)(struct writer *cell, const struct row *row);
};

/* Of one cell, all texts of a resource being bounded already (limits.max_resource_bytes). */
enum { MAX_CELL_BYTES = 64 * 1024 * 1024 };

static void write_time(struct writer *cell, const struct row *row)
{
    char text[TIME_TEXT_BYTES];
    time_text_iso(record_place(row->record).time_ns, 9, text);
    writer_text(cell, text);
}

static void write_address(struct writer *cell, const struct endpoint *endpoint)
{
    char text[ADDRESS_TEXT_BYTES];
    address_text(&endpoint->address, text);
    writer_text(cell, text);
}

static void write_client(struct writer *cell, const struct row *row)
{
    write_address(cell, &row->record->connection->client);
}

static void write_client_port(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%u", (unsigned)row->record->connection->client.port);
}

static void write_server(struct writer *cell, const struct row *row)
{
    write_address(cell, &row->record->connection->server);
}

static void write_server_port(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%u", (unsigned)row->record->connection->server.port);
}

static void write_user_agent(struct writer *cell, const struct row *row)
{
    writer_bytes(cell, row->record->exchange->request.fields[HTTP_USER_AGENT]);
}

static void write_method(struct writer *cell, const struct row *row)
{
    writer_bytes(cell, row->record->exchange->method);
}

static void write_operation(struct writer *cell, const struct row *row)
{
    writer_bytes(cell, row->record->operation);
}

static void write_url(struct writer *cell, const struct row *row)
{
    const struct record_url *url = &row->record->url;
    writer_bytes(cell, url->full.ptr ? url->full : url->path);
}

static void write_code(struct writer *cell, uint16_t code)
{
    if (code > 0)
        writer_format(cell, "%u", (unsigned)code);
}

static void write_http_status(struct writer *cell, const struct row *row)
{
    write_code(cell, row->record->exchange->status);
}

static void write_verdict(struct writer *cell, const struct row *row)
{
    writer_text(cell, verdict_name(row->record->end.verdict));
}

static void write_reason(struct writer *cell, const struct row *row)
{
    writer_text(cell, row->record->end.reason);
}

static void write_resources(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%" PRIu64, row->record->end.n_resources);
}

static void write_problems(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%" PRIu64, counts_n_problems(row->record->end.by_class));
}

static void write_capture(struct writer *cell, const struct row *row)
{
    writer_text(cell, source_name(&row->render->sources, record_place(row->record).last_source));
}

static void write_first_capture(struct writer *cell, const struct row *row)
{
    struct place place = record_place(row->record);
    if (place.source != place.last_source)
        writer_text(cell, source_name(&row->render->sources, place.source));
}

static void write_first_frame(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%" PRIu64, record_place(row->record).first_frame);
}

static void write_last_frame(struct writer *cell, const struct row *row)
{
    writer_format(cell, "%" PRIu64, record_place(row->record).last_frame);
}

static void write_href(struct writer *cell, const struct row *row)
{
    writer_bytes(cell, row->href);
}

static void write_status(struct writer *cell, const struct row *row)
{
    if (row->resource)
        write_code(cell, row->cause.status);
}

static void write_status_name(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_text(cell, phrase_status_name(row->cause.status, row->resource->class));
}

static void write_class(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_text(cell, outcome_name(row->resource->class));
}

static void write_retry(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_text(cell, retry_name(row->resource->retry));
}

static void write_flags(struct writer *cell, const struct row *row)
{
    const char *before = "";
    for (unsigned i = 0; row->resource && i < RESOURCE_FLAG_N; i++) {
        if (!(row->resource->flags >> i & 1))
            continue;
        writer_format(cell, "%s%s", before, resource_flag_name(i));
        before = " ";
    }
}

static void write_conditions(struct writer *cell, const struct row *row)
{
    if (row->resource)
        clark_write_raw(cell, row->cause.conditions->names, row->cause.conditions->n);
}

/* Of the propstat that decided the class. */
static void write_properties(struct writer *cell, const struct row *row)
{
    const struct propstat *propstat = row->resource ? row->cause.propstat : NULL;
    if (propstat)
        clark_write_raw(cell, propstat->properties, propstat->n_properties);
}

static void write_description(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_bytes(cell, row->cause.description);
}

static void write_location(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_bytes(cell, row->resource->location);
}

static void write_uid(struct writer *cell, const struct row *row)
{
    if (row->resource)
        writer_bytes(cell, row->resource->uid);
}

static const struct column columns[] = {
    {"time", write_time}, /* first byte of the response */
    {"client", write_client},
    {"client_port", write_client_port},
    {"server", write_server},
    {"server_port", write_server_port},
    {"user_agent", write_user_agent},
    {"method", write_method},
    {"operation", write_operation},
    {"url", write_url}, /* the path alone when the Host is unknown */
    {"http_status", write_http_status},
    {"verdict", write_verdict}, /* of the document, as all up to here and the next six */
    {"reason", write_reason},
    {"resources", write_resources},
    {"problems", write_problems},
    {"capture", write_capture},
    {"first_frame", write_first_frame}, /* of the response */
    {"last_frame", write_last_frame},
    {"href", write_href}, /* from here on of the resource; empty when none is shown */
    {"status", write_status},
    {"status_name", write_status_name},
    {"class", write_class},
    {"retry", write_retry},
    {"flags", write_flags},
    {"conditions", write_conditions}, /* Clark notation, spaces between */
    {"properties", write_properties}, /* that share the status which decided the class */
    {"description", write_description},
    {"location", write_location},
    {"uid", write_uid},
    {"first_capture", write_first_capture}, /* of first_frame, where that is another */
};

static void write_row(const struct row *row)
{
    struct writer *out = row->render->writer;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct writer cell;
        writer_init_memory(&cell, MAX_CELL_BYTES);
        columns[i].write(&cell, row);
        writer_text(out, i > 0 ? "," : "");
        escape_csv(out, writer_span(&cell));
        writer_fail(out, writer_close(&cell));
    }
    writer_text(out, "\r\n");
}

static void begin(struct render *render)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        writer_format(render->writer, "%s%s", i > 0 ? "," : "", columns[i].name);
    writer_text(render->writer, "\r\n");
}

static void document(struct render *render, const struct record *record)
{
    struct row row = {.render = render, .record = record};
    for (const struct record_resource *r = record->resources; r; r = r->next) {
        if (!record_shows(render->resources, r->pattern))
            continue;
        row.resource = r->pattern;
        row.cause = record_cause(row.resource);
        for (size_t i = 0; i < r->n_hrefs; i++) {
            row.href = r->hrefs[i];
            write_row(&row);
        }
    }
    if (!row.resource)
        write_row(&row);
}

const struct renderer render_csv = {
    .name = "csv",
    .help = "a table with one row a resource, for spreadsheets",
    .resources = RESOURCES_ALL,
    .begin = begin,
    .document = document,
};
