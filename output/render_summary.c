/* summary: the report for people, part after part (summary.h). Writes nothing before
 * the first report. */
#include "output/renderer.h"
#include "output/summary.h"

static void report(struct render *render, const struct report *of_run)
{
    if (render->is_repeated)
        writer_text(render->writer, "\n");
    summary_opening(render->writer, of_run);
    summary_findings(render->writer, of_run);
    summary_problems(render->writer, of_run);
    summary_causes(render->writer, of_run);
    summary_doubts(render->writer, of_run);
    summary_verdicts(render->writer, of_run);
    summary_statuses(render->writer, of_run);
    summary_rosters(render->writer, of_run);
    summary_opaque(render->writer, of_run);
    summary_quic(render->writer, of_run);
    summary_routes(render->writer, of_run);
    summary_left_out(render->writer, of_run);
    summary_losses(render->writer, of_run);
}

const struct renderer render_summary = {
    .name = "summary",
    .help = "a report for people: what is wrong, whose problem it is, what to do",
    .resources = RESOURCES_PROBLEMS,
    .is_report_repeatable = true,
    .report = report,
};
