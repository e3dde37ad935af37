/* In: {"methodResponses": [["Email/set", {..}, "c1"], ["error", {..}, "c2"]]}. Out: a resource for
 * each thing that a call was to change, by its id; for any other call one, by the call's id. */
#include "dissector/dav/json_jmap.h"

#include "dissector/dav/json_name.h"

/* What the members of an answer hold: maps by ids, or lists of ids. */
static const struct {
    const char *name;
    enum outcome class;
} members[] = {
    {"created", OUTCOME_OK},          {"updated", OUTCOME_OK},
    {"destroyed", OUTCOME_OK},        {"copied", OUTCOME_OK},
    {"notcreated", OUTCOME_FAILED},   {"notupdated", OUTCOME_FAILED},
    {"notdestroyed", OUTCOME_FAILED}, {"notcopied", OUTCOME_FAILED},
    {"notparsable", OUTCOME_FAILED},  {"notfound", OUTCOME_ABSENT},
};

/* [name, arguments, id] */
struct call {
    struct span name, id;
    const struct json_node *arguments;
};

static bool read_call(const struct json_node *node, struct call *call)
{
    const struct json_node *parts[3];
    size_t n = 0;
    if (json_tree_kind(node) != JSON_KIND_LIST)
        return false;
    for (struct json_walk w = {.node = node}; json_tree_next(&w); n++) {
        if (n == 3)
            return false;
        parts[n] = w.value;
    }
    if (n != 3 || json_tree_kind(parts[0]) != JSON_KIND_TEXT ||
        json_tree_kind(parts[1]) != JSON_KIND_MAP || json_tree_kind(parts[2]) != JSON_KIND_TEXT)
        return false;
    *call = (struct call){json_tree_text(parts[0]), json_tree_text(parts[2]), parts[1]};
    return true;
}

/* "invalidProperties: name, mailboxIds" (§5.3). */
static void describe_by_type(struct json_tell *tell, const struct json_node *error)
{
    struct buf words;
    const struct json_node *type = json_name_member(error, "type");
    const struct json_node *properties = json_name_member(error, "properties");
    buf_init(&words, tell->params.limits->max_text_bytes);
    enum buf_result result =
        buf_append(&words, json_tell_fitting(tell, type ? json_tree_text(type) : span_str("")));
    bool is_first = true;
    for (struct json_walk w = {.node = properties};
         properties && result == BUF_OK && json_tree_next(&w); is_first = false) {
        result = buf_append(&words, span_str(is_first ? ": " : ", "));
        if (result == BUF_OK)
            result = buf_append(&words, json_tree_text(w.value));
    }
    if (result == BUF_NOMEM)
        tell->state = BODY_NOMEM;
    if (result == BUF_LIMIT) {
        tell->draft.resource.flags |= RESOURCE_CUT;
        json_tell_limit(tell, "max_text_bytes");
    }
    json_tell_description(tell, buf_span(&words));
    buf_free(&words);
}

/* A result; error: why it failed, or NULL. */
static void take(struct json_tell *tell, struct span id, enum outcome class,
                 const struct json_node *error)
{
    json_tell_begin(tell);
    if (id.len > 0)
        json_tell_href(tell, id);
    draft_told(&tell->draft, class);
    const struct json_node *description = json_name_member(error, "description");
    if (description && json_tree_text(description).len > 0)
        json_tell_description(tell, json_tree_text(description));
    else if (error)
        describe_by_type(tell, error);
    json_tell_end(tell);
}

/* {"id": {"type": ..}, ..}, {"id": null, ..} or ["id", ..]. */
static void take_member(struct json_tell *tell, const struct json_node *ids, enum outcome class)
{
    bool is_list = json_tree_kind(ids) == JSON_KIND_LIST;
    for (struct json_walk w = {.node = ids}; json_tell_is_open(tell) && json_tree_next(&w);)
        take(tell, is_list ? json_tree_text(w.value) : w.name, class,
             class == OUTCOME_FAILED ? w.value : NULL);
}

/* What a change lists one by one; of any other call that it was answered. */
static void take_answer(struct json_tell *tell, const struct call *call)
{
    static const char *const changes[] = {"/set", "/copy", "/import", "/parse"};
    uint64_t n_before = tell->n_resources;
    bool is_change = false;
    size_t slash = span_find_byte(call->name, '/');
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        is_change |= span_equal(span_after(call->name, slash), span_str(changes[i]));
    for (struct json_walk w = {.node = call->arguments}; json_tree_next(&w);)
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            if (json_name_is(w.name, members[i].name) &&
                (is_change || members[i].class == OUTCOME_ABSENT))
                take_member(tell, w.value, members[i].class);
    if (json_tell_is_open(tell) && (!is_change || tell->n_resources == n_before))
        take(tell, call->id, OUTCOME_OK, NULL);
}

/* A call may fail because what it refers to did (§3.7). Cyrus 3.6 has the name of a draft. */
static enum outcome class_of(const struct json_node *error, bool has_failed)
{
    const struct json_node *type = json_name_member(error, "type");
    struct span name = type ? json_tree_text(type) : span_str("");
    bool is_reference = span_equal(name, span_str("invalidResultReference")) ||
                        span_equal(name, span_str("resultReference"));
    return is_reference && has_failed ? OUTCOME_DEPENDENT : OUTCOME_FAILED;
}

bool json_jmap_read(struct json_tell *tell, const struct json_node *root)
{
    const struct json_node *calls = json_name_member(root, "methodresponses");
    struct call call;
    bool has_failed = false;
    if (!calls || json_tree_kind(calls) != JSON_KIND_LIST)
        return false;
    for (struct json_walk w = {.node = calls}; json_tree_next(&w);)
        if (!read_call(w.value, &call))
            return false;
    json_tell_root(tell, ROOT_BATCH);
    for (struct json_walk w = {.node = calls}; json_tell_is_open(tell) && json_tree_next(&w);) {
        bool is_error = read_call(w.value, &call) && span_equal(call.name, span_str("error"));
        if (is_error)
            take(tell, call.id, class_of(call.arguments, has_failed), call.arguments);
        else
            take_answer(tell, &call);
        has_failed |= is_error;
    }
    return true;
}
