/* A report as one JSON object, member by member; see json_report.h. */
#include "output/json_report.h"

#include "output/address.h"
#include "output/json_parts.h"
#include "output/json_routes.h"

#include <errno.h>
#include <stdlib.h>

static void put_captures(struct json *json, const struct report *report)
{
    json_put_array(json, "captures");
    for (size_t i = 0; i < report->sources.n; i++)
        json_text(json, source_name(&report->sources, i));
    json_end(json);
}

static void put_tcp(struct json *json, const struct dissector_stats *stats)
{
    json_put_object(json, "tcp");
    json_put_number(json, "connections", stats->n_connections);
    if (stats->n_translated > 0)
        json_put_number(json, "translated", stats->n_translated);
    json_put_number(json, "gaps", stats->tcp.n_gaps);
    json_put_number(json, "missing_bytes", stats->tcp.missing_bytes);
    json_put_number(json, "reordered", stats->tcp.n_reordered);
    json_put_number(json, "retransmitted", stats->tcp.n_retransmitted);
    json_put_number(json, "overlap_conflicts", stats->tcp.n_overlap_conflicts);
    json_end(json);
}

/* Frames that nothing was learnt from; a kind that did not occur is left out. */
static void put_unread(struct json *json, const struct net_stats *net)
{
    const struct {
        const char *key;
        uint64_t n;
    } kinds[] = {
        {"malformed_frames", net->n_malformed},
        {"encrypted_frames", net->n_protected},
        {"too_deep_frames", net->n_too_deep},
        {"unread_link_frames", net->n_unknown_link},
        {"incomplete_datagrams", net->datagrams.n_incomplete},
        {"overlapping_datagrams", net->datagrams.n_overlapping},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].n > 0)
            json_put_number(json, kinds[i].key, kinds[i].n);
    if (net->n_unknown_link == 0)
        return;
    json_put_array(json, "unread_links");
    for (size_t i = 0; i < NET_UNREAD_LINKS && net->unread_links[i].n_frames > 0; i++) {
        json_object(json);
        json_put_number(json, "type", net->unread_links[i].linktype);
        json_put_number(json, "frames", net->unread_links[i].n_frames);
        json_end(json);
    }
    json_end(json);
}

static void put_losses(struct json *json, const struct run_facts *facts)
{
    json_put_object(json, "capture");
    if (facts->losses.is_known) {
        json_put_number(json, "received", facts->losses.n_received);
        json_put_number(json, "dropped", facts->losses.n_dropped);
        json_put_number(json, "interface_dropped", facts->losses.n_interface_dropped);
    }
    if (facts->losses.n_lane_dropped > 0)
        json_put_number(json, "queue_dropped", facts->losses.n_lane_dropped);
    json_put_number(json, "cut_frames", facts->stats.net.n_cut);
    put_unread(json, &facts->stats.net);
    json_end(json);
}

static void put_output(struct json *json, const struct run_facts *facts)
{
    if (facts->n_records_lost == 0)
        return;
    json_put_object(json, "output");
    json_put_number(json, "lost", facts->n_records_lost);
    json_end(json);
}

/* What an entry of a list says of itself. */
static void put_identity(struct json *json, const struct roster_entry *entry)
{
    char address[ADDRESS_TEXT_BYTES];
    bool has_address = entry->endpoint.address.version != 0;
    if (has_address) {
        address_text(&entry->endpoint.address, address);
        json_put_text(json, "ip", address);
    }
    if (entry->endpoint.port != 0)
        json_put_number(json, "port", entry->endpoint.port);
    if (entry->name[0] != '\0')
        json_put_text(json, has_address ? "domain" : "original", entry->name);
}

/* An array of the servers of connections that could not be seen into; none: absent. */
static void put_opaque(struct json *json, const char *name, const struct roster *opaque)
{
    struct roster_sorted sorted;
    if (!roster_sort(opaque, &sorted))
        writer_fail(json->writer, ENOMEM);
    if (sorted.n > 0)
        json_put_array(json, name);
    for (size_t i = 0; i < sorted.n; i++) {
        json_object(json);
        put_identity(json, sorted.entries[i]);
        json_put_number(json, "connections", sorted.entries[i]->counts.n_documents);
        json_end(json);
    }
    if (sorted.n > 0)
        json_end(json);
    free(sorted.entries);
}

