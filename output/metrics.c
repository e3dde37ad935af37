/* Events in, numbers in fixed tables, text out; see metrics.h. Knows nothing of who asks for it. */
#include "output/metrics.h"

#include "output/losses.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    OPERATION_UNSEEN = OPERATION_N, /* "unknown" */
    N_OPERATIONS,
    STATUS_NONE = 0, /* slots of statuses; behind these two, one each with a standard name */
    STATUS_OTHER,
    MAX_STATUSES = 96,
    N_BUCKETS = 13,
};

/* Upper ends of the buckets of davscope_response_seconds: from a cached answer on a local network
 * to the time-outs of clients. */
static const struct {
    uint64_t ns;
    const char *seconds;
} buckets[N_BUCKETS] = {
    {5000000, "0.005"},  {10000000, "0.01"},  {25000000, "0.025"}, {50000000, "0.05"},
    {100000000, "0.1"},  {250000000, "0.25"}, {500000000, "0.5"},  {1000000000, "1"},
    {2500000000, "2.5"}, {5000000000, "5"},   {10000000000, "10"}, {30000000000, "30"},
    {60000000000, "60"},
};

struct seconds {
    uint64_t by_bucket[N_BUCKETS]; /* not cumulated */
    uint64_t n;
    double sum_s;
};

struct metrics {
    uint64_t documents[N_OPERATIONS][VERDICT_N];
    uint64_t resources[N_OPERATIONS][OUTCOME_N][MAX_STATUSES];
    uint64_t findings[RULES_MAX][SEVERITY_CRITICAL + 1];
    struct seconds seconds[N_OPERATIONS];
    uint8_t slots[STATUS_N]; /* of each status */
    uint16_t statuses[MAX_STATUSES];
    size_t n_slots;
};

struct metrics *metrics_open(void)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics)
        return NULL;
    metrics->n_slots = STATUS_OTHER + 1;
    for (uint16_t code = 1; code < STATUS_N; code++) {
        metrics->slots[code] = STATUS_OTHER;
        if (!status_name(code) || metrics->n_slots == MAX_STATUSES)
            continue;
        metrics->statuses[metrics->n_slots] = code;
        metrics->slots[code] = (uint8_t)metrics->n_slots++;
    }
    return metrics;
}

/* ---- counting ---- */

static size_t operation_of(const struct event *event)
{
    return event->request->is_seen ? event->request->operation : OPERATION_UNSEEN;
}

static void add_seconds(struct seconds *seconds, uint64_t ns)
{
    size_t i = 0;
    while (i < N_BUCKETS && ns > buckets[i].ns)
        i++;
    if (i < N_BUCKETS)
        seconds->by_bucket[i]++;
    seconds->n++;
    seconds->sum_s += (double)ns / 1e9;
}

static void add_document(struct metrics *metrics, const struct event *event)
{
    const struct document_end *end = event->end;
    const struct exchange *exchange = event->exchange;
    size_t operation = event->request->is_seen ? end->operation : OPERATION_UNSEEN;
    metrics->documents[operation][end->verdict]++;
    metrics->resources[operation][OUTCOME_MISSING][STATUS_NONE] += end->n_missing;
    int64_t from_ns = exchange->request.first.time_ns, to_ns = exchange->response.last.time_ns;
    if (exchange->request.is_seen && exchange->response.is_seen && to_ns >= from_ns)
        add_seconds(&metrics->seconds[operation], (uint64_t)to_ns - (uint64_t)from_ns);
}

static void add_resource(struct metrics *metrics, const struct event *event)
{
    const struct resource *resource = event->resource;
    if (resource->class == OUTCOME_TRUNCATED)
        return; /* the mark of a page */
    size_t slot = metrics->slots[record_cause(resource).status];
    metrics->resources[operation_of(event)][resource->class][slot] += resource->n_hrefs;
}

void metrics_add(struct metrics *metrics, const struct event *event)
{
    if (event->kind == EVENT_RESOURCE)
        add_resource(metrics, event);
    else if (event->kind == EVENT_DOCUMENT_END)
        add_document(metrics, event);
}

void metrics_add_sightings(struct metrics *metrics, const struct sightings *sightings)
{
    for (size_t i = 0; i < sightings->n; i++) {
        const struct sighting *sighting = sightings->items[i];
        metrics->findings[rule_index(sighting->rule)][sighting->severity]++;
    }
}

/* ---- writing ---- */

