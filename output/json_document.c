/* A document as the member "multistatus", in the order of the documentation; see json_document.h.
 */
#include "output/json_document.h"

#include "output/json_names.h"
#include "output/json_parts.h"

enum { N_MEMOS = 2 }; /* what is there, and what is not */

static const char *const depth_names[] = {
    [DEPTH_0] = "0",
    [DEPTH_1] = "1",
    [DEPTH_INFINITY] = "infinity",
};

/* The names of the bits set, as an array; nothing when none is. */
static void put_flags(struct json *json, uint32_t flags, const char *(*name)(unsigned i))
{
    if (flags == 0)
        return;
    json_put_array(json, "flags");
    for (unsigned i = 0; i < 32; i++)
        if (flags >> i & 1)
            json_text(json, name(i));
    json_end(json);
}

static void put_conditions(struct json *json, const struct conditions *conditions)
{
    if (conditions->n > 0)
        json_put_names(json, "conditions", conditions->names, conditions->n);
}

static void put_propstat(struct json *json, const struct propstat *propstat,
                         struct json_names_memo *memo)
{
    json_object(json);
    if (propstat->status.code > 0)
        json_put_number(json, "status", propstat->status.code);
    json_put_text(json, "class", outcome_name(propstat->class));
    json_put_names_again(json, "properties", memo, propstat->properties, propstat->n_properties);
    if (propstat->n_properties_more > 0)
        json_put_number(json, "properties_omitted", propstat->n_properties_more);
    put_conditions(json, &propstat->conditions);
    json_put_string(json, "description", propstat->description);
    json_end(json);
}

static void put_hrefs(struct json *json, const struct resource *resource)
{
    json_put_string(json, "href", resource->hrefs[0]);
    if (resource->n_hrefs == 1)
        return;
    json_put_array(json, "hrefs");
    for (size_t i = 0; i < resource->n_hrefs; i++)
        json_string(json, resource->hrefs[i]);
    json_end(json);
}

/* memos: one for each of the first propstats, which those of the resources behind are like. */
static void put_resource(struct json *json, const struct resource *resource,
                         struct json_names_memo memos[N_MEMOS])
{
    json_object(json);
    put_hrefs(json, resource);
    if (resource->status.code > 0)
        json_put_number(json, "status", resource->status.code);
    json_put_text(json, "class", outcome_name(resource->class));
    json_put_text(json, "retry", retry_name(resource->retry));
    if (resource->relation != RELATION_UNKNOWN)
        json_put_text(json, "relation", relation_name(resource->relation));
    if (resource->is_of_destination)
        json_put_text(json, "tree", "destination");
    put_flags(json, resource->flags, resource_flag_name);
    put_conditions(json, &resource->conditions);
    json_put_string(json, "description", resource->description);
    json_put_string(json, "location", resource->location);
    json_put_string(json, "uid", resource->uid);
    if (resource->n_propstats > 0) {
        json_put_array(json, "propstats");
        for (size_t i = 0; i < resource->n_propstats; i++)
            put_propstat(json, &resource->propstats[i], &memos[i % N_MEMOS]);
        json_end(json);
    }
    json_end(json);
}

static void put_counts(struct json *json, const struct document_end *end)
{
    json_put_object(json, "counts");
    json_put_number(json, "resources", end->n_resources);
    json_put_by_class(json, end->by_class);
    uint64_t by_status[STATUS_N];
    for (unsigned code = 0; code < STATUS_N; code++)
        by_status[code] = end->by_status ? end->by_status[code] : 0;
    json_put_by_status(json, by_status);
    json_end(json);
}

/* The hrefs of what is missing, in one array. */
static uint64_t put_missing_hrefs(struct json *json, const struct record_resource *resources)
{
    uint64_t n = 0;
    for (const struct record_resource *r = resources; r; r = r->next) {
        if (!record_is_missing(r->pattern))
            continue;
        if (n++ == 0)
            json_put_array(json, "missing");
        json_string(json, r->hrefs[0]);
    }
    if (n > 0)
        json_end(json);
    return n;
}

/* What was asked for one by one, and what of it has no answer. */
static void put_missing(struct json *json, const struct record *record, enum resources which)
{
    const struct document_end *end = &record->end;
    if (!end->has_requested)
        return;
    json_put_number(json, "requested", end->n_requested);
    uint64_t n_named = which == RESOURCES_NONE ? 0 : put_missing_hrefs(json, record->resources);
    if (end->n_missing > n_named)
        json_put_number(json, "missing_omitted", end->n_missing - n_named);
    if (end->n_unlisted > 0)
        json_put_number(json, "unlisted", end->n_unlisted);
}

