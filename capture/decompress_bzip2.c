/* bzip2 is recognised so that it can be named; no build unpacks it. */
#include "capture/decompress.h"

static bool bzip2_matches(struct span head)
{
    return span_starts(head, span_str("BZh"));
}

const struct decompress decompress_bzip2 = {.name = "bzip2", .matches = bzip2_matches};
