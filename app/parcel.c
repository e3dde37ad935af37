/* Copies of events; see parcel.h. What an event points to is mostly what the one before pointed to:
 * an unchanged struct at which nothing was freed in between is copied once. That an exchange is the
 * same is told by its connection, its number and the frames in it; only then its request can be. */
#include "app/parcel.h"

#include "dissector/event_copy.h"

#include <stdlib.h>

enum { PARCEL_BYTES = 256 * 1024 };

/* ---- what events share ---- */

/* Makes copy, the pointer of the event before or NULL, that of this one, unless nothing changed. */
static void share_connection(struct copier *c, struct parcel *parcel, struct event *event)
{
    const struct event_connection *of_event = event->connection;
    const struct event_connection *before = parcel->last ? parcel->last->event.connection : NULL;
    if (before && memcmp(of_event, &parcel->connection, sizeof *of_event) == 0) {
        event->connection = before;
        return;
    }
    memcpy(&parcel->connection, of_event, sizeof *of_event);
    event->connection = event_copy_connection(c, of_event);
}

static void share_exchange(struct copier *c, struct parcel *parcel, struct event *event)
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
    event->exchange = event_copy_exchange(c, of_event);
}

static void share_request(struct copier *c, struct parcel *parcel, struct event *event)
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
    event->request = event_copy_request(c, of_event);
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
    struct copier c = {.arena = &parcel->arena, .text = copier_keep};
    struct parcel_event *copy = arena_take(&parcel->arena, sizeof *copy);
    if (!copy)
        return false;
    *copy = (struct parcel_event){.key = key, .event = *event};
    share_connection(&c, parcel, &copy->event);
    share_exchange(&c, parcel, &copy->event);
    share_request(&c, parcel, &copy->event);
    if (event->resource)
        copy->event.resource = event_copy_resource(&c, event->resource, parcel->resource);
    if (event->end)
        copy->event.end = event_copy_end(&c, event->end);
    event_copy_texts(&c, &copy->event);
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
