/* In: {"multistatus": {"responses": [..]}}. Out: its resources, for the rules of WebDAV. */
#include "dissector/dav/json_dav.h"

#include "dissector/dav/json_name.h"

/* "{namespace}local" or "local". */
static struct name clark_name(struct span text)
{
    size_t at = text.len > 0 && text.ptr[0] == '{' ? span_find_byte(text, '}') : text.len;
    if (at == text.len)
        return (struct name){{NULL, 0}, text};
    return (struct name){span_first(span_after(text, 1), at - 1), span_after(text, at + 1)};
}

static void take_status(struct json_tell *tell, struct span text)
{
    uint64_t code;
    if (text.len == 3 && span_decimal(text, 999, &code))
        draft_code(&tell->draft, (uint16_t)code);
    else
        draft_status(&tell->draft, text);
}

static void take_prop(struct json_tell *tell, const struct json_node *prop)
{
    draft_prop(&tell->draft);
    for (struct json_walk w = {.node = prop}; json_tree_next(&w);) {
        struct name name = clark_name(w.name);
        draft_property(&tell->draft, &name);
    }
}

/* {"href": .., "status": .., "prop": {..}}: the status is that of the properties. */
static void take_response(struct json_tell *tell, const struct json_node *node)
{
    struct span href = {NULL, 0}, status = {NULL, 0};
    const struct json_node *prop = NULL;
    for (struct json_walk w = {.node = node}; json_tree_next(&w);) {
        if (json_name_is(w.name, "href"))
            href = json_tree_text(w.value);
        else if (json_name_is(w.name, "status"))
            status = json_tree_text(w.value);
        else if (json_name_is(w.name, "prop"))
            prop = json_tree_kind(w.value) == JSON_KIND_MAP ? w.value : NULL;
    }
    json_tell_begin(tell);
    if (href.ptr)
        json_tell_href(tell, href);
    if (prop)
        draft_propstat_begin(&tell->draft);
    if (status.ptr)
        take_status(tell, status);
    if (prop) {
        take_prop(tell, prop);
        draft_propstat_end(&tell->draft);
    }
    json_tell_end(tell);
}

/* The responses, and *sync_token (ptr NULL: none); NULL: it is no Multi-Status. */
static const struct json_node *find_responses(const struct json_node *root, struct span *sync_token)
{
    const struct json_node *multistatus = json_name_member(root, "multistatus");
    const struct json_node *responses = json_name_member(multistatus, "responses");
    if (!responses || json_tree_kind(responses) != JSON_KIND_LIST)
        return NULL;
    const struct json_node *token = json_name_member(multistatus, "synctoken");
    *sync_token = token ? json_tree_text(token) : (struct span){NULL, 0};
    return responses;
}

bool json_dav_read(struct json_tell *tell, const struct json_node *root)
{
    struct span sync_token;
    const struct json_node *responses = find_responses(root, &sync_token);
    if (!responses)
        return false;
    json_tell_root(tell, ROOT_MULTISTATUS);
    tell->has_sync_token = sync_token.ptr != NULL;
    if (buf_append(&tell->sync_token, json_tell_fitting(tell, sync_token)) == BUF_NOMEM)
        tell->state = BODY_NOMEM;
    for (struct json_walk w = {.node = responses}; json_tell_is_open(tell) && json_tree_next(&w);)
        take_response(tell, w.value);
    return true;
}
