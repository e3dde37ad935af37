/* Who asks whom for what, and how long it takes; see summary.h. */
#include "output/address.h"
#include "output/columns.h"
#include "output/escape.h"
#include "output/phrase.h"
#include "output/summary.h"
#include "output/time_text.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_ROUTES = 8 };

static void write_duration(struct writer *cell, const struct figures *figures, enum measure measure,
                           unsigned percent)
{
    char text[TIME_TEXT_BYTES];
    const struct histogram *histogram = &figures->measures[measure];
    if (histogram->n == 0)
        return;
    time_text_duration(histogram_quantile(histogram, percent), text);
    writer_text(cell, text);
}

static void write_figures(struct columns *columns, const struct figures *figures)
{
    uint64_t n_causes = figures_n_causes(figures);
    phrase_number(columns_cell(columns), figures->counts.n_documents);
    struct writer *causes =
        n_causes > 0 ? columns_coloured(columns, COLOUR_BAD) : columns_cell(columns);
    phrase_number(causes, n_causes);
    write_duration(columns_cell(columns), figures, MEASURE_FIRST_BYTE_NS, 50);
    write_duration(columns_cell(columns), figures, MEASURE_FIRST_BYTE_NS, 95);
    write_duration(columns_cell(columns), figures, MEASURE_BODY_NS, 95);
    phrase_number(columns_cell(columns), figures->measures[MEASURE_ITEMS].max);
}

static void write_route(struct columns *columns, const struct route *route)
{
    char client[ADDRESS_TEXT_BYTES];
    address_text(&route->client, client);
    columns_text(columns, client);
    escape_text(columns_cell(columns), span_str(route->operation));
    escape_text(columns_cell(columns), span_str(route->collection));
    write_figures(columns, &route->figures);
}

static void write_heads(struct columns *columns)
{
    static const char *const heads[] = {"client",    "operation", "collection",
                                        "documents", "causes",    "first byte",
                                        "95 %",      "body 95 %", "max items"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        writer_text(columns_coloured(columns, COLOUR_FAINT), heads[i]);
}

void summary_routes(struct writer *writer, const struct report *report)
{
    const struct routes *routes = &report->tally->routes;
    struct routes_sorted sorted;
    if (!routes_sort(routes, &sorted))
        writer_fail(writer, ENOMEM);
    if (sorted.n == 0)
        return;
    struct columns columns;
    columns_init(&columns, "llsrrrrrr");
    write_heads(&columns);
    for (size_t i = 0; i < sorted.n && i < MAX_ROUTES; i++)
        write_route(&columns, sorted.routes[i]);
    bool is_all = sorted.n <= MAX_ROUTES && routes->others.counts.n_documents == 0;
    if (sorted.n > 1) {
        columns_text(&columns, is_all ? "all" : "all, and more");
        columns_text(&columns, "");
        columns_text(&columns, "");
        write_figures(&columns, &routes->total);
    }
    summary_title(writer, "Who asks for what, what fails there, and how long it takes");
    columns_finish(&columns, writer);
    free(sorted.routes);
}
