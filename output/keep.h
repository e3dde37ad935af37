/* keep: copies of the resources of a document that outlive their events, in the memory of an arena,
 * with credentials in their texts masked. In a listing most resources are alike but for their
 * hrefs: what one of them says beside that is kept once, as their pattern. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/base/buf.h"
#include "output/record.h"

/* Files and folders by turns, and some that failed: so many patterns are looked through. */
enum { KEEP_PATTERNS = 4 };

/* Of one document; zeroed: nothing is kept yet. */
struct keep {
    /* fields are private */
    const struct resource *patterns[KEEP_PATTERNS];
    size_t next; /* that is given up for a new one */
};

/* scratch as secret.h has it. NULL: no memory; what was taken stays taken. */
struct record_resource *keep_resource(struct keep *keep, struct arena *arena,
                                      const struct resource *resource, struct buf *scratch);
