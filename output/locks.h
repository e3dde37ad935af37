/* locks: which locks were seen to be given, so that a refusal can name who holds one (RFC 4918 §6,
 * §9.10). Bounded: the LOCKS_MAX latest; a longer path than LOCK_PATH_BYTES is not kept. One owner
 * thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "dissector/event.h"

enum {
    LOCKS_MAX = 4096, /* open documents of a large office */
    LOCK_PATH_BYTES = 2048,
};

struct lock {
    struct table_node node;
    struct endpoint server;
    struct address client;
    struct origin since; /* of the answer that gave it */
    bool is_deep;        /* holds for everything below too */
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

/* The lock on this href, or a deep one above it; NULL: none was seen. */
const struct lock *locks_find(struct locks *locks, const struct endpoint *server, struct span href);

void locks_free(struct locks *locks);
