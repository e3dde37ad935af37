/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A resource, its propstats and conditions; see tree_resource.h. Items are drawn over the bytes of
 * their resource, which is as exact as the parser tells. */
#include "dissector/wireshark/tree_resource.h"

#include "dissector/base/text.h"
#include "dissector/dav/condition.h"
#include "dissector/dav/status_name.h"

#include <epan/expert.h>

enum { LABEL_BYTES = 200 };

/* What the texts of one resource share. */
struct shown {
    const struct tree_params *params;
    struct tree_place place;
};

static char *string_of(packet_info *pinfo, struct span text)
{
    return wmem_strndup(pinfo->pool, (const char *)text.ptr, text.len);
}

proto_item *tree_text(proto_tree *tree, enum field field, const struct tree_place *place,
                      struct span text)
{
    if (!text.ptr)
        return NULL;
    char *copy = g_strndup((const char *)text.ptr, text.len);
    proto_item *item =
        proto_tree_add_string(tree, field_id(field), place->tvb, place->start, place->length, copy);
    g_free(copy);
    return item;
}

static proto_item *add_text(const struct shown *shown, proto_tree *tree, enum field field,
                            const char *text)
{
    return tree_text(tree, field, &shown->place, span_str(text));
}

static const char *clark(packet_info *pinfo, const struct name *name)
{
    const char *local = string_of(pinfo, name->local);
    if (name->space.len == 0)
        return local;
    return wmem_strdup_printf(pinfo->pool, "{%s}%s", string_of(pinfo, name->space), local);
}

/* "423 Locked"; the number alone when it has no name. */
static const char *status_text(packet_info *pinfo, uint16_t status)
{
    const char *name = status_name(status);
    if (status == 0)
        return "no status";
    return wmem_strdup_printf(pinfo->pool, name ? "%u %s" : "%u", status, name);
}

static void add_status(const struct shown *shown, proto_tree *tree, const struct status_line *line)
{
    if (line->code == 0)
        return;
    proto_tree_add_uint_format_value(tree, field_id(FIELD_STATUS), shown->place.tvb,
                                     shown->place.start, shown->place.length, line->code, "%s",
                                     status_text(shown->params->pinfo, line->code));
}

static void add_conditions(const struct shown *shown, proto_tree *tree,
                           const struct conditions *conditions)
{
    for (size_t i = 0; i < conditions->n; i++) {
        const char *name = clark(shown->params->pinfo, &conditions->names[i]);
        const struct condition *row = condition_find(&conditions->names[i]);
        proto_item *item = add_text(shown, tree, FIELD_CONDITION, name);
        if (!row)
            continue;
        proto_tree *below = proto_item_add_subtree(item, field_subtree(SUBTREE_CONDITION));
        proto_item_set_generated(add_text(shown, below, FIELD_MEANING, row->meaning));
        proto_item_set_generated(add_text(shown, below, FIELD_ACTION, row->action));
    }
    for (size_t i = 0; i < conditions->n_hrefs; i++)
        tree_text(tree, FIELD_CONDITION_HREF, &shown->place, conditions->hrefs[i]);
}

static void add_properties(const struct shown *shown, proto_tree *tree,
                           const struct propstat *propstat)
{
    if (!shown->params->shows_properties)
        return;
    for (size_t i = 0; i < propstat->n_properties; i++)
        add_text(shown, tree, FIELD_PROPERTY,
                 clark(shown->params->pinfo, &propstat->properties[i]));
}

static void add_propstat(const struct shown *shown, proto_tree *tree,
                         const struct propstat *propstat)
{
    uint64_t n = propstat->n_properties + propstat->n_properties_more;
    proto_item *item = proto_tree_add_none_format(
        tree, field_id(FIELD_PROPSTAT), shown->place.tvb, shown->place.start, shown->place.length,
        "%" G_GUINT64_FORMAT " %s: %s, %s", n, n == 1 ? "property" : "properties",
        status_text(shown->params->pinfo, propstat->status.code), outcome_name(propstat->class));
    proto_tree *below = proto_item_add_subtree(item, field_subtree(SUBTREE_PROPSTAT));
    add_status(shown, below, &propstat->status);
    add_text(shown, below, FIELD_PROPSTAT_CLASS, outcome_name(propstat->class));
    add_conditions(shown, below, &propstat->conditions);
    tree_text(below, FIELD_DESCRIPTION, &shown->place, propstat->description);
    add_properties(shown, below, propstat);
}

