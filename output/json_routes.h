/* json_routes: figures by client, server, collection and operation as members of the summary. */
#pragma once

#include "output/json_writer.h"
#include "output/routes.h"

/* Members "root_causes", "pages" and the measures of all documents together, then "by_route". */
void json_put_routes(struct json *json, const struct routes *routes);
