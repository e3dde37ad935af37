/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document in the tree; see tree.h. */
#include "dissector/wireshark/tree.h"

#include "dissector/wireshark/tree_resource.h"

#include <epan/expert.h>
#include <epan/prefs.h>

/* The host gives a frame up when its tree grows too large (a million items by default); room is
 * kept for what may come behind. At most so many items are made of a resource, beside its lists. */
enum { KEPT_ITEMS = 1000, ITEMS_OF_A_RESOURCE = 12, MAX_MISSING_SHOWN = 10000 };

struct building {
    const struct tree_params *params;
    const struct document_end *end;
    proto_tree *tree;
    struct tree_place place; /* of the whole document */
};

const char *tree_title(packet_info *pinfo, const struct summary *summary)
{
    wmem_strbuf_t *title = wmem_strbuf_new(pinfo->pool, verdict_name(summary->verdict));
    const char *separator = ", ";
    for (int i = OUTCOME_N - 1; i >= 0; i--) {
        if (!outcome_is_problem((enum outcome)i) || summary->by_class[i] == 0)
            continue;
        wmem_strbuf_append_printf(title, "%s%" G_GUINT64_FORMAT " %s", separator,
                                  summary->by_class[i], outcome_name((enum outcome)i));
        separator = ", ";
    }
    bool has_problem = wmem_strbuf_get_len(title) > strlen(verdict_name(summary->verdict));
    if (has_problem)
        wmem_strbuf_append_printf(title, " of %" G_GUINT64_FORMAT, summary->n_resources);
    else if (summary->n_resources > 0)
        wmem_strbuf_append_printf(title, ", %" G_GUINT64_FORMAT " resource%s", summary->n_resources,
                                  summary->n_resources == 1 ? "" : "s");
    return wmem_strbuf_get_str(title);
}

/* What is said of the whole has no bytes of its own. */
static const struct tree_place nowhere;

static proto_item *add_text(const struct building *building, enum field field, const char *text)
{
    proto_item *item = tree_text(building->tree, field, &nowhere, span_str(text));
    proto_item_set_generated(item);
    return item;
}

static void add_span(const struct building *building, enum field field, struct span text)
{
    proto_item_set_generated(tree_text(building->tree, field, &nowhere, text));
}

static void add_count(const struct building *building, int id, uint64_t n)
{
    proto_item_set_generated(proto_tree_add_uint64(building->tree, id, NULL, 0, 0, n));
}

static void add_counts(const struct building *building)
{
    const struct document_end *end = building->end;
    add_count(building, field_id(FIELD_RESOURCES), end->n_resources);
    for (int i = OUTCOME_N - 1; i >= 0; i--)
        if (end->by_class[i] > 0)
            add_count(building, field_id((enum field)(FIELD_COUNTS + i)), end->by_class[i]);
    if (end->has_requested)
        add_count(building, field_id(FIELD_REQUESTED), end->n_requested);
}

static void add_verdict(const struct building *building)
{
    const struct document_end *end = building->end;
    proto_item *item = add_text(building, FIELD_VERDICT, verdict_name(end->verdict));
    if (end->verdict == VERDICT_UNDECODABLE)
        expert_add_info_format(building->params->pinfo, item, field_expert(EXPERT_UNDECODABLE),
                               "The document cannot be decoded%s%s", end->reason ? ": " : "",
                               end->reason ? end->reason : "");
    if (end->verdict == VERDICT_INCOMPLETE)
        expert_add_info_format(building->params->pinfo, item, field_expert(EXPERT_INCOMPLETE),
                               "The document was not wholly seen%s%s", end->reason ? ": " : "",
                               end->reason ? end->reason : "");
    if (end->reason)
        add_text(building, FIELD_REASON, end->reason);
}

static const char *depth_text(enum depth depth)
{
    static const char *const names[] = {
        [DEPTH_0] = "0", [DEPTH_1] = "1", [DEPTH_INFINITY] = "infinity"};
    return names[depth];
}

static void add_request(const struct building *building)
{
    const struct exchange *exchange = building->params->answer->exchange;
    const struct request *request = &exchange->request;
    add_text(building, FIELD_OPERATION, building->params->answer->summary.operation);
    if (!request->is_seen) {
        proto_item_set_generated(
            proto_tree_add_item(building->tree, field_id(FIELD_INFERRED), NULL, 0, 0, ENC_NA));
        return;
    }
    add_span(building, FIELD_METHOD, request->method);
    add_span(building, FIELD_TARGET, request->target);
    if (depth_text(request->depth))
        add_text(building, FIELD_DEPTH, depth_text(request->depth));
    proto_item_set_generated(proto_tree_add_uint(building->tree, field_id(FIELD_REQUEST_IN), NULL,
                                                 0, 0, exchange->request_frame));
}

