/* Why resources went wrong, by status and condition; see summary.h. */
#include "output/columns.h"
#include "output/escape.h"
#include "output/phrase.h"
#include "output/summary.h"

enum { MAX_CAUSES = 5 };

/* "lock-token-submitted" of "{DAV:}lock-token-submitted". */
static struct span local_of(const char *condition)
{
    struct span name = span_str(condition);
    size_t brace = span_find_byte(name, '}');
    return brace < name.len ? span_after(name, brace + 1) : name;
}

static void write_cause(struct columns *columns, const struct cause *cause)
{
    phrase_number(columns_cell(columns), cause->n);
    if (cause->status > 0)
        phrase_status_of(columns_cell(columns), cause->status, OUTCOME_FAILED);
    else
        columns_text(columns, "no status, or no answer");
    escape_text(columns_cell(columns), local_of(cause->condition));
}

/* Of a single one the list of resources tells as much. */
void summary_causes(struct writer *writer, const struct report *report)
{
    const struct causes *causes = &report->tally->routes.total.causes;
    struct cause sorted[CAUSES_MAX];
    struct columns columns;
    uint64_t n_more = causes->n_others;
    if (causes->n < 2)
        return;
    causes_sort(causes, sorted);
    columns_init(&columns, "rll");
    for (size_t i = 0; i < causes->n; i++) {
        if (i < MAX_CAUSES)
            write_cause(&columns, &sorted[i]);
        else
            n_more += sorted[i].n;
    }
    summary_title(writer, "Problems by status and condition");
    columns_finish(&columns, writer);
    if (n_more == 0)
        return;
    writer_text(writer, "  … and ");
    phrase_count(writer, n_more, "more with other ones", "more with other ones");
    writer_text(writer, "\n");
}
