/* sniff: what kind of body this is, from its first bytes (DOMAIN.md 1.1, 4.1). The media type has
 * no say where the bytes do. */
#pragma once

#include "dissector/dav/document.h"

struct sniffed {
    enum format format;
    size_t offset; /* FORMAT_XML: where the XML begins behind other output */
};

/* False: more bytes are needed; never when is_final. */
bool sniff(struct sniffed *sniffed, struct span head, bool is_final, struct span media_type);
