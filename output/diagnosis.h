/* diagnosis: events in, findings out. Lets every rule (detector.h) look at what it wants to look
 * at, and gathers what they report.
 *
 * What is seen in an exchange waits until diagnosis_settle says whether the filter chooses it.
 * Bounded: findings as finding.h says; while more than DIAGNOSIS_MAX_OPEN documents are open
 * nothing is looked at, and what was not is counted as lost. One owner thread. */
#pragma once

#include "output/detector.h"
#include "output/finding.h"

/* A busy proxy has some hundred listings under way. Each may hold some 100 KiB of sightings. */
enum { DIAGNOSIS_MAX_OPEN = 2000 };

struct inquiry; /* private: an open document */

struct diagnosis {
    struct findings findings;
    /* the rest is private */
    struct table open; /* of struct inquiry, by document number */
    struct inquiry *latest;
    struct history history;
    struct detection detection;
    const struct detector *rows[RULES_MAX];
    const struct rule *rules[RULES_MAX]; /* of the same row */
    size_t n_rows;
    struct sightings settled; /* of the last exchange that ended */
    struct witness witness;
};

void diagnosis_init(struct diagnosis *diagnosis, const struct hash_key *hash_key);

/* Looks at an event. FEED_NOMEM. */
enum feed diagnosis_event(struct diagnosis *diagnosis, const struct event *event);

/* After an event that ended a document, or an exchange that had none: what was seen in it, the
 * worst first, valid until the next event. is_chosen: it also becomes part of the findings. */
const struct sightings *diagnosis_settle(struct diagnosis *diagnosis, bool is_chosen);

void diagnosis_free(struct diagnosis *diagnosis);