static void put_http(struct json *json, const struct report *report)
{
    const struct dissector_stats *stats = &report->facts->stats;
    json_put_object(json, "http");
    json_put_number(json, "exchanges", stats->n_exchanges);
    json_put_number(json, "requests_without_response", stats->n_requests_without_response);
    json_put_number(json, "responses_without_request", stats->n_responses_without_request);
    if (stats->n_unread_joins > 0)
        json_put_number(json, "unread_joins", stats->n_unread_joins);
    if (stats->n_unread_bodies > 0)
        json_put_number(json, "unread_bodies", stats->n_unread_bodies);
    json_put_number(json, "http2", stats->n_http2_connections);
    json_put_number(json, "tls_decrypted", stats->n_tls_decrypted);
    json_put_number(json, "tls_opaque", stats->n_tls_connections);
    put_opaque(json, "tls_opaque_servers", &report->tally->opaque);
    if (stats->n_quic_connections > 0)
        json_put_number(json, "quic", stats->n_quic_connections);
    put_opaque(json, "quic_servers", &report->tally->quic);
    if (!report->is_filtered)
        json_put_by_status(json, report->tally->by_http_status);
    json_end(json);
}

static void put_davscope(struct json *json, const struct report *report)
{
    const struct run_facts *facts = report->facts;
    json_put_object(json, "davscope");
    json_put_text(json, "version", report->version);
    put_captures(json, report);
    if (facts->has_frames) {
        json_put_time(json, "first_frame", facts->first_ns);
        json_put_time(json, "last_frame", facts->last_ns);
    }
    json_put_number(json, "frames", facts->stats.net.n_frames);
    json_put_number(json, "bytes", facts->stats.net.n_bytes);
    put_tcp(json, &facts->stats);
    put_losses(json, facts);
    put_http(json, report);
    put_output(json, facts);
    json_put_object(json, "evicted");
    json_put_number(json, "connections", facts->stats.n_evicted_connections);
    json_put_number(json, "documents", facts->stats.n_evicted_documents);
    if (facts->stats.n_evicted_http > 0)
        json_put_number(json, "http", facts->stats.n_evicted_http);
    json_end(json);
    json_end(json);
}

static void put_list(struct json *json, const char *key, const struct roster *roster)
{
    struct roster_sorted sorted;
    if (!roster_sort(roster, &sorted))
        writer_fail(json->writer, ENOMEM);
    json_put_array(json, key);
    for (size_t i = 0; i < sorted.n; i++) {
        json_object(json);
        put_identity(json, sorted.entries[i]);
        json_put_counts(json, &sorted.entries[i]->counts);
        json_end(json);
    }
    if (roster->others.n_documents > 0) {
        json_object(json);
        json_put_bool(json, "others", true);
        json_put_counts(json, &roster->others);
        json_end(json);
    }
    json_end(json);
    free(sorted.entries);
}

static void put_by_operation(struct json *json, const struct roster *operations)
{
    struct roster_sorted sorted;
    if (!roster_sort(operations, &sorted))
        writer_fail(json->writer, ENOMEM);
    json_put_object(json, "by_operation");
    for (size_t i = 0; i < sorted.n; i++) {
        json_key_bytes(json, span_str(sorted.entries[i]->name)); /* a method may be captured */
        json_object(json);
        json_put_counts(json, &sorted.entries[i]->counts);
        json_end(json);
    }
    if (operations->others.n_documents > 0) {
        json_put_object(json, "others");
        json_put_counts(json, &operations->others);
        json_end(json);
    }
    json_end(json);
    free(sorted.entries);
}

