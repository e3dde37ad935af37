/* Copies a resource deeply; see keep.h. A copy that fails leaves keeping.has_failed, so that each
 * step need not ask. */
#include "output/keep.h"

#include "output/url.h"

struct keeping {
    struct arena *arena;
    struct buf *scratch;
    bool has_failed;
};

static void *take(struct keeping *k, size_t n, size_t size_bytes)
{
    if (n == 0)
        return NULL;
    void *taken = n <= SIZE_MAX / size_bytes ? arena_take(k->arena, n * size_bytes) : NULL;
    k->has_failed |= !taken;
    return taken;
}

static struct span keep_name(struct keeping *k, struct span name)
{
    if (name.len == 0)
        return name.ptr ? span_str("") : name;
    struct span copy = arena_copy(k->arena, name);
    k->has_failed |= !copy.ptr;
    return copy;
}

/* Texts may quote URLs, and URLs may hold credentials. */
static struct span keep_text(struct keeping *k, struct span text)
{
    struct span copy = url_masked_copy(text, k->arena, k->scratch);
    k->has_failed |= text.ptr && !copy.ptr;
    return copy;
}

static const struct span *keep_urls(struct keeping *k, const struct span *urls, size_t n)
{
    struct span *copy = take(k, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = keep_text(k, urls[i]);
    return copy;
}

static bool names_equal(const struct name *a, const struct name *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!span_equal(a[i].local, b[i].local) || !span_equal(a[i].space, b[i].space))
            return false;
    return true;
}

/* Names in a row mostly have the same namespace, which is then kept once. */
static const struct name *keep_names(struct keeping *k, const struct name *names, size_t n)
{
    struct name *copy = take(k, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        bool has_same_space = i > 0 && span_equal(names[i].space, copy[i - 1].space);
        copy[i].space = has_same_space ? copy[i - 1].space : keep_name(k, names[i].space);
        copy[i].local = keep_name(k, names[i].local);
    }
    return copy;
}

static struct conditions keep_conditions(struct keeping *k, const struct conditions *conditions)
{
    return (struct conditions){
        .names = keep_names(k, conditions->names, conditions->n),
        .n = conditions->n,
        .hrefs = keep_urls(k, conditions->hrefs, conditions->n_hrefs),
        .n_hrefs = conditions->n_hrefs,
    };
}

static struct propstat keep_propstat(struct keeping *k, const struct propstat *propstat,
                                     const struct propstat *before)
{
    struct propstat copy = *propstat;
    size_t n = propstat->n_properties;
    bool is_same = before && before->n_properties == n &&
                   names_equal(before->properties, propstat->properties, n);
    copy.properties = is_same ? before->properties : keep_names(k, propstat->properties, n);
    copy.status.reason = keep_text(k, propstat->status.reason);
    copy.conditions = keep_conditions(k, &propstat->conditions);
    copy.description = keep_text(k, propstat->description);
    return copy;
}

static const struct propstat *keep_propstats(struct keeping *k, const struct resource *resource,
                                             const struct record_resource *before)
{
    struct propstat *copy = take(k, resource->n_propstats, sizeof *copy);
    size_t n_before = before ? before->resource.n_propstats : 0;
    for (size_t i = 0; copy && i < resource->n_propstats; i++) {
        const struct propstat *like = i < n_before ? &before->resource.propstats[i] : NULL;
        copy[i] = keep_propstat(k, &resource->propstats[i], like);
    }
    return copy;
}

struct record_resource *keep_resource(struct arena *arena, const struct resource *resource,
                                      const struct record_resource *before, struct buf *scratch)
{
    struct keeping k = {.arena = arena, .scratch = scratch};
    struct record_resource *kept = take(&k, 1, sizeof *kept);
    if (!kept)
        return NULL;
    *kept = (struct record_resource){.resource = *resource};
    struct resource *copy = &kept->resource;
    memset(copy->values, 0, sizeof copy->values); /* no output shows them */
    copy->hrefs = keep_urls(&k, resource->hrefs, resource->n_hrefs);
    copy->status.reason = keep_text(&k, resource->status.reason);
    copy->propstats = keep_propstats(&k, resource, before);
    copy->conditions = keep_conditions(&k, &resource->conditions);
    copy->description = keep_text(&k, resource->description);
    copy->location = keep_text(&k, resource->location);
    copy->uid = keep_text(&k, resource->uid);
    return k.has_failed ? NULL : kept;
}
