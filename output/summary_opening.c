/* The head of the summary: what was read, and what was found in it; see summary.h. */
#include "output/summary.h"

#include "output/columns.h"
#include "output/escape.h"
#include "output/phrase.h"
#include "output/time_text.h"

void summary_time(struct writer *writer, const struct report *report, int64_t time_ns)
{
    char text[TIME_TEXT_BYTES], begin[TIME_TEXT_BYTES];
    size_t date_len = strlen("2026-01-02 ");
    time_text_date(time_ns, text);
    time_text_date(report->facts->first_ns, begin);
    writer_text(writer, strncmp(text, begin, date_len) == 0 ? text + date_len : text);
}

enum { MAX_NAMED_SOURCES = 3 };

void summary_title(struct writer *writer, const char *title)
{
    writer_text(writer, "\n");
    writer_colour(writer, COLOUR_STRONG);
    writer_text(writer, title);
    writer_plain(writer);
    writer_text(writer, "\n");
}

static void write_sources(struct writer *writer, const struct report *report)
{
    writer_colour(writer, COLOUR_STRONG);
    writer_text(writer, "davscope");
    writer_plain(writer);
    for (size_t i = 0; i < report->sources.n && i < MAX_NAMED_SOURCES; i++) {
        writer_text(writer, i > 0 ? ", " : ": ");
        escape_text(writer, span_str(source_name(&report->sources, i)));
    }
    if (report->sources.n > MAX_NAMED_SOURCES) {
        writer_text(writer, " and ");
        phrase_count(writer, report->sources.n - MAX_NAMED_SOURCES, "other", NULL);
    }
    writer_text(writer, "\n\n");
}

static void write_read(struct writer *writer, const struct run_facts *facts)
{
    phrase_count(writer, facts->stats.net.n_frames, "frame", NULL);
    writer_text(writer, ", ");
    phrase_bytes(writer, facts->stats.net.n_bytes);
    if (!facts->has_frames)
        return;
    char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES], duration[TIME_TEXT_BYTES];
    uint64_t duration_ns = (uint64_t)facts->last_ns - (uint64_t)facts->first_ns;
    time_text_date(facts->first_ns, first);
    time_text_date(facts->last_ns, last);
    time_text_duration(duration_ns, duration);
    /* On one day the date stands once. */
    bool is_one_day = strncmp(first, last, strlen("2026-01-02")) == 0;
    writer_format(writer, ", %s", first);
    if (strcmp(first, last) != 0)
        writer_format(writer, " to %s", is_one_day ? last + strlen("2026-01-02 ") : last);
    writer_format(writer, " UTC (%s)", duration);
}

static void write_kind(struct writer *writer, uint64_t n, const char *kind, const char **before)
{
    if (n == 0)
        return;
    writer_text(writer, *before);
    phrase_number(writer, n);
    writer_format(writer, " %s", kind);
    *before = ", ";
}

static void write_found(struct writer *writer, const struct dissector_stats *stats)
{
    const char *before = ": ";
    phrase_count(writer, stats->n_connections, "connection", NULL);
    write_kind(writer, stats->n_http_connections, "HTTP", &before);
    write_kind(writer, stats->n_http2_connections, "HTTP/2", &before);
    write_kind(writer, stats->n_tls_connections, "encrypted", &before);
    write_kind(writer, stats->n_other_connections, "other", &before);
    if (stats->n_translated > 0) {
        writer_text(writer, "; ");
        phrase_number(writer, stats->n_translated);
        writer_text(writer, " before and behind NAT, counted once");
    }
    if (stats->n_tls_decrypted > 0) {
        writer_text(writer, "; ");
        phrase_number(writer, stats->n_tls_decrypted);
        writer_text(writer, " decrypted");
    }
    if (stats->n_quic_connections > 0) {
        writer_text(writer, "; ");
        phrase_number(writer, stats->n_quic_connections);
        writer_text(writer, " over QUIC");
    }
    if (stats->n_exchanges == 0)
        return;
    writer_text(writer, "; ");
    phrase_count(writer, stats->n_exchanges, "HTTP exchange", NULL);
}

