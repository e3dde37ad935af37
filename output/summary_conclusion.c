/* How it stands, in a sentence, and before it what may hide something; see summary.h. */
#include "output/paragraph.h"
#include "output/phrase.h"
#include "output/summary.h"

static bool has_bad_verdict(const struct counts *counts)
{
    return counts->by_verdict[VERDICT_MIXED] || counts->by_verdict[VERDICT_ALL_FAILED] ||
           counts->by_verdict[VERDICT_UNDECODABLE] || counts->by_verdict[VERDICT_INCOMPLETE];
}

/* What the verdicts of the documents do not speak of, or leave open. */
struct blind_spot {
    uint64_t n;
    const char *singular, *plural; /* behind the number; plural NULL: with an s */
};

enum { MAX_BLIND_SPOTS = 20, MAX_NAMED_SPOTS = 5, SENTENCE_BYTES = 1024 };

static size_t blind_spots(const struct report *report, struct blind_spot spots[MAX_BLIND_SPOTS])
{
    const struct dissector_stats *stats = &report->facts->stats;
    const struct capture_losses *losses = &report->facts->losses;
    const uint64_t *by_verdict = report->tally->total.by_verdict;
    const struct blind_spot rows[] = {
        {by_verdict[VERDICT_UNDECODABLE], "undecodable Multi-Status", "undecodable Multi-Status"},
        {by_verdict[VERDICT_INCOMPLETE], "incomplete Multi-Status", "incomplete Multi-Status"},
        {report->is_filtered ? report->tally->n_left_out : 0, "Multi-Status left out by the filter",
         "Multi-Status left out by the filter"},
        {stats->n_unread_bodies, "body that could not be read", "bodies that could not be read"},
        {stats->n_unread_joins, "connection joined in the middle of what could not be read",
         "connections joined in the middle of what could not be read"},
        {stats->n_tls_connections, "encrypted connection (TLS)", "encrypted connections (TLS)"},
        {stats->n_quic_connections, "connection over QUIC (HTTP/3)",
         "connections over QUIC (HTTP/3)"},
        {stats->n_evicted_connections, "connection given up for the memory limit",
         "connections given up for the memory limit"},
        {losses->n_dropped + losses->n_interface_dropped, "packet dropped while capturing",
         "packets dropped while capturing"},
        {losses->n_lane_dropped, "segment dropped as it came too fast",
         "segments dropped as they came too fast"},
        {stats->tcp.n_gaps, "gap in TCP streams", "gaps in TCP streams"},
        {stats->net.n_cut, "frame cut by the snap length", "frames cut by the snap length"},
        {stats->net.datagrams.n_incomplete + stats->net.datagrams.n_overlapping,
         "IP datagram with fragments missing or overlapping",
         "IP datagrams with fragments missing or overlapping"},
        {stats->net.n_unknown_link, "frame of a link type that is not read",
         "frames of link types that are not read"},
        {stats->net.n_protected, "frame encrypted below TCP", "frames encrypted below TCP"},
        {stats->net.n_too_deep, "frame with too many headers", "frames with too many headers"},
        {stats->n_missed_answers, "request without its response",
         "requests without their response"},
    };
    size_t n = 0;
    _Static_assert(sizeof rows / sizeof *rows <= MAX_BLIND_SPOTS, "room for all");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].n > 0)
            spots[n++] = rows[i];
    return n;
}

/* Before nothing is said to have failed, where something may have that was not seen. */
static void write_blind_spots(struct writer *writer, const struct blind_spot *spots, size_t n)
{
    struct writer text;
    writer_init_memory(&text, SENTENCE_BYTES);
    writer_text(&text, "Not seen or not understood: ");
    for (size_t i = 0; i < n && i < MAX_NAMED_SPOTS; i++) {
        writer_text(&text, i > 0 ? ", " : "");
        phrase_count(&text, spots[i].n, spots[i].singular, spots[i].plural);
    }
    writer_text(&text, n > MAX_NAMED_SPOTS ? ", and more." : ".");
    writer_text(writer, "  ");
    paragraph(writer, writer_span(&text), 2);
    writer_fail(writer, writer_close(&text));
}

/* In one or two sentences how it stands. */
void summary_conclusion(struct writer *writer, const struct report *report)
{
    const struct counts *total = &report->tally->total;
    struct blind_spot spots[MAX_BLIND_SPOTS];
    size_t n_spots = blind_spots(report, spots);
    uint64_t n_problems = counts_n_problems(total->by_class);
    bool has_alarms = summary_has_alarms(report);
    bool is_bad = n_problems > 0 || has_bad_verdict(total);
    writer_text(writer, "\n");
    if (n_problems == 0 && n_spots > 0)
        write_blind_spots(writer, spots, n_spots);
    writer_text(writer, "  ");
    writer_colour(writer, is_bad                      ? COLOUR_BAD
                          : n_spots > 0 || has_alarms ? COLOUR_WARN
                                                      : COLOUR_GOOD);
    if (n_problems > 0)
        phrase_outcome(writer, total->by_class, total->n_resources);
    else if (is_bad)
        writer_text(writer, "No resource is known to have failed, but not every answer tells");
    else if (report->tally->n_doubts > 0)
        writer_text(writer, "Nothing failed, but not every Multi-Status is as it should be");
    else
        writer_format(writer, "Nothing failed in any Multi-Status%s%s",
                      n_spots > 0 ? " that could be seen" : "",
                      has_alarms ? ", but see what is wrong below" : "");
    writer_text(writer, ".");
    writer_plain(writer);
    writer_text(writer, "\n");
}
