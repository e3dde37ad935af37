/* Quantiles instead of buckets: what a reader compares; see json_routes.h. */
#include "output/json_routes.h"

#include "output/address.h"
#include "output/json_parts.h"

#include <errno.h>
#include <stdlib.h>

static const char *const measure_names[MEASURE_N] = {
    [MEASURE_FIRST_BYTE_NS] = "first_byte",
    [MEASURE_BODY_NS] = "body_time",
    [MEASURE_BYTES] = "bytes",
    [MEASURE_ITEMS] = "items",
    [MEASURE_PAGES] = "pages_per_sync",
};

static void put_histogram(struct json *json, const char *key, const struct histogram *histogram)
{
    if (histogram->n == 0)
        return;
    json_put_object(json, key);
    json_put_number(json, "count", histogram->n);
    json_put_number(json, "p50", histogram_quantile(histogram, 50));
    json_put_number(json, "p95", histogram_quantile(histogram, 95));
    json_put_number(json, "p99", histogram_quantile(histogram, 99));
    json_put_number(json, "max", histogram->max);
    json_end(json);
}

static void put_causes(struct json *json, const struct causes *causes)
{
    struct cause sorted[CAUSES_MAX];
    causes_sort(causes, sorted);
    if (causes->n > 0)
        json_put_array(json, "problems_by_condition");
    for (size_t i = 0; i < causes->n; i++) {
        json_object(json);
        if (sorted[i].status > 0)
            json_put_number(json, "status", sorted[i].status);
        if (sorted[i].condition[0] != '\0')
            json_put_text(json, "condition", sorted[i].condition);
        json_put_number(json, "resources", sorted[i].n);
        json_end(json);
    }
    if (causes->n > 0)
        json_end(json);
    if (causes->n_others > 0)
        json_put_number(json, "problems_by_condition_omitted", causes->n_others);
}

static void put_drifts(struct json *json, const uint64_t by_drift[DRIFT_N])
{
    bool is_any = false;
    for (unsigned i = 0; i < DRIFT_N; i++) {
        if (by_drift[i] == 0)
            continue;
        if (!is_any)
            json_put_object(json, "href_drift");
        json_put_number(json, href_drift_name(i), by_drift[i]);
        is_any = true;
    }
    if (is_any)
        json_end(json);
}

static void put_figures(struct json *json, const struct figures *figures)
{
    json_put_number(json, "root_causes", figures_n_causes(figures));
    put_causes(json, &figures->causes);
    put_drifts(json, figures->by_drift);
    json_put_number(json, "pages", figures->n_pages);
    for (int i = 0; i < MEASURE_N; i++)
        put_histogram(json, measure_names[i], &figures->measures[i]);
}

static void put_route(struct json *json, const struct route *route)
{
    char client[ADDRESS_TEXT_BYTES];
    address_text(&route->client, client);
    json_object(json);
    json_put_text(json, "client", client);
    json_put_endpoint(json, "server", &route->server);
    if (route->collection[0] != '\0')
        json_put_text(json, "collection", route->collection);
    if (route->operation[0] != '\0')
        json_put_text(json, "operation", route->operation);
    if (route->product[0] != '\0')
        json_put_text(json, "product", route->product);
    json_put_counts(json, &route->figures.counts);
    put_figures(json, &route->figures);
    json_end(json);
}

void json_put_routes(struct json *json, const struct routes *routes)
{
    struct routes_sorted sorted;
    if (!routes_sort(routes, &sorted))
        writer_fail(json->writer, ENOMEM);
    put_figures(json, &routes->total);
    json_put_array(json, "by_route");
    for (size_t i = 0; i < sorted.n; i++)
        put_route(json, sorted.routes[i]);
    if (routes->others.counts.n_documents > 0) {
        json_object(json);
        json_put_bool(json, "others", true);
        json_put_counts(json, &routes->others.counts);
        put_figures(json, &routes->others);
        json_end(json);
    }
    json_end(json);
    free(sorted.routes);
}
