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

/* The kinds of things that rules look at. */
enum view { VIEW_RESOURCE, VIEW_DOCUMENT, VIEW_EXCHANGE, VIEW_PAGE, VIEW_N };

/* The rules that look at one of them, in the order of their rows. */
struct panel {
    struct {
        uint32_t traits; /* the row's */
        const struct detector *row;
        const struct rule *rule;
    } seats[RULES_MAX];
    size_t n;
};

/* What should have followed an exchange, and did not. */
struct late {
    struct event_connection connection;
    struct exchange exchange; /* as much of it as struct notice says; texts are those of page */
    struct page page;
    const struct sightings *sightings;
};

struct diagnosis {
    struct findings findings;
    /* the rest is private */
    struct table open; /* of struct inquiry, by document number */
    struct inquiry *latest;
    struct history history;
    struct detection detection;
    struct panel panels[VIEW_N];
    struct sightings settled; /* of the last exchange that ended */
    uint64_t settled_document;
    struct witness witness;
    struct late late;
};

void diagnosis_init(struct diagnosis *diagnosis, const struct hash_key *hash_key);

/* What the events call things are pseudonyms (redact.h): how names are spelled is not to be seen.
 */
void diagnosis_expect_pseudonyms(struct diagnosis *diagnosis);

/* The captures of the run, so that frames of several can be told apart. */
void diagnosis_expect_sources(struct diagnosis *diagnosis, const struct sources *sources);

/* Looks at an event. FEED_NOMEM. */
enum feed diagnosis_event(struct diagnosis *diagnosis, const struct event *event);

/* After an event that ended a document, or an exchange that had none: what was seen in it, the
 * worst first, valid until the next event. is_chosen: it also becomes part of the findings. */
const struct sightings *diagnosis_settle(struct diagnosis *diagnosis, bool is_chosen);

/* What should have followed by now, or, when it is_over, at all: what is seen in one such case,
 * which is part of the findings then; valid until the next call. NULL: there is no more of it. */
const struct late *diagnosis_late(struct diagnosis *diagnosis, int64_t now_ns, bool is_over);

void diagnosis_free(struct diagnosis *diagnosis);
