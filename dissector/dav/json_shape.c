/* In: a tree. Out: its results, one by one. First the lists that are known by name, then any list
 * whose elements say how they went, then a map of results by their ids, then the text itself. */
#include "dissector/dav/json_shape.h"

#include "dissector/dav/json_name.h"

static const char *const plain_lists[] = {
    "responses", "results", "items",          "operations", "entry",
    "data",      "records", "documents",      "requests",   "compositeresponse",
    "messages",  "value",   "atomic:results", NULL,
};
static const char *const good_lists[] = {"successes", "succeeded", "success",  "successful",
                                         "uploaded",  "created",   "updated",  "deleted",
                                         "destroyed", "processed", "accepted", NULL};
static const char *const bad_lists[] = {"failures",     "failed",
                                        "errors",       "failure",
                                        "error",        "failedfiles",
                                        "faileditems",  "rejected",
                                        "invalid",      "unsuccessful",
                                        "unprocessed",  "unprocesseditems",
                                        "notprocessed", "notcreated",
                                        "notupdated",   "notdeleted",
                                        "notdestroyed", "faileddata",
                                        "failedrows",   "failedrecords",
                                        "failedids",    NULL};
/* Maps with the list inside; "_embedded" of HAL, "d" of OData. One of them may be the list itself:
 * of that name it holds what differs from the rest, failures. */
static const char failures_list[] = "multistatus";
static const char *const wrappers[] = {failures_list, "details", "data", "result",
                                       "embedded",    "d",       NULL};

/* Members that speak of the whole. */
static const char *const bad_signs[] = {"errors", "haserrors", "error", NULL};
static const char *const good_signs[] = {"success", "ok", "issuccess", NULL};
static const char *const totals[] = {"total", NULL};
static const char *const failure_counts[] = {"numerrors", "failed",     "failure",
                                             "failures",  "errorcount", NULL};
static const char *const summaries[] = {"meta", "metadata", "summary", NULL};

enum { MAX_WRAPPERS = 2 };

/* What the text says about the whole. */
struct claims {
    bool says_some_failed, says_none_failed, has_total, has_failed;
    uint64_t total, failed;
};

struct walker {
    struct json_shape shape;
    struct claims claims;
    const struct json_results *results; /* NULL: only looks */
    bool is_over;
    uint64_t n_good;
    bool is_grouped; /* one result may stand for several */
};

static bool is_map(const struct json_node *node)
{
    return json_tree_kind(node) == JSON_KIND_MAP;
}

static bool is_list(const struct json_node *node)
{
    return json_tree_kind(node) == JSON_KIND_LIST;
}

static bool is_text(const struct json_node *node)
{
    return json_tree_kind(node) == JSON_KIND_TEXT;
}

/* ---- results ---- */

static bool is_surely_bad(const struct json_item *item, enum json_list_kind list)
{
    if (item->has_error || list == JSON_LIST_BAD)
        return true;
    if (item->evidence == JSON_EVIDENCE_CODE)
        return item->code >= 400 && item->code != 404;
    return item->class == OUTCOME_FAILED || item->class == OUTCOME_DEPENDENT;
}

static void tell(struct walker *walker, const struct json_item *item, enum json_list_kind list)
{
    if (walker->is_over)
        return;
    walker->shape.n_results++;
    walker->shape.n_bad += is_surely_bad(item, list);
    walker->n_good += json_item_is_good(item);
    walker->shape.is_plain &= json_item_is_plain(item);
    walker->is_grouped |= item->ids != NULL;
    if (walker->results && !walker->results->take(walker->results->ctx, item, list))
        walker->is_over = true;
}

/* Texts alone are ids where the list says how they went, and words for people elsewhere. */
static void tell_element(struct walker *walker, const struct json_node *node,
                         enum json_list_kind list)
{
    if (!is_map(node) && !(is_text(node) && list != JSON_LIST_PLAIN))
        return;
    struct json_item item = json_item_read(node);
    tell(walker, &item, list);
}

/* The elements of a list, also those of lists in it: ["SOME_FAILED", [{...}, {...}]]. */
static void tell_list(struct walker *walker, const struct json_node *list, enum json_list_kind kind)
{
    uint64_t n_before = walker->shape.n_results;
    bool is_empty = !json_tree_next(&(struct json_walk){.node = list});
    for (struct json_walk w = {.node = list}; json_tree_next(&w);) {
        if (!is_list(w.value)) {
            tell_element(walker, w.value, kind);
            continue;
        }
        for (struct json_walk in = {.node = w.value}; json_tree_next(&in);)
            tell_element(walker, in.value, kind);
    }
    walker->shape.has_list |= is_empty || walker->shape.n_results > n_before;
}

