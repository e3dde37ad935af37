/* What was not seen or not understood, each with what it means; see summary.h. A row appears only
 * when there is something to count. */
#include "output/columns.h"
#include "output/phrase.h"
#include "output/summary.h"

struct loss {
    uint64_t n;
    const char *what;
};

void summary_losses(struct writer *writer, const struct report *report)
{
    const struct dissector_stats *stats = &report->facts->stats;
    const struct capture_losses *losses = &report->facts->losses;
    bool has_documents = report->tally->total.n_documents > 0;
    const struct loss rows[] = {
        {losses->n_dropped, "packets dropped by the system while capturing"},
        {losses->n_interface_dropped, "packets dropped by the interface while capturing"},
        {stats->net.n_cut, "frames cut by the snap length"},
        {stats->tcp.n_gaps, "gaps in TCP streams that no later segment filled"},
        {stats->tcp.missing_bytes, "bytes missing in them"},
        {stats->tcp.n_overlap_conflicts,
         "retransmissions with other content; the first copy counts"},
        {stats->net.n_fragments, "IP fragments"},
        {stats->net.n_malformed, "frames with headers that are damaged or cut"},
        {stats->net.n_unknown_link, "frames of an unknown link type"},
        {stats->n_requests_without_response, "requests without a response"},
        {stats->n_responses_without_request, "responses without their request"},
        /* With no document at all the opening tells of these. */
        {has_documents ? stats->n_tls_connections : 0,
         "connections encrypted by TLS, not seen into"},
        {has_documents ? stats->n_http2_connections : 0, "HTTP/2 connections, not decoded"},
        {stats->n_evicted_connections, "connections given up to stay inside the memory limit"},
        {stats->n_evicted_documents, "of these in the middle of a Multi-Status"},
    };
    struct columns columns;
    bool is_any = false;
    columns_init(&columns, "rl");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].n == 0)
            continue;
        is_any = true;
        phrase_number(columns_cell(&columns), rows[i].n);
        columns_text(&columns, rows[i].what);
    }
    if (is_any)
        summary_title(writer, "Not seen or odd");
    columns_finish(&columns, writer);
}
