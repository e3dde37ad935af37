/* Copies of events; see parcel.h. What an event points to is mostly what the one before pointed to:
 * an unchanged struct at which nothing was freed in between is copied once. That an exchange is the
 * same is told by its connection, its number and the frames in it; only then its request can be. */
#include "app/parcel.h"

#include "dissector/base/span.h"

#include <stdlib.h>

enum { PARCEL_BYTES = 256 * 1024 };

struct copying {
    struct arena *arena;
    bool has_failed;
};

static void *take(struct copying *c, const void *from, size_t n_bytes)
{
    if (n_bytes == 0)
        return NULL;
    void *copy = arena_take(c->arena, n_bytes);
    if (copy)
        memcpy(copy, from, n_bytes);
    c->has_failed |= !copy;
    return copy;
}

static void copy_text(struct copying *c, struct span *text)
{
    if (!text->ptr)
        return;
    *text = arena_copy(c->arena, *text);
    c->has_failed |= !text->ptr;
}

static const char *copy_string(struct copying *c, const char *string)
{
    return string ? take(c, string, strlen(string) + 1) : NULL;
}

static struct span *copy_texts(struct copying *c, const struct span *texts, size_t n)
{
    struct span *copy = take(c, texts, n * sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copy_text(c, &copy[i]);
    return copy;
}

static void copy_exchange(struct copying *c, struct exchange *exchange)
{
    for (size_t i = 0; i < HTTP_FIELD_N; i++) {
        copy_text(c, &exchange->request.fields[i]);
        copy_text(c, &exchange->response.fields[i]);
    }
    copy_text(c, &exchange->method);
    copy_text(c, &exchange->target);
    exchange->anomalies =
        take(c, exchange->anomalies, exchange->n_anomalies * sizeof *exchange->anomalies);
    exchange->user = NULL;
}

static void copy_request(struct copying *c, struct request *request)
{
    struct name *names = take(c, request->properties, request->n_properties * sizeof *names);
    for (size_t i = 0; names && i < request->n_properties; i++) {
        copy_text(c, &names[i].space);
        copy_text(c, &names[i].local);
    }
    request->properties = names;
    copy_text(c, &request->method);
    copy_text(c, &request->target);
    copy_text(c, &request->destination);
    copy_text(c, &request->host);
    copy_text(c, &request->forwarded_host);
    copy_text(c, &request->sync_token);
    copy_text(c, &request->lock_owner);
    memset(&request->hrefs, 0, sizeof request->hrefs);
    memset(&request->arena, 0, sizeof request->arena);
    memset(&request->property_list, 0, sizeof request->property_list);
    memset(&request->property_index, 0, sizeof request->property_index);
}

static const struct left_out *copy_left_out(struct copying *c, const struct left_out *from,
                                            size_t n)
{
    struct left_out *copy = take(c, from, n * sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        copy_text(c, &copy[i].property.space);
        copy_text(c, &copy[i].property.local);
    }
    return copy;
}

static const struct document_end *copy_end(struct copying *c, const struct document_end *end)
{
    struct document_end *copy = take(c, end, sizeof *end);
    if (!copy)
        return NULL;
    copy->by_status = take(c, end->by_status, STATUS_N * sizeof *end->by_status);
    copy->missing = copy_texts(c, end->missing, end->n_missing_named);
    copy->left_out = copy_left_out(c, end->left_out, end->n_left_out);
    copy_text(c, &copy->sync_token);
    copy_text(c, &copy->description);
    copy_text(c, &copy->broken_href);
    return copy;
}

static void copy_locks(struct copying *c, struct resource *copy, const struct resource *from)
{
    struct active_lock *locks = take(c, from->locks, from->n_locks * sizeof *locks);
    for (size_t i = 0; locks && i < from->n_locks; i++) {
        copy_text(c, &locks[i].root);
        copy_text(c, &locks[i].owner);
        copy_text(c, &locks[i].timeout);
    }
    copy->has_locks = from->has_locks;
    copy->locks = locks;
    copy->n_locks = from->n_locks;
}

static const struct resource *copy_resource(struct copying *c, struct parcel *parcel,
                                            const struct resource *resource)
{
    const struct resource_copier copier = {.arena = c->arena};
    struct resource *copy = take(c, resource, sizeof *resource);
    if (!copy || !resource_copy(copy, resource, parcel->resource, &copier)) {
        c->has_failed = true;
        return NULL;
    }
    for (size_t i = 0; i < VALUE_N; i++) {
        copy->values[i] = resource->values[i];
        copy_text(c, &copy->values[i]);
    }
    copy_locks(c, copy, resource);
    return copy;
}

/* ---- what events share ---- */

/* Makes copy, the pointer of the event before or NULL, that of this one, unless nothing changed. */
static void share_connection(struct copying *c, struct parcel *parcel, struct event *event)
{
    const struct event_connection *of_event = event->connection;
    const struct event_connection *before = parcel->last ? parcel->last->event.connection : NULL;
    if (before && memcmp(of_event, &parcel->connection, sizeof *of_event) == 0) {
        event->connection = before;
        return;
    }
    memcpy(&parcel->connection, of_event, sizeof *of_event);
    event->connection = take(c, of_event, sizeof *of_event);
}

static void share_exchange(struct copying *c, struct parcel *parcel, struct event *event)
{
    const struct event *before = parcel->last ? &parcel->last->event : NULL;
    const struct exchange *of_event = event->exchange;
    if (!of_event)
        return;
    if (before && before->exchange && before->connection == event->connection &&
        memcmp(of_event, &parcel->exchange, sizeof *of_event) == 0) {
        event->exchange = before->exchange;
        return;
    }
    memcpy(&parcel->exchange, of_event, sizeof *of_event);
    struct exchange *copy = take(c, of_event, sizeof *of_event);
    if (copy)
        copy_exchange(c, copy);
    event->exchange = copy;
}

static void share_request(struct copying *c, struct parcel *parcel, struct event *event)
{
    const struct event *before = parcel->last ? &parcel->last->event : NULL;
    const struct request *of_event = event->request;
    if (!of_event)
        return;
    if (before && before->request && before->exchange == event->exchange &&
        memcmp(of_event, &parcel->request, sizeof *of_event) == 0) {
        event->request = before->request;
        return;
    }
    memcpy(&parcel->request, of_event, sizeof *of_event);
    struct request *copy = take(c, of_event, sizeof *of_event);
    if (copy)
        copy_request(c, copy);
    event->request = copy;
}

/* ---- the parcel ---- */

struct parcel *parcel_open(void)
{
    struct parcel *parcel = calloc(1, sizeof *parcel);
    if (parcel)
        arena_init(&parcel->arena, SIZE_MAX);
    return parcel;
}

bool parcel_is_full(const struct parcel *parcel)
{
    return parcel->arena.taken_bytes >= PARCEL_BYTES;
}

bool parcel_add(struct parcel *parcel, const struct event *event, struct parcel_key key)
{
    struct copying c = {.arena = &parcel->arena};
    struct parcel_event *copy = arena_take(&parcel->arena, sizeof *copy);
    if (!copy)
        return false;
    *copy = (struct parcel_event){.key = key, .event = *event};
    share_connection(&c, parcel, &copy->event);
    share_exchange(&c, parcel, &copy->event);
    share_request(&c, parcel, &copy->event);
    if (event->resource)
        copy->event.resource = copy_resource(&c, parcel, event->resource);
    if (event->end)
        copy->event.end = copy_end(&c, event->end);
    copy_text(&c, &copy->event.page_title);
    copy->event.server_name = copy_string(&c, event->server_name);
    copy->event.content_unknown = copy_string(&c, event->content_unknown);
    if (c.has_failed)
        return false;
    if (event->resource)
        parcel->resource = copy->event.resource;
    if (parcel->last)
        parcel->last->next = copy;
    else
        parcel->first = copy;
    parcel->last = copy;
    return true;
}

int parcel_order(const struct parcel_key *a, const struct parcel_key *b)
{
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

void parcel_close(struct parcel *parcel)
{
    if (!parcel)
        return;
    arena_free(&parcel->arena);
    free(parcel);
}
