/* qpack_static: the fields every QPACK table begins with. RFC 9204 Appendix A. */
#pragma once

#include "dissector/http/hpack_static.h"

enum { QPACK_STATIC_N = 99 };

/* By index. */
extern const struct hpack_static qpack_static[QPACK_STATIC_N];