static void write_documents(struct writer *writer, const struct report *report)
{
    const struct tally *tally = report->tally;
    phrase_count(writer, tally->total.n_documents, "Multi-Status", "Multi-Status");
    if (tally->n_not_207 > 0) {
        writer_text(writer, " (");
        phrase_number(writer, tally->n_not_207);
        writer_text(writer, " under another HTTP status than 207)");
    }
    if (tally->total.n_documents > 0) {
        writer_text(writer, " about ");
        phrase_count(writer, tally->total.n_resources, "resource", NULL);
    }
    if (!report->is_filtered)
        return;
    writer_text(writer, "; the filter left out ");
    phrase_number(writer, tally->n_left_out);
}

struct advice {
    uint64_t n;
    const char *singular, *plural; /* behind the number */
};

/* What was not seen, each with what to do. */
static void write_advice(struct writer *writer, const struct dissector_stats *stats)
{
    const struct advice advice[] = {
        {stats->n_tls_connections,
         "connection is encrypted (TLS): its content cannot be seen here.",
         "connections are encrypted (TLS): their content cannot be seen here."},
        {stats->n_quic_connections, "connection is over QUIC (HTTP/3), which is not decoded.",
         "connections are over QUIC (HTTP/3), which is not decoded."},
        {stats->net.n_unknown_link, "frame has a link type that is not known.",
         "frames have a link type that is not known."},
        {stats->net.n_protected,
         "frame is encrypted below TCP (Wi-Fi, MACsec, IPsec): its content cannot be seen here.",
         "frames are encrypted below TCP (Wi-Fi, MACsec, IPsec): their content cannot be seen "
         "here."},
        {stats->net.n_cut, "frame was cut by the snap length: capture whole frames (tcpdump -s 0).",
         "frames were cut by the snap length: capture whole frames (tcpdump -s 0)."},
        {stats->tcp.n_gaps, "gap in TCP streams: what stood there was not captured.",
         "gaps in TCP streams: what stood there was not captured."},
        {stats->n_unread_joins,
         "connection was joined in the middle of something that could not be read.",
         "connections were joined in the middle of something that could not be read."},
        {stats->n_unread_bodies, "body could not be read far enough to tell what it is.",
         "bodies could not be read far enough to tell what they are."},
        {stats->n_responses_without_request,
         "response came without its request: the capture may hold one direction only.",
         "responses came without their request: the capture may hold one direction only."},
        {stats->n_requests_without_response,
         "request has no response: the capture may hold one direction only, or end too early.",
         "requests have no response: the capture may hold one direction only, or end too early."},
    };
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
        if (advice[i].n == 0)
            continue;
        writer_text(writer, "  ");
        phrase_count(writer, advice[i].n, advice[i].singular, advice[i].plural);
        writer_text(writer, "\n");
    }
}

/* Why there is none, as far as can be told. */
static void write_absence(struct writer *writer, const struct report *report)
{
    const struct dissector_stats *stats = &report->facts->stats;
    if (report->tally->n_left_out > 0) {
        writer_text(writer, "\n  The filter left every Multi-Status out.\n");
        return;
    }
    writer_format(writer, "\n  No Multi-Status was found%s.\n",
                  summary_has_alarms(report) ? ", but see what is wrong below" : "");
    if (stats->net.n_frames == 0)
        writer_text(writer, "  The capture holds no frames.\n");
    else if (stats->net.n_segments == 0 && stats->net.n_quic == 0)
        writer_text(writer, "  There is no TCP in it: was it captured on the right interface, with "
                            "the right filter?\n");
    else if (stats->n_exchanges > 0)
        writer_text(writer, "  HTTP was seen, but no answer was a Multi-Status.\n");
    write_advice(writer, stats);
}

void summary_opening(struct writer *writer, const struct report *report)
{
    struct columns columns;
    columns_init(&columns, "ll");
    write_sources(writer, report);
    columns_text(&columns, "Read");
    write_read(columns_cell(&columns), report->facts);
    columns_text(&columns, "Traffic");
    write_found(columns_cell(&columns), &report->facts->stats);
    columns_text(&columns, "Found");
    write_documents(columns_cell(&columns), report);
    columns_finish(&columns, writer);
    if (report->tally->total.n_documents > 0)
        summary_conclusion(writer, report);
    else
        write_absence(writer, report);
}
