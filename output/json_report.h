/* json_report: a report as the JSON object davscope.summary, whose fields are stated in
 * output/davscope.schema.json. */
#pragma once

#include "output/renderer.h"

/* Writes one line. */
void json_report(const struct render *render, const struct report *report);
