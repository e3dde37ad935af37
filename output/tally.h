/* tally: counters over the chosen documents. Fed with complete records, read by renderers.
 *
 * Maps are bounded: a roster keeps the first TALLY_MAX_NAMES different names and adds what has
 * another one to `others`, so sums stay exact. Problem resources likewise. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "output/record.h"

enum {
    TALLY_MAX_NAMES = 1000,     /* operations, clients, servers, user agents: of each */
    TALLY_NAME_BYTES = 256,     /* a longer name is cut, and ends with "…" */
    TALLY_MAX_PROBLEMS = 10000, /* different problem resources kept */
    TALLY_PROBLEM_FRAMES = 3,   /* places remembered of each: its first ones */
    TALLY_MAX_DOUBTS = 20,      /* documents without a usable answer kept: the first ones */
    TALLY_MAX_REASONS = 32,     /* reasons are ours and few */
};

/* Bytes that the hrefs and conditions of problem resources may take together. */
#define TALLY_MAX_PROBLEM_BYTES ((size_t)16 << 20)

struct tally_counts {
    uint64_t n_documents, n_resources;
    uint64_t by_verdict[VERDICT_N], by_class[OUTCOME_N];
};

struct tally_entry {
    struct table_node node;
    struct tally_counts counts;
    char name[TALLY_NAME_BYTES]; /* printable UTF-8 */
};

struct roster {
    struct table table;
    const struct hash_key *key;
    struct tally_counts others;
};

/* Frames to open. */
struct tally_place {
    uint32_t source; /* origin.source */
    uint64_t first_frame, last_frame;
    int64_t time_ns;
};

/* The same resource with the same outcome, however often. */
struct tally_problem {
    struct table_node node;
    struct span href; /* masked; captured bytes */
    uint16_t status;  /* 0 = none readable */
    enum outcome class;
    const struct tally_entry *operation, *server; /* NULL: among the others */
    struct span conditions; /* as first seen: Clark names with spaces between; may be empty */
    uint64_t n;
    int64_t first_ns, last_ns;
    struct tally_place places[TALLY_PROBLEM_FRAMES];
    size_t n_places;
};

/* A document that leaves open what happened: undecodable, incomplete, or bad without a problem
 * resource to show. */
struct tally_doubt {
    enum verdict verdict;
    const char *reason; /* or NULL */
    char operation[TALLY_NAME_BYTES], url[TALLY_NAME_BYTES];
    struct tally_place place;
};

struct tally_reason {
    enum verdict verdict;
    const char *reason; /* static */
    uint64_t n;
};

struct tally {
    struct hash_key key;
    struct tally_counts total;
    uint64_t n_left_out;          /* documents that the filter did not choose */
    uint64_t n_not_207;           /* documents under another HTTP status */
    uint64_t by_status[STATUS_N]; /* resources that show a status */
    struct roster operations, clients, servers, user_agents;
    struct table problems; /* of struct tally_problem */
    size_t problem_bytes;
    uint64_t n_problems_more; /* problem resources that found no room */
    struct tally_doubt doubts[TALLY_MAX_DOUBTS];
    size_t n_doubts;
    uint64_t n_doubts_more;
    struct tally_reason reasons[TALLY_MAX_REASONS];
    size_t n_reasons;
};

void tally_init(struct tally *tally, const struct hash_key *key);

/* Adds a record. False: no memory; what could be counted is counted. */
bool tally_add(struct tally *tally, const struct record *record);

/* The entries of a roster, most documents first, then by name. The array is the caller's to free;
 * NULL and *n = 0 when empty, NULL and *n > 0 without memory. */
const struct tally_entry **roster_sorted(const struct roster *roster, size_t *n);

/* The problems, worst class first, then most often, then oldest. As above. */
const struct tally_problem **tally_problems_sorted(const struct tally *tally, size_t *n);

void tally_free(struct tally *tally);
