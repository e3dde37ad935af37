/* sniff: what kind of body this is, from its first bytes (DOMAIN.md 1.1, 4.1). The media type has
 * no say where the bytes do. */
#pragma once

#include "dissector/dav/document.h"

struct sniffed {
    enum format format;
    size_t offset; /* FORMAT_XML: where the XML begins behind other output */
};

struct sniff_params {
    struct span media_type; /* without parameters; may be empty */
    bool looks_behind;      /* XML may stand behind other output */
};

/* False: more bytes are needed; never when is_final. */
bool sniff(struct sniffed *sniffed, struct span head, bool is_final,
           const struct sniff_params *params);