static void add_flags(const struct shown *shown, proto_tree *tree, uint32_t flags)
{
    for (unsigned i = 0; i < RESOURCE_FLAG_N; i++)
        if (flags & 1u << i)
            add_text(shown, tree, FIELD_FLAG, resource_flag_name(i));
}

/* The status that the class comes from: the resource's own, or the first that is as bad. 0: there
 * is none, as where all that a resource in order says is which properties it does not have. */
static uint16_t telling_status(const struct resource *resource)
{
    uint16_t status = resource->status.code;
    for (size_t i = 0; i < resource->n_propstats && status == 0; i++)
        if (resource->propstats[i].class == resource->class)
            status = resource->propstats[i].status.code;
    return status;
}

/* "failed, 423 Locked: /a/b"; a bulk change names what failed by its UID alone. */
static void make_label(char label[LABEL_BYTES], const struct shown *shown,
                       const struct resource *resource)
{
    char text[LABEL_BYTES - 60];
    packet_info *pinfo = shown->params->pinfo;
    const char *what = outcome_name(resource->class);
    bool has_href = resource->hrefs[0].len > 0;
    uint16_t status = telling_status(resource);
    if (status > 0 || resource->n_propstats == 0)
        what = wmem_strdup_printf(pinfo->pool, "%s, %s", what, status_text(pinfo, status));
    text_printable(text, sizeof text, has_href ? resource->hrefs[0] : resource->uid);
    g_snprintf(label, LABEL_BYTES, has_href ? "%s: %s" : "%s: (uid %s)", what, text);
}

static void add_expert(const struct shown *shown, proto_item *item, const struct resource *resource,
                       const char *label)
{
    if (!outcome_is_problem(resource->class))
        return;
    enum expert expert = resource->class == OUTCOME_FAILED ? EXPERT_FAILED : EXPERT_PROBLEM;
    expert_add_info_format(shown->params->pinfo, item, field_expert(expert), "%s", label);
}

static struct tree_place place_of(tvbuff_t *body, const struct resource *resource)
{
    uint64_t length = body ? tvb_captured_length(body) : 0;
    if (resource->end > resource->offset && resource->end <= length)
        return (struct tree_place){body, (int)resource->offset,
                                   (int)(resource->end - resource->offset)};
    return (struct tree_place){body, 0, (int)length};
}

void tree_resource_add(const struct tree_params *params, proto_tree *tree,
                       const struct resource *resource)
{
    struct shown shown = {params, place_of(params->body, resource)};
    char label[LABEL_BYTES];
    make_label(label, &shown, resource);
    proto_item *node =
        proto_tree_add_none_format(tree, field_id(FIELD_RESOURCE), shown.place.tvb,
                                   shown.place.start, shown.place.length, "%s", label);
    proto_tree *below = proto_item_add_subtree(node, field_subtree(SUBTREE_RESOURCE));
    for (size_t i = 0; i < resource->n_hrefs; i++)
        tree_text(below, FIELD_HREF, &shown.place, resource->hrefs[i]);
    add_status(&shown, below, &resource->status);
    add_text(&shown, below, FIELD_CLASS, outcome_name(resource->class));
    if (resource->retry != RETRY_NONE)
        add_text(&shown, below, FIELD_RETRY, retry_name(resource->retry));
    add_flags(&shown, below, resource->flags);
    add_conditions(&shown, below, &resource->conditions);
    tree_text(below, FIELD_DESCRIPTION, &shown.place, resource->description);
    tree_text(below, FIELD_LOCATION, &shown.place, resource->location);
    tree_text(below, FIELD_UID, &shown.place, resource->uid);
    for (size_t i = 0; i < resource->n_propstats; i++)
        add_propstat(&shown, below, &resource->propstats[i]);
    add_expert(&shown, node, resource, label);
}
