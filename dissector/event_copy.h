/* event_copy: copies of what an event points to, and with them the list of all texts in it: a text
 * that is new in a struct is new here, and nowhere else (check.texts). What hides texts and what
 * carries events between threads go through these alike. NULL: no memory (has_failed of the
 * copier); a text that has no memory says so there only. */
#pragma once

#include "dissector/base/copier.h"
#include "dissector/event.h"

struct event_connection *event_copy_connection(struct copier *copier,
                                               const struct event_connection *connection);

/* Without user. */
struct exchange *event_copy_exchange(struct copier *copier, const struct exchange *exchange);

/* Without hrefs and what is private. */
struct request *event_copy_request(struct copier *copier, const struct request *request);

/* before: as for resource_copy. */
struct resource *event_copy_resource(struct copier *copier, const struct resource *resource,
                                     const struct resource *before);

struct document_end *event_copy_end(struct copier *copier, const struct document_end *end);

/* The texts of the event itself. */
void event_copy_texts(struct copier *copier, struct event *event);
