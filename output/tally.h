/* tally: counters over the chosen documents. Fed with complete records, read by renderers. All maps
 * in it are bounded and their sums exact (roster.h, routes.h, problems.h). One owner thread. */
#pragma once

#include "output/problems.h"
#include "output/roster.h"
#include "output/routes.h"

enum {
    TALLY_MAX_DOUBTS = 20,  /* the first ones are kept: enough to look at */
    TALLY_MAX_REASONS = 64, /* reasons are ours and few */
    DOUBT_URL_BYTES = 512,  /* a longer URL is cut, and ends with "…" */
};

/* A document that leaves open what happened: undecodable, incomplete, suspiciously empty, or bad
 * without a problem resource to show. */
struct doubt {
    enum verdict verdict;
    const char *reason;                   /* static, or NULL */
    const struct roster_entry *operation; /* NULL: among the others */
    struct place place;
    uint64_t n_resources, n_unseen;
    bool has_anomaly;
    struct anomaly anomaly;    /* the last one noted: the nearest to why */
    char url[DOUBT_URL_BYTES]; /* printable; may be empty */
};

struct reason_count {
    enum verdict verdict;
    const char *reason; /* static */
    uint64_t n;
};

struct tally {
    struct counts total;
    uint64_t n_not_207;                /* documents under another HTTP status */
    uint64_t n_left_out;               /* documents that the filter did not choose */
    uint64_t by_status[STATUS_N];      /* resources that show a status */
    uint64_t by_http_status[STATUS_N]; /* exchanges, documents or not; 0 = no response */
    struct reason_count reasons[TALLY_MAX_REASONS];
    size_t n_reasons;
    struct roster operations, clients, servers, user_agents;
    struct roster opaque;   /* TLS connections not decrypted, by server; n_documents counts them */
    struct roster quic;     /* connections over QUIC, the same way */
    struct roster left_out; /* properties that answers do not speak of though they were asked for,
                             * by server; n_resources counts those that do not */
    struct routes routes;
    struct problems problems;
    struct doubt doubts[TALLY_MAX_DOUBTS];
    size_t n_doubts;
    uint64_t n_doubts_more; /* not kept */
};

/* hash_key: random, against collision floods. */
void tally_init(struct tally *tally, const struct hash_key *hash_key);

void tally_add(struct tally *tally, const struct record *record);

/* An exchange ended, whatever it was; only documents go through the filter. */
void tally_add_exchange(struct tally *tally, const struct exchange *exchange);

/* A connection could not be seen into (EVENT_TLS_OPAQUE). */
void tally_add_opaque(struct tally *tally, const struct event *event);

/* A document that the filter did not choose. */
void tally_leave_out(struct tally *tally);

void tally_free(struct tally *tally);
