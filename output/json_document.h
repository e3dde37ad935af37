/* json_document: what a record says of its document: the member "multistatus" of the JSON object,
 * whose fields are stated in output/davscope.schema.json. What is unknown has no field. */
#pragma once

#include "output/json_writer.h"
#include "output/record.h"

/* Writes key and value into the object that is open. which: the resources that are listed. */
void json_put_document(struct json *json, const struct record *record, enum resources which);
