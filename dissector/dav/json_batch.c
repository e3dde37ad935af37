/* In: a tree. Out: a resource for each result that json_shape finds in it. */
#include "dissector/dav/json_batch.h"

#include "dissector/dav/json_shape.h"

struct batch {
    struct json_tell *tell;
    bool is_rolled_back;
};

/* Several ids: one error that speaks of several things. */
static void add_ids(struct json_tell *tell, const struct json_item *item)
{
    if (item->id.ptr)
        json_tell_href(tell, item->id);
    else if (item->ids)
        for (struct json_walk w = {.node = item->ids}; json_tree_next(&w);)
            if (json_tree_text(w.value).len > 0)
                json_tell_href(tell, json_tree_text(w.value));
}

/* What a result comes to that says so with no number, or where the number does not hold. OUTCOME_N:
 * its number decides, or nothing does. */
static enum outcome told_class(const struct batch *batch, const struct json_item *item,
                               enum json_list_kind list)
{
    bool is_by_code = item->evidence == JSON_EVIDENCE_CODE && item->code > 0;
    bool is_good_code = is_by_code && item->code < 400;
    bool is_good =
        is_by_code ? is_good_code : item->class == OUTCOME_OK || item->class == OUTCOME_UNCHANGED;
    bool says_nothing = !is_by_code && item->class == OUTCOME_UNKNOWN;
    if (item->is_contradiction)
        return OUTCOME_FAILED;
    if (list == JSON_LIST_BAD && (is_good || says_nothing))
        return OUTCOME_FAILED;
    if (list == JSON_LIST_GOOD && says_nothing && item->evidence != JSON_EVIDENCE_CODE)
        is_good = true;
    if (batch->is_rolled_back && is_good)
        return OUTCOME_DEPENDENT;
    if (item->evidence == JSON_EVIDENCE_CODE)
        return OUTCOME_N;
    if (is_good && item->class != OUTCOME_UNCHANGED)
        return OUTCOME_OK;
    return item->evidence == JSON_EVIDENCE_NONE ? OUTCOME_N : item->class;
}

static bool take_result(void *ctx, const struct json_item *item, enum json_list_kind list)
{
    const struct batch *batch = ctx;
    struct json_tell *tell = batch->tell;
    json_tell_begin(tell);
    add_ids(tell, item);
    if (item->evidence == JSON_EVIDENCE_CODE)
        draft_code(&tell->draft, item->code);
    enum outcome class = told_class(batch, item, list);
    if (class != OUTCOME_N)
        draft_told(&tell->draft, class);
    bool is_good_code = item->evidence == JSON_EVIDENCE_CODE && item->code < 400;
    if (item->is_contradiction || (list == JSON_LIST_BAD && is_good_code && item->code > 0))
        tell->draft.resource.flags |= RESOURCE_CONTRADICTION;
    bool went_well = class == OUTCOME_OK || (class == OUTCOME_N && json_item_is_good(item));
    json_tell_description(tell, went_well ? item->note : item->reason);
    if (!went_well)
        json_tell_description(tell, item->word);
    json_tell_end(tell);
    return json_tell_is_open(tell);
}

bool json_batch_read(struct json_tell *tell, const struct json_node *root)
{
    struct json_shape shape = json_shape_read(root, NULL);
    bool is_certain = shape.n_results > 0 && shape.is_plain;
    if (!shape.has_list || (!tell->params.is_expected && !is_certain))
        return false;
    json_tell_root(tell, ROOT_BATCH);
    json_tell_message(tell, shape.message);
    tell->rest.is_failures_only = shape.is_failures_only;
    tell->rest.is_one_by_one = shape.is_one_by_one;
    if (shape.is_contradiction)
        tell->rest.flags |= DOCUMENT_CONTRADICTION;
    struct batch batch = {tell, shape.is_rolled_back};
    if (json_tell_is_open(tell))
        json_shape_read(root, &(struct json_results){take_result, &batch});
    return true;
}

bool json_batch_read_line(struct json_tell *tell, const struct json_node *root)
{
    struct json_item item = json_item_read(root);
    if (!tell->params.is_expected && !tell->is_root_told && !json_item_is_plain(&item))
        return false;
    json_tell_root(tell, ROOT_BATCH);
    struct batch batch = {tell, false};
    if (json_tell_is_open(tell))
        take_result(&batch, &item, JSON_LIST_PLAIN);
    return true;
}