static void put_problem(struct json *json, const struct problem *problem,
                        const struct sources *sources)
{
    json_object(json);
    json_put_string(json, "href", problem->href);
    if (problem->uid.len > 0)
        json_put_string(json, "uid", problem->uid);
    json_put_number(json, "count", problem->n);
    if (problem->status > 0)
        json_put_number(json, "status", problem->status);
    json_put_text(json, "class", outcome_name(problem->class));
    if (problem->operation && problem->operation->name[0] != '\0')
        json_put_text(json, "operation", problem->operation->name);
    if (problem->server && problem->server->name[0] != '\0')
        json_put_text(json, "domain", problem->server->name);
    json_put_time(json, "first_seen", problem->first_ns);
    json_put_time(json, "last_seen", problem->last_ns);
    json_put_places(json, problem->places, problem->n_places, sources);
    json_end(json);
}

static void put_problems(struct json *json, const struct problems *problems,
                         const struct sources *sources)
{
    struct problems_sorted sorted;
    if (!problems_sort(problems, &sorted))
        writer_fail(json->writer, ENOMEM);
    json_put_array(json, "problem_hrefs");
    for (size_t i = 0; i < sorted.n; i++)
        put_problem(json, sorted.problems[i], sources);
    json_end(json);
    if (problems->n_more > 0)
        json_put_number(json, "problem_hrefs_omitted", problems->n_more);
    free(sorted.problems);
}

static void put_left_out(struct json *json, const struct roster *left_out)
{
    struct roster_sorted sorted;
    if (!roster_sort(left_out, &sorted))
        writer_fail(json->writer, ENOMEM);
    if (sorted.n > 0)
        json_put_array(json, "properties_left_out");
    for (size_t i = 0; i < sorted.n; i++) {
        char address[ADDRESS_TEXT_BYTES];
        const struct roster_entry *entry = sorted.entries[i];
        json_object(json);
        json_put_text(json, "property", entry->name);
        address_text(&entry->endpoint.address, address);
        json_put_text(json, "ip", address);
        json_put_number(json, "port", entry->endpoint.port);
        json_put_number(json, "documents", entry->counts.n_documents);
        json_put_number(json, "resources", entry->counts.n_resources);
        json_end(json);
    }
    if (sorted.n > 0)
        json_end(json);
    free(sorted.entries);
}

static void put_multistatus(struct json *json, const struct report *report)
{
    const struct tally *tally = report->tally;
    json_put_object(json, "multistatus");
    if (report->is_filtered) {
        json_put_bool(json, "filtered", true);
        json_put_number(json, "documents_left_out", tally->n_left_out);
    }
    json_put_counts(json, &tally->total);
    json_put_by_status(json, tally->by_status);
    put_by_operation(json, &tally->operations);
    put_list(json, "by_client", &tally->clients);
    put_list(json, "by_server", &tally->servers);
    put_list(json, "by_user_agent", &tally->user_agents);
    json_put_routes(json, &tally->routes);
    put_left_out(json, &tally->left_out);
    put_problems(json, &tally->problems, &report->sources);
    json_end(json);
}

/* How many of which severity; the findings themselves are records of their own. */
static void put_findings(struct json *json, const struct report *report)
{
    uint64_t n[SEVERITY_CRITICAL + 1] = {0};
    for (size_t i = 0; i < report->findings.n; i++)
        n[report->findings.findings[i]->severity]++;
    json_put_object(json, "findings");
    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        json_put_number(json, severity_name((enum severity)i), n[i]);
    if (report->n_findings_lost > 0)
        json_put_number(json, "exchanges_not_kept", report->n_findings_lost);
    json_end(json);
}

void json_report(const struct render *render, const struct report *report)
{
    struct json json;
    json_begin(&json, render->writer);
    json_object(&json);
    json_put_object(&json, "event");
    json_put_text(&json, "kind", "metric");
    json_put_text(&json, "dataset", "davscope.summary");
    json_end(&json);
    put_davscope(&json, report);
    put_findings(&json, report);
    put_multistatus(&json, report);
    json_end(&json);
    (void)json_finish(&json);
}
