/* In: the pieces of a response in the order of the document. Out: one struct resource. Of what the
 * specification has once, the first is kept. */
#include "dissector/dav/draft.h"

#include "dissector/base/fingerprint.h"
#include "dissector/dav/status_line.h"

static void meet(struct draft *draft, const char *limit)
{
    draft->resource.flags |= RESOURCE_CUT;
    draft->met = limit;
}

static void lose(struct draft *draft, uint32_t flag)
{
    draft->resource.flags |= flag;
    draft->has_lost = true;
}

static void arena_failed(struct draft *draft)
{
    if (draft->arena.is_nomem)
        draft->is_nomem = true;
    else
        meet(draft, "max_resource_bytes");
}

static struct span copy(struct draft *draft, struct span s)
{
    struct span copied = arena_copy(&draft->arena, s);
    if (!copied.ptr)
        arena_failed(draft);
    return copied;
}

static void *add(struct draft *draft, struct list *list, size_t item_bytes)
{
    void *item = list_add(list, &draft->arena, item_bytes);
    if (!item)
        arena_failed(draft);
    return item;
}

static bool add_span(struct draft *draft, struct list *list, struct span s)
{
    struct span copied = copy(draft, s);
    struct span *item = copied.ptr ? add(draft, list, sizeof *item) : NULL;
    if (item)
        *item = copied;
    return item != NULL;
}

static void keep_first(struct draft *draft, struct span *kept, struct span s)
{
    if (!kept->ptr && s.len > 0)
        *kept = copy(draft, s);
}

static struct draft_conditions *conditions(struct draft *draft)
{
    return draft->is_in_propstat ? &draft->of_propstat : &draft->of_resource;
}

static struct conditions conditions_of(const struct draft_conditions *read)
{
    return (struct conditions){read->names.items, read->names.n, read->hrefs.items, read->hrefs.n};
}

static uint32_t flags_of_status(const struct status_line *status)
{
    uint32_t flags = 0;
    if (!status->is_present)
        flags |= RESOURCE_STATUS_MISSING;
    else if (status->code == 0)
        flags |= RESOURCE_STATUS_MALFORMED;
    else if (status->is_odd)
        flags |= RESOURCE_STATUS_ODD;
    return flags;
}

void draft_init(struct draft *draft, const struct limits *limits)
{
    *draft = (struct draft){.limits = limits};
    arena_init(&draft->arena, limits->max_resource_bytes);
}

void draft_begin(struct draft *draft, uint64_t ordinal, uint64_t offset)
{
    struct arena arena = draft->arena;
    arena_reset(&arena);
    *draft = (struct draft){.limits = draft->limits,
                            .arena = arena,
                            .is_active = true,
                            .is_nomem = draft->is_nomem,
                            .met = draft->met,
                            .has_lost = draft->has_lost,
                            .resource = {.ordinal = ordinal, .offset = offset, .end = offset}};
}

void draft_href(struct draft *draft, struct span href)
{
    bool is_full = draft->hrefs.n >= draft->limits->max_hrefs;
    if (is_full)
        meet(draft, "max_hrefs");
    if (is_full || !add_span(draft, &draft->hrefs, href))
        lose(draft, 0);
}

struct span draft_first_href(const struct draft *draft)
{
    const struct span *hrefs = draft->hrefs.items;
    return draft->hrefs.n > 0 ? hrefs[0] : (struct span){0};
}

void draft_status(struct draft *draft, struct span text)
{
    struct status_line *status =
        draft->is_in_propstat ? &draft->propstat.status : &draft->resource.status;
    if (status->is_present) {
        if (status->code == status_line_parse(text).code)
            return;
        /* Two that differ: which one holds nobody can say. */
        status->code = 0;
        status->reason = span_str("");
        draft->resource.flags |= RESOURCE_STATUS_MALFORMED;
        return;
    }
    struct span copied = copy(draft, text);
    if (!copied.ptr)
        lose(draft, RESOURCE_PARTIAL);
    *status = status_line_parse(copied);
    if (!status->is_present && !draft->is_in_propstat)
        draft->resource.flags |= RESOURCE_STATUS_MISSING;
}

void draft_request_status(struct draft *draft, struct span text)
{
    draft->is_scheduling = true;
    if (text.len > 0)
        draft->resource.status =
            (struct status_line){.is_present = true, .reason = copy(draft, text)};
}

