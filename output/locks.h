/* locks: which locks were seen to be given, or listed (lockdiscovery), so that a refusal can name
 * who holds one (RFC 4918 §6, §9.10, §15.8). Bounded: the LOCKS_MAX latest; a longer path than
 * LOCK_PATH_BYTES is not kept. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "dissector/event.h"

enum {
    LOCKS_MAX = 4096, /* open documents of a large office */
    LOCK_PATH_BYTES = 2048,
    LOCK_OWNER_BYTES = 96, /* a name, an address */
    LOCK_TIMEOUT_BYTES = 32,
};

struct lock {
    struct table_node node;
    struct endpoint server;
    bool is_given;         /* it was seen to be given: */
    struct address client; /* to this one, */
    struct origin since;   /* by this answer; else of the listing that named it last */
    /* Captured, NUL-terminated, perhaps cut; empty: not told. */
    char owner[LOCK_OWNER_BYTES];     /* what its client calls the holder */
    char timeout[LOCK_TIMEOUT_BYTES]; /* as listed: "Second-600" */
    bool is_deep;                     /* holds for everything below too */
    size_t path_len;
    uint8_t path[]; /* its form (href.h) */
};

struct locks {
    /* fields are private */
    struct table table;
    struct hash_key hash_key;
    struct buf form; /* scratch */
};

void locks_init(struct locks *locks, const struct hash_key *hash_key);

/* Learns from an exchange that ended: a lock is given, refreshed, or gone. Without memory it learns
 * nothing. */
void locks_note(struct locks *locks, const struct event *event);

/* Learns from a resource in a listing (event) that tells of a lock on it. */
void locks_see(struct locks *locks, const struct event *event, const struct resource *resource);

/* The lock on this href, or a deep one above it; NULL: none was seen. */
const struct lock *locks_find(struct locks *locks, const struct endpoint *server, struct span href);

void locks_free(struct locks *locks);