/* Which of the properties named the resources speak of, one and all. */
static void put_spoken(struct json *json, const struct record *record)
{
    const struct document_end *end = &record->end;
    if (!end->has_spoken)
        return;
    json_put_number(json, "answered", record->request->n_properties - end->n_left_out);
    if (end->n_left_out > 0)
        json_put_array(json, "left_out");
    for (size_t i = 0; i < end->n_left_out; i++) {
        json_object(json);
        json_put_name(json, "property", &end->left_out[i].property);
        json_put_number(json, "resources", end->left_out[i].n_resources);
        json_end(json);
    }
    if (end->n_left_out > 0)
        json_end(json);
}

/* What the request asked for beside its target. */
static void put_asked(struct json *json, const struct record *record)
{
    static const char *const choices[] = {
        [PROPERTIES_NAMED] = "named",
        [PROPERTIES_ALL] = "all",
        [PROPERTIES_ONLY_NAMES] = "only-names",
    };
    const struct request *request = record->request;
    bool is_empty = request->choice == PROPERTIES_UNKNOWN && !request->has_sync_token &&
                    !request->has_limit && !request->is_minimal && !request->is_noroot &&
                    !record->destination.ptr;
    if (is_empty)
        return;
    json_put_object(json, "asked");
    json_put_text(json, "choice", choices[request->choice]);
    if (request->n_properties > 0)
        json_put_names(json, "properties", request->properties, request->n_properties);
    if (request->n_properties_more > 0)
        json_put_number(json, "properties_omitted", request->n_properties_more);
    put_spoken(json, record);
    if (request->has_sync_token)
        json_put_string(json, "sync_token", record->token_sent);
    if (request->has_limit)
        json_put_number(json, "limit", request->limit);
    if (request->is_minimal)
        json_put_bool(json, "minimal", true);
    if (request->is_noroot)
        json_put_bool(json, "noroot", true);
    json_put_string(json, "destination", record->destination);
    json_end(json);
}

/* What a document lacks. */
static void put_lack(struct json *json, const struct document_end *end)
{
    if (end->missing_bytes > 0)
        json_put_number(json, "missing_bytes", end->missing_bytes);
    if (end->missing_bytes > 0 && end->is_missing_at_most)
        json_put_bool(json, "missing_bytes_at_most", true);
    if (end->n_unseen > 0)
        json_put_number(json, "unseen_estimate", end->n_unseen);
}

static void put_each(struct json *json, const struct record *record, enum resources which)
{
    struct json_names_memo memos[N_MEMOS];
    for (size_t i = 0; i < N_MEMOS; i++)
        json_names_memo_init(&memos[i]);
    json_put_array(json, "resources");
    for (const struct record_resource *r = record->resources; r; r = r->next) {
        if (!record_shows(which, r->pattern) || record_is_missing(r->pattern))
            continue;
        struct resource resource = record_read(r);
        put_resource(json, &resource, memos);
    }
    json_end(json);
    for (size_t i = 0; i < N_MEMOS; i++)
        json_names_memo_free(&memos[i]);
}

static void put_resources(struct json *json, const struct record *record, enum resources which)
{
    uint64_t n_omitted = record_n_omitted(record, which);
    if (which != RESOURCES_NONE)
        put_each(json, record, which);
    if (n_omitted > 0)
        json_put_number(json, "resources_omitted", n_omitted);
}

void json_put_document(struct json *json, const struct record *record, enum resources which)
{
    const struct document_end *end = &record->end;
    json_put_object(json, "multistatus");
    json_put_text(json, "verdict", verdict_name(end->verdict));
    json_put_text(json, "reason", end->reason);
    if (record->operation.len > 0)
        json_put_string(json, "operation", record->operation);
    if (end->is_operation_inferred)
        json_put_bool(json, "inferred", true);
    if (record->request->is_method_overridden)
        json_put_string(json, "method_override", record->request->method);
    json_put_text(json, "format", format_name(end->format));
    json_put_text(json, "depth", depth_names[record->request->depth]);
    put_asked(json, record);
    put_counts(json, end);
    put_flags(json, end->flags, document_flag_name);
    put_lack(json, end);
    put_missing(json, record, which);
    if (end->n_unsolicited > 0)
        json_put_number(json, "unsolicited", end->n_unsolicited);
    if (end->has_sync_token)
        json_put_string(json, "sync_token", record->token_given);
    json_put_string(json, "description", end->description);
    put_resources(json, record, which);
    json_end(json);
}