void draft_code(struct draft *draft, uint16_t code)
{
    struct status_line *status =
        draft->is_in_propstat ? &draft->propstat.status : &draft->resource.status;
    *status = (struct status_line){.is_present = true, .code = code};
}

void draft_told(struct draft *draft, enum outcome class)
{
    draft->resource.is_told = true;
    draft->resource.class = class;
}

void draft_propstat_begin(struct draft *draft)
{
    draft->is_in_propstat = true;
    draft->propstat = (struct propstat){0};
    memset(draft->values, 0, sizeof draft->values);
    draft->is_collection = draft->has_type = false;
    draft->is_folder_type = draft->has_nested_collection = false;
    draft->is_unauthenticated = draft->offers_sync = draft->has_privileges = false;
    draft->has_own_privilege = false;
    draft->has_locks = draft->is_lock_kept = false;
    draft->privileges = 0;
    draft->properties = draft->locks = (struct list){0};
    draft->of_propstat = (struct draft_conditions){0};
}

static void take_locks(struct draft *draft)
{
    struct resource *resource = &draft->resource;
    if (!draft->has_locks || resource->has_locks)
        return;
    resource->has_locks = true;
    resource->locks = draft->locks.items;
    resource->n_locks = draft->locks.n;
}

/* What stands in a propstat that failed is no value. */
static void take_values(struct draft *draft)
{
    const struct status_line *status = &draft->propstat.status;
    if (status->is_present && (status->code < 200 || status->code > 299))
        return;
    for (size_t i = 0; i < VALUE_N; i++)
        if (!draft->resource.values[i].ptr)
            draft->resource.values[i] = draft->values[i];
    draft->resource.is_collection |= draft->is_collection;
    draft->resource.has_type |= draft->has_type || draft->is_collection;
    draft->resource.is_unauthenticated |= draft->is_unauthenticated;
    draft->resource.is_folder_type |= draft->is_folder_type;
    draft->resource.has_nested_collection |= draft->has_nested_collection;
    draft->resource.offers_sync |= draft->offers_sync;
    bool says_nothing = draft->has_own_privilege && draft->privileges == 0;
    draft->resource.has_privileges |= draft->has_privileges && !says_nothing;
    draft->resource.privileges |= draft->privileges;
    take_locks(draft);
}

void draft_propstat_end(struct draft *draft)
{
    draft->is_in_propstat = false;
    take_values(draft);
    struct propstat *propstat = NULL;
    if (draft->propstats.n < draft->limits->max_propstats)
        propstat = add(draft, &draft->propstats, sizeof *propstat);
    else
        meet(draft, "max_propstats");
    if (!propstat) {
        lose(draft, RESOURCE_PARTIAL);
        return;
    }
    *propstat = draft->propstat;
    propstat->properties = draft->properties.items;
    propstat->n_properties = draft->properties.n;
    propstat->conditions = conditions_of(&draft->of_propstat);
    draft->resource.flags |= flags_of_status(&propstat->status);
    if (!propstat->has_prop)
        draft->resource.flags |= RESOURCE_NO_PROP;
}

void draft_prop(struct draft *draft)
{
    draft->propstat.has_prop = true;
}

void draft_property(struct draft *draft, const struct name *name)
{
    struct name *item = NULL;
    if (draft->properties.n < draft->limits->max_properties)
        item = add(draft, &draft->properties, sizeof *item);
    else
        meet(draft, "max_properties");
    if (item)
        *item = *name;
    else
        draft->propstat.n_properties_more++;
}

void draft_condition(struct draft *draft, const struct name *name)
{
    struct list *names = &conditions(draft)->names;
    struct name *item = NULL;
    if (names->n < draft->limits->max_conditions)
        item = add(draft, names, sizeof *item);
    else
        meet(draft, "max_conditions");
    if (item)
        *item = *name;
}

void draft_condition_href(struct draft *draft, struct span href)
{
    struct list *hrefs = &conditions(draft)->hrefs;
    if (hrefs->n < draft->limits->max_conditions)
        add_span(draft, hrefs, href);
    else
        meet(draft, "max_conditions");
}

void draft_description(struct draft *draft, struct span text)
{
    keep_first(draft,
               draft->is_in_propstat ? &draft->propstat.description : &draft->resource.description,
               text);
}

