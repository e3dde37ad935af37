/* exchange_entry: one exchange while it waits or is open, with the texts kept of it. Private to
 * exchanges. One allocation with the request's texts, one with the response's, one when there are
 * anomalies. */
#pragma once

#include "dissector/http/exchange.h"

struct exchange_entry {
    struct exchange exchange; /* first: exchange_note finds the entry by it */
    struct table_node node;   /* in owner->streams, when exchange.stream is not 0 */
    struct exchanges *owner;
    struct exchange_entry *prev, *next;
    bool is_open[2];   /* by enum dir: the head was seen and the end was not */
    bool is_lost[2];   /* by enum dir: the latest bytes of the body were never captured */
    bool is_in_order;  /* the response can be told by its order or stream */
    bool is_found;     /* the request's head, by a search: it may be text in a body */
    bool is_damaged;   /* the framing of the response is, from some place on */
    bool is_declined;  /* nobody wants the response's body, if there is one */
    bool has_body;     /* some of that came, wanted or not */
    uint8_t *texts[2]; /* owned */
    size_t kept_bytes; /* accounted in the owner */
    size_t n_capacity; /* of exchange.anomalies */
};

/* A new entry at the end of the owner's list, without a message. NULL: no memory. */
struct exchange_entry *exchange_entry_add(struct exchanges *owner, uint32_t stream);

/* Gives an entry without a stream one. False: no memory. */
bool exchange_entry_set_stream(struct exchange_entry *entry, uint32_t stream);

/* The entry on an HTTP/2 stream, or NULL. */
struct exchange_entry *exchange_entry_find(const struct exchanges *owner, uint32_t stream);

/* Copies what is kept of a head into the entry's message of dir, and opens it. False: no memory. */
bool exchange_entry_open(struct exchange_entry *entry, enum dir dir, const struct http_head *head,
                         const struct origin *origin);

/* Takes it out of the list and frees it. */
void exchange_entry_remove(struct exchange_entry *entry);

static inline struct exchange_message *exchange_entry_message(struct exchange_entry *entry,
                                                              enum dir dir)
{
    return dir == DIR_CLIENT ? &entry->exchange.request : &entry->exchange.response;
}

/* Bytes of the message were seen there. Held segments are delivered late, so this is not always the
 * latest frame; last is the one that completed what is known. */
static inline void exchange_message_saw(struct exchange_message *message,
                                        const struct origin *origin)
{
    if (origin->ordinal > message->last.ordinal)
        message->last = *origin;
}
