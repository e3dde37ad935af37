/* memory: what was said before about one thing: how often, when, and with which value. For rules
 * that look across exchanges: tokens, ETags, refusals, listings.
 *
 * A memo is known by what it is about (its kind, the server, a path or href, spelling apart, and
 * perhaps more) and, when it is personal, by whom it concerns: the client's address, program and
 * account, over whichever connection. Keys and values are keyed hashes, nothing that was captured
 * is kept. Bounded: the MEMORY_MAX memos used last. What was not noted anew for as long as its kind
 * lasts is forgotten, so that a run of weeks does not add up what has nothing to do with each
 * other. Without memory nothing is remembered, and nothing ever of an empty path: of which things
 * an unseen request spoke is not known. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "dissector/event.h"

enum { MEMORY_MAX = 65536 }; /* about 100 bytes each */

enum memo_kind {
    MEMO_UNDELIVERED,   /* personal: an item was asked for and did not come */
    MEMO_TOKEN_REFUSED, /* personal: the sync token of a collection */
    MEMO_TOKEN_USED,    /* personal: a token, answered with changes */
    MEMO_TOKEN,         /* personal: the latest token of a collection; value = its hash */
    MEMO_PAGE,          /* personal: a page was not the last; value = hash of its token,
                           step = its number in the synchronisation */
    MEMO_REFUSED,       /* personal: a change of an item; value = hash of status and condition */
    MEMO_MEMBERS,       /* personal: a whole listing of a collection; value = its members */
    MEMO_TOKEN_GIVEN,   /* personal: a token that a collection's answer gave */
    MEMO_TURNED_AWAY,   /* personal: a request the server had no time for; value = when it may
                           come again, in ns */
    MEMO_FAILING,       /* personal: a request that failed; value = its status */
    MEMO_UNANSWERED,    /* personal: a request that was not answered; value = the time waited, in
                           ns */
    MEMO_HUNG_UP,       /* personal: the server closed the connection instead of answering */
    MEMO_REDIRECTED,    /* personal, of all ports: a path that a redirect led to; value = hash of
                           where the chain began, step = redirects so far */
    MEMO_REWRITTEN,     /* personal, of all servers: a listing named something by another URL than
                           the client may use; value = hash of the host in it */
    MEMO_PENDING,       /* personal: an item that is being processed */
    MEMO_RIGHTS,        /* personal: an item lacks rights; value = letters of its oc:permissions,
                           bit 0 for A */
    MEMO_PRIVILEGES,    /* personal: a listing told the privileges for an item; value = enum
                           privilege */
    MEMO_PRINCIPAL,     /* personal: it was named as the user's principal */
    MEMO_DONE,          /* personal: a change of an item went well */
    MEMO_SLASH,         /* personal: sent on to the same path with a slash */
    MEMO_ROUND,         /* personal: a listing of a collection with a round number of members;
                           value = that number. Or, of "/": a collection with that number */
    MEMO_DOWNLOADED,    /* personal: an item was downloaded; value = hash of its ETag */
    MEMO_MISMATCHED,    /* personal: a change was refused with the ETag that was listed last; value
                           = its hash */
    MEMO_SYNCS,         /* the server answers sync-collection */
    MEMO_PLAIN,         /* OPTIONS was answered there without a word of WebDAV */
    MEMO_WEBDAV,        /* of "/", and more = its name: the server was spoken WebDAV with; value =
                           whether it has answered so */
    MEMO_OFFERS,        /* a collection's supported-report-set names sync-collection */
    MEMO_STORED,        /* something was stored in a collection */
    MEMO_GOOD,          /* a collection answered */
    MEMO_GONE,          /* a resource was removed or moved away */
    MEMO_REMOVED,       /* things in a collection were removed or moved away */
    MEMO_ETAG,          /* of an item as listed; value = its hash */
    MEMO_MISSED,        /* of "/": a request that may have changed something, or its answer, was not
                           captured; more = its client's address, or nothing: anybody's */
    MEMO_CTAG,          /* of a collection, or its token as a property; value = its hash */
    MEMO_N
};

struct memo {
    struct table_node node;
    uint64_t key;
    enum memo_kind kind;
    uint64_t n; /* how often it was noted */
    int64_t first_ns, last_ns;
    uint64_t frame; /* where it was noted last, of the capture `source` */
    uint64_t value; /* the owner's, as */
    uint32_t step;
    uint32_t source; /* origin.source */
};

/* What a memo is about. */
struct memo_key {
    enum memo_kind kind;
    const struct event *event; /* says which server and which client */
    struct span path;
    struct span more; /* or empty */
};

struct memory {
    /* fields are private */
    struct table table;
    size_t n_of_kind[MEMO_N]; /* of most there are none mostly: then nothing has to be hashed */
    struct hash_key hash_key;
    struct buf form;
};

void memory_init(struct memory *memory, const struct hash_key *hash_key);

/* NULL: nothing is remembered. Valid until the next memory_note. */
struct memo *memory_find(struct memory *memory, const struct memo_key *key);

/* Remembers it once more. NULL: no memory, or no path. */
struct memo *memory_note(struct memory *memory, const struct memo_key *key);

void memory_forget(struct memory *memory, const struct memo_key *key);

/* The key itself, for tables beside this one. */
uint64_t memory_key(struct memory *memory, const struct memo_key *key);

/* Of a text, for a value. */
uint64_t memory_hash(const struct memory *memory, struct span text);

void memory_free(struct memory *memory);
