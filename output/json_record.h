/* json_record: a record as the JSON object davscope.multistatus, whose fields are stated in
 * output/davscope.schema.json. What is unknown has no field. */
#pragma once

#include "output/json_writer.h"
#include "output/renderer.h"

/* Writes one line. */
void json_record(const struct render *render, const struct record *record);
