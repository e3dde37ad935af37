/* Copies a resource deeply; see resource_copy.h. */
#include "dissector/dav/resource_copy.h"

static struct span copy_name(struct copier *c, struct span name)
{
    if (name.len == 0)
        return name.ptr ? span_str("") : name;
    struct span copy = arena_copy(c->arena, name);
    c->has_failed |= !copy.ptr;
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
static const struct name *copy_names(struct copier *c, const struct name *names, size_t n)
{
    struct name *copy = copier_items(c, names, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        bool has_same_space = i > 0 && span_equal(names[i].space, copy[i - 1].space);
        copy[i].space = has_same_space ? copy[i - 1].space : copy_name(c, names[i].space);
        copy[i].local = copy_name(c, names[i].local);
    }
    return copy;
}

static struct conditions copy_conditions(struct copier *c, const struct conditions *conditions)
{
    return (struct conditions){
        .names = copy_names(c, conditions->names, conditions->n),
        .n = conditions->n,
        .hrefs = copier_texts(c, ROLE_URL, conditions->hrefs, conditions->n_hrefs),
        .n_hrefs = conditions->n_hrefs,
    };
}

static struct propstat copy_propstat(struct copier *c, const struct propstat *propstat,
                                     const struct propstat *before)
{
    struct propstat copy = *propstat;
    size_t n = propstat->n_properties;
    bool is_same = before && before->n_properties == n &&
                   names_equal(before->properties, propstat->properties, n);
    copy.properties = is_same ? before->properties : copy_names(c, propstat->properties, n);
    copier_text(c, ROLE_REASON, &copy.status.reason);
    copy.conditions = copy_conditions(c, &propstat->conditions);
    copier_text(c, ROLE_TEXT, &copy.description);
    return copy;
}

static const struct propstat *copy_propstats(struct copier *c, const struct resource *resource,
                                             const struct resource *before)
{
    struct propstat *copy =
        copier_items(c, resource->propstats, resource->n_propstats, sizeof *copy);
    size_t n_before = before ? before->n_propstats : 0;
    for (size_t i = 0; copy && i < resource->n_propstats; i++) {
        const struct propstat *like = i < n_before ? &before->propstats[i] : NULL;
        copy[i] = copy_propstat(c, &resource->propstats[i], like);
    }
    return copy;
}

bool resource_copy(struct resource *copy, const struct resource *resource,
                   const struct resource *before, struct copier *copier)
{
    /* A synthetic one is a number of ours. */
    unsigned href = resource->flags & RESOURCE_NO_HREF ? ROLE_NAME : ROLE_URL;
    *copy = *resource;
    memset(copy->values, 0, sizeof copy->values);
    copy->has_locks = false;
    copy->locks = NULL;
    copy->n_locks = 0;
    copy->hrefs = copier_texts(copier, href, resource->hrefs, resource->n_hrefs);
    copier_text(copier, ROLE_REASON, &copy->status.reason);
    copy->propstats = copy_propstats(copier, resource, before);
    copy->conditions = copy_conditions(copier, &resource->conditions);
    copier_text(copier, ROLE_TEXT, &copy->description);
    copier_text(copier, ROLE_URL, &copy->location);
    copier_text(copier, ROLE_TEXT, &copy->uid);
    return !copier->has_failed;
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
           a->needed == b->needed && a->schedule_status == b->schedule_status &&
           a->nested_status == b->nested_status;
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
