/* Names in an array of the request's arena, and their index; see request_properties.h. */
#include "dissector/dav/request_properties.h"

static uint32_t hash_of(const struct name *name)
{
    uint32_t space = href_index_hash(name->space);
    return href_index_hash(name->local) ^ (space << 16 | space >> 16);
}

size_t request_properties_find(const struct request *request, const struct name *name)
{
    struct href_probe probe = {.hash = hash_of(name)};
    uint32_t number;
    while ((number = href_index_next(&request->property_index, &probe)) != 0) {
        const struct name *known = &request->properties[number - 1];
        if (span_equal(known->local, name->local) && span_equal(known->space, name->space))
            return number - 1;
    }
    return request->n_properties;
}

/* A namespace that is that of the property before is kept once. */
static struct span keep_space(struct request *request, struct span space)
{
    const struct name *before = request->properties;
    if (request->n_properties > 0 && span_equal(before[request->n_properties - 1].space, space))
        return before[request->n_properties - 1].space;
    return arena_copy(&request->arena, space);
}

static bool keep(struct request *request, const struct name *name)
{
    struct name kept = {keep_space(request, name->space), arena_copy(&request->arena, name->local)};
    struct name *item = NULL;
    if (kept.space.ptr && kept.local.ptr)
        item = list_add(&request->property_list, &request->arena, sizeof *item);
    if (!item)
        return false;
    *item = kept;
    request->properties = request->property_list.items;
    request->n_properties = request->property_list.n;
    return true;
}

enum feed request_properties_add(struct request *request, const struct limits *limits,
                                 const struct name *name)
{
    if (request_properties_find(request, name) < request->n_properties)
        return FEED_OK;
    if (request->n_properties == limits->max_properties || !keep(request, name)) {
        request->n_properties_more++;
        return request->arena.is_nomem ? FEED_NOMEM : FEED_OK;
    }
    uint32_t number = (uint32_t)request->n_properties;
    return href_index_add(&request->property_index, hash_of(name), number) ? FEED_OK : FEED_NOMEM;
}
