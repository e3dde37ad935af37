/* The TLS connections that could not be read, by the server they went to, and how to read them all
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

static void write_advice(struct writer *writer, bool cannot_decrypt)
{
    static const char with_secrets[] =
        "To read them, let the client or the server write their secrets (SSLKEYLOGFILE=FILE) and "
        "add --keylog FILE, or put the secrets into the capture (editcap --inject-secrets "
        "tls,FILE). Or capture where the traffic is plain: between the proxy that ends TLS and the "
        "server.";
    static const char without[] =
        "This davscope was built without OpenSSL and cannot decrypt TLS. Capture where the traffic "
        "is plain: between the proxy that ends TLS and the server.";
    writer_text(writer, "  ");
    paragraph(writer, span_str(cannot_decrypt ? without : with_secrets), 2);
}

void summary_opaque(struct writer *writer, const struct report *report)
{
    const struct roster *roster = &report->tally->opaque;
    struct roster_sorted sorted;
    struct columns columns;
    if (report->facts->stats.n_tls_connections == 0)
        return;
    if (!roster_sort(roster, &sorted))
        writer_fail(writer, ENOMEM);
    summary_title(writer, "Connections encrypted by TLS, not seen into");
    columns_init(&columns, "rll");
    for (size_t i = 0; i < sorted.n && i < MAX_SHOWN; i++)
        write_server(&columns, sorted.entries[i]);
    write_rest(&columns, roster, &sorted);
    columns_finish(&columns, writer);
    free(sorted.entries);
    write_advice(writer, report->facts->stats.cannot_decrypt);
}
