/* One look at each part of a resource; see trait.h. */
#include "output/trait.h"

static uint32_t when(bool is_so, enum trait trait)
{
    return is_so ? (uint32_t)trait : 0;
}

static uint32_t find_in_href(struct span href)
{
    static const uint16_t marks[256] = {
        [' '] = TRAIT_HREF_ODD,  ['\t'] = TRAIT_HREF_ODD, ['\r'] = TRAIT_HREF_ODD,
        ['\n'] = TRAIT_HREF_ODD, ['?'] = TRAIT_HREF_ODD,  ['#'] = TRAIT_HREF_ODD,
        ['&'] = TRAIT_HREF_ODD,  ['\\'] = TRAIT_HREF_ODD, ['%'] = TRAIT_HREF_ESCAPE,
    };
    uint32_t traits = 0;
    for (size_t i = 0; i < href.len; i++)
        traits |= marks[href.ptr[i]];
    if (href.len == 0)
        return 0;
    return traits | when(href.ptr[0] != '/', TRAIT_HREF_ODD) |
           when(span_ends_in(href, '/'), TRAIT_HREF_SLASH);
}

static uint32_t find_in_values(const struct resource *resource)
{
    const struct span *values = resource->values;
    return when(values[VALUE_DISPLAYNAME].len > 0, TRAIT_WORDS) |
           when(values[VALUE_LAST_MODIFIED].len + values[VALUE_CREATION_DATE].len > 0, TRAIT_DATE) |
           when(values[VALUE_RESOURCETYPE].len > 0, TRAIT_TYPE_ODD) |
           when(values[VALUE_CTAG].len + values[VALUE_SYNC_TOKEN].len > 0, TRAIT_MARK) |
           when(values[VALUE_QUOTA_AVAILABLE].len > 0, TRAIT_QUOTA) |
           when(values[VALUE_PERMISSIONS].ptr, TRAIT_RIGHTS) |
           when(values[VALUE_PRINCIPAL].len > 0, TRAIT_PRINCIPAL) |
           when(resource->has_locks, TRAIT_LOCK);
}

static uint32_t find_in_request(const struct detection *d)
{
    enum operation asked = d->event->request->operation;
    bool is_write = operation_is_write(d->operation) || operation_is_write(asked);
    return when(d->event->exchange->status >= 300, TRAIT_REFUSED) | when(is_write, TRAIT_CHANGED) |
           when(operation_is_multiget(asked), TRAIT_BY_NAME);
}

uint32_t trait_find(const struct detection *d)
{
    const struct resource *resource = d->event->resource;
    bool has_odd_type = resource->has_nested_collection || resource->is_folder_type;
    return TRAIT_ANY | find_in_href(resource->hrefs[0]) | find_in_values(resource) |
           find_in_request(d) | when(resource->class == OUTCOME_FAILED, TRAIT_FAILED) |
           when(resource->class != OUTCOME_OK, TRAIT_NOT_OK) |
           when(resource->flags != 0, TRAIT_FLAGGED) |
           when(d->cause.conditions->n > 0, TRAIT_CONDITION) |
           when(resource->relation == RELATION_SELF, TRAIT_SELF) |
           when(d->cause.description.len > 0, TRAIT_WORDS) |
           when(resource->is_collection, TRAIT_COLLECTION) | when(has_odd_type, TRAIT_TYPE_ODD) |
           when(resource->has_privileges, TRAIT_RIGHTS) |
           when(resource->offers_sync, TRAIT_OFFERS_SYNC);
}
