/* resource_copy: a copy of a resource that outlives its callback, in the memory of an arena. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/dav/resource.h"

struct resource_copier {
    struct arena *arena;
    /* Copies a text that may quote a URL (hrefs, reasons, descriptions, location, uid); ptr NULL in
     * is ptr NULL out, otherwise ptr NULL is no memory. NULL: texts are copied as they are. */
    struct span (*text)(void *ctx, struct arena *arena, struct span text);
    void *ctx;
};

/* before: the copy of the resource before it, or NULL: lists of property names that are the same
 * there are shared. The values are not copied. False: no memory; what was taken stays taken. */
bool resource_copy(struct resource *copy, const struct resource *resource,
                   const struct resource *before, const struct resource_copier *copier);

/* Whether two resources differ in nothing but hrefs, values, and their place in the document. */
bool resource_is_alike(const struct resource *a, const struct resource *b);