static void head(struct writer *writer, const char *name, const char *type, const char *help)
{
    writer_format(writer, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void simple(struct writer *writer, const char *name, const char *type, const char *help,
                   uint64_t value)
{
    head(writer, name, type, help);
    writer_format(writer, "%s %" PRIu64 "\n", name, value);
}

static const char *name_of(size_t operation)
{
    if (operation == OPERATION_UNSEEN)
        return "unknown";
    return operation == OPERATION_OTHER ? "other" : operation_name((enum operation)operation);
}

static void write_documents(const struct metrics *metrics, struct writer *writer)
{
    head(writer, "davscope_multistatus_total", "counter", "Multi-Status documents by verdict.");
    for (size_t op = 0; op < N_OPERATIONS; op++)
        for (size_t i = 0; i < VERDICT_N; i++)
            if (metrics->documents[op][i] > 0)
                writer_format(
                    writer,
                    "davscope_multistatus_total{operation=\"%s\",verdict=\"%s\"} %" PRIu64 "\n",
                    name_of(op), verdict_name((enum verdict)i), metrics->documents[op][i]);
}

static void write_resource(struct writer *writer, size_t operation, enum outcome class,
                           const char *status, uint64_t n)
{
    if (n > 0)
        writer_format(writer,
                      "davscope_resources_total{operation=\"%s\",class=\"%s\",status=\"%s\"} "
                      "%" PRIu64 "\n",
                      name_of(operation), outcome_name(class), status, n);
}

static void write_resources(const struct metrics *metrics, struct writer *writer)
{
    head(writer, "davscope_resources_total", "counter",
         "Resources inside Multi-Status documents by outcome.");
    for (size_t op = 0; op < N_OPERATIONS; op++)
        for (size_t i = 0; i < OUTCOME_N; i++) {
            const uint64_t *n = metrics->resources[op][i];
            write_resource(writer, op, (enum outcome)i, "none", n[STATUS_NONE]);
            write_resource(writer, op, (enum outcome)i, "other", n[STATUS_OTHER]);
            for (size_t slot = STATUS_OTHER + 1; slot < metrics->n_slots; slot++) {
                char status[8];
                (void)snprintf(status, sizeof status, "%u", metrics->statuses[slot]);
                write_resource(writer, op, (enum outcome)i, status, n[slot]);
            }
        }
}

static void write_finding(struct writer *writer, const struct rule *rule, enum severity severity,
                          uint64_t n)
{
    if (n > 0)
        writer_format(writer, "davscope_findings_total{rule=\"%s\",severity=\"%s\"} %" PRIu64 "\n",
                      rule->id, severity_name(severity), n);
}

static void write_findings(const struct metrics *metrics, const struct run_facts *facts,
                           struct writer *writer)
{
    struct losses losses;
    uint64_t n_losses[RULES_MAX] = {0};
    losses_find(&losses, facts);
    for (size_t i = 0; i < losses.n; i++)
        n_losses[rule_index(losses.findings[i].rule)]++;
    head(writer, "davscope_findings_total", "counter",
         "Exchanges that raised a finding, for each cause of it; of D59 and D60, which are no "
         "matter of exchanges, 1 for each kind of loss.");
    for (size_t i = 0; rule_at(i); i++) {
        for (int severity = SEVERITY_INFO; severity <= SEVERITY_CRITICAL; severity++)
            write_finding(writer, rule_at(i), (enum severity)severity,
                          metrics->findings[i][severity]);
        write_finding(writer, rule_at(i), rule_at(i)->severity, n_losses[i]);
    }
}

static void write_seconds_of(const struct seconds *seconds, const char *operation,
                             struct writer *writer)
{
    uint64_t n = 0;
    for (size_t i = 0; i < N_BUCKETS; i++) {
        n += seconds->by_bucket[i];
        writer_format(writer,
                      "davscope_response_seconds_bucket{operation=\"%s\",le=\"%s\"} %" PRIu64 "\n",
                      operation, buckets[i].seconds, n);
    }
    writer_format(writer,
                  "davscope_response_seconds_bucket{operation=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
                  "davscope_response_seconds_sum{operation=\"%s\"} %.9f\n"
                  "davscope_response_seconds_count{operation=\"%s\"} %" PRIu64 "\n",
                  operation, seconds->n, operation, seconds->sum_s, operation, seconds->n);
}

static void write_seconds(const struct metrics *metrics, struct writer *writer)
{
    head(writer, "davscope_response_seconds", "histogram",
         "From the first byte of a request to the last of its Multi-Status.");
    for (size_t op = 0; op < N_OPERATIONS; op++)
        if (metrics->seconds[op].n > 0)
            write_seconds_of(&metrics->seconds[op], name_of(op), writer);
}

static void write_traffic(const struct run_facts *facts, struct writer *writer)
{
    const struct dissector_stats *stats = &facts->stats;
    const struct capture_losses *losses = &facts->losses;
    uint64_t n_received = losses->is_known ? losses->n_received : stats->net.n_frames;
    simple(writer, "davscope_packets_received_total", "counter",
           "Packets that the interfaces received.", n_received);
    simple(writer, "davscope_packets_dropped_total", "counter",
           "Packets lost by the operating system, an interface or full queues, not analysed.",
           losses->n_dropped + losses->n_interface_dropped + losses->n_lane_dropped);
    simple(writer, "davscope_packets_analysed_total", "counter", "Packets that were analysed.",
           stats->net.n_frames);
    simple(writer, "davscope_records_lost_total", "counter",
           "Records that an output could not take in time, or at all.", facts->n_records_lost);
    simple(writer, "davscope_tcp_gaps_total", "counter", "Holes in TCP streams that were needed.",
           stats->tcp.n_gaps);
    simple(writer, "davscope_exchanges_total", "counter", "HTTP exchanges.", stats->n_exchanges);
    simple(writer, "davscope_connections", "gauge", "TCP connections known now.",
           facts->n_open_connections);
    simple(writer, "davscope_connections_evicted_total", "counter",
           "Connections given up to stay inside a limit.", stats->n_evicted_connections);
    simple(writer, "davscope_buffered_bytes", "gauge", "Traffic held in memory now.",
           facts->buffered_bytes);
}

void metrics_write(const struct metrics *metrics, const struct run_facts *facts,
                   const struct metrics_build *build, struct writer *writer)
{
    write_documents(metrics, writer);
    write_resources(metrics, writer);
    write_findings(metrics, facts, writer);
    write_seconds(metrics, writer);
    write_traffic(facts, writer);
    head(writer, "davscope_build_info", "gauge", "Versions; always 1.");
    writer_format(
        writer, "davscope_build_info{version=\"%s\",libpcap=\"%s\",libxml2=\"%s\",zlib=\"%s\"} 1\n",
        build->version, build->libpcap, build->libxml2, build->zlib);
}

void metrics_close(struct metrics *metrics)
{
    free(metrics);
}
