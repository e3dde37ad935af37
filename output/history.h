/* history: what earlier exchanges told, for rules that no single one can decide. It knows exchanges
 * of all connections, chosen by the filter or not.
 *
 * Each thing worth remembering is a module of its own, bounded, with a find that rules ask and a
 * note that learns; it is one member here and one line in each function of history.c. */
#pragma once

#include "output/agents.h"
#include "output/locks.h"
#include "output/memory.h"
#include "output/pages.h"
#include "output/stored.h"

struct history {
    struct locks locks;
    struct stored_items stored;
    struct memory memory; /* rules note in it what they will ask for */
    struct pages pages;   /* and in this */
    struct agents agents;
};

void history_init(struct history *history, const struct hash_key *hash_key);

/* Learns from an exchange that ended (EVENT_DOCUMENT_END, or EVENT_EXCHANGE without a document),
 * after the rules have looked at it. */
void history_note(struct history *history, const struct event *event);

/* Under which key memory has that a request of this client, or of anybody, was not captured, or its
 * answer (MEMO_MISSED). */
struct memo_key history_about_missed(const struct event *event, bool is_of_client);

/* Learns from an EVENT_LOCKS. */
void history_see(struct history *history, const struct event *event);

void history_free(struct history *history);
