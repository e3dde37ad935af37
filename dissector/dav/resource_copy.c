/* Copies a resource deeply; see resource_copy.h. A copy that fails leaves copying.has_failed, so
 * that each step need not ask. */
#include "dissector/dav/resource_copy.h"

struct copying {
    const struct resource_copier *copier;
    bool has_failed;
};

static void *take(struct copying *c, size_t n, size_t size_bytes)
{
    if (n == 0)
        return NULL;
    void *taken = n <= SIZE_MAX / size_bytes ? arena_take(c->copier->arena, n * size_bytes) : NULL;
    c->has_failed |= !taken;
    return taken;
}

static struct span copy_name(struct copying *c, struct span name)
{
    if (name.len == 0)
        return name.ptr ? span_str("") : name;
    struct span copy = arena_copy(c->copier->arena, name);
    c->has_failed |= !copy.ptr;
    return copy;
}

static struct span copy_text(struct copying *c, struct span text)
{
    const struct resource_copier *copier = c->copier;
    if (!text.ptr)
        return text;
    struct span copy = copier->text ? copier->text(copier->ctx, copier->arena, text)
                                    : arena_copy(copier->arena, text);
    c->has_failed |= !copy.ptr;
    return copy;
}

static const struct span *copy_texts(struct copying *c, const struct span *texts, size_t n)
{
    struct span *copy = take(c, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = copy_text(c, texts[i]);
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
static const struct name *copy_names(struct copying *c, const struct name *names, size_t n)
{
    struct name *copy = take(c, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        bool has_same_space = i > 0 && span_equal(names[i].space, copy[i - 1].space);
        copy[i].space = has_same_space ? copy[i - 1].space : copy_name(c, names[i].space);
        copy[i].local = copy_name(c, names[i].local);
    }
    return copy;
}

static struct conditions copy_conditions(struct copying *c, const struct conditions *conditions)
{
    return (struct conditions){
        .names = copy_names(c, conditions->names, conditions->n),
        .n = conditions->n,
        .hrefs = copy_texts(c, conditions->hrefs, conditions->n_hrefs),
        .n_hrefs = conditions->n_hrefs,
    };
}

static struct propstat copy_propstat(struct copying *c, const struct propstat *propstat,
                                     const struct propstat *before)
{
    struct propstat copy = *propstat;
    size_t n = propstat->n_properties;
    bool is_same = before && before->n_properties == n &&
                   names_equal(before->properties, propstat->properties, n);
    copy.properties = is_same ? before->properties : copy_names(c, propstat->properties, n);
    copy.status.reason = copy_text(c, propstat->status.reason);
    copy.conditions = copy_conditions(c, &propstat->conditions);
    copy.description = copy_text(c, propstat->description);
    return copy;
}

static const struct propstat *copy_propstats(struct copying *c, const struct resource *resource,
                                             const struct resource *before)
{
    struct propstat *copy = take(c, resource->n_propstats, sizeof *copy);
    size_t n_before = before ? before->n_propstats : 0;
    for (size_t i = 0; copy && i < resource->n_propstats; i++) {
        const struct propstat *like = i < n_before ? &before->propstats[i] : NULL;
        copy[i] = copy_propstat(c, &resource->propstats[i], like);
    }
    return copy;
}

bool resource_copy(struct resource *copy, const struct resource *resource,
                   const struct resource *before, const struct resource_copier *copier)
{
    struct copying c = {.copier = copier};
    *copy = *resource;
    memset(copy->values, 0, sizeof copy->values);
    copy->hrefs = copy_texts(&c, resource->hrefs, resource->n_hrefs);
    copy->status.reason = copy_text(&c, resource->status.reason);
    copy->propstats = copy_propstats(&c, resource, before);
    copy->conditions = copy_conditions(&c, &resource->conditions);
    copy->description = copy_text(&c, resource->description);
    copy->location = copy_text(&c, resource->location);
    copy->uid = copy_text(&c, resource->uid);
    return !c.has_failed;
}

static bool texts_equal(struct span a, struct span b)
{
    return !a.ptr == !b.ptr && span_equal(a, b);
}

static bool statuses_equal(const struct status_line *a, const struct status_line *b)
{
    return a->code == b->code && a->is_present == b->is_present && a->is_odd == b->is_odd &&
           texts_equal(a->reason, b->reason);
}

static bool conditions_equal(const struct conditions *a, const struct conditions *b)
{
    if (a->n != b->n || a->n_hrefs != b->n_hrefs || !names_equal(a->names, b->names, a->n))
        return false;
    for (size_t i = 0; i < a->n_hrefs; i++)
        if (!texts_equal(a->hrefs[i], b->hrefs[i]))
            return false;
    return true;
}

static bool propstats_equal(const struct propstat *a, const struct propstat *b)
{
    return statuses_equal(&a->status, &b->status) && a->has_prop == b->has_prop &&
           a->n_properties == b->n_properties && a->n_properties_more == b->n_properties_more &&
           a->class == b->class && conditions_equal(&a->conditions, &b->conditions) &&
           texts_equal(a->description, b->description) &&
           names_equal(a->properties, b->properties, a->n_properties);
}

/* Everything that is neither text nor list. */
static bool facts_equal(const struct resource *a, const struct resource *b)
{
    return a->class == b->class && a->retry == b->retry && a->flags == b->flags &&
           a->relation == b->relation && a->is_of_destination == b->is_of_destination &&
           a->is_of_json == b->is_of_json && a->is_told == b->is_told &&
           a->is_collection == b->is_collection && a->has_type == b->has_type &&
           a->is_folder_type == b->is_folder_type &&
           a->has_nested_collection == b->has_nested_collection &&
           a->is_unauthenticated == b->is_unauthenticated && a->offers_sync == b->offers_sync &&
           a->has_privileges == b->has_privileges && a->privileges == b->privileges &&
           a->needed == b->needed && a->nested_status == b->nested_status;
}

bool resource_is_alike(const struct resource *a, const struct resource *b)
{
    if (!facts_equal(a, b) || a->n_propstats != b->n_propstats ||
        !statuses_equal(&a->status, &b->status) ||
        !conditions_equal(&a->conditions, &b->conditions) ||
        !texts_equal(a->description, b->description) || !texts_equal(a->location, b->location) ||
        !texts_equal(a->uid, b->uid))
        return false;
    for (size_t i = 0; i < a->n_propstats; i++)
        if (!propstats_equal(&a->propstats[i], &b->propstats[i]))
            return false;
    return true;
}
