/* resource_copy: a copy of a resource that outlives its callback. */
#pragma once

#include "dissector/base/copier.h"
#include "dissector/dav/resource.h"

/* before: the copy of the resource before it, or NULL: lists of property names that are the same
 * there are shared. Names of properties and conditions are copied as they are, values and locks
 * not at all. False: no memory, now or before (copier.h). */
bool resource_copy(struct resource *copy, const struct resource *resource,
                   const struct resource *before, struct copier *copier);

/* Whether two resources differ in nothing but hrefs, values, locks, and their place in the
 * document. */
bool resource_is_alike(const struct resource *a, const struct resource *b);
