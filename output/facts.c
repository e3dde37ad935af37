/* Adds up; see facts.h. */
#include "output/facts.h"

#include "dissector/base/text.h"
#include "output/record.h"

static void count_place(struct facts *facts, const struct resource *resource)
{
    switch (resource->relation) {
    case RELATION_SELF:
        facts->n_self++;
        break;
    case RELATION_MEMBER:
        facts->n_members++;
        break;
    case RELATION_DESCENDANT:
        facts->n_descendants++;
        break;
    default:
        facts->n_misplaced++;
    }
    bool is_below =
        resource->relation == RELATION_MEMBER || resource->relation == RELATION_DESCENDANT;
    facts->n_folders += is_below && resource->is_collection;
    facts->n_delivered += is_below && resource->class == OUTCOME_OK;
    facts->n_removed += is_below && resource->class == OUTCOME_ABSENT;
}

static void keep_culprit(struct facts *facts, uint16_t status, struct span name)
{
    if (facts->has_culprit)
        return;
    facts->has_culprit = true;
    facts->culprit_status = status;
    text_keep(facts->culprit, sizeof facts->culprit, name);
}

/* Inside a resource that failed, the property that failed is what others had to wait for. */
static void count_properties(struct facts *facts, const struct resource *resource)
{
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        if (propstat->class == OUTCOME_DEPENDENT)
            facts->n_dependent += propstat->n_properties + propstat->n_properties_more;
        if (propstat->class == OUTCOME_FAILED && propstat->n_properties > 0)
            keep_culprit(facts, propstat->status.code, propstat->properties[0].local);
    }
}

static void keep_failed(struct facts *facts, const struct resource *resource, uint16_t status)
{
    for (size_t i = 0; i < resource->n_hrefs && facts->n_failed + i < FACTS_FAILED_MAX; i++) {
        struct failed *failed = &facts->failed[facts->n_failed + i];
        struct span href = resource->hrefs[i];
        failed->status = status;
        text_keep(failed->name, sizeof failed->name, href.len > 0 ? href : resource->uid);
    }
}

void facts_add(struct facts *facts, const struct resource *resource)
{
    count_place(facts, resource);
    facts->n_dependent += resource->class == OUTCOME_DEPENDENT ? resource->n_hrefs : 0;
    if (resource->class != OUTCOME_FAILED)
        return;
    keep_failed(facts, resource, record_cause(resource).status);
    facts->n_failed += resource->n_hrefs;
    facts->n_unnamed += resource->flags & RESOURCE_CULPRIT_MISSING ? resource->n_hrefs : 0;
    if (!facts->has_culprit)
        text_keep(facts->said, sizeof facts->said, record_cause(resource).description);
    count_properties(facts, resource);
    struct span href = resource->hrefs[0];
    keep_culprit(facts, record_cause(resource).status, href.len > 0 ? href : resource->uid);
}
