/* exchange_tail: the response of which a hole or damage took the head, or the place among its
 * chunks: what follows goes to the request that waits, if only one can (exchange.h). Private to
 * exchanges. */
#pragma once

#include "dissector/http/exchange_life.h"

/* Whether the response of entry, which ends so, lost the rest of its head or the place among its
 * chunks, and what follows can only belong to it: then it is the tail. */
bool exchange_tail_goes_on(struct exchange_entry *entry, enum end why);

/* Responses, or parts of them, are lost. hole: see http_ops.lost. */
void exchange_tail_lose(struct exchanges *exchanges, const struct http_hole *hole,
                        const struct origin *origin);

/* Bytes the server sent in which no head was found. FEED_OK or FEED_NOMEM. */
enum feed exchange_tail_stray(struct exchanges *exchanges, struct span bytes,
                              const struct origin *origin);

/* Whether the request that is the tail is still to be answered: what was lost was no answer. */
bool exchange_tail_is_due(const struct exchanges *exchanges, const struct http_head *head);

/* Nothing more belongs to the tail: another message begins, or none comes. FEED_OK or
 * FEED_NOMEM. */
enum feed exchange_tail_end(struct exchanges *exchanges, const struct origin *origin);
