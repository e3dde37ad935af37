/* In: what a shape says of the whole and of its results. Out: the root and the resources. */
#include "dissector/dav/json_tell.h"

#include "dissector/base/text.h"

void json_tell_init(struct json_tell *tell, const struct body_params *params)
{
    *tell = (struct json_tell){
        .params = *params, .state = BODY_OPEN, .text_offset = params->base_offset};
    draft_init(&tell->draft, params->limits);
    buf_init(&tell->message, params->limits->max_text_bytes);
    buf_init(&tell->sync_token, params->limits->max_text_bytes);
}

void json_tell_note(struct json_tell *tell, enum anomaly_kind kind, size_t at, const char *text)
{
    tell->params.ops->note(tell->params.ctx, kind, tell->text_offset + at, text);
}

void json_tell_limit(struct json_tell *tell, const char *name)
{
    tell->rest.flags |= DOCUMENT_CUT;
    if (tell->limit_noted != name)
        json_tell_note(tell, ANOMALY_LIMIT, 0, name);
    tell->limit_noted = name;
}

static void obey(struct json_tell *tell, enum feed answer)
{
    if (answer == FEED_NOMEM)
        tell->state = BODY_NOMEM;
    else if (answer == FEED_STOP && json_tell_is_open(tell))
        tell->state = BODY_STOPPED;
}

void json_tell_root(struct json_tell *tell, enum root root)
{
    if (!tell->is_root_told)
        obey(tell, tell->params.ops->root(tell->params.ctx, root, false, false));
    tell->is_root_told = true;
}

struct span json_tell_fitting(struct json_tell *tell, struct span text)
{
    struct span fits = text_first(text, tell->params.limits->max_text_bytes);
    if (fits.len < text.len) {
        tell->draft.resource.flags |= RESOURCE_CUT;
        json_tell_limit(tell, "max_text_bytes");
    }
    return fits;
}

void json_tell_message(struct json_tell *tell, struct span message)
{
    if (tell->message.len == 0 &&
        buf_append(&tell->message, json_tell_fitting(tell, message)) == BUF_NOMEM)
        tell->state = BODY_NOMEM;
}

void json_tell_begin(struct json_tell *tell)
{
    draft_begin(&tell->draft, tell->n_resources++, tell->text_offset);
    tell->draft.resource.is_of_json = true;
}

void json_tell_href(struct json_tell *tell, struct span href)
{
    draft_href(&tell->draft, json_tell_fitting(tell, href));
}

void json_tell_description(struct json_tell *tell, struct span text)
{
    draft_description(&tell->draft, json_tell_fitting(tell, text));
}

void json_tell_end(struct json_tell *tell)
{
    struct propstat *propstats;
    struct resource *resource = draft_end(&tell->draft, tell->text_offset, &propstats);
    if (tell->draft.met)
        json_tell_limit(tell, tell->draft.met);
    tell->draft.met = NULL;
    tell->rest.has_lost |= tell->draft.has_lost;
    if (tell->draft.is_nomem)
        tell->state = BODY_NOMEM;
    else
        obey(tell, tell->params.ops->resource(tell->params.ctx, resource, propstats));
}

struct body_rest json_tell_rest(const struct json_tell *tell)
{
    struct body_rest rest = tell->rest;
    if (tell->has_sync_token)
        rest.sync_token = tell->sync_token.len > 0 ? buf_span(&tell->sync_token) : span_str("");
    if (tell->message.len > 0)
        rest.description = buf_span(&tell->message);
    return rest;
}

size_t json_tell_bytes(const struct json_tell *tell)
{
    return tell->draft.arena.held_bytes + tell->message.capacity_bytes +
           tell->sync_token.capacity_bytes;
}

void json_tell_free(struct json_tell *tell)
{
    draft_free(&tell->draft);
    buf_free(&tell->message);
    buf_free(&tell->sync_token);
}