void draft_exception(struct draft *draft, struct span name)
{
    keep_first(draft, &draft->exception, name);
}

void draft_location(struct draft *draft, struct span href)
{
    keep_first(draft, &draft->resource.location, href);
}

void draft_uid(struct draft *draft, struct span uid)
{
    keep_first(draft, &draft->resource.uid, uid);
}

void draft_value(struct draft *draft, enum value value, struct span text)
{
    if (!draft->values[value].ptr)
        draft->values[value] = text.len > 0 ? copy(draft, text) : span_str("");
}

void draft_locks(struct draft *draft)
{
    draft->has_locks = true;
}

void draft_lock(struct draft *draft)
{
    draft->is_lock_kept = draft->locks.n < draft->limits->max_locks &&
                          add(draft, &draft->locks, sizeof(struct active_lock));
    if (draft->locks.n >= draft->limits->max_locks && !draft->is_lock_kept)
        meet(draft, "max_locks");
}

void draft_lock_part(struct draft *draft, enum lock_part part, struct span text)
{
    struct active_lock *locks = draft->locks.items;
    if (!draft->is_lock_kept)
        return;
    struct active_lock *lock = &locks[draft->locks.n - 1];
    switch (part) {
    case LOCK_SHARED:
        lock->is_shared = true;
        break;
    case LOCK_DEPTH:
        lock->is_deep = span_equal_nocase(text, span_str("infinity"));
        break;
    case LOCK_OWNER:
        keep_first(draft, &lock->owner, text);
        break;
    case LOCK_TIMEOUT:
        keep_first(draft, &lock->timeout, text);
        break;
    case LOCK_TOKEN:
        lock->token = fingerprint_of(text);
        break;
    case LOCK_ROOT:
        keep_first(draft, &lock->root, text);
        break;
    }
}

void draft_collection(struct draft *draft)
{
    draft->is_collection = true;
}

void draft_nested_status(struct draft *draft, struct span text)
{
    struct status_line status = status_line_parse(text);
    bool may_be_bad = status.code >= 400 && status.code != 404 && status.code != 410;
    if (may_be_bad && draft->resource.nested_status == 0)
        draft->resource.nested_status = status.code;
}

void draft_cut(struct draft *draft)
{
    draft->is_in_propstat = false;
    draft->resource.flags |= RESOURCE_PARTIAL;
}

/* The id of a resource without href: "#1" is the first of its document. It needs no memory, so that
 * there is always one. */
static void make_synthetic_href(struct draft *draft)
{
    size_t at = sizeof draft->synthetic_text;
    for (uint64_t number = draft->resource.ordinal + 1; number > 0; number /= 10)
        draft->synthetic_text[--at] = (uint8_t)('0' + number % 10);
    draft->synthetic_text[--at] = '#';
    draft->synthetic = span_of(draft->synthetic_text + at, sizeof draft->synthetic_text - at);
    draft->resource.flags |= RESOURCE_NO_HREF;
}

struct resource *draft_end(struct draft *draft, uint64_t end, struct propstat **propstats)
{
    struct resource *resource = &draft->resource;
    draft->is_active = false;
    resource->end = end;
    if (draft->hrefs.n == 0)
        make_synthetic_href(draft);
    if (resource->status.is_present) {
        if (!draft->is_scheduling)
            resource->flags |= flags_of_status(&resource->status);
        else if (!resource->description.ptr)
            resource->description = resource->status.reason;
        if (draft->propstats.n > 0)
            resource->flags |= RESOURCE_BOTH_SHAPES;
    } else if (draft->propstats.n == 0 && !(resource->flags & RESOURCE_PARTIAL) &&
               !resource->is_told) {
        resource->flags |= RESOURCE_NO_STATUS;
    }
    resource->hrefs = draft->hrefs.n > 0 ? draft->hrefs.items : &draft->synthetic;
    resource->n_hrefs = draft->hrefs.n > 0 ? draft->hrefs.n : 1;
    resource->propstats = *propstats = draft->propstats.items;
    resource->n_propstats = draft->propstats.n;
    resource->conditions = conditions_of(&draft->of_resource);
    if (!resource->description.ptr)
        resource->description = draft->exception;
    return resource;
}

void draft_free(struct draft *draft)
{
    arena_free(&draft->arena);
}
