/* status_line: the text of a DAV:status element, tolerantly read (DOMAIN.md 1.4). */
#pragma once

#include "dissector/dav/resource.h"

/* text: the element's content; white space at its ends does not count, but for a space behind the
 * code. reason points into it. The code is the first word of exactly three digits; RFC 4918 §14.28
 * wants it behind "HTTP/d.d " and before " ", also where the reason is empty (RFC 9112 §4). */
struct status_line status_line_parse(struct span text);