/* {"id": {...}, ...}; a text instead of a map is the reason. */
static void tell_map(struct walker *walker, const struct json_node *map, enum json_list_kind kind)
{
    walker->shape.has_list = true;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);) {
        struct json_item item = {.class = OUTCOME_UNKNOWN, .reason = json_tree_text(w.value)};
        if (is_map(w.value))
            item = json_item_read(w.value);
        else if (!is_text(w.value) || kind == JSON_LIST_PLAIN)
            continue;
        item.id = w.name;
        item.ids = NULL;
        tell(walker, &item, kind);
    }
}

/* ---- lists of known names ---- */

static enum json_list_kind kind_of(const struct json_walk *member)
{
    if (json_name_is_one_of(member->name, bad_lists))
        return JSON_LIST_BAD;
    return json_name_is_one_of(member->name, good_lists) ? JSON_LIST_GOOD : JSON_LIST_PLAIN;
}

/* "errors" may also be a map: one error, or one a resource. */
static bool holds_results(const struct json_walk *member)
{
    if (is_list(member->value))
        return kind_of(member) != JSON_LIST_PLAIN;
    return is_map(member->value) && json_name_is(member->name, "errors");
}

static bool has_pair(const struct json_node *map)
{
    for (struct json_walk w = {.node = map}; json_tree_next(&w);)
        if (holds_results(&w))
            return true;
    return false;
}

static void tell_errors(struct walker *walker, const struct json_node *errors)
{
    struct json_item item = json_item_read(errors);
    if (item.evidence == JSON_EVIDENCE_NONE && item.reason.len == 0) {
        tell_map(walker, errors, JSON_LIST_BAD);
        return;
    }
    walker->is_grouped = true;
    tell(walker, &item, JSON_LIST_BAD);
}

/* A resource object of JSON:API. */
static bool is_resource_object(const struct json_walk *member)
{
    return json_name_is(member->name, "data") && json_name_member(member->value, "type") &&
           json_name_member(member->value, "id");
}

/* What is beside a failure went well; false: it is no place for results. */
static bool tell_beside(struct walker *walker, const struct json_walk *member)
{
    bool is_any = false;
    if (is_resource_object(member)) {
        struct json_item item = json_item_read(member->value);
        tell(walker, &item, JSON_LIST_GOOD);
        return true;
    }
    if (json_name_is(member->name, "embedded"))
        for (struct json_walk w = {.node = member->value}; json_tree_next(&w);)
            if (is_list(w.value)) {
                tell_list(walker, w.value,
                          kind_of(&w) == JSON_LIST_BAD ? JSON_LIST_BAD : JSON_LIST_GOOD);
                is_any = true;
            }
    if (!is_list(member->value) || !json_name_is_one_of(member->name, plain_lists))
        return is_any;
    tell_list(walker, member->value, JSON_LIST_GOOD);
    return true;
}

/* Beside a list of failures every other list is one of successes. */
static void tell_pair(struct walker *walker, const struct json_node *map)
{
    bool has_good = false;
    walker->shape.has_list = true;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);) {
        has_good |= is_list(w.value) && kind_of(&w) == JSON_LIST_GOOD;
        if (is_map(w.value) && holds_results(&w))
            tell_errors(walker, w.value);
        else if (holds_results(&w))
            tell_list(walker, w.value, kind_of(&w));
        else
            has_good |= tell_beside(walker, &w);
    }
    walker->shape.is_failures_only = !has_good;
}

static const struct json_node *find_plain_list(const struct json_node *map)
{
    for (size_t i = 0; plain_lists[i]; i++) {
        const struct json_node *value = json_name_member(map, plain_lists[i]);
        if (value && is_list(value))
            return value;
    }
    return NULL;
}

/* ---- lists that are known by what they hold ---- */

static bool is_telling_list(const struct json_node *list)
{
    struct json_walk first = {.node = list};
    if (!is_list(list) || !json_tree_next(&first) || !is_map(first.value))
        return false;
    struct json_item item = json_item_read(first.value);
    return json_item_is_plain(&item) || item.evidence == JSON_EVIDENCE_WORD;
}

/* {"switches": [{"name": .., "status": "failed"}], "links": [{..}]}; how many there are. */
static size_t tell_telling_lists(struct walker *walker, const struct json_node *map)
{
    size_t n = 0;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);) {
        if (!is_telling_list(w.value))
            continue;
        tell_list(walker, w.value, JSON_LIST_PLAIN);
        n++;
    }
    return n;
}

/* {"/a.txt": {"error": false}}: every map in it says how it went. */
static bool is_map_of_results(const struct json_node *map)
{
    size_t n = 0;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);) {
        if (!is_map(w.value))
            continue;
        struct json_item item = json_item_read(w.value);
        if (item.evidence < JSON_EVIDENCE_ERROR)
            return false;
        n++;
    }
    return n > 0;
}

/* {"create": {"success": [..], "errors": [..]}, "delete": {..}} */
static bool tell_inner_pairs(struct walker *walker, const struct json_node *map)
{
    bool is_any = false, is_failures_only = true;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);) {
        if (!is_map(w.value) || !has_pair(w.value))
            continue;
        is_any = true;
        tell_pair(walker, w.value);
        is_failures_only &= walker->shape.is_failures_only;
    }
    walker->shape.is_failures_only = is_any && is_failures_only;
    return is_any;
}

