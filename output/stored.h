/* stored: what clients were told is stored, until a listing shows it or somebody removes it. For
 * the rule about success that was none. A listing shows it in any spelling of its name: what is
 * wrong with that is not that it was lost. Bounded: the STORED_MAX latest. One owner thread. */
#pragma once

#include "dissector/event.h"

enum {
    STORED_MAX = 256, /* between two listings of a busy folder */
    STORED_PATH_BYTES = 1024,
};

/* One item. */
struct stored {
    struct endpoint server;
    struct address client;
    uint64_t owner;    /* hash of the account and the name of the host */
    int64_t time_ns;   /* of the answer, */
    uint64_t frame;    /* and its frame, */
    uint32_t source;   /* and of which capture that is */
    uint64_t document; /* the listing it was seen in last */
    size_t folder_len; /* of path; 0: an unused entry */
    size_t path_len;
    uint8_t path[STORED_PATH_BYTES]; /* its form (href.h) */
    uint64_t spellings;              /* hash of its form with every spelling overlooked */
};

struct stored_items {
    /* fields are private, but to be walked */
    struct stored items[STORED_MAX];
    size_t next;   /* the oldest, to be used again */
    size_t n_used; /* mostly none: then a listing costs nothing */
    struct buf form;
};

void stored_init(struct stored_items *stored);

/* Learns from an exchange that ended: something was stored, or removed. What desktop systems leave
 * beside files (._name, .DS_Store) is passed over: servers keep it elsewhere; and so are parts of
 * files that are sent in several. */
void stored_note(struct stored_items *stored, const struct event *event);

/* A listing (event->document) has this href. */
void stored_see(struct stored_items *stored, const struct event *event, struct span href);

/* The next item of the folder that was listed, stored by the same client and account before it
 * asked, which the listing lacks; NULL: none. It is forgotten; valid until the next call. */
const struct stored *stored_missing(struct stored_items *stored, const struct event *event);

void stored_free(struct stored_items *stored);
