/* json_multistatus: results in JSON (DOMAIN.md 4). Bytes in; the root, then the results, out.
 *
 * An object or list is kept up to max_json_bytes and read when it is whole; of one that breaks off
 * the results before the break are read. Lines of JSON are read line by line. Which list holds the
 * results is told by its name, or by what its elements say: json_shape.
 *
 * A Multi-Status of WebDAV written in JSON is ROOT_MULTISTATUS, everything else ROOT_BATCH. Under
 * another status than 207 only what can be nothing else is taken for results. */
#pragma once

#include "dissector/dav/body.h"

extern const struct body_reader json_multistatus_reader;
