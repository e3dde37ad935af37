/* A copy begins as the original and has every pointer replaced; see event_copy.h. */
#include "dissector/event_copy.h"

/* Its texts are ours and static. */
struct event_connection *event_copy_connection(struct copier *copier,
                                               const struct event_connection *connection)
{
    return copier_items(copier, connection, 1, sizeof *connection);
}

struct exchange *event_copy_exchange(struct copier *copier, const struct exchange *exchange)
{
    struct exchange *copy = copier_items(copier, exchange, 1, sizeof *copy);
    if (!copy)
        return NULL;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++) {
        copier_text(copier, ROLE_FIELDS + i, &copy->request.fields[i]);
        copier_text(copier, ROLE_FIELDS + i, &copy->response.fields[i]);
    }
    copier_text(copier, ROLE_NAME, &copy->method);
    copier_text(copier, ROLE_URL, &copy->target);
    copy->anomalies =
        copier_items(copier, copy->anomalies, copy->n_anomalies, sizeof *copy->anomalies);
    copy->user = NULL;
    return copy;
}

static void copy_name(struct copier *copier, struct name *name)
{
    copier_text(copier, ROLE_NAME, &name->space);
    copier_text(copier, ROLE_NAME, &name->local);
}

struct request *event_copy_request(struct copier *copier, const struct request *request)
{
    struct request *copy = copier_items(copier, request, 1, sizeof *copy);
    if (!copy)
        return NULL;
    struct name *names =
        copier_items(copier, request->properties, request->n_properties, sizeof *names);
    for (size_t i = 0; names && i < request->n_properties; i++)
        copy_name(copier, &names[i]);
    copy->properties = names;
    copier_text(copier, ROLE_NAME, &copy->method);
    copier_text(copier, ROLE_URL, &copy->target);
    copier_text(copier, ROLE_URL, &copy->destination);
    copier_text(copier, ROLE_HOST, &copy->host);
    copier_text(copier, ROLE_HOST, &copy->forwarded_host);
    copier_text(copier, ROLE_TEXT, &copy->sync_token);
    copier_text(copier, ROLE_TEXT, &copy->lock_owner);
    memset(&copy->hrefs, 0, sizeof copy->hrefs);
    memset(&copy->arena, 0, sizeof copy->arena);
    memset(&copy->property_list, 0, sizeof copy->property_list);
    memset(&copy->property_index, 0, sizeof copy->property_index);
    return copy;
}

static const struct active_lock *copy_locks(struct copier *copier, const struct resource *resource)
{
    struct active_lock *copy =
        copier_items(copier, resource->locks, resource->n_locks, sizeof *copy);
    for (size_t i = 0; copy && i < resource->n_locks; i++) {
        copier_text(copier, ROLE_URL, &copy[i].root);
        copier_text(copier, ROLE_TEXT, &copy[i].owner);
        copier_text(copier, ROLE_TIME, &copy[i].timeout);
    }
    return copy;
}

struct resource *event_copy_resource(struct copier *copier, const struct resource *resource,
                                     const struct resource *before)
{
    struct resource *copy = copier_items(copier, resource, 1, sizeof *copy);
    if (!copy)
        return NULL;
    resource_copy(copy, resource, before, copier);
    for (unsigned i = 0; i < VALUE_N; i++) {
        copy->values[i] = resource->values[i];
        copier_text(copier, ROLE_VALUES + i, &copy->values[i]);
    }
    copy->has_locks = resource->has_locks;
    copy->locks = copy_locks(copier, resource);
    copy->n_locks = resource->n_locks;
    return copy;
}

struct document_end *event_copy_end(struct copier *copier, const struct document_end *end)
{
    struct document_end *copy = copier_items(copier, end, 1, sizeof *copy);
    if (!copy)
        return NULL;
    copy->by_status = copier_items(copier, end->by_status, STATUS_N, sizeof *end->by_status);
    copy->missing = copier_texts(copier, ROLE_URL, end->missing, end->n_missing_named);
    struct left_out *left_out =
        copier_items(copier, end->left_out, end->n_left_out, sizeof *left_out);
    for (size_t i = 0; left_out && i < end->n_left_out; i++)
        copy_name(copier, &left_out[i].property);
    copy->left_out = left_out;
    copier_text(copier, ROLE_TEXT, &copy->sync_token);
    copier_text(copier, ROLE_TEXT, &copy->description);
    copier_text(copier, ROLE_URL, &copy->broken_href);
    return copy;
}

void event_copy_texts(struct copier *copier, struct event *event)
{
    event->server_name = copier_string(copier, ROLE_HOST, event->server_name);
    event->content_unknown = copier_string(copier, ROLE_NAME, event->content_unknown);
    copier_text(copier, ROLE_TEXT, &event->page_title);
}
