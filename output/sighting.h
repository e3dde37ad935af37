/* sighting: one rule that applies to one exchange, with what it rests on: the resources concerned,
 * why, and how bad it is here. Sightings wait until it is known whether the filter chooses their
 * exchange; then they become occurrences of findings (finding.h). */
#pragma once

#include "output/rule.h"
#include "output/top.h"

enum {
    SIGHTING_CAUSE_BYTES = 96,   /* a condition, a status, a coding */
    SIGHTING_DETAIL_BYTES = 512, /* two or three short sentences, some with a URL or a few */
    SIGHTINGS_MAX = 24,          /* of one exchange: more than its rules and their causes */
};

struct sighting {
    const struct rule *rule;
    enum severity severity; /* perhaps milder than the rule's */
    enum severity
        doubted;    /* what that is if its server turns out to speak WebDAV; NONE: the same */
    uint64_t doubt; /* which server, where there is a doubt (detection.h) */
    enum owner owner;
    char cause[SIGHTING_CAUSE_BYTES];   /* tells findings of one rule apart; printable, or empty */
    char detail[SIGHTING_DETAIL_BYTES]; /* of the worst occurrence; printable, or empty */
    uint64_t weight;                    /* how bad that is, among its like */
    uint64_t n_resources;               /* hrefs concerned; 0: it is about the exchange */
    struct top hrefs;                   /* credentials masked */
};

/* Of one exchange; zeroed: none. */
struct sightings {
    struct sighting *items[SIGHTINGS_MAX];
    size_t n;
    bool has_lost; /* some found no room or no memory */
};

/* That of the rule and cause, made when there is none. NULL: no room, or no memory. */
struct sighting *sightings_get(struct sightings *sightings, const struct rule *rule,
                               struct span cause);

/* The worst first. */
void sightings_sort(struct sightings *sightings);

void sightings_free(struct sightings *sightings);
