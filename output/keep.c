/* A masked copy; see keep.h. */
#include "output/keep.h"

#include "output/url.h"

/* Texts may quote URLs, and URLs may hold credentials. */
static struct span masked(void *ctx, struct arena *arena, struct span text)
{
    return url_masked_copy(text, arena, ctx);
}

struct record_resource *keep_resource(struct arena *arena, const struct resource *resource,
                                      const struct record_resource *before, struct buf *scratch)
{
    struct resource_copier copier = {arena, masked, scratch};
    struct record_resource *kept = arena_take(arena, sizeof *kept);
    if (!kept)
        return NULL;
    kept->next = NULL;
    const struct resource *like = before ? &before->resource : NULL;
    return resource_copy(&kept->resource, resource, like, &copier) ? kept : NULL;
}