static void find(struct walker *walker, const struct json_node *map, unsigned n_wrappers);

static bool find_in_wrapper(struct walker *walker, const struct json_node *map, unsigned n_wrappers)
{
    for (size_t i = 0; wrappers[i] && n_wrappers > 0; i++) {
        const struct json_node *inside = json_name_member(map, wrappers[i]);
        if (!inside)
            continue;
        if (is_list(inside)) {
            tell_list(walker, inside, JSON_LIST_PLAIN);
            walker->shape.is_failures_only = wrappers[i] == failures_list && walker->n_good == 0;
        } else if (is_map(inside)) {
            find(walker, inside, n_wrappers - 1);
        }
        if (walker->shape.has_list)
            return true;
    }
    return false;
}

static void find(struct walker *walker, const struct json_node *map, unsigned n_wrappers)
{
    if (has_pair(map)) {
        tell_pair(walker, map);
        return;
    }
    const struct json_node *list = find_plain_list(map);
    if (!list && (find_in_wrapper(walker, map, n_wrappers) || tell_inner_pairs(walker, map)))
        return;
    if (list)
        tell_list(walker, list, JSON_LIST_PLAIN);
    size_t n_lists = list ? 1 : tell_telling_lists(walker, map);
    walker->shape.is_one_by_one = n_lists == 1;
    if (n_lists == 0 && is_map_of_results(map))
        tell_map(walker, map, JSON_LIST_PLAIN);
}

/* ---- the whole ---- */

static void read_count(struct claims *claims, const struct json_walk *member)
{
    struct span text = json_tree_text(member->value);
    if (json_name_is_one_of(member->name, totals))
        claims->has_total |= span_decimal(text, UINT64_MAX, &claims->total);
    if (json_name_is_one_of(member->name, failure_counts))
        claims->has_failed |= span_decimal(text, UINT64_MAX, &claims->failed);
}

static void read_claim(struct walker *walker, const struct json_walk *member)
{
    struct claims *claims = &walker->claims;
    enum json_kind kind = json_tree_kind(member->value);
    bool is_bool = kind == JSON_KIND_TRUE || kind == JSON_KIND_FALSE;
    if (is_bool && json_name_is(member->name, "rolledback"))
        walker->shape.is_rolled_back = kind == JSON_KIND_TRUE;
    bool is_bad = json_name_is_one_of(member->name, bad_signs);
    bool is_good = json_name_is_one_of(member->name, good_signs);
    if (is_bool && (is_bad || is_good)) {
        claims->says_some_failed |= is_bad == (kind == JSON_KIND_TRUE);
        claims->says_none_failed |= is_bad != (kind == JSON_KIND_TRUE);
    }
    read_count(claims, member);
    if (kind == JSON_KIND_TEXT && json_name_is(member->name, "message"))
        walker->shape.message = json_tree_text(member->value);
    if (!is_map(member->value) || !json_name_is_one_of(member->name, summaries))
        return;
    for (struct json_walk in = {.node = member->value}; json_tree_next(&in);)
        read_count(claims, &in);
}

static void compare_claims(struct walker *walker)
{
    struct json_shape *shape = &walker->shape;
    const struct claims *claims = &walker->claims;
    bool is_more = claims->says_none_failed && shape->n_bad > 0;
    bool is_less = claims->says_some_failed && shape->n_bad == 0 && shape->n_results > 0;
    bool is_other = claims->has_failed && claims->failed != shape->n_bad && !walker->is_grouped;
    bool is_other_total = claims->has_total && claims->total != shape->n_results &&
                          !shape->is_failures_only && !walker->is_grouped;
    shape->is_contradiction = is_more || is_less || is_other || is_other_total;
}

struct json_shape json_shape_read(const struct json_node *root, const struct json_results *results)
{
    struct walker walker = {.shape.is_plain = true, .results = results};
    if (is_list(root)) {
        walker.shape.is_one_by_one = true;
        tell_list(&walker, root, JSON_LIST_PLAIN);
        return walker.shape;
    }
    for (struct json_walk w = {.node = root}; json_tree_next(&w);)
        read_claim(&walker, &w);
    find(&walker, root, MAX_WRAPPERS);
    if (walker.shape.has_list) {
        compare_claims(&walker);
        return walker.shape;
    }
    struct json_item item = json_item_read(root);
    if (item.evidence >= JSON_EVIDENCE_ERROR)
        tell(&walker, &item, JSON_LIST_PLAIN);
    walker.shape.has_list = walker.shape.n_results > 0;
    walker.shape.is_plain = false; /* an answer about one thing is no list of results, */
    walker.shape.message = (struct span){NULL, 0}; /* and its message that of the thing */
    return walker.shape;
}
