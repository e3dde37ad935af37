/* The connections that could not be read, by the server they went to, and how to get an answer all
 * the same; see summary.h. */
#include "output/address.h"
#include "output/columns.h"
#include "output/paragraph.h"
#include "output/phrase.h"
#include "output/summary.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_SHOWN = 10 };

static void write_server(struct columns *columns, const struct roster_entry *entry)
{
    char address[ENDPOINT_TEXT_BYTES];
    phrase_number(columns_cell(columns), entry->counts.n_documents);
    columns_text(columns, entry->name[0] != '\0' ? entry->name : "(no name)");
    endpoint_text(&entry->endpoint, address);
    columns_text(columns, address);
}

/* Connections that are not among the rows. */
static void write_rest(struct columns *columns, const struct roster *roster,
                       const struct roster_sorted *sorted)
{
    uint64_t n = roster->others.n_documents;
    for (size_t i = MAX_SHOWN; i < sorted->n; i++)
        n += sorted->entries[i]->counts.n_documents;
    if (n == 0)
        return;
    phrase_number(columns_cell(columns), n);
    columns_text(columns, "to others");
    columns_text(columns, "");
}

static void write_section(struct writer *writer, const struct roster *roster, const char *title,
                          const char *advice)
{
    struct roster_sorted sorted;
    struct columns columns;
    if (!roster_sort(roster, &sorted))
        writer_fail(writer, ENOMEM);
    summary_title(writer, title);
    columns_init(&columns, "rll");
    for (size_t i = 0; i < sorted.n && i < MAX_SHOWN; i++)
        write_server(&columns, sorted.entries[i]);
    write_rest(&columns, roster, &sorted);
    columns_finish(&columns, writer);
    free(sorted.entries);
    writer_text(writer, "  ");
    paragraph(writer, span_str(advice), 2);
}

void summary_opaque(struct writer *writer, const struct report *report)
{
    static const char with_secrets[] =
        "To read them, let the client or the server write their secrets (SSLKEYLOGFILE=FILE) and "
        "add --keylog FILE, or put the secrets into the capture (editcap --inject-secrets "
        "tls,FILE). Or capture where the traffic is plain: between the proxy that ends TLS and the "
        "server.";
    static const char without[] =
        "This davscope was built without OpenSSL and cannot decrypt TLS. Capture where the traffic "
        "is plain: between the proxy that ends TLS and the server.";
    if (report->facts->stats.n_tls_connections > 0)
        write_section(writer, &report->tally->opaque, "Connections encrypted by TLS, not seen into",
                      report->facts->stats.cannot_decrypt ? without : with_secrets);
}

void summary_quic(struct writer *writer, const struct report *report)
{
    static const char advice[] =
        "HTTP/3 is not decoded, with or without secrets. To get an answer all the same, let client "
        "and server talk over TCP while you capture: switch HTTP/3 off in the client, or in the "
        "server together with its Alt-Svc field, or block UDP to its port; clients then fall back "
        "to HTTP/2 or HTTP/1.1. Or capture behind the proxy that ends QUIC. Or look into the "
        "server's log, or a qlog of either side.";
    if (report->facts->stats.n_quic_connections > 0)
        write_section(writer, &report->tally->quic, "Connections over QUIC (HTTP/3), not decoded",
                      advice);
}
