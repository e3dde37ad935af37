/* JSON Lines: each record as it completes, at the end the findings, and the report as the last
 * line.
 */
#include "output/json_finding.h"
#include "output/json_record.h"
#include "output/json_report.h"

static void document(struct render *render, const struct record *record)
{
    json_record(render, record);
}

static void report(struct render *render, const struct report *of_run)
{
    for (size_t i = 0; i < of_run->findings.n; i++)
        json_finding(render, of_run->findings.findings[i]);
    json_report(render, of_run);
}

const struct renderer render_json = {
    .name = "json",
    .help = "JSON Lines: one object a Multi-Status and a finding, Elastic Common Schema",
    .resources = RESOURCES_ALL,
    .is_live = true,
    .document = document,
    .is_report_repeatable = true,
    .report = report,
};
