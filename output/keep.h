/* keep: a copy of a resource that outlives its event, in the memory of an arena, with credentials
 * in its href and location texts masked. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/base/buf.h"
#include "output/record.h"

/* before: the copy of the resource before it, or NULL. Lists of property names that are the same
 * there are shared. scratch as secret.h has it. NULL: no memory; what was taken stays taken. */
struct record_resource *keep_resource(struct arena *arena, const struct resource *resource,
                                      const struct record_resource *before, struct buf *scratch);
