/* json_jmap: what became of the method calls of JMAP (RFC 8620 §3.4, §3.6.2, §5.3, §5.4): an error
 * of a call, and what of a change was done and what not. */
#pragma once

#include "dissector/dav/json_tell.h"

/* False: it is no such answer. Nothing else looks like one, whatever the HTTP status is. */
bool json_jmap_read(struct json_tell *tell, const struct json_node *root);
