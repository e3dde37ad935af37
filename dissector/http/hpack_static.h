/* hpack_static: the fields every HPACK table begins with. RFC 7541 Appendix A. */
#pragma once

#include "dissector/base/span.h"

enum { HPACK_STATIC_N = 61 };

struct hpack_static {
    const char *name, *value; /* value "" where the RFC gives none */
};

/* By index - 1. */
extern const struct hpack_static hpack_static[HPACK_STATIC_N];
