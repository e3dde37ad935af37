/* status_name: standard names of HTTP status codes (IANA HTTP Status Code Registry), and 418 as
 * RFC 2324 has it, since WebDAV servers really send it. */
#pragma once

#include <stdint.h>

/* "Locked" for 423; NULL when the code has no name. */
const char *status_name(uint16_t code);
