/* The problem resources and the documents that leave things open, with frames to look at; see
 * summary.h. */
#include "output/columns.h"
#include "output/phrase.h"
#include "output/summary.h"
#include "output/time_text.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_PROBLEMS = 20, MAX_DOUBTS = 10 };

static const char *name_of(const struct roster_entry *entry)
{
    return entry ? entry->name : "others";
}

static void write_problem(struct columns *columns, const struct report *report,
                          const struct problem *problem)
{
    bool has_several_servers = roster_n_entries(&report->tally->servers) > 1;
    phrase_number(columns_cell(columns), problem->n);
    phrase_status_of(columns_coloured(columns, COLOUR_BAD), problem->status, problem->class);
    columns_text(columns, outcome_name(problem->class));
    columns_text(columns, name_of(problem->operation));
    phrase_resource(columns_cell(columns), problem->href, problem->uid);
    struct writer *note = columns_note(columns);
    phrase_places(note, problem->places, problem->n_places, &report->sources);
    if (problem->n > problem->n_places)
        writer_text(note, ", …");
    writer_text(note, "; ");
    summary_time(note, report, problem->first_ns);
    if (problem->last_ns > problem->first_ns) {
        writer_text(note, " to ");
        summary_time(note, report, problem->last_ns);
    }
    if (problem->conditions[0] != '\0')
        writer_format(note, "; %s", problem->conditions);
    if (has_several_servers && problem->server)
        writer_format(note, "; %s", problem->server->name);
}

static void write_more(struct writer *writer, uint64_t n_more, const char *what)
{
    if (n_more == 0)
        return;
    writer_text(writer, "  … and ");
    phrase_number(writer, n_more);
    writer_format(writer, " more%s\n", what);
}

void summary_problems(struct writer *writer, const struct report *report)
{
    const struct problems *problems = &report->tally->problems;
    struct problems_sorted sorted;
    if (!problems_sort(problems, &sorted))
        writer_fail(writer, ENOMEM);
    if (sorted.n > 0) {
        struct columns columns;
        columns_init(&columns, "rllls");
        static const char *const heads[] = {"Times", "Status", "Class", "Operation", "Resource"};
        for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
            writer_text(columns_coloured(&columns, COLOUR_FAINT), heads[i]);
        for (size_t i = 0; i < sorted.n && i < MAX_PROBLEMS; i++)
            write_problem(&columns, report, sorted.problems[i]);
        summary_title(writer, "Problem resources");
        columns_finish(&columns, writer);
        write_more(writer, sorted.n > MAX_PROBLEMS ? sorted.n - MAX_PROBLEMS : 0,
                   "; -o json has them all");
    }
    if (problems->n_more > 0) {
        writer_text(writer, "  ");
        phrase_count(writer, problems->n_more, "further problem found", "further problems found");
        writer_text(writer, " no room to be listed; the sums below count them\n");
    }
    free(sorted.problems);
}

static void write_doubt(struct columns *columns, const struct report *report,
                        const struct doubt *doubt)
{
    writer_text(columns_coloured(columns, COLOUR_WARN), verdict_name(doubt->verdict));
    columns_text(columns, doubt->reason);
    columns_text(columns, name_of(doubt->operation));
    columns_text(columns, doubt->url[0] != '\0' ? doubt->url : "-");
    phrase_places(columns_cell(columns), &doubt->place, 1, &report->sources);
    if (doubt->n_unseen > 0) {
        struct writer *note = columns_note(columns);
        phrase_count(note, doubt->n_resources, "resource", NULL);
        phrase_unseen(note, doubt->n_unseen);
    }
    if (doubt->has_anomaly)
        phrase_anomaly(columns_note(columns), &doubt->anomaly);
}

void summary_doubts(struct writer *writer, const struct report *report)
{
    const struct tally *tally = report->tally;
    if (tally->n_doubts == 0)
        return;
    struct columns columns;
    columns_init(&columns, "lllsl");
    for (size_t i = 0; i < tally->n_doubts && i < MAX_DOUBTS; i++)
        write_doubt(&columns, report, &tally->doubts[i]);
    summary_title(writer, "Answers that leave open what happened");
    columns_finish(&columns, writer);
    bool is_cut = tally->n_doubts > MAX_DOUBTS;
    write_more(writer, tally->n_doubts_more + (is_cut ? tally->n_doubts - MAX_DOUBTS : 0), "");
}
