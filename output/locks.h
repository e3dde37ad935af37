/* locks: which locks were seen to be given, or listed (lockdiscovery), so that a refusal can name
 * who holds one (RFC 4918 §6, §7, §9.10, §9.11, §15.8).
 *
 * Several may hold at once: shared ones, and those of the folders above. They are told apart by
 * their tokens; a lock whose token was not told is taken for the one that is known, if that may be.
 * A lock ends by its timeout, counted from when it was last told of; by UNLOCK; with the resource,
 * by DELETE or MOVE; when another takes its place; and when a listing that was asked for later
 * shows the resource without it.
 *
 * Bounded: the LOCKS_MAX paths told of last, and of each the LOCKS_OF_ONE latest locks; a longer
 * path than LOCK_PATH_BYTES is not kept. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "dissector/event.h"

enum {
    LOCKS_MAX = 4096,     /* open documents of a large office */
    LOCKS_OF_ONE = 4,     /* people who have the same one open, as far as a reader wants to know */
    LOCK_FOLDERS = 16384, /* places to count in: few folders share one */
    LOCK_PATH_BYTES = 2048,
    LOCK_OWNER_BYTES = 96, /* a name, an address */
    LOCK_TIMEOUT_BYTES = 32,
};

struct lock {
    uint64_t token;        /* a fingerprint; 0: not told */
    bool is_given;         /* it was seen to be given: */
    struct address client; /* to this one, */
    struct origin since;   /* by this answer; else of the listing that named it last */
    struct origin told;    /* by the answer that told of it last */
    int64_t lasts_ns;      /* from then on; 0: not told, or for ever */
    int64_t ends_ns;       /* INT64_MAX: the same */
    bool is_shared;        /* others may hold one too */
    bool is_deep;          /* holds for everything below too */
    /* Captured, NUL-terminated, perhaps cut; empty: not told. */
    char owner[LOCK_OWNER_BYTES];     /* what its client calls the holder */
    char timeout[LOCK_TIMEOUT_BYTES]; /* as told: "Second-600" */
};

/* A path with its locks, the oldest first. */
struct locked {
    struct table_node node;
    struct endpoint server;
    struct lock held[LOCKS_OF_ONE];
    size_t n;
    size_t path_len;
    uint8_t path[]; /* its form (href.h) */
};

struct locks {
    /* fields are private */
    struct table table;
    struct hash_key hash_key;
    uint32_t n_in[LOCK_FOLDERS]; /* paths in a folder, by its hash */
    struct buf form;             /* scratch */
};

void locks_init(struct locks *locks, const struct hash_key *hash_key);

/* Learns from an exchange that ended: a lock is given, refreshed, or gone. Without memory it learns
 * nothing. */
void locks_note(struct locks *locks, const struct event *event);

/* Learns from a resource in a listing (EVENT_RESOURCE), or from the answer to a LOCK (EVENT_LOCKS),
 * that tells which locks are on it. */
void locks_see(struct locks *locks, const struct event *event, const struct resource *resource);

struct lock_question {
    const struct endpoint *server;
    struct span href;
    int64_t now_ns;
};

/* The locks on this href, then the deep ones above it, nearest first; how many. Borrowed until the
 * next call of another function. */
size_t locks_find(struct locks *locks, const struct lock_question *question,
                  const struct lock *found[LOCKS_OF_ONE]);

void locks_free(struct locks *locks);
