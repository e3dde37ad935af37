/* facts: what the resources of one document have in common, gathered as they go by, for rules that
 * judge the whole document. Plain sums; nothing is allocated. */
#pragma once

#include "dissector/event.h"

enum {
    FACTS_HREF_BYTES = 512,
    FACTS_TEXT_BYTES = 160,
    FACTS_FAILED_MAX = 5, /* as many as a sentence can name */
    FACTS_FAILED_BYTES = 128,
};

/* A resource that failed itself. */
struct failed {
    uint16_t status;
    char name[FACTS_FAILED_BYTES]; /* its href as sent, or uid; NUL-terminated, perhaps cut */
};

struct facts {
    uint64_t n_self, n_members, n_descendants;
    uint64_t n_misplaced; /* in none of these places, or nobody knows where */
    uint64_t n_folders;   /* collections below the target */
    uint64_t n_delivered; /* below the target, and good */
    uint64_t n_removed;   /* below the target, and told to be gone */
    uint64_t n_failed;    /* resources that failed themselves, not for another one's sake */
    uint64_t n_unnamed;   /* of these, where all that is told of it waits for something else */
    uint64_t n_dependent; /* 424: resources, and properties of a resource that failed */
    struct failed failed[FACTS_FAILED_MAX]; /* the first of these */
    bool has_culprit;
    uint16_t culprit_status;        /* of the first that failed */
    char culprit[FACTS_HREF_BYTES]; /* its href as sent, or property; NUL-terminated, perhaps cut */
    char said[FACTS_TEXT_BYTES];    /* what the server says of that one in words; the same */
};

void facts_add(struct facts *facts, const struct resource *resource);
