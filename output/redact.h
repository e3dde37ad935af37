/* redact: --redact. Stands between the dissector and everything in this room: of each event a copy
 * goes on in which hosts, addresses, paths and every text of people are pseudonyms (pseudonym.h).
 * What no text of people can be stays: statuses, property and condition names, sizes, times, ETags,
 * User-Agent, Server and media types. tests/redact scans every output for what was captured. One
 * owner thread. */
#pragma once

#include "dissector/event.h"
#include "output/pseudonym.h"

struct redact {
    /* fields are private */
    struct pseudonyms pseudonyms;
    struct arena arena; /* of the event at hand */
    struct event_sink next;
};

/* key: random, and known to nobody. next.ctx must outlive it; redact must not be moved. */
void redact_init(struct redact *redact, const struct hash_key *key, struct event_sink next);

/* Answers what next said, or FEED_NOMEM. */
struct event_sink redact_sink(struct redact *redact);

void redact_free(struct redact *redact); /* a zeroed one is fine */
