/* clark: element names (properties, conditions) as text. */
#pragma once

#include "dissector/event.h"
#include "output/writer.h"

/* Clark notation with spaces between: "{DAV:}getetag {urn:x}y"; without namespace "y". Captured
 * bytes, to be escaped as a whole. */
void clark_write_raw(struct writer *writer, const struct name *names, size_t n);

/* The same for people, escaped (escape_text): names of well-known namespaces stand with a short
 * prefix ("caldav:valid-calendar-data"), those of DAV: with none. */
void clark_write_short(struct writer *writer, const struct name *names, size_t n);
