/* In: the resources of a document. Out: the properties that some of them leave out; see
 * property_check.h. Judges no status. */
#include "dissector/dav/property_check.h"

#include "dissector/dav/request_properties.h"

#include <stdlib.h>

struct property_spoken {
    uint64_t n;    /* resources that speak of it */
    uint64_t last; /* ordinal of the last of them, from 1 */
    size_t next;   /* the property that came behind it when it came last */
};

/* Operations whose answers speak of every property that was named. */
static bool answers_each(enum operation operation)
{
    switch (operation) {
    case OPERATION_PROPFIND:
    case OPERATION_BPROPFIND:
    case OPERATION_PROPPATCH:
    case OPERATION_BPROPPATCH:
    case OPERATION_SEARCH:
        return true;
    default:
        return operation >= OPERATION_REPORT;
    }
}

static bool applies(const struct request *request)
{
    return request->is_seen && answers_each(request->operation) &&
           request->choice == PROPERTIES_NAMED && request->n_properties > 0 &&
           request->n_properties_more == 0 && !request->is_minimal;
}

/* "200" of no property at all: what was asked for is left out, one and all. */
static bool is_good(const struct propstat *propstat)
{
    return propstat->has_prop && propstat->status.code >= 200 && propstat->status.code < 300;
}

/* Behind a hole the namespaces may be lost: any of the names may then be one that was asked for. */
static bool has_unplaced(const struct propstat *propstat)
{
    for (size_t i = 0; i < propstat->n_properties; i++)
        if (propstat->properties[i].space.len == 0)
            return true;
    return false;
}

static bool has_to_speak(const struct resource *resource)
{
    const uint32_t unclear = RESOURCE_PARTIAL | RESOURCE_CUT | RESOURCE_NS_BROKEN |
                             RESOURCE_NO_HREF | RESOURCE_UNSOLICITED;
    if (resource->status.code >= 300 || (resource->flags & unclear))
        return false;
    bool speaks = false;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        if (resource->propstats[i].n_properties_more > 0 || has_unplaced(&resource->propstats[i]))
            return false;
        speaks |= resource->propstats[i].n_properties > 0 || is_good(&resource->propstats[i]);
    }
    return speaks;
}

static bool names_equal(const struct name *a, const struct name *b)
{
    return span_equal(a->local, b->local) && span_equal(a->space, b->space);
}

/* Servers keep to one order, most often; behind the last property of a resource comes the first of
 * the next one. */
static size_t find(const struct property_check *check, const struct name *name)
{
    const struct request *request = check->request;
    size_t next = check->spoken[check->latest].next;
    if (names_equal(&request->properties[next], name))
        return next;
    return request_properties_find(request, name);
}

static void note(struct property_check *check, const struct name *name, uint64_t ordinal)
{
    size_t number = find(check, name);
    if (number == check->request->n_properties)
        return;
    check->spoken[check->latest].next = number;
    check->latest = number;
    struct property_spoken *spoken = &check->spoken[number];
    if (spoken->last == ordinal)
        return;
    spoken->last = ordinal;
    spoken->n++;
}

void property_check_init(struct property_check *check, const struct request *request)
{
    *check = (struct property_check){.request = request};
}

enum feed property_check_resource(struct property_check *check, const struct resource *resource)
{
    const struct request *request = check->request;
    if (!request->is_body_whole)
        check->is_early = true;
    if (check->is_early || !applies(request) || !has_to_speak(resource))
        return FEED_OK;
    if (!check->spoken)
        check->spoken = calloc(request->n_properties, sizeof *check->spoken);
    if (!check->spoken)
        return FEED_NOMEM;
    check->n_resources++;
    for (size_t i = 0; i < resource->n_propstats; i++)
        for (size_t j = 0; j < resource->propstats[i].n_properties; j++)
            note(check, &resource->propstats[i].properties[j], resource->ordinal + 1);
    return FEED_OK;
}

enum feed property_check_finish(struct property_check *check)
{
    const struct request *request = check->request;
    size_t n = 0;
    for (size_t i = 0; check->n_resources > 0 && i < request->n_properties; i++)
        n += check->spoken[i].n < check->n_resources;
    if (n == 0)
        return FEED_OK;
    check->left_out = calloc(n, sizeof *check->left_out);
    if (!check->left_out)
        return FEED_NOMEM;
    for (size_t i = 0; i < request->n_properties; i++)
        if (check->spoken[i].n < check->n_resources)
            check->left_out[check->n_left_out++] =
                (struct left_out){request->properties[i], check->n_resources - check->spoken[i].n};
    return FEED_OK;
}

size_t property_check_bytes(const struct property_check *check)
{
    size_t n = check->spoken ? check->request->n_properties : 0;
    return n * sizeof *check->spoken + check->n_left_out * sizeof *check->left_out;
}

void property_check_free(struct property_check *check)
{
    free(check->spoken);
    free(check->left_out);
    *check = (struct property_check){0};
}
