/* What was not seen or not understood, each with what it means; see summary.h. A row appears only
 * when there is something to count. */
#include "output/columns.h"
#include "output/phrase.h"
#include "output/summary.h"

#include <inttypes.h>
#include <stdio.h>

struct loss {
    uint64_t n;
    const char *what;
};

/* Each link type that was not read, by its number. */
static bool write_unread_links(struct columns *columns, const struct net_stats *net)
{
    uint64_t n_others = net->n_unknown_link;
    for (size_t i = 0; i < NET_UNREAD_LINKS && net->unread_links[i].n_frames > 0; i++) {
        char text[64];
        snprintf(text, sizeof text, "frames of link type %" PRIu32 " are not read",
                 net->unread_links[i].linktype);
        phrase_number(columns_cell(columns), net->unread_links[i].n_frames);
        columns_text(columns, text);
        n_others -= net->unread_links[i].n_frames;
    }
    if (n_others > 0) {
        phrase_number(columns_cell(columns), n_others);
        columns_text(columns, "frames of other link types are not read");
    }
    return net->n_unknown_link > 0;
}

void summary_losses(struct writer *writer, const struct report *report)
{
    const struct dissector_stats *stats = &report->facts->stats;
    const struct capture_losses *losses = &report->facts->losses;
    const struct loss rows[] = {
        {losses->n_dropped, "packets dropped by the system while capturing"},
        {losses->n_interface_dropped, "packets dropped by the interface while capturing"},
        {losses->n_lane_dropped, "segments dropped because they came faster than they were read"},
        {report->facts->n_records_lost, "records that an output could not take in time, or at all"},
        {stats->net.n_cut, "frames cut by the snap length"},
        {stats->tcp.n_gaps, "gaps in TCP streams that no later segment filled"},
        {stats->tcp.missing_bytes, "bytes missing in them"},
        {stats->tcp.n_overlap_conflicts,
         "retransmissions with other content; the first copy counts"},
        {stats->net.datagrams.n_whole, "IP datagrams put together from fragments"},
        {stats->net.datagrams.n_incomplete, "IP datagrams of which fragments are missing"},
        {stats->net.datagrams.n_overlapping, "IP datagrams dropped because fragments overlap"},
        {stats->net.n_malformed, "frames with headers that are damaged or cut"},
        {stats->net.n_protected, "frames encrypted below TCP (Wi-Fi, MACsec, IPsec)"},
        {stats->net.n_too_deep, "frames with too many headers one in another, not read"},
        {stats->n_requests_without_response, "requests without a response"},
        {stats->n_responses_without_request, "responses without their request"},
        {stats->n_unread_joins, "connections joined in the middle of what could not be read"},
        {stats->n_unread_bodies, "bodies of which too little could be read to tell what they are"},
        {stats->n_evicted_connections, "connections given up to stay inside the memory limit"},
        {stats->n_evicted_documents, "of these in the middle of a Multi-Status"},
        {stats->n_evicted_http, "of these HTTP, between two of them"},
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
    is_any = write_unread_links(&columns, &stats->net) || is_any;
    if (is_any)
        summary_title(writer, "Not seen or odd");
    columns_finish(&columns, writer);
}
