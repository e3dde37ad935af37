/* The findings lead the report: what is wrong, whose problem it is, what to do, and the frames that
 * show it; see summary.h. What is merely worth knowing takes a line each. */
#include "output/escape.h"
#include "output/paragraph.h"
#include "output/phrase.h"
#include "output/summary.h"
#include "output/time_text.h"

enum {
    MAX_FINDINGS = 12, /* that matter: a page */
    MAX_NOTES = 8,     /* that do not */
    MAX_PLACES = 4,
    MAX_CLIENTS = 3,
    INDENT = 12, /* behind the severity */
};

static void write_places(struct writer *writer, const struct report *report,
                         const struct finding *finding)
{
    size_t n = finding->n_places < MAX_PLACES ? finding->n_places : MAX_PLACES;
    phrase_places(writer, finding->places, n, &report->sources);
    if (finding->n_exchanges > MAX_PLACES)
        writer_text(writer, ", …");
}

static void write_top(struct writer *writer, const char *before, const struct top *top)
{
    writer_text(writer, before);
    for (size_t i = 0; i < top->n && i < MAX_CLIENTS; i++) {
        writer_text(writer, i > 0 ? ", " : "");
        escape_text(writer, top_text(&top->entries[i]));
    }
    if (top->n > MAX_CLIENTS || top->is_overflown)
        writer_text(writer, ", …");
}

static void write_evidence(struct writer *writer, const struct report *report,
                           const struct finding *finding)
{
    if (finding->n_places > 0) {
        write_places(writer, report, finding);
        writer_text(writer, "; ");
    }
    summary_time(writer, report, finding->first_ns);
    if (finding->last_ns > finding->first_ns) {
        writer_text(writer, " to ");
        summary_time(writer, report, finding->last_ns);
    }
    if (finding->clients.n > 0)
        write_top(writer, "; client ", &finding->clients);
    if (finding->user_agents.n > 0)
        write_top(writer, ", ", &finding->user_agents);
    if (finding->servers.n > 0)
        write_top(writer, "; server ", &finding->servers);
}

/* A paragraph of text that is escaped already; it is emptied. */
static void write_paragraph(struct writer *writer, struct writer *text)
{
    paragraph(writer, writer_span(text), INDENT);
    writer_clear(text);
}

static void write_texts(struct writer *writer, const char *const *texts, size_t n)
{
    struct writer line;
    writer_init_memory(&line, SIZE_MAX);
    for (size_t i = 0; i < n; i++)
        escape_text(&line, span_str(texts[i]));
    writer_repeat(writer, ' ', INDENT);
    write_paragraph(writer, &line);
    (void)writer_close(&line);
}

static void write_head(struct writer *writer, const struct finding *finding)
{
    char title[FINDING_TITLE_BYTES];
    struct writer line;
    bool is_bad = finding->severity >= SEVERITY_ERROR;
    finding_title(finding, title);
    writer_text(writer, "  ");
    writer_colour(writer, is_bad ? COLOUR_BAD : COLOUR_WARN);
    writer_format(writer, "%-9s", severity_name(finding->severity));
    writer_plain(writer);
    writer_text(writer, " ");
    writer_init_memory(&line, SIZE_MAX);
    writer_format(&line, "%s  ", finding->rule->id);
    escape_text(&line, span_str(title));
    write_paragraph(writer, &line);
    (void)writer_close(&line);
}

static void write_finding(struct writer *writer, const struct report *report,
                          const struct finding *finding)
{
    struct writer evidence;
    writer_init_memory(&evidence, SIZE_MAX);
    write_head(writer, finding);
    const char *const advice[] = {"Whose: ", owner_name(finding->owner),
                                  ". Do: ", finding->rule->advice};
    if (finding->detail[0] != '\0')
        write_texts(writer, (const char *[]){finding->detail}, 1);
    write_texts(writer, advice, sizeof advice / sizeof *advice);
    write_evidence(&evidence, report, finding);
    writer_repeat(writer, ' ', INDENT);
    writer_colour(writer, COLOUR_FAINT);
    write_paragraph(writer, &evidence);
    writer_plain(writer);
    (void)writer_close(&evidence);
}

static void write_note(struct writer *writer, const struct report *report,
                       const struct finding *finding)
{
    char title[FINDING_TITLE_BYTES];
    struct writer line;
    writer_init_memory(&line, SIZE_MAX);
    finding_title(finding, title);
    writer_format(&line, "%s  ", finding->rule->id);
    escape_text(&line, span_str(title));
    writer_text(&line, " (");
    write_places(&line, report, finding);
    writer_text(&line, ")");
    writer_text(writer, "  info      ");
    write_paragraph(writer, &line);
    (void)writer_close(&line);
}

static void write_more(struct writer *writer, size_t n, size_t max)
{
    if (n <= max)
        return;
    writer_text(writer, "  … and ");
    phrase_number(writer, n - max);
    writer_text(writer, " more; -o json has them all\n");
}

/* How many of them matter; they come first. */
static size_t n_serious(const struct findings_sorted *findings)
{
    size_t n = 0;
    while (n < findings->n && findings->findings[n]->severity > SEVERITY_INFO)
        n++;
    return n;
}

bool summary_has_alarms(const struct report *report)
{
    return n_serious(&report->findings) > 0;
}

void summary_findings(struct writer *writer, const struct report *report)
{
    const struct findings_sorted *findings = &report->findings;
    size_t n = n_serious(findings), n_notes = findings->n - n;
    if (n > 0)
        summary_title(writer, "What is wrong, and what to do");
    for (size_t i = 0; i < n && i < MAX_FINDINGS; i++)
        write_finding(writer, report, findings->findings[i]);
    write_more(writer, n, MAX_FINDINGS);
    if (n_notes > 0)
        summary_title(writer, "Worth knowing, seldom a problem");
    for (size_t i = 0; i < n_notes && i < MAX_NOTES; i++)
        write_note(writer, report, findings->findings[n + i]);
    write_more(writer, n_notes, MAX_NOTES);
    if (report->n_findings_lost > 0) {
        writer_text(writer, "  ");
        phrase_count(writer, report->n_findings_lost, "exchange", NULL);
        writer_text(writer, " raised more findings than there is room to keep\n");
    }
}
