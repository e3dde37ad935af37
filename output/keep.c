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

static const struct resource *find_pattern(const struct keep *keep, const struct resource *resource)
{
    for (size_t i = 0; i < KEEP_PATTERNS; i++)
        if (keep->patterns[i] && resource_is_alike(keep->patterns[i], resource))
            return keep->patterns[i];
    return NULL;
}

/* Names are shared with the pattern before all the same. */
static const struct resource *new_pattern(struct keep *keep, const struct resource *resource,
                                          struct copier *copier)
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

struct record_resource *keep_resource(struct keep *keep, struct arena *arena,
                                      const struct resource *resource, struct buf *scratch)
{
    struct copier copier = {.arena = arena, .text = mask, .ctx = scratch};
    struct record_resource *kept = arena_take(arena, sizeof *kept);
    if (!kept)
        return NULL;
    kept->hrefs = copier_texts(&copier, ROLE_URL, resource->hrefs, resource->n_hrefs);
    kept->n_hrefs = resource->n_hrefs;
    kept->pattern = find_pattern(keep, resource);
    if (!kept->pattern)
        kept->pattern = new_pattern(keep, resource, &copier);
    return kept->pattern && !copier.has_failed ? kept : NULL;
}
