/* Properties that were asked for and that answers do not speak of; see summary.h. */
#include "output/address.h"
#include "output/columns.h"
#include "output/phrase.h"
#include "output/summary.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_SHOWN = 8 };

static void write_row(struct columns *columns, const struct roster_entry *entry)
{
    char address[ENDPOINT_TEXT_BYTES];
    phrase_count(columns_cell(columns), entry->counts.n_documents, "answer", NULL);
    phrase_count(columns_cell(columns), entry->counts.n_resources, "resource", NULL);
    columns_text(columns, entry->name);
    endpoint_text(&entry->endpoint, address);
    columns_text(columns, address);
}

void summary_left_out(struct writer *writer, const struct report *report)
{
    const struct roster *roster = &report->tally->left_out;
    struct roster_sorted sorted;
    struct columns columns;
    if (!roster_sort(roster, &sorted))
        writer_fail(writer, ENOMEM);
    if (sorted.n == 0)
        return;
    summary_title(writer, "Properties asked for by name that answers leave out");
    columns_init(&columns, "rrll");
    for (size_t i = 0; i < sorted.n && i < MAX_SHOWN; i++)
        write_row(&columns, sorted.entries[i]);
    columns_finish(&columns, writer);
    if (sorted.n > MAX_SHOWN || roster->others.n_documents > 0)
        writer_text(writer, "  and more\n");
    free(sorted.entries);
}
