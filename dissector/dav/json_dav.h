/* json_dav: a Multi-Status of WebDAV written in JSON, as esn-sabre does (DOMAIN.md 4.3). */
#pragma once

#include "dissector/dav/json_tell.h"

/* False: it is none. */
bool json_dav_read(struct json_tell *tell, const struct json_node *root);
