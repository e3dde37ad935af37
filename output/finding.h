/* finding: a diagnosis with evidence: all occurrences of one rule for one cause at one server,
 * gathered. What leads the summary.
 *
 * Bounded for runs that last weeks: a rule has at most FINDINGS_OF_RULE findings; what has another
 * cause or server, or finds no memory, is gathered in one more, its `rest`, so that counts stay
 * exact; so is, when there is need for its room, a finding not seen for FINDING_LASTS_NS. Texts are
 * the most frequent ones (top.h), places the first and the latest. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "output/place.h"
#include "output/sighting.h"

enum {
    FINDING_DOUBTS = 4,        /* names of one server that may yet show WebDAV; the latest */
    FINDINGS_OF_RULE = 24,     /* servers and causes; more are not told apart by people either */
    FINDING_FIRST_PLACES = 4,  /* the beginning, */
    FINDING_MAX_PLACES = 8,    /* and what is perhaps still in the ring buffer of a capture */
    FINDING_TITLE_BYTES = 320, /* rule, number, common folder */
};

/* A week: who looks at a run that lasts longer wants to see what is new. */
#define FINDING_LASTS_NS (7 * 24 * 3600 * SECOND_NS)

/* What an occurrence is once its server turns out to speak WebDAV (sighting.h). */
struct finding_doubt {
    uint64_t server;
    enum severity meant; /* the worst */
};

struct finding {
    struct table_node node;
    const struct rule *rule;
    struct endpoint server; /* zero in a rest */
    bool is_rest;
    char cause[SIGHTING_CAUSE_BYTES];
    enum severity severity; /* of the worst occurrence */
    struct finding_doubt doubts[FINDING_DOUBTS];
    size_t n_doubts;
    enum owner owner; /* of the latest one that was the worst */
    char detail[SIGHTING_DETAIL_BYTES];
    uint64_t weight;
    uint64_t n;           /* resources concerned, an exchange without any counting one */
    uint64_t n_exchanges; /* it was seen in */
    int64_t first_ns, last_ns;
    struct place places[FINDING_MAX_PLACES];
    size_t n_places;
    struct top hrefs, clients, servers, user_agents;
};

struct findings {
    /* fields are private, but for the last */
    struct table table;
    struct hash_key hash_key;
    struct finding *rests[RULES_MAX];
    size_t n_of_rule[RULES_MAX];
    uint64_t n_lost; /* exchanges of which something was seen that found no room */
};

struct findings_sorted {
    const struct finding **findings; /* the caller's to free; NULL when there are none */
    size_t n;
};

/* Who saw it, and where. */
struct witness {
    const struct event_connection *connection;
    struct span user_agent; /* captured; or empty */
    struct place place;
};

void findings_init(struct findings *findings, const struct hash_key *hash_key);

/* Adds the sightings of one exchange. */
void findings_add(struct findings *findings, const struct sightings *sightings,
                  const struct witness *witness);

/* The server of that number speaks WebDAV: what was in doubt for its sake is so no more. */
void findings_confirm(struct findings *findings, uint64_t server);

size_t findings_n(const struct findings *findings);

/* The most harmful first: by severity, then most often, then earliest, then by rule and cause;
 * texts inside most frequent first. False: no memory. */
bool findings_sort(struct findings *findings, struct findings_sorted *sorted);

/* Puts one more in its place; it must outlive sorted. False: no memory. */
bool findings_sorted_add(struct findings_sorted *sorted, const struct finding *finding);

/* "Something is locked: 14 resources in /docs/". Raw bytes made printable; escape before writing.
 */
void finding_title(const struct finding *finding, char out[FINDING_TITLE_BYTES]);

void findings_free(struct findings *findings);
