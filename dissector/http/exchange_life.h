/* exchange_life: how an exchange begins and ends, which whoever takes messages must do the same
 * way, whether their heads were seen or lost. Private to exchanges. */
#pragma once

#include "dissector/http/exchange_entry.h"

/* A new entry, with what was noted before it. NULL: no memory. */
struct exchange_entry *exchange_life_add(struct exchanges *exchanges, uint32_t stream);

/* The same for a response whose request was not seen. */
struct exchange_entry *exchange_life_add_unpaired(struct exchanges *exchanges, uint32_t stream,
                                                  const struct origin *origin);

/* The entry that the next response on stream answers, or NULL. */
struct exchange_entry *exchange_life_waiting(struct exchanges *exchanges, uint32_t stream);

/* The response of the entry begins: whether somebody wants its body. */
enum http_body exchange_life_ask(struct exchange_entry *entry, const struct origin *origin);

enum feed exchange_life_end_message(struct exchange_entry *entry, enum dir dir, enum end why,
                                    const struct origin *origin);

/* Ends the exchange and frees the entry; the second only when nothing more can come for it. */
void exchange_life_end(struct exchange_entry *entry, const struct origin *origin);
void exchange_life_end_if_over(struct exchange_entry *entry, const struct origin *origin);

/* Gives up waiting for responses: what can no longer be answered ends. But for the tail. */
void exchange_life_end_waiting(struct exchanges *exchanges, const struct origin *origin);
