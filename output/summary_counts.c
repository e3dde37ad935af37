/* The tables of counts: verdicts, statuses, and by operation, client, server and user agent; see
 * summary.h. */
#include "output/address.h"
#include "output/columns.h"
#include "output/phrase.h"
#include "output/summary.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_STATUSES = 25, MAX_ROWS = 10 };

static void write_reasons(struct writer *writer, const struct tally *tally, enum verdict verdict)
{
    const char *before = "";
    for (size_t i = 0; i < tally->n_reasons; i++) {
        if (tally->reasons[i].verdict != verdict)
            continue;
        writer_format(writer, "%s%s ", before, tally->reasons[i].reason);
        phrase_number(writer, tally->reasons[i].n);
        before = ", ";
    }
}

void summary_verdicts(struct writer *writer, const struct report *report)
{
    const struct tally *tally = report->tally;
    if (tally->total.n_documents == 0)
        return;
    struct columns columns;
    columns_init(&columns, "lrl");
    for (unsigned i = 0; i < VERDICT_N; i++) {
        if (tally->total.by_verdict[i] == 0)
            continue;
        columns_text(&columns, verdict_name((enum verdict)i));
        phrase_number(columns_cell(&columns), tally->total.by_verdict[i]);
        write_reasons(columns_cell(&columns), tally, (enum verdict)i);
    }
    summary_title(writer, "Verdicts");
    columns_finish(&columns, writer);
}

static void write_statuses(struct writer *writer, const char *title, const uint64_t *by_status)
{
    struct columns columns;
    size_t n_rows = 0, n_more = 0;
    columns_init(&columns, "lr");
    for (unsigned code = 1; code < STATUS_N; code++) {
        if (by_status[code] == 0)
            continue;
        if (n_rows == MAX_STATUSES) {
            n_more++;
            continue;
        }
        n_rows++;
        phrase_status(columns_cell(&columns), (uint16_t)code);
        phrase_number(columns_cell(&columns), by_status[code]);
    }
    if (n_rows > 0)
        summary_title(writer, title);
    columns_finish(&columns, writer);
    if (n_more > 0) {
        writer_text(writer, "  … and ");
        phrase_count(writer, n_more, "other status", "other statuses");
        writer_text(writer, "\n");
    }
}

void summary_statuses(struct writer *writer, const struct report *report)
{
    write_statuses(writer, "Statuses inside Multi-Status", report->tally->by_status);
    if (!report->is_filtered)
        write_statuses(writer, "HTTP statuses of all exchanges", report->tally->by_http_status);
}

/* Verdicts that have a column of their own; the others share one. */
static const enum verdict shown[] = {VERDICT_ALL_OK, VERDICT_MIXED, VERDICT_ALL_FAILED};
enum { N_SHOWN = sizeof shown / sizeof *shown };

static uint64_t n_other_verdicts(const struct counts *counts)
{
    uint64_t n = counts->n_documents;
    for (size_t i = 0; i < N_SHOWN; i++)
        n -= counts->by_verdict[shown[i]];
    return n;
}

/* The columns behind a name; a verdict that never occurs has none. */
static void write_counts(struct columns *columns, const struct counts *counts,
                         const struct counts *total)
{
    uint64_t n_problems = counts_n_problems(counts->by_class);
    phrase_number(columns_cell(columns), counts->n_documents);
    for (size_t i = 0; i < N_SHOWN; i++)
        if (total->by_verdict[shown[i]] > 0)
            phrase_number(columns_cell(columns), counts->by_verdict[shown[i]]);
    if (n_other_verdicts(total) > 0)
        phrase_number(columns_cell(columns), n_other_verdicts(counts));
    phrase_number(columns_cell(columns), counts->n_resources);
    struct writer *cell =
        n_problems > 0 ? columns_coloured(columns, COLOUR_BAD) : columns_cell(columns);
    phrase_number(cell, n_problems);
}

static void write_head(struct columns *columns, const char *text)
{
    writer_text(columns_coloured(columns, COLOUR_FAINT), text);
}

static void write_heads(struct columns *columns, const struct counts *total)
{
    write_head(columns, "");
    write_head(columns, "");
    write_head(columns, "documents");
    for (size_t i = 0; i < N_SHOWN; i++)
        if (total->by_verdict[shown[i]] > 0)
            write_head(columns, verdict_name(shown[i]));
    if (n_other_verdicts(total) > 0)
        write_head(columns, "other");
    write_head(columns, "resources");
    write_head(columns, "problems");
}

/* "192.0.2.1:80 dav.example.org": what the entry has of it. */
static void write_entry_name(struct writer *cell, const struct roster_entry *entry)
{
    const struct endpoint *endpoint = &entry->endpoint;
    char text[ENDPOINT_TEXT_BYTES] = "";
    if (endpoint->port != 0)
        endpoint_text(endpoint, text);
    else if (endpoint->address.version != 0)
        address_text(&endpoint->address, text);
    bool has_both = text[0] != '\0' && entry->name[0] != '\0';
    writer_format(cell, "%s%s%s", text, has_both ? " " : "", entry->name);
}

static void write_roster(struct columns *columns, const char *title, const struct roster *roster,
                         const struct counts *total)
{
    struct roster_sorted sorted;
    if (!roster_sort(roster, &sorted))
        writer_fail(&columns->text, ENOMEM);
    struct counts others = roster->others;
    for (size_t i = 0; i < sorted.n; i++) {
        if (i >= MAX_ROWS) {
            counts_add(&others, &sorted.entries[i]->counts);
            continue;
        }
        columns_text(columns, i == 0 ? title : "");
        write_entry_name(columns_cell(columns), sorted.entries[i]);
        write_counts(columns, &sorted.entries[i]->counts, total);
    }
    if (others.n_documents > 0) {
        columns_text(columns, sorted.n == 0 ? title : "");
        columns_text(columns, "others");
        write_counts(columns, &others, total);
    }
    free(sorted.entries);
}

void summary_rosters(struct writer *writer, const struct report *report)
{
    const struct tally *tally = report->tally;
    const struct counts *total = &tally->total;
    if (total->n_documents == 0)
        return;
    char kinds[] = "lsrrrrrrr"; /* what, name, documents, verdicts, resources, problems */
    size_t n_columns = 5 + (n_other_verdicts(total) > 0);
    for (size_t i = 0; i < N_SHOWN; i++)
        n_columns += total->by_verdict[shown[i]] > 0;
    kinds[n_columns] = '\0';
    struct columns columns;
    columns_init(&columns, kinds);
    write_heads(&columns, total);
    write_roster(&columns, "Operation", &tally->operations, total);
    write_roster(&columns, "Client", &tally->clients, total);
    write_roster(&columns, "Server", &tally->servers, total);
    write_roster(&columns, "User agent", &tally->user_agents, total);
    summary_title(writer, "Counts");
    columns_finish(&columns, writer);
}
