/* A masked copy; see keep.h. */
#include "output/keep.h"

#include "output/url.h"

/* Texts may quote URLs, and URLs may hold credentials. */
static struct span masked(void *ctx, struct arena *arena, struct span text)
{
    return url_masked_copy(text, arena, ctx);
}

static const struct resource *find_pattern(const struct keep *keep, const struct resource *resource)
{
    for (size_t i = 0; i < KEEP_PATTERNS; i++)
        if (keep->patterns[i] && resource_is_alike(keep->patterns[i], resource))
            return keep->patterns[i];
    return NULL;
}

/* Names are shared with the pattern before all the same. */
static const struct resource *new_pattern(struct keep *keep, const struct resource *resource,
                                          const struct resource_copier *copier)
{
    const struct resource *before =
        keep->patterns[(keep->next + KEEP_PATTERNS - 1) % KEEP_PATTERNS];
    struct resource *pattern = arena_take(copier->arena, sizeof *pattern);
    struct resource nameless = *resource;
    nameless.n_hrefs = 0;
    if (!pattern || !resource_copy(pattern, &nameless, before, copier))
        return NULL;
    keep->patterns[keep->next] = pattern;
    keep->next = (keep->next + 1) % KEEP_PATTERNS;
    return pattern;
}

static bool copy_hrefs(struct record_resource *kept, const struct resource *resource,
                       const struct resource_copier *copier)
{
    struct span *hrefs = arena_take(copier->arena, resource->n_hrefs * sizeof *hrefs);
    if (!hrefs)
        return false;
    for (size_t i = 0; i < resource->n_hrefs; i++) {
        hrefs[i] = masked(copier->ctx, copier->arena, resource->hrefs[i]);
        if (!hrefs[i].ptr && resource->hrefs[i].ptr)
            return false;
    }
    kept->hrefs = hrefs;
    kept->n_hrefs = resource->n_hrefs;
    return true;
}

struct record_resource *keep_resource(struct keep *keep, struct arena *arena,
                                      const struct resource *resource, struct buf *scratch)
{
    const struct resource_copier copier = {arena, masked, scratch};
    struct record_resource *kept = arena_take(arena, sizeof *kept);
    if (!kept || !copy_hrefs(kept, resource, &copier))
        return NULL;
    kept->pattern = find_pattern(keep, resource);
    if (!kept->pattern)
        kept->pattern = new_pattern(keep, resource, &copier);
    return kept->pattern ? kept : NULL;
}
