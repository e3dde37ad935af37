/* What renderers ask of a record; see record.h. */
#include "output/record.h"

bool record_shows(enum resources which, const struct resource *resource)
{
    return which == RESOURCES_ALL ||
           (which == RESOURCES_PROBLEMS && outcome_is_problem(resource->class));
}

struct resource record_read(const struct record_resource *kept)
{
    struct resource resource = *kept->pattern;
    resource.hrefs = kept->hrefs;
    resource.n_hrefs = kept->n_hrefs;
    return resource;
}

uint64_t record_n_omitted(const struct record *record, enum resources which)
{
    uint64_t n_shown = 0;
    for (const struct record_resource *r = record->resources; r; r = r->next)
        if (record_shows(which, r->pattern) && !record_is_missing(r->pattern))
            n_shown += r->n_hrefs;
    return record->end.n_resources > n_shown ? record->end.n_resources - n_shown : 0;
}

struct place record_place(const struct record *record)
{
    return place_of(record->exchange, &record->origin);
}

bool record_is_missing(const struct resource *resource)
{
    return resource->class == OUTCOME_MISSING;
}

static struct record_cause cause_in_propstat(const struct resource *resource,
                                             const struct propstat *propstat)
{
    bool has_conditions = propstat->conditions.n > 0;
    bool has_description = propstat->description.len > 0;
    return (struct record_cause){
        .status = propstat->status.code,
        .conditions = has_conditions ? &propstat->conditions : &resource->conditions,
        .description = has_description ? propstat->description : resource->description,
        .propstat = propstat,
    };
}

struct record_cause record_cause(const struct resource *resource)
{
    if (!resource->status.is_present)
        for (size_t i = 0; i < resource->n_propstats; i++)
            if (resource->propstats[i].class == resource->class)
                return cause_in_propstat(resource, &resource->propstats[i]);
    return (struct record_cause){
        .status = resource->status.code,
        .conditions = &resource->conditions,
        .description = resource->description,
    };
}