static void add_flags(const struct building *building)
{
    for (unsigned i = 0; i < DOCUMENT_FLAG_N; i++)
        if (building->end->flags & 1u << i)
            add_text(building, FIELD_FLAG, document_flag_name(i));
}

static void add_left_out(const struct building *building, uint64_t n, const char *what)
{
    if (n > 0)
        proto_tree_add_expert_format(
            building->tree, building->params->pinfo, field_expert(EXPERT_LEFT_OUT),
            building->place.tvb, building->place.start, building->place.length,
            "%" G_GUINT64_FORMAT " more %s are counted and not shown", n, what);
}

static void add_missing(const struct building *building)
{
    const struct document_end *end = building->end;
    size_t n_shown = MIN(end->n_missing_named, MAX_MISSING_SHOWN);
    for (size_t i = 0; i < n_shown; i++) {
        proto_item *item = tree_text(building->tree, FIELD_MISSING_HREF, &nowhere, end->missing[i]);
        proto_item_set_generated(item);
        expert_add_info(building->params->pinfo, item, field_expert(EXPERT_MISSING));
    }
    add_left_out(building, end->n_missing - n_shown, "without an answer");
}

static void add_notes(const struct building *building)
{
    const struct decoding *decoding = building->params->decoding;
    for (size_t i = 0; i < decoding->n_notes; i++) {
        const struct anomaly *note = decoding->notes[i];
        proto_item *item = add_text(building, FIELD_ANOMALY, anomaly_name(note->kind));
        expert_add_info_format(building->params->pinfo, item, field_expert(EXPERT_ANOMALY),
                               "%s%s%s", anomaly_name(note->kind), note->text[0] ? ": " : "",
                               note->text);
    }
}

static size_t n_condition_items(const struct conditions *conditions)
{
    return 3 * conditions->n + conditions->n_hrefs;
}

static size_t n_items(const struct resource *resource)
{
    size_t n = ITEMS_OF_A_RESOURCE + RESOURCE_FLAG_N + resource->n_hrefs;
    n += n_condition_items(&resource->conditions);
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        n += 4 + n_condition_items(&propstat->conditions) + propstat->n_properties;
    }
    return n;
}

static bool has_room(const struct building *building, const struct resource *resource)
{
    size_t n = (size_t)PTREE_DATA(building->tree)->count + n_items(resource) + KEPT_ITEMS;
    return n < prefs.gui_max_tree_items;
}

static void add_resources(const struct building *building)
{
    const struct decoding *decoding = building->params->decoding;
    uint64_t n_left_out = decoding->n_left_out;
    for (size_t i = 0; i < decoding->n_resources; i++) {
        const struct resource *resource = decoding->resources[i];
        if (has_room(building, resource))
            tree_resource_add(building->params, building->tree, resource);
        else
            n_left_out += resource->n_hrefs;
    }
    add_left_out(building, n_left_out, "resources");
}

static proto_tree *add_top(const struct tree_params *params, const struct tree_place *place)
{
    const struct summary *summary = &params->answer->summary;
    proto_item *top = proto_tree_add_protocol_format(
        params->tree, params->protocol, place->tvb, place->start, place->length,
        "WebDAV Multi-Status, %s: %s", summary->operation, tree_title(params->pinfo, summary));
    return proto_item_add_subtree(top, field_subtree(SUBTREE_DOCUMENT));
}

void tree_add(const struct tree_params *params)
{
    const struct document_end *end = &params->decoding->end;
    int length = params->body ? (int)tvb_captured_length(params->body) : 0;
    struct building building = {.params = params, .end = end, .place = {params->body, 0, length}};
    building.tree = add_top(params, &building.place);
    add_verdict(&building);
    add_counts(&building);
    add_request(&building);
    proto_item_set_generated(proto_tree_add_uint(building.tree, field_id(FIELD_HTTP_STATUS), NULL,
                                                 0, 0, params->answer->exchange->status));
    add_text(&building, FIELD_FORMAT, format_name(end->format));
    add_flags(&building);
    tree_text(building.tree, FIELD_DESCRIPTION, &building.place, end->description);
    tree_text(building.tree, FIELD_SYNC_TOKEN, &building.place, end->sync_token);
    add_missing(&building);
    add_notes(&building);
    add_resources(&building);
}

void tree_add_note(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb,
                   const struct http3_note *note)
{
    static const char *const texts[] = {
        [HTTP3_NOTE_WAITS] = "the head cannot be read until the QPACK encoder's packets have come",
        [HTTP3_NOTE_PARTIAL] = "of the head only a part could be read: too many wait",
        [HTTP3_NOTE_GIVEN_UP] = "given up: too many streams are open, or too much is missing",
    };
    if (!note->is_settled)
        proto_tree_add_expert_format(tree, pinfo, field_expert(EXPERT_STREAM), tvb, 0, 0,
                                     "HTTP/3 stream %" G_GUINT64_FORMAT ": %s", note->stream_id,
                                     texts[note->kind]);
}
