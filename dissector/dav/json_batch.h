/* json_batch: results in JSON that are no WebDAV (DOMAIN.md 4.2, 4.3). Which list holds them, and
 * what it says of them, is json_shape's affair; how one went, json_item's. */
#pragma once

#include "dissector/dav/json_tell.h"

/* False: it holds none, or, where none have to be expected, what may be something else. */
bool json_batch_read(struct json_tell *tell, const struct json_node *root);

/* The same of a line, which is a result by itself. */
bool json_batch_read_line(struct json_tell *tell, const struct json_node *root);
