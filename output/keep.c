/* A masked copy; see keep.h. */
#include "output/keep.h"

#include "output/url.h"

/* Texts may quote URLs, and URLs may hold credentials. */
static bool mask(struct copier *copier, unsigned role, struct span *text)
{
    (void)role;
    *text = url_masked_copy(*text, copier->arena, copier->ctx);
    return text->ptr != NULL;
}

struct record_resource *keep_resource(struct arena *arena, const struct resource *resource,
                                      const struct record_resource *before, struct buf *scratch)
{
    struct copier copier = {.arena = arena, .text = mask, .ctx = scratch};
    struct record_resource *kept = arena_take(arena, sizeof *kept);
    if (!kept)
        return NULL;
    kept->next = NULL;
    const struct resource *like = before ? &before->resource : NULL;
    return resource_copy(&kept->resource, resource, like, &copier) ? kept : NULL;
}
